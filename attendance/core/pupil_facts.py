"""One pupil's year in small frames for the pupil's page: weeks, reasons, weekdays, half terms.

Every function takes a register of one pupil (``register.only``) and the last slot that counts.
"""

from __future__ import annotations

from collections import Counter

import numpy as np
import numpy.typing as npt
import pandas as pd

from attendance.core.figures import ABSENT, ATTENDED, COUNTS, own_marks, weekly_counts
from attendance.core.register import BLANK, Register
from attendance.core.short_names import short_name
from attendance.core.slots import SLOTS_A_WEEK, days_of
from attendance.core.spells import spell_starts
from attendance.core.strip import YearStrip, strip_weeks, three_week_mean, week_labels
from attendance.core.week_grid import WEEKDAYS, state_of
from attendance.rules.codes import CODE_OF

Ints = npt.NDArray[np.int64]

MISSED_STATES = ("authorised", "unauthorised", "no_reason")


def weekly_rates(
    strip: YearStrip, this_year: Register, last_slot: int, last_year: Register | None
) -> pd.DataFrame:
    """week (of the strip), label, rate_this, rate_last (0-1 or NaN), sessions: what the weekly
    line draws. Last year is the mean of three weeks, on the same week after the summer."""
    attended, possible = (each[: strip.weeks] for each in _strip_weeks_of(this_year, last_slot))
    before = np.full(strip.weeks, np.nan)
    if last_year is not None:
        mean = three_week_mean(*_strip_weeks_of(last_year, last_year.latest))[: strip.weeks]
        before[: len(mean)] = mean
    return pd.DataFrame(
        {
            "week": range(strip.weeks),
            "label": week_labels(strip.first_day, strip.weeks),
            "rate_this": np.where(possible > 0, attended / np.maximum(possible, 1), np.nan),
            "sessions": possible,
            "rate_last": before,
        }
    )


def reasons(register: Register, last_slot: int) -> pd.DataFrame:
    """code, name (short), sessions, state: the sessions missed, most first."""
    marks = own_marks(register, 0, last_slot)[0]
    days = days_of(register.school_year)
    missed: Counter[tuple[str, str]] = Counter()
    for slot in np.flatnonzero((marks != 0) & (marks != BLANK)):
        code = CODE_OF[chr(marks[slot])]
        state = state_of(code, days[slot].item())
        if state in MISSED_STATES:
            missed[code, state] += 1
    last_day = days[max(last_slot, 0)].item()
    rows = [
        (code, short_name(code, last_day), sessions, state)
        for (code, state), sessions in sorted(missed.items(), key=lambda one: (-one[1], one[0]))
    ]
    return pd.DataFrame(rows, columns=["code", "name", "sessions", "state"])


def starts_by_weekday(register: Register, last_slot: int) -> Ints:
    """(5,) absences begun on each weekday by all the register's pupils: the school's profile, or
    with a register of one pupil, the pupil's."""
    by_slot = spell_starts(register, last_slot).sum(axis=0)
    days: Ints = by_slot.reshape(-1, SLOTS_A_WEEK).sum(axis=0).reshape(5, 2).sum(axis=1)
    return days


def weekday_frame(starts: Ints, usual_starts: Ints) -> pd.DataFrame:
    """weekday, label, count and usual: as many absences, spread as the whole school's are."""
    total = max(int(usual_starts.sum()), 1)
    return pd.DataFrame(
        {
            "weekday": range(5),
            "label": WEEKDAYS,
            "count": starts,
            "usual": starts.sum() * usual_starts / total,
        }
    )


def _strip_weeks_of(register: Register, last_slot: int) -> tuple[Ints, Ints]:
    """Sessions attended, and possible, of the one pupil in each week from the strip's first."""
    first, _ = strip_weeks(register.school_year, register.is_open[0])
    counts = weekly_counts(register, 0, last_slot)[0, first:]
    attended, absent = (
        counts[:, [COUNTS.index(name) for name in names]].sum(axis=1)
        for names in (ATTENDED, ABSENT)
    )
    return attended, attended + absent
