from datetime import date

import numpy as np

from attendance.core.calendar import (
    Calendar,
    Closure,
    Term,
    half_terms,
    merged_sessions,
    open_by_year_group,
    open_sessions,
    school_days,
    school_days_after,
    school_weeks,
    term_at,
)
from attendance.core.slots import SLOTS, Session, slot_of

AUTUMN = Term("Autumn 1", date(2026, 9, 1), date(2026, 10, 23))
INSET = Closure(date(2026, 9, 1), date(2026, 9, 1), "inset", None, "INSET")
SUMMER = Term("Summer 1", date(2027, 4, 12), date(2027, 5, 28))


def slot(day: date, session: Session = Session.AM) -> int:
    return slot_of(2026, day, session)


def line(**states: str) -> str:
    marks = ["."] * SLOTS
    for at, state in states.items():
        marks[int(at[1:])] = state
    return "".join(marks)


def test_a_day_inside_a_term_is_open_and_the_day_after_it_is_not():
    is_open = open_sessions(Calendar(2026, (AUTUMN,)))
    assert is_open[slot(date(2026, 10, 23), Session.PM)]
    assert not is_open[slot(date(2026, 10, 26))]
    assert not is_open[slot(date(2026, 8, 31))]


def test_an_inset_day_is_closed_for_everybody():
    is_open = open_sessions(Calendar(2026, (AUTUMN,), (INSET,)))
    assert not is_open[slot(date(2026, 9, 1))]
    assert is_open[slot(date(2026, 9, 2))]


def test_a_closure_for_some_year_groups_leaves_the_others_in_school():
    polling = Closure(date(2026, 9, 3), date(2026, 9, 3), "closure", frozenset({8, 9}), "Start")
    calendar = Calendar(2026, (AUTUMN,), (polling,))
    is_open = open_by_year_group(calendar, np.array([7, 8, 9]))
    assert is_open[:, slot(date(2026, 9, 3))].tolist() == [True, False, False]
    assert open_sessions(calendar)[slot(date(2026, 9, 3))]


def test_a_bank_holiday_in_term_is_closed_unless_a_register_was_taken():
    may_day = slot(date(2027, 5, 3))
    assert not open_sessions(Calendar(2026, (SUMMER,)))[may_day]
    taken = Calendar(2026, (SUMMER,), (), line(**{f"s{may_day}": "o"}))
    assert open_sessions(taken)[may_day]


def test_a_session_that_the_registers_show_closed_is_closed_whatever_the_terms_say():
    strike = slot(date(2026, 9, 8))
    assert not open_sessions(Calendar(2026, (AUTUMN,), (), line(**{f"s{strike}": "#"})))[strike]


def test_without_terms_the_registers_are_the_calendar():
    calendar = Calendar(2026, sessions=line(s60="o", s61="o", s62="#"))
    assert calendar.is_inferred
    assert np.flatnonzero(open_sessions(calendar)).tolist() == [60, 61]


def test_school_days_are_days_with_a_session_for_anybody():
    calendar = Calendar(2026, (Term("Short", date(2026, 9, 3), date(2026, 9, 8)),))
    assert [d.day for d in school_days(calendar)] == [3, 4, 7, 8]


def test_five_school_days_after_a_thursday_go_round_half_term_and_an_inset_day():
    second = Term("Autumn 2", date(2026, 11, 2), date(2026, 12, 18))
    inset = Closure(date(2026, 11, 2), date(2026, 11, 2), "inset", None, "INSET")
    calendar = Calendar(2026, (AUTUMN, second), (inset,))
    sessions = [date(2026, 10, 22), date(2026, 10, 23), date(2026, 11, 1)]
    due = [date(2026, 11, 6), date(2026, 11, 9), date(2026, 11, 9)]
    assert school_days_after(calendar, sessions, 5) == due


def test_a_school_day_after_the_end_of_the_calendar_is_not_known():
    calendar = Calendar(2026, (Term("Short", date(2026, 9, 3), date(2026, 9, 8)),))
    assert school_days_after(calendar, [date(2026, 9, 3), date(2026, 9, 4)], 3) == [
        date(2026, 9, 8), None,
    ]  # fmt: skip


def test_a_day_belongs_to_the_term_that_holds_it():
    calendar = Calendar(2026, (AUTUMN, SUMMER))
    assert term_at(calendar, date(2027, 4, 12)) == SUMMER
    assert term_at(calendar, date(2026, 12, 25)) is None


def test_half_terms_are_parted_by_a_whole_week_without_school_and_not_by_an_inset_day():
    autumn = Term("Autumn", date(2026, 9, 1), date(2026, 12, 18))
    half = Closure(date(2026, 10, 26), date(2026, 10, 30), "closure", None, "Half term")
    friday = Closure(date(2026, 11, 20), date(2026, 11, 20), "inset", None, "INSET")
    assert half_terms(Calendar(2026, (autumn, SUMMER), (half, friday))) == (
        Term("Half term 1", date(2026, 9, 1), date(2026, 10, 23)),
        Term("Half term 2", date(2026, 11, 2), date(2026, 12, 18)),
        Term("Summer 1", date(2027, 4, 12), date(2027, 5, 28)),
    )


def test_a_half_term_that_was_given_has_its_name_and_its_first_and_last_school_day():
    assert half_terms(Calendar(2026, (AUTUMN, SUMMER), (INSET,))) == (
        Term("Autumn 1", date(2026, 9, 2), date(2026, 10, 23)),
        SUMMER,
    )


def test_a_year_of_which_nothing_is_known_has_no_half_term_and_no_school_week():
    assert half_terms(Calendar(2026)) == ()
    assert not len(school_weeks(Calendar(2026)))


def test_a_session_once_seen_open_stays_open():
    assert merged_sessions("o.#", [(0, "#"), (1, "#"), (2, "o")]) == "o#o"
