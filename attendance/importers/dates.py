"""Dates as registers write them: day first, as in the UK, or in a form that cannot be mistaken.

A date is never guessed. Each text is read on its own (`read_date`), then all the dates of a file
are settled together (`settle`): a date that only makes sense with the month first is held.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from attendance.core.slots import school_year_of, year_name

FIRST_YEAR, LAST_YEAR = 2006, 2099  # attendance codes begin with the 2006 Regulations
SERIAL_ZERO = date(1899, 12, 30)  # Excel's day 0, which allows for its false 29 February 1900
LONGEST = 60  # characters; a longer text is not a date
NEAR = timedelta(days=21)  # longer than a Christmas or Easter holiday

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
MONTH_NAME = (
    r"(jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    r"|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)"
)
WEEKDAY = re.compile(
    r"\b(mon|tue|wed|thu|fri|sat|sun)(?:s|nes|rs|ur)?(?:day)?\b\.?,?", re.IGNORECASE
)
ISO = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})")
COMPACT = re.compile(r"((?:19|20)\d\d)(\d\d)(\d\d)")
SERIAL = re.compile(r"\d{5}(?:\.0+)?")
NUMERIC = re.compile(r"(\d{1,2})([-/. ])(\d{1,2})\2(\d{4}|\d{2})")
NUMERIC_NO_YEAR = re.compile(r"(\d{1,2})[-/.](\d{1,2})")
NAMED = re.compile(
    rf"(\d{{1,2}})(?:st|nd|rd|th)?[-/. ]*{MONTH_NAME}[-/.,' ]*(\d{{4}}|\d{{2}})?", re.IGNORECASE
)
MONTH_NAMED = re.compile(
    rf"{MONTH_NAME}[-/. ]*(\d{{1,2}})(?:st|nd|rd|th)?(?:[-/.,' ]+(\d{{4}}))?", re.IGNORECASE
)
ANY_DATE = re.compile(
    rf"\d{{4}}-\d{{1,2}}-\d{{1,2}}|\d{{1,2}}[/.-]\d{{1,2}}[/.-]\d{{2,4}}"
    rf"|\d{{1,2}}(?:st|nd|rd|th)? {MONTH_NAME} \d{{4}}",
    re.IGNORECASE,
)
SCHOOL_YEAR = re.compile(r"\b(20\d\d)\s?[-/_]\s?(?:20)?(\d\d)\b")


@dataclass(frozen=True, slots=True)
class DateReading:
    """``day`` read day first; ``month_first`` the other reading where there is one.

    ``is_sure`` when no other reading exists; ``no_year`` holds (month, day) of a date without one,
    and ``swaps`` whether it is written in numbers that can be read the other way round.
    """

    day: date | None = None
    month_first: date | None = None
    is_sure: bool = False
    weekday: int | None = None
    no_year: tuple[int, int] | None = None
    swaps: bool = False


def read_date(text: str) -> DateReading | None:
    """Read one date; None when the text is not a date in any known form."""
    if len(text) > LONGEST:
        return None
    named = WEEKDAY.search(text)
    weekday = WEEKDAYS.index(named.group(1).lower()) if named else None
    rest = WEEKDAY.sub(" ", text).strip(" ,-_()")
    return _sure(rest, weekday) or _numeric(rest, weekday) or _with_month_name(rest, weekday)


def _sure(text: str, weekday: int | None) -> DateReading | None:
    for form in (ISO, COMPACT):
        if found := form.fullmatch(text):
            day = _date(*(int(part) for part in found.groups()))
            return DateReading(day, is_sure=True, weekday=weekday) if day else None
    if SERIAL.fullmatch(text):
        day = SERIAL_ZERO + timedelta(days=int(text[:5]))
        if FIRST_YEAR <= day.year <= LAST_YEAR:
            return DateReading(day, is_sure=True, weekday=weekday)
    return None


def _numeric(text: str, weekday: int | None) -> DateReading | None:
    if short := NUMERIC_NO_YEAR.fullmatch(text):
        return _without_year(int(short[2]), int(short[1]), weekday, swaps=True)
    found = NUMERIC.fullmatch(text)
    if not found:
        return None
    first, second, year = int(found[1]), int(found[3]), _full_year(found[4])
    day, other = _date(year, second, first), _date(year, first, second)
    if day is None and other is None:
        return None
    if day == other or _names(weekday, day, other):
        other = None
    return DateReading(day, other, is_sure=other is None, weekday=weekday)


def _names(weekday: int | None, day: date | None, other: date | None) -> bool:
    """True when a weekday written beside the date settles that the day comes first."""
    if weekday is None or day is None or day.weekday() != weekday:
        return False
    return other is None or other.weekday() != weekday


def _with_month_name(text: str, weekday: int | None) -> DateReading | None:
    if found := NAMED.fullmatch(text):
        number, name, year = found.groups()
    elif found := MONTH_NAMED.fullmatch(text):
        name, number, year = found.groups()
    else:
        return None
    month = MONTHS.index(name[:3].lower()) + 1
    if year is None:
        return _without_year(month, int(number), weekday, swaps=False)
    day = _date(_full_year(year), month, int(number))
    return DateReading(day, is_sure=True, weekday=weekday) if day else None


def _without_year(
    month: int, number: int, weekday: int | None, *, swaps: bool
) -> DateReading | None:
    if _date(2024, month, number) is None:  # a leap year, so that 29 February is a date
        return None
    return DateReading(weekday=weekday, no_year=(month, number), swaps=swaps)


def _full_year(text: str) -> int:
    return int(text) if len(text) == 4 else 2000 + int(text)


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


@dataclass(frozen=True, slots=True)
class Settled:
    """The dates of a file: those read, and a sentence for each that was held."""

    days: Mapping[str, date]
    held: Mapping[str, str]


def settle(texts: Iterable[str], hints: Sequence[str] = ()) -> Settled:
    """Read all the distinct date texts of a file together.

    ``hints`` are its title lines and name: they give the year to dates that have none.
    """
    days: dict[str, date] = {}
    held: dict[str, str] = {}
    readings: dict[str, DateReading] = {}
    for text in texts:
        reading = read_date(text)
        if reading and reading.no_year:
            reading = _in_hinted_year(reading, hints)
        if reading is None:
            held[text] = f"‘{text}’ is not a date this program can read; write it as 03/11/2026"
        else:
            readings[text] = reading
    judge = _Judge.of(readings.values())
    for text, reading in readings.items():
        says = judge.objection(text, reading)
        if says or reading.day is None:
            held[text] = says or f"‘{text}’ has no year; write the date as 03/11/2026"
        else:
            days[text] = reading.day
    return _without_strays(days, held)


@dataclass(frozen=True, slots=True)
class _Judge:
    """What the file's other dates say about one that has two readings."""

    sure: list[date]
    has_month_first: bool

    @classmethod
    def of(cls, readings: Iterable[DateReading]) -> _Judge:
        readings = list(readings)
        sure = sorted({r.day for r in readings if r.is_sure and r.day})
        unsure = [r for r in readings if r.day and r.month_first]
        only_month_first = any(r.day is None and r.month_first for r in readings)
        scattered = (
            not sure and _gaps(r.day for r in unsure) and not _gaps(r.month_first for r in unsure)
        )
        return cls(sure, only_month_first or scattered)

    def objection(self, text: str, reading: DateReading) -> str | None:
        day, other = reading.day, reading.month_first
        if day is None:
            return None if other is None else _month_first(text, other)
        if day.weekday() > 4 and (other is None or other.weekday() > 4):
            return f"‘{text}’ is a {day:%A}, when a register has no session; correct the date"
        stated = reading.weekday
        if (
            stated is not None
            and day.weekday() != stated
            and (other is None or other.weekday() != stated)
        ):
            return f"‘{text}’ names another weekday: {day:%-d %B %Y} is a {day:%A}"
        if other is None:
            return None
        if self.has_month_first or day.weekday() > 4 or self._fits_only(day, other):
            return _two_ways(text, day, other)
        return _two_ways(text, day, other) if stated not in (None, day.weekday()) else None

    def _fits_only(self, day: date, other: date) -> bool:
        return bool(self.sure) and not self._is_near(day) and self._is_near(other)

    def _is_near(self, day: date) -> bool:
        at = bisect_left(self.sure, day)
        return any(abs(near - day) <= NEAR for near in self.sure[max(at - 1, 0) : at + 1])


