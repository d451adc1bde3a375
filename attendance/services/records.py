"""What staff record of a pupil beside the marks, with the permission that each kind asks for."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from types import MappingProxyType

from attendance.core.people import Person
from attendance.core.permissions import check_pupil, visible
from attendance.core.records import (
    ExpectedAbsence,
    Leave,
    PartTimePlan,
    PenaltyNotice,
    Record,
    Records,
)
from attendance.core.register import Register
from attendance.errors import NotFound, Refused
from attendance.rules.codes import code_on
from attendance.rules.roles import Permission
from attendance.store import events, particulars
from attendance.store import records as store
from attendance.store.engine import Engine, Tx, read, write
from attendance.store.records import Kept

# What each kind of record asks for, to be read and written.
PERMISSION_OF = MappingProxyType(
    {
        Leave: Permission.DECIDE_LEAVE,
        ExpectedAbsence: Permission.PRE_ENTER_ABSENCE,
        PartTimePlan: Permission.MANAGE_CASE,
        PenaltyNotice: Permission.EVIDENCE_PACK,
    }
)
WORDS = MappingProxyType(
    {
        Leave: "leave of absence",
        ExpectedAbsence: "expected absence",
        PartTimePlan: "part-time timetable",
        PenaltyNotice: "penalty notice",
    }
)
LONGEST_NOTE = 500


@dataclass(frozen=True, slots=True)
class PupilRecords:
    """One pupil's records; a kind that the person may not see is empty."""

    leaves: list[Kept[Leave]]
    expected_absences: list[Kept[ExpectedAbsence]]
    part_time_plans: list[Kept[PartTimePlan]]
    penalty_notices: list[Kept[PenaltyNotice]]


def load_records(tx: Tx, school_id: int, on: date) -> Records:
    """The whole school's records, with who has a social or youth justice worker on a day."""
    facts = [each for each in particulars.characteristics(tx, school_id) if each.is_true_on(on)]
    return replace(
        store.all_records(tx, school_id),
        social_worker=frozenset(f.pupil_id for f in facts if f.kind == "social_worker"),
        yot_worker=frozenset(f.pupil_id for f in facts if f.kind == "yot_worker"),
    )


def may_record(person: Person, kind: type[Record], register: Register, row: int) -> bool:
    """May this person read and write records of a kind for the pupil in this row?"""
    pupil = register.pupils.iloc[[row]]
    return bool(visible(person, PERMISSION_OF[kind], pupil)[0])


def pupil_records(
    engine: Engine, person: Person, register: Register, pupil_id: int
) -> PupilRecords:
    """What is recorded of one pupil, of the kinds that the person may see."""
    row = _row(register, pupil_id)

    with read(engine) as tx:
        school, ids = person.school_id, [pupil_id]
        sees = {kind: may_record(person, kind, register, row) for kind in PERMISSION_OF}
        return PupilRecords(
            store.listed(tx, school, Leave, ids) if sees[Leave] else [],
            store.listed(tx, school, ExpectedAbsence, ids) if sees[ExpectedAbsence] else [],
            store.listed(tx, school, PartTimePlan, ids) if sees[PartTimePlan] else [],
            store.listed(tx, school, PenaltyNotice, ids) if sees[PenaltyNotice] else [],
        )


def add_record(
    engine: Engine, person: Person, register: Register, record: Record, now: datetime
) -> None:
    """Keep a record and log that it was made. Raises NotAllowed, NotFound or Refused."""
    row = _row(register, record.pupil_id)
    check_pupil(person, PERMISSION_OF[type(record)], register.pupils, row)
    _check(record)
    with write(engine) as tx:
        store.add(tx, person.school_id, record, person, now)
        _log(tx, person, f"{WORDS[type(record)]} recorded", record, now)


def remove_record(
    engine: Engine,
    person: Person,
    register: Register,
    kind: type[Record],
    record_id: int,
    now: datetime,
) -> None:
    """Take an entry back; the log keeps that it was there. Raises NotAllowed or NotFound."""
    with write(engine) as tx:
        record: Record = store.remove(tx, person.school_id, kind, record_id)
        row = _row(register, record.pupil_id)
        check_pupil(person, PERMISSION_OF[kind], register.pupils, row)
        _log(tx, person, f"{WORDS[kind]} taken back", record, now)


def _row(register: Register, pupil_id: int) -> int:
    row = register.row_of(pupil_id)
    if row is None:
        raise NotFound("That pupil is not in this year's register.")
    return row


def _check(record: Record) -> None:
    if len(record.note) > LONGEST_NOTE:
        raise Refused(f"The note is longer than {LONGEST_NOTE} characters. Shorten it.")
    if isinstance(record, Leave | ExpectedAbsence):
        if record.last_day < record.first_day:
            raise Refused("The last day is before the first. Give the earlier day first.")
        code_on(record.code, record.first_day)
    if isinstance(record, PartTimePlan) and record.review_on < record.first_day:
        raise Refused("The review is before the timetable begins. Give a later day.")
    if isinstance(record, PenaltyNotice) and not record.parent.strip():
        raise Refused("Say which parent the notice was given to: notices count for each parent.")


def _log(tx: Tx, person: Person, kind: str, record: Record, now: datetime) -> None:
    events.append(tx, person.school_id, kind, now, person.username, person.name, [record.pupil_id])
