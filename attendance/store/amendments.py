"""The only way to change a mark: the change and its amendment, together or not at all.

In one transaction, in this order: the mark, where it is still what the person saw; the school's
counter, which is also its lock; the amendments, numbered without a gap and each chained to the one
before. So they are in commit order, and ``seq`` tells a cache what it has not seen.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import fields
from datetime import date, datetime

import numpy as np
import numpy.typing as npt
from sqlalchemy import Select, insert, select, update

from attendance.core.amendments import Amender, Amendment, MarkChange, NewAmendment
from attendance.core.chain import entry_hash
from attendance.core.register import BLANK, Marks
from attendance.core.slots import SLOTS, Session, moment_of
from attendance.errors import ChangedMeanwhile
from attendance.rules.codes import CODE_OF, SYMBOL_OF
from attendance.store import registers
from attendance.store.conflicts import who_was_first
from attendance.store.engine import Tx
from attendance.store.portable import chunks
from attendance.store.tables import amendment, school_seq

_entry = amendment.c
_COLUMNS = [_entry[field.name] for field in fields(Amendment)]
_NEW = tuple(field.name for field in fields(NewAmendment))
ROWS_AT_A_TIME = 2000
# School year, pupil, slot, the code that was there and the one that is now.
_Changed = tuple[int, int, int, str, str]


def change_marks(
    tx: Tx,
    school_id: int,
    changes: Sequence[MarkChange],
    made_by: Amender,
    reason: str,
    at: datetime,
    batch_id: int | None = None,
) -> list[int]:
    """Change marks and write their amendments; the seqs, in the order of pupil and slot.

    A change to the code that is expected there is left out. Raises ChangedMeanwhile, with nothing
    changed, when any mark is no longer the expected one; the sentence says who was first.
    """
    real = [change for change in changes if change.code != change.expected]
    # Everybody takes lines in one order, so that two people never wait for each other.
    real.sort(key=lambda change: (change.school_year, change.pupil_id, change.slot))
    with tx.begin_nested():
        lost = [change for change in real if not _set(tx, school_id, change)]
        if lost:
            raise ChangedMeanwhile(who_was_first(tx, school_id, lost))
        marks = [(c.school_year, c.pupil_id, c.slot, c.expected, c.code) for c in real]
        return append(tx, school_id, _entries(marks, made_by, reason, at, batch_id))


def import_marks(
    tx: Tx,
    school_id: int,
    school_year: int,
    pupil_ids: npt.NDArray[np.int64],
    lines: Marks,
    made_by: Amender,
    reason: str,
    at: datetime,
    batch_id: int | None = None,
) -> list[int]:
    """Write an import's marks, each overwritten one with its amendment; the seqs.

    ``lines`` is (n, 540) for the n distinct ``pupil_ids``; ``-`` says nothing and erases nothing.
    Only lines that change are written. The caller has read the lines ``for_update`` in this
    transaction and left out what it holds back as conflicts.
    """
    now = _lines_now(tx, school_id, school_year, pupil_ids)
    new = np.where(lines == BLANK, now, lines).astype(np.uint8)
    changed = np.flatnonzero((new != now).any(axis=1))
    if not len(changed):
        return []
    registers.write_lines(tx, school_id, school_year, pupil_ids[changed], new[changed])
    registers.bump_revision(tx, school_id)
    overwritten = np.argwhere((new != now) & (now != BLANK)).tolist()
    marks = [
        (school_year, int(pupil_ids[row]), slot, _code_at(now, row, slot), _code_at(new, row, slot))
        for row, slot in overwritten
    ]
    return append(tx, school_id, _entries(marks, made_by, reason, at, batch_id))


def append(tx: Tx, school_id: int, entries: Sequence[NewAmendment]) -> list[int]:
    """Number, chain and write amendments whose marks were changed in this transaction; the seqs.

    The counter's row is the school's lock: nobody else is given a number until this commits.
    """
    if not entries:
        return []
    last, chained = _take_numbers(tx, school_id, len(entries))
    seqs = list(range(last - len(entries) + 1, last + 1))
    rows = []
    for seq, entry in zip(seqs, entries, strict=True):
        row = {**_values(entry), "school_id": school_id, "seq": seq, "previous_hash": chained}
        chained = row["hash"] = entry_hash(chained, row)
        rows.append(row)
    tx.execute(insert(amendment), rows)
    tx.execute(update(school_seq).where(school_seq.c.school_id == school_id).values(head=chained))
    return seqs


def history(
    tx: Tx,
    school_id: int,
    pupil_id: int,
    school_year: int | None = None,
    slot: int | None = None,
) -> list[Amendment]:
    """A pupil's amendments, oldest first; of one school year, or of one mark."""
    query = _of(school_id).where(_entry.pupil_id == pupil_id)
    if school_year is not None:
        query = query.where(_entry.school_year == school_year)
    if slot is not None:
        query = query.where(_entry.slot == slot)
    return _read(tx, query)


