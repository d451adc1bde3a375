"""Days the law fixes: bank holidays in England, and compulsory school age."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import holidays

# Education Act 1996 s8(2): the days on which a child who is five starts to be of the age.
PRESCRIBED_DAYS = ((3, 31), (8, 31), (12, 31))
STARTS_AT, ENDS_AT = 5, 16
LAST_MONTH_OF_SCHOOL_YEAR = 8
FRIDAY = 4


def bank_holidays(first: date, last: date) -> dict[date, str]:
    """Bank holidays in England from first to last, both included, in order, with their names.

    A holiday that falls at a weekend is given on the weekday kept instead of it, because the
    weekend itself is no school day. Extra days announced by proclamation are known only as far
    as the `holidays` library has been told of them.
    """
    years = range(first.year, last.year + 1)
    kept = holidays.country_holidays("GB", subdiv="ENG", years=years)
    return {
        day: name.replace("(observed)", "(substitute day)")
        for day, name in sorted(kept.items())
        if first <= day <= last and day.weekday() <= FRIDAY
    }


def compulsory_school_age(born: date) -> tuple[date, date]:
    """The first and the last day on which a child born that day is of compulsory school age.

    It starts on the fifth birthday if that is 31 March, 31 August or 31 December, else on the
    next of those days. It ends on the last Friday of June in the school year in which the child
    becomes 16; a school year is taken to run from 1 September (Education Act 1996 s8).
    """
    return _first_day(born), _last_friday_of_june(_year_it_ends(born))


def _first_day(born: date) -> date:
    return next(
        day
        for day in _prescribed_days(born.year + STARTS_AT)
        if _month_day(day) >= _month_day(born)
    )


def _prescribed_days(year: int) -> Iterator[date]:
    return (date(year, month, day) for month, day in PRESCRIBED_DAYS)


def _month_day(day: date) -> tuple[int, int]:
    # Months and days, because a child born on 29 February has no fifth birthday to construct.
    return day.month, day.day


def _year_it_ends(born: date) -> int:
    sixteen = born.year + ENDS_AT
    return sixteen if born.month <= LAST_MONTH_OF_SCHOOL_YEAR else sixteen + 1


def _last_friday_of_june(year: int) -> date:
    end = date(year, 6, 30)
    return end - timedelta(days=(end.weekday() - FRIDAY) % 7)
