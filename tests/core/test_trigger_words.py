"""Every trigger in words, and the order in which work is done."""

from __future__ import annotations

from datetime import date

import pytest

from attendance.core.slots import Session
from attendance.core.trigger_findings import TRIGGERS, Finding
from attendance.core.trigger_words import (
    WORDS,
    Weight,
    due_in_words,
    due_or_met,
    due_this_week,
    is_listed,
    is_overdue,
    order_of_work,
    rests_on,
)

TODAY = date(2026, 11, 24)  # a Tuesday
MONDAY = date(2026, 11, 23)


def found(
    trigger: str,
    *,
    since: date = MONDAY,
    due: date | None = None,
    met_on: date | None = None,
    window: tuple[date, date] | None = None,
    days: tuple[date, ...] = (),
) -> Finding:
    first, last = window or (None, None)
    sessions = tuple((day, Session.AM, "O") for day in days)
    return Finding(1, trigger, since, due, met_on, first, last, sessions, "A rule", "A sentence.")


def in_order(*findings: Finding) -> list[str]:
    return [one.trigger for one in sorted(findings, key=lambda one: order_of_work(one, TODAY))]


def test_every_trigger_has_words_and_no_words_are_left_over() -> None:
    assert list(WORDS) == list(TRIGGERS)


@pytest.mark.parametrize("trigger", TRIGGERS)
def test_no_words_blame_a_pupil_or_announce_a_fine(trigger: str) -> None:
    said = f"{WORDS[trigger].title} {WORDS[trigger].action}".lower()
    assert WORDS[trigger].title and WORDS[trigger].action
    assert not {"fine", "offence", "offender", "truant", "truancy"} & set(
        said.replace(":", " ").replace(",", " ").split()
    )


def test_a_threshold_is_met_and_to_be_considered() -> None:
    assert WORDS["penalty_threshold"].title.endswith("hreshold met: consider")


def test_pages_that_are_named_exist() -> None:
    assert {words.page for words in WORDS.values()} <= {
        "register", "pupil", "referrals", "on_track",
    }  # fmt: skip


def test_urgent_then_overdue_then_due_then_the_law_then_signals_then_what_is_good() -> None:
    assert in_order(
        found("back_under_10", met_on=TODAY),
        found("sudden_change"),
        found("penalty_threshold", met_on=MONDAY),
        found("leave_overrun", due=date(2026, 12, 4)),
        found("overdue_n", due=date(2026, 11, 20)),
        found("part_time_review", due=date(2026, 10, 26)),
        found("absent_social_worker", due=TODAY),
    ) == [
        "absent_social_worker",
        "part_time_review",
        "overdue_n",
        "leave_overrun",
        "penalty_threshold",
        "sudden_change",
        "back_under_10",
    ]


def test_of_two_thresholds_the_one_met_last_comes_first() -> None:
    older, newer = (
        found("penalty_threshold", met_on=date(2026, 9, 9)),
        found("sickness_return", met_on=MONDAY),
    )
    assert in_order(older, newer) == ["sickness_return", "penalty_threshold"]


@pytest.mark.parametrize(
    "due, late, says",
    [
        (date(2026, 11, 23), True, "23 Nov, overdue"),
        (date(2026, 11, 24), False, "today"),
        (date(2026, 11, 25), False, "25 Nov"),
        (date(2027, 1, 4), False, "4 Jan 2027"),
        (None, False, ""),
    ],
)
def test_a_return_is_overdue_from_the_day_after_it_was_due(
    due: date | None, late: bool, says: str
) -> None:
    one = found("attendance_return", due=due)
    assert is_overdue(one, TODAY) is late
    assert due_in_words(one, TODAY) == says


def test_telling_a_social_worker_is_never_called_overdue_because_it_may_have_been_done() -> None:
    assert not is_overdue(found("absent_social_worker", due=date(2026, 11, 20)), TODAY)


def test_what_is_not_due_says_when_it_was_met() -> None:
    assert due_or_met(found("penalty_threshold", met_on=date(2026, 9, 23)), TODAY) == "met 23 Sep"
    assert due_or_met(found("part_time_review", due=TODAY), TODAY) == "today"
    assert due_or_met(found("sudden_change"), TODAY) == ""


@pytest.mark.parametrize(
    "due, listed", [(date(2026, 11, 25), False), (TODAY, True), (MONDAY, True), (None, False)]
)
def test_what_there_is_much_of_is_listed_only_once_it_is_due(
    due: date | None, listed: bool
) -> None:
    assert is_listed(found("unresolved_n", due=due), TODAY) is listed
    assert is_listed(found("leave_overrun", due=due), TODAY)


@pytest.mark.parametrize("trigger", ["consecutive_absence", "persistent_absence", "severe_absence"])
def test_statistics_stay_out_of_the_list(trigger: str) -> None:
    assert WORDS[trigger].weight == Weight.STANDING
    assert not is_listed(found(trigger, met_on=TODAY), TODAY)


def test_what_a_finding_rests_on_names_its_window_or_its_days() -> None:
    days = (date(2026, 11, 20), MONDAY)
    window = (date(2026, 9, 14), date(2026, 11, 27))
    assert rests_on(found("overdue_n", days=days), TODAY) == "2 sessions, 20 Nov to 23 Nov"
    assert rests_on(found("overdue_n", days=days[:1]), TODAY) == "1 session, 20 Nov"
    said = rests_on(found("penalty_threshold", days=days, window=window), TODAY)
    assert said == "2 sessions, 14 Sep to 27 Nov"
    assert rests_on(found("part_time_review"), TODAY) == ""


@pytest.mark.parametrize(
    "findings, says",
    [
        ([], ""),
        ([found("attendance_return", due=date(2026, 11, 29))], "1 return"),
        ([found("attendance_return", due=date(2026, 11, 30))], ""),
        ([found("part_time_review", due=MONDAY)], "1 review, overdue"),
        ([found("part_time_review", due=MONDAY)] * 2, "2 reviews, all overdue"),
        (
            [found("attendance_return", due=TODAY)] * 3 + [found("part_time_review", due=MONDAY)],
            "3 returns, 1 review; 1 overdue",
        ),
        ([found("leave_overrun", due=TODAY)] * 2, "2 leaves to follow up"),
        ([found("overdue_n", due=TODAY)], ""),
    ],
)
def test_the_week_ends_on_sunday_and_reasons_are_counted_elsewhere(
    findings: list[Finding], says: str
) -> None:
    assert due_this_week(findings, TODAY) == says
