"""Habits planted on purpose, so that there is something to be found that is not chance."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from attendance.demo.arrays import Bools, Ints, Rng
from attendance.demo.year import Year

HABITS = (8, 4, 4, 8)  # pupils in a school of 1,200 with each of the first four habits
TOGETHER = 3
ON_THE_DAY = 0.45
IN_AN_AFTERNOON = 0.3
AFTER_A_BREAK = 0.65
AWAY_TOGETHER = 0.06


@dataclass(frozen=True, slots=True)
class Planted:
    """Row numbers of the pupils with each habit; ``together`` holds pairs from one household."""

    fridays: tuple[int, ...]
    mondays: tuple[int, ...]
    afternoons: tuple[int, ...]
    after_holidays: tuple[int, ...]
    together: tuple[tuple[int, int], ...]


def choose_planted(rng: Rng, years: tuple[Year, Year]) -> Planted:
    """Pupils of Years 7-10 last year who are still there and neither best nor worst attenders."""
    before, now = years
    stays = before.lower_school() & now.lower_school()
    middling = np.abs(before.traits.disengagement - 0.2) < 0.9
    rows = [int(row) for row in rng.permutation(np.flatnonzero(stays & middling))]
    scale = min(len(before.year_group) / 1450, 1.0)
    cuts = np.cumsum([max(round(count * scale), 1) for count in HABITS])
    parts = [rows[a:b] for a, b in zip([0, *cuts[:-1]], cuts, strict=True)]
    pairs = [(row, int(now.sibling[row])) for row in rows[int(cuts[-1]) :]]
    pairs = [pair for pair in pairs if pair[1] >= 0 and stays[pair[1]] and pair[0] < pair[1]]
    fridays, mondays, afternoons, after_holidays = (tuple(part) for part in parts)
    return Planted(fridays, mondays, afternoons, after_holidays, tuple(pairs[:TOGETHER]))


def add_planted(rng: Rng, year: Year, planted: Planted, away: Bools) -> None:
    """Add the habits to ``away``, the (pupil, day, AM/PM) mask of one year."""
    n = len(year.days)
    for rows, weekday in ((planted.fridays, 4), (planted.mondays, 0)):
        for row in rows:
            away[row] |= ((year.days.weekday == weekday) & (rng.random(n) < ON_THE_DAY))[:, None]
    for row in planted.afternoons:
        away[row, :, 1] |= rng.random(n) < IN_AN_AFTERNOON
    for row in planted.after_holidays:
        away[row, _after_breaks(rng, year.days.break_edges)] = True
    for one, other in planted.together:
        shared = away[one] | away[other] | (rng.random(n) < AWAY_TOGETHER)[:, None]
        away[one] = away[other] = shared


def _after_breaks(rng: Rng, edges: Ints) -> Ints:
    first_two: Ints = np.concatenate([edges[1:], edges[1:] + 1])
    kept: Ints = first_two[rng.random(len(first_two)) < AFTER_A_BREAK]
    return kept
