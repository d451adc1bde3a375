"""A small school for the store's tests, in one line."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from sqlalchemy import Engine

from attendance.core.amendments import MarkChange
from attendance.core.people import Person
from attendance.core.slots import Session, moment_of
from attendance.rules.roles import Role
from attendance.store import amendments, pupils, schools
from attendance.store.engine import write
from attendance.store.pupils import Enrolment, NewPupil, Placement

NOW = datetime(2026, 11, 24, 9, 30, 15, 123456, tzinfo=UTC)
DAY = date(2026, 11, 23)
YEAR = 2026
OFFICER = Person("officer", "Olive Testcase", "Attendance Officer", 1, frozenset())
HEAD = Person("head", "Hedda Sample", "Headteacher", 1, frozenset({Role.HEADTEACHER}))
NAMES = ("Amina", "Bilal", "Cerys", "Dmitri", "Esther")


def school(
    engine: Engine, *, pupils_on_roll: int = 3, urn: str = "999001"
) -> tuple[int, list[int]]:
    """A school with pupils in 9K since September; its id and theirs."""
    with write(engine) as tx:
        school_id = schools.add_school(tx, "Invented High School", urn, "secondary", NOW)
        people = [
            NewPupil("Example", NAMES[n % len(NAMES)] + str(n // len(NAMES) or ""))
            for n in range(pupils_on_roll)
        ]
        ids = pupils.add_pupils(tx, school_id, people)
        first = date(YEAR, 9, 1)
        pupils.add_enrolments(tx, school_id, [Enrolment(each, first) for each in ids])
        pupils.save_placements(tx, school_id, [Placement(each, first, 9, "9K") for each in ids])
    return school_id, ids


def change(
    pupil_id: int, expected: str, code: str, day: date = DAY, session: Session = Session.AM
) -> MarkChange:
    """One mark to change, in the morning of DAY unless said otherwise."""
    return MarkChange(pupil_id, day, session, expected, code)


def turn_of(pupil_id: int, turn: int) -> MarkChange:
    """The change after ``turn`` others: N through ten sessions, then I over each N, and so on."""
    codes = ("-", "N", "I", "M", "L", "C", "E", "G", "O", "U", "B", "P", "V", "W", "K", "D")
    done, slot = divmod(turn, 10)
    day, session = moment_of(YEAR, slot + 170)
    return MarkChange(pupil_id, day, session, codes[done], codes[done + 1])


def amend(
    engine: Engine,
    school_id: int,
    *changes: MarkChange,
    by: Person = OFFICER,
    reason: str = "Parent telephoned",
    after: int = 0,
) -> list[int]:
    """Amend in a transaction of its own, ``after`` minutes past NOW."""
    with write(engine) as tx:
        at = NOW + timedelta(minutes=after)
        return amendments.change_marks(tx, school_id, changes, by, reason, at)
