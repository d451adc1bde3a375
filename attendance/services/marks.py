"""One mark, or many typed ones: what they mean, their history, and what may be changed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from attendance.core.amendments import Amendment, MarkChange
from attendance.core.drafts import Cell, Draft, Drafts, tidy
from attendance.core.names import called
from attendance.core.people import Person
from attendance.core.permissions import visible
from attendance.core.policies import check_change
from attendance.core.register import Register
from attendance.core.slots import Session, moment_of
from attendance.core.week_grid import (
    PRESENT_MARKS,
    changes_to,
    day_around,
    present_mark,
    spell_around,
    state_of,
)
from attendance.errors import AttendanceError, NotFound
from attendance.rules.codes import CODE_OF, NO_MARK, Category, codes_on, reading_of
from attendance.rules.roles import Permission
from attendance.services.registers import mark_details, mark_history, today_of
from attendance.services.weeks import NO_SUCH_PUPIL, pupils_shown
from attendance.store import conflicts
from attendance.store.engine import Engine, read
from attendance.store.registers import MarkDetail


@dataclass(frozen=True)
class Span:
    """For which sessions a change is meant: 'This session', 'This day', 'The spell, 4 sessions'."""

    words: str
    slots: tuple[int, ...]


@dataclass(frozen=True)
class MarkReport:
    """One mark. ``history`` is None where the person may not see it; ``choices`` maps each code
    the person may put there to its meaning, and ``why_not`` says why there are none."""

    pupil_id: int
    name: str
    slot: int
    day: date
    session: Session
    code: str
    meaning: str
    state: str
    detail: MarkDetail | None
    history: tuple[Amendment, ...] | None
    choices: Mapping[str, str]
    spans: tuple[Span, ...]
    why_not: str


def mark(
    engine: Engine, person: Person, register: Register, pupil_id: int, slot: int, now: datetime
) -> MarkReport:
    """One mark in words, its history, and what this person may change it to."""
    row = register.row_of(pupil_id)
    if row is None or not pupils_shown(person, register)[row]:
        raise NotFound(NO_SUCH_PUPIL)
    day, session = moment_of(register.school_year, slot)
    code = CODE_OF[chr(register.marks[row, slot])]
    choices, why_not = _choices(person, register, row, slot, today_of(now))
    return MarkReport(
        pupil_id=pupil_id,
        name=str(called(register.pupils.iloc[[row]]).iloc[0]),
        slot=slot,
        day=day,
        session=session,
        code=code,
        meaning="No mark yet" if code == NO_MARK else reading_of(code, day).name,
        state="" if code == NO_MARK else state_of(code, day),
        detail=_detail(engine, person, register, row, slot),
        history=_history(engine, person, register, row, slot),
        choices=choices,
        spans=_spans(register, row, slot),
        why_not=why_not,
    )


def proposed(
    person: Person,
    register: Register,
    pupil_id: int,
    slots: Sequence[int],
    code: str,
    now: datetime,
) -> list[MarkChange]:
    """The changes that give these sessions a code; raises for the first that cannot be made."""
    row = register.row_of(pupil_id)
    if row is None:
        raise NotFound(NO_SUCH_PUPIL)
    changes = changes_to(register, row, slots, code)
    for change in changes:
        check_change(person, register, change, today_of(now))
    return changes


def check_typed(
    person: Person, register: Register, drafts: Drafts, now: datetime
) -> tuple[list[MarkChange], dict[Cell, str]]:
    """What was typed in this register, as changes that can be saved, and a sentence for each
    cell that cannot. Codes are read in capitals."""
    changes: list[MarkChange] = []
    problems: dict[Cell, str] = {}
    for cell, draft in drafts.items():
        if cell.school_year != register.school_year:
            continue
        change = change_of(cell, draft)
        try:
            check_change(person, register, change, today_of(now))
        except AttendanceError as error:
            problems[cell] = str(error)
        else:
            changes.append(change)
    return changes, problems


def change_of(cell: Cell, draft: Draft) -> MarkChange:
    """A draft as the change that it asks for."""
    day, session = moment_of(cell.school_year, cell.slot)
    code = tidy(draft.typed) or NO_MARK
    return MarkChange(cell.pupil_id, day, session, draft.expected, code)


def who_was_first(engine: Engine, person: Person, lost: Sequence[MarkChange]) -> str:
    """The sentence for marks that somebody changed while this person was typing."""
    with read(engine) as tx:
        return conflicts.who_was_first(tx, person.school_id, lost)


def _choices(
    person: Person, register: Register, row: int, slot: int, today: date
) -> tuple[dict[str, str], str]:
    """The codes in force that would be accepted here, or the sentence for why there are none."""
    day, session = moment_of(register.school_year, slot)
    expected = CODE_OF[chr(register.marks[row, slot])]
    pupil_id = int(register.pupils["pupil_id"].iloc[row])
    other_half = PRESENT_MARKS[session == Session.AM]
    choices: dict[str, str] = {}
    why_not = ""
    for code, meaning in codes_on(day).items():
        if code == expected or code == other_half or meaning.category == Category.ADMINISTRATIVE:
            continue
        try:
            check_change(
                person, register, MarkChange(pupil_id, day, session, expected, code), today
            )
        except AttendanceError as error:
            why_not = why_not or str(error)
        else:
            choices[code] = "Present" if code == present_mark(session) else meaning.name
    return choices, "" if choices else why_not


def _spans(register: Register, row: int, slot: int) -> tuple[Span, ...]:
    spans = [Span("This session", (slot,))]
    day = day_around(register, row, slot)
    if len(day) > 1:
        spans.append(Span("This day", tuple(day)))
    spell = spell_around(register, row, slot)
    if len(spell) > 1:
        spans.append(Span(f"The spell, {len(spell)} sessions", tuple(spell)))
    return tuple(spans)


def _detail(
    engine: Engine, person: Person, register: Register, row: int, slot: int
) -> MarkDetail | None:
    pupil_id = int(register.pupils["pupil_id"].iloc[row])
    if not visible(person, Permission.PUPIL_RECORD, register.pupils.iloc[[row]])[0]:
        return None
    found = mark_details(engine, person, register, pupil_id)
    return next((each for each in found if each.slot == slot), None)


def _history(
    engine: Engine, person: Person, register: Register, row: int, slot: int
) -> tuple[Amendment, ...] | None:
    if not visible(person, Permission.SEE_MARK_HISTORY, register.pupils.iloc[[row]])[0]:
        return None
    pupil_id = int(register.pupils["pupil_id"].iloc[row])
    return tuple(mark_history(engine, person, register, pupil_id, slot))
