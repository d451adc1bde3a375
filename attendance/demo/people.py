"""The pupils themselves: names, UPNs, birth dates, and which of them share a household.

A UPN is a check letter, three digits of local authority, four of school, two of year and three of
serial number. 999 is not a local authority, so none of these can be a real pupil's.
"""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pandas as pd

from attendance.demo.arrays import Ints, Rng
from attendance.demo.names import forename, short_name, surnames
from attendance.demo.roll import Roll

CHECK_LETTERS = "ABCDEFGHJKLMNPQRTUVWXYZ"
FICTIONAL_LA = "999"
SHARED_HOUSEHOLD = 0.35
TWINS = 0.06  # of the sibling pairs that fall in one year group


def build_pupils(rng: Rng, roll: Roll) -> pd.DataFrame:
    """One row a pupil: who they are, but not where they are placed."""
    born = [_birth_date(rng, int(cohort)) for cohort in roll.cohort]
    household = _households(rng, roll.cohort, born)
    names = surnames(rng, int(household.max()) + 1)
    sexes = ["F" if draw < 0.495 else "M" for draw in rng.random(len(roll))]
    forenames = _forenames(rng, sexes, household)
    return pd.DataFrame(
        {
            "upn": _upns(roll.cohort),
            "admission_number": _admission_numbers(roll),
            "surname": [names[home] for home in household],
            "forename": forenames,
            "preferred_name": [short_name(rng, given) for given in forenames],
            "sex": sexes,
            "birth_date": born,
            "household": household,
        }
    )


def upn(school: int, year: int, serial: int) -> str:
    """The UPN with its check letter: the digits weighted 2 to 13, summed, modulo 23."""
    digits = f"{FICTIONAL_LA}{school:04d}{year % 100:02d}{serial:03d}"
    total = sum(int(digit) * weight for weight, digit in enumerate(digits, start=2))
    return CHECK_LETTERS[total % 23] + digits


def _birth_date(rng: Rng, cohort: int) -> date:
    first = date(cohort - 12, 9, 1)
    return first + timedelta(days=int(rng.integers((date(cohort - 11, 9, 1) - first).days)))


def _upns(cohort: Ints) -> list[str]:
    """Numbers given in Reception, seven years before Year 7, by three primary schools."""
    result = [""] * len(cohort)
    for value in np.unique(cohort):
        for position, row in enumerate(np.flatnonzero(cohort == value)):
            primary, serial = position % 3, position // 3
            school = 2001 + primary + 3 * (serial // 999)
            result[row] = upn(school, int(value) - 7, serial % 999 + 1)
    return result


def _admission_numbers(roll: Roll) -> list[str]:
    order = sorted(range(len(roll)), key=lambda row: roll.spells[row][0][0])
    numbers = {row: f"{number:05d}" for number, row in enumerate(order, start=10001)}
    return [numbers[row] for row in range(len(roll))]


def _households(rng: Rng, cohort: Ints, born: list[date]) -> Ints:
    """A household number for each pupil; about 35 % live with another pupil of the school.

    ``born`` is changed for twins, who share their birth date.
    """
    household = np.full(len(cohort), -1, dtype=np.int64)
    order = [int(row) for row in rng.permutation(len(cohort))]
    sharing, number = order[: round(len(order) * SHARED_HOUSEHOLD * 1.12)], 0
    while len(sharing) > 1:
        family = [sharing.pop() for _ in range(min(3 if rng.random() < 0.15 else 2, len(sharing)))]
        for row in family[1:]:
            if cohort[row] == cohort[family[0]] and rng.random() < TWINS:
                born[row] = born[family[0]]
            elif cohort[row] == cohort[family[0]]:
                continue
            household[row] = number
        household[family[0]] = number
        number += 1
    alone = np.flatnonzero(household < 0)
    household[alone] = np.arange(number, number + len(alone))
    return household


def _forenames(rng: Rng, sexes: list[str], household: Ints) -> list[str]:
    """Forenames; no two in a household have the same."""
    used: set[tuple[int, str]] = set()
    result = []
    for sex, home in zip(sexes, household, strict=True):
        given = forename(rng, sex)
        while (int(home), given) in used:
            given = forename(rng, sex)
        used.add((int(home), given))
        result.append(given)
    return result
