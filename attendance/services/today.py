"""Today: who is not accounted for, what to do first, and whose clock is running."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

import numpy as np
import numpy.typing as npt
import pandas as pd

from attendance.core.calendar import Calendar, school_days, school_days_after
from attendance.core.names import called, first_names
from attendance.core.people import Person
from attendance.core.permissions import allows, check, visible
from attendance.core.register import BLANK, Register
from attendance.core.scopes import scope_in_words
from attendance.core.slots import Session, moment_of
from attendance.core.today import (
    Action,
    SessionStanding,
    actions,
    days_in_a_row,
    last_attended,
    latest_session,
    queue_order,
    standing_at,
)
from attendance.rules.codes import CODE_OF
from attendance.rules.roles import Permission, grant
from attendance.services.open_reasons import Reasons, reasons_to_find
from attendance.services.registers import today_of
from attendance.store import particulars
from attendance.store.engine import Engine, read
from attendance.store.particulars import Characteristic, Contact

Mask = npt.NDArray[np.bool_]

# What makes the DSL the first to be told; the kind itself is shown to DSL and head only.
TOLD_FIRST = {"looked_after": "Looked after", "social_worker": "Social worker"}
DO_NOT_CONTACT = "do not contact"


@dataclass(frozen=True, slots=True)
class Waiting:
    """One pupil who is not accounted for.

    What the person may not see is empty: ``days`` and ``last_in`` None, contact and reason ''.
    """

    pupil_id: int
    name: str
    form: str
    action: Action
    siblings: str
    code: str
    days: int | None
    last_in: tuple[date, Session] | None
    contact: str = ""
    phone: str = ""
    notes: tuple[str, ...] = ()
    reason: str = ""


@dataclass(frozen=True, slots=True)
class TodayReport:
    """expected = present + explained + unaccounted + not_taken; ``late`` is part of present.

    ``who`` is '' for the whole school. ``missing``: (form, pupils) of registers not taken.
    """

    who: str
    day: date
    session: Session
    is_today: bool
    is_school_day: bool
    opens_next: date | None
    expected: int
    present: int
    explained: int
    unaccounted: int
    not_taken: int
    late: int
    households: int
    missing: tuple[tuple[str, int], ...]
    queue: tuple[Waiting, ...]
    reasons: Reasons | None
    sees_contacts: bool
    sees_record: bool
    sees_reason: bool


def today_report(
    engine: Engine,
    person: Person,
    register: Register,
    now: datetime,
    calendar: Calendar | None = None,
) -> TodayReport | None:
    """The latest session up to today for the pupils this person reaches.

    ``register`` is the whole school's; None where no register has been taken in it yet.
    ``calendar`` is this school year's when the register is last year's. Raises NotAllowed.
    """
    check(person, Permission.LOG_CONTACT)
    today = today_of(now)
    slot = latest_session(register, today)
    if slot < 0:
        return None
    day, session = moment_of(register.school_year, slot)
    reached = visible(person, Permission.LOG_CONTACT, register.pupils)
    # A form's register is taken or not for all of it, whomever this person reaches.
    standing = standing_at(register, slot).only(reached)
    own = register.only(reached)
    calendar = calendar or register.calendar
    report = TodayReport(
        who=scope_in_words(person, Permission.LOG_CONTACT),
        day=day,
        session=session,
        is_today=day == today,
        is_school_day=today in school_days(calendar),
        opens_next=school_days_after(calendar, [today], 1)[0],
        expected=int(standing.expected.sum()),
        present=int(standing.present.sum()),
        explained=int(standing.explained.sum()),
        unaccounted=int(standing.unaccounted.sum()),
        not_taken=int(standing.not_taken.sum()),
        late=int(standing.late.sum()),
        households=_households(own.pupils[standing.unaccounted]),
        missing=_missing_registers(own, standing),
        queue=(),
        reasons=None,
        sees_contacts=allows(person, Permission.SEE_CONTACTS),
        sees_record=allows(person, Permission.PUPIL_RECORD),
        sees_reason=allows(person, Permission.SEE_SOCIAL_CARE),
    )
    reasons = reasons_to_find(own, slot, today) if report.sees_record else None
    return replace(report, queue=_queue(engine, person, own, standing, today), reasons=reasons)


def _households(pupils: pd.DataFrame) -> int:
    known = pupils["household"].notna()
    return int(pupils["household"][known].nunique() + (~known).sum())


def _missing_registers(
    register: Register, standing: SessionStanding
) -> tuple[tuple[str, int], ...]:
    pupils = register.pupils[standing.not_taken].sort_values(["year_group", "form"])
    forms = pupils["form"].value_counts(sort=False)
    return tuple((str(form), int(n)) for form, n in forms.items())


def _queue(
    engine: Engine, person: Person, register: Register, standing: SessionStanding, today: date
) -> tuple[Waiting, ...]:
    """The waiting pupils in order of what matters. Only they are looked up in the database."""
    waiting = register.only(standing.unaccounted)
    if not len(waiting):
        return ()
    ids = [int(pupil_id) for pupil_id in waiting.pupils["pupil_id"]]
    with read(engine) as tx:
        facts = particulars.characteristics(tx, person.school_id, ids)
        contacts = particulars.contacts(tx, person.school_id, ids)
    kinds = _kinds(facts, today) if _is_told_first(person) else {}
    frame = _waiting_frame(register, waiting, standing, kinds)
    known_to = visible(person, Permission.SEE_CONTACTS, waiting.pupils)
    may_ring = set(waiting.pupils["pupil_id"][known_to])
    own: dict[int, list[Contact]] = {pupil_id: [] for pupil_id in may_ring}
    for each in contacts:
        if each.pupil_id in may_ring:
            own[each.pupil_id].append(each)
    rows = [_row(person, register, record) for record in queue_order(frame).to_dict("records")]
    return tuple(_with_contact(row, own.get(row.pupil_id, [])) for row in rows)


def _is_told_first(person: Person) -> bool:
    """Does this person's role get the prompt, or the fact behind it?"""
    cells = [grant(role, Permission.SEE_SOCIAL_CARE) for role in person.roles]
    return any(cell.startswith("prompt") or cell == "school" for cell in cells)


