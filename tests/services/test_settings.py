"""The school's settings: who changes them, from which day, and what stands before anybody did."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import Engine

from attendance.core.settings import TARGET
from attendance.errors import NotAllowed, Refused
from attendance.rules.roles import Role
from attendance.services.settings import (
    change_setting,
    may_change,
    past_values,
    school_settings,
    triggers_on,
)
from attendance.store.engine import read
from tests.services.school import MONDAY, NOW, TUESDAY, person, school

HEAD = person(Role.HEADTEACHER)


def set_target(engine: Engine, text: str, *, role: Role = Role.HEADTEACHER) -> None:
    change_setting(
        engine, person(role), TARGET, text,
        source="Governors, 3 July", valid_from=TUESDAY, review_on=MONDAY, now=NOW,
    )  # fmt: skip


def test_a_target_holds_from_its_day_on_and_not_before(engine: Engine) -> None:
    school(engine)
    set_target(engine, "95.5")
    now = school_settings(engine, HEAD, TUESDAY)[TARGET]
    assert (now.value, now.source, now.set_by) == (Decimal("95.5"), "Governors, 3 July", HEAD.name)
    assert now.is_overdue(TUESDAY)
    assert school_settings(engine, HEAD, MONDAY)[TARGET].value is None


def test_an_empty_value_takes_a_setting_back_and_the_past_stays(engine: Engine) -> None:
    school(engine)
    set_target(engine, "95")
    set_target(engine, "")
    assert school_settings(engine, HEAD, TUESDAY)[TARGET].value is None
    assert [row.value for row in past_values(engine, HEAD)] == ["", "95"]


def test_the_officer_reads_and_does_not_change(engine: Engine) -> None:
    school(engine)
    assert school_settings(engine, person(), TUESDAY)
    assert not may_change(person())
    with pytest.raises(NotAllowed, match="headteacher"):
        set_target(engine, "95", role=Role.ATTENDANCE_OFFICER)


@pytest.mark.parametrize("role", [Role.GOVERNOR, Role.PASTORAL_DHOY, Role.TEACHER_FORM_TUTOR])
def test_other_roles_do_not_even_read(engine: Engine, role: Role) -> None:
    school(engine)
    with pytest.raises(NotAllowed):
        school_settings(engine, person(role, "9"), TUESDAY)


def test_a_value_without_a_source_is_refused(engine: Engine) -> None:
    school(engine)
    with pytest.raises(Refused, match="where the value comes from"):
        change_setting(
            engine, HEAD, TARGET, "95", source=" ", valid_from=TUESDAY, review_on=None, now=NOW
        )
    assert past_values(engine, HEAD) == []


def test_the_triggers_follow_the_setting_from_its_day(engine: Engine) -> None:
    school(engine)
    change_setting(
        engine, HEAD, "lateness_sessions", "7",
        source="Policy 2026", valid_from=TUESDAY, review_on=None, now=NOW,
    )  # fmt: skip
    with read(engine) as tx:
        assert triggers_on(tx, 1, date(2026, 11, 22)).lateness_sessions == 5
        assert triggers_on(tx, 1, TUESDAY).lateness_sessions == 7
