"""A school calendar as CSV: kind,first_day,last_day,years,name (kind: term, closure or inset)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date

from attendance.core.calendar import Closure, Term
from attendance.errors import CannotRead
from attendance.importers.dates import read_date
from attendance.importers.read import check_is_table
from attendance.importers.text import read_text

COLUMNS = ("kind", "first_day", "last_day", "years", "name")
KINDS = ("term", "closure", "inset")


def read_calendar(data: bytes, file_name: str) -> tuple[tuple[Term, ...], tuple[Closure, ...]]:
    """(terms, closures), each in the order of the file.

    ``years`` is blank for everybody or lists year groups ("7,8"). Raises CannotRead naming the
    row: a calendar is taken whole or not at all.
    """
    check_is_table(data)
    if data.startswith(b"PK"):
        raise CannotRead(f"Save {file_name} as CSV: a calendar is read from CSV only.")
    table = read_text(data)
    heading = next((at for at, row in enumerate(table.rows) if _is_heading(row)), None)
    if heading is None:
        raise CannotRead(
            f"{file_name} has no heading row. A calendar’s columns are {', '.join(COLUMNS)}."
        )
    names = [_word(cell) for cell in table.rows[heading]]
    entries = [
        _entry(dict(zip(names, row, strict=False)), table.numbers[at])
        for at, row in enumerate(table.rows[heading + 1 :], heading + 1)
        if any(cell.strip() for cell in row)
    ]
    terms = tuple(entry for entry in entries if isinstance(entry, Term))
    _check_terms(terms, file_name)
    return terms, tuple(entry for entry in entries if isinstance(entry, Closure))


def _is_heading(row: list[str]) -> bool:
    return {"kind", "first_day", "last_day"} <= {_word(cell) for cell in row}


def _word(cell: str) -> str:
    return re.sub(r"[ _-]+", "_", cell.strip().lower())


def _entry(row: Mapping[str, str], number: int) -> Term | Closure:
    kind = row.get("kind", "").strip().lower()
    if kind not in KINDS:
        raise CannotRead(f"Row {number}: the kind is ‘{kind}’; it must be term, closure or inset.")
    first = _day(row.get("first_day", ""), number)
    last = _day(row.get("last_day", "") or row.get("first_day", ""), number)
    if last < first:
        raise CannotRead(
            f"Row {number}: the last day ({last:%-d %B %Y}) is before the first "
            f"({first:%-d %B %Y}); correct one of them."
        )
    name = row.get("name", "").strip()
    if kind == "term":
        return Term(name, first, last)
    return Closure(first, last, kind, _years(row.get("years", ""), number), name)


def _day(text: str, number: int) -> date:
    reading = read_date(text.strip())
    if reading is None or reading.day is None:
        raise CannotRead(f"Row {number}: ‘{text}’ is not a date; write it as 2026-09-03.")
    return reading.day


def _years(text: str, number: int) -> frozenset[int] | None:
    words = [word for word in re.split(r"[,;\s]+", text.strip()) if word]
    if not all(re.fullmatch(r"-?\d{1,2}", word) for word in words):
        raise CannotRead(
            f"Row {number}: ‘{text}’ is not a list of year groups; write 7,8 or leave it blank."
        )
    return frozenset(int(word) for word in words) or None


def _check_terms(terms: tuple[Term, ...], file_name: str) -> None:
    if not terms:
        raise CannotRead(f"{file_name} has no row of kind term, so the school would never be open.")
    ordered = sorted(terms, key=lambda term: term.first_day)
    for before, after in zip(ordered, ordered[1:], strict=False):
        if after.first_day <= before.last_day:
            raise CannotRead(
                f"The terms ‘{before.name}’ and ‘{after.name}’ overlap: ‘{after.name}’ begins on "
                f"{after.first_day:%-d %B %Y}. Correct the dates."
            )
