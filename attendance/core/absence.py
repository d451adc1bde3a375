"""Absence over time and between groups, pooled over sessions, from a register."""

from __future__ import annotations

from datetime import date

import numpy as np
import numpy.typing as npt
import pandas as pd

from attendance.core.figures import (
    counts_frame,
    is_counted,
    pooled,
    pupil_counts,
    weekly_counts,
    with_absence_flags,
    with_rates,
)
from attendance.core.register import Register
from attendance.core.slots import SLOTS_A_WEEK, WEEKS, days_of, grid_start

# A Wilson interval of 95 %: honest for small groups, where the pooled rate moves by itself.
_Z2 = 3.8416
# Absences come in runs, so that sessions are worth fewer independent ones (forecasting default).
RUN_LENGTH = 16


def by_week(register: Register, first_slot: int, last_slot: int) -> pd.DataFrame:
    """One row a week that had a possible session: week (0-53), first_day (a Monday), counts, rates.

    Indexed 0..; ``week`` is the row of the school year's grid.
    """
    counts = counts_frame(weekly_counts(register, first_slot, last_slot).sum(axis=0))
    start = np.datetime64(grid_start(register.school_year), "D")
    frame = with_rates(counts).assign(week=np.arange(WEEKS), first_day=start + 7 * np.arange(WEEKS))
    return frame[frame["possible_sessions"] > 0].reset_index(drop=True)


def by_weekday(register: Register, first_slot: int, last_slot: int) -> pd.DataFrame:
    """Ten rows (weekday 0-4, session AM/PM): possible_sessions, absent_sessions, absence_rate."""
    absent = _per_slot(
        register, ("authorised_absence", "unauthorised_absence"), first_slot, last_slot
    )
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


def by_group(
    register: Register, keys: pd.Series, first_slot: int, last_slot: int, on: date
) -> pd.DataFrame:
    """One row a group of pupils (index: the key): pupils, counts, rates, PA and SA counts, and
    ``low``/``high``, the range in which the group's rate would move by chance alone."""
    counts = with_absence_flags(pupil_counts(register, first_slot, last_slot), on)
    return with_range(pooled(counts, keys.to_numpy()))


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


def _per_slot(
    register: Register, counters: tuple[str, ...], first_slot: int, last_slot: int
) -> npt.NDArray[np.int64]:
    totals = [
        is_counted(register, counter, first_slot, last_slot).sum(axis=0, dtype=np.int64)
        for counter in counters
    ]
    return np.asarray(sum(totals))
