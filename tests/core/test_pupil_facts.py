from datetime import date

import numpy as np
import pytest

from attendance.core.on_track import Outlook, outlook_of
from attendance.core.pupil_badges import badges_for
from attendance.core.pupil_facts import (
    reasons,
    starts_by_weekday,
    weekday_frame,
    weekly_rates,
)
from attendance.core.pupil_words import (
    caution,
    headline,
    in_days,
    per_cent,
    per_cent_up,
    plan,
    reasons_title,
    weekday_title,
)
from attendance.core.slots import Session
from attendance.core.strip import YearStrip, year_strip_cells
from tests.build import register

DAY = date(2026, 11, 20)
SP = "\N{NARROW NO-BREAK SPACE}"


def strip_of(school) -> YearStrip:
    import pandas as pd

    return year_strip_cells(
        school.marks[0],
        school.on_roll[0],
        school.is_open[0],
        2026,
        school.latest + 1,
        pd.DataFrame(columns=["slot", "minutes_late", "comment"]),
        pd.DataFrame(columns=["slot", "original", "amended", "name", "position", "at", "reason"]),
    )


def outlook(missed: int, so_far: int, to_come: int) -> Outlook:
    return outlook_of(missed, so_far, to_come, DAY)


def test_the_headline_says_what_was_missed_and_what_can_still_be():
    words = headline(outlook(13, 101, 277), DAY, Session.AM)
    assert words == (
        "Missed 13 of 101 sessions (6.5 days) to the morning of 20 November. "
        f"Can miss 24 more of the 277 left and finish under 10{SP}%."
    )


@pytest.mark.parametrize(
    "facts, ending",
    [
        ((0, 100, 280), f"Can miss 37 more of the 280 left and finish under 10{SP}%."),
        ((37, 100, 280), f"Can miss none of the 280 left and finish under 10{SP}%."),
        ((38, 100, 280), f"Cannot finish under 10{SP}% on this calendar."),
        ((1, 100, 4), f"Finishes under 10{SP}% whatever comes."),
        ((5, 380, 0), "The year has no session left."),
    ],
)
def test_the_headline_ends_with_the_exact_room_that_is_left(facts, ending):
    assert headline(outlook(*facts), DAY, Session.PM).endswith(ending)


def test_a_pupil_with_no_absence_has_missed_none():
    words = headline(outlook(0, 100, 280), DAY, Session.PM)
    assert words.startswith("Missed none of 100 sessions to the afternoon of 20 November.")


def test_nothing_more_is_asked_of_a_pupil_who_has_left():
    words = headline(outlook(3, 40, 0), DAY, Session.PM, date(2026, 10, 12))
    assert words == "Missed 3 of 40 sessions (1.5 days) before leaving on 12 October 2026."


def test_a_pupil_with_no_possible_session_has_no_rate():
    assert "No session has been possible" in headline(outlook(0, 0, 300), DAY, Session.AM)
    assert plan(outlook(0, 0, 300), 0, None, DAY) == ""
    assert caution(outlook(0, 0, 300), DAY) == ""


def test_the_plan_names_the_attendance_needed_and_the_row_that_brings_it_back():
    assert plan(outlook(13, 101, 277), 0, 5, DAY) == (
        f"Needs 91.4{SP}% from now; 30 sessions in a row would bring the year so far under 10{SP}%."
    )
    assert plan(outlook(5, 101, 277), 0, 5, DAY).startswith("Needs 88.5")


def test_nothing_is_planned_for_a_year_that_is_over():
    assert plan(outlook(50, 380, 0), 0, 5, DAY) == ""


def test_whoever_can_finish_under_can_be_back_under_within_the_year():
    for missed in range(30):
        one = outlook(missed, 40, 160)
        assert one.headroom < 0 or one.can_recover_in_time


def test_a_rate_is_shown_with_one_decimal():
    assert per_cent(0.91349) == f"91.3{SP}%"


@pytest.mark.parametrize(
    "this, last, words",
    [
        (2, 12, "fewer than the 12 sessions missed last half term. So far in this one, 2."),
        (12, 12, "a week with no session missed."),
        (3, None, "a half term with fewer sessions missed than the one before."),
    ],
)
def test_a_pupil_who_cannot_finish_under_is_given_a_nearer_goal(this, last, words):
    assert words in plan(outlook(60, 100, 200), this, last, DAY)


@pytest.mark.parametrize("possible, is_said", [(39, True), (40, False), (41, False)])
def test_a_small_base_is_said(possible, is_said):
    assert bool(caution(outlook(1, possible, 300), DAY)) is is_said


def test_what_is_needed_is_rounded_up_so_that_the_figure_is_enough():
    assert per_cent_up(0.91301) == f"91.4{SP}%"
    assert per_cent_up(0.913) == f"91.3{SP}%"


