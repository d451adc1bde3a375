"""Absence over time and between groups, pooled over sessions, from a register.

A frame of groups has one row a group and: pupils, COUNT_COLUMNS, attendance_rate, absence_rate
(0-1), persistently_absent, severely_absent (numbers of pupils), and ``low``/``high``, the range in
which the group's rate would move by chance alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from enum import StrEnum

import numpy as np
import numpy.typing as npt
import pandas as pd

from attendance.core.calendar import Calendar, school_weeks
from attendance.core.figures import (
    counts_frame,
    is_counted,
    own_marks,
    weekly_counts,
    with_rates,
)
from attendance.core.register import Register
from attendance.core.short_names import short_name
from attendance.core.slots import SLOTS_A_WEEK, WEEKS, days_of, grid_start, moment_of
from attendance.core.week_grid import state_of
from attendance.rules.codes import CODE_OF, reading_of

Mask = npt.NDArray[np.bool_]

# A Wilson interval of 95 %: honest for small groups, where the pooled rate moves by itself.
_Z2 = 3.8416
# Absences come in runs, so that sessions are worth fewer independent ones (forecasting default).
RUN_LENGTH = 16
# Two school years whose first weeks lie further apart than this cannot be laid side by side.
MOST_WEEKS_APART = 2


class Period(StrEnum):
    """The stretch of the school year that a figure covers, up to the latest complete session."""

    YEAR = "year"
    HALF_TERM = "half_term"
    FOUR_WEEKS = "four_weeks"
    CUSTOM = "custom"

    @property
    def words(self) -> str:
        return _PERIODS[self]


_PERIODS = {
    Period.YEAR: "This year",
    Period.HALF_TERM: "This half term",
    Period.FOUR_WEEKS: "Last 4 school weeks",
    Period.CUSTOM: "Other dates",
}


def span_of(
    register: Register, period: Period, days: tuple[date, date] | None = None
) -> tuple[int, int]:
    """The first and the last slot of a period, both included; (0, -1) when there is none.

    A half term is a run of weeks with school. ``days`` are the dates of a CUSTOM period.
    """
    last = register.latest
    if last < 0:
        return 0, -1
    weeks = school_weeks(register.calendar)
    now = last // SLOTS_A_WEEK
    if period == Period.CUSTOM and days is not None:
        first, end = slots_between(register.school_year, *days)
        return first, min(end, last)
    if period == Period.HALF_TERM:
        breaks = np.setdiff1d(np.arange(now), weeks)
        return (int(breaks[-1]) + 1 if len(breaks) else 0) * SLOTS_A_WEEK, last
    if period == Period.FOUR_WEEKS:
        recent = weeks[weeks <= now][-4:]
        return int(recent[0]) * SLOTS_A_WEEK, last
    return 0, last


def same_point(now: Calendar, before: Calendar, slot: int) -> int | None:
    """The slot of the year before that is as many school weeks into it; None where the years
    cannot be laid side by side.

    School weeks are counted, because half terms and the first day of term move.
    """
    here, there = school_weeks(now), school_weeks(before)
    if not len(here) or not len(there) or abs(here[0] - there[0]) > MOST_WEEKS_APART:
        return None
    week, within = divmod(slot, SLOTS_A_WEEK)
    number = int((here <= week).sum()) - 1
    if not 0 <= number < len(there):
        return None
    return int(there[number]) * SLOTS_A_WEEK + within


def by_week(register: Register, first_slot: int, last_slot: int) -> pd.DataFrame:
    """One row a week that had a possible session: week (0-53), first_day (a Monday), counts, rates.

    Indexed 0..; ``week`` is the row of the school year's grid.
    """
    return weekly_totals(weekly_counts(register, first_slot, last_slot), register.school_year)


def weekly_totals(counts: npt.NDArray[np.int64], school_year: int) -> pd.DataFrame:
    """The same from a register's weekly_counts, which hold the pupils' totals as well."""
    start = np.datetime64(grid_start(school_year), "D")
    frame = with_rates(counts_frame(counts.sum(axis=0)))
    frame = frame.assign(week=np.arange(WEEKS), first_day=start + 7 * np.arange(WEEKS))
    return frame[frame["possible_sessions"] > 0].reset_index(drop=True)


def school_week_numbers(calendar: Calendar, weeks: pd.Series) -> npt.NDArray[np.int64]:
    """Weeks of the grid as school weeks, counted from 0."""
    numbers: npt.NDArray[np.int64] = np.searchsorted(school_weeks(calendar), weeks.to_numpy())
    return numbers


def by_weekday(register: Register, first_slot: int, last_slot: int) -> pd.DataFrame:
    """Ten rows (weekday 0-4, session AM/PM): possible_sessions, absent_sessions, absence_rate."""
    absent = _per_slot(register, ABSENT, first_slot, last_slot)
    attended = _per_slot(register, ("present", "approved_activity"), first_slot, last_slot)
    shape = (WEEKS, SLOTS_A_WEEK)
    frame = pd.DataFrame(
        {
            "weekday": np.repeat(np.arange(5), 2),
            "session": ["AM", "PM"] * 5,
            "absent_sessions": absent.reshape(shape).sum(axis=0),
            "attended_sessions": attended.reshape(shape).sum(axis=0),
        }
    )
    frame["possible_sessions"] = frame["absent_sessions"] + frame["attended_sessions"]
    return with_rates(frame)


def by_reason(register: Register, first_slot: int, last_slot: int) -> pd.DataFrame:
    """One row a code, most sessions first: code, name, short (name), state (as the charts colour
    it), sessions. They add up to the sessions missed."""
    absent = sum(is_counted(register, counter, first_slot, last_slot) for counter in ABSENT)
    marks = own_marks(register, first_slot, last_slot)[np.asarray(absent) == 1]
    found = np.bincount(marks, minlength=256)
    day = moment_of(register.school_year, max(last_slot, 0))[0]
    codes = [CODE_OF[chr(symbol)] for symbol in np.flatnonzero(found)]
    frame = pd.DataFrame(
        {
            "code": codes,
            "name": [reading_of(code, day).name for code in codes],
            "short": [short_name(code, day) for code in codes],
            "state": [state_of(code, day) for code in codes],
            "sessions": found[found > 0],
        }
    )
    return frame.sort_values(["sessions", "code"], ascending=[False, True], ignore_index=True)


def by_group(counts: pd.DataFrame, groups: Mapping[str, Mask]) -> pd.DataFrame:
    """One row a group of pupils (index: its name), in the order given; groups may overlap.

    counts: one row a pupil, with absence flags. ``pupils`` counts those with a possible session:
    nobody else has a rate.
    """
    numbers = counts.select_dtypes(["number", "bool"]).astype(np.int64)
    numbers["pupils"] = (counts["possible_sessions"] > 0).astype(np.int64)
    members = np.array(list(groups.values()), dtype=np.int64).reshape(len(groups), len(counts))
    totals = members @ numbers.to_numpy()
    return with_range(
        with_rates(pd.DataFrame(totals, columns=numbers.columns, index=pd.Index(groups)))
    )


def with_range(groups: pd.DataFrame) -> pd.DataFrame:
    """Add low and high: a 95 % Wilson interval on sessions divided by the usual run of absences."""
    n = groups["possible_sessions"] / RUN_LENGTH
    p = groups["absence_rate"]
    centre = (p + _Z2 / (2 * n)) / (1 + _Z2 / n)
    half = np.sqrt(_Z2 * (p * (1 - p) / n + _Z2 / (4 * n * n))) / (1 + _Z2 / n)
    return groups.assign(low=(centre - half).clip(lower=0), high=(centre + half).clip(upper=1))


def slots_between(school_year: int, first_day: date, last_day: date) -> tuple[int, int]:
    """The first and last slot of a span of days, both included (clipped to the grid)."""
    days = days_of(school_year)
    inside = np.flatnonzero(
        (days >= np.datetime64(first_day, "D")) & (days <= np.datetime64(last_day, "D"))
    )
    return (int(inside[0]), int(inside[-1])) if len(inside) else (0, -1)


ABSENT = ("authorised_absence", "unauthorised_absence")


def _per_slot(
    register: Register, counters: tuple[str, ...], first_slot: int, last_slot: int
) -> npt.NDArray[np.int64]:
    totals = [
        is_counted(register, counter, first_slot, last_slot).sum(axis=0, dtype=np.int64)
        for counter in counters
    ]
    return np.asarray(sum(totals))
