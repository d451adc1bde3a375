"""A small school with terms, for the services of the register and of a pupil's page."""

from __future__ import annotations

from datetime import UTC, date, datetime

from sqlalchemy import Engine

from attendance.core.amendments import MarkChange
from attendance.core.calendar import Term
from attendance.core.people import Person
from attendance.core.register import Register
from attendance.core.slots import Session
from attendance.rules.roles import Role
from attendance.services.registers import load_register
from attendance.store import amendments, particulars, pupils, schools
from attendance.store.engine import write
from attendance.store.particulars import Characteristic, Contact
from attendance.store.pupils import Enrolment, NewPupil, Placement

NOW = datetime(2026, 11, 24, 10, 12, tzinfo=UTC)
TUESDAY = date(2026, 11, 24)
MONDAY = date(2026, 11, 23)
FIRST = date(2026, 9, 1)
AM, PM = Session.AM, Session.PM
AMINA, BRAM, CLEO, SCRIPT = 1, 2, 3, 4

PUPILS = (
    NewPupil("Testwick", "Amina", "A999000000001", preferred_name="Mina", household=7, sex="F",
             birth_date=date(2012, 12, 25)),
    NewPupil("Sampleton", "Bram", "A999000000002", admission_number="004711", sex="M"),
    NewPupil("Testwick", "Cléo", "A999000000003", household=7, sex="F"),
    NewPupil("=HYPERLINK(\"http://x\")", "<script>alert(1)</script>", household=None),
)  # fmt: skip
PLACES = {AMINA: (9, "9K"), BRAM: (9, "9K"), CLEO: (10, "10A"), SCRIPT: (9, "9L")}


def school(engine: Engine) -> int:
    """Amina (called Mina) and Bram in 9K, Amina's sister Cléo in 10A, a hostile name in 9L."""
    with write(engine) as tx:
        school_id = schools.add_school(tx, "Invented High School", "999001", "secondary", NOW)
        terms = [
            Term("Autumn 1", FIRST, date(2026, 10, 23)),
            Term("Autumn 2", date(2026, 11, 2), date(2026, 12, 18)),
            Term("Spring and summer", date(2027, 1, 4), date(2027, 7, 21)),
        ]
        schools.replace_terms(tx, school_id, 2026, terms)
        ids = pupils.add_pupils(tx, school_id, PUPILS)
        assert ids == list(PLACES)
        pupils.add_enrolments(tx, school_id, [Enrolment(each, FIRST) for each in ids])
        pupils.save_placements(
            tx, school_id, [Placement(each, FIRST, *place) for each, place in PLACES.items()]
        )
        particulars.add_characteristics(
            tx, school_id, [Characteristic(AMINA, "social_worker", FIRST, None, "Secret plan")]
        )
        particulars.replace_contacts(
            tx, school_id, [AMINA],
            [Contact(AMINA, 1, "Zora Testwick", "Mother", True, True, "07700 900001")],
        )  # fmt: skip
    mark(engine, AMINA, MONDAY, AM, "N")
    for pupil_id in PLACES:
        mark(engine, pupil_id, TUESDAY, AM, "/")
    return school_id


def mark(engine: Engine, pupil_id: int, day: date, session: Session, code: str) -> None:
    """A first mark."""
    with write(engine) as tx:
        change = MarkChange(pupil_id, day, session, "-", code)
        amendments.change_marks(tx, 1, [change], person(), "Register taken", NOW)


def person(role: Role = Role.ATTENDANCE_OFFICER, *scope: str, name: str = "Pat Invented") -> Person:
    """Somebody with one role."""
    scopes = {role: frozenset(scope)}
    return Person(name.split()[0].lower(), name, role.title, 1, frozenset({role}), scopes)


def registers_of(engine: Engine) -> tuple[Register, Register]:
    """This year's register and last year's."""
    return load_register(engine, 1, 2026), load_register(engine, 1, 2025)
