from datetime import date, timedelta
from itertools import pairwise

import pytest

from attendance.errors import NotInForce
from attendance.rules.limits import all_limits, limit_on, limits_on

TODAY = date(2026, 11, 24)
DAY_BEFORE, THE_DAY = date(2024, 8, 18), date(2024, 8, 19)
NAMES = {row.name for row in all_limits()}
TODAYS_VALUES = {
    "persistent_absence_percent": (10, "per cent"),
    "severe_absence_percent": (50, "per cent"),
    "unresolved_n_school_days": (5, "school days"),
    "attendance_return_school_days": (10, "school days"),
    "attendance_return_interval_months": (1, "months"),
    "sickness_return_school_days": (15, "school days"),
    "continuous_absence_school_days": (20, "school days"),
    "leave_overrun_school_days": (10, "school days"),
    "register_retention_years": (6, "years"),
    "register_open_minutes": (30, "minutes"),
    "new_pupil_return_school_days": (5, "days"),
    "emergency_contacts": (2, "contacts"),
    "suspension_provision_school_day": (6, "school day"),
    "minimum_sessions_a_year": (380, "sessions"),
    "training_days_a_year": (5, "days"),
    "published_age_first": (5, "years of age"),
    "published_age_last": (15, "years of age"),
    "penalty_threshold_sessions": (10, "sessions"),
    "penalty_window_school_weeks": (10, "school weeks"),
    "penalty_first_pounds": (160, "pounds"),
    "penalty_first_if_paid_early_pounds": (80, "pounds"),
    "penalty_early_payment_days": (21, "days"),
    "penalty_payment_days": (28, "days"),
    "penalty_second_pounds": (160, "pounds"),
    "penalty_notices_at_most": (2, "notices"),
    "penalty_escalation_years": (3, "years"),
    "notice_to_improve_min_weeks": (3, "weeks"),
    "notice_to_improve_max_weeks": (6, "weeks"),
    "prosecution_fine_most_pounds": (1000, "pounds"),
    "prosecution_knowing_fine_most_pounds": (2500, "pounds"),
    "prosecution_knowing_prison_most_months": (3, "months"),
    "near_persistent_absence_percent": (8, "per cent"),
    "small_base_sessions": (40, "sessions"),
    "suppressed_under_pupils": (10, "pupils"),
    "sickness_first_warning_school_days": (10, "school days"),
    "sickness_second_warning_school_days": (13, "school days"),
}


def value_on(name, day):
    return limit_on(name, day).value


def test_the_limits_in_force_today_are_these_and_no_others():
    assert {row.name: (row.value, row.unit) for row in limits_on(TODAY)} == TODAYS_VALUES


@pytest.mark.parametrize("name", sorted(NAMES))
def test_no_limit_has_two_values_on_one_day(name):
    rows = [row for row in all_limits() if row.name == name]
    for earlier, later in pairwise(sorted(rows, key=lambda row: row.valid_from)):
        assert earlier.valid_to is not None
        assert earlier.valid_to < later.valid_from


@pytest.mark.parametrize("row", all_limits(), ids=lambda row: f"{row.name} {row.valid_from}")
def test_every_limit_names_its_authority_in_words_a_school_can_check(row):
    assert row.title
    assert row.unit
    assert row.authority
    assert "http" not in row.authority
    assert row.confidence in {"verified", "secondary", "unverified", "own choice"}
    assert row.valid_to is None or row.valid_from <= row.valid_to


def test_our_own_defaults_cannot_be_mistaken_for_law():
    own = {row.name for row in all_limits() if row.is_own_choice}
    assert own == {
        "near_persistent_absence_percent",
        "small_base_sessions",
        "suppressed_under_pupils",
        "sickness_first_warning_school_days",
        "sickness_second_warning_school_days",
    }
    for row in all_limits():
        assert row.is_own_choice is (row.authority == "Attendance Desk's own default")


@pytest.mark.parametrize(
    "day, full, early, to_pay_early, to_pay",
    [
        (date(2008, 1, 7), 100, 50, 28, 42),
        (date(2013, 8, 31), 100, 50, 28, 42),
        (date(2013, 9, 1), 120, 60, 21, 28),
        (DAY_BEFORE, 120, 60, 21, 28),
        (THE_DAY, 160, 80, 21, 28),
        (TODAY, 160, 80, 21, 28),
    ],
)
def test_a_penalty_notice_costs_what_it_did_on_its_date_of_issue(
    day, full, early, to_pay_early, to_pay
):
    assert value_on("penalty_first_pounds", day) == full
    assert value_on("penalty_first_if_paid_early_pounds", day) == early
    assert value_on("penalty_early_payment_days", day) == to_pay_early
    assert value_on("penalty_payment_days", day) == to_pay


@pytest.mark.parametrize(
    "day, years",
    [(date(2007, 1, 8), 3), (DAY_BEFORE, 3), (THE_DAY, 6), (TODAY, 6)],
)
def test_registers_are_kept_six_years_from_19_august_2024_and_three_before(day, years):
    assert value_on("register_retention_years", day) == years


@pytest.mark.parametrize(
    "day, sessions",
    [
        (date(2011, 8, 31), 380),
        (date(2011, 9, 1), 378),
        (date(2012, 9, 1), 380),
        (date(2021, 8, 31), 380),
        (date(2021, 9, 1), 378),
        (date(2022, 9, 1), 376),
        (date(2023, 8, 31), 376),
        (date(2023, 9, 1), 380),
    ],
)
def test_the_least_sessions_in_a_year_drop_when_there_are_extra_bank_holidays(day, sessions):
    assert value_on("minimum_sessions_a_year", day) == sessions


@pytest.mark.parametrize(
    "name, first_day",
    [
        ("persistent_absence_percent", date(2015, 9, 1)),
        ("severe_absence_percent", date(2015, 9, 1)),
        ("unresolved_n_school_days", THE_DAY),
        ("sickness_return_school_days", THE_DAY),
        ("continuous_absence_school_days", THE_DAY),
        ("register_open_minutes", THE_DAY),
        ("penalty_threshold_sessions", THE_DAY),
        ("penalty_window_school_weeks", THE_DAY),
        ("penalty_second_pounds", THE_DAY),
        ("penalty_escalation_years", THE_DAY),
        ("notice_to_improve_min_weeks", THE_DAY),
    ],
)
def test_a_limit_is_not_in_force_the_day_before_it_came_in(name, first_day):
    assert limit_on(name, first_day).valid_from == first_day
    with pytest.raises(NotInForce, match=f"earliest known is from {first_day:%-d %B %Y}"):
        limit_on(name, first_day - timedelta(days=1))
    with pytest.raises(NotInForce):
        limit_on(name, date(1990, 1, 8))


@pytest.mark.parametrize("name", ["attendance_return_school_days", "leave_overrun_school_days"])
def test_ten_school_days_was_the_limit_under_the_2006_regulations_too(name):
    assert value_on(name, DAY_BEFORE) == value_on(name, THE_DAY) == 10
    assert "2006/1751" in limit_on(name, DAY_BEFORE).authority
    assert "2024/208" in limit_on(name, THE_DAY).authority


def test_a_day_before_every_row_of_a_limit_is_told_the_earliest():
    with pytest.raises(NotInForce, match="earliest known is from 1 September 2007"):
        limit_on("penalty_first_pounds", date(2007, 8, 31))


def test_a_limit_nobody_has_heard_of_is_refused_in_a_sentence():
    with pytest.raises(NotInForce, match="There is no limit called ‘good_attendance_percent’"):
        limit_on("good_attendance_percent", TODAY)
