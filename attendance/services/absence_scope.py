"""Absence: what a person may ask for, and over which pupils.

A governor sees the whole school, its year groups and two splits, with small groups hidden. A year
group or form of its own, or chosen days, could be told apart from what is shown beside them.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

import numpy as np
import pandas as pd

from attendance.core.absence import Mask, Period
from attendance.core.cohorts import Cohort
from attendance.core.people import Person
from attendance.core.permissions import allows, check, visible
from attendance.core.register import Register
from attendance.core.views import View
from attendance.rules.roles import Permission, Role, grant

DASHBOARDS = (Permission.SCHOOL_DASHBOARD, Permission.YEAR_DASHBOARD)


class Split(StrEnum):
    """By what the pupils are told apart."""

    YEARS = "years"
    FORMS = "forms"
    GROUPS = "groups"


@dataclass(frozen=True, slots=True)
class Asked:
    """What the person chose to see."""

    view: View = View.SCHOOL
    period: Period = Period.YEAR
    days: tuple[date, date] | None = None
    year_group: int | None = None
    form: str | None = None
    split: Split = Split.YEARS
    cohorts: tuple[Cohort, ...] = ()


@dataclass(frozen=True, slots=True)
class Choices:
    """What a person may choose between. ``forms`` are those of the chosen year group."""

    years: tuple[int, ...]
    forms: tuple[str, ...]
    periods: tuple[Period, ...]


def choices(person: Person, register: Register, year_group: int | None) -> Choices:
    """The year groups, forms and periods on offer: none of a size that hides a person."""
    person, is_hidden = as_seen_by(person)
    if is_hidden:
        return Choices((), (), (Period.YEAR, Period.HALF_TERM, Period.FOUR_WEEKS))
    pupils = register.pupils[reached(person, register.pupils)]
    places = pupils[["year_group", "form"]].drop_duplicates().sort_values(["year_group", "form"])
    years = tuple(int(year) for year in places["year_group"].unique())
    if year_group is not None:
        places = places[places["year_group"] == year_group]
    return Choices(years, tuple(str(form) for form in places["form"]), tuple(Period))


def splits(person: Person, chosen: Choices, asked: Asked) -> tuple[Split, ...]:
    """By what the chosen pupils can be told apart: one year group has no others beside it."""
    if as_seen_by(person)[1]:
        return Split.YEARS, Split.GROUPS
    if asked.form or len(chosen.forms) == 1:
        return (Split.GROUPS,)
    if asked.year_group is not None or len(chosen.years) == 1:
        return Split.FORMS, Split.GROUPS
    return tuple(Split)


def as_seen_by(person: Person) -> tuple[Person, bool]:
    """The person for this page, and whether small groups are hidden from them.

    A governor who also works at the school sees here what that work needs, as it is; the
    governor's reach over the whole school never adds to it unhidden.
    """
    check(person, *DASHBOARDS)
    plain = frozenset(role for role in person.roles if not _hides_small_groups(role))
    worker = replace(person, roles=plain)
    return (worker, False) if allows(worker, *DASHBOARDS) else (person, True)


def reached(person: Person, pupils: pd.DataFrame) -> Mask:
    """(n,) the pupils whose figures this person may see pooled."""
    mask = np.zeros(len(pupils), dtype=np.bool_)
    for permission in DASHBOARDS:
        mask |= visible(person, permission, pupils)
    return mask


def _hides_small_groups(role: Role) -> bool:
    return any(grant(role, permission).endswith("suppressed") for permission in DASHBOARDS)


def within_reach(asked: Asked, is_hidden: bool) -> Asked:
    """What was asked for, less what is not open to a governor."""
    if not is_hidden:
        return asked
    period = Period.YEAR if asked.period == Period.CUSTOM else asked.period
    split = Split.YEARS if asked.split == Split.FORMS else asked.split
    return replace(
        asked, period=period, split=split, year_group=None, form=None, days=None, cohorts=()
    )
