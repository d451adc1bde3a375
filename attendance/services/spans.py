"""Stretches of registers that are to be counted: which school years, from and to which slot."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

import numpy as np

from attendance.core.register import Register
from attendance.core.slots import SLOTS, first_slot_from, moment_of, school_year_of
from attendance.core.views import View, seen_as
from attendance.errors import Refused
from attendance.services.registers import today_of


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of one school year: its register in the view asked for, and two slots.

    After the latest complete session no mark is missing yet, whatever the day: the columns of an
    export that run to July are sessions to come, not unmarked ones.
    """

    register: Register
    first_slot: int
    last_slot: int
    view: View
    is_everybody: bool = True

    @property
    def last_day(self) -> date:
        """The day on which counting ends: its limits decide who is persistently absent."""
        return moment_of(self.register.school_year, max(self.last_slot, 0))[0]


def span_of(
    register: Register, view: View, first_day: date | None, last_day: date | None, now: datetime
) -> Span:
    """What of a whole school's register is counted between two days, or from its start to now."""
    first = first_slot_from(register.school_year, first_day) if first_day else 0
    last = last_counted_slot(register, last_day, now)
    taken = register.covered & (np.arange(SLOTS) <= register.latest)
    return Span(seen_as(replace(register, covered=taken), view), first, last, view)


def last_counted_slot(register: Register, last_day: date | None, now: datetime) -> int:
    """Where counting ends: the latest complete session, or the day asked for.

    What lies ahead is never counted, though leave for it may have been entered already.
    """
    if last_day is None:
        return register.latest
    year = register.school_year
    asked = first_slot_from(year, last_day + timedelta(days=1)) - 1
    return min(asked, max(register.latest, first_slot_from(year, today_of(now)) - 1))


def years_asked(
    held: Sequence[int], first_day: date | None, last_day: date | None, now: datetime
) -> list[int]:
    """Of the school years held, oldest first, those that two days reach into; without days, the
    newest that has begun. Raises Refused where there is none, or the days are the wrong way round.
    """
    if not held:
        raise Refused("There is no register yet: import one first.")
    latest = school_year_of(last_day) if last_day else _latest_year(held, now)
    earliest = school_year_of(first_day) if first_day else latest
    if earliest > latest or (first_day and last_day and first_day > last_day):
        raise Refused("The first day is after the last: give the earlier one first.")
    return [year for year in held if earliest <= year <= latest] or [latest]


def days_of_spans(spans: Sequence[Span]) -> tuple[date, date]:
    """The first day on which anybody is expected, and the last that is counted."""
    year = spans[0].register.school_year
    is_open = np.flatnonzero(spans[0].register.expected.any(axis=0))
    start = moment_of(year, int(is_open[0]))[0] if len(is_open) else date(year, 8, 1)
    end = spans[-1].last_day
    return min(start, end), end


def _latest_year(held: Sequence[int], now: datetime) -> int:
    past = [year for year in held if year <= school_year_of(today_of(now))]
    return past[-1] if past else held[-1]