def list_between(
    tx: Tx,
    school_id: int,
    first_day: date,
    last_day: date,
    pupil_ids: Sequence[int] | None = None,
) -> list[Amendment]:
    """The amendments of sessions from first to last day, both included, oldest first."""
    query = _of(school_id).where(_entry.day.between(first_day, last_day))
    if pupil_ids is None:
        return _read(tx, query)
    found = [_read(tx, query.where(_entry.pupil_id.in_(ids))) for ids in chunks(pupil_ids)]
    return sorted((entry for some in found for entry in some), key=lambda entry: entry.seq)


def list_made(tx: Tx, school_id: int, first: datetime, until: datetime) -> list[Amendment]:
    """The amendments made from one moment until before another, oldest first."""
    return _read(tx, _of(school_id).where(_entry.at >= first, _entry.at < until))


def by_person(tx: Tx, school_id: int, school_year: int) -> dict[tuple[int, int], Amendment]:
    """By (pupil id, slot): each mark's newest amendment, where a person made it, not an import."""
    query = _of(school_id).where(_entry.school_year == school_year)
    newest = {(entry.pupil_id, entry.slot): entry for entry in _read(tx, query)}
    return {mark: entry for mark, entry in newest.items() if entry.batch_id is None}


def all_rows(tx: Tx, school_id: int) -> Iterator[dict[str, object]]:
    """Every amendment of a school in order of seq, as core.chain.verify wants them; streamed."""
    result = tx.execute(_of(school_id), execution_options={"yield_per": ROWS_AT_A_TIME})
    for row in result.mappings():
        yield dict(row)


def _code_at(lines: Marks, row: int, slot: int) -> str:
    return CODE_OF[chr(lines[row, slot])]


def _of(school_id: int) -> Select[tuple[object, ...]]:
    return select(*_COLUMNS).where(_entry.school_id == school_id).order_by(_entry.seq)


def _read(tx: Tx, query: Select[tuple[object, ...]]) -> list[Amendment]:
    rows = tx.execute(query).mappings()
    return [Amendment(**{**row, "session": Session(row["session"])}) for row in rows]


def _set(tx: Tx, school_id: int, change: MarkChange) -> bool:
    return registers.set_mark(
        tx,
        school_id,
        change.school_year,
        change.pupil_id,
        change.slot,
        SYMBOL_OF[change.expected],
        SYMBOL_OF[change.code],
    )


def _entries(
    marks: Iterable[_Changed], made_by: Amender, reason: str, at: datetime, batch_id: int | None
) -> list[NewAmendment]:
    entries = []
    for school_year, pupil_id, slot, original, amended in marks:
        day, session = moment_of(school_year, slot)
        entries.append(
            NewAmendment(
                school_year=school_year,
                pupil_id=pupil_id,
                slot=slot,
                day=day,
                session=session,
                original=original,
                amended=amended,
                reason=reason,
                at=at,
                username=made_by.username,
                name=made_by.name,
                position=made_by.position,
                batch_id=batch_id,
            )
        )
    return entries


def _take_numbers(tx: Tx, school_id: int, count: int) -> tuple[int, str]:
    row = tx.execute(
        update(school_seq)
        .where(school_seq.c.school_id == school_id)
        .values(seq=school_seq.c.seq + count)
        .returning(school_seq.c.seq, school_seq.c.head)
    ).one()
    return row.seq, row.head


def _values(entry: NewAmendment) -> dict[str, object]:
    # dataclasses.asdict copies every value deeply: ten times slower on a large import.
    return {name: getattr(entry, name) for name in _NEW}


def _lines_now(tx: Tx, school_id: int, school_year: int, pupil_ids: npt.NDArray[np.int64]) -> Marks:
    known, lines = registers.load_lines(tx, school_id, school_year, for_update=True)
    now = np.full((len(pupil_ids), SLOTS), BLANK, dtype=np.uint8)
    _, rows, at = np.intersect1d(pupil_ids, known, assume_unique=True, return_indices=True)
    now[rows] = lines[at]
    return now
