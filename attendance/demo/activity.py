"""Attended otherwise: trips, sport, work experience, other activities; and lateness."""

from __future__ import annotations

import numpy as np

from attendance.demo.arrays import Bools, Floats, Ints, Marks, Rng, symbol
from attendance.demo.year import Year

LATE_A_SESSION = 0.0279
LATE_IN_THE_MORNING = 0.82
LATE_SPREAD = 0.85
AFTER_CLOSE_A_YEAR = 1.6


def present(year: Year) -> Marks:
    """(n, days, 2) everybody in: '/' in the morning, '\\\\' in the afternoon."""
    work = np.empty(year.shape, dtype=np.uint8)
    work[:, :, 0], work[:, :, 1] = symbol("/"), symbol("\\")
    return work


def is_present(work: Marks) -> Bools:
    """True for the marks '/' and '\\\\'."""
    result: Bools = (work == symbol("/")) | (work == symbol("\\"))
    return result


def write_activities(rng: Rng, year: Year, work: Marks) -> None:
    """V, W, P and B in the place of present marks only: who is absent misses the trip."""
    _trips(rng, year, work)
    _work_experience(year, work)
    _matches(rng, year, work)
    weekly = rng.choice(np.flatnonzero(year.lower_school()), 4)
    thursdays = np.flatnonzero((year.days.weekday == 3) & (year.days.progress > 0.15))
    for row in weekly:
        _write(work, np.array([row]), thursdays, "B")


def write_lateness(rng: Rng, year: Year, work: Marks) -> None:
    """L and U in the place of present marks, mostly in the morning and by habit."""
    habit = np.exp(LATE_SPREAD * (0.6 * year.traits.disengagement + 0.8 * _noise(rng, year)))
    chance = np.minimum(LATE_A_SESSION * 2.3 * habit / habit.mean(), 0.6)
    by_half = np.array([LATE_IN_THE_MORNING, 1 - LATE_IN_THE_MORNING])
    late = rng.random(year.shape) < chance[:, None, None] * by_half
    work[late & is_present(work)] = symbol("L")
    closed = AFTER_CLOSE_A_YEAR / len(year.days) * np.exp(1.0 * year.traits.disengagement - 0.5)
    after_close = rng.random(year.shape[:2]) < np.minimum(closed, 0.4)[:, None]
    after_close &= is_present(work)[:, :, 0]
    work[after_close, 0] = symbol("U")


def _noise(rng: Rng, year: Year) -> Floats:
    return rng.standard_normal(len(year.year_group))


def _write(work: Marks, rows: Ints, days: Ints, code: str, half: int | None = None) -> None:
    """Write the code for these pupils on these days where they are present."""
    halves = (0, 1) if half is None else (half,)
    for one in halves:
        block = work[:, :, one][np.ix_(rows, days)]
        block[is_present(block)] = symbol(code)
        work[rows[:, None], days, one] = block


def _trips(rng: Rng, year: Year, work: Marks) -> None:
    """About two whole-day trips a form in the year."""
    forms = np.array(year.forms)
    for form in sorted(set(year.forms) - {""}):
        for day in rng.integers(5, len(year.days), size=2):
            going = np.flatnonzero((forms == form) & (rng.random(len(forms)) < 0.9))
            _write(work, going, np.array([day]), "V")


def _work_experience(year: Year, work: Marks) -> None:
    """Year 10, five days in the second week of the last half term but three."""
    start = int(year.days.break_edges[5]) + 20
    rows = np.flatnonzero(year.year_group == 10)
    _write(work, rows, np.arange(start, min(start + 5, len(year.days))), "W")


def _matches(rng: Rng, year: Year, work: Marks) -> None:
    """Four teams, each away on some Wednesday afternoons."""
    wednesdays = np.flatnonzero(year.days.weekday == 2)
    for year_group in (7, 8, 9, 10):
        squad = np.flatnonzero(year.year_group == year_group)
        team = rng.choice(squad, min(14, len(squad)), replace=False)
        _write(work, team, rng.choice(wednesdays, 9, replace=False), "P", half=1)
