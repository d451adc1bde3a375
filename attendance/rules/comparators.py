"""National figures to compare a school with, from data/reference/national.csv.

There are two series and they are not interchangeable. 'census' is Pupil absence in schools in
England: full years, final. 'daily' is Pupil attendance in schools: the daily registers of the
schools that share them, provisional, with the day it was published. They cover different schools
and days (2024/25 overall absence is 6.78 in one and 6.87 in the other), so a list returned here
is always of one series, and each row names its own.

Measures: overall_absence, authorised_absence, unauthorised_absence, late_before_close (per cent
of possible sessions); persistent_absence, severe_absence (per cent of pupils); share_of_absence
(per cent of absent sessions, one group per code). Phases: primary, secondary, special,
alternative, all. `group` is "" for all pupils, else a year group, a weekday, a code or a cohort.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Literal, cast

from attendance.errors import NotFound

NATIONAL_FILE = Path(__file__).parents[2] / "data" / "reference" / "national.csv"
Series = Literal["census", "daily"]
ALL_PUPILS = ""


@dataclass(frozen=True, slots=True)
class Comparator:
    """One national figure. `as_at` is when a daily figure was published; None for the census."""

    measure: str
    phase: str
    academic_year: str
    period: str
    group: str
    value: Decimal
    series: Series
    provisional: bool
    as_at: date | None
    source: str


@cache
def all_comparators() -> tuple[Comparator, ...]:
    """Every row of the table, in the order of the file."""
    with NATIONAL_FILE.open(encoding="utf-8", newline="") as lines:
        return tuple(_comparator(row) for row in csv.DictReader(lines))


@cache
def comparators(phase: str, measure: str, series: Series | None = None) -> tuple[Comparator, ...]:
    """The figures of one series for all years and groups, oldest first.

    The series asked for; otherwise the census where it has the measure, else daily registers.
    Empty when nothing is known.
    """
    rows = [row for row in all_comparators() if (row.phase, row.measure) == (phase, measure)]
    chosen = series or min((row.series for row in rows), default="census")
    return tuple(sorted((row for row in rows if row.series == chosen), key=_when))


def latest(phase: str, measure: str, series: Series | None = None) -> Comparator:
    """The most recent figure for all pupils, of either series unless one is asked for.

    Raises NotFound when no figure is known.
    """
    known = [
        row
        for one in (["census", "daily"] if series is None else [series])
        for row in comparators(phase, measure, cast(Series, one))
        if row.group == ALL_PUPILS
    ]
    if not known:
        raise NotFound(
            f"No national figure is known for {measure.replace('_', ' ')} ({phase} schools)."
        )
    return max(known, key=_when)


def same_time_last_year(phase: str, measure: str, day: date) -> Comparator | None:
    """What the daily registers of last year said by this time: year to date with year to date.

    A part-year figure is never to be compared with a full-year one. None when nothing had been
    published by then, or it is not in the table.
    """
    then = day - timedelta(weeks=52)
    published = [
        row
        for row in comparators(phase, measure, "daily")
        if row.group == ALL_PUPILS
        and row.academic_year == _academic_year(then)
        and row.as_at is not None
        and row.as_at <= then
    ]
    return max(published, key=_when, default=None)


def _when(row: Comparator) -> tuple[str, date]:
    return row.academic_year, row.as_at or date.min


def _academic_year(day: date) -> str:
    start = day.year if day.month >= 8 else day.year - 1
    return f"{start}/{(start + 1) % 100:02}"


def _comparator(row: Mapping[str, str]) -> Comparator:
    return Comparator(
        measure=row["measure"],
        phase=row["phase"],
        academic_year=row["academic_year"],
        period=row["period"],
        group=row["group"],
        value=Decimal(row["value_percent"]),
        series=cast(Series, row["series"]),
        provisional=row["provisional"] == "1",
        as_at=date.fromisoformat(row["as_at"]) if row["as_at"] else None,
        source=row["source"],
    )
