"""The school's own calendar: which of the year's 540 sessions its pupils are expected at.

Two sources, in this order: terms and closures that a person gave, else the sessions learnt from
the registers themselves (a column that is there to be marked is a session; one that is all ``#``
is a planned closure). Bank holidays of England close the school unless its register says not.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

import numpy as np
import numpy.typing as npt

from attendance.core.slots import SLOTS, SLOTS_A_WEEK, WEEKS, days_of, first_slot_from
from attendance.rules.days import bank_holidays

Mask = npt.NDArray[np.bool_]

UNKNOWN = "." * SLOTS


@dataclass(frozen=True, slots=True)
class Term:
    """A term or half term, both days included."""

    name: str
    first_day: date
    last_day: date


@dataclass(frozen=True, slots=True)
class Closure:
    """Days without sessions inside a term; ``years`` None closes for everybody."""

    first_day: date
    last_day: date
    kind: str  # "closure" or "inset"
    years: frozenset[int] | None
    name: str


@dataclass(frozen=True, slots=True)
class Calendar:
    """A school year's terms and closures, and what its registers said of each session.

    ``sessions`` has one character a slot: ``o`` seen as a session, ``#`` seen closed, ``.`` not
    seen in any register.
    """

    school_year: int
    terms: tuple[Term, ...] = ()
    closures: tuple[Closure, ...] = ()
    sessions: str = UNKNOWN

    @property
    def is_inferred(self) -> bool:
        """True when no person gave terms, so that they are read off the registers."""
        return not self.terms


def seen_sessions(calendar: Calendar) -> npt.NDArray[np.uint8]:
    """The (540,) characters of ``sessions`` as bytes."""
    return np.frombuffer(calendar.sessions.encode("ascii"), dtype=np.uint8)


def open_sessions(calendar: Calendar, year_group: int | None = None) -> Mask:
    """(540,) True where the school has a session for this year group (None: for any of them)."""
    seen = seen_sessions(calendar)
    if calendar.is_inferred:
        is_open: Mask = seen == ord("o")
    else:
        is_open = _in_terms(calendar) & (seen != ord("#"))
        is_open &= ~(_bank_holidays(calendar.school_year) & (seen != ord("o")))
    for closure in calendar.closures:
        if closure.years is None or (year_group is not None and year_group in closure.years):
            is_open[_span(calendar.school_year, closure.first_day, closure.last_day)] = False
    return is_open


def open_by_year_group(calendar: Calendar, year_groups: npt.NDArray[np.int64]) -> Mask:
    """(n, 540) open sessions for pupils whose year groups are given, one row a pupil."""
    result = np.empty((len(year_groups), SLOTS), dtype=np.bool_)
    if not closes_for_some(calendar):
        result[:] = open_sessions(calendar)
        return result
    for year_group in np.unique(year_groups):
        result[year_groups == year_group] = open_sessions(calendar, int(year_group))
    return result


def closes_for_some(calendar: Calendar) -> bool:
    """True where a closure is for some year groups only, so that pupils' calendars differ."""
    return any(closure.years is not None for closure in calendar.closures)


def weeks_with_school(is_open: Mask) -> Mask:
    """(54,) True for each week of the year's grid with a session, from (…, 540) open sessions."""
    by_slot = is_open.reshape(-1, WEEKS * SLOTS_A_WEEK).any(axis=0)
    has: Mask = np.logical_or.reduce(by_slot.reshape(WEEKS, SLOTS_A_WEEK), axis=1)
    return has


def school_weeks(calendar: Calendar) -> npt.NDArray[np.int64]:
    """The rows of the grid that have a session for anybody, in order: the school weeks."""
    return np.flatnonzero(weeks_with_school(open_sessions(calendar)))


def half_term_numbers(has_school: Mask) -> npt.NDArray[np.int64]:
    """(54,) the half term, from 1, that each week of the grid falls in or comes after.

    Half terms are parted by whole weeks without a session.
    """
    begins = has_school.copy()
    begins[1:] &= ~has_school[:-1]
    numbers: npt.NDArray[np.int64] = np.cumsum(begins)
    return numbers


def half_terms(calendar: Calendar) -> tuple[Term, ...]:
    """The half terms by name, from their first to their last school day.

    A term that a person gave names the half term with which it begins and ends; others are
    counted.
    """
    is_open = open_sessions(calendar)
    weeks = np.repeat(half_term_numbers(weeks_with_school(is_open)), SLOTS_A_WEEK)
    days, found = days_of(calendar.school_year), []
    for number in range(1, int(weeks[-1]) + 1):
        own = days[is_open & (weeks == number)]
        first, last = own[0].item(), own[-1].item()
        found.append(Term(_name_of(calendar, number, first, last), first, last))
    return tuple(found)


def _name_of(calendar: Calendar, number: int, first: date, last: date) -> str:
    given, week = term_at(calendar, first), timedelta(days=6)
    is_own = given and given.first_day >= first - week and given.last_day <= last + week
    return given.name if given and is_own else f"Half term {number}"


def school_days(calendar: Calendar) -> list[date]:
    """The days with at least one session for anybody, in order."""
    days = days_of(calendar.school_year)[open_sessions(calendar)]
    return [day.item() for day in np.unique(days)]


def school_days_after(calendar: Calendar, days: Iterable[date], number: int) -> list[date | None]:
    """For each day, the ``number``-th school day after it; None where the calendar ends before."""
    kept = school_days(calendar)
    places = (bisect_right(kept, day) + number - 1 for day in days)
    return [kept[place] if place < len(kept) else None for place in places]


def term_at(calendar: Calendar, day: date) -> Term | None:
    """The term that holds ``day``, if any."""
    return next((t for t in calendar.terms if t.first_day <= day <= t.last_day), None)


def merged_sessions(before: str, states: Iterable[tuple[int, str]]) -> str:
    """``before`` with newly read (slot, 'o' | '#') states: a session once seen open stays open."""
    line = list(before)
    for slot, state in states:
        if line[slot] != "o":
            line[slot] = state
    return "".join(line)


def _in_terms(calendar: Calendar) -> Mask:
    inside = np.zeros(SLOTS, dtype=np.bool_)
    for term in calendar.terms:
        inside[_span(calendar.school_year, term.first_day, term.last_day)] = True
    return inside


@cache
def _bank_holidays(school_year: int) -> Mask:
    days = days_of(school_year)
    holidays = bank_holidays(days[0].item(), days[-1].item())
    is_one: Mask = np.isin(days, np.array(sorted(holidays), dtype="datetime64[D]"))
    is_one.flags.writeable = False
    return is_one


def _span(school_year: int, first_day: date, last_day: date) -> slice:
    after = date.fromordinal(last_day.toordinal() + 1)
    return slice(first_slot_from(school_year, first_day), first_slot_from(school_year, after))
