"""The unique pupil number: a check letter, then twelve characters whose sum decides the letter.

Only the arithmetic is checked. Lists of local-authority numbers go out of date, and a temporary
UPN ends in a letter.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

LETTERS = "ABCDEFGHJKLMNPQRTUVWXYZ"  # I, O and S are never used: they look like digits
SHAPE = re.compile(rf"[{LETTERS}]\d{{11}}[\d{LETTERS}]")


@dataclass(frozen=True, slots=True)
class UpnReading:
    """``upn`` is None when the text cannot be a key; ``says`` why, or what was tidied."""

    upn: str | None
    says: str | None = None


def read_upn(text: str) -> UpnReading:
    """Read a UPN as a file gives it. Blank gives no UPN and nothing to say."""
    upn = text.strip().upper()
    if not upn:
        return UpnReading(None)
    if not SHAPE.fullmatch(upn):
        return UpnReading(None, f"‘{text}’ is not a UPN, which is a letter and 12 characters")
    expected = check_letter(upn)
    if upn[0] != expected:
        return UpnReading(
            None, f"the UPN ‘{upn}’ has the wrong check letter (its numbers give {expected})"
        )
    if upn != text:
        return UpnReading(upn, f"the UPN ‘{text}’ was read as ‘{upn}’")
    return UpnReading(upn)


def check_letter(upn: str) -> str:
    """The letter that the other twelve characters call for (DfE's UPN guide: weights 2 to 13)."""
    values = [int(c) if c.isdigit() else LETTERS.index(c) for c in upn[1:]]
    return LETTERS[sum(weight * value for weight, value in enumerate(values, start=2)) % 23]
