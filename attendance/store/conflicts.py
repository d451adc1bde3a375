"""What to tell the second of two people who changed one mark: who was first, and when."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import select

from attendance.core.amendments import MarkChange
from attendance.rules.codes import CODE_OF, NO_MARK
from attendance.store import registers
from attendance.store.engine import Tx
from attendance.store.tables import amendment, import_batch, pupil

LONDON = ZoneInfo("Europe/London")


def who_was_first(tx: Tx, school_id: int, lost: Sequence[MarkChange]) -> str:
    """One sentence about the first of the marks, how many more there are, and what to do."""
    first, more = lost[0], len(lost) - 1
    says = (
        f"{_pupil(tx, school_id, first.pupil_id)}’s mark for {first.day:%-d %B %Y} "
        f"{first.session} {_is_now(tx, school_id, first)}{_by_whom(tx, school_id, first)}."
    )
    if more:
        says += f" {more} more of your marks {'has' if more == 1 else 'have'} changed too."
    return f"{says} Nothing was changed: look at the register again before you amend it."


def _pupil(tx: Tx, school_id: int, pupil_id: int) -> str:
    query = select(pupil.c.forename, pupil.c.surname).where(
        pupil.c.school_id == school_id, pupil.c.id == pupil_id
    )
    row = tx.execute(query).one()
    return f"{row.forename} {row.surname}"


def _is_now(tx: Tx, school_id: int, change: MarkChange) -> str:
    line = registers.load_line(tx, school_id, change.school_year, change.pupil_id)
    code = CODE_OF[line[change.slot]]
    seen = "no mark" if change.expected == NO_MARK else f"‘{change.expected}’"
    now = "has no mark now" if code == NO_MARK else f"is ‘{code}’ now"
    return f"{now}, not {seen}"


def _by_whom(tx: Tx, school_id: int, change: MarkChange) -> str:
    made = amendment.c
    query = (
        select(made.name, made.position, made.at)
        .where(
            made.school_id == school_id,
            made.pupil_id == change.pupil_id,
            made.school_year == change.school_year,
            made.slot == change.slot,
        )
        .order_by(made.seq.desc())
        .limit(1)
    )
    row = tx.execute(query).one_or_none()
    if row is not None:
        return f": {row.name} ({row.position}) amended it on {_moment(row.at)}"
    return _by_import(tx, school_id, change)


def _moment(at: datetime) -> str:
    return f"{at.astimezone(LONDON):%-d %B %Y at %H:%M}"


def _by_import(tx: Tx, school_id: int, change: MarkChange) -> str:
    batch = import_batch.c
    query = (
        select(batch.name, batch.file_name, batch.at)
        .where(
            batch.school_id == school_id,
            batch.first_day <= change.day,
            batch.last_day >= change.day,
        )
        .order_by(batch.id.desc())
        .limit(1)
    )
    row = tx.execute(query).one_or_none()
    if row is None:
        return ""
    return f": {row.name} imported {row.file_name} on {_moment(row.at)}"
