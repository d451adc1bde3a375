"""A school year's register in memory: one line of 540 marks for each pupil.

``pupils`` has a RangeIndex; its row i belongs to line i of every array:

    pupil_id int | upn, admission_number str or None | surname, forename, preferred_name, sex str
    birth_date date or None | household int or None | year_group int | form str
    first_day, last_day date or None (the last enrolment spell)

Marks are the storage symbols' byte values (``attendance.rules.codes``); ``-`` is no mark.

A register that is only to be counted may have been read without names; its ``pupils`` then have
the columns of NAMELESS_COLUMNS (``attendance.services.registers.read_nameless``).
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
from attendance.core.slots import SLOTS, days_of

PUPIL_COLUMNS = (
    "pupil_id", "upn", "admission_number", "surname", "forename", "preferred_name", "sex",
    "birth_date", "household", "year_group", "form", "first_day", "last_day",
)  # fmt: skip
NAMELESS_COLUMNS = ("pupil_id", "birth_date", "year_group", "form")
BLANK = ord("-")

Marks = npt.NDArray[np.uint8]
Ints = npt.NDArray[np.int64]
Days = npt.NDArray[np.datetime64]
Mask = npt.NDArray[np.bool_]

OPEN_ENDED = date.max  # the last day of a spell that nobody has ended
_MANY = 1000  # more than there are slots: two of them in one number


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


@dataclass(frozen=True, slots=True)
class Spells:
    """Spells on the admission register as columns, a pupil's in order of first day.

    ``last_days`` is OPEN_ENDED where nobody has given one.
    """

    pupil_ids: Ints
    first_days: Days
    last_days: Days
    inferred: Mask

    @classmethod
    def of(cls, rows: Iterable[tuple[int, date, date | None, bool]]) -> Spells:
        """From (pupil id, first day, last day or None, inferred)."""
        given = list(rows)
        return cls(
            np.array([row[0] for row in given], dtype=np.int64),
            np.array([row[1] for row in given], dtype="datetime64[D]"),
            np.array([row[2] or OPEN_ENDED for row in given], dtype="datetime64[D]"),
            np.array([row[3] for row in given], dtype=np.bool_),
        )


def ids_on_roll(spells: Spells, school_year: int, line_ids: Ints) -> Ints:
    """The pupils of a school year, in order of id: on roll at any time from 1 August to 31 July,
    and not known to have left with an earlier year (``left_with_an_earlier_year``)."""
    begins, ends = (np.datetime64(date(year, 8, 1)) for year in (school_year, school_year + 1))
    here = (spells.first_days < ends) & (spells.last_days >= begins)
    ids = np.unique(spells.pupil_ids[here])
    return ids[~np.isin(ids, _left_earlier(spells, school_year, line_ids))]


def build_register(
    calendar: Calendar,
    pupils: pd.DataFrame,
    spells: Spells | Iterable[tuple[int, date, date | None]],
    line_ids: Ints,
    lines: Marks,
) -> Register:
    """Put a school year together from what the store holds.

    ``spells``: every enrolment, or (pupil_id, first day, last day or None) of it; ``lines`` is
    (len(line_ids), 540). Pupils without a line yet have an empty one.
    """
    if not isinstance(spells, Spells):
        spells = Spells.of((*spell, False) for spell in spells)
    pupils = pupils.reset_index(drop=True)
    ids = pupils["pupil_id"].to_numpy(dtype=np.int64)
    marks = _marks_of(ids, line_ids, lines)
    on_roll = _on_roll(calendar.school_year, ids, spells)
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
    spells: Iterable[Spell], school_year: int, line_ids: Ints
) -> set[int]:
    """Pupils whom registers alone put on roll, in an earlier school year, and not in this one.

    An export of the new year leaves out last summer's leavers, and nobody may ever give the day
    they left. While there is no register of the year at all, everybody is still on roll.
    """
    columns = Spells.of((s.pupil_id, s.first_day, s.last_day, s.inferred) for s in spells)
    return set(_left_earlier(columns, school_year, line_ids).tolist())


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
    expected = on_roll & is_open
    due, done = _per_session(expected), _per_session(expected & (marks != BLANK))
    covered = (seen_sessions(calendar) == ord("o")) | (done > 0)
    complete = np.flatnonzero((due > 0) & (2 * done >= due))
    latest = int(complete[-1]) if len(complete) else -1
    year = calendar.school_year
    return Register(year, pupils, marks, on_roll, is_open, covered, latest, calendar)


def _per_session(mask: Mask) -> npt.NDArray[np.uint32]:
    """(540,) how many pupils."""
    # As bytes, so many pupils at a time that a byte holds their number: a fifth of the time.
    bytes_ = mask.view(np.uint8)
    counted = np.zeros(mask.shape[1], dtype=np.uint32)
    for row in range(0, len(mask), 255):
        counted += bytes_[row : row + 255].sum(axis=0, dtype=np.uint8)
    return counted


def _left_earlier(spells: Spells, school_year: int, line_ids: Ints) -> Ints:
    ids = spells.pupil_ids
    if not len(ids) or not len(line_ids):
        return np.empty(0, dtype=np.int64)
    is_last = np.append(ids[1:] != ids[:-1], True)
    begins = days_of(school_year)[0]
    left = is_last & spells.inferred & (spells.last_days == OPEN_ENDED)
    gone: Ints = ids[left & (spells.first_days < begins)]
    return gone[~np.isin(gone, line_ids)]


def _marks_of(ids: Ints, line_ids: Ints, lines: Marks) -> Marks:
    """The lines in the order of ``ids``; as they are, not copied, where that is their order."""
    if np.array_equal(ids, line_ids):
        return lines
    marks = np.full((len(ids), SLOTS), BLANK, dtype=np.uint8)
    rows = _rows_of(ids, line_ids)
    marks[rows[rows >= 0]] = lines[rows >= 0]
    return marks


def _rows_of(ids: Ints, wanted: Ints) -> Ints:
    """The place in ``ids``, in any order, of each wanted one; -1 where it is not there."""
    if not len(ids):
        return np.full(len(wanted), -1, dtype=np.int64)
    order = np.argsort(ids, kind="stable")
    places = np.searchsorted(ids, wanted, sorter=order)
    rows = order[np.minimum(places, len(ids) - 1)]
    return np.where(ids[rows] == wanted, rows, -1)


def _on_roll(school_year: int, ids: Ints, spells: Spells) -> Mask:
    rows = _rows_of(ids, spells.pupil_ids)
    first, after = _slots_from(school_year, spells.first_days, spells.last_days + 1)
    spans = first * _MANY + after
    here = (first < after) & (rows >= 0)
    on_roll = np.zeros((len(ids), SLOTS), dtype=np.bool_)
    # A school's pupils come and go on few different days.
    for span in np.unique(spans[here]).tolist():
        start, end = divmod(span, _MANY)
        on_roll[rows[here & (spans == span)], start:end] = True
    return on_roll


def _slots_from(school_year: int, *days: Days) -> list[Ints]:
    """``slots.first_slot_from`` of whole columns of days."""
    return [np.searchsorted(days_of(school_year), each) for each in days]
