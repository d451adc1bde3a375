"""The school year's grid: 54 weeks x 5 weekdays x AM, PM = 540 slots.

The grid of school year 2026 (2026/27) starts on the Monday on or before 1 August 2026. A slot is a
pure function of the date and the session, so closing a day never moves one. 53 weeks are not
enough: 31 July 2028 falls in the 54th.
"""

from __future__ import annotations

from datetime import date, timedelta
from enum import StrEnum
from functools import cache

import numpy as np
import numpy.typing as npt

from attendance.errors import AttendanceError

WEEKS = 54
SLOTS_A_WEEK = 10
SLOTS = WEEKS * SLOTS_A_WEEK


class Session(StrEnum):
    """Half a school day."""

    AM = "AM"
    PM = "PM"


class OutsideTheYear(AttendanceError):
    """A date that the school year's grid does not hold."""


def school_year_of(day: date) -> int:
    """The year in which the school year holding ``day`` began: 1 August starts a new one."""
    return day.year if day.month >= 8 else day.year - 1


def year_name(school_year: int) -> str:
    """2026 -> '2026/27'."""
    return f"{school_year}/{(school_year + 1) % 100:02d}"


@cache
def grid_start(school_year: int) -> date:
    """The Monday on or before 1 August."""
    august = date(school_year, 8, 1)
    return august - timedelta(days=august.weekday())


def slot_of(school_year: int, day: date, session: Session) -> int:
    """The slot (0-539) of a session; raises OutsideTheYear off the grid or at a weekend."""
    week, weekday = divmod((day - grid_start(school_year)).days, 7)
    if not 0 <= week < WEEKS:
        raise OutsideTheYear(f"{day:%-d %B %Y} is not in the school year {year_name(school_year)}.")
    if weekday > 4:
        raise OutsideTheYear(f"{day:%A %-d %B %Y} is at a weekend; a register has no session then.")
    return week * SLOTS_A_WEEK + weekday * 2 + (session == Session.PM)


def moment_of(school_year: int, slot: int) -> tuple[date, Session]:
    """The date and session of a slot; the inverse of slot_of."""
    if not 0 <= slot < SLOTS:
        raise OutsideTheYear(f"Slot {slot} is not in the school year {year_name(school_year)}.")
    week, within = divmod(slot, SLOTS_A_WEEK)
    day = grid_start(school_year) + timedelta(days=week * 7 + within // 2)
    return day, (Session.PM if within % 2 else Session.AM)


def first_slot_from(school_year: int, day: date) -> int:
    """The first slot on or after ``day``: 0 before the grid, SLOTS after it."""
    week, weekday = divmod((day - grid_start(school_year)).days, 7)
    slot = week * SLOTS_A_WEEK + min(weekday, 5) * 2
    return min(max(slot, 0), SLOTS)


@cache
def days_of(school_year: int) -> npt.NDArray[np.datetime64]:
    """The date of every slot, as a read-only (540,) datetime64[D] array."""
    start = np.datetime64(grid_start(school_year), "D")
    slots = np.arange(SLOTS)
    days = start + (slots // SLOTS_A_WEEK * 7 + slots % SLOTS_A_WEEK // 2)
    days.flags.writeable = False
    return days
