"""On track: who stands where, for whom, and in which words."""

from dataclasses import replace
from datetime import date

import pandas as pd
import pytest

from attendance.core.on_track import Band, on_track
from attendance.errors import NotAllowed
from attendance.rules.roles import Role
from attendance.services.on_track import (
    Chosen,
    Section,
    filters_of,
    in_words,
    on_track_report,
    standing,
)
from tests.build import person, register, term

FRIDAY = date(2026, 9, 18)
TEN_DAYS = r"/\ /\ /\ /\ /\ /\ /\ /\ /\ /\ "
TWO_MISSED = r"/\ /\ /\ /\ II /\ /\ /\ /\ /\ "  # 2 of 20: exactly 10 %
ONE_MISSED = r"/\ /\ /\ /\ I\ /\ /\ /\ /\ /\ "  # 1 of 20: 5 %
MOST_MISSED = r"II II II II II II /\ /\ /\ /\ "  # 12 of 20


def school(*lines, to_come=180, **more):
    return register(*lines, to_come=to_come, **more)


def report_of(one, who=None, chosen=None):
    whole = standing(one, FRIDAY)
    return on_track_report(who or person(), one, whole, chosen or Chosen())


def names(report, section):
    return report.section(section)["pupil_id"].tolist()


def test_each_pupil_stands_in_the_list_of_their_own_arithmetic():
    lines = [
        r"/\ /\ /\ /\ /\ /\ /\ /\ /\ /\ /\ /\ ",
        r"/\ /\ /\ /\ /\ /\ /\ /\ /\ /\ /\ II",  # 2 of 24: 8.3 %, near
        r"/\ /\ /\ /\ /\ /\ /\ /\ /\ /\ I\ II",  # 3 of 24: 12.5 %
        r"/\ /\ /\ /\ /\ /\ II II II I\ II II",  # 11 of 24, and only 8 of 84 may be missed
        r"/\ /\ /\ /\ /\ /\ II II II II II II",  # 12 of 24: half
    ]
    one = school(*lines, to_come=60)
    whole = standing(one, date(2026, 9, 22))
    report = on_track_report(person(), one, whole, Chosen())
    assert names(report, Section.NEAR) == [2]
    assert names(report, Section.RECOVERABLE) == [3]
    assert names(report, Section.SEVERE) == [5]
    assert names(report, Section.BEYOND) == [4, 5]


def test_a_pupil_who_missed_half_early_in_the_year_can_still_finish_under_and_is_listed_twice():
    one = school(r"II /\ ", r"/\ /\ ", to_come=200)
    report = on_track_report(person(), one, standing(one, date(2026, 9, 8)), Chosen())
    assert names(report, Section.SEVERE) == names(report, Section.RECOVERABLE) == [1]
    assert names(report, Section.BEYOND) == []


def test_those_past_ten_per_cent_stand_in_the_order_of_what_is_needed_least_first():
    three = r"/\ /\ /\ /\ II I\ /\ /\ /\ /\ "
    report = report_of(school(three, TWO_MISSED, TEN_DAYS))
    assert names(report, Section.RECOVERABLE) == [2, 1]
    report = report_of(school(TWO_MISSED, three, TEN_DAYS))
    assert names(report, Section.RECOVERABLE) == [1, 2]


def test_the_arithmetic_is_that_of_the_command_line():
    one = school(TEN_DAYS, TWO_MISSED, MOST_MISSED)
    ours, theirs = standing(one, FRIDAY), on_track(one, FRIDAY)
    pd.testing.assert_frame_equal(ours[list(theirs)], theirs)


def test_two_of_twenty_is_back_under_after_one_session_on_the_next_morning():
    one = school(TWO_MISSED)
    row = standing(one, FRIDAY).iloc[0]
    assert (row["band"], row["row_sessions"]) == (Band.RECOVERABLE, 1)
    assert row["row_day"].date() == date(2026, 9, 21)


def test_a_pupil_under_ten_per_cent_is_told_how_many_in_a_row_would_reach_it():
    row = standing(school(ONE_MISSED), FRIDAY).iloc[0]
    # 1 + k of 20 + k: 3 of 22 is the first past a tenth, after 2.
    assert row["row_sessions"] == 2


def test_a_leaver_is_on_no_list():
    one = school(TWO_MISSED, TWO_MISSED)
    gone = one.pupils.assign(last_day=[date(2026, 9, 17), None])
    report = report_of(replace(one, pupils=gone))
    assert names(report, Section.RECOVERABLE) == [2]


