"""Recording leave, expected absence, part-time plans and notices: who may, and what is refused."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import Engine

from attendance.core.records import (
    ExpectedAbsence,
    Leave,
    NoticeState,
    PartTimePlan,
    PenaltyNotice,
    Record,
)
from attendance.core.register import Register
from attendance.errors import NotAllowed, NotFound, NotInForce, Refused
from attendance.rules.roles import Role
from attendance.services.records import (
    add_record,
    load_records,
    pupil_records,
    remove_record,
)
from attendance.store import events
from attendance.store.engine import read
from tests.services.school import AMINA, CLEO, MONDAY, NOW, TUESDAY, person, registers_of, school

LEAVE = Leave(AMINA, MONDAY, TUESDAY, "C", "A wedding")
ILL = ExpectedAbsence(AMINA, MONDAY, date(2026, 12, 4), "I", MONDAY)
PLAN = PartTimePlan(AMINA, MONDAY, date(2026, 12, 4))
NOTICE = PenaltyNotice(AMINA, "Zora Testwick", MONDAY, NoticeState.ISSUED)
EACH = (LEAVE, ILL, PLAN, NOTICE)


@pytest.fixture
def register(engine: Engine) -> Register:
    school(engine)
    return registers_of(engine)[0]


def kinds_logged(engine: Engine) -> list[str]:
    with read(engine) as tx:
        return [each.kind for each in events.list_events(tx, 1)]


def test_the_officer_records_each_kind_and_it_is_logged(engine: Engine, register: Register) -> None:
    for record in EACH:
        add_record(engine, person(), register, record, NOW)
    found = pupil_records(engine, person(), register, AMINA)
    assert [each.record for each in found.leaves] == [LEAVE]
    assert [each.record for each in found.expected_absences] == [ILL]
    assert [each.record for each in found.part_time_plans] == [PLAN]
    assert [each.record for each in found.penalty_notices] == [NOTICE]
    assert set(kinds_logged(engine)) >= {"leave of absence recorded", "penalty notice recorded"}


@pytest.mark.parametrize("record", EACH, ids=lambda record: type(record).__name__)
@pytest.mark.parametrize(
    "role", [Role.TEACHER_FORM_TUTOR, Role.GOVERNOR, Role.ADMIN_STAFF, Role.SYSTEM_ADMIN]
)
def test_other_roles_neither_record_nor_see_it(
    engine: Engine, register: Register, role: Role, record: Record
) -> None:
    add_record(engine, person(), register, record, NOW)
    with pytest.raises(NotAllowed):
        add_record(engine, person(role, "9"), register, record, NOW)
    seen = pupil_records(engine, person(role, "9"), register, AMINA)
    assert not (seen.leaves or seen.expected_absences or seen.part_time_plans)
    assert not seen.penalty_notices


def test_a_deputy_records_a_plan_for_her_own_year_only(engine: Engine, register: Register) -> None:
    deputy = person(Role.PASTORAL_DHOY, "9")
    add_record(engine, deputy, register, PLAN, NOW)
    with pytest.raises(NotAllowed):
        add_record(engine, deputy, register, PartTimePlan(CLEO, MONDAY, TUESDAY), NOW)


@pytest.mark.parametrize(
    ("record", "says", "error"),
    [
        (Leave(AMINA, TUESDAY, MONDAY, "C"), "last day is before the first", Refused),
        (Leave(AMINA, MONDAY, TUESDAY, "H"), "H", NotInForce),
        (PartTimePlan(AMINA, TUESDAY, MONDAY), "review is before", Refused),
        (PenaltyNotice(AMINA, " ", MONDAY, NoticeState.PAID), "which parent", Refused),
        (Leave(AMINA, MONDAY, TUESDAY, "C", "x" * 501), "longer than 500", Refused),
        (Leave(77, MONDAY, TUESDAY, "C"), "not in this year's register", NotFound),
    ],
)
def test_what_cannot_be_is_refused_with_a_sentence_and_nothing_is_kept(
    engine: Engine, register: Register, record: Record, says: str, error: type[Exception]
) -> None:
    with pytest.raises(error, match=says):
        add_record(engine, person(), register, record, NOW)
    with read(engine) as tx:
        kept = load_records(tx, 1, TUESDAY)
    assert not (kept.leaves or kept.part_time_plans or kept.penalty_notices)


def test_an_entry_taken_back_is_gone_and_the_log_says_so(
    engine: Engine, register: Register
) -> None:
    add_record(engine, person(), register, LEAVE, NOW)
    (kept,) = pupil_records(engine, person(), register, AMINA).leaves
    with pytest.raises(NotAllowed):
        remove_record(engine, person(Role.GOVERNOR), register, Leave, kept.id, NOW)
    remove_record(engine, person(), register, Leave, kept.id, NOW)
    assert pupil_records(engine, person(), register, AMINA).leaves == []
    assert "leave of absence taken back" in kinds_logged(engine)


def test_who_has_a_social_worker_is_read_as_it_was_on_the_day(
    engine: Engine, register: Register
) -> None:
    with read(engine) as tx:
        assert load_records(tx, 1, TUESDAY).social_worker == {AMINA}
        assert load_records(tx, 1, date(2026, 8, 31)).social_worker == frozenset()
