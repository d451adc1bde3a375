"""Two views of one register: the school's own, and the one DfE's published figures can be held to.

School: everybody, to the latest complete session. DfE-comparable (pupil absence methodology): ages
5 to 15 on 31 August at the start of the year, and for pupils aged 15 then, nothing of the second
half of the summer term, so that a pupil who joins Year 11 in it is in no published figure. Age 4
is collected too, but as a figure of its own that is never split into authorised and unauthorised.

DfE's terms are those of the school census, whatever the school's own terms are (``census_terms``).
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from enum import StrEnum
from functools import cache

import numpy as np
import numpy.typing as npt

from attendance.core.calendar import Term
from attendance.core.register import Register
from attendance.core.slots import first_slot_from
from attendance.rules.days import bank_holidays
from attendance.rules.limits import limit_on

DAY = timedelta(days=1)
SUNDAY = 6


class View(StrEnum):
    """Which pupils and sessions a figure covers; every figure shown names its view."""

    SCHOOL = "school"
    DFE = "dfe"

    @property
    def words(self) -> str:
        return {"school": "School view: every pupil", "dfe": "DfE-comparable view: ages 5 to 15"}[
            self.value
        ]


def seen_as(register: Register, view: View) -> Register:
    """The register with only the pupils and sessions that the view covers."""
    if view == View.SCHOOL:
        return register
    first, last = published_ages(register.school_year)
    ages = ages_on(register, _start(register.school_year))
    kept = register.only((ages >= first) & (ages <= last))
    on_roll = kept.on_roll.copy()
    oldest = ages_on(kept, _start(register.school_year)) == last
    dropped = census_terms(register.school_year)[-1].first_day
    on_roll[oldest, first_slot_from(register.school_year, dropped) :] = False
    return replace(kept, on_roll=on_roll)


def below_published_age(register: Register) -> Register:
    """The pupils a year too young for the published figures: age 4 on 31 August.

    DfE collects their overall absence and publishes it apart; it never splits it by reason.
    """
    first, _ = published_ages(register.school_year)
    return register.only(ages_on(register, _start(register.school_year)) == first - 1)


def published_ages(school_year: int) -> tuple[int, int]:
    """The youngest and the oldest age on 31 August whose absence DfE publishes."""
    first, last = (limit_on(f"published_age_{end}", _start(school_year)) for end in _ENDS)
    return int(first.value), int(last.value)


@cache
def census_terms(school_year: int) -> tuple[Term, Term, Term, Term]:
    """The terms of DfE's absence figures, without a gap from 1 August to 31 July.

    Autumn to 31 December; spring to Easter Sunday; the first half of summer to the Sunday before
    the spring bank holiday; the second half to 31 July. (DfE pupil absence methodology.)
    """
    end = school_year + 1
    monday, spring = _movable_feasts(end)
    half_term = spring - DAY * ((spring.weekday() - SUNDAY) % 7 or 7)
    return (
        Term("Autumn term", date(school_year, 8, 1), date(school_year, 12, 31)),
        Term("Spring term", date(end, 1, 1), monday - DAY),
        Term("Summer term, first half", monday, half_term),
        Term("Summer term, second half", half_term + DAY, date(end, 7, 31)),
    )


def census_terms_between(school_year: int, first_day: date, last_day: date) -> tuple[Term, ...]:
    """The census terms that a span of days reaches into, in order."""
    return tuple(
        term
        for term in census_terms(school_year)
        if term.first_day <= last_day and first_day <= term.last_day
    )


def ages_on(register: Register, day: date) -> npt.NDArray[np.int64]:
    """(n,) age in whole years; where no birth date is known, the usual age of the year group."""
    pupils = register.pupils
    ages = [
        _age(born, day) if isinstance(born, date) else year_group + 4
        for born, year_group in zip(pupils["birth_date"], pupils["year_group"], strict=True)
    ]
    return np.array(ages, dtype=np.int64)


_ENDS = ("first", "last")


def _start(school_year: int) -> date:
    return date(school_year, 8, 31)


def _movable_feasts(year: int) -> tuple[date, date]:
    """Easter Monday, and the spring bank holiday (moved from May to June for some jubilees)."""
    names = {name: day for day, name in bank_holidays(date(year, 3, 1), date(year, 6, 30)).items()}
    return names["Easter Monday"], names["Spring Bank Holiday"]


def _age(born: date, day: date) -> int:
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))
