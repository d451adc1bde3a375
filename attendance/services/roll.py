"""What a person tells the program of the roll: the day a pupil left, and whom to call."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime

import numpy as np

from attendance.core.people import Person
from attendance.core.permissions import check_pupil, visible
from attendance.core.register import BLANK, Register
from attendance.core.slots import first_slot_from, moment_of
from attendance.errors import NotFound, Refused
from attendance.rules.codes import SYMBOL_OF
from attendance.rules.roles import Permission
from attendance.store import events, particulars, pupils
from attendance.store.engine import Engine, Tx, read, write
from attendance.store.particulars import Contact

MOST_CONTACTS = 10
LONGEST = 200
_PHONE = re.compile(r"\+?[\d ()-]{5,24}(x\d{1,6})?")
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
# Marks that say themselves that the pupil was not expected.
_SAYS_NOTHING = [BLANK, *(ord(SYMBOL_OF[code]) for code in ("#", "Z"))]


def may_change_roll(person: Person, register: Register, row: int) -> bool:
    """May this person say when the pupil in this row left? Whoever imports the register may."""
    return bool(visible(person, Permission.IMPORT_MARKS, register.pupils.iloc[[row]])[0])


def may_change_contacts(person: Person, register: Register, row: int) -> bool:
    """May this person change whom to call? Whoever sees the contacts and enters reasons may."""
    pupil = register.pupils.iloc[[row]]
    needed = (Permission.SEE_CONTACTS, Permission.ENTER_REASON_CODE)
    return all(bool(visible(person, permission, pupil)[0]) for permission in needed)


def set_leaving_day(
    engine: Engine,
    person: Person,
    register: Register,
    pupil_id: int,
    last_day: date | None,
    now: datetime,
) -> None:
    """The last day on roll of the pupil's latest spell; None puts the pupil back on roll.

    A name is never taken off the register backwards over sessions that were marked (regulation 9
    gives no ground for it), so a day before such a mark is refused. Raises NotAllowed, NotFound,
    Refused; then nothing has changed.
    """
    row = _row(register, pupil_id)
    check_pupil(person, Permission.IMPORT_MARKS, register.pupils, row)
    if last_day is not None:
        _check_nothing_after(register, row, last_day)
    with write(engine) as tx:
        *earlier, latest = pupils.spells(tx, person.school_id, pupil_id)
        if last_day is not None and last_day < latest.first_day:
            raise Refused(
                f"The pupil came on roll on {latest.first_day:%-d %B %Y}; the last day cannot be "
                "before that."
            )
        now_on = replace(latest, last_day=last_day, inferred=False)
        pupils.replace_enrolments(tx, person.school_id, [pupil_id], [*earlier, now_on])
        detail = {"last_day": last_day.isoformat() if last_day else None}
        _log(tx, person, "leaving day recorded", pupil_id, now, detail)


def contacts_of(engine: Engine, person: Person, register: Register, pupil_id: int) -> list[Contact]:
    """Whom to call about one pupil, first to last. Raises NotAllowed or NotFound."""
    check_pupil(person, Permission.SEE_CONTACTS, register.pupils, _row(register, pupil_id))
    with read(engine) as tx:
        return particulars.contacts(tx, person.school_id, [pupil_id])


def save_contacts(
    engine: Engine,
    person: Person,
    register: Register,
    pupil_id: int,
    contacts: Sequence[Contact],
    now: datetime,
) -> None:
    """Put these contacts, in the order to call them, in place of the pupil's present ones.

    Raises NotAllowed, NotFound or Refused; then nothing has changed. The log keeps that they were
    changed and how many there are, never what they say.
    """
    row = _row(register, pupil_id)
    check_pupil(person, Permission.SEE_CONTACTS, register.pupils, row)
    check_pupil(person, Permission.ENTER_REASON_CODE, register.pupils, row)
    ordered = [_checked(each, pupil_id, place) for place, each in enumerate(contacts, start=1)]
    if len(ordered) > MOST_CONTACTS:
        raise Refused(f"A pupil has {MOST_CONTACTS} contacts at most. Take some away.")
    with write(engine) as tx:
        particulars.replace_contacts(tx, person.school_id, [pupil_id], ordered)
        _log(tx, person, "contacts changed", pupil_id, now, {"contacts": len(ordered)})


def _check_nothing_after(register: Register, row: int, last_day: date) -> None:
    after = first_slot_from(register.school_year, date.fromordinal(last_day.toordinal() + 1))
    later = np.flatnonzero(~np.isin(register.marks[row, after:], _SAYS_NOTHING))
    if len(later):
        day, session = moment_of(register.school_year, int(later[-1]) + after)
        raise Refused(
            f"The register has marks after that day, the last on {day:%A %-d %B %Y} {session}. "
            "Give that day or a later one, or have the marks amended first."
        )


def _checked(contact: Contact, pupil_id: int, place: int) -> Contact:
    """The contact with its place in the order; Refused when a field cannot be what it says."""
    texts = (contact.name, contact.relationship, contact.email, contact.address, contact.note)
    who = contact.name.strip() or f"Contact {place}"
    if not contact.name.strip():
        raise Refused(f"{who} has no name. Give one, or take the row away.")
    if any(len(text) > LONGEST for text in texts):
        raise Refused(f"{who[:40]}: no field may be longer than {LONGEST} characters.")
    if contact.phone.strip() and not _PHONE.fullmatch(contact.phone.strip()):
        raise Refused(f"{who}: {contact.phone.strip()[:40]!r} is not a telephone number.")
    if contact.email.strip() and not _EMAIL.fullmatch(contact.email.strip()):
        raise Refused(f"{who}: {contact.email.strip()[:40]!r} is not an e-mail address.")
    return replace(contact, pupil_id=pupil_id, priority=place)


def _row(register: Register, pupil_id: int) -> int:
    row = register.row_of(pupil_id)
    if row is None:
        raise NotFound("That pupil is not in this year's register.")
    return row


def _log(
    tx: Tx, person: Person, kind: str, pupil_id: int, now: datetime, detail: Mapping[str, object]
) -> None:
    events.append(tx, person.school_id, kind, now, person.username, person.name, [pupil_id], detail)
