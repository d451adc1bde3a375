"""Small things that every page shows in the same way."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from attendance.ui.show import plain
from tests.screens import strip as figures


@pytest.mark.parametrize(
    "text, escaped",
    [
        ("O'Madeup-Smythe, Jr.", "O'Madeup-Smythe, Jr."),
        ("[press](http://x)", r"\[press\](http\://x)"),
        ("**bold** :red[x] $1$", r"\*\*bold\*\* \:red\[x\] \$1\$"),
        ("back\\slash <b>", "back\\\\slash \\<b\\>"),
    ],
)
def test_a_name_from_a_file_is_shown_as_it_is_and_never_as_markup(text: str, escaped: str) -> None:
    assert plain(text) == escaped


def test_the_strip_writes_thousands_with_a_comma_and_the_word_that_matters_in_bold() -> None:
    def script() -> None:
        from attendance.ui.show import Count, strip

        strip([Count(1215, "expected"), Count(17, "unaccounted for", is_strong=True)])

    page = AppTest.from_function(script).run()
    assert figures(page) == ["1,215 expected", "17 unaccounted for"]
    (html,) = [one.proto.body for one in page.get("html")]
    assert "<b>unaccounted for</b>" in html and "<b>expected" not in html


def test_a_figures_definition_is_inert_and_a_hover_away() -> None:
    def script() -> None:
        from attendance.ui.show import Count, strip

        strip([Count("fewer than 10", "<script>", says='Of "<b>" pupils')])

    page = AppTest.from_function(script).run()
    (html,) = [one.proto.body for one in page.get("html")]
    assert 'data-says="Of &quot;&lt;b&gt;&quot; pupils"' in html
    assert "<script>" not in html
