from datetime import date

import numpy as np
import pytest

from attendance.core.amendments import MarkChange
from attendance.core.calendar import Closure
from attendance.core.policies import check_change
from attendance.core.register import Register
from attendance.core.slots import Session, first_slot_from, moment_of
from attendance.core.week_grid import (
    WeekGrid,
    changes_to,
    day_around,
    half_term_weeks,
    may_change,
    monday_of,
    not_taken,
    session_in_words,
    spell_around,
    state_of,
    week_grid,
)
from attendance.core.week_words import week_of_group, weeks_of_pupil
from attendance.errors import AttendanceError
from attendance.rules.codes import NO_MARK
from attendance.rules.roles import Role
from tests.build import MONDAY, person, register

TUESDAY = date(2026, 9, 8)
START = first_slot_from(2026, MONDAY)


def grid_of(school: Register, frontier_day: date = date(2026, 9, 12)) -> WeekGrid:
    rows = np.arange(len(school))
    return week_grid(school, rows, np.full(len(rows), START), first_slot_from(2026, frontier_day))


def test_a_week_shows_each_code_and_how_it_counts():
    grid = grid_of(register(r"/\ NI LU VY1 O-"))
    assert list(grid.codes[0]) == ["/", "\\", "N", "I", "L", "U", "V", "Y1", "O", ""]
    assert list(grid.states[0]) == [
        "present", "present", "no_reason", "authorised", "late", "unauthorised", "activity",
        "not_counted", "unauthorised", "unmarked",
    ]  # fmt: skip


def test_a_session_still_to_come_is_no_gap():
    grid = grid_of(register(r"/\ --", to_come=6), frontier_day=date(2026, 9, 9))
    assert list(grid.states[0][2:6]) == ["unmarked", "unmarked", "to_come", "to_come"]


def test_a_closed_session_and_one_off_the_roll_are_no_gaps_either():
    closed = Closure(TUESDAY, TUESDAY, "inset", None, "Training")
    grid = grid_of(register(r"/\ -- ..", r"/\ -- /\ /\ /\ ", closures=[closed]))
    assert list(grid.states[0][2:6]) == ["closed", "closed", "off_roll", "off_roll"]
    assert not grid.expected[0, 2:].any()


def test_a_withdrawn_code_is_read_as_it_was():
    assert state_of("H", date(2026, 9, 7)) == "authorised"


@pytest.mark.parametrize("day", [MONDAY, date(2026, 9, 11), date(2026, 9, 13)])
def test_a_week_begins_on_its_monday(day):
    assert monday_of(day) == MONDAY


def test_a_half_term_is_the_weeks_in_school_around_a_day():
    closed = Closure(date(2026, 9, 21), date(2026, 9, 25), "closure", None, "Half term")
    school = register(r"/\ " * 20, closures=[closed])
    weeks = [date(2026, 9, 7), date(2026, 9, 14)]
    assert half_term_weeks(school, 0, date(2026, 9, 14)) == weeks
    assert half_term_weeks(school, 0, date(2026, 9, 21)) == [date(2026, 9, 21)]
    assert half_term_weeks(school, 0, date(2026, 9, 28)) == [date(2026, 9, 28)]


def test_a_spell_is_a_run_of_one_code_over_the_pupils_own_sessions():
    closed = Closure(TUESDAY, TUESDAY, "inset", None, "Training")
    school = register(r"/I -- II I\ /\ ", closures=[closed])
    spell = [START + n for n in (1, 4, 5, 6)]
    assert spell_around(school, 0, START + 4) == spell
    assert spell_around(school, 0, START + 1) == spell


@pytest.mark.parametrize("offset", [0, 9])
def test_being_present_and_having_no_mark_are_no_spells(offset):
    assert spell_around(register(r"/\ /\ /\ /\ /-"), 0, START + offset) == [START + offset]


def test_a_whole_line_of_one_code_is_one_spell():
    assert len(spell_around(register("II II"), 0, START)) == 4


def test_a_day_is_the_sessions_at_which_the_pupil_is_expected():
    school = register(r"/\ .\ ")
    assert day_around(school, 0, START + 1) == [START, START + 1]
    assert day_around(school, 0, START + 3) == [START + 3]


def test_present_is_given_its_own_half_of_the_day():
    school = register("NN")
    changes = changes_to(school, 0, [START, START + 1], "/")
    assert changes == [
        MarkChange(1, MONDAY, Session.AM, "N", "/"),
        MarkChange(1, MONDAY, Session.PM, "N", "\\"),
    ]


