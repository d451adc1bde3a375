from datetime import date

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from attendance.core.calendar import Closure
from attendance.core.slots import first_slot_from, moment_of
from attendance.core.spells import (
    day_after,
    half_terms,
    recent_weeks,
    slot_after,
    spell_starts,
    spells,
    week_number,
    week_slots,
)
from attendance.rules.codes import CODE_OF
from tests.build import MONDAY, register
from tests.core.oracle import category

MISSED = {"authorised_absence", "unauthorised_absence"}
ATTENDED = {"present", "approved_activity"}
drawn_days = st.lists(st.sampled_from([r"/\ ".strip(), "II", "I\\", "/N", "--", "##", "DD", "-I"]),
                      min_size=1, max_size=40)  # fmt: skip


def states_of(one, row, last):
    """The pupil's sessions up to a slot as (slot, 'missed' | 'attended'), by plain loops."""
    found = []
    for slot in range(last + 1):
        if not one.expected[row, slot] or one.marks[row, slot] == ord("-"):
            continue
        what = category(CODE_OF[chr(one.marks[row, slot])], moment_of(one.school_year, slot)[0])
        if what in MISSED | ATTENDED:
            found.append((slot, "missed" if what in MISSED else "attended"))
    return found


def starts_by_loop(one, row, last):
    starts, before = [], "attended"
    for slot, state in states_of(one, row, last):
        if state == "missed" and before == "attended":
            starts.append(slot)
        before = state
    return starts


def test_two_days_in_a_row_are_one_absence_and_a_day_back_makes_two():
    one = register(r"II II /\ ", r"II /\ I\ ", r"/\ /\ /\ ")
    assert spells(one, one.latest).tolist() == [1, 2, 0]


def test_a_weekend_a_closure_and_a_blank_do_not_part_an_absence():
    one = register(r"/\ II ## -- II II /\ ", r"/\ /\ /\ /\ /\ /\ /\ ")
    assert spells(one, one.latest).tolist() == [1, 0]


def test_an_absence_after_the_slot_asked_for_is_not_counted():
    one = register(r"/\ II /\ II")
    assert spells(one, first_slot_from(2026, date(2026, 9, 8)) + 1).tolist() == [1]


@settings(max_examples=150, deadline=None)
@given(st.lists(drawn_days, min_size=1, max_size=4))
def test_spells_agree_with_a_plain_loop(lines):
    one = register(*(" ".join(line) for line in lines))
    last = one.latest
    starts = spell_starts(one, last)
    for row in range(len(one)):
        assert np.flatnonzero(starts[row]).tolist() == starts_by_loop(one, row, last)


def weeks(*lines):
    """Pupils whose weeks are drawn as sessions missed of ten: weeks((0, 0, 3), …)."""
    drawn = []
    for line in lines:
        sessions = ["I" * missed + "/" * (10 - missed) for missed in line]
        drawn.append(" ".join(week[at : at + 2] for week in sessions for at in range(0, 10, 2)))
    return register(*drawn)


def test_the_last_four_school_weeks_stand_against_those_before():
    one = weeks((1, 1, 0, 0, 4, 4))
    found = recent_weeks(one, one.latest).iloc[0]
    assert found["recent_missed"] == 8 and found["recent_possible"] == 40
    assert found["before_missed"] == 2 and found["before_possible"] == 20
    assert found["recent_rate"] == pytest.approx(0.8)


@pytest.mark.parametrize(
    "line, direction",
    [
        ((1, 1, 1, 1, 1, 1), 0),
        ((1, 1, 1, 1, 1, 2), 0),  # one session more than before would give
        ((1, 1, 1, 1, 1, 3), -1),
        ((1, 1, 1, 1, 1, 0), 0),
        ((1, 1, 1, 1, 0, 0), 1),
        ((5, 5, 5), 0),  # nothing before to hold it against
    ],
)
def test_the_arrow_moves_by_more_than_one_session(line, direction):
    one = weeks(line)
    assert recent_weeks(one, one.latest)["direction"].tolist() == [direction]


def test_a_holiday_week_is_not_a_school_week():
    term = " ".join([r"/\ "] * 5 + [r"II"] * 5)
    holiday = " ".join(["##"] * 10)
    one = register(f"{term} {holiday} {term}", closures=())
    without = recent_weeks(one, one.latest, weeks=2).iloc[0]
    assert without["recent_possible"] <= 20


