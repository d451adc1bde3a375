"""What the generator knows of one school year before any mark is drawn."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np

from attendance.demo.arrays import Bools, Ints
from attendance.demo.calendar import SchoolDays, open_days
from attendance.demo.roll import Roll
from attendance.demo.traits import Traits


@dataclass(frozen=True)
class Year:
    """One school year: its days, and for each pupil year group, form, traits and days due."""

    days: SchoolDays
    year_group: Ints
    forms: tuple[str, ...]
    due: Bools  # (n, days) on roll, and the school open to the year group
    traits: Traits
    household: Ints
    sibling: Ints  # the row of a brother or sister, or -1

    @property
    def shape(self) -> tuple[int, int, int]:
        return len(self.year_group), len(self.days), 2

    def lower_school(self) -> Bools:
        """(n,) in Years 7 to 11 and on roll at some time in the year."""
        in_years: Bools = (self.year_group >= 7) & (self.year_group <= 11) & self.due.any(axis=1)
        return in_years


def build_year(
    roll: Roll, traits: Traits, household: Ints, days: SchoolDays, forms_on: date
) -> Year:
    """Gather one year; ``forms_on`` is the day whose forms stand for the year."""
    year_group = roll.year_group(days.school_year)
    due = roll.on_roll(days.days)
    for value in np.unique(year_group):
        rows = year_group == value
        in_school = open_days(days.school_year, int(value)) if 7 <= value <= 13 else False
        due[rows] &= in_school
    forms = tuple(roll.forms_on(forms_on))
    return Year(days, year_group, forms, due, traits, household, _siblings(household))


def _siblings(household: Ints) -> Ints:
    """For each pupil the next one of the same household, round in a ring; -1 when there is none."""
    result = np.full(len(household), -1, dtype=np.int64)
    order = np.argsort(household, kind="stable")
    _, first, count = np.unique(household[order], return_index=True, return_counts=True)
    for start, size in zip(first[count > 1], count[count > 1], strict=True):
        family = order[start : start + size]
        result[family] = np.roll(family, -1)
    return result