def _kinds(facts: Sequence[Characteristic], today: date) -> dict[int, list[str]]:
    kinds: dict[int, list[str]] = {}
    for fact in facts:
        if fact.kind in TOLD_FIRST and fact.is_true_on(today):
            kinds.setdefault(fact.pupil_id, []).append(TOLD_FIRST[fact.kind])
    return kinds


def _waiting_frame(
    register: Register, waiting: Register, standing: SessionStanding, kinds: dict[int, list[str]]
) -> pd.DataFrame:
    """The pupils' columns with prompted, days, action, siblings, code, last_slot and reason."""
    slot = standing.slot
    prompted = waiting.pupils["pupil_id"].isin(kinds).to_numpy(dtype=np.bool_)
    days = days_in_a_row(waiting, slot)
    return waiting.pupils.assign(
        name=called(waiting.pupils),
        prompted=prompted,
        days=days,
        action=actions(prompted, days),
        siblings=_siblings(register, waiting.pupils, standing.absent),
        code=[_code(mark) for mark in waiting.marks[:, slot]],
        last_slot=last_attended(waiting, slot),
        reason=[", ".join(kinds.get(i, [])) for i in waiting.pupils["pupil_id"]],
    )


def _code(mark: int) -> str:
    return "" if mark == BLANK else CODE_OF[chr(mark)]


def _siblings(register: Register, pupils: pd.DataFrame, absent: Mask) -> list[str]:
    """'Jonah, 7B' for each pupil: who else of the household is absent, within the same reach."""
    others = register.pupils[absent & register.pupils["household"].notna().to_numpy()]
    homes: dict[int, list[tuple[int, str]]] = {}
    words = first_names(others) + ", " + others["form"]
    for home, pupil_id, word in zip(others["household"], others["pupil_id"], words, strict=True):
        homes.setdefault(home, []).append((pupil_id, word))
    return [
        "; ".join(word for other, word in homes.get(home, []) if other != pupil_id)
        for home, pupil_id in zip(pupils["household"], pupils["pupil_id"], strict=True)
    ]


def _row(person: Person, register: Register, facts: Mapping[Hashable, object]) -> Waiting:
    """One pupil, with only what the person's roles open."""
    is_record_seen = allows(person, Permission.PUPIL_RECORD)
    action = Action(str(facts["action"]))
    if action == Action.HOME_VISIT and not is_record_seen:
        action = Action.CALL  # the days in a row are part of the record
    last = int(str(facts["last_slot"]))
    return Waiting(
        pupil_id=int(str(facts["pupil_id"])),
        name=str(facts["name"]),
        form=str(facts["form"]),
        action=action,
        siblings=str(facts["siblings"]),
        code=str(facts["code"]),
        days=int(str(facts["days"])) if is_record_seen else None,
        last_in=moment_of(register.school_year, last) if is_record_seen and last >= 0 else None,
        reason=str(facts["reason"]) if allows(person, Permission.SEE_SOCIAL_CARE) else "",
    )


def _with_contact(row: Waiting, contacts: Sequence[Contact]) -> Waiting:
    """Whom to ring: the first contact with a number and no note against it."""
    ring = next((each for each in contacts if each.phone and not is_barred(each)), None)
    noted = [each for each in contacts if each.note and (is_barred(each) or each is ring)]
    notes = tuple(f"{_contact_name(each)}: {each.note}" for each in noted)
    if ring is None:
        return replace(row, notes=notes)
    return replace(row, contact=_contact_name(ring), phone=ring.phone, notes=notes)


def is_barred(contact: Contact) -> bool:
    """True when a note says not to contact this person; the whole note is then shown."""
    return DO_NOT_CONTACT in contact.note.casefold()


def _contact_name(contact: Contact) -> str:
    relationship = contact.relationship.lower()
    return f"{contact.name}, {relationship}" if relationship else contact.name
