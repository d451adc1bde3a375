"""Absence: the sessions of some pupils over a period, counted once and shown by week and day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt
import pandas as pd

from attendance.core.absence import by_weekday, same_point, school_week_numbers, weekly_totals
from attendance.core.figures import (
    ABSENT,
    ATTENDED,
    COUNTS,
    counts_frame,
    is_counted,
    weekly_counts,
    with_absence_flags,
)
from attendance.core.people import Person
from attendance.core.register import Register
from attendance.core.slots import SLOTS_A_WEEK, WEEKS, moment_of
from attendance.core.suppression import few_and_another
from attendance.core.views import seen_as
from attendance.services.absence_scope import Asked, reached


@dataclass(frozen=True)
class Span:
    """The pupils in question, and their sessions of a period: counted once."""

    register: Register
    first: int
    last: int
    weekly: npt.NDArray[np.int64]
    counts: pd.DataFrame


def span_of_pupils(person: Person, register: Register, asked: Asked, first: int, last: int) -> Span:
    seen = seen_as(register, asked.view)
    mask = reached(person, seen.pupils)
    if asked.year_group is not None:
        mask &= (seen.pupils["year_group"] == asked.year_group).to_numpy()
    if asked.form:
        mask &= (seen.pupils["form"] == asked.form).to_numpy()
    own = seen.only(mask)
    weekly = weekly_counts(own, first, last)
    day = moment_of(own.school_year, last)[0]
    counts = with_absence_flags(counts_frame(weekly.sum(axis=1)), day)
    return Span(own, first, last, weekly, counts)


def span_before(
    person: Person, register: Register, before: Register, asked: Asked, first: int, last: int
) -> Span | None:
    """Last year's pupils of the same description, to the same point of the school year."""
    ends = same_point(register.calendar, before.calendar, last)
    starts = 0 if first == 0 else same_point(register.calendar, before.calendar, first)
    if ends is None or starts is None:
        return None
    span = span_of_pupils(person, before, asked, starts, ends)
    return span if span.counts["possible_sessions"].sum() else None


def differ_by_few(one: Span | None, other: Span | None, under: int) -> set[str]:
    """Which numbers of two figures, side by side, tell of 1 to ``under`` - 1 pupils by difference:
    pupils, persistently_absent, severely_absent."""
    if one is None or other is None:
        return set()
    ours, theirs = _pupils_counted(one), _pupils_counted(other)
    return {name for name in ours if 0 < abs(ours[name] - theirs[name]) < under}


def _pupils_counted(span: Span) -> dict[str, int]:
    flags = ("persistently_absent", "severely_absent")
    counted = {name: int(span.counts[name].sum()) for name in flags}
    return counted | {"pupils": int((span.counts["possible_sessions"] > 0).sum())}


def first_day_of(span: Span) -> date:
    slots = np.flatnonzero(span.register.expected[:, span.first : span.last + 1].any(axis=0))
    return moment_of(span.register.school_year, span.first + int(slots[0]))[0]


def weekday_rates(span: Span, earlier: Span | None, under: int = 0) -> pd.DataFrame:
    """The days of the week; one with sessions for 1 to ``under`` - 1 pupils is hidden (NaN)."""
    days = _by_day(span, under)
    then = _by_day(earlier, under)["rate"] if earlier else np.nan
    return days.assign(comparator=then)


def _by_day(span: Span, under: int) -> pd.DataFrame:
    halves = by_weekday(span.register, span.first, span.last)
    morning = halves[halves["session"] == "AM"].reset_index(drop=True)
    afternoon = halves[halves["session"] == "PM"].reset_index(drop=True)
    missed = morning["absent_sessions"] + afternoon["absent_sessions"]
    possible = morning["possible_sessions"] + afternoon["possible_sessions"]
    days = pd.DataFrame(
        {
            "missed": missed,
            "possible": possible,
            "rate": missed / possible.where(possible > 0),
            "morning": morning["absence_rate"],
            "afternoon": afternoon["absence_rate"],
        }
    )
    if under:
        days = days.astype("float64")
        days.loc[few_and_another(_pupils_by_weekday(span), under)] = np.nan
    return days.assign(label=["Mon", "Tue", "Wed", "Thu", "Fri"])


def _pupils_by_weekday(span: Span) -> npt.NDArray[np.int64]:
    """(5,) pupils with a possible session on a Monday, a Tuesday …; of its halves, the fewer."""
    counted = sum(is_counted(span.register, name, span.first, span.last) for name in POSSIBLE)
    halves = np.asarray(counted).reshape(-1, WEEKS, SLOTS_A_WEEK).any(axis=1).sum(axis=0)
    both: npt.NDArray[np.int64] = halves.reshape(5, 2).astype(np.int64)
    # A half that nobody had tells of nobody.
    fewer: npt.NDArray[np.int64] = both.min(axis=1)
    fewer[fewer == 0] = both.max(axis=1)[fewer == 0]
    return fewer


def weeks_beside(span: Span, earlier: Span | None, under: int = 0) -> pd.DataFrame:
    """This year's weeks from the first to the last, and last year's same school weeks.

    A week in which 1 to ``under`` - 1 pupils had a session is hidden (NaN).
    """
    this = _by_week(span, under)
    weeks = pd.DataFrame({"week": range(int(this["week"].min()), int(this["week"].max()) + 1)})
    start = this["first_day"].iloc[0] - pd.Timedelta(weeks=int(this["week"].iloc[0]))
    mondays = [start + pd.Timedelta(weeks=int(week)) for week in weeks["week"]]
    weeks["label"] = [f"Week of {monday.day} {monday:%B %Y}" for monday in mondays]
    found = [weeks.merge(this[_WEEK], on="week", how="left").assign(series="This year")]
    if earlier:
        last = _by_week(earlier, under)
        last["number"] = school_week_numbers(earlier.register.calendar, last["week"])
        numbers = school_week_numbers(span.register.calendar, this["week"])
        same = pd.DataFrame({"week": this["week"], "number": numbers})
        last = same.merge(last.drop(columns="week"), on="number")
        found.append(weeks.merge(last[_WEEK], on="week", how="left").assign(series="Last year"))
    return pd.concat(found, ignore_index=True)


def _by_week(span: Span, under: int) -> pd.DataFrame:
    weeks = weekly_totals(span.weekly, span.register.school_year)
    if under:
        possible = span.weekly[:, :, [COUNTS.index(name) for name in POSSIBLE]].any(axis=2)
        hides = few_and_another(possible.sum(axis=0)[weeks["week"].to_numpy()], under)
        figures = ["absence_rate", "possible_sessions"]
        weeks[figures] = weeks[figures].astype("float64")
        weeks.loc[hides, figures] = np.nan
    return weeks


POSSIBLE = (*ATTENDED, *ABSENT)
_WEEK = ["week", "absence_rate", "possible_sessions"]