@pytest.mark.parametrize(
    "who, seen",
    [
        (person(Role.ATTENDANCE_OFFICER), [1, 2]),
        (person(Role.HEADTEACHER), [1, 2]),
        (person(Role.PASTORAL_DHOY, "9"), [2]),
        (person(Role.PASTORAL_DHOY, "8"), []),
        (person(Role.TEACHER_FORM_TUTOR, "7K"), [1]),
        (person(Role.EWO_VISITOR), []),
        (replace(person(Role.EWO_VISITOR), referred=frozenset({2})), [2]),
    ],
)
def test_each_role_sees_the_pupils_of_its_reach_and_no_other(who, seen):
    one = school(TWO_MISSED, TWO_MISSED, year_groups=[7, 9])
    report = report_of(one, who)
    assert report.rows["pupil_id"].tolist() == seen
    years, forms = filters_of(who, standing(one, FRIDAY))
    assert years == [[7, 9][pupil - 1] for pupil in seen]
    assert len(forms) == len(seen)


@pytest.mark.parametrize("role", [Role.ADMIN_STAFF, Role.GOVERNOR, Role.SYSTEM_ADMIN])
def test_roles_without_the_page_are_refused(role):
    one = school(TWO_MISSED)
    with pytest.raises(NotAllowed):
        report_of(one, person(role))


def test_only_a_form_tutor_is_held_to_wording():
    one = school(TWO_MISSED)
    assert report_of(one, person(Role.TEACHER_FORM_TUTOR, "9K")).is_band_only
    assert not report_of(one, person(Role.ATTENDANCE_OFFICER)).is_band_only
    both = replace(
        person(Role.TEACHER_FORM_TUTOR, "9K"),
        roles=frozenset({Role.TEACHER_FORM_TUTOR, Role.ATTENDANCE_OFFICER}),
    )
    assert not report_of(one, both).is_band_only


@pytest.mark.parametrize(
    "headroom, band, words",
    [
        (4, Band.NEAR, "2 more days off before 10\u202f% of the year"),
        (1, Band.NEAR, "½ more day off before 10\u202f% of the year"),
        (0, Band.NEAR, "No more days off before 10\u202f% of the year"),
        (
            5,
            Band.RECOVERABLE,
            "Past 10\u202f% so far; can still finish under it with at most 2½ more days off",
        ),
        (
            -1,
            Band.CANNOT_FINISH_UNDER,
            "Past 10\u202f%: the next aim is fewer days off than last half",
        ),
    ],
)
def test_a_tutor_reads_days_and_no_arithmetic(headroom, band, words):
    assert in_words(pd.Series({"headroom": headroom, "band": band})).startswith(words)


def test_filters_narrow_by_year_form_and_group_together():
    one = school(*[TWO_MISSED] * 3, year_groups=[7, 9, 9], forms=["7A", "9K", "9L"])
    assert report_of(one, chosen=Chosen(year_group=9)).rows["pupil_id"].tolist() == [2, 3]
    assert report_of(one, chosen=Chosen(form="9L")).rows["pupil_id"].tolist() == [3]
    both = Chosen(year_group=9, pupil_ids=frozenset({1, 2}))
    assert report_of(one, chosen=both).rows["pupil_id"].tolist() == [2]


def test_forms_are_offered_in_the_order_of_a_school():
    one = school(*[TWO_MISSED] * 3, year_groups=[10, 7, 7], forms=["10A", "7B", "7A"])
    assert filters_of(person(), standing(one, FRIDAY))[1] == ["7A", "7B", "10A"]


def test_a_calendar_that_ends_before_july_is_not_known_to_the_end():
    report = report_of(school(TWO_MISSED, TEN_DAYS, to_come=180))
    assert not report.is_calendar_known and not report.is_year_over
    assert names(report, Section.PAST) == [1]
    assert report_of(school(TWO_MISSED, to_come=420)).is_calendar_known


def test_given_terms_are_taken_at_their_word():
    one = school(TWO_MISSED, to_come=20)
    given = replace(one.calendar, terms=(term(date(2026, 9, 7), date(2026, 10, 2)),))
    report = report_of(replace(one, calendar=given))
    assert report.is_calendar_known and not report.is_year_over


def test_a_year_whose_given_terms_have_ended_is_over():
    one = school(TWO_MISSED, to_come=0)
    given = replace(one.calendar, terms=(term(date(2026, 9, 7), FRIDAY),))
    report = report_of(replace(one, calendar=given))
    assert report.is_year_over and not report.is_calendar_known


@pytest.mark.parametrize(
    "band, words", [(Band.NEAR, "Near 10\u202f% so far"), (Band.SEVERE, "Past 10\u202f% so far")]
)
def test_without_a_calendar_a_tutor_reads_only_where_the_pupil_stands(band, words):
    assert in_words(pd.Series({"headroom": -1, "band": band}), False) == words


def test_without_a_register_the_report_is_empty():
    report = report_of(school(".. ..", to_come=20))
    assert report.is_empty and report.latest is None


def test_the_base_names_the_last_session_and_the_week():
    report = report_of(school(TEN_DAYS))
    assert report.latest == (FRIDAY, "PM")
    assert report.week == (2, 20)
