"""Pupils by name and number, when they were on roll, and where they sat.

Frames: ``roll`` has PUPIL_COLUMNS (attendance.core.register). What may be unknown is None in an
object column, never NaN, so that a missing UPN cannot turn into a number.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from datetime import date

import pandas as pd
from sqlalchemy import and_, bindparam, delete, insert, or_, select, update

from attendance.core.register import PUPIL_COLUMNS
from attendance.errors import NotFound
from attendance.store.engine import Tx
from attendance.store.portable import (
    add_rows,
    bounds_of,
    chunks,
    day_of,
    known_day,
    plain_rows,
    upsert,
)
from attendance.store.registers import bump_revision
from attendance.store.roll import NOWHERE, places
from attendance.store.tables import enrolment, placement, pupil

_MAY_BE_NONE = ("upn", "admission_number", "birth_date", "household", "first_day", "last_day")


@dataclass(frozen=True, slots=True)
class NewPupil:
    """A pupil not yet kept. ``household`` is a number that siblings share."""

    surname: str
    forename: str
    upn: str | None = None
    former_upn: str | None = None
    admission_number: str | None = None
    preferred_name: str = ""
    sex: str = ""
    birth_date: date | None = None
    household: int | None = None


@dataclass(frozen=True, slots=True)
class Pupil(NewPupil):
    """A pupil of a school."""

    id: int = 0


@dataclass(frozen=True, slots=True)
class Enrolment:
    """A spell on the admission register, both days included; ``inferred`` from registers."""

    pupil_id: int
    first_day: date
    last_day: date | None = None
    inferred: bool = False


@dataclass(frozen=True, slots=True)
class Placement:
    """The year group and form from a day on, until the next placement."""

    pupil_id: int
    first_day: date
    year_group: int
    form: str


_NEW = tuple(field.name for field in fields(NewPupil))
_PUPIL = [pupil.c[field.name] for field in fields(Pupil)]
# What PUPIL_COLUMNS begins with; the rest comes from placements and spells.
_NAMES = [pupil.c.id, *(pupil.c[name] for name in PUPIL_COLUMNS[1:9])]


def add_pupils(tx: Tx, school_id: int, new: Sequence[NewPupil]) -> list[int]:
    """Pupils new to the school; their ids, in the order given."""
    if not new:
        return []
    statement = insert(pupil).returning(pupil.c.id, sort_by_parameter_order=True)
    rows = [{**_values(each), "school_id": school_id} for each in new]
    ids = list(tx.execute(statement, rows).scalars())
    bump_revision(tx, school_id)
    return ids


def change_pupils(tx: Tx, school_id: int, changed: Mapping[int, NewPupil]) -> None:
    """Names and numbers as they are now, by pupil id."""
    if not changed:
        return
    statement = (
        update(pupil)
        .where(pupil.c.school_id == school_id, pupil.c.id == bindparam("of_pupil"))
        .values({name: bindparam(f"new_{name}") for name in _NEW})
    )
    rows = [
        {"of_pupil": pupil_id, **{f"new_{name}": value for name, value in _values(now).items()}}
        for pupil_id, now in changed.items()
    ]
    tx.execute(statement, rows)
    bump_revision(tx, school_id)


def get_pupil(tx: Tx, school_id: int, pupil_id: int) -> Pupil:
    """One pupil; raises NotFound."""
    query = select(*_PUPIL).where(pupil.c.school_id == school_id, pupil.c.id == pupil_id)
    row = tx.execute(query).mappings().one_or_none()
    if row is None:
        raise NotFound("That pupil is not in this school’s registers.")
    return Pupil(**row)


def list_pupils(tx: Tx, school_id: int) -> list[Pupil]:
    """Every pupil the school ever had, in order of id: what an import matches against."""
    query = select(*_PUPIL).where(pupil.c.school_id == school_id).order_by(pupil.c.id)
    return [Pupil(**row) for row in tx.execute(query).mappings()]


def pupil_with_upn(tx: Tx, school_id: int, upn: str) -> Pupil:
    """The pupil who has this UPN, or had it before; raises NotFound.

    A pupil without a UPN, whose school's files had none, is found by admission number.
    """
    by_number = and_(pupil.c.upn.is_(None), pupil.c.admission_number == upn)
    query = (
        select(*_PUPIL)
        .where(pupil.c.school_id == school_id)
        .where(or_(pupil.c.upn == upn, pupil.c.former_upn == upn, by_number))
    )
    rows = tx.execute(query).mappings().all()
    if not rows:
        raise NotFound(f"No pupil has the UPN {upn}. Check it, or import a register that has it.")
    return Pupil(**max(rows, key=lambda row: bool(row["upn"] == upn)))


def add_enrolments(tx: Tx, school_id: int, spells: Iterable[Enrolment]) -> None:
    """More spells on roll."""
    if add_rows(tx, enrolment, school_id, map(asdict, spells)):
        bump_revision(tx, school_id)


def replace_enrolments(
    tx: Tx, school_id: int, pupil_ids: Sequence[int], spells: Iterable[Enrolment]
) -> None:
    """The spells of some pupils, in place of all they had."""
    for ids in chunks(pupil_ids):
        tx.execute(
            delete(enrolment).where(
                enrolment.c.school_id == school_id, enrolment.c.pupil_id.in_(ids)
            )
        )
    add_rows(tx, enrolment, school_id, map(asdict, spells))
    bump_revision(tx, school_id)


def save_placements(tx: Tx, school_id: int, placements: Sequence[Placement]) -> None:
    """Year group and form from a day on; one kept for the same day is corrected."""
    if not placements:
        return
    statement = upsert(tx, placement)
    new = statement.excluded
    tx.execute(
        statement.on_conflict_do_update(
            index_elements=["school_id", "pupil_id", "first_day"],
            set_={"year_group": new.year_group, "form": new.form},
        ),
        [{**asdict(each), "school_id": school_id} for each in placements],
    )
    bump_revision(tx, school_id)


def spells(tx: Tx, school_id: int, pupil_id: int | None = None) -> list[Enrolment]:
    """Every spell on roll, by pupil, then first day."""
    table = enrolment.c
    query = (
        select(table.pupil_id, table.first_day, table.last_day, table.inferred)
        .where(table.school_id == school_id)
        .order_by(table.pupil_id, table.first_day)
    )
    if pupil_id is not None:
        query = query.where(table.pupil_id == pupil_id)
    return [
        Enrolment(pupil_id, known_day(first), day_of(last), bool(inferred))
        for pupil_id, first, last, inferred in plain_rows(tx, query)
    ]


def placements(tx: Tx, school_id: int, pupil_id: int | None = None) -> list[Placement]:
    """Every placement, by pupil, then first day."""
    table = placement.c
    query = (
        select(table.pupil_id, table.first_day, table.year_group, table.form)
        .where(table.school_id == school_id)
        .order_by(table.pupil_id, table.first_day)
    )
    if pupil_id is not None:
        query = query.where(table.pupil_id == pupil_id)
    return [
        Placement(pupil_id, known_day(first), year_group, form)
        for pupil_id, first, year_group, form in plain_rows(tx, query)
    ]


def roll(tx: Tx, school_id: int, school_year: int) -> pd.DataFrame:
    """One row for each pupil on roll at any time from 1 August to 31 July, in order of id.

    PUPIL_COLUMNS: year group and form are the last placement that began by 31 July (0 and "" where
    there is none); first and last day are those of the last spell that touches the year.
    """
    first, last = bounds_of(school_year)
    on_roll = {
        spell.pupil_id: (spell.first_day, spell.last_day)
        for spell in spells(tx, school_id)
        if spell.first_day <= last and (spell.last_day is None or spell.last_day >= first)
    }
    placed = places(tx, school_id, school_year)
    query = select(*_NAMES).where(pupil.c.school_id == school_id).order_by(pupil.c.id)
    return _frame(
        [
            (pupil_id, *names, day_of(born), household, *placed.get(pupil_id, NOWHERE),
             *on_roll[pupil_id])
            for pupil_id, *names, born, household in plain_rows(tx, query)
            if pupil_id in on_roll
        ]
    )  # fmt: skip


def _values(person: NewPupil) -> dict[str, object]:
    # A Pupil may be given too; its id is never written.
    return {name: getattr(person, name) for name in _NEW}


def _frame(rows: list[tuple[object, ...]]) -> pd.DataFrame:
    values = dict(zip(PUPIL_COLUMNS, zip(*rows, strict=True), strict=False)) if rows else {}
    columns = {}
    for name in PUPIL_COLUMNS:
        given = list(values.get(name, ()))
        columns[name] = pd.Series(given, dtype=_dtype(name))
    return pd.DataFrame(columns)


def _dtype(column: str) -> str:
    if column in ("pupil_id", "year_group"):
        return "int64"
    return "object" if column in _MAY_BE_NONE else "str"
