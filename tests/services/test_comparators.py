"""The school's own target and DfE's private expectation: who sees which, and over by how much."""

from __future__ import annotations

from decimal import Decimal

import pytest
from sqlalchemy import Engine

from attendance.core.settings import BASELINE, TARGET
from attendance.rules.roles import Role
from attendance.services.comparators import OwnComparator, own_comparators
from attendance.services.settings import change_setting
from tests.services.school import MONDAY, NOW, TUESDAY, person, school


@pytest.fixture
def both_set(engine: Engine) -> Engine:
    school(engine)
    for name, value in ((TARGET, "95"), (BASELINE, "93.5")):
        change_setting(
            engine, person(Role.HEADTEACHER), name, value,
            source="Governors", valid_from=TUESDAY, review_on=None, now=NOW,
        )  # fmt: skip
    return engine


@pytest.mark.parametrize("role", [Role.HEADTEACHER, Role.ATTENDANCE_OFFICER])
def test_those_who_answer_for_settings_see_target_and_expectation(
    both_set: Engine, role: Role
) -> None:
    found = own_comparators(both_set, person(role), TUESDAY)
    assert [(one.percent, one.source) for one in found] == [
        (Decimal("95"), "Governors"),
        (Decimal("93.5"), "Governors"),
    ]


@pytest.mark.parametrize("role", [Role.GOVERNOR, Role.PASTORAL_DHOY, Role.DSL])
def test_others_see_the_target_and_never_the_private_expectation(
    both_set: Engine, role: Role
) -> None:
    (only,) = own_comparators(both_set, person(role, "9"), TUESDAY)
    assert only.title == "School target"


def test_before_its_day_nothing_is_compared(both_set: Engine) -> None:
    assert own_comparators(both_set, person(), MONDAY) == ()


@pytest.mark.parametrize(
    ("absence", "points"), [(0.077, "2.7"), (0.05, "0.0"), (0.0504, "0.0"), (0.049, "-0.1")]
)
def test_the_points_over_a_target_of_95_are_those_beyond_5(absence: float, points: str) -> None:
    one = OwnComparator("School target", Decimal(95), "Governors")
    assert one.points_over(absence) == Decimal(points)
