"""A drawn school as the engine's registers and records: the one module here that knows both."""

from __future__ import annotations

from dataclasses import asdict

import numpy as np

from attendance.core.calendar import Calendar, Closure, Term
from attendance.core.records import (
    ExpectedAbsence,
    Leave,
    NoticeState,
    PartTimePlan,
    PenaltyNotice,
    Records,
    TriggerSettings,
)
from attendance.core.register import Register, build_register
from attendance.core.slots import SLOTS
from attendance.rules.codes import SYMBOL_OF
from tests.build import roll
from tests.oracle.draw import Noted, Thresholds
from tests.oracle.school import Pupil, School, Year


def pupils_of(school: School, year: Year) -> list[Pupil]:
    return [pupil for pupil in school.pupils if year.school_year in pupil.lines]


def registers(school: School) -> list[Register]:
    """One register a school year, its rows in the order of ``pupils_of``."""
    return [_register(school, year) for year in school.years]


def _register(school: School, year: Year) -> Register:
    held = pupils_of(school, year)
    frame = roll(
        len(held),
        year_groups=[pupil.year_groups[year.school_year] for pupil in held],
        born=[pupil.born for pupil in held],
    )
    frame["pupil_id"] = [pupil.pupil_id for pupil in held]
    frame["household"] = pd_object([pupil.household for pupil in held])
    frame["first_day"] = [pupil.spells[-1][0] for pupil in held]
    frame["last_day"] = pd_object([pupil.spells[-1][1] for pupil in held])
    text = "".join(SYMBOL_OF[code] for pupil in held for code in pupil.lines[year.school_year])
    lines = np.frombuffer(text.encode("ascii"), dtype=np.uint8).reshape(-1, SLOTS)
    spells = [(pupil.pupil_id, *spell) for pupil in held for spell in pupil.spells]
    ids = np.array([pupil.pupil_id for pupil in held], dtype=np.int64)
    return build_register(calendar(year), frame, spells, ids, lines)


def calendar(year: Year) -> Calendar:
    terms = tuple(Term(f"Term {n}", *days) for n, days in enumerate(year.terms))
    closures = tuple(Closure(a, b, "closure", years, "Shut") for a, b, years in year.closures)
    return Calendar(year.school_year, terms, closures, year.seen)


def records(noted: Noted) -> Records:
    """What staff noted, as the engine takes it."""
    return Records(
        tuple(Leave(*each) for each in noted.leaves),
        tuple(ExpectedAbsence(*each) for each in noted.expected),
        tuple(PartTimePlan(*each) for each in noted.plans),
        tuple(
            PenaltyNotice(pupil_id, parent, issued_on, NoticeState(state))
            for pupil_id, parent, issued_on, state in noted.notices
        ),
        noted.social_worker,
        noted.yot_worker,
    )


def settings(own: Thresholds) -> TriggerSettings:
    return TriggerSettings(**asdict(own))


def pd_object(values: list[object]) -> np.ndarray:
    """A column that keeps None as None."""
    column = np.empty(len(values), dtype=object)
    column[:] = values
    return column
