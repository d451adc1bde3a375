"""Attendance codes as they were on a given day, read from data/reference/codes.csv.

A code is always looked up with the day of the session: J was an approved activity until
18 August 2024 and H an authorised absence; neither is a code after it. `code_on` answers what
the law said on a day; `reading_of` answers how to count a mark that is already in a register,
because schools go on using withdrawn codes and those sessions still have to be counted.

Each code also has one ASCII symbol, so a pupil's year of marks is a plain string. Codes of one
character are their own symbol. The longer ones have one of ours (Y1 to Y7 are 1 to 7), which
never appears outside the store: a digit in somebody else's file is not one of these.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from pathlib import Path
from types import MappingProxyType

from attendance.errors import NotInForce

CODES_FILE = Path(__file__).parents[2] / "data" / "reference" / "codes.csv"
NO_MARK = "-"


class Category(StrEnum):
    """How a session counts. The first four are the possible sessions."""

    PRESENT = "present"
    APPROVED_ACTIVITY = "approved_activity"
    AUTHORISED = "authorised"
    UNAUTHORISED = "unauthorised"
    NOT_POSSIBLE = "not_possible"
    ADMINISTRATIVE = "administrative"


@dataclass(frozen=True, slots=True)
class Code:
    """One meaning of one code, from valid_from to valid_to (both included; None is still)."""

    code: str
    symbol: str
    name: str
    valid_from: date
    valid_to: date | None
    category: Category
    possible: bool
    attended: bool
    late: bool
    needs_reason: bool
    authority: str
    confidence: str

    def is_in_force(self, day: date) -> bool:
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)


@cache
def all_codes() -> tuple[Code, ...]:
    """Every row of the table, in the order of the file: withdrawn codes and periods included."""
    with CODES_FILE.open(encoding="utf-8", newline="") as lines:
        return tuple(_code(row) for row in csv.DictReader(lines))


@cache
def codes_on(day: date) -> Mapping[str, Code]:
    """The codes in force on a day, by code; the mapping cannot be changed."""
    return MappingProxyType({row.code: row for row in all_codes() if row.is_in_force(day)})


def code_on(mark: str, day: date) -> Code:
    """What the law said a mark meant on the day of the session.

    Raises NotInForce when it was not a code on that day.
    """
    try:
        return codes_on(day)[mark]
    except KeyError:
        raise NotInForce(_why_not(mark, day)) from None


@cache
def reading_of(mark: str, day: date) -> Code:
    """How a mark found in a register of that day counts, even if the code was withdrawn.

    Its row in force; else its last row before the day; else its first row after. Raises
    NotInForce for what was never an attendance code.
    """
    if mark not in SYMBOL_OF:
        raise NotInForce(_why_not(mark, day))
    rows = _rows_of(mark)
    return next((row for row in reversed(rows) if row.valid_from <= day), rows[0])


@cache
def change_days() -> tuple[date, ...]:
    """The days on which `reading_of` starts to answer with another row for some code, in order.

    Between two of them every mark counts in one way, whatever the day.
    """
    later_rows = (row for code in SYMBOL_OF for row in _rows_of(code)[1:])
    return tuple(sorted({row.valid_from for row in later_rows}))


def _code(row: Mapping[str, str]) -> Code:
    return Code(
        code=row["code"],
        symbol=row["symbol"],
        name=row["name"],
        valid_from=date.fromisoformat(row["valid_from"]),
        valid_to=date.fromisoformat(row["valid_to"]) if row["valid_to"] else None,
        category=Category(row["category"]),
        possible=row["possible"] == "1",
        attended=row["attended"] == "1",
        late=row["late"] == "1",
        needs_reason=row["needs_reason"] == "1",
        authority=row["authority"],
        confidence=row["confidence"],
    )


def _rows_of(code: str) -> tuple[Code, ...]:
    rows = (row for row in all_codes() if row.code == code)
    return tuple(sorted(rows, key=lambda row: row.valid_from))


def _why_not(mark: str, day: date) -> str:
    on_day = f"{day:%-d %B %Y}"
    if mark not in SYMBOL_OF:
        return (
            f"‘{mark}’ is not an attendance code: choose the code for {on_day} that says why "
            "the pupil was present or absent."
        )
    rows = _rows_of(mark)
    if day < rows[0].valid_from:
        return (
            f"‘{mark}’ was not an attendance code on {on_day}: "
            f"it came in on {rows[0].valid_from:%-d %B %Y}."
        )
    return (
        f"‘{mark}’ was not an attendance code on {on_day}: it was withdrawn after "
        f"{rows[-1].valid_to:%-d %B %Y}. Choose a code that was in force."
    )


SYMBOL_OF: Mapping[str, str] = MappingProxyType({row.code: row.symbol for row in all_codes()})
CODE_OF: Mapping[str, str] = MappingProxyType({row.symbol: row.code for row in all_codes()})
