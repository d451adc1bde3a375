"""A school year's register in memory: one line of 540 marks for each pupil.

``pupils`` has a RangeIndex; its row i belongs to line i of every array:

    pupil_id int | upn, admission_number str or None | surname, forename, preferred_name, sex str
    birth_date date or None | household int or None | year_group int | form str
    first_day, last_day date or None (the last enrolment spell)

Marks are the storage symbols' byte values (``attendance.rules.codes``); ``-`` is no mark.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Protocol

import numpy as np
import numpy.typing as npt
import pandas as pd

from attendance.core.calendar import Calendar, open_by_year_group, seen_sessions
from attendance.core.slots import SLOTS, days_of, first_slot_from

PUPIL_COLUMNS = (
    "pupil_id", "upn", "admission_number", "surname", "forename", "preferred_name", "sex",
    "birth_date", "household", "year_group", "form", "first_day", "last_day",
)  # fmt: skip
BLANK = ord("-")

Marks = npt.NDArray[np.uint8]
Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Register:
    """Arrays are (pupils, 540). ``latest`` is the last session that most of the school has marks
    for (-1: none); ``covered`` the sessions that some register has been taken or read for."""

    school_year: int
    pupils: pd.DataFrame
    marks: Marks
    on_roll: Mask
    is_open: Mask
    covered: npt.NDArray[np.bool_]
    latest: int
    calendar: Calendar

    def __len__(self) -> int:
        return len(self.pupils)

    @property
    def expected(self) -> Mask:
        """(n, 540) True where the school expects a mark, sooner or later."""
        return self.on_roll & self.is_open

    def only(self, rows: npt.NDArray[np.bool_]) -> Register:
        """The same register for some of its pupils; what the whole school showed stays known."""
        return replace(
            self,
            pupils=self.pupils[rows].reset_index(drop=True),
            marks=self.marks[rows],
            on_roll=self.on_roll[rows],
            is_open=self.is_open[rows],
        )

    def row_of(self, pupil_id: int) -> int | None:
        """The line of a pupil, or None where this register does not hold them."""
        rows = np.flatnonzero(self.pupils["pupil_id"].to_numpy() == pupil_id)
        return int(rows[0]) if len(rows) else None


def build_register(
    calendar: Calendar,
    pupils: pd.DataFrame,
    spells: Iterable[tuple[int, date, date | None]],
    line_ids: npt.NDArray[np.int64],
    lines: Marks,
) -> Register:
    """Put a school year together from what the store holds.

    ``spells``: (pupil_id, first day, last day or None) of every enrolment; ``lines`` is
    (len(line_ids), 540). Pupils without a line yet have an empty one.
    """
    pupils = pupils.reset_index(drop=True)
    ids = pupils["pupil_id"].to_numpy(dtype=np.int64)
    row_of = {int(pupil_id): row for row, pupil_id in enumerate(ids)}
    marks = np.full((len(ids), SLOTS), BLANK, dtype=np.uint8)
    rows = [row_of.get(int(pupil_id), -1) for pupil_id in line_ids]
    known = np.array(rows, dtype=np.int64) >= 0
    marks[np.array(rows, dtype=np.int64)[known]] = lines[known]
    on_roll = _on_roll(calendar.school_year, row_of, spells)
    is_open = open_by_year_group(calendar, pupils["year_group"].to_numpy(dtype=np.int64))
    return assemble(calendar, pupils, marks, on_roll, is_open)


class Spell(Protocol):
    """A spell on the admission register; ``attendance.store.pupils.Enrolment`` is one."""

    @property
    def pupil_id(self) -> int: ...
    @property
    def first_day(self) -> date: ...
    @property
    def last_day(self) -> date | None: ...
    @property
    def inferred(self) -> bool: ...


def left_with_an_earlier_year(
    spells: Iterable[Spell], school_year: int, line_ids: npt.NDArray[np.int64]
) -> set[int]:
    """Pupils whom registers alone put on roll, in an earlier school year, and not in this one.

    An export of the new year leaves out last summer's leavers, and nobody may ever give the day
    they left. While there is no register of the year at all, everybody is still on roll.
    """
    begins = days_of(school_year)[0].item()
    last = {spell.pupil_id: spell for spell in spells}
    here = set(line_ids.tolist())
    return {
        pupil_id
        for pupil_id, spell in last.items()
        if here and pupil_id not in here and spell.inferred
        and spell.last_day is None and spell.first_day < begins
    }  # fmt: skip


def with_lines(register: Register, lines: Mapping[int, str]) -> Register | None:
    """The register with some pupils' 540 symbols as they are now, by pupil id.

    None where one of them had no mark in it: a first mark can put a pupil back on roll, so then
    the register has to be built anew. The register given stays as it was.
    """
    marks = register.marks.copy()
    for pupil_id, line in lines.items():
        row = register.row_of(pupil_id)
        if row is None or (marks[row] == BLANK).all():
            return None
        marks[row] = np.frombuffer(line.encode("ascii"), dtype=np.uint8)
    return assemble(register.calendar, register.pupils, marks, register.on_roll, register.is_open)


def assemble(
    calendar: Calendar, pupils: pd.DataFrame, marks: Marks, on_roll: Mask, is_open: Mask
) -> Register:
    """A Register from its arrays, with ``covered`` and ``latest`` worked out."""
    marked = (marks != BLANK) & on_roll & is_open
    covered = (seen_sessions(calendar) == ord("o")) | marked.any(axis=0)
    due = (on_roll & is_open).sum(axis=0)
    complete = np.flatnonzero((due > 0) & (2 * marked.sum(axis=0) >= due))
    latest = int(complete[-1]) if len(complete) else -1
    year = calendar.school_year
    return Register(year, pupils, marks, on_roll, is_open, covered, latest, calendar)


def _on_roll(
    school_year: int, row_of: dict[int, int], spells: Iterable[tuple[int, date, date | None]]
) -> Mask:
    on_roll = np.zeros((len(row_of), SLOTS), dtype=np.bool_)
    for pupil_id, first_day, last_day in spells:
        row = row_of.get(pupil_id)
        if row is None:
            continue
        after = SLOTS if last_day is None else first_slot_from(school_year, _next(last_day))
        on_roll[row, first_slot_from(school_year, first_day) : after] = True
    return on_roll


def _next(day: date) -> date:
    return date.fromordinal(day.toordinal() + 1)
