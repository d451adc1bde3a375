"""Triggers that rest on law or guidance: one below, exactly, one above, and across every edge."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from attendance.core.calendar import Closure
from attendance.core.records import (
    ExpectedAbsence,
    Leave,
    NoticeState,
    PartTimePlan,
    PenaltyNotice,
    Records,
)
from attendance.core.timeline import join
from attendance.core.trigger_evidence import _flags_of, evidence
from attendance.core.triggers import TRIGGERS
from attendance.rules.codes import Category, all_codes
from tests.build import MONDAY, register
from tests.core.trigger_cases import AM, IN, PM, day, days, found, one

HALF_TERM = Closure(date(2026, 10, 26), date(2026, 10, 30), "closure", None, "Half term")
INSET = Closure(date(2026, 11, 2), date(2026, 11, 2), "inset", None, "Training")


# --- the whole ---


def test_an_empty_register_finds_nothing():
    assert found(register(), on=MONDAY) == []
    assert found(register(""), on=MONDAY) == []


@pytest.mark.parametrize("on", [date(2020, 1, 1), date(2026, 7, 31), date(2030, 1, 1)])
def test_a_day_off_the_timeline_is_answered_without_fault(on):
    assert [f.trigger for f in found(register(days((5, IN))), on=on)] == []


def test_only_codes_g_n_o_and_u_count_as_unauthorised_whatever_the_year():
    assert {c.code for c in all_codes() if c.category == Category.UNAUTHORISED} == set("GNOU")
    assert all(_flags_of(code) < 256 for code in all_codes())


def test_findings_are_ordered_by_pupil_then_trigger():
    pair = register(days((12, "OO")), days((12, "NO")))
    hits = [(f.pupil_id, TRIGGERS.index(f.trigger)) for f in found(pair, on=day(11))]
    assert hits == sorted(hits) and {pupil for pupil, _ in hits} == {1, 2}


def test_a_pupil_who_has_left_is_not_reported():
    left = register(days((12, "OO")) + " ..", days((13, IN)))
    assert found(left, on=day(12)) == []
    assert one("consecutive_absence", left, on=day(11)).met_on == day(11)


def test_a_past_day_is_answered_without_what_came_after_it():
    later = register(days((3, IN), (2, "OO"), (1, IN)))
    assert one("consecutive_absence", later, on=day(4)).sessions == (
        (day(3), AM, "O"), (day(3), PM, "O"), (day(4), AM, "O"), (day(4), PM, "O"),
    )  # fmt: skip
    assert one("consecutive_absence", later, on=day(5)) is None


# --- N ---


def test_an_n_counts_five_school_days_and_is_overdue_the_day_after():
    marked = register("NN " + days((9, IN)))
    for number in range(6):
        hit = one("unresolved_n", marked, on=day(number))
        assert (hit.since, hit.due, hit.met_on) == (MONDAY, day(5), None)
        assert f"school day {number} of 5" in hit.says
    assert one("overdue_n", marked, on=day(5)) is None
    hit = one("overdue_n", marked, on=day(6))
    assert (hit.since, hit.due, hit.met_on) == (MONDAY, day(5), day(6))
    assert one("unresolved_n", marked, on=day(6)) is None


def test_an_overdue_n_and_a_new_one_are_two_findings():
    marked = register("N\\ " + days((7, IN)) + " /N")
    assert one("overdue_n", marked, on=day(8)).sessions == ((MONDAY, AM, "N"),)
    assert one("unresolved_n", marked, on=day(8)).sessions == ((day(8), PM, "N"),)


def test_half_term_and_a_training_day_do_not_count_towards_the_five():
    thursday = date(2026, 10, 22)
    marked = register("NN", first_day=thursday, to_come=60, closures=[HALF_TERM, INSET])
    assert one("unresolved_n", marked, on=thursday).due == date(2026, 11, 6)
    assert one("overdue_n", marked, on=date(2026, 11, 6)) is None
    assert one("overdue_n", marked, on=date(2026, 11, 7)).met_on == date(2026, 11, 7)


def test_a_closure_of_some_year_groups_is_still_a_school_day():
    closed = [Closure(day(1), day(1), "closure", frozenset({9}), "Year 9 away")]
    marked = register("NN", days((9, IN)), year_groups=[9, 10], closures=closed)
    assert one("unresolved_n", marked, on=MONDAY).due == day(5)


def test_an_n_has_no_due_day_where_the_calendar_ends_before_it():
    assert one("unresolved_n", register("NN " + days((3, IN))), on=day(3)).due is None


def test_before_19_august_2024_no_n_is_late():
    marked = register("NN " + days((9, IN)), first_day=date(2023, 10, 2))
    assert one("overdue_n", marked, on=date(2023, 10, 13)) is None


def test_an_n_on_a_closed_day_or_off_roll_is_nobodys():
    closed = [Closure(MONDAY, MONDAY, "closure", None, "Shut")]
    assert one("unresolved_n", register("NN /\\", closures=closed), on=day(1)) is None


# --- absence in a row ---


def test_blank_and_not_possible_sessions_neither_break_a_run_nor_count():
    hit = one("consecutive_absence", register("/I -- Y4Y4 D- II"), on=day(4))
    assert (hit.since, hit.met_on, len(hit.sessions)) == (MONDAY, day(4), 3)
    assert "day 2," in hit.says


def test_a_run_that_ended_in_attendance_is_not_there():
    assert one("consecutive_absence", register("OO OL"), on=day(1)) is None


def test_a_run_may_begin_in_the_school_year_before():
    before = register("/\\ II", first_day=date(2026, 7, 20))
    after = register("II /\\", first_day=date(2026, 9, 1))
    hit = one("consecutive_absence", before, after, on=date(2026, 9, 1))
    assert (hit.since, hit.met_on) == (date(2026, 7, 21), date(2026, 9, 1))


def test_a_retired_code_breaks_or_lengthens_a_run_by_its_last_meaning():
    assert one("consecutive_absence", register("OO HH"), on=day(1)).since == MONDAY
    assert one("consecutive_absence", register("OO JJ"), on=day(1)) is None


# --- penalty notices ---


@pytest.mark.parametrize("number, is_met", [(9, False), (10, True), (11, True)])
def test_ten_unauthorised_sessions_in_ten_school_weeks_meet_the_threshold(number, is_met):
    line = " ".join(
        ("OO" if 2 * at + 2 <= number else "O\\") for at in range(number // 2 + number % 2)
    )
    hit = one("penalty_threshold", register(line), on=day(20))
    assert (hit is not None) is is_met
    if hit:
        assert (hit.met_on, len(hit.sessions), hit.since) == (day(4), number, MONDAY)
        assert (hit.window_from, hit.due) == (MONDAY, None)
        assert "consider" in hit.says and "fine" not in hit.says


@pytest.mark.parametrize("weeks_between, is_met", [(8, True), (9, False)])
def test_the_window_is_the_week_and_the_nine_school_weeks_before_it(weeks_between, is_met):
    line = days((5, "O\\"), (5 * weeks_between, IN), (5, "O\\"))
    last = day(5 * weeks_between + 9)
    assert (one("penalty_threshold", register(line), on=last) is not None) is is_met


def test_a_week_without_a_session_is_no_school_week():
    closed = [Closure(day(5), day(9), "closure", None, "Half term")]
    line = days((5, "O\\"), (5 * 9, IN), (5, "O\\"))
    hit = one("penalty_threshold", register(line, closures=closed), on=day(54))
    assert hit.window_from == MONDAY and hit.window_to == day(54)


def test_a_threshold_met_earlier_this_year_is_still_told_with_its_date():
    line = days((5, "GG"), (60, IN))
    hit = one("penalty_threshold", register(line), on=day(64))
    assert (hit.met_on, hit.window_from, hit.window_to) == (day(4), MONDAY, day(4))
    assert "not met now" in hit.says and len(hit.sessions) == 10


def test_a_threshold_met_only_last_year_is_not_told():
    before = register(days((5, "GG")), first_day=date(2025, 9, 1))
    after = register(days((30, IN)), first_day=date(2026, 9, 7))
    held = register(days((60, IN)), first_day=date(2025, 9, 8))
    assert one("penalty_threshold", before, after, on=day(29)) is not None  # six school weeks on
    full = register(days((5, "GG"), (60, IN)), first_day=date(2025, 9, 1))
    assert held.school_year == 2025
    assert one("penalty_threshold", full, after, on=day(29)) is None


def test_an_episode_begins_anew_once_the_window_has_fallen_under_ten():
    line = days((5, "GG"), (50, IN), (5, "GG"))
    assert one("penalty_threshold", register(line), on=day(59)).met_on == day(59)
    kept = days((5, "GG"), (40, IN), (5, "GG"))
    assert one("penalty_threshold", register(kept), on=day(49)).met_on == day(4)


def test_open_ns_are_counted_and_named():
    hit = one("penalty_threshold", register(days((4, "OO")) + " ON"), on=day(4))
    assert "1 of them coded N" in hit.says and len(hit.sessions) == 10


def test_sessions_outside_compulsory_age_do_not_count_towards_a_penalty_notice():
    # 16 on 15 November 2010 + 16: compulsory until 25 June 2027.
    line, start = days((10, "O\\")), date(2027, 6, 21)
    born = [date(2010, 11, 15)]
    hit = one("penalty_threshold", register(line, born=born, first_day=start), on=date(2027, 7, 2))
    assert hit is None
    later = [date(2011, 11, 15)]
    hit = one("penalty_threshold", register(line, born=later, first_day=start), on=date(2027, 7, 2))
    assert len(hit.sessions) == 10


@pytest.mark.parametrize("year_group, is_met", [(0, False), (1, True), (11, True), (12, False)])
def test_without_a_birth_date_years_1_to_11_are_of_compulsory_age(year_group, is_met):
    hit = one("penalty_threshold", register(days((5, "OO")), year_groups=[year_group]), on=day(4))
    assert (hit is not None) is is_met


def test_before_19_august_2024_there_is_no_threshold():
    old = register(days((5, "OO")), first_day=date(2024, 7, 1))
    assert one("penalty_threshold", old, on=date(2024, 7, 5)) is None
    new = register(days((2, "OO"), (5, IN)), first_day=date(2024, 9, 2))
    assert one("penalty_threshold", old, new, on=date(2024, 9, 10)) is None


def notice(issued_on, parent="P Fictional", state=NoticeState.UNPAID, pupil_id=1):
    return PenaltyNotice(pupil_id, parent, issued_on, state)


FIRST, SECOND = notice(date(2024, 10, 1)), notice(date(2026, 3, 1))


@pytest.mark.parametrize(
    "notices, is_third",
    [
        ((FIRST,), False),
        ((FIRST, SECOND), True),
        ((FIRST, replace(SECOND, state=NoticeState.WITHDRAWN)), False),
        ((FIRST, replace(SECOND, state=NoticeState.PROSECUTED)), True),
        ((FIRST, replace(SECOND, parent="Q Fictional")), False),
        ((FIRST, replace(SECOND, pupil_id=2)), False),
        ((notice(date(2024, 8, 18)), SECOND), False),
        ((notice(date(2024, 8, 19)), SECOND), True),
    ],
)
def test_a_third_notice_is_for_the_same_parent_and_child_in_three_years(notices, is_third):
    marked = register(days((5, "OO")))
    hit = one("third_notice", marked, on=day(4), records=Records(penalty_notices=notices))
    assert (hit is not None) is is_third
    if hit:
        assert (hit.met_on, hit.window_from) == (day(4), hit.since)
        assert hit.window_to == hit.since.replace(year=2027) - timedelta(days=1)


@pytest.mark.parametrize("first, is_third", [(date(2024, 10, 1), False), (date(2024, 10, 2), True)])
def test_the_three_years_end_the_day_before_the_first_notices_day(first, is_third):
    marked = register(days((5, "OO")), first_day=date(2027, 9, 27))  # met on 1 October 2027
    records = Records(penalty_notices=(notice(first), SECOND))
    hit = one("third_notice", marked, on=date(2027, 10, 1), records=records)
    assert (hit is not None) is is_third


# --- returns and grounds ---


@pytest.mark.parametrize("number, is_met", [(9, False), (10, True), (11, True)])
def test_ten_days_in_a_row_of_g_n_o_or_u_ask_for_an_attendance_return(number, is_met):
    hit = one("attendance_return", register(days((1, IN), (number, "GU"))), on=day(20))
    assert (hit is not None) is is_met
    if hit:
        assert (hit.since, hit.met_on) == (day(1), day(10))
        assert (len(hit.sessions), hit.due) == (2 * number, date(2026, 10, 21))


@pytest.mark.parametrize("broken", ["O-", "O\\", "IO", "OC", "Y4O", "#O"])
def test_any_other_session_breaks_the_ten_days(broken):
    line = days((9, "OO"), (1, broken), (9, "OO"))
    assert one("attendance_return", register(line), on=day(18)) is None


def test_days_that_the_school_is_closed_neither_break_nor_count():
    closed = [Closure(day(5), day(9), "closure", None, "Half term")]
    line = days((5, "OO"), (5, "##"), (5, "OO"))
    assert one("attendance_return", register(line, closures=closed), on=day(14)).met_on == day(14)


def test_a_run_over_the_summer_counts_when_it_reached_ten_this_year():
    before = register(days((1, IN), (4, "OO")), first_day=date(2026, 7, 13))
    after = register(days((6, "OO")), first_day=date(2026, 9, 1))
    hit = one("attendance_return", before, after, on=date(2026, 9, 8))
    assert (hit.since, hit.met_on) == (date(2026, 7, 14), date(2026, 9, 8))
    reached = register(days((12, "OO")), first_day=date(2026, 7, 6))
    assert one("attendance_return", reached, after, on=date(2026, 9, 8)) is None


def test_in_2023_the_return_was_due_under_the_old_rule_without_a_months_interval():
    old = register(days((10, "OO")), first_day=date(2023, 10, 2))
    hit = one("attendance_return", old, on=date(2023, 10, 13))
    assert (hit.due, hit.rule) == (None, "SI 2006/1751 reg 12(1)")


def test_a_month_after_31_january_is_the_last_day_of_february():
    marked = register(days((10, "OO")), first_day=date(2025, 1, 20))
    assert one("attendance_return", marked, on=date(2025, 1, 31)).due == date(2025, 2, 28)


@pytest.mark.parametrize("number, is_met", [(19, False), (20, True), (21, True)])
def test_twenty_days_of_g_n_or_o_in_a_row_are_ground_i(number, is_met):
    hit = one("continuous_absence", register(days((number, "ON"))), on=day(30))
    assert (hit is not None) is is_met
    if hit:
        assert (hit.met_on, hit.due, len(hit.sessions)) == (day(19), None, 2 * number)


def test_a_single_u_breaks_ground_i_but_not_the_attendance_return():
    marked = register(days((11, "OO"), (1, "OU"), (8, "OO")))
    assert one("continuous_absence", marked, on=day(19)) is None
    assert one("attendance_return", marked, on=day(19)).met_on == day(9)


@pytest.mark.parametrize(
    "sessions, trigger",
    [
        (19, None),
        (20, "sickness_first_warning"), (25, "sickness_first_warning"),
        (26, "sickness_second_warning"), (29, "sickness_second_warning"),
        (30, "sickness_return"), (31, "sickness_return"),
    ],
)  # fmt: skip
def test_illness_is_warned_at_10_and_13_days_and_returned_at_15(sessions, trigger):
    line = " ".join("I\\" for _ in range(sessions))
    hits = [f for f in found(register(line), on=day(40)) if f.trigger.startswith("sickness")]
    assert [f.trigger for f in hits] == ([trigger] if trigger else [])
    assert all(len(f.sessions) == sessions and f.since == MONDAY for f in hits)


def test_illness_of_the_year_before_does_not_count():
    before = register(days((10, "II")), first_day=date(2026, 7, 6))
    after = register(days((9, "II")), first_day=date(2026, 9, 1))
    hits = found(before, after, on=date(2026, 9, 11))
    assert not [f for f in hits if f.trigger.startswith("sickness")]


@pytest.mark.parametrize("last, is_met", [(13, False), (14, True), (20, True)])
def test_an_expected_end_makes_the_return_due_before_15_days_are_missed(last, is_met):
    marked = register(days((5, "II")), to_come=60)
    record = ExpectedAbsence(1, MONDAY, day(last), "I", day(4))
    hit = one("sickness_return", marked, on=day(4), records=Records(expected_absences=(record,)))
    assert (hit is not None) is is_met
    if hit:
        assert (hit.met_on, hit.since, len(hit.sessions)) == (day(4), MONDAY, 10)


def test_an_expected_illness_may_have_no_mark_yet():
    record = ExpectedAbsence(1, day(1), day(16), "I", day(1))
    marked = register(days((1, IN)), to_come=60)
    hit = one("sickness_return", marked, on=day(1), records=Records(expected_absences=(record,)))
    assert (hit.since, hit.met_on, hit.sessions) == (day(1), day(1), ())


LEAVE = Leave(1, MONDAY, day(2), "C")


@pytest.mark.parametrize("after, is_met", [(9, False), (10, True), (11, True)])
def test_leave_is_overrun_on_the_tenth_school_day_after_it(after, is_met):
    marked = register(days((3, "CC"), (after, "OO")), to_come=60)
    on = day(2 + after)
    hit = one("leave_overrun", marked, on=on, records=Records(leaves=(LEAVE,)))
    assert (hit.since, hit.due) == (day(3), day(12))
    assert hit.met_on == (day(12) if is_met else None)
    assert len(hit.sessions) == 2 * after


def test_who_came_back_did_not_overrun_and_who_is_ill_has_not_met_the_ground():
    for line, met_on in ((days((3, "CC"), (11, "OO"), (1, "O\\")), "none"),
                         (days((3, "CC"), (11, "OO"), (1, "OI")), None),
                         (days((3, "CC"), (11, "OO"), (1, "OY7")), None)):  # fmt: skip
        hit = one("leave_overrun", register(line, to_come=60), on=day(14),
                  records=Records(leaves=(LEAVE,)))  # fmt: skip
        assert (hit is None) if met_on == "none" else (hit.met_on is None)


@pytest.mark.parametrize("last, is_found", [(4, True), (5, False), (6, False)])
def test_nobody_is_late_back_while_another_leave_covers_the_day(last, is_found):
    marked = register(days((3, "CC"), (3, "OO")), to_come=60)
    again = Leave(1, day(4), day(last), "C")
    hit = one("leave_overrun", marked, on=day(5), records=Records(leaves=(LEAVE, again)))
    assert (hit is not None) is is_found


# --- rates ---


def line_of(missed, possible):
    """So many sessions possible, the first of them missed."""
    codes = ["I"] * missed + ["/"] * (possible - missed) + ["-"] * (possible % 2)
    return " ".join(a + b for a, b in zip(codes[0::2], codes[1::2], strict=True))


@pytest.mark.parametrize("missed, is_met", [(37, False), (38, True), (39, True)])
def test_persistent_absence_is_ten_per_cent_or_more_of_380_sessions(missed, is_met):
    hit = one("persistent_absence", register(line_of(missed, 380)), on=date(2027, 7, 31))
    assert (hit is not None) is is_met
    if hit:
        assert len(hit.sessions) == missed and "small base" not in hit.says.lower()


@pytest.mark.parametrize("missed, is_met", [(59, False), (60, True), (61, True)])
def test_severe_absence_is_half_or_more(missed, is_met):
    marked = register(line_of(missed, 120))
    assert (one("severe_absence", marked, on=date(2027, 7, 31)) is not None) is is_met


def test_a_joiner_with_2_of_20_is_persistent_on_a_small_base():
    hit = one("persistent_absence", register(line_of(2, 20)), on=day(9))
    assert "small base" in hit.says.lower() and hit.since == MONDAY


def test_persistent_absence_is_told_since_it_last_began():
    # 1 of 1; then 1 of 19 under; 3 of 30 reached again with the second loss of that day.
    marked = register("O\\ " + days((9, IN)) + " " + days((4, IN)) + " OO")
    hit = one("persistent_absence", marked, on=day(14))
    assert hit.since == hit.met_on == day(14)


def test_back_under_ten_per_cent_is_told_with_the_day():
    # 4 of 40 is 10 per cent; the next session attended makes it 4 of 41.
    marked = register(days((16, IN), (2, "II"), (2, IN), (1, IN)))
    assert one("persistent_absence", marked, on=day(19)) is not None
    assert one("back_under_10", marked, on=day(19)) is None
    hit = one("back_under_10", marked, on=day(20))
    assert (hit.since, hit.met_on, hit.sessions) == (day(20), day(20), ())


def test_a_small_base_over_ten_per_cent_is_no_way_back():
    # 4 of 39 was the last time over: at 40 possible sessions it is under with 3 only.
    marked = register(days((16, IN), (1, "II"), (1, "I\\"), (3, IN)))
    assert one("back_under_10", marked, on=day(20)) is None


def test_nobody_without_a_possible_session_has_a_rate():
    assert found(register(days((10, "DD"))), on=day(9)) == []


# --- who must be told, and what must be looked at again ---


def test_an_unauthorised_session_of_a_pupil_with_a_social_worker_is_told_the_same_day():
    marked = register("OO /N NO /\\", days((4, IN)))
    both = Records(social_worker=frozenset({1}), yot_worker=frozenset({1, 2}))
    for trigger in ("absent_social_worker", "absent_yot_worker"):
        hit = one(trigger, marked, on=day(2), records=both)
        assert (hit.since, hit.due, hit.met_on) == (day(1), day(2), day(2))
        assert [code for *_, code in hit.sessions] == ["N", "N", "O"]
        assert one(trigger, marked, on=day(3), records=both) is None
    assert one("absent_social_worker", marked, on=day(2)) is None


@pytest.mark.parametrize("on, is_met", [(4, False), (5, True)])
def test_a_part_time_timetable_is_overdue_the_day_after_its_review(on, is_met):
    plan = PartTimePlan(1, MONDAY, day(4))
    marked = register(days((10, IN)))
    at = day(4) + timedelta(days=1) if is_met else day(on)
    hit = one("part_time_review", marked, on=at, records=Records(part_time_plans=(plan,)))
    assert (hit is not None) is is_met
    if hit:
        assert hit.since == hit.due == day(4)


@pytest.mark.parametrize("last, is_met", [(day(5), False), (day(6), True), (None, True)])
def test_a_part_time_timetable_that_has_ended_is_not_reviewed(last, is_met):
    plan = PartTimePlan(1, MONDAY, day(4), last)
    records = Records(part_time_plans=(plan,))
    marked = register(days((10, IN)))
    assert (one("part_time_review", marked, on=day(6), records=records) is not None) is is_met


def test_before_the_limit_of_ten_per_cent_nobody_was_over_or_back_under_it():
    drawn = register("II II II II II", first_day=date(2014, 9, 8))
    assert "persistent_absence" not in {each.trigger for each in found(drawn, on=date(2014, 9, 12))}


def test_in_a_register_without_a_mark_there_is_no_last_marked_day():
    assert evidence(join([register("-- --", to_come=10)]), day(1)).last_marked == -1
