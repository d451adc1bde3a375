r"""The worked traps of the triggers (7, 12 to 15), each with its exact numbers.

The school: 7 September 2026 to 21 July 2027, half term 26 to 30 October, INSET 2 November.
"""

from datetime import date, timedelta

import pytest

from attendance.core.timeline import join
from attendance.core.triggers import Finding, find
from attendance.rules.limits import limit_on
from tests.oracle import world
from tests.oracle.draw import Noted, Thresholds
from tests.oracle.school import Pupil, School, Year, slots_of
from tests.oracle.test_triggers import assert_findings_agree

Marks = dict[tuple[date, str], str]
AM, PM = "AM", "PM"
HOLIDAYS = [
    (date(2026, 10, 26), date(2026, 11, 2)), (date(2026, 12, 21), date(2027, 1, 1)),
    (date(2027, 2, 15), date(2027, 2, 19)), (date(2027, 3, 26), date(2027, 4, 9)),
    (date(2027, 5, 3), date(2027, 5, 3)), (date(2027, 5, 31), date(2027, 6, 4)),
]  # fmt: skip


def is_school_day(day: date) -> bool:
    in_year = date(2026, 9, 7) <= day <= date(2027, 7, 21) and day.weekday() < 5
    return in_year and not any(first <= day <= last for first, last in HOLIDAYS)


def in_school_but_for(marks: Marks, born: date | None = date(2012, 5, 1)) -> School:
    """One pupil of Year 9, present at every other session of the year."""
    assert all(is_school_day(day) for day, _ in marks)
    slots = slots_of(2026)
    seen = "".join("o" if is_school_day(day) else "#" for day, _ in slots)
    usual = {AM: "/", PM: "\\"}
    line = [marks.get(slot, usual[slot[1]]) if is_school_day(slot[0]) else "-" for slot in slots]
    pupil = Pupil(1, born, {2026: 9}, [(date(2020, 9, 1), None)], {2026: line})
    return School([Year(2026, seen)], [pupil])


def findings(school: School, on: date, noted: Noted | None = None) -> dict[str, Finding]:
    """What the engine finds on a day, by trigger, once the oracle has found the same."""
    noted = noted or Noted()
    registers = world.registers(school)
    assert_findings_agree(school, registers, on, noted, Thresholds())
    own = world.settings(Thresholds())
    found = find(join(registers), on, world.records(noted), own)
    return {str(each.trigger): each for each in found}


def school_days_from(first: date, count: int) -> list[date]:
    days = (first + timedelta(days=n) for n in range(400))
    return [day for day in days if is_school_day(day)][:count]


def whole_days(days: list[date], code: str) -> Marks:
    return {(day, half): code for day in days for half in (AM, PM)}


N_ON_22_OCTOBER = {(date(2026, 10, 22), AM): "N"}


@pytest.mark.parametrize("on", [date(2026, 10, 22), date(2026, 10, 29), date(2026, 11, 6)])
def test_trap_7_n_of_22_october_2026_is_unresolved_up_to_6_november(on):
    found = findings(in_school_but_for(N_ON_22_OCTOBER), on)
    assert found["unresolved_n"].due == date(2026, 11, 6)
    assert "overdue_n" not in found


@pytest.mark.parametrize("on", [date(2026, 11, 7), date(2026, 11, 9)])
def test_trap_7_n_of_22_october_2026_is_overdue_from_7_november(on):
    overdue = findings(in_school_but_for(N_ON_22_OCTOBER), on)["overdue_n"]
    assert (overdue.due, overdue.met_on) == (date(2026, 11, 6), date(2026, 11, 7))


TEN_IN_TEN_WEEKS = {
    (date(2026, 9, 8), AM): "G", (date(2026, 9, 8), PM): "G",
    (date(2026, 9, 9), AM): "G", (date(2026, 9, 9), PM): "G",
    (date(2026, 10, 6), AM): "O", (date(2026, 10, 6), PM): "O", (date(2026, 10, 7), AM): "O",
    (date(2026, 11, 10), AM): "U", (date(2026, 11, 12), AM): "U", (date(2026, 11, 20), AM): "N",
}  # fmt: skip


@pytest.mark.parametrize("on", [date(2026, 11, 20), date(2026, 11, 22)])
def test_trap_12_ten_sessions_in_ten_school_weeks_meet_the_threshold_over_a_half_term(on):
    met = findings(in_school_but_for(TEN_IN_TEN_WEEKS), on)["penalty_threshold"]
    assert (met.window_from, met.window_to) == (date(2026, 9, 7), date(2026, 11, 20))
    assert (len(met.sessions), met.met_on) == (10, date(2026, 11, 20))
    in_70_days = [day for day, *_ in met.sessions if day > date(2026, 11, 20) - timedelta(days=70)]
    assert len(in_70_days) == 6  # what it must not be


def test_trap_12_the_day_the_threshold_was_met_is_kept_when_the_window_has_moved_on():
    school = in_school_but_for(TEN_IN_TEN_WEEKS)
    was = findings(school, date(2026, 11, 23))["penalty_threshold"]
    assert was.met_on == date(2026, 11, 20) and "not met now; it was met on" in was.says
    assert (was.window_from, was.window_to) == (date(2026, 9, 7), date(2026, 11, 20))
    assert len([day for day, *_ in was.sessions if day >= date(2026, 9, 14)]) == 6


def test_trap_12_nine_sessions_do_not_meet_it_and_the_n_in_it_is_told():
    nine = {slot: code for slot, code in TEN_IN_TEN_WEEKS.items() if code != "N"}
    assert "penalty_threshold" not in findings(in_school_but_for(nine), date(2026, 11, 20))
    ten = findings(in_school_but_for(TEN_IN_TEN_WEEKS), date(2026, 11, 20))["penalty_threshold"]
    assert "met now" in ten.says and "consider" in ten.says
    assert "1 of them coded N: settle these before any pack is sent" in ten.says


