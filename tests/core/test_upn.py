from __future__ import annotations

import pytest

from attendance.core.upn import read_upn


@pytest.mark.parametrize(
    "text",
    ["B801200005001", "P207000016049", "R674123101121", "T99949992607T", "Z999499919101"],
)
def test_a_upn_with_the_right_check_letter_is_read_as_it_stands(text: str) -> None:
    assert (read_upn(text).upn, read_upn(text).says) == (text, None)


@pytest.mark.parametrize("text", ["z999499919101", " Z999499919101 "])
def test_a_upn_in_lower_case_or_padded_is_tidied_and_said(text: str) -> None:
    reading = read_upn(text)
    assert reading.upn == "Z999499919101"
    assert "was read as" in (reading.says or "")


@pytest.mark.parametrize("text, right", [("B207000016049", "P"), ("Q207000016049", "P")])
def test_a_wrong_check_letter_is_no_key(text: str, right: str) -> None:
    reading = read_upn(text)
    assert reading.upn is None
    assert f"wrong check letter (its numbers give {right})" in (reading.says or "")


@pytest.mark.parametrize(
    "text", ["I999499920101", "A99949992010", "A9994999201011", "UN1", "9.99E+12"]
)
def test_what_is_not_shaped_like_a_upn_is_no_key(text: str) -> None:
    reading = read_upn(text)
    assert reading.upn is None
    assert "is not a UPN" in (reading.says or "")


def test_a_blank_upn_says_nothing() -> None:
    assert (read_upn("  ").upn, read_upn("  ").says) == (None, None)
