"""Term dates of the demo school for any school year, in the shape of an English calendar.

Half term is the week of the last Monday of October, a week in mid-February and the week of the
spring bank holiday; Christmas and Easter are two weeks. Five INSET days. The school opens on 191
days: Years 8-11 and 13 start a day after Years 7 and 12, who stay at home on the July induction
day, so that every pupil has 190 days, 380 sessions.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

import numpy as np

from attendance.core.calendar import Calendar, Closure, Term, open_sessions
from attendance.core.slots import days_of
from attendance.demo.arrays import Bools, Days, Floats, Ints
from attendance.rules.days import bank_holidays

DAYS_FOR_PUPILS = 190
INSET_DAYS = 5
STAGGERED_DAYS = 1
YEAR_GROUPS = (7, 8, 9, 10, 11, 12, 13)
NEW_YEARS = frozenset({7, 12})
OTHER_YEARS = frozenset(YEAR_GROUPS) - NEW_YEARS
DAY = timedelta(days=1)
Break = tuple[date, date]


@dataclass(frozen=True)
class SchoolDays:
    """The open days of one year, one entry a day, with what the generator needs of each."""

    school_year: int
    days: Days
    am_slot: Ints
    weekday: Ints
    week: Ints  # 0, 1, 2 … counting only weeks with a school day
    month: Ints
    progress: Floats  # 0 at the first day, 1 at the last
    break_edges: Ints  # index of the first day of each half term

    def __len__(self) -> int:
        return len(self.days)

    def index(self, day: date) -> int:
        """The first school day on or after ``day`` (len(self) when the year is over)."""
        return int(np.searchsorted(self.days, np.datetime64(day, "D")))


@cache
def terms_of(school_year: int) -> tuple[Term, ...]:
    """The six half terms; INSET days lie inside them."""
    breaks = _breaks(school_year)
    first, last = _first_and_last(school_year)
    starts = [first, *(after + DAY for _, after in breaks)]
    ends = [*(before - DAY for before, _ in breaks), last]
    names = ("Autumn 1", "Autumn 2", "Spring 1", "Spring 2", "Summer 1", "Summer 2")
    return tuple(
        Term(name, _open_from(start), _open_to(end))
        for name, start, end in zip(names, starts, ends, strict=True)
    )


@cache
def closures_of(school_year: int) -> tuple[Closure, ...]:
    """Five INSET days, the staggered start and the July induction day."""
    terms = terms_of(school_year)
    first, last = terms[0].first_day, terms[-1].last_day
    inset = (first, terms[1].first_day, terms[2].first_day, terms[5].first_day, last)
    staggered, induction = _open_from(first + DAY), _open_to(last - DAY * 9)
    return (
        *(Closure(day, day, "inset", None, "INSET day") for day in inset),
        Closure(staggered, staggered, "closure", OTHER_YEARS, "First day: Years 7 and 12 only"),
        Closure(induction, induction, "closure", NEW_YEARS, "Induction day for new pupils"),
    )


@cache
def calendar_of(school_year: int) -> Calendar:
    """The whole calendar, as the store would give it back."""
    return Calendar(school_year, terms_of(school_year), closures_of(school_year))


@cache
def school_days_of(school_year: int) -> SchoolDays:
    """The days on which anybody has a session."""
    slots = np.flatnonzero(open_sessions(calendar_of(school_year)))[::2].astype(np.int64)
    days = days_of(school_year)[slots]
    weeks = np.unique(slots // 10, return_inverse=True)[1].astype(np.int64)
    starts = [np.datetime64(term.first_day, "D") for term in terms_of(school_year)]
    return SchoolDays(
        school_year=school_year,
        days=days,
        am_slot=slots,
        weekday=slots % 10 // 2,
        week=weeks,
        month=days.astype("datetime64[M]").astype(np.int64) % 12 + 1,
        progress=np.linspace(0.0, 1.0, len(slots)),
        break_edges=np.searchsorted(days, np.array(starts)).astype(np.int64),
    )


@cache
def open_days(school_year: int, year_group: int) -> Bools:
    """(191,) the school days of the year on which this year group has sessions: 190 of them."""
    is_open = open_sessions(calendar_of(school_year), year_group)
    result: Bools = is_open[school_days_of(school_year).am_slot]
    if result.sum() != DAYS_FOR_PUPILS:
        raise AssertionError(f"Year {year_group} has {result.sum()} days in {school_year}")
    return result


def first_school_day(school_year: int) -> date:
    """The day on which new pupils start."""
    return _day(school_days_of(school_year).days[0])


def last_school_day(school_year: int) -> date:
    """The last day with pupils."""
    return _day(school_days_of(school_year).days[-1])


def leaving_day(school_year: int) -> date:
    """The last Friday of June: compulsory school age ends (Education Act 1996, s. 8)."""
    june = date(school_year + 1, 6, 30)
    return june - timedelta(days=(june.weekday() - 4) % 7)


def easter(year: int) -> date:
    """Easter Sunday: two days after the bank holiday called Good Friday."""
    spring = bank_holidays(date(year, 3, 1), date(year, 4, 30))
    return next(day for day, name in spring.items() if "Good Friday" in name) + DAY * 2


def _day(value: np.datetime64) -> date:
    day: date = value.astype("datetime64[D]").item()
    return day


def _breaks(school_year: int) -> tuple[Break, ...]:
    """The five breaks as (first Monday or Saturday, last Sunday), weekends inside."""
    spring = school_year + 1
    october = _monday_on_or_before(date(school_year, 10, 31))
    christmas = _friday_on_or_before(date(school_year, 12, 22)) + DAY * 3
    february = _monday_on_or_before(date(spring, 2, 18))
    may = _monday_on_or_before(date(spring, 5, 31))
    lengths = ((october, 1), (christmas, 2), (february, 1), (_easter_break(spring), 2), (may, 1))
    return tuple((start, start + timedelta(weeks=weeks) - DAY) for start, weeks in lengths)


def _easter_break(year: int) -> date:
    """The Monday the two weeks begin: early Easters start them, late Easters end them."""
    sunday = easter(year)
    if sunday < date(year, 4, 3):
        return sunday + DAY
    if sunday > date(year, 4, 16):
        return sunday - DAY * 13
    return sunday - DAY * 6


def _first_and_last(school_year: int) -> Break:
    """The start in early September that ends the year nearest to 21 July."""
    goal = date(school_year + 1, 7, 21)
    starts = [date(school_year, 9, day) for day in (1, 2, 3, 4)]
    spans = [(start, _last_day(school_year, start)) for start in starts if start.weekday() < 5]
    return min(spans, key=lambda span: abs(span[1] - goal))


def _last_day(school_year: int, first: date) -> date:
    needed = DAYS_FOR_PUPILS + STAGGERED_DAYS + INSET_DAYS
    working = _working_days(school_year, first)
    return [next(working) for _ in range(needed)][-1]


def _working_days(school_year: int, first: date) -> Iterator[date]:
    """Weekdays that are neither in a break nor a bank holiday, from ``first`` on."""
    breaks = _breaks(school_year)
    holidays = bank_holidays(first, date(school_year + 1, 8, 31))
    day = first
    while True:
        in_break = any(start <= day <= end for start, end in breaks)
        if day.weekday() < 5 and not in_break and day not in holidays:
            yield day
        day += DAY


def _open_from(day: date) -> date:
    while day.weekday() > 4 or bank_holidays(day, day):
        day += DAY
    return day


def _open_to(day: date) -> date:
    while day.weekday() > 4 or bank_holidays(day, day):
        day -= DAY
    return day


def _monday_on_or_before(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _friday_on_or_before(day: date) -> date:
    return day - timedelta(days=(day.weekday() - 4) % 7)
