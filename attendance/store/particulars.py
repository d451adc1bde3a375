"""What is true of pupils for a time (characteristics), and whom the school calls about them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, fields
from datetime import date
from typing import Any

from sqlalchemy import Select, Table, delete, select

from attendance.store.engine import Tx
from attendance.store.portable import add_rows, chunks
from attendance.store.registers import bump_revision
from attendance.store.tables import characteristic, contact

KINDS = (
    "fsm", "sen_support", "ehcp", "eal", "looked_after", "social_worker", "young_carer",
    "pupil_premium", "part_time_timetable", "dual_registered", "yot_worker",
    "ethnicity",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Characteristic:
    """One of KINDS, true of a pupil from first to last day (None: still)."""

    pupil_id: int
    kind: str
    first_day: date
    last_day: date | None = None
    detail: str = ""

    def is_true_on(self, day: date) -> bool:
        return self.first_day <= day and (self.last_day is None or day <= self.last_day)


@dataclass(frozen=True, slots=True)
class Contact:
    """Somebody to call; priority 1 is called first."""

    pupil_id: int
    priority: int
    name: str
    relationship: str
    parental_responsibility: bool
    lives_with: bool
    phone: str = ""
    email: str = ""
    address: str = ""
    note: str = ""


def add_characteristics(tx: Tx, school_id: int, new: Iterable[Characteristic]) -> None:
    """What has become true of pupils."""
    add_rows(tx, characteristic, school_id, map(asdict, new))
    bump_revision(tx, school_id)


def replace_contacts(
    tx: Tx, school_id: int, pupil_ids: Sequence[int], new: Iterable[Contact]
) -> None:
    """The contacts of some pupils, in place of those they had."""
    for ids in chunks(pupil_ids):
        tx.execute(
            delete(contact).where(contact.c.school_id == school_id, contact.c.pupil_id.in_(ids))
        )
    add_rows(tx, contact, school_id, map(asdict, new))
    bump_revision(tx, school_id)


def characteristics(
    tx: Tx, school_id: int, pupil_ids: Sequence[int] | None = None
) -> list[Characteristic]:
    """All that is or was true of some pupils (None: all), by pupil, then first day."""
    names = [characteristic.c[field.name] for field in fields(Characteristic)]
    query = select(*names).where(characteristic.c.school_id == school_id)
    query = query.order_by(characteristic.c.pupil_id, characteristic.c.first_day)
    return [Characteristic(*row) for row in _rows(tx, query, characteristic, pupil_ids)]


def contacts(tx: Tx, school_id: int, pupil_ids: Sequence[int] | None = None) -> list[Contact]:
    """The contacts of some pupils (None: all), by pupil, then priority."""
    names = [contact.c[field.name] for field in fields(Contact)]
    query = select(*names).where(contact.c.school_id == school_id)
    query = query.order_by(contact.c.pupil_id, contact.c.priority)
    return [Contact(*row) for row in _rows(tx, query, contact, pupil_ids)]


def _rows(
    tx: Tx, query: Select[tuple[object, ...]], table: Table, pupil_ids: Sequence[int] | None
) -> list[tuple[Any, ...]]:
    if pupil_ids is None:
        return [tuple(row) for row in tx.execute(query)]
    found: list[tuple[Any, ...]] = []
    for ids in chunks(sorted(pupil_ids)):
        found.extend(tuple(row) for row in tx.execute(query.where(table.c.pupil_id.in_(ids))))
    return found