@pytest.mark.parametrize("sessions, words", [(1, "0.5 day"), (2, "1 day"), (3, "1.5 days")])
def test_a_day_is_two_sessions(sessions, words):
    assert in_days(sessions) == words


def test_reasons_are_sessions_missed_by_code_most_first():
    school = register(r"II N\ O/ /U LV Y1-")
    frame = reasons(school, school.latest)
    assert frame.to_dict("list") == {
        "code": ["I", "N", "O", "U"],
        "name": ["Illness", "No reason yet", "Other, unknown", "After close"],
        "sessions": [2, 1, 1, 1],
        "state": ["authorised", "no_reason", "unauthorised", "unauthorised"],
    }
    assert reasons_title(frame) == "**5 sessions missed, by reason**"


def test_a_withdrawn_code_is_named_in_full():
    school = register(r"H\ ")
    assert reasons(school, school.latest)["name"].tolist() == ["Holiday agreed by the school"]


def test_absences_are_counted_on_the_day_they_began():
    school = register(r"/N NN NN /\ II", r"NN /\ /\ /\ /N")
    assert starts_by_weekday(school, school.latest).tolist() == [2, 0, 0, 0, 2]


def test_the_usual_spreads_as_many_absences_as_the_whole_school_does():
    frame = weekday_frame(np.array([0, 0, 0, 0, 4]), np.array([10, 10, 10, 10, 60]))
    assert frame["usual"].tolist() == pytest.approx([0.4, 0.4, 0.4, 0.4, 2.4])


@pytest.mark.parametrize(
    "starts, title",
    [
        ([0, 1, 1, 0, 5], "**5 of 7 absences began on a Friday**; usual here, 1"),
        ([1, 1, 1, 1, 2], "**6 absences, by the day they began**"),
        ([0, 0, 0, 0, 2], "**2 absences, by the day they began**"),
        ([1, 0, 0, 0, 0], "**1 absence, by the day it began**"),
    ],
)
def test_a_weekday_is_named_only_where_it_stands_out(starts, title):
    assert weekday_title(weekday_frame(np.array(starts), np.full(5, 100))) == title


def test_each_week_has_this_years_rate_and_last_years_mean_of_three():
    this = register(r"NN /\ /\ /\ /\ " + r"/\ " * 5)
    last = register(r"/\ " * 5 + r"NN NN /\ /\ /\ " + r"/\ " * 5, first_day=date(2025, 9, 8))
    frame = weekly_rates(strip_of(this), this, this.latest, last).set_index("week")
    assert frame["rate_this"].dropna().to_dict() == {1: 0.8, 2: 1.0}
    assert frame.loc[1, "sessions"] == 10
    assert frame["rate_last"].dropna().round(3).to_dict() == {1: 0.8, 2: 0.867, 3: 0.8}


def test_a_pupil_who_is_new_has_no_last_year():
    this = register(r"/\ ")
    assert weekly_rates(strip_of(this), this, this.latest, None)["rate_last"].isna().all()


FACTS = [
    ("social_worker", "Child in need plan"), ("sen_support", "Autism"), ("fsm", ""),
    ("part_time_timetable", "Mornings only"), ("dual_registered", ""),
]  # fmt: skip


def words_of(social, learning, no_reason=None, facts=FACTS):
    return [
        badge.words
        for badge in badges_for(facts, social, learning, no_reason is not None, no_reason)
    ]


def test_most_roles_are_told_whom_to_tell_and_never_why():
    assert words_of({"prompt_only"}, {"own_year"}) == [
        "Tell the DSL of any absence", "SEN support", "FSM",
        "Part-time timetable: Mornings only", "Dual registered",
    ]  # fmt: skip
    assert "Tell the DSL today" in words_of({"prompt_only"}, {"no"}, "this morning")


def test_the_dsl_sees_the_fact_and_never_the_category_of_the_plan():
    words = words_of({"school"}, {"school"})
    assert words[0] == "Has a social worker"
    assert not any("need" in word or "Autism" in word for word in words)


def test_a_tutor_sees_sen_but_no_free_meals():
    words = words_of({"prompt_only"}, {"own_form_SEN_only"})
    assert "SEN support" in words and "FSM" not in words


def test_a_reader_without_a_grant_sees_only_the_timetable():
    assert words_of({"no"}, {"referred_if_shared"}) == [
        "Part-time timetable: Mornings only", "Dual registered",
    ]  # fmt: skip


def test_an_absence_without_a_reason_today_waits_on_staff():
    (badge,) = badges_for([], {"prompt_only"}, set(), True, "this morning")
    assert (badge.words, badge.tone) == ("No reason yet this morning", "waits")
