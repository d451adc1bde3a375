"""Two views of one register: the school's own, and the one DfE's published figures can be held to.

School: everybody, to the latest complete session. DfE-comparable (pupil absence methodology): ages
5 to 15 on 31 August at the start of the year, and for pupils aged 15 then, nothing of the second
half of the summer term (from the spring bank holiday on).
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from enum import StrEnum

import numpy as np
import numpy.typing as npt

from attendance.core.register import Register
from attendance.core.slots import first_slot_from
from attendance.rules.days import bank_holidays
from attendance.rules.limits import limit_on


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
    start = date(register.school_year, 8, 31)
    first, last = (int(limit_on(f"published_age_{end}", start).value) for end in ("first", "last"))
    ages = ages_on(register, start)
    kept = register.only((ages >= first) & (ages <= last))
    on_roll = kept.on_roll.copy()
    oldest = ages_on(kept, start) == last
    on_roll[oldest, first_slot_from(register.school_year, spring_bank_holiday(register)) :] = False
    return replace(kept, on_roll=on_roll)


def ages_on(register: Register, day: date) -> npt.NDArray[np.int64]:
    """(n,) age in whole years; where no birth date is known, the usual age of the year group."""
    pupils = register.pupils
    ages = [
        _age(born, day) if isinstance(born, date) else year_group + 4
        for born, year_group in zip(pupils["birth_date"], pupils["year_group"], strict=True)
    ]
    return np.array(ages, dtype=np.int64)


def spring_bank_holiday(register: Register) -> date:
    """The last bank holiday of May or first of June: the second half of summer begins after it."""
    end = register.school_year + 1
    return max(bank_holidays(date(end, 5, 8), date(end, 6, 7)))


def _age(born: date, day: date) -> int:
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))
