"""When pupils are away: illness in spells, weeks of disengagement, and single odd days.

Every function gives a mask over (pupil, school day, AM/PM) of one school year. The rates were
tuned until the whole school met the national figures in ``attendance.demo.school``.
"""

from __future__ import annotations

import numpy as np

from attendance.demo.arrays import Bools, Floats, Ints, Rng
from attendance.demo.calendar import SchoolDays

ILLNESS_SPELLS = 1.66  # a year, for the middling pupil
ILLNESS_SPREAD = 0.78
SPELL_DAYS = (1, 2, 3, 4, 5, 7, 10, 16)
SPELL_SHARES = (0.44, 0.24, 0.13, 0.07, 0.055, 0.03, 0.02, 0.015)
ILLNESS_BY_MONTH = {
    9: 0.62, 10: 0.95, 11: 1.08, 12: 1.35, 1: 1.2, 2: 1.08, 3: 1.0, 4: 0.9, 5: 0.9, 6: 1.0, 7: 0.95,
}  # fmt: skip
ILLNESS_BY_WEEKDAY = np.array([1.04, 0.97, 0.93, 0.97, 1.07])
CAUGHT_FROM_SIBLING = 0.25

ODD_DAYS = 0.63  # a year, for the middling pupil
ODD_DAYS_SPREAD = 1.13
AWAY_BY_WEEKDAY = np.array([1.02, 0.95, 0.94, 0.95, 1.14])
ENGAGED, PARTLY, WITHDRAWN = 0, 1, 2
AWAY_IN_STATE = np.array([0.0, 0.193, 0.74])
# A week's chance to slip, recover, withdraw, come back: at trait 0, its slope, the most it can be.
STEPS = ((0.0078, 1.08, 0.6), (0.432, -0.655, 0.9), (0.0115, 1.28, 0.4), (0.34, -1.137, 0.6))
NEW_START = 0.83
CARRIED_OVER = 0.6


def ill(rng: Rng, days: SchoolDays, trait: Floats, sibling: Ints) -> Bools:
    """Illness spells; ``sibling`` is the row that a pupil may catch it from, or -1."""
    n = len(trait)
    season = np.array([ILLNESS_BY_MONTH.get(int(m), 1.0) for m in days.month])
    hazard = season * ILLNESS_BY_WEEKDAY[days.weekday]
    hazard *= ILLNESS_SPELLS / hazard.sum()
    rate = np.exp(ILLNESS_SPREAD * trait)
    starts = rng.random((n, len(days))) < np.minimum(rate[:, None] * hazard, 0.5)
    caught = starts[sibling] & (sibling >= 0)[:, None]
    starts |= caught & (rng.random(starts.shape) < CAUGHT_FROM_SIBLING)
    rows, first = np.nonzero(starts)
    lengths = rng.choice(SPELL_DAYS, size=len(rows), p=SPELL_SHARES)
    return spells_from(rng, rows, first, lengths, n, days)


def spells_from(
    rng: Rng, rows: Ints, first: Ints, lengths: Ints, n: int, days: SchoolDays
) -> Bools:
    """Fill whole days; one spell in eight begins after the morning, or ends at midday."""
    change = np.zeros((n, len(days) + 1), dtype=np.int64)
    np.add.at(change, (rows, first), 1)
    np.add.at(change, (rows, np.minimum(first + lengths, len(days))), -1)
    away = np.repeat((change.cumsum(axis=1)[:, :-1] > 0)[:, :, None], 2, axis=2)
    draw = rng.random(len(rows))
    went_home, came_at_noon = draw < 0.07, draw > 0.95
    away[rows[went_home], first[went_home], 0] = False
    last = np.minimum(first + lengths, len(days)) - 1
    away[rows[came_at_noon], last[came_at_noon], 1] = False
    return away


def engagement(rng: Rng, days: SchoolDays, trait: Floats, before: Ints | None) -> Ints:
    """(n, weeks) the state of each week: a Markov chain whose steps depend on the trait.

    ``before`` is last year's last state; most pupils come back in September in theirs.
    """
    weeks = int(days.week[-1]) + 1
    slip, recover, withdraw, back = (
        np.clip(middling * np.exp(slope * trait), 0.0, most) for middling, slope, most in STEPS
    )
    states = np.zeros((len(trait), weeks), dtype=np.int64)
    state = _settled(rng, slip, recover, withdraw, back)
    if before is not None:
        state = np.where(rng.random(len(trait)) < CARRIED_OVER, before, state)
    for week in range(weeks):
        growing = 0.75 + 0.5 * week / weeks
        draw = rng.random(len(trait))
        from_engaged = np.where(draw < slip * growing, PARTLY, ENGAGED)
        from_partly = np.where(draw > 1 - recover, ENGAGED, PARTLY)
        from_partly = np.where(draw < withdraw * growing, WITHDRAWN, from_partly)
        from_withdrawn = np.where(draw < back, PARTLY, WITHDRAWN)
        state = np.choose(state, [from_engaged, from_partly, from_withdrawn])
        states[:, week] = state
    return states


def _settled(rng: Rng, slip: Floats, recover: Floats, withdraw: Floats, back: Floats) -> Ints:
    """A first state drawn from the chain's long run, held back: September is a new start."""
    partly = slip / recover
    withdrawn = partly * withdraw / back
    total = 1 + partly + withdrawn
    draw = rng.random(len(slip)) * total / NEW_START
    state = np.where(draw < withdrawn + partly, PARTLY, ENGAGED)
    return np.where(draw < withdrawn, WITHDRAWN, state)


def disengaged(rng: Rng, days: SchoolDays, states: Ints) -> Bools:
    """Days and afternoons missed in partly and wholly withdrawn weeks."""
    by_day = AWAY_IN_STATE[states[:, days.week]] * AWAY_BY_WEEKDAY[days.weekday]
    return _days_and_halves(rng, np.minimum(by_day, 0.97))


def odd_days(rng: Rng, days: SchoolDays, trait: Floats) -> Bools:
    """Single days, mostly Fridays, that everybody has now and then."""
    rate = ODD_DAYS * np.exp(ODD_DAYS_SPREAD * trait - 0.15)
    weight = AWAY_BY_WEEKDAY[days.weekday] ** 2.5 * (0.75 + 0.5 * days.progress)
    return _days_and_halves(rng, np.minimum(rate[:, None] * weight / weight.sum(), 0.5))


def _days_and_halves(rng: Rng, chance: Floats) -> Bools:
    away = rng.random(chance.shape) < chance
    half = rng.random(chance.shape)
    return np.stack([away & (half > 0.07), away & (half < 0.96)], axis=2)
