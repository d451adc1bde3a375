"""Findings for a person: whose pupils, and what rests on more than marks."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine

from attendance.core.people import Person
from attendance.core.records import PartTimePlan
from attendance.core.register import Register
from attendance.core.triggers import TRIGGERS, Finding
from attendance.errors import NotAllowed, Refused
from attendance.rules.roles import Role
from attendance.services.records import add_record
from attendance.services.triggers import findings, trigger_rows
from tests.services.school import (
    AM,
    AMINA,
    CLEO,
    FIRST,
    MONDAY,
    NOW,
    TUESDAY,
    person,
    registers_of,
    school,
)


@pytest.fixture
def registers(engine: Engine) -> tuple[Register, Register]:
    """Last year's and this year's; Amina, who has a social worker, has an N on Monday."""
    school(engine)
    this, last = registers_of(engine)
    return last, this


def triggers(found: list[Finding]) -> list[tuple[int, str]]:
    return [(each.pupil_id, each.trigger) for each in found]


def test_the_dsl_is_told_of_the_social_workers_pupil_and_the_officer_is_not(
    engine: Engine, registers: tuple[Register, Register]
) -> None:
    told = triggers(findings(engine, person(Role.DSL), registers, MONDAY))
    assert (AMINA, "absent_social_worker") in told and (AMINA, "unresolved_n") in told
    for role in (Role.ATTENDANCE_OFFICER, Role.PASTORAL_DHOY, Role.TEACHER_FORM_TUTOR):
        seen = triggers(findings(engine, person(role, "9", "9K"), registers, MONDAY))
        assert (AMINA, "absent_social_worker") not in seen
        assert (AMINA, "unresolved_n") in seen


def test_a_tutor_sees_findings_of_the_own_form_only(
    engine: Engine, registers: tuple[Register, Register]
) -> None:
    tutor = person(Role.TEACHER_FORM_TUTOR, "10A")
    assert findings(engine, tutor, registers, MONDAY) == []


@pytest.mark.parametrize("role", [Role.GOVERNOR, Role.ADMIN_STAFF, Role.SYSTEM_ADMIN])
def test_who_may_not_open_a_pupils_record_is_refused(
    engine: Engine, registers: tuple[Register, Register], role: Role
) -> None:
    with pytest.raises(NotAllowed):
        findings(engine, person(role), registers, MONDAY)


PATTERNS = {"repeated_lateness", "present_then_absent", "sudden_change", "siblings_absent"}
WORKERS = {"absent_social_worker", "absent_yot_worker"}
ON_RECORDS = {"third_notice", "part_time_review"}


@pytest.mark.parametrize(
    "who, hidden",
    [
        (person(Role.TEACHER_FORM_TUTOR, "9K"), PATTERNS | WORKERS | ON_RECORDS),
        (person(Role.PASTORAL_DHOY, "9"), WORKERS | {"third_notice"}),
        (person(Role.ATTENDANCE_OFFICER), WORKERS),
        (person(Role.DSL), {"third_notice"}),
        (person(Role.HEADTEACHER), set()),
    ],
)
def test_each_finding_asks_for_what_it_rests_on(
    engine: Engine,
    registers: tuple[Register, Register],
    monkeypatch: pytest.MonkeyPatch,
    who: Person,
    hidden: set[str],
) -> None:
    every = [Finding(AMINA, each, FIRST, None, None, None, None, (), "", "") for each in TRIGGERS]
    monkeypatch.setattr("attendance.services.triggers.find", lambda *_: every)
    seen = [trigger for _, trigger in triggers(findings(engine, who, registers, MONDAY))]
    assert seen == [each for each in TRIGGERS if each not in hidden]


def test_recorded_plans_are_looked_at(engine: Engine, registers: tuple[Register, Register]) -> None:
    plan = PartTimePlan(CLEO, FIRST, MONDAY)
    add_record(engine, person(), registers[-1], plan, NOW)
    assert (CLEO, "part_time_review") in triggers(findings(engine, person(), registers, TUESDAY))


def test_the_command_lines_rows_are_of_the_day_asked_or_today(engine: Engine) -> None:
    school(engine)
    report = trigger_rows(engine, 1, MONDAY, NOW)
    row = next(each for each in report.rows if each["trigger"] == "unresolved_n")
    assert row["upn"] == "A999000000001" and row["due"] == "2026-11-30"
    assert row["sessions"] == [[MONDAY.isoformat(), str(AM), "N"]]
    assert trigger_rows(engine, 1, None, NOW).on == TUESDAY


def test_a_day_before_every_register_is_refused(engine: Engine) -> None:
    school(engine)
    with pytest.raises(Refused, match="import one first"):
        trigger_rows(engine, 1, FIRST.replace(year=2020), NOW)
