"""Small things that every page shows in the same way."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from attendance.ui.show import plain


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
    assert [one.value for one in page.markdown] == [
        "**1,215** :gray[expected]",
        "**17** **unaccounted for**",
    ]