TEN_BY_10_NOVEMBER = whole_days(school_days_from(date(2026, 11, 4), 5), "O")
FIRST_TWO = ((1, "P", date(2024, 10, 1), "paid"), (1, "P", date(2026, 3, 1), "unpaid"))


def test_trap_13_a_third_time_within_three_years_of_the_first_notice_is_no_notice():
    school = in_school_but_for(TEN_BY_10_NOVEMBER)
    third = findings(school, date(2026, 11, 10), Noted(notices=FIRST_TWO))["third_notice"]
    assert (third.since, third.met_on) == (date(2024, 10, 1), date(2026, 11, 10))
    assert (third.window_from, third.window_to) == (date(2024, 10, 1), date(2027, 9, 30))


@pytest.mark.parametrize(
    "notices",
    [
        FIRST_TWO[:1],
        (FIRST_TWO[0], (1, "Q", date(2026, 3, 1), "paid")),
        (FIRST_TWO[0], (2, "P", date(2026, 3, 1), "paid")),
        (FIRST_TWO[0], (1, "P", date(2026, 3, 1), "withdrawn")),
        ((1, "P", date(2023, 11, 9), "paid"), (1, "P", date(2026, 3, 1), "paid")),
        ((1, "P", date(2024, 8, 18), "paid"), (1, "P", date(2026, 3, 1), "paid")),
    ],
    ids=[
        "one notice", "another parent", "another child", "one withdrawn", "three years ago",
        "before the national framework",
    ],
)  # fmt: skip
def test_trap_13_another_parent_another_child_or_a_withdrawn_notice_starts_anew(notices):
    school = in_school_but_for(TEN_BY_10_NOVEMBER)
    found = findings(school, date(2026, 11, 10), Noted(notices=notices))
    assert found["penalty_threshold"].met_on == date(2026, 11, 10)
    assert "third_notice" not in found


def test_trap_13_the_first_notice_is_80_or_160_pounds_and_the_second_160_flat():
    first, second = date(2024, 10, 1), date(2026, 3, 1)
    assert limit_on("penalty_first_if_paid_early_pounds", first).value == 80
    assert limit_on("penalty_first_pounds", first).value == 160
    assert limit_on("penalty_second_pounds", second).value == 160
    assert limit_on("penalty_notices_at_most", second).value == 2
    assert limit_on("penalty_escalation_years", second).value == 3


TWENTY_DAYS = school_days_from(date(2026, 9, 14), 20)
FORTY_O = whole_days(TWENTY_DAYS, "O")


def test_trap_14_one_u_among_40_sessions_of_o_stops_the_20_day_ground_and_not_the_return():
    marks = FORTY_O | {(TWENTY_DAYS[11], PM): "U"}
    found = findings(in_school_but_for(marks), TWENTY_DAYS[-1])
    assert found["attendance_return"].met_on == TWENTY_DAYS[9]
    assert len(found["attendance_return"].sessions) == 40
    assert "continuous_absence" not in found


def test_trap_14_40_sessions_of_o_meet_the_20_day_ground_on_the_20th_day():
    found = findings(in_school_but_for(FORTY_O), TWENTY_DAYS[-1])
    assert found["continuous_absence"].met_on == TWENTY_DAYS[-1]
    assert "continuous_absence" not in findings(in_school_but_for(FORTY_O), TWENTY_DAYS[-2])


def scattered(code: str, sessions: int) -> Marks:
    """One session on every third school day from September to February."""
    days = school_days_from(date(2026, 9, 8), 400)[::3]
    marks = {(day, AM): code for day in days[:sessions]}
    assert len(marks) == sessions and max(marks)[0] < date(2027, 3, 1)
    return marks


def test_trap_14_30_sessions_of_illness_through_the_winter_are_15_days_and_30_of_o_none():
    ill = scattered("I", 30)
    on = max(ill)[0]
    found = findings(in_school_but_for(ill), on)["sickness_return"]
    assert (found.met_on, len(found.sessions)) == (on, 30)
    one_fewer = findings(in_school_but_for(scattered("I", 29)), on)
    assert "sickness_return" not in one_fewer
    assert one_fewer["sickness_second_warning"].met_on == sorted(ill)[25][0]
    away = findings(in_school_but_for(scattered("O", 30)), on)
    assert not any(trigger.startswith("sickness") for trigger in away)


@pytest.mark.parametrize("born, is_met", [(date(2011, 9, 1), True), (date(2010, 11, 15), False)])
def test_trap_15_sessions_after_the_last_friday_of_june_are_in_no_penalty_window(born, is_met):
    # School age ends on 25 June 2027 for the one born in 2010, a year later for the other.
    away = whole_days(school_days_from(date(2027, 6, 21), 5), "O")
    late = {(date(2027, 6, 25), PM): "/", (date(2027, 6, 28), AM): "O"}
    found = findings(in_school_but_for(away | late, born), date(2027, 7, 2))
    assert ("penalty_threshold" in found) is is_met


@pytest.mark.parametrize("born, is_met", [(date(2022, 3, 31), True), (date(2022, 4, 5), False)])
def test_trap_15_sessions_before_school_age_are_in_no_penalty_window(born, is_met):
    away = whole_days(school_days_from(date(2027, 4, 12), 5), "O")
    found = findings(in_school_but_for(away, born), date(2027, 4, 30))
    assert ("penalty_threshold" in found) is is_met
