"""Schools, and what each says of its own year: terms, closures, and the sessions seen so far."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, delete, insert, select, update

from attendance.core.calendar import UNKNOWN, Calendar, Closure, Term
from attendance.core.chain import GENESIS
from attendance.core.register_times import RegisterTimes
from attendance.errors import NotFound
from attendance.store.engine import Tx
from attendance.store.portable import add_rows, bounds_of, upsert
from attendance.store.registers import bump_revision
from attendance.store.tables import closure, school, school_seq, school_year, term


@dataclass(frozen=True, slots=True)
class School:
    """A school as its people know it."""

    id: int
    name: str
    urn: str
    phase: str
    is_demo: bool
    created_at: datetime
    times: RegisterTimes | None = None


def add_school(
    tx: Tx, name: str, urn: str, phase: str, at: datetime, *, is_demo: bool = False
) -> int:
    """A new school, with its counters at nought; its id."""
    result = tx.execute(
        insert(school).returning(school.c.id),
        {"name": name, "urn": urn, "phase": phase, "is_demo": is_demo, "created_at": at},
    )
    school_id = int(result.scalar_one())
    tx.execute(
        insert(school_seq), {"school_id": school_id, "seq": 0, "revision": 0, "head": GENESIS}
    )
    return school_id


def list_schools(tx: Tx) -> list[School]:
    """Every school, in the order they were set up."""
    return [_school(row) for row in tx.execute(select(school).order_by(school.c.id))]


def get_school(tx: Tx, school_id: int) -> School:
    """One school; raises NotFound."""
    row = tx.execute(select(school).where(school.c.id == school_id)).one_or_none()
    if row is None:
        raise NotFound("That school is not in this database.")
    return _school(row)


def change_school(tx: Tx, school_id: int, name: str, urn: str, phase: str) -> None:
    """Give a school another name, URN or phase."""
    tx.execute(
        update(school).where(school.c.id == school_id).values(name=name, urn=urn, phase=phase)
    )


def set_times(tx: Tx, school_id: int, times: RegisterTimes) -> None:
    """When the registers open and close."""
    tx.execute(update(school).where(school.c.id == school_id).values(**asdict(times)))


def _school(row: Row[Any]) -> School:
    times = None
    if row.am_opens is not None:
        times = RegisterTimes(row.am_opens, row.am_closes, row.pm_opens, row.pm_closes)
    return School(row.id, row.name, row.urn, row.phase, row.is_demo, row.created_at, times)


def load_calendar(tx: Tx, school_id: int, year: int) -> Calendar:
    """A school year's terms, closures and sessions seen; an empty calendar where none is kept."""
    query = select(school_year.c.sessions).where(
        school_year.c.school_id == school_id, school_year.c.school_year == year
    )
    sessions = tx.execute(query).scalar() or UNKNOWN
    return Calendar(year, _terms(tx, school_id, year), _closures(tx, school_id, year), sessions)


def save_sessions(tx: Tx, school_id: int, year: int, sessions: str) -> None:
    """Keep what the registers have shown of each session (540 of 'o', '#', '.')."""
    _save_year(tx, school_id, year, {"sessions": sessions})


def replace_terms(tx: Tx, school_id: int, year: int, terms: Iterable[Term]) -> None:
    """The terms a person gives for a school year, in place of those before (none: inferred)."""
    given = list(terms)
    table = term.c
    tx.execute(delete(term).where(table.school_id == school_id, table.school_year == year))
    add_rows(
        tx,
        term,
        school_id,
        (
            {
                "school_year": year,
                "name": each.name,
                "first_day": each.first_day,
                "last_day": each.last_day,
            }
            for each in given
        ),
    )
    _save_year(tx, school_id, year, {"terms_inferred": not given})


def replace_closures(tx: Tx, school_id: int, year: int, closures: Iterable[Closure]) -> None:
    """The closures that begin in a school year, in place of those before."""
    first_day, last_day = bounds_of(year)
    table = closure.c
    tx.execute(
        delete(closure).where(
            table.school_id == school_id, table.first_day.between(first_day, last_day)
        )
    )
    add_closures(tx, school_id, closures)


def add_closures(tx: Tx, school_id: int, closures: Iterable[Closure]) -> None:
    """More days without sessions, for everybody or for some year groups."""
    rows = (
        {
            "first_day": each.first_day,
            "last_day": each.last_day,
            "kind": each.kind,
            "years": None if each.years is None else ",".join(map(str, sorted(each.years))),
            "name": each.name,
        }
        for each in closures
    )
    add_rows(tx, closure, school_id, rows)
    bump_revision(tx, school_id)


def _save_year(tx: Tx, school_id: int, year: int, values: dict[str, object]) -> None:
    new = {"sessions": UNKNOWN, "terms_inferred": True, **values}
    tx.execute(
        upsert(tx, school_year)
        .values(school_id=school_id, school_year=year, **new)
        .on_conflict_do_update(index_elements=list(school_year.primary_key), set_=values)
    )
    bump_revision(tx, school_id)


def _terms(tx: Tx, school_id: int, year: int) -> tuple[Term, ...]:
    query = (
        select(term.c.name, term.c.first_day, term.c.last_day)
        .where(term.c.school_id == school_id, term.c.school_year == year)
        .order_by(term.c.first_day)
    )
    return tuple(Term(*row) for row in tx.execute(query))


def _closures(tx: Tx, school_id: int, year: int) -> tuple[Closure, ...]:
    first_day, last_day = bounds_of(year)
    query = (
        select(closure)
        .where(
            closure.c.school_id == school_id,
            closure.c.first_day <= last_day,
            closure.c.last_day >= first_day,
        )
        .order_by(closure.c.first_day, closure.c.id)
    )
    return tuple(
        Closure(row.first_day, row.last_day, row.kind, _years(row.years), row.name)
        for row in tx.execute(query)
    )


def _years(text: str | None) -> frozenset[int] | None:
    return None if text is None else frozenset(int(year) for year in text.split(","))