def test_a_pupil_with_no_possible_session_has_no_recent_rate():
    one = register(r".. ..", r"/\ /\ ")
    found = recent_weeks(one, one.latest)
    assert np.isnan(found["recent_rate"].iloc[0]) and found["direction"].tolist() == [0, 0]


@settings(max_examples=100, deadline=None)
@given(drawn_days)
def test_recent_weeks_agree_with_a_plain_loop(line):
    one = register(" ".join(line))
    last = max(one.latest, 0)
    found = recent_weeks(one, last).iloc[0]
    open_weeks = sorted({slot // 10 for slot in range(last + 1) if one.is_open[0, slot]})
    recent = set(open_weeks[-4:])
    states = states_of(one, 0, last)
    assert found["recent_possible"] == sum(slot // 10 in recent for slot, _ in states)
    assert found["before_missed"] == sum(
        slot // 10 not in recent and state == "missed" for slot, state in states
    )


def test_half_terms_are_parted_by_a_week_without_a_session():
    first = " ".join([r"/\ ".strip()] * 4 + ["II"])
    one = register(f"{first} II II II II II", r"/\ " * 10)
    whole = half_terms(one, one.latest)
    assert whole["this_missed"].tolist() == [12, 0] and whole["last_possible"].tolist() == [0, 0]


def test_this_half_term_stands_against_the_one_before():
    week, holiday = " ".join([r"/\ ".strip()] * 4 + ["II"]), [date(2026, 9, 14), date(2026, 9, 18)]
    closure = Closure(holiday[0], holiday[1], "closure", None, "Half term")
    one = register(f"{week} ## ## ## ## ## I\\ /\\", closures=(closure,))
    found = half_terms(one, one.latest).iloc[0]
    assert found.tolist() == [1, 4, 2, 10]
    before = half_terms(one, first_slot_from(2026, date(2026, 9, 9)) - 1).iloc[0]
    assert before.tolist() == [0, 4, 0, 0]


def test_back_under_ten_per_cent_on_the_day_of_the_last_session_needed():
    one = register(r"/\ /\ ", to_come=10)
    found = slot_after(one, one.latest, np.array([3]))
    assert moment_of(2026, int(found[0])) == (date(2026, 9, 10), "AM")
    assert day_after(one, one.latest, np.array([3])).tolist() == [pd.Timestamp(2026, 9, 10)]


def test_sessions_not_required_of_the_pupil_are_passed_over():
    one = register(r"/\ /\ ## /\ ", r"/\ /\ /\ ", to_come=2)
    days = day_after(one, first_slot_from(2026, date(2026, 9, 9)) - 1, np.array([1, 1]))
    assert days.dt.date.tolist() == [date(2026, 9, 10), date(2026, 9, 9)]


def test_no_date_where_nothing_is_needed_or_the_year_is_too_short():
    one = register(r"/\ /\ ", r"/\ /\ ", to_come=4)
    assert day_after(one, one.latest, np.array([0, 5])).isna().all()
    assert slot_after(one, one.latest, np.array([4, 5])).tolist() != [-1, -1]


def test_ten_school_weeks_begin_after_the_holiday_weeks_are_passed_over():
    closed = Closure(date(2026, 9, 14), date(2026, 9, 18), "closure", None, "Half term")
    one = register(" ".join([r"/\ ".strip()] * 15), closures=(closed,))
    assert week_slots(one, one.latest, 2) == (first_slot_from(2026, MONDAY), 2)
    assert week_slots(one, one.latest, 1) == (first_slot_from(2026, date(2026, 9, 21)), 1)
    assert week_slots(one, one.latest, 10) == (first_slot_from(2026, MONDAY), 2)
    assert week_slots(one, -1, 10) == (0, 0)


def test_the_week_is_counted_among_weeks_with_a_session():
    one = register(r"/\ /\ /\ /\ /\ /\ ", to_come=8)
    assert week_number(one, one.latest) == (2, 2)
    assert week_number(one, first_slot_from(2026, MONDAY)) == (1, 2)
    assert week_number(one, -1) == (0, 2)
