"""What was imported, and the marks amended here that an import wanted to overwrite."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, insert, select, update

from attendance.errors import ChangedMeanwhile, NotFound
from attendance.store.engine import Tx
from attendance.store.portable import add_rows
from attendance.store.tables import import_batch, import_conflict

OPEN, KEPT, TAKEN = "open", "kept", "taken"
_conflict = import_conflict.c


@dataclass(frozen=True, slots=True)
class NewBatch:
    """One file that was imported. ``changed`` counts overwritten marks, each an amendment."""

    file_name: str
    sha256: str
    format: str
    at: datetime
    username: str
    name: str
    first_day: date | None
    last_day: date | None
    pupils: int
    new_marks: int
    changed: int
    conflicts: int
    problems: Sequence[Mapping[str, Any]] = ()


@dataclass(frozen=True, slots=True)
class Batch:
    """A file that was imported, as it is kept."""

    id: int
    school_id: int
    file_name: str
    sha256: str
    format: str
    at: datetime
    username: str
    name: str
    first_day: date | None
    last_day: date | None
    pupils: int
    new_marks: int
    changed: int
    conflicts: int
    problems: Sequence[Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class NewConflict:
    """A mark that a person amended to ``ours``, where the file says ``theirs`` (DfE's codes)."""

    school_year: int
    pupil_id: int
    slot: int
    ours: str
    theirs: str


@dataclass(frozen=True, slots=True)
class Conflict:
    """A conflict as it is kept: open, or decided (kept ours, or taken theirs) by whom and when."""

    id: int
    school_id: int
    batch_id: int
    school_year: int
    pupil_id: int
    slot: int
    ours: str
    theirs: str
    state: str
    decided_at: datetime | None
    decided_by: str | None


def add_batch(tx: Tx, school_id: int, batch: NewBatch) -> int:
    """Record an import; its id."""
    row = {**asdict(batch), "problems": list(batch.problems), "school_id": school_id}
    result = tx.execute(insert(import_batch).returning(import_batch.c.id), row)
    return int(result.scalar_one())


def set_counts(
    tx: Tx, school_id: int, batch_id: int, *, new_marks: int, changed: int, conflicts: int
) -> None:
    """What the import came to, where it was recorded first to give its amendments a batch."""
    tx.execute(
        update(import_batch)
        .where(import_batch.c.school_id == school_id, import_batch.c.id == batch_id)
        .values(new_marks=new_marks, changed=changed, conflicts=conflicts)
    )


def find_batch(tx: Tx, school_id: int, sha256: str) -> Batch | None:
    """The newest import of a file with these bytes; None where there was none."""
    query = (
        select(import_batch)
        .where(import_batch.c.school_id == school_id, import_batch.c.sha256 == sha256)
        .order_by(import_batch.c.id.desc())
        .limit(1)
    )
    row = tx.execute(query).one_or_none()
    return None if row is None else Batch(*row)


def list_batches(tx: Tx, school_id: int) -> list[Batch]:
    """Every import, newest first."""
    query = (
        select(import_batch)
        .where(import_batch.c.school_id == school_id)
        .order_by(import_batch.c.id.desc())
    )
    return [Batch(*row) for row in tx.execute(query)]


def add_conflicts(tx: Tx, school_id: int, batch_id: int, new: Sequence[NewConflict]) -> None:
    """Hold marks back for a person to decide."""
    rows = [{**asdict(each), "batch_id": batch_id, "state": OPEN} for each in new]
    add_rows(tx, import_conflict, school_id, rows)


def list_conflicts(
    tx: Tx, school_id: int, state: str | None = None, school_year: int | None = None
) -> list[Conflict]:
    """The conflicts in a state (None: decided ones too), of one year or all; oldest first."""
    query = select(import_conflict).where(_conflict.school_id == school_id)
    if state is not None:
        query = query.where(_conflict.state == state)
    if school_year is not None:
        query = query.where(_conflict.school_year == school_year)
    return [Conflict(*row) for row in tx.execute(query.order_by(_conflict.id))]


def count_open_conflicts(tx: Tx, school_id: int) -> int:
    """How many wait for somebody to decide."""
    query = select(func.count()).where(_conflict.school_id == school_id, _conflict.state == OPEN)
    return tx.execute(query).scalar_one()


def get_conflict(tx: Tx, school_id: int, conflict_id: int) -> Conflict:
    """One conflict; raises NotFound."""
    query = select(import_conflict).where(
        _conflict.school_id == school_id, _conflict.id == conflict_id
    )
    row = tx.execute(query).one_or_none()
    if row is None:
        raise NotFound("That mark is not among those an import held back.")
    return Conflict(*row)


def decide_conflict(
    tx: Tx, school_id: int, conflict_id: int, state: str, decided_by: str, at: datetime
) -> None:
    """Keep ours or take theirs (the mark itself is changed by change_marks).

    Raises ChangedMeanwhile when somebody decided first.
    """
    result = tx.execute(
        update(import_conflict)
        .where(
            _conflict.school_id == school_id,
            _conflict.id == conflict_id,
            _conflict.state == OPEN,
        )
        .values(state=state, decided_at=at, decided_by=decided_by)
    )
    if result.rowcount != 1:
        first = get_conflict(tx, school_id, conflict_id)
        raise ChangedMeanwhile(
            f"{first.decided_by} has already decided this mark ({first.state}). "
            "Nothing was changed: look at the list again."
        )
