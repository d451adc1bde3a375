from dataclasses import fields
from datetime import date

import numpy as np
import pandas as pd
import pytest

from attendance.core.calendar import Closure, Term
from attendance.core.register import assemble
from attendance.core.slots import SLOTS, Session, slot_of
from attendance.core.today import (
    Action,
    actions,
    days_in_a_row,
    last_attended,
    latest_session,
    open_n_sessions,
    queue_order,
    standing_at,
)
from tests.build import MONDAY, register, roll

TUESDAY = date(2026, 9, 8)
MON_AM = slot_of(2026, MONDAY, Session.AM)
MON_PM = MON_AM + 1
TUE_AM = MON_AM + 2


def numbers(drawn, slot=MON_AM):
    standing = standing_at(drawn, slot)
    return {field.name: int(getattr(standing, field.name).sum()) for field in fields(standing)[1:]}


def test_everybody_expected_is_in_explained_unaccounted_or_in_a_register_not_taken():
    drawn = register(r"/\ ", r"LL", "UU", "II", "VV", "NN", "--", forms=["9K"] * 7)
    assert numbers(drawn) == {
        "expected": 7, "present": 3, "explained": 2, "unaccounted": 2, "not_taken": 0,
        "late": 2, "absent": 3,
    }  # fmt: skip


def test_a_pupil_who_arrived_after_the_register_closed_is_in_school_though_absent_by_code():
    found = numbers(register("UU", r"/\ "))
    assert (found["present"], found["late"], found["absent"]) == (2, 1, 0)


@pytest.mark.parametrize("mark", ["D", "X", "Y4", "Z", "#", "."])
def test_a_session_that_is_not_possible_or_not_theirs_is_not_expected(mark):
    assert numbers(register(r"/\ ", mark * 2, forms=["9K", "9K"]))["expected"] == 1


def test_a_form_with_half_its_marks_missing_was_taken_and_with_more_than_half_was_not():
    half = register(r"/\ ", r"/\ ", "--", "--", forms=["9K"] * 4)
    assert (numbers(half)["unaccounted"], numbers(half)["not_taken"]) == (2, 0)
    more = register(r"/\ ", "--", "--", forms=["9K"] * 3)
    assert (numbers(more)["unaccounted"], numbers(more)["not_taken"]) == (0, 2)


def test_a_register_not_taken_in_one_form_says_nothing_of_another():
    drawn = register(r"/\ ", "NN", "--", "--", forms=["9K", "9K", "7B", "7B"])
    found = numbers(drawn)
    assert (found["unaccounted"], found["not_taken"], found["absent"]) == (1, 2, 1)


def test_a_reason_entered_beforehand_stays_explained_in_a_form_whose_register_is_missing():
    found = numbers(register("CC", "--", "--", forms=["9K"] * 3))
    assert (found["explained"], found["not_taken"]) == (1, 2)


def test_narrowing_to_some_pupils_keeps_what_the_whole_form_showed():
    drawn = register(r"/\ ", "--", "--", forms=["9K"] * 3)
    own = standing_at(drawn, MON_AM).only(np.array([False, True, False]))
    assert (own.slot, own.not_taken.tolist(), own.expected.tolist()) == (MON_AM, [True], [True])


def test_the_latest_session_is_the_last_with_somebody_present_in_a_form_that_was_taken():
    assert latest_session(register(r"/\ /- "), TUESDAY) == TUE_AM
    assert latest_session(register(r"/\ /- "), MONDAY) == MON_PM


def test_leave_entered_for_later_today_is_no_register():
    assert latest_session(register(r"/C", r"/- ", r"/- "), MONDAY) == MON_AM


def test_one_mark_in_a_form_does_not_make_its_register_taken():
    drawn = register(r"/\ ", r"/- ", r"/- ", forms=["9K"] * 3)
    assert latest_session(drawn, MONDAY) == MON_AM


def test_a_school_without_a_register_has_no_latest_session():
    assert latest_session(register("-- --"), TUESDAY) == -1
    assert latest_session(register(), TUESDAY) == -1


@pytest.mark.parametrize(
    "marks, slot, days",
    [
        (r"/\ NN NN NN", TUE_AM + 4, 3),
        (r"/\ NN /N NN", TUE_AM + 4, 1),
        (r"/\ NN DD NN", TUE_AM + 4, 2),
        (r"/\ NN -- NN", TUE_AM + 4, 2),
        (r"/\ NN VV NN", TUE_AM + 4, 1),
        (r"/\ /\ N-", TUE_AM + 2, 1),
        (r"/\ ", MON_AM, 0),
        ("NN", MON_AM, 1),
        (r"N\ ", MON_AM, 0),
    ],
)
def test_days_in_a_row_are_school_days_on_which_no_session_was_attended(marks, slot, days):
    assert days_in_a_row(register(marks), slot).tolist() == [days]


