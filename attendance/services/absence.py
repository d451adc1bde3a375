"""Absence: how a school, year group or form is doing, for whom, and against what.

Counted once a pupil, then pooled every way it is asked for. A governor sees the whole school, its
year groups and the free-school-meals and SEN splits, with small groups hidden, and nobody's name.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from attendance.core.absence import Mask, Period, by_group, by_reason, span_of
from attendance.core.people import Person
from attendance.core.register import Register
from attendance.core.scopes import scope_in_words
from attendance.core.slots import Session, moment_of
from attendance.core.suppression import suppressed
from attendance.core.views import View
from attendance.rules.comparators import Comparator, same_time_last_year
from attendance.rules.limits import limit_on
from attendance.rules.roles import Permission
from attendance.services.absence_groups import Holders, group_masks
from attendance.services.absence_scope import Asked, Split, as_seen_by, within_reach
from attendance.services.absence_spans import (
    Span,
    differ_by_few,
    first_day_of,
    span_before,
    span_of_pupils,
    weekday_rates,
    weeks_beside,
)
from attendance.services.cohorts import cohort_register, facts_of
from attendance.services.comparators import OwnComparator, own_comparators
from attendance.store import particulars
from attendance.store.engine import Engine, read


@dataclass(frozen=True, slots=True)
class Figure:
    """Whole numbers of one group of pupils over one period; None is hidden as too small."""

    pupils: int | None
    possible: int | None
    missed: int | None
    authorised: int | None
    unauthorised: int | None
    persistent: int | None
    severe: int | None
    until: tuple[date, Session]

    @property
    def rate(self) -> float | None:
        return self.missed / self.possible if self.possible and self.missed is not None else None

    @property
    def persistent_rate(self) -> float | None:
        if self.persistent is None or not self.pupils:
            return None
        return self.persistent / self.pupils


@dataclass(frozen=True, slots=True)
class AbsenceReport:
    """``who``: 'Years 7 to 13', 'Year 9' or '9K'.

    ``split``: a frame of groups with ``comparator`` (0-1 or NaN), and for a governor the columns of
    core.suppression; ``against`` says what the comparator is. ``weeks``: week, label, series,
    absence_rate, possible_sessions. ``weekdays``: label, missed, possible, rate, morning, afternoon
    (rates), comparator (last year's rate); NaN where a governor may not see the week or day.
    ``reasons`` (by_reason) is None for a governor.
    """

    who: str
    asked: Asked
    is_suppressed: bool
    small_base: int
    first_day: date
    total: Figure
    before: Figure | None
    national: Comparator | None
    national_persistent: Comparator | None
    own: tuple[OwnComparator, ...]
    split: pd.DataFrame
    against: str
    weeks: pd.DataFrame
    weekdays: pd.DataFrame
    reasons: pd.DataFrame | None


def absence_report(
    engine: Engine,
    person: Person,
    register: Register,
    before: Register,
    asked: Asked,
    phase: str,
) -> AbsenceReport | None:
    """The figures for the pupils this person reaches, narrowed to a year group or form if asked.

    ``register`` and ``before`` are the whole school's, of this school year and the last. None
    where nothing has been marked in the period. Raises NotAllowed.
    """
    person, is_hidden = as_seen_by(person)
    asked = within_reach(asked, is_hidden)
    register, before = _within(engine, person, (register, before), asked)
    first, last = span_of(register, asked.period, asked.days)
    if last < first:
        return None
    day = moment_of(register.school_year, last)[0]
    span = span_of_pupils(person, register, asked, first, last)
    if not span.counts["possible_sessions"].sum():
        return None
    earlier = span_before(person, register, before, asked, first, last)
    told: set[str] = set()
    if is_hidden and asked.view != View.SCHOOL:
        # The other view stands one click away: what differs by a few pupils tells of those few.
        whole = replace(asked, view=View.SCHOOL)
        both = (
            (span, span_of_pupils(person, register, whole, first, last)),
            (earlier, span_before(person, register, before, whole, first, last)),
        )
        told = set.union(*(differ_by_few(*pair, _fewest(day)) for pair in both))
        if told - {"severely_absent"}:
            return absence_report(engine, person, register, before, whole, phase)
    split, against = _split(engine, person, span, earlier, asked, is_hidden, day)
    who = _who(person, asked, span)
    total = _figure(span, is_hidden)
    fewest = _fewest(day) if is_hidden else 0
    national, persistent = _national(phase, asked, who, day)
    return AbsenceReport(
        who=who,
        asked=asked,
        is_suppressed=is_hidden,
        small_base=int(limit_on("small_base_sessions", day).value),
        first_day=first_day_of(span),
        total=replace(total, severe=None) if told else total,
        before=_figure(earlier, is_hidden) if earlier else None,
        national=national,
        national_persistent=persistent,
        own=own_comparators(engine, person, day),
        split=split,
        against=against,
        weeks=weeks_beside(span, earlier, fewest),
        weekdays=weekday_rates(span, earlier, fewest),
        reasons=None if is_hidden else by_reason(span.register, first, last),
    )


def _within(
    engine: Engine, person: Person, registers: tuple[Register, Register], asked: Asked
) -> tuple[Register, Register]:
    """Two registers with only the sessions of the groups that were asked for."""
    if not asked.cohorts:
        return registers
    facts = facts_of(engine, person.school_id)
    this, before = (cohort_register(person, each, asked.cohorts, facts) for each in registers)
    return this, before


def _who(person: Person, asked: Asked, span: Span) -> str:
    everybody = _place_in_words(person, asked, span)
    return ", ".join([everybody, *(cohort.words for cohort in asked.cohorts)])


def _place_in_words(person: Person, asked: Asked, span: Span) -> str:
    if asked.form:
        return asked.form
    if asked.year_group is not None:
        return f"Year {asked.year_group}"
    scope = scope_in_words(person, Permission.YEAR_DASHBOARD)
    if scope:
        return scope
    years = span.register.pupils["year_group"]
    first, last = int(years.min()), int(years.max())
    return f"Years {first} to {last}" if first < last else f"Year {first}"


def _figure(span: Span, is_hidden: bool) -> Figure:
    everyone = {"all": np.ones(len(span.counts), dtype=np.bool_)}
    until = moment_of(span.register.school_year, span.last)
    total = by_group(span.counts, everyone)
    if is_hidden:
        total = suppressed(total, _fewest(until[0]))
    row = total.iloc[0]
    is_few = pd.isna(row["pupils"])
    severe = int(row["severely_absent"])
    return Figure(
        pupils=_known(row["pupils"]),
        possible=_known(row["possible_sessions"]),
        missed=_known(row["absent_sessions"]),
        authorised=None if is_few else int(row["authorised_absence"]),
        unauthorised=None if is_few else int(row["unauthorised_absence"]),
        persistent=_known(row["persistently_absent"]),
        severe=None if is_few or (is_hidden and 0 < severe < _fewest(until[0])) else severe,
        until=until,
    )


def _known(number: Any) -> int | None:
    return None if pd.isna(number) else int(number)


def _fewest(day: date) -> int:
    return int(limit_on("suppressed_under_pupils", day).value)


def _national(
    phase: str, asked: Asked, who: str, day: date
) -> tuple[Comparator | None, Comparator | None]:
    """Year to date goes with year to date, and with nothing else; and a form is no school."""
    if asked.period != Period.YEAR or not who.startswith("Year") or asked.cohorts:
        return None, None
    return (
        same_time_last_year(phase, "overall_absence", day),
        same_time_last_year(phase, "persistent_absence", day),
    )


def _split(
    engine: Engine,
    person: Person,
    span: Span,
    earlier: Span | None,
    asked: Asked,
    is_hidden: bool,
    day: date,
) -> tuple[pd.DataFrame, str]:
    """The groups in a settled order, each with what it is held against, and that in words.

    Of the DfE-comparable view a governor sees the total only: a year group beside the same one in
    the school's view would tell of the few pupils between them.
    """
    if is_hidden and asked.view != View.SCHOOL:
        return by_group(span.counts, {}).assign(comparator=np.nan), ""
    if asked.split == Split.YEARS:
        return _by_year(span, earlier, is_hidden, day), "the same year group last year"
    if asked.split == Split.FORMS:
        forms = by_group(span.counts, _by_value(span.register.pupils, "form"))
        years = by_group(span.counts, _by_value(span.register.pupils, "year_group"))
        year_of = span.register.pupils.drop_duplicates("form").set_index("form")["year_group"]
        rates = years["absence_rate"].reindex(year_of.reindex(forms.index).astype(str))
        return forms.assign(comparator=rates.to_numpy()), "the whole year group"
    holders = characteristics_on(engine, person.school_id, day)
    everyone = float(_figure(span, False).rate or 0)
    parts = [
        _hide(by_group(span.counts, masks), is_hidden, day)
        for masks in group_masks(person, span.register, holders, is_hidden)
    ]
    groups = pd.concat(parts)
    return groups[groups["pupils"].ne(0).fillna(True)].assign(comparator=everyone), "all together"


def _by_year(span: Span, earlier: Span | None, is_hidden: bool, day: date) -> pd.DataFrame:
    years = by_group(span.counts, _by_value(span.register.pupils, "year_group"))
    rates = pd.Series(dtype="float64")
    if earlier:
        then = by_group(earlier.counts, _by_value(earlier.register.pupils, "year_group"))
        rates = _hide(then, is_hidden, day)["absence_rate"].astype("float64")
    years = _hide(years, is_hidden, day).assign(comparator=rates.reindex(years.index).to_numpy())
    return years.rename(index=lambda year: f"Year {year}")


def _by_value(pupils: pd.DataFrame, column: str) -> dict[str, Mask]:
    """One group for each value, year groups in order and forms in order within them."""
    order = pupils[["year_group", "form"]].drop_duplicates().sort_values(["year_group", "form"])
    values = pupils[column].to_numpy()
    return {str(value): values == value for value in order[column].unique()}


def _hide(groups: pd.DataFrame, is_hidden: bool, day: date) -> pd.DataFrame:
    return suppressed(groups, _fewest(day)) if is_hidden else groups


def characteristics_on(engine: Engine, school_id: int, day: date) -> Holders:
    """Who has each characteristic on a day: kind -> pupil ids."""
    with read(engine) as tx:
        facts = particulars.characteristics(tx, school_id)
    holders: dict[str, set[int]] = {}
    for fact in facts:
        if fact.is_true_on(day):
            holders.setdefault(fact.kind, set()).add(fact.pupil_id)
    return holders
