"""From a pupil's line of marks to the sessions that a referral lists."""

from __future__ import annotations

from datetime import date

import numpy as np
import numpy.typing as npt
import pandas as pd

from attendance.core.referral import SessionFact
from attendance.core.slots import SLOTS, moment_of
from attendance.errors import NotInForce
from attendance.rules.codes import CODE_OF, NO_MARK, Category, Code, code_on, reading_of

Marks = npt.NDArray[np.uint8]
Flags = npt.NDArray[np.bool_]

ABSENT = (Category.AUTHORISED, Category.UNAUTHORISED)
ATTENDED = (Category.PRESENT, Category.APPROVED_ACTIVITY)


def session_facts(
    marks: Marks, expected: Flags, school_year: int, details: pd.DataFrame
) -> tuple[SessionFact, ...]:
    """Every absence of a line, late arrivals after the register closed among them, oldest first.

    marks, expected: (540,), the pupil's line and where a mark is expected (on roll and open).
    details: slot, minutes_late, comment.
    """
    noted = {row.slot: row for row in details.itertuples(index=False)}
    facts = []
    for slot in np.flatnonzero(expected & (marks != ord(NO_MARK))):
        reading = _reading(school_year, int(slot), int(marks[slot]))
        if reading.category in ABSENT:
            facts.append(_fact(school_year, int(slot), reading, noted.get(int(slot))))
    return tuple(facts)


def last_attended(marks: Marks, expected: Flags, school_year: int) -> date | None:
    """The last day on which a session was attended, or None."""
    for slot in np.flatnonzero(expected & (marks != ord(NO_MARK)))[::-1]:
        if _reading(school_year, int(slot), int(marks[slot])).category in ATTENDED:
            return moment_of(school_year, int(slot))[0]
    return None


def longest_absence(marks: Marks, expected: Flags, school_year: int) -> int:
    """The longest run of sessions missed one after another.

    Closed days, sessions that are not possible and missing marks neither count nor break it.
    """
    longest = run = 0
    for slot in np.flatnonzero(expected & (marks != ord(NO_MARK))):
        category = _reading(school_year, int(slot), int(marks[slot])).category
        if category in ABSENT:
            run += 1
            longest = max(longest, run)
        elif category in ATTENDED:
            run = 0
    return longest


def up_to(slot: int) -> Flags:
    """(540,) True to ``slot``, itself included: narrows ``expected`` to a period's end."""
    return np.arange(SLOTS) <= slot


def _reading(school_year: int, slot: int, mark: int) -> Code:
    return reading_of(CODE_OF[chr(mark)], moment_of(school_year, slot)[0])


def _fact(school_year: int, slot: int, reading: Code, noted: object) -> SessionFact:
    day, session = moment_of(school_year, slot)
    minutes = getattr(noted, "minutes_late", None)
    comment = getattr(noted, "comment", None)
    return SessionFact(
        day=day,
        session=session,
        code=reading.code,
        name=reading.name,
        authorised=reading.category == Category.AUTHORISED,
        is_withdrawn=not _is_in_force(reading.code, day),
        minutes_late=None if pd.isna(minutes) else int(minutes),
        comment="" if pd.isna(comment) else str(comment),
    )


def _is_in_force(code: str, day: date) -> bool:
    try:
        code_on(code, day)
    except NotInForce:
        return False
    return True
