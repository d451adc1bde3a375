"""The school's own signals: one below, exactly, one above, and the weeks they look at."""

from __future__ import annotations

import pytest

from attendance.core.calendar import Closure
from attendance.core.records import TriggerSettings
from tests.build import MONDAY, register
from tests.core.trigger_cases import AM, IN, PM, day, days, found, one


@pytest.mark.parametrize("late, is_met", [(4, False), (5, True), (6, True)])
def test_five_late_sessions_in_four_school_weeks_are_repeated_lateness(late, is_met):
    marked = register(days((14, IN), (1, "L\\"), (late - 1, "U\\")))
    hit = one("repeated_lateness", marked, on=day(19))
    assert (hit is not None) is is_met
    if hit:
        assert (hit.since, hit.met_on) == (day(14), day(18))
        assert (hit.window_from, hit.window_to) == (MONDAY, day(19))


def test_lateness_before_the_four_school_weeks_is_left_out():
    marked = register(days((5, "L\\"), (16, IN)))
    assert one("repeated_lateness", marked, on=day(19)) is not None
    assert one("repeated_lateness", marked, on=day(20)) is None


def test_a_closed_week_is_not_one_of_the_four():
    closed = [Closure(day(5), day(9), "closure", None, "Half term")]
    marked = register(days((5, "L\\"), (16, IN)), closures=closed)
    assert one("repeated_lateness", marked, on=day(20)) is not None


def test_the_settings_decide_how_many_and_over_how_long():
    marked = register(days((5, "L\\"), (5, IN), (2, "U\\")))
    given = TriggerSettings(lateness_sessions=2, lateness_school_weeks=1)
    hit = one("repeated_lateness", marked, on=day(11), settings=given)
    assert (hit.since, len(hit.sessions)) == (day(10), 2)


@pytest.mark.parametrize("number, is_met", [(1, False), (2, True), (3, True)])
def test_two_days_in_for_the_morning_and_absent_after_are_told(number, is_met):
    hit = one("present_then_absent", register(days((2, IN), (number, "/O"))), on=day(9))
    assert (hit is not None) is is_met
    if hit:
        assert (hit.since, hit.met_on) == (day(2), day(3))
        assert hit.sessions[0] == (day(2), PM, "O") and len(hit.sessions) == number


@pytest.mark.parametrize("drawn", ["O\\", "VO", "/Y4", "/-", "OO"])
def test_other_days_are_not_in_and_then_absent(drawn):
    assert one("present_then_absent", register(days((5, drawn))), on=day(4)) is None


@pytest.mark.parametrize("missed, is_met", [(5, False), (6, True), (7, True)])
def test_thirty_points_more_absence_than_before_is_a_sudden_change(missed, is_met):
    # 20 recent sessions, none missed in the 40 before: 30 points are 6 sessions.
    recent = " ".join("I\\" if at < missed else IN for at in range(10))
    hit = one("sudden_change", register(days((20, IN)) + " " + recent), on=day(29))
    assert (hit is not None) is is_met
    if hit:
        assert (hit.since, hit.met_on) == (day(20), None)
        assert (hit.window_from, hit.window_to) == (day(20), day(29))
        assert len(hit.sessions) == missed


@pytest.mark.parametrize("before, is_met", [(19, False), (20, True)])
def test_a_sudden_change_needs_forty_sessions_before(before, is_met):
    line = days((20 - before, "DD"), (before, IN), (10, "II"))
    assert (one("sudden_change", register(line), on=day(29)) is not None) is is_met


@pytest.mark.parametrize("lately, is_met", [(3, False), (4, True)])
def test_a_sudden_change_needs_eight_recent_sessions(lately, is_met):
    line = days((20, IN), (lately, "II"), (10 - lately, "DD"))
    assert (one("sudden_change", register(line), on=day(29)) is not None) is is_met


def test_two_weeks_are_no_baseline():
    assert one("sudden_change", register(days((10, "II"))), on=day(9)) is None


def siblings(*lines, homes=(7, 7, 8)):
    drawn = register(*lines)
    drawn.pupils["household"] = list(homes[: len(lines)])
    return drawn


def test_siblings_absent_at_one_session_are_told_each_with_that_session():
    marked = siblings("/\\ OI", "/\\ /N", "/\\ NN")
    hits = [f for f in found(marked, on=day(1)) if f.trigger == "siblings_absent"]
    assert [(f.pupil_id, f.sessions) for f in hits] == [
        (1, ((day(1), PM, "I"),)),
        (2, ((day(1), PM, "N"),)),
    ]
    assert {(f.since, f.met_on, f.due) for f in hits} == {(day(1), day(1), None)}


def test_absence_at_different_sessions_or_without_a_household_is_not_together():
    assert one("siblings_absent", siblings("O\\", "/O"), on=MONDAY) is None
    assert one("siblings_absent", siblings("OO", "OO", homes=(None, None)), on=MONDAY) is None


def test_the_last_marked_day_is_looked_at_on_a_day_without_marks():
    marked = siblings("/\\ O\\ --", "/\\ I\\ --")
    assert one("siblings_absent", marked, on=day(4)).sessions == ((day(1), AM, "O"),)
