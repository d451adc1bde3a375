"""How likely each pupil is to be ill and to stay away, in each of the two years.

Two correlated traits, illness and disengagement, each a standard normal score within a year group
moved up or down by what is usual for that year group. Part of a trait stays with the pupil from
year to year; part belongs to the year. Characteristics move disengagement, as they do nationally.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from attendance.demo.arrays import Bools, Floats, Ints, Rng, normal_scores
from attendance.demo.characteristics import Record

STAYS = 0.937
TOGETHER = 0.45
WEIGHTS = {
    "fsm": 0.55, "social_worker": 1.3, "sen_support": 0.35, "ehcp": 0.6, "young_carer": 0.4,
    "yot_worker": 1.5,
}  # fmt: skip
BY_YEAR_GROUP = {7: -0.18, 8: -0.07, 9: 0.06, 10: 0.1, 11: 0.14, 12: -0.3, 13: -0.25}


@dataclass(frozen=True)
class Traits:
    """(n,) scores for one school year; the middling pupil of Years 7-11 has about 0."""

    illness: Floats
    disengagement: Floats


def build_traits(
    rng: Rng, record: Record, year_groups: dict[int, Ints], on_roll: dict[int, Bools]
) -> dict[int, Traits]:
    """The traits of each school year, given year groups and who is on roll some time in it."""
    n = len(record.starts)
    common = TOGETHER * rng.standard_normal(n)
    own = np.sqrt(1 - TOGETHER**2) * rng.standard_normal((2, n))
    lasting = STAYS * (common + own)
    push = sum((weight * record.mask(kind) for kind, weight in WEIGHTS.items()), np.zeros(n))
    result = {}
    for school_year, year_group in year_groups.items():
        ill, away = lasting + np.sqrt(1 - STAYS**2) * rng.standard_normal((2, n))
        cells = np.where(on_roll[school_year], year_group, -1)
        result[school_year] = Traits(_scores(ill + 0.3 * push, cells), _scores(away + push, cells))
    return result


def _scores(values: Floats, cells: Ints) -> Floats:
    """Normal scores within each year group, moved by what is usual for it."""
    scores = np.zeros(len(values))
    for cell in np.unique(cells):
        there = cells == cell
        scores[there] = normal_scores(values[there]) + BY_YEAR_GROUP.get(int(cell), 0.0)
    return scores
