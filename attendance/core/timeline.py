"""Several school years of one school end to end, so that a count may run from one into the next.

The pupils are those of the last register, in its order. A slot is a session of a weekday, AM before
PM; weeks of ten slots follow each other from a Monday without a gap, so slot // 10 is the week.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

import numpy as np
import numpy.typing as npt
import pandas as pd

from attendance.core.calendar import open_sessions
from attendance.core.register import BLANK, Days, Ints, Marks, Mask, Register
from attendance.core.slots import SLOTS_A_WEEK, Session, days_of, first_slot_from, grid_start
from attendance.rules.codes import CODE_OF

Marked = tuple[date, Session, str]  # a session and DfE's code of its mark
HALVES = (Session.AM, Session.PM)


class MarkedSessions(dict[int, Marked]):
    """256 times a slot and its mark's byte -> the session with its code, made when first asked for.

    Many pupils share one object: a school's findings name tens of thousands of sessions.
    """

    def __init__(self, days: list[date]) -> None:
        self._days = days

    def __missing__(self, key: int) -> Marked:
        slot, mark = divmod(key, 256)
        self[key] = self._days[slot], HALVES[slot % 2], CODE_OF[chr(mark)]
        return self[key]


@dataclass(frozen=True)
class Timeline:
    """Arrays are (slots,) or (pupils, slots).

    ``years`` is each slot's school year and ``held`` whether a register of it was given; what is
    not held is closed, off roll and blank. ``any_open``: the school has a session for anybody
    (closures of some year groups only leave it open). ``latest`` is the slot of the last
    register's latest complete session, -1 for none.
    """

    pupils: pd.DataFrame
    days: Days
    years: Ints
    held: Mask
    marks: Marks
    on_roll: Mask
    is_open: Mask
    any_open: Mask
    latest: int

    @cached_property
    def dates(self) -> list[date]:
        """The day of each slot."""
        found: list[date] = self.days.tolist()
        return found

    @cached_property
    def school_days(self) -> list[date]:
        """Every day with a session at the school, in order."""
        found: list[date] = np.unique(self.days[self.any_open]).tolist()
        return found

    @cached_property
    def marked(self) -> MarkedSessions:
        """The sessions that findings name."""
        return MarkedSessions(self.dates)


def join(registers: Sequence[Register]) -> Timeline:
    """Registers of different school years, oldest first, at least one.

    A day that two grids hold, around 1 August, is taken from the register of its school year.
    Earlier lines are matched by pupil id; who is not in an earlier register was not on roll.
    """
    last = registers[-1]
    ids = pd.Index(last.pupils["pupil_id"])
    days = _days(registers[0].school_year, last.school_year)
    shape = len(last), len(days)
    marks = np.full(shape, BLANK, dtype=np.uint8)
    on_roll, is_open = np.zeros(shape, dtype=np.bool_), np.zeros(shape, dtype=np.bool_)
    held, any_open = np.zeros(len(days), dtype=np.bool_), np.zeros(len(days), dtype=np.bool_)
    for register in registers:
        own, place = _places(register.school_year, days)
        held[place] = True
        any_open[place] = open_sessions(register.calendar)[own]
        rows, known = _rows(register, last, ids)
        marks[known, place] = register.marks[rows, own]
        on_roll[known, place] = register.on_roll[rows, own]
        is_open[known, place] = register.is_open[rows, own]
    latest = _latest(last, days)
    return Timeline(
        last.pupils, days, _school_years(days), held, marks, on_roll, is_open, any_open, latest
    )


def _days(first_year: int, last_year: int) -> Days:
    start = grid_start(first_year)
    weeks = (date(last_year + 1, 7, 31) - start).days // 7 + 1
    slots = np.arange(weeks * SLOTS_A_WEEK)
    days: Days = np.datetime64(start, "D") + (slots // SLOTS_A_WEEK * 7 + slots % SLOTS_A_WEEK // 2)
    return days


def _places(school_year: int, days: Days) -> tuple[slice, slice]:
    """The slots of a register that are of its school year, and where they lie among ``days``."""
    first, after = (first_slot_from(school_year, date(y, 8, 1)) for y in _ends(school_year))
    offset = int(np.searchsorted(days, days_of(school_year)[first])) - first
    return slice(first, after), slice(offset + first, offset + after)


def _ends(school_year: int) -> tuple[int, int]:
    return school_year, school_year + 1


Rows = Ints | slice


def _rows(register: Register, last: Register, ids: pd.Index[int]) -> tuple[Rows, Rows]:
    """Lines of a register, and the lines of the last one that they belong to."""
    if register is last:
        return slice(None), slice(None)
    rows = pd.Index(register.pupils["pupil_id"]).get_indexer(ids)
    known = np.flatnonzero(rows >= 0)
    return rows[known], known


def _school_years(days: Days) -> Ints:
    months: npt.NDArray[np.int64] = days.astype("datetime64[M]").astype(np.int64)
    # Seven months on, August is January and a school year a calendar year.
    years: Ints = (months - 7) // 12 + 1970
    return years


def _latest(register: Register, days: Days) -> int:
    if register.latest < 0:
        return -1
    own, place = _places(register.school_year, days)
    if not own.start <= register.latest < own.stop:
        return -1
    return int(place.start + register.latest - own.start)