def _gaps(days: Iterable[date | None]) -> bool:
    ordered = sorted({day for day in days if day})
    return any(after - before > NEAR for before, after in zip(ordered, ordered[1:], strict=False))


def _two_ways(text: str, day: date, other: date) -> str:
    return (
        f"‘{text}’ can be read as {day:%-d %B %Y} or, month first, as {other:%-d %B %Y}, and the "
        "file’s other dates speak for the second; write the date as 2026-11-03 or 3 Nov 2026"
    )


def _month_first(text: str, other: date) -> str:
    return (
        f"‘{text}’ has the month first ({other:%-d %B %Y}?); "
        "write the date with the day first, or as 2026-11-03"
    )


def _without_strays(days: dict[str, date], held: dict[str, str]) -> Settled:
    """Hold a date more than a school year away from the one in which most of the dates lie."""
    years = sorted(school_year_of(day) for day in days.values())
    middle = years[len(years) // 2] if years else 0
    kept: dict[str, date] = {}
    for text, day in days.items():
        year = school_year_of(day)
        if not FIRST_YEAR <= day.year <= LAST_YEAR or abs(year - middle) > 1:
            held[text] = (
                f"‘{text}’ is in the school year {year_name(year)}, but the file’s other dates are "
                f"in {year_name(middle)}; correct the date"
            )
        else:
            kept[text] = day
    return Settled(kept, held)


def _in_hinted_year(reading: DateReading, hints: Sequence[str]) -> DateReading:
    """Give a date without a year the one that the file's titles imply."""
    if reading.no_year is None:
        return reading
    month, number = reading.no_year
    for year in hinted_school_years(tuple(hints)):
        day = _in_school_year(year, month, number)
        if day and reading.weekday in (None, day.weekday()):
            other = _in_school_year(year, number, month) if reading.swaps else None
            other = None if _names(reading.weekday, day, other) or other == day else other
            return DateReading(day, other, is_sure=other is None, weekday=reading.weekday)
    return reading


def _in_school_year(school_year: int, month: int, number: int) -> date | None:
    return _date(school_year if month >= 8 else school_year + 1, month, number)


def hinted_school_years(hints: Sequence[str]) -> list[int]:
    """School years that the titles or the file's name speak of, first mentioned first."""
    years: list[int] = []
    for hint in hints:
        for found in ANY_DATE.finditer(hint):
            reading = read_date(found.group())
            if reading and reading.day:
                years.append(school_year_of(reading.day))
        for found in SCHOOL_YEAR.finditer(hint):
            if int(found[2]) == (int(found[1]) + 1) % 100:
                years.append(int(found[1]))
    return list(dict.fromkeys(years))
