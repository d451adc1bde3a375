"""The register's lines: read whole, changed one symbol at a time, written whole by an import.

``set_mark`` and ``write_lines`` are called by attendance.store.amendments only, which writes the
amendment with the change; a test holds this. Lines are (n, 540) uint8 arrays of storage symbols.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from sqlalchemy import ColumnElement, String, bindparam, func, select, union, update

from attendance.core.register import Marks
from attendance.core.slots import SLOTS
from attendance.rules.codes import NO_MARK
from attendance.store.engine import Tx
from attendance.store.portable import plain_rows, upsert
from attendance.store.tables import (
    amendment,
    mark_detail,
    register_line,
    school_seq,
    school_year,
)

EMPTY_LINE = NO_MARK * SLOTS
_line = register_line.c
_YEARS_HELD = union(
    select(school_year.c.school_year).where(school_year.c.school_id == bindparam("school_id")),
    select(register_line.c.school_year).where(register_line.c.school_id == bindparam("school_id")),
)
_LINES = (
    select(_line.pupil_id, _line.marks)
    .where(_line.school_id == bindparam("school_id"), _line.school_year == bindparam("school_year"))
    .order_by(_line.pupil_id)
)


@dataclass(frozen=True, slots=True)
class MarkDetail:
    """What is known of one mark beside its code."""

    pupil_id: int
    slot: int
    minutes_late: int | None
    comment: str | None


def load_lines(
    tx: Tx, school_id: int, school_year: int, *, for_update: bool = False
) -> tuple[npt.NDArray[np.int64], Marks]:
    """Every line of a school year: (n,) pupil ids in order and (n, 540) marks.

    ``for_update`` holds the lines until the transaction ends. A transaction that writes lines in
    bulk takes them so before anything else: amending locks line, then counter, and whoever locks
    in another order can be caught in a deadlock.
    """
    query = _LINES.with_for_update() if for_update else _LINES
    rows = plain_rows(tx, query, {"school_id": school_id, "school_year": school_year})
    ids = np.array([row[0] for row in rows], dtype=np.int64)
    marks = bytearray("".join([row[1] for row in rows]), "ascii")
    return ids, np.frombuffer(marks, dtype=np.uint8).reshape(len(rows), SLOTS)


def load_line(tx: Tx, school_id: int, school_year: int, pupil_id: int) -> str:
    """One pupil's 540 symbols; an empty line where there is none yet."""
    query = select(_line.marks).where(*_is(school_id, school_year, pupil_id))
    return tx.execute(query).scalar() or EMPTY_LINE


def years_with_lines(tx: Tx, school_id: int) -> list[int]:
    """The school years that hold a register, oldest first."""
    query = select(_line.school_year).where(_line.school_id == school_id).distinct()
    return list(tx.execute(query.order_by(_line.school_year)).scalars())


def years_held(tx: Tx, school_id: int) -> list[int]:
    """The school years with a register or a calendar, oldest first."""
    return sorted(tx.execute(_YEARS_HELD, {"school_id": school_id}).scalars())


def set_mark(
    tx: Tx,
    school_id: int,
    school_year: int,
    pupil_id: int,
    slot: int,
    expected_symbol: str,
    symbol: str,
) -> bool:
    """Put a symbol where the expected one is; False, and nothing changed, where it is not."""
    if _replace(tx, school_id, school_year, pupil_id, slot, expected_symbol, symbol):
        return True
    if expected_symbol != NO_MARK:
        return False
    # A pupil may have no line yet: then every mark is the expected one.
    _add_empty_line(tx, school_id, school_year, pupil_id)
    return _replace(tx, school_id, school_year, pupil_id, slot, expected_symbol, symbol)


def write_lines(
    tx: Tx, school_id: int, school_year: int, pupil_ids: npt.NDArray[np.int64], lines: Marks
) -> None:
    """Write whole lines, new or not; the caller passes only those that changed, and some."""
    text = np.ascontiguousarray(lines).tobytes().decode("ascii")
    rows = [
        {
            "school_id": school_id,
            "school_year": school_year,
            "pupil_id": pupil_id,
            "marks": text[row * SLOTS : (row + 1) * SLOTS],
            "version": 1,
        }
        for row, pupil_id in enumerate(pupil_ids.tolist())
    ]
    statement = upsert(tx, register_line)
    tx.execute(
        statement.on_conflict_do_update(
            index_elements=[_line.school_id, _line.school_year, _line.pupil_id],
            set_={"marks": statement.excluded.marks, "version": _line.version + 1},
        ),
        rows,
    )