def test_days_in_a_row_go_back_to_the_first_of_the_year_and_no_further():
    everything = np.ones((1, SLOTS), dtype=bool)
    marks = np.full((1, SLOTS), ord("N"), dtype=np.uint8)
    drawn = register("NN")
    endless = assemble(drawn.calendar, roll(1), marks, everything, everything)
    assert days_in_a_row(endless, 5).tolist() == [3]


def test_the_last_session_attended_is_before_this_one_and_may_be_on_a_visit():
    drawn = register(r"/\ NN", r"/V NN", "NN NN", r"/\ /\ ")
    assert last_attended(drawn, TUE_AM).tolist() == [MON_PM, MON_PM, -1, MON_PM]
    assert last_attended(drawn, 0).tolist() == [-1] * 4


@pytest.mark.parametrize(
    "prompted, days, action",
    [
        (False, 0, Action.CALL),
        (False, 2, Action.CALL),
        (False, 3, Action.HOME_VISIT),
        (True, 1, Action.TELL_DSL),
        (True, 9, Action.TELL_DSL),
    ],
)
def test_the_dsl_is_told_first_and_a_visit_is_due_from_the_third_day(prompted, days, action):
    assert actions(np.array([prompted]), np.array([days])) == [action]


def waiting(*rows):
    names = ["surname", "prompted", "days", "household", "year_group", "form"]
    return pd.DataFrame([(*row, *("9", "9K")[len(row) - 4 :]) for row in rows], columns=names)


def order(*rows):
    return queue_order(waiting(*rows))["surname"].tolist()


def test_the_queue_begins_with_the_dsl_then_the_longest_absence():
    rows = [("One", False, 1, None), ("Five", False, 5, None), ("Told", True, 1, None)]
    assert order(*rows) == ["Told", "Five", "One"]


def test_brothers_and_sisters_stand_together_where_the_first_of_them_stands():
    rows = [
        ("Four", False, 4, None), ("Young", False, 1, 7), ("Two", False, 2, None),
        ("Old", False, 5, 7), ("Three", False, 3, 8),
    ]  # fmt: skip
    assert order(*rows) == ["Old", "Young", "Four", "Three", "Two"]


def test_with_the_same_absence_a_household_of_two_comes_before_one_pupil_and_years_in_order():
    rows = [
        ("Alone", False, 1, None, 7, "7A"), ("Bram", False, 1, 3, 8, "8B"),
        ("Anna", False, 1, 3, 8, "8A"), ("Last", False, 1, None, 10, "10C"),
    ]  # fmt: skip
    assert order(*rows) == ["Anna", "Bram", "Alone", "Last"]


def test_pupils_whose_household_is_not_known_are_not_one_household():
    rows = [("A", False, 3, None), ("B", False, 2, 5), ("C", False, 1, float("nan"))]
    assert order(*rows) == ["A", "B", "C"]


def test_an_n_on_the_thursday_before_half_term_is_due_on_the_friday_after_it():
    terms = (
        Term("Autumn 1", date(2026, 9, 1), date(2026, 10, 23)),
        Term("Autumn 2", date(2026, 11, 2), date(2026, 12, 18)),
    )
    inset = Closure(date(2026, 11, 2), date(2026, 11, 2), "inset", None, "INSET day")
    drawn = register("NN /N", first_day=date(2026, 10, 22))
    calendar = type(drawn.calendar)(2026, terms, (inset,), drawn.calendar.sessions)
    kept = assemble(calendar, drawn.pupils, drawn.marks, drawn.on_roll, drawn.is_open)
    found = open_n_sessions(kept, SLOTS - 1)
    assert found.to_dict("list") == {
        "row": [0, 0, 0],
        "slot": [slot_of(2026, date(2026, 10, 22), Session.AM) + n for n in (0, 1, 3)],
        "day": [date(2026, 10, 22), date(2026, 10, 22), date(2026, 10, 23)],
        "session": ["AM", "PM", "PM"],
        "due": [date(2026, 11, 6), date(2026, 11, 6), date(2026, 11, 9)],
    }


def test_an_open_n_counts_up_to_the_slot_asked_for_and_only_while_on_roll():
    drawn = register("NN NN", ".. NN", r"/\ II")
    assert open_n_sessions(drawn, TUE_AM)["row"].tolist() == [0, 0, 0, 1]


def test_before_august_2024_there_was_no_day_by_which_a_reason_was_due():
    found = open_n_sessions(register("NN", first_day=date(2023, 9, 4)), SLOTS - 1)
    assert found["due"].tolist() == [None, None]


def test_the_day_a_reason_is_due_is_not_known_beyond_the_end_of_the_calendar():
    known = open_n_sessions(register("NN", to_come=10), SLOTS - 1)
    assert known["due"].tolist() == [date(2026, 9, 14)] * 2
    assert open_n_sessions(register("NN", to_come=8), SLOTS - 1)["due"].tolist() == [None, None]


def test_a_register_without_an_open_n_has_no_rows():
    assert open_n_sessions(register(r"/\ II"), SLOTS - 1).empty