def test_a_session_that_has_the_code_already_does_not_change():
    changes = changes_to(register("NI"), 0, [START, START + 1], "I")
    assert [change.session for change in changes] == [Session.AM]


def test_a_register_is_not_taken_when_more_than_half_have_no_mark():
    school = register(r"/\ --", r"/- --", r"-- --", forms=["9K"] * 3)
    assert not_taken(grid_of(school), MONDAY) == [1]
    assert not_taken(grid_of(school), TUESDAY) == [1, 2, 3]


PEOPLE = [
    person(Role.ATTENDANCE_OFFICER),
    person(Role.PASTORAL_DHOY, "9"),
    person(Role.TEACHER_FORM_TUTOR, "9K"),
    person(Role.ADMIN_STAFF),
    person(Role.HEADTEACHER),
    person(Role.DSL),
    person(Role.GOVERNOR),
]


@pytest.mark.parametrize("who", PEOPLE, ids=lambda who: str(min(who.roles)))
@pytest.mark.parametrize("today", [MONDAY, TUESDAY, date(2026, 9, 12)])
def test_what_the_grid_opens_is_what_the_rules_let_be_changed(who, today):
    school = register(r"/I N- -- -- --", r"/- .. -- -- --", year_groups=[9, 8], forms=["9K", "8A"])
    grid = grid_of(school)
    mask = may_change(who, school, grid, today)
    for row in range(len(grid)):
        for column in range(10):
            assert mask[row, column] == _some_code_is_taken(who, school, row, column, today)


def _some_code_is_taken(who, school, row, column, today):
    day, session = moment_of(2026, START + column)
    expected = grid_of(school).codes[row, column] or NO_MARK
    for code in ("N", "C", "V", "L"):
        if code == expected:
            continue
        try:
            check_change(who, school, MarkChange(row + 1, day, session, expected, code), today)
        except AttendanceError:
            continue
        return True
    return False


def test_a_groups_sentence_counts_pupils_without_a_reason():
    school = register(r"NN /-", r"N\ /-", r"/\ /-")
    words = week_of_group("9K", grid_of(school), 5, TUESDAY)
    assert words == (
        "9K has 3 on roll. Two pupils have no reason yet; 5 marks were amended this week. "
        "Tuesday afternoon is not taken yet."
    )


def test_a_quiet_week_is_said_kindly():
    words = week_of_group("9K", grid_of(register(r"/\ /\ ")), 0, TUESDAY)
    assert words == "9K has 1 on roll. Every absence has a reason."


def test_one_pupil_and_one_amendment_are_singular():
    words = week_of_group("9K", grid_of(register("N-")), 1, TUESDAY)
    assert words == (
        "9K has 1 on roll. One pupil has no reason yet; 1 mark was amended this week. "
        "Monday afternoon was not taken."
    )


def test_registers_not_taken_are_counted_when_there_are_several():
    school = register("-- --")
    assert week_of_group("9K", grid_of(school), 0, TUESDAY).endswith(
        "Four registers of this week are not taken."
    )
    assert week_of_group("9K", grid_of(register("--")), 0, MONDAY).endswith(
        "Today is not taken yet."
    )
    eleven = week_of_group("9K", grid_of(register(*["N\\"] * 11)), 0, MONDAY)
    assert "11 pupils have no reason yet" in eleven


def test_nobody_on_roll_is_a_sentence_too():
    empty = grid_of(register(r"/\ ").only(np.array([False])))
    assert week_of_group("9K", empty, 0, MONDAY).startswith("9K has 0 on roll.")


def test_a_pupils_weeks_are_sessions_of_those_possible():
    grid = grid_of(register(r"/\ NN IY1 VL"))
    assert weeks_of_pupil("Kez Oduya", grid, 2) == (
        "Kez Oduya missed 3 of 7 sessions in these weeks; two have no reason yet; "
        "2 marks were amended."
    )
    assert weeks_of_pupil("Kez Oduya", grid_of(register("N-")), 0) == (
        "Kez Oduya missed 1 of 1 session in these weeks; one has no reason yet."
    )


def test_a_session_is_said_in_words():
    assert session_in_words(MONDAY, Session.PM) == "Monday afternoon"


def test_a_pupil_whose_absences_are_all_explained_waits_for_nothing():
    assert weeks_of_pupil("Kez Oduya", grid_of(register("I\\")), 0) == (
        "Kez Oduya missed 1 of 2 sessions in these weeks."
    )
