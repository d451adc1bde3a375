"""Leave, expected absences, part-time plans and penalty notices, as staff recorded them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields
from datetime import datetime
from types import MappingProxyType
from typing import Any, Generic, TypeVar

from sqlalchemy import delete, insert, select

from attendance.core.people import Person
from attendance.core.records import (
    ExpectedAbsence,
    Leave,
    NoticeState,
    PartTimePlan,
    PenaltyNotice,
    Record,
    Records,
)
from attendance.errors import NotFound
from attendance.store.engine import Tx
from attendance.store.registers import bump_revision
from attendance.store.tables import (
    expected_absence,
    leave_of_absence,
    part_time_plan,
    penalty_notice,
)

R = TypeVar("R", bound=Record)

_TABLES = MappingProxyType(
    {
        Leave: leave_of_absence,
        ExpectedAbsence: expected_absence,
        PartTimePlan: part_time_plan,
        PenaltyNotice: penalty_notice,
    }
)


@dataclass(frozen=True, slots=True)
class Kept(Generic[R]):
    """A record with its number, and who noted it when."""

    id: int
    record: R
    noted_at: datetime
    name: str


def add(tx: Tx, school_id: int, record: Record, by: Person, at: datetime) -> int:
    """Keep one record; its number."""
    table = _TABLES[type(record)]
    who = {"noted_at": at, "username": by.username, "name": by.name}
    values = {"school_id": school_id, **asdict(record), **who}
    number: int = tx.execute(insert(table).values(values).returning(table.c.id)).scalar_one()
    bump_revision(tx, school_id)
    return number


def remove(tx: Tx, school_id: int, kind: type[R], record_id: int) -> R:
    """Take one record away; what it was. Raises NotFound."""
    found = [each.record for each in listed(tx, school_id, kind) if each.id == record_id]
    if not found:
        raise NotFound("That entry is not there any more. Load the page again.")
    table = _TABLES[kind]
    tx.execute(delete(table).where(table.c.school_id == school_id, table.c.id == record_id))
    bump_revision(tx, school_id)
    return found[0]


def listed(
    tx: Tx, school_id: int, kind: type[R], pupil_ids: Sequence[int] | None = None
) -> list[Kept[R]]:
    """The records of one kind, of some pupils (None: all), by pupil and in order of entry."""
    table = _TABLES[kind]
    names = [field.name for field in fields(kind)]
    query = (
        select(table.c.id, table.c.noted_at, table.c.name, *(table.c[name] for name in names))
        .where(table.c.school_id == school_id)
        .order_by(table.c.pupil_id, table.c.id)
    )
    if pupil_ids is not None:
        query = query.where(table.c.pupil_id.in_(pupil_ids))
    return [_kept(kind, row) for row in tx.execute(query)]


def all_records(tx: Tx, school_id: int) -> Records:
    """Everything recorded in the school, as the triggers take it."""
    return Records(
        tuple(each.record for each in listed(tx, school_id, Leave)),
        tuple(each.record for each in listed(tx, school_id, ExpectedAbsence)),
        tuple(each.record for each in listed(tx, school_id, PartTimePlan)),
        tuple(each.record for each in listed(tx, school_id, PenaltyNotice)),
    )


def _kept(kind: type[R], row: Sequence[Any]) -> Kept[R]:
    number, noted_at, name, *values = row
    facts = dict(zip((field.name for field in fields(kind)), values, strict=True))
    if "state" in facts:
        facts["state"] = NoticeState(facts["state"])
    return Kept(number, kind(**facts), noted_at, name)
