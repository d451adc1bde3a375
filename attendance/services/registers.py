"""The register: reading a school year of it, amending marks, and a mark's history."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

import pandas as pd

from attendance.core.amendments import Amendment, MarkChange
from attendance.core.calendar import closes_for_some
from attendance.core.people import Person
from attendance.core.permissions import check_pupil, with_reach
from attendance.core.policies import check_change, check_reason
from attendance.core.register import (
    Ints,
    Marks,
    Register,
    Spells,
    build_register,
    ids_on_roll,
    with_lines,
)
from attendance.core.slots import school_year_of
from attendance.errors import NotFound
from attendance.rules.roles import Permission
from attendance.store import amendments, pupils, registers, schools
from attendance.store.engine import Engine, Tx, read, write
from attendance.store.registers import MarkDetail
from attendance.store.roll import nameless_roll, spell_columns

LONDON = ZoneInfo("Europe/London")
# (seq, revision): the amendments made, and the other writes that change what a register shows.
Position = tuple[int, int]


def load_register(engine: Engine, school_id: int, school_year: int) -> Register:
    """The whole school's register of a year, from one snapshot of the database."""
    with read(engine) as tx:
        return read_register(tx, school_id, school_year)


def read_register(tx: Tx, school_id: int, school_year: int) -> Register:
    """The same, inside a transaction that is already open."""
    ids, lines = registers.load_lines(tx, school_id, school_year)
    spells = spell_columns(tx, school_id)
    roll = _roll(tx, school_id, school_year, spells, ids)
    newest = max(registers.years_with_lines(tx, school_id), default=school_year)
    if school_year < newest:
        others, _ = registers.load_lines(tx, school_id, newest)
        roll = with_reach(roll, _roll(tx, school_id, newest, spells, others))
    calendar = schools.load_calendar(tx, school_id, school_year)
    return build_register(calendar, roll, spells, ids, lines)


def read_nameless(
    tx: Tx, school_id: int, school_year: int, *, placed: bool, born: bool
) -> Register:
    """The same register without names, for counting: its pupils have NAMELESS_COLUMNS.

    ``placed``: year groups and forms are wanted (they are read besides where a closure is for some
    year groups only); ``born``: dates of birth are.
    """
    calendar = schools.load_calendar(tx, school_id, school_year)
    ids, lines = registers.load_lines(tx, school_id, school_year)
    spells = spell_columns(tx, school_id)
    placed = placed or closes_for_some(calendar)
    here = ids_on_roll(spells, school_year, ids)
    roll = nameless_roll(tx, school_id, school_year, here, placed=placed, born=born)
    return build_register(calendar, roll, spells, ids, lines)


def _roll(tx: Tx, school_id: int, year: int, spells: Spells, ids: Ints) -> pd.DataFrame:
    """The year's pupils without those whom only an earlier year's registers put on roll."""
    roll = pupils.roll(tx, school_id, year)
    return roll[roll["pupil_id"].isin(ids_on_roll(spells, year, ids))]


def read_with_position(
    engine: Engine, school_id: int, school_year: int
) -> tuple[Position, Register]:
    """A register and the counters it stands at, from one snapshot."""
    with read(engine) as tx:
        position = registers.position(tx, school_id)
        return position, read_register(tx, school_id, school_year)


def caught_up(
    engine: Engine, school_id: int, register: Register, position: Position
) -> tuple[Position, Register]:
    """A register read at these counters, as the database has it now, and its counters now.

    Nothing new: the very same object. Only amendments since: their lines alone are read. Any other
    write (pupils, calendar, an import): the whole register is read again.
    """
    with read(engine) as tx:
        now = registers.position(tx, school_id)
        if now == position:
            return position, register
        year, (seq, revision) = register.school_year, position
        changed = None
        if now[1] == revision and now[0] > seq:
            changed = with_lines(register, _lines_since(tx, school_id, year, seq))
        return now, read_register(tx, school_id, year) if changed is None else changed


def _lines_since(tx: Tx, school_id: int, school_year: int, seq: int) -> dict[int, str]:
    return {
        pupil_id: registers.load_line(tx, school_id, school_year, pupil_id)
        for year, pupil_id in registers.lines_since(tx, school_id, seq)
        if year == school_year
    }


def lines_of_year(engine: Engine, school_id: int, school_year: int) -> tuple[Ints, Marks]:
    """(pupil ids, their lines) of everybody whom a register of the year named, on roll or not."""
    with read(engine) as tx:
        return registers.load_lines(tx, school_id, school_year)


def years_held(engine: Engine, school_id: int) -> list[int]:
    """The school years with a register or a calendar, oldest first."""
    with read(engine) as tx:
        return years_held_in(tx, school_id)


def years_held_in(tx: Tx, school_id: int) -> list[int]:
    """The same, inside a transaction that is already open."""
    return registers.years_held(tx, school_id)


def amend_marks(
    engine: Engine,
    person: Person,
    register: Register,
    changes: Sequence[MarkChange],
    reason: str,
    now: datetime,
) -> list[int]:
    """Change marks of one school year, all or none, with one amendment each; their numbers.

    ``register`` is the whole school's, as the person saw it; the marks themselves are compared in
    the database. Raises NotAllowed, Refused, NotInForce, or ChangedMeanwhile (somebody else was
    first: who, when and what it is now), always with nothing changed. SI 2024/208 reg 6.
    """
    said = check_reason(reason)
    for change in changes:
        check_change(person, register, change, today_of(now))
    with write(engine) as tx:
        return amendments.change_marks(tx, person.school_id, changes, person, said, now)


def mark_history(
    engine: Engine, person: Person, register: Register, pupil_id: int, slot: int | None = None
) -> list[Amendment]:
    """A pupil's amendments of the school year, oldest first, or those of one mark."""
    _check_reach(person, Permission.SEE_MARK_HISTORY, register, pupil_id)
    with read(engine) as tx:
        return amendments.history(tx, person.school_id, pupil_id, register.school_year, slot)


def mark_details(
    engine: Engine, person: Person, register: Register, pupil_id: int
) -> list[MarkDetail]:
    """Minutes late and comments of a pupil's marks."""
    _check_reach(person, Permission.PUPIL_RECORD, register, pupil_id)
    with read(engine) as tx:
        return registers.details(tx, person.school_id, register.school_year, pupil_id)


def pupil_named(engine: Engine, person: Person, upn: str) -> int:
    """The id of the pupil with this UPN (a former one counts). Raises NotFound."""
    with read(engine) as tx:
        return pupils.pupil_with_upn(tx, person.school_id, upn.strip().upper()).id


def today_of(now: datetime) -> date:
    """The day it is at the school: in London, whatever the server's clock is set to."""
    return now.astimezone(LONDON).date()


def current_school_year(now: datetime) -> int:
    """The school year of today."""
    return school_year_of(today_of(now))


def _check_reach(person: Person, permission: Permission, register: Register, pupil_id: int) -> None:
    row = register.row_of(pupil_id)
    if row is None:
        raise NotFound("There is no such pupil in this school year's register.")
    check_pupil(person, permission, register.pupils, row)
