"""The register as people work with it: a week of a form or year, a pupil's half term, one mark."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

import numpy as np
import numpy.typing as npt

from attendance.core import week_words
from attendance.core.names import by_surname, called
from attendance.core.people import Person
from attendance.core.permissions import allows, check, visible
from attendance.core.register import Register
from attendance.core.slots import first_slot_from, moment_of
from attendance.core.week_grid import (
    WeekGrid,
    half_term_weeks,
    may_change,
    monday_of,
    week_grid,
)
from attendance.errors import NotFound
from attendance.rules.codes import NO_MARK
from attendance.rules.roles import Permission
from attendance.services.registers import LONDON, today_of
from attendance.store import amendments
from attendance.store.engine import Engine, read

Mask = npt.NDArray[np.bool_]
SHOWN_BY = (Permission.PUPIL_RECORD, Permission.ENTER_SESSION_MARK)
NO_SUCH_PUPIL = (
    "There is no such pupil in the registers that your account opens. "
    "Check the address, or search by name."
)


@dataclass(frozen=True)
class WeekReport:
    """What a person sees of some weeks. ``names`` are the grid's row titles, ``pupil_ids`` whose
    each row is; ``amended`` and ``may_change`` are (n, 10)."""

    grid: WeekGrid
    names: tuple[str, ...]
    pupil_ids: tuple[int, ...]
    amended: Mask
    may_change: Mask
    monday: date
    today: date
    of_whom: str
    pupil_id: int | None = None

    @property
    def sentence(self) -> str:
        """What the weeks say, to be read first."""
        amended = int(self.amended.sum())
        if self.pupil_id is not None:
            return week_words.weeks_of_pupil(self.of_whom, self.grid, amended)
        return week_words.week_of_group(self.of_whom, self.grid, amended, self.today)

    @property
    def is_empty(self) -> bool:
        return not len(self.grid)


def pupils_shown(person: Person, register: Register) -> Mask:
    """(n,) the pupils whose register this person may see: to read it, or to take it."""
    check(person, *SHOWN_BY)
    seen = np.zeros(len(register), dtype=np.bool_)
    for permission in SHOWN_BY:
        seen |= visible(person, permission, register.pupils)
    return seen


def forms_shown(person: Person, register: Register) -> dict[str, int]:
    """The forms this person may open, in order, each with its year group."""
    pupils = register.pupils[pupils_shown(person, register)]
    pairs = pupils.loc[pupils["form"] != "", ["year_group", "form"]].drop_duplicates()
    ordered = pairs.sort_values(["year_group", "form"])
    return dict(zip(ordered["form"], ordered["year_group"].astype(int), strict=True))


def pupils_of(
    person: Person, register: Register, form: str | None = None, year_group: int | None = None
) -> dict[int, str]:
    """The pupils of a form or year group whose record this person may read: id to name."""
    mask = visible(person, Permission.PUPIL_RECORD, register.pupils)
    pupils = by_surname(register.pupils[mask & _in_group(register, form, year_group)])
    return dict(zip(pupils["pupil_id"].astype(int), called(pupils), strict=True))


def group_week(
    engine: Engine,
    person: Person,
    register: Register,
    *,
    form: str | None = None,
    year_group: int | None = None,
    monday: date,
    now: datetime,
) -> WeekReport:
    """One week of a form or of a year group: a row a pupil on roll in it, by surname."""
    first_slot = first_slot_from(register.school_year, monday)
    on_roll = register.on_roll[:, first_slot : first_slot + 10].any(axis=1)
    mask = pupils_shown(person, register) & _in_group(register, form, year_group) & on_roll
    pupils = by_surname(register.pupils[mask])
    rows = pupils.index.to_numpy(dtype=np.int64)
    grid = week_grid(register, rows, np.full(len(rows), first_slot), _frontier(register, now))
    return _report(
        engine,
        person,
        register,
        grid,
        names=tuple(called(pupils)),
        monday=monday,
        now=now,
        of_whom=form or f"Year {year_group}",
    )


def pupil_weeks(
    engine: Engine, person: Person, register: Register, pupil_id: int, monday: date, now: datetime
) -> WeekReport:
    """The half term of one pupil: a row a week. NotFound where the person may not see the pupil,
    exactly as where there is no such pupil."""
    row = register.row_of(pupil_id)
    if row is None or not visible(person, Permission.PUPIL_RECORD, register.pupils.iloc[[row]])[0]:
        raise NotFound(NO_SUCH_PUPIL)
    weeks = half_term_weeks(register, row, monday)
    first_slots = np.array([first_slot_from(register.school_year, each) for each in weeks])
    grid = week_grid(register, np.full(len(weeks), row), first_slots, _frontier(register, now))
    return _report(
        engine,
        person,
        register,
        grid,
        names=tuple(f"{each:%-d %b}" for each in weeks),
        monday=monday,
        now=now,
        of_whom=str(called(register.pupils.iloc[[row]]).iloc[0]),
        pupil_id=pupil_id,
    )


def usual_week(register: Register, now: datetime) -> date:
    """The Monday to open the register at: this week, or the last one with marks in a holiday."""
    today = today_of(now)
    monday = monday_of(today)
    first = first_slot_from(register.school_year, monday)
    if register.latest < 0 or register.is_open[:, first : first + 10].any():
        return monday
    return monday_of(moment_of(register.school_year, register.latest)[0])


def _in_group(register: Register, form: str | None, year_group: int | None) -> Mask:
    if form is not None:
        return (register.pupils["form"] == form).to_numpy(dtype=np.bool_)
    return (register.pupils["year_group"] == year_group).to_numpy(dtype=np.bool_)


def _frontier(register: Register, now: datetime) -> int:
    """The first slot still to come: this afternoon's before noon, tomorrow's after it."""
    there = now.astimezone(LONDON)
    today = first_slot_from(register.school_year, there.date())
    if there.weekday() > 4:
        return today
    return today + (1 if there.hour < 12 else 2)


def _report(
    engine: Engine,
    person: Person,
    register: Register,
    grid: WeekGrid,
    *,
    names: tuple[str, ...],
    monday: date,
    now: datetime,
    of_whom: str,
    pupil_id: int | None = None,
) -> WeekReport:
    ids = register.pupils["pupil_id"].to_numpy()[grid.rows]
    today = today_of(now)
    return WeekReport(
        grid=grid,
        names=names,
        pupil_ids=tuple(int(each) for each in ids),
        amended=_amended(engine, person, register, grid),
        may_change=may_change(person, register, grid, today),
        monday=monday,
        today=today,
        of_whom=of_whom,
        pupil_id=pupil_id,
    )


def _amended(engine: Engine, person: Person, register: Register, grid: WeekGrid) -> Mask:
    """(n, 10) True where the mark was amended, as far as the person may see that."""
    amended = np.zeros(grid.codes.shape, dtype=np.bool_)
    if not len(grid) or not allows(person, Permission.SEE_MARK_HISTORY):
        return amended
    year = register.school_year
    first = moment_of(year, int(grid.first_slots.min()))[0]
    last = moment_of(year, int(grid.first_slots.max()))[0] + timedelta(days=4)
    seen = visible(person, Permission.SEE_MARK_HISTORY, register.pupils)
    ids = register.pupils["pupil_id"].to_numpy()
    shown = {int(each) for each in ids[np.unique(grid.rows[seen[grid.rows]])]}
    with read(engine) as tx:
        made = amendments.list_between(tx, person.school_id, first, last, sorted(shown))
    # The first mark of a session is an entry, not an amendment.
    cells = {(entry.pupil_id, entry.slot) for entry in made if entry.original != NO_MARK}
    for row, (line, slot) in enumerate(zip(grid.rows, grid.first_slots, strict=True)):
        pupil_id = int(ids[line])
        amended[row] = [(pupil_id, int(slot) + column) in cells for column in range(10)]
    return amended
