"""Amending marks, on both databases: who, why, all or none, and the second of two people."""

from datetime import date, timedelta

import pytest

from attendance.core.amendments import MarkChange
from attendance.errors import ChangedMeanwhile, NotAllowed, NotFound, NotInForce, Refused
from attendance.rules.codes import CODE_OF
from attendance.rules.roles import Role
from attendance.services.registers import amend_marks, load_register, mark_history
from tests.services.school import (
    AM,
    AMINA,
    BRAM,
    CLEO,
    MONDAY,
    NOW,
    PM,
    TUESDAY,
    person,
    registers_of,
    school,
)

REASON = "Parent telephoned: high temperature"
TO_I = MarkChange(AMINA, MONDAY, AM, "N", "I")


def amend(engine, *changes, who=None, reason=REASON, now=NOW):
    register, _ = registers_of(engine)
    return amend_marks(engine, who or person(), register, changes, reason, now)


def code_at(engine, change):
    register = load_register(engine, 1, 2026)
    return CODE_OF[chr(register.marks[register.row_of(change.pupil_id), change.slot])]


def test_an_amendment_keeps_the_six_facts_of_the_regulation(engine):
    school(engine)
    amend(engine, TO_I)
    register, _ = registers_of(engine)
    last = mark_history(engine, person(), register, AMINA, TO_I.slot)[-1]
    assert (last.original, last.amended, last.reason) == ("N", "I", REASON)
    assert (last.at, last.name, last.position) == (NOW, "Pat Invented", "Attendance officer")
    assert code_at(engine, TO_I) == "I"


def test_a_batch_is_saved_whole_with_one_reason(engine):
    school(engine)
    second = MarkChange(BRAM, TUESDAY, PM, "-", "\\")
    assert len(amend(engine, TO_I, second, reason="Two things")) == 2
    assert (code_at(engine, TO_I), code_at(engine, second)) == ("I", "\\")


def test_nothing_of_a_batch_is_saved_when_one_mark_has_changed(engine):
    school(engine)
    second = MarkChange(BRAM, TUESDAY, AM, "N", "I")
    with pytest.raises(ChangedMeanwhile):
        amend(engine, TO_I, second)
    assert code_at(engine, TO_I) == "N"


def test_the_second_of_two_people_is_told_who_was_first_and_what_it_is_now(engine):
    school(engine)
    register, _ = registers_of(engine)
    first = person(Role.PASTORAL_DHOY, "9", name="Sunita Lantern")
    amend_marks(engine, first, register, [TO_I], REASON, NOW)
    with pytest.raises(ChangedMeanwhile, match="is ‘I’ now, not ‘N’: Sunita Lantern"):
        change = MarkChange(AMINA, MONDAY, AM, "N", "O")
        amend_marks(engine, person(), register, [change], REASON, NOW)
    assert code_at(engine, TO_I) == "I"


@pytest.mark.parametrize("reason", ["", "  ", "ok", "x" * 501])
def test_a_reason_that_says_nothing_or_runs_on_is_refused(engine, reason):
    school(engine)
    with pytest.raises(Refused, match="reason"):
        amend(engine, TO_I, reason=reason)
    assert code_at(engine, TO_I) == "N"


@pytest.mark.parametrize(
    "change, error, says",
    [
        (MarkChange(AMINA, MONDAY, AM, "N", "H"), NotInForce, "withdrawn after 18 August 2024"),
        (MarkChange(AMINA, MONDAY, AM, "N", "QQ"), NotInForce, "not an attendance code"),
        (MarkChange(AMINA, MONDAY, AM, "N", "\\"), Refused, "present in the morning is ‘/’"),
        (MarkChange(AMINA, MONDAY, AM, "N", "-"), Refused, "never taken away"),
        (MarkChange(AMINA, MONDAY, AM, "N", "X"), Refused, "compulsory school age"),
        (MarkChange(AMINA, date(2026, 10, 26), AM, "-", "I"), Refused, "no session"),
        (MarkChange(AMINA, date(2026, 11, 25), AM, "-", "/"), Refused, "still to come"),
        (MarkChange(999, MONDAY, AM, "-", "I"), NotFound, "no such pupil"),
    ],
)
def test_a_change_that_cannot_be_made_is_refused_with_a_sentence(engine, change, error, says):
    school(engine)
    with pytest.raises(error, match=says):
        amend(engine, change)
    assert code_at(engine, TO_I) == "N"


def test_a_leave_is_entered_ahead_by_the_officer_and_not_by_a_deputy_head_of_year(engine):
    school(engine)
    ahead = MarkChange(AMINA, date(2026, 12, 1), AM, "-", "C")
    with pytest.raises(NotAllowed):
        amend(engine, ahead, who=person(Role.PASTORAL_DHOY, "9"))
    amend(engine, ahead)
    assert code_at(engine, ahead) == "C"


def test_a_deputy_head_of_year_amends_in_the_own_year_only(engine):
    school(engine)
    with pytest.raises(NotAllowed, match="outside"):
        amend(engine, MarkChange(CLEO, TUESDAY, AM, "/", "L"), who=person(Role.PASTORAL_DHOY, "9"))
    amend(engine, TO_I, who=person(Role.PASTORAL_DHOY, "9"))


def test_an_administrator_amends_a_mark_on_its_own_day_only(engine):
    school(engine)
    with pytest.raises(NotAllowed, match="own day only"):
        amend(engine, TO_I, who=person(Role.ADMIN_STAFF))
    amend(engine, MarkChange(BRAM, TUESDAY, AM, "/", "L"), who=person(Role.ADMIN_STAFF))
    with pytest.raises(NotAllowed, match="own day only"):
        amend(
            engine,
            MarkChange(BRAM, TUESDAY, AM, "L", "/"),
            who=person(Role.ADMIN_STAFF),
            now=NOW + timedelta(days=1),
        )


@pytest.mark.parametrize("role", [Role.HEADTEACHER, Role.GOVERNOR, Role.SYSTEM_ADMIN])
def test_roles_that_do_not_keep_the_register_amend_nothing(engine, role):
    school(engine)
    with pytest.raises(NotAllowed, match="Your role does not allow this"):
        amend(engine, TO_I, who=person(role))


def test_an_administrator_may_not_read_the_history_of_a_mark(engine):
    school(engine)
    register, _ = registers_of(engine)
    with pytest.raises(NotAllowed):
        mark_history(engine, person(Role.ADMIN_STAFF), register, AMINA)
