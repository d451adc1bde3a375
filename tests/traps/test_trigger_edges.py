"""One below, exactly and one above, where 20,000 random pupil-years seldom stand on the edge.

The school is that of ``test_trigger_traps``; its oracle is asked too, every time.
"""

from datetime import date, timedelta

import pytest

from tests.oracle.draw import Noted
from tests.traps.test_trigger_traps import (
    AM,
    FIRST_TWO,
    PM,
    TEN_BY_10_NOVEMBER,
    Marks,
    findings,
    in_school_but_for,
    school_days_from,
)

DAY = timedelta(days=1)
FOUR_WEEKS = school_days_from(date(2026, 9, 7), 20)  # 40 sessions, to Friday 2 October
TWO_WEEKS = school_days_from(date(2026, 10, 5), 10)  # 20 sessions, to Friday 16 October


def first_sessions(days: list[date], codes: str) -> Marks:
    """One letter of ``codes`` for each session from the first day's morning on."""
    slots = [(day, half) for day in days for half in (AM, PM)]
    return dict(zip(slots, codes, strict=False))


@pytest.mark.parametrize(
    "recent, before, is_found",
    [
        ("O" * 6, "", True),
        ("O" * 5, "", False),
        ("O" * 6, "D", False),
        ("O" * 6 + "D" * 12, "", True),
        ("O" * 6 + "D" * 13, "", False),
    ],
    ids=["30 points", "25 points", "39 before", "8 recent", "7 recent"],
)
def test_a_sudden_change_is_30_points_on_8_recent_and_40_earlier_sessions(recent, before, is_found):
    marks = first_sessions(TWO_WEEKS, recent) | first_sessions(FOUR_WEEKS, before)
    assert ("sudden_change" in findings(in_school_but_for(marks), TWO_WEEKS[-1])) is is_found


def test_exactly_ten_per_cent_is_persistent_absence_and_a_day_in_school_later_it_is_over():
    school = in_school_but_for(first_sessions(FOUR_WEEKS, "IIII"))
    at_ten = findings(school, FOUR_WEEKS[-1])
    assert "persistent_absence" in at_ten and "back_under_10" not in at_ten
    under = findings(school, TWO_WEEKS[0])
    assert under["back_under_10"].met_on == TWO_WEEKS[0] and "persistent_absence" not in under


def test_ten_per_cent_of_fewer_than_40_sessions_is_nothing_to_come_back_from():
    # 3 of 30 are ten per cent; 3 of 40 are not, and no later share is.
    school = in_school_but_for(first_sessions(FOUR_WEEKS, "III"))
    assert "persistent_absence" in findings(school, FOUR_WEEKS[14])
    assert "back_under_10" not in findings(school, FOUR_WEEKS[-1])


@pytest.mark.parametrize("marks, is_small", [("I" * 6 + "D", True), ("I" * 6, False)])
def test_persistent_absence_on_fewer_than_40_possible_sessions_says_so(marks, is_small):
    school = in_school_but_for(first_sessions(FOUR_WEEKS, marks))
    assert ("small base" in findings(school, FOUR_WEEKS[-1])["persistent_absence"].says) is is_small


@pytest.mark.parametrize(
    "second, is_third", [(date(2026, 11, 9), True), (date(2026, 11, 10), False)]
)
def test_a_notice_of_the_day_the_threshold_is_met_again_came_too_late_to_make_it_the_third(
    second, is_third
):
    notices = (FIRST_TWO[0], (1, "P", second, "paid"))
    school = in_school_but_for(TEN_BY_10_NOVEMBER)
    assert ("third_notice" in findings(school, date(2026, 11, 10), Noted(notices=notices))) is (
        is_third
    )


@pytest.mark.parametrize(
    "first, last, review, is_due",
    [
        (-30, None, -1, True),
        (-30, None, 0, False),
        (0, None, -1, True),
        (1, None, -1, False),
        (-30, 0, -1, True),
        (-30, -1, -2, False),
    ],
)
def test_a_part_time_timetable_is_due_for_review_from_the_day_after_until_its_last(
    first, last, review, is_due
):
    on = date(2026, 11, 20)
    ends = None if last is None else on + last * DAY
    plan = (1, on + first * DAY, on + review * DAY, ends)
    found = findings(in_school_but_for({}), on, Noted(plans=(plan,)))
    assert ("part_time_review" in found) is is_due


@pytest.mark.parametrize("days, is_met", [(9, False), (10, True)])
def test_leave_is_overrun_at_the_end_of_the_tenth_school_day_after_it(days, is_met):
    leave = (1, date(2026, 9, 7), date(2026, 9, 11), "C")
    away = school_days_from(date(2026, 9, 14), days)
    marks = first_sessions(away, "O" * 2 * days)
    overrun = findings(in_school_but_for(marks), away[-1], Noted(leaves=(leave,)))["leave_overrun"]
    assert (overrun.since, overrun.due) == (date(2026, 9, 14), date(2026, 9, 25))
    assert (overrun.met_on == date(2026, 9, 25)) is is_met


@pytest.mark.parametrize("sessions, is_late", [(4, False), (5, True)])
def test_five_late_sessions_in_four_school_weeks_are_repeated_lateness(sessions, is_late):
    school = in_school_but_for(first_sessions(TWO_WEEKS, "LU" * 2 + "L" * (sessions - 4)))
    assert ("repeated_lateness" in findings(school, TWO_WEEKS[-1])) is is_late
