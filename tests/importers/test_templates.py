from __future__ import annotations

from pathlib import Path

import pytest

from tests.importers.draw import drawn, read

TEMPLATES = Path(__file__).parents[2] / "data" / "templates"


@pytest.mark.parametrize("name", ["register_wide.csv", "register_long.csv"])
def test_the_import_templates_are_read_as_they_are(name: str) -> None:
    result = read((TEMPLATES / name).read_bytes(), name)
    assert result.problems == ()
    assert [drawn(result, key) for key in (0, 1)] == [r"/\ L\ ".strip(), "II --"]
