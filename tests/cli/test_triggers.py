"""python -m attendance triggers: one document, or lines for a person."""

from __future__ import annotations

import pytest

from attendance.core.triggers import TRIGGERS
from tests.cli.test_cli import SCHOOL, WIDE, call, document, refused, url

__all__ = ["call", "url"]

KEYS = [
    "upn", "trigger", "since", "due", "met_on", "window_from", "window_to", "sessions", "rule",
    "says",
]  # fmt: skip
ON = "2026-11-06"


@pytest.fixture
def imported(call):
    call(*SCHOOL, "--phase", "secondary")
    call("import", WIDE)
    return call


def test_rows_are_printed_as_one_document(imported):
    answer = document(imported("triggers", "--on", ON, "--json"))
    assert answer["on"] == ON and answer["rows"]
    for row in answer["rows"]:
        assert list(row) == KEYS and row["trigger"] in TRIGGERS and row["rule"]
        assert all(half in {"AM", "PM"} and day <= ON for day, half, _ in row["sessions"])


def test_without_json_each_finding_is_a_line(imported):
    rows = document(imported("triggers", "--on", ON, "--json"))["rows"]
    code, out, err = imported("triggers", "--on", ON)
    assert (code, err) == (0, "") and len(out.splitlines()) == len(rows)
    assert out.startswith(f"{rows[0]['upn']} {rows[0]['trigger']}: ")


def test_a_day_on_which_nothing_stood_says_so(imported):
    assert imported("triggers", "--on", "2026-08-03")[:2] == (0, "Nothing was found.\n")


def test_without_a_register_it_refuses(call):
    call(*SCHOOL, "--phase", "secondary")
    assert "import one first" in refused(call("triggers", "--on", ON))