def position(tx: Tx, school_id: int) -> tuple[int, int]:
    """(seq, revision): the amendments made, and the other writes that change what is shown."""
    query = select(school_seq.c.seq, school_seq.c.revision).where(
        school_seq.c.school_id == school_id
    )
    row = tx.execute(query).one_or_none()
    return (0, 0) if row is None else (row.seq, row.revision)


def head(tx: Tx, school_id: int) -> tuple[int, str]:
    """(seq, hash) of the last amendment: what verifying the chain is held against."""
    query = select(school_seq.c.seq, school_seq.c.head).where(school_seq.c.school_id == school_id)
    row = tx.execute(query).one()
    return row.seq, row.head


def bump_revision(tx: Tx, school_id: int) -> None:
    """Every cache of this school's registers is out of date once this is committed."""
    tx.execute(
        update(school_seq)
        .where(school_seq.c.school_id == school_id)
        .values(revision=school_seq.c.revision + 1)
    )


def lines_since(tx: Tx, school_id: int, seq: int) -> set[tuple[int, int]]:
    """The (school year, pupil id) of every line touched by an amendment after ``seq``."""
    query = (
        select(amendment.c.school_year, amendment.c.pupil_id)
        .where(amendment.c.school_id == school_id, amendment.c.seq > seq)
        .distinct()
    )
    return {(row.school_year, row.pupil_id) for row in tx.execute(query)}


def details(
    tx: Tx, school_id: int, school_year: int, pupil_id: int | None = None
) -> list[MarkDetail]:
    """Minutes late and comments of a school year, for one pupil or all; by pupil, then slot."""
    table = mark_detail.c
    query = select(table.pupil_id, table.slot, table.minutes_late, table.comment).where(
        table.school_id == school_id, table.school_year == school_year
    )
    if pupil_id is not None:
        query = query.where(table.pupil_id == pupil_id)
    rows = tx.execute(query.order_by(table.pupil_id, table.slot))
    return [MarkDetail(*row) for row in rows]


def write_details(tx: Tx, school_id: int, school_year: int, new: Sequence[MarkDetail]) -> None:
    """Keep minutes late and comments; what a detail leaves None, stays as it was."""
    if not new:
        return
    statement = upsert(tx, mark_detail)
    changed = {
        name: func.coalesce(statement.excluded[name], mark_detail.c[name])
        for name in ("minutes_late", "comment")
    }
    tx.execute(
        statement.on_conflict_do_update(index_elements=list(mark_detail.primary_key), set_=changed),
        [
            {
                "school_id": school_id,
                "school_year": school_year,
                "pupil_id": detail.pupil_id,
                "slot": detail.slot,
                "minutes_late": detail.minutes_late,
                "comment": detail.comment,
            }
            for detail in new
        ],
    )


def _is(school_id: int, school_year: int, pupil_id: int) -> tuple[ColumnElement[bool], ...]:
    return (
        _line.school_id == school_id,
        _line.school_year == school_year,
        _line.pupil_id == pupil_id,
    )


def _replace(
    tx: Tx,
    school_id: int,
    school_year: int,
    pupil_id: int,
    slot: int,
    expected_symbol: str,
    symbol: str,
) -> bool:
    # substr() counts from 1, so the slot is also the number of marks before it.
    before = func.substr(_line.marks, 1, slot, type_=String)
    here = func.substr(_line.marks, slot + 1, 1, type_=String)
    after = func.substr(_line.marks, slot + 2, type_=String)
    result = tx.execute(
        update(register_line)
        .where(*_is(school_id, school_year, pupil_id), here == expected_symbol)
        .values(marks=before.concat(symbol).concat(after), version=_line.version + 1)
    )
    return result.rowcount == 1


def _add_empty_line(tx: Tx, school_id: int, school_year: int, pupil_id: int) -> None:
    tx.execute(
        upsert(tx, register_line).on_conflict_do_nothing(),
        {
            "school_id": school_id,
            "school_year": school_year,
            "pupil_id": pupil_id,
            "marks": EMPTY_LINE,
            "version": 1,
        },
    )
