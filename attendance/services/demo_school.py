"""Saving the demo school, by the same store functions that a real school's data goes through."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime
from typing import Any

import numpy as np
import pandas as pd

from attendance.core.amendments import NewAmendment
from attendance.core.calendar import Closure, Term
from attendance.core.people import Person
from attendance.core.register_times import USUAL
from attendance.core.settings import TARGET
from attendance.core.slots import school_year_of, slot_of
from attendance.demo.history import DemoAmendment
from attendance.demo.school import DemoSchool
from attendance.rules.roles import Role
from attendance.services.accounts import DEMO_PASSWORD, hash_password
from attendance.store import (
    amendments,
    particulars,
    pupils,
    records,
    registers,
    schools,
    settings,
    users,
)
from attendance.store.engine import Tx
from attendance.store.particulars import Characteristic, Contact
from attendance.store.pupils import Enrolment, NewPupil, Placement
from attendance.store.registers import MarkDetail


def save_demo(tx: Tx, demo: DemoSchool, now: datetime) -> int:
    """Everything of the demo school, in the caller's transaction; the school's id."""
    school_id = schools.add_school(tx, demo.name, demo.urn, demo.phase, now, is_demo=True)
    schools.set_times(tx, school_id, USUAL)
    _save_calendar(tx, school_id, demo)
    _save_staff(tx, school_id, demo, now)
    ids = _save_pupils(tx, school_id, demo)
    for year, marks in demo.marks.items():
        registers.write_lines(tx, school_id, year, np.array(ids, dtype=np.int64), marks)
        registers.write_details(tx, school_id, year, list(_details(demo.details[year], ids)))
    staff = {person.username: person for person in demo.staff}
    made = [_amendment(each, ids, staff[each.username]) for each in demo.amendments]
    amendments.append(tx, school_id, made)
    _save_records(tx, school_id, demo, ids, now)
    return school_id


def _save_records(tx: Tx, school_id: int, demo: DemoSchool, ids: list[int], now: datetime) -> None:
    (officer,) = [each for each in demo.staff if each.role == Role.ATTENDANCE_OFFICER]
    by = Person(officer.username, officer.name, officer.position, school_id, frozenset())
    for record in demo.records.each:
        records.add(tx, school_id, replace(record, pupil_id=ids[record.pupil_id]), by, now)
    settings.add(
        tx, school_id, TARGET, "94.5", source="Invented attendance policy, September 2026",
        valid_from=date(demo.school_years[0], 9, 1), review_on=None, by=by, at=now,
    )  # fmt: skip


def _save_calendar(tx: Tx, school_id: int, demo: DemoSchool) -> None:
    for year in demo.school_years:
        terms: list[Term] = [term for of, term in demo.terms if of == year]
        closures: list[Closure] = [closure for of, closure in demo.closures if of == year]
        schools.replace_terms(tx, school_id, year, terms)
        schools.replace_closures(tx, school_id, year, closures)


def _save_staff(tx: Tx, school_id: int, demo: DemoSchool, now: datetime) -> None:
    # One hash for all of them: the demo's password is no secret, and each hash takes time.
    password_hash = hash_password(DEMO_PASSWORD)
    for person in demo.staff:
        scopes = frozenset({person.scope} - {""})
        users.add_user(
            tx,
            school_id,
            person.username,
            person.name,
            person.position,
            password_hash,
            {person.role: scopes},
            now,
        )


def _save_pupils(tx: Tx, school_id: int, demo: DemoSchool) -> list[int]:
    ids = pupils.add_pupils(tx, school_id, [NewPupil(**row) for row in _rows(demo.pupils)])
    pupils.add_enrolments(tx, school_id, (Enrolment(**r) for r in _of(demo.enrolments, ids)))
    pupils.save_placements(tx, school_id, [Placement(**r) for r in _of(demo.placements, ids)])
    particulars.add_characteristics(
        tx, school_id, (Characteristic(**r) for r in _of(demo.characteristics, ids))
    )
    contacts = (Contact(**row) for row in _of(demo.contacts, ids))
    particulars.replace_contacts(tx, school_id, ids, contacts)
    return ids


def _rows(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """A frame's rows with plain Python values; what is missing is None."""
    plain = frame.astype(object)
    return [
        {str(name): value for name, value in row.items()}
        for row in plain.where(plain.notna(), None).to_dict("records")
    ]


def _of(frame: pd.DataFrame, ids: list[int]) -> Iterator[dict[str, Any]]:
    for row in _rows(frame):
        yield {"pupil_id": ids[row.pop("row")], **row}


def _details(frame: pd.DataFrame, ids: list[int]) -> Iterator[MarkDetail]:
    return (MarkDetail(**row) for row in _of(frame, ids))


def _amendment(made: DemoAmendment, ids: list[int], by: Any) -> NewAmendment:
    year = school_year_of(made.day)
    return NewAmendment(
        school_year=year,
        pupil_id=ids[made.row],
        slot=slot_of(year, made.day, made.session),
        day=made.day,
        session=made.session,
        original=made.original,
        amended=made.amended,
        reason=made.reason,
        at=made.at,
        username=by.username,
        name=by.name,
        position=by.position,
    )
