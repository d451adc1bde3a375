"""Saying when a pupil left, and whom to call: who may, what is refused, what the figures show."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import Engine

from attendance.core.register import Register
from attendance.core.slots import Session, slot_of
from attendance.errors import NotAllowed, NotFound, Refused
from attendance.rules.roles import Role
from attendance.services.roll import contacts_of, save_contacts, set_leaving_day
from attendance.store import events
from attendance.store.engine import read
from attendance.store.particulars import Contact
from tests.services.school import (
    AMINA,
    CLEO,
    MONDAY,
    NOW,
    TUESDAY,
    mark,
    person,
    registers_of,
    school,
)

WEDNESDAY = date(2026, 11, 25)
AUNT = Contact(AMINA, 1, "Yara Testwick", "Aunt", False, False, "07700 900002", "y@example.org")


@pytest.fixture
def register(engine: Engine) -> Register:
    school(engine)
    return registers_of(engine)[0]


def is_on_roll(engine: Engine, pupil_id: int, day: date) -> bool:
    register = registers_of(engine)[0]
    row = register.row_of(pupil_id)
    return row is not None and bool(register.on_roll[row, slot_of(2026, day, Session.AM)])


def test_a_pupil_is_on_roll_to_the_last_day_and_not_after(
    engine: Engine, register: Register
) -> None:
    set_leaving_day(engine, person(), register, AMINA, TUESDAY, NOW)
    assert is_on_roll(engine, AMINA, TUESDAY)
    assert not is_on_roll(engine, AMINA, WEDNESDAY)
    with read(engine) as tx:
        (logged,) = events.list_events(tx, 1, kinds=["leaving day recorded"])
    assert (logged.subjects, logged.detail) == ([AMINA], {"last_day": "2026-11-24"})


def test_a_leaving_day_taken_back_puts_the_pupil_on_roll_again(
    engine: Engine, register: Register
) -> None:
    set_leaving_day(engine, person(), register, AMINA, TUESDAY, NOW)
    set_leaving_day(engine, person(), registers_of(engine)[0], AMINA, None, NOW)
    assert is_on_roll(engine, AMINA, WEDNESDAY)


def test_a_name_is_not_taken_off_backwards_over_a_marked_session(
    engine: Engine, register: Register
) -> None:
    with pytest.raises(Refused, match="the last on Tuesday 24 November 2026 AM"):
        set_leaving_day(engine, person(), register, AMINA, MONDAY, NOW)
    assert is_on_roll(engine, AMINA, WEDNESDAY)


def test_a_planned_closure_after_the_last_day_is_no_mark_of_the_pupil(engine: Engine) -> None:
    school(engine)
    mark(engine, AMINA, WEDNESDAY, Session.AM, "#")
    set_leaving_day(engine, person(), registers_of(engine)[0], AMINA, TUESDAY, NOW)
    assert not is_on_roll(engine, AMINA, WEDNESDAY)


def test_a_last_day_before_the_first_is_refused(engine: Engine) -> None:
    school(engine)
    register = registers_of(engine)[0]
    register.marks[:] = ord("-")
    with pytest.raises(Refused, match="on roll on 1 September 2026"):
        set_leaving_day(engine, person(), register, AMINA, date(2026, 8, 31), NOW)


@pytest.mark.parametrize("role", [Role.PASTORAL_DHOY, Role.DSL, Role.HEADTEACHER, Role.GOVERNOR])
def test_only_who_imports_the_register_says_who_left(
    engine: Engine, register: Register, role: Role
) -> None:
    with pytest.raises(NotAllowed):
        set_leaving_day(engine, person(role, "9"), register, AMINA, TUESDAY, NOW)


def test_a_pupil_of_no_register_is_not_found(engine: Engine, register: Register) -> None:
    with pytest.raises(NotFound):
        set_leaving_day(engine, person(), register, 77, TUESDAY, NOW)


def test_contacts_are_called_in_the_order_given(engine: Engine, register: Register) -> None:
    (mother,) = contacts_of(engine, person(), register, AMINA)
    save_contacts(engine, person(), register, AMINA, [AUNT, mother], NOW)
    found = contacts_of(engine, person(), register, AMINA)
    assert [(each.name, each.priority) for each in found] == [
        ("Yara Testwick", 1),
        ("Zora Testwick", 2),
    ]
    with read(engine) as tx:
        (logged,) = events.list_events(tx, 1, kinds=["contacts changed"])
    assert logged.detail == {"contacts": 2}


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"name": " "}, "has no name"),
        ({"phone": "call me"}, "not a telephone number"),
        ({"email": "y at example"}, "not an e-mail address"),
        ({"note": "x" * 201}, "longer than 200"),
    ],
)
def test_a_contact_that_cannot_be_called_is_refused_and_the_old_ones_stay(
    engine: Engine, register: Register, change: dict[str, str], says: str
) -> None:
    with pytest.raises(Refused, match=says):
        save_contacts(engine, person(), register, AMINA, [replace(AUNT, **change)], NOW)
    assert [each.name for each in contacts_of(engine, person(), register, AMINA)] == [
        "Zora Testwick"
    ]


def test_a_pupil_has_ten_contacts_at_most(engine: Engine, register: Register) -> None:
    save_contacts(engine, person(), register, AMINA, [AUNT] * 10, NOW)
    with pytest.raises(Refused, match="10 contacts at most"):
        save_contacts(engine, person(), register, AMINA, [AUNT] * 11, NOW)


def test_a_deputy_changes_contacts_of_her_own_year_only(engine: Engine, register: Register) -> None:
    deputy = person(Role.PASTORAL_DHOY, "9")
    save_contacts(engine, deputy, register, AMINA, [AUNT], NOW)
    with pytest.raises(NotAllowed):
        save_contacts(engine, deputy, register, CLEO, [AUNT], NOW)


@pytest.mark.parametrize("role", [Role.HEADTEACHER, Role.GOVERNOR, Role.TEACHER_FORM_TUTOR])
def test_other_roles_change_no_contact(engine: Engine, register: Register, role: Role) -> None:
    with pytest.raises(NotAllowed):
        save_contacts(engine, person(role, "9"), register, AMINA, [AUNT], NOW)
