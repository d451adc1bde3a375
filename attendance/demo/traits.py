"""How likely each pupil is to be ill and to stay away, in each of the two years.

Two correlated traits, illness and disengagement, each a standard normal score over Years 7-11 of
its year. Part of a trait stays with the pupil from year to year; part belongs to the year.
Characteristics and the year group move disengagement, as they do nationally.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from attendance.demo.arrays import Floats, Ints, Rng, normal_scores
from attendance.demo.characteristics import Record

STAYS = 0.88
TOGETHER = 0.45
WEIGHTS = {
    "fsm": 0.55, "social_worker": 1.3, "sen_support": 0.35, "ehcp": 0.6, "young_carer": 0.4,
    "yot_worker": 1.5,
}  # fmt: skip
BY_YEAR_GROUP = {7: -0.45, 8: -0.1, 9: 0.08, 10: 0.15, 11: 0.18, 12: -0.3, 13: -0.2}


@dataclass(frozen=True)
class Traits:
    """(n,) scores for one school year."""

    illness: Floats
    disengagement: Floats


def build_traits(
    rng: Rng, record: Record, year_groups: dict[int, Ints]
) -> dict[int, Traits]:
    """The traits of each school year, given the pupils' year groups in it."""
    n = len(record.starts)
    lasting_ill, common = rng.standard_normal(n), rng.standard_normal(n)
    lasting_ill = TOGETHER * common + np.sqrt(1 - TOGETHER**2) * lasting_ill
    push = _push(record)
    lasting_away = TOGETHER * common + np.sqrt(1 - TOGETHER**2) * rng.standard_normal(n)
    result = {}
    for school_year, year_group in year_groups.items():
        ill = STAYS * lasting_ill + np.sqrt(1 - STAYS**2) * rng.standard_normal(n)
        away = STAYS * lasting_away + np.sqrt(1 - STAYS**2) * rng.standard_normal(n)
        away = away + push + _by_year_group(year_group)
        result[school_year] = Traits(
            _scores(ill + 0.3 * push, year_group), _scores(away, year_group)
        )
    return result


def _push(record: Record) -> Floats:
    push = np.zeros(len(record.starts))
    for kind, weight in WEIGHTS.items():
        push += weight * record.mask(kind)
    return push


def _by_year_group(year_group: Ints) -> Floats:
    return np.array([BY_YEAR_GROUP.get(int(value), 0.0) for value in year_group])


def _scores(values: Floats, year_group: Ints) -> Floats:
    """Normal scores within Years 7-11, and within everybody else, of that year."""
    scores = np.zeros(len(values))
    lower = (year_group >= 7) & (year_group <= 11)
    for group in (lower, ~lower):
        if group.any():
            scores[group] = normal_scores(values[group])
    return scores
