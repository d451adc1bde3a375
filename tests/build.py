r"""Builders that draw a register the way registers are drawn: register(r"/\ NN Y4Y4").

A day is two marks, days are parted by spaces and run over weekdays from ``first_day``. ``-`` is a
missing mark, ``#`` a planned closure, ``.`` a session at which the pupil is not on roll.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

import numpy as np
import pandas as pd

from attendance.core.calendar import Calendar, Closure, Term
from attendance.core.people import Person
from attendance.core.register import BLANK, PUPIL_COLUMNS, Register, assemble
from attendance.core.slots import SLOTS, first_slot_from, school_year_of
from attendance.rules.codes import SYMBOL_OF
from attendance.rules.roles import Role

MONDAY = date(2026, 9, 7)
NAMES = ("Amina Testwick", "Bram Sampleton", "Cleo Madeupham", "Dov Inventley", "Esi Fableford")
OFF_ROLL = "."
_MARK = re.compile(r"[A-Z]\d{1,2}|.")


def marks_of(day: str) -> list[str]:
    """'Y4Y4' -> ['Y4', 'Y4']; half a day is refused."""
    found = _MARK.findall(day)
    if len(found) != 2:
        raise ValueError(f"{day!r} is not two marks")
    return found


def register(
    *lines: str,
    first_day: date = MONDAY,
    year_groups: Sequence[int] | None = None,
    forms: Sequence[str] | None = None,
    born: Sequence[date | None] | None = None,
    closures: Sequence[Closure] = (),
    to_come: int = 0,
) -> Register:
    """One line of marks a pupil; the school is open on every drawn day and ``to_come`` more."""
    days = [[mark for day in line.split() for mark in marks_of(day)] for line in lines]
    school_year = school_year_of(first_day)
    start = first_slot_from(school_year, first_day)
    length = max((len(line) for line in days), default=0)
    calendar = open_from(first_day, start, length + to_come, closures)
    marks = np.full((len(days), SLOTS), BLANK, dtype=np.uint8)
    on_roll = np.ones((len(days), SLOTS), dtype=bool)
    for row, line in enumerate(days):
        for offset, mark in enumerate(line):
            on_roll[row, start + offset] = mark != OFF_ROLL
            if mark != OFF_ROLL:
                marks[row, start + offset] = ord(SYMBOL_OF[mark])
        on_roll[row, start + len(line) :] = not line or line[-1] != OFF_ROLL
    pupils = roll(len(days), year_groups=year_groups, forms=forms, born=born)
    return assemble(calendar, pupils, marks, on_roll, _is_open(calendar, pupils))


def open_from(
    first_day: date, start: int, length: int, closures: Sequence[Closure] = ()
) -> Calendar:
    """A calendar learnt from registers: ``length`` sessions from the slot ``start``."""
    line = "." * start + "o" * length + "." * (SLOTS - start - length)
    return Calendar(school_year_of(first_day), (), tuple(closures), line)


def roll(
    size: int,
    *,
    year_groups: Sequence[int] | None = None,
    forms: Sequence[str] | None = None,
    born: Sequence[date | None] | None = None,
) -> pd.DataFrame:
    """``size`` plainly invented pupils with the register's columns."""
    rows = []
    for number in range(size):
        forename, surname = NAMES[number % len(NAMES)].split()
        year_group = year_groups[number] if year_groups else 9
        values = {
            "pupil_id": number + 1,
            "upn": f"A999{number:09d}",
            "admission_number": f"{number:06d}",
            "surname": surname,
            "forename": forename,
            "preferred_name": "",
            "sex": "F",
            "birth_date": born[number] if born else None,
            "household": None,
            "year_group": year_group,
            "form": forms[number] if forms else f"{year_group}K",
            "first_day": date(2020, 9, 1),
            "last_day": None,
        }
        rows.append(values)
    return pd.DataFrame(rows, columns=list(PUPIL_COLUMNS))


def person(
    role: Role = Role.ATTENDANCE_OFFICER, *scope: str, username: str = "pat", school_id: int = 1
) -> Person:
    """A signed-in member of staff with one role."""
    scopes = {role: frozenset(scope)}
    return Person(username, "Pat Invented", role.title, school_id, frozenset({role}), scopes)


def term(first_day: date, last_day: date, name: str = "Autumn") -> Term:
    return Term(name, first_day, last_day)


def _is_open(calendar: Calendar, pupils: pd.DataFrame) -> np.ndarray:
    from attendance.core.calendar import open_by_year_group

    return open_by_year_group(calendar, pupils["year_group"].to_numpy(dtype=np.int64))
