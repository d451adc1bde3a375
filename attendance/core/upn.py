"""The unique pupil number: a check letter, then twelve characters whose sum decides the letter.

Only the arithmetic is checked. Lists of local-authority numbers go out of date, and a temporary
UPN ends in a letter.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

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


def are_right(upns: Sequence[str | None]) -> npt.NDArray[np.bool_]:
    """Whether each is a UPN as it stands: read_upn's answer, for a whole school at once."""
    is_shaped = [isinstance(upn, str) and bool(SHAPE.fullmatch(upn)) for upn in upns]
    right = np.array(is_shaped, dtype=np.bool_)
    text = "".join(upn for upn, is_one in zip(upns, right, strict=True) if is_one and upn)
    values = _VALUES[np.frombuffer(text.encode("ascii"), dtype=np.uint8)].reshape(-1, 13)
    right[right] = values[:, 1:] @ np.arange(2, 14) % 23 == values[:, 0]
    return right


_VALUES = np.zeros(128, dtype=np.int64)
_VALUES[[ord(digit) for digit in "0123456789"]] = np.arange(10)
_VALUES[[ord(letter) for letter in LETTERS]] = np.arange(len(LETTERS))
