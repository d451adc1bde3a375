"""What the demo's staff recorded: read off the marks, on their days, and something of each kind."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta

import pytest

from attendance.core.slots import Session, slot_of
from attendance.demo.records import ETHNICITIES, MOST_ILL, MOST_LEAVES, NOTICES
from attendance.demo.school import DemoSchool, build_demo
from attendance.rules.codes import CODE_OF

TODAY = date(2026, 11, 24)


@pytest.fixture(scope="module")
def demo() -> DemoSchool:
    return build_demo(TODAY, seed=3)


def code(demo: DemoSchool, row: int, day: date, session: Session) -> str:
    return CODE_OF[chr(demo.marks[2026][row, slot_of(2026, day, session)])]


def test_there_is_something_of_each_kind_and_not_too_much(demo: DemoSchool) -> None:
    records = demo.records
    assert 10 <= len(records.leaves) <= MOST_LEAVES
    assert 1 <= len(records.expected_absences) <= MOST_ILL
    assert len(records.part_time_plans) >= 4
    assert 1 <= len(records.penalty_notices) <= NOTICES
    assert {type(each).__name__ for each in records.each} == {
        "Leave", "ExpectedAbsence", "PartTimePlan", "PenaltyNotice",
    }  # fmt: skip


def test_leave_begins_and_ends_with_a_mark_of_it(demo: DemoSchool) -> None:
    for leave in demo.records.leaves:
        for day in (leave.first_day, leave.last_day):
            assert "C" in {code(demo, leave.pupil_id, day, each) for each in Session}


def test_who_is_expected_to_stay_ill_is_ill_now(demo: DemoSchool) -> None:
    for each in demo.records.expected_absences:
        assert each.first_day <= TODAY < each.last_day
        assert each.noted_on >= TODAY - timedelta(days=4)


def test_some_reviews_are_past_and_none_before_its_timetable(demo: DemoSchool) -> None:
    plans = demo.records.part_time_plans
    assert all(plan.first_day < plan.review_on for plan in plans)
    assert any(plan.review_on < TODAY for plan in plans)


def test_a_notice_names_a_parent_with_responsibility_and_is_not_of_tomorrow(
    demo: DemoSchool,
) -> None:
    contacts = demo.contacts[demo.contacts["parental_responsibility"].astype(bool)]
    known = set(zip(contacts["row"], contacts["name"], strict=True))
    for notice in demo.records.penalty_notices:
        assert (notice.pupil_id, notice.parent) in known
        assert notice.issued_on <= TODAY


def test_everybody_has_one_ethnicity_of_the_national_codes(demo: DemoSchool) -> None:
    rows = demo.characteristics[demo.characteristics["kind"] == "ethnicity"]
    assert sorted(rows["row"]) == list(range(len(demo.pupils)))
    found = Counter(rows["detail"])
    assert set(found) <= set(ETHNICITIES)
    assert 0.54 <= found["WBRI"] / len(rows) <= 0.66


def test_what_is_recorded_beside_the_marks_moves_none_of_them() -> None:
    first, again = build_demo(TODAY, pupils=60, seed=4), build_demo(TODAY, pupils=60, seed=4)
    assert (first.marks[2026] == again.marks[2026]).all()
    assert first.records == again.records
