from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from attendance.core.calendar import Calendar, Term
from attendance.core.register import (
    BLANK,
    Spells,
    build_register,
    ids_on_roll,
    left_with_an_earlier_year,
)
from attendance.core.slots import SLOTS, Session, first_slot_from, slot_of
from tests.build import register, roll

TERM = Term("Autumn", date(2026, 9, 7), date(2026, 9, 18))
CALENDAR = Calendar(2026, (TERM,))


def built(spells, size=1, ids=(1,), lines=None):
    lines = np.full((len(ids), SLOTS), BLANK, np.uint8) if lines is None else lines
    return build_register(CALENDAR, roll(size), spells, np.array(ids), lines)


def slot(day, session=Session.AM):
    return slot_of(2026, day, session)


def test_a_pupil_is_on_roll_from_the_first_to_the_last_day_of_a_spell():
    found = built([(1, date(2026, 9, 8), date(2026, 9, 9))])
    days = [date(2026, 9, day) for day in (7, 8, 9, 10)]
    assert [bool(found.on_roll[0, slot(day)]) for day in days] == [False, True, True, False]
    assert found.on_roll[0, slot(days[2], Session.PM)]


def test_a_pupil_who_comes_back_is_on_roll_in_both_spells():
    found = built([(1, date(2026, 9, 7), date(2026, 9, 7)), (1, date(2026, 9, 10), None)])
    days = [date(2026, 9, day) for day in (7, 8, 9, 10, 11)]
    on_roll = [bool(found.on_roll[0, slot(day)]) for day in days]
    assert on_roll == [True, False, False, True, True]


def test_a_line_goes_to_its_own_pupil_and_a_strangers_line_nowhere():
    lines = np.full((2, SLOTS), ord("I"), np.uint8)
    found = built([(1, date(2026, 9, 1), None), (7, date(2026, 9, 1), None)], 2, (2, 9), lines)
    assert (found.marks[0] == BLANK).all()
    assert (found.marks[1] == ord("I")).all()


def test_lines_and_spells_find_their_pupils_in_whatever_order_the_pupils_are():
    lines = np.array([[ord("I")] * SLOTS, [ord("M")] * SLOTS], np.uint8)
    pupils = roll(2).iloc[::-1]
    spells = [(1, date(2026, 9, 8), None), (2, date(2020, 9, 1), date(2026, 9, 7))]
    found = build_register(CALENDAR, pupils, spells, np.array([1, 2]), lines)
    assert found.marks[:, 0].tolist() == [ord("M"), ord("I")]
    assert found.on_roll[:, slot(date(2026, 9, 7))].tolist() == [True, False]
    assert found.on_roll[:, slot(date(2026, 9, 8))].tolist() == [False, True]


@given(st.dates(date(2025, 1, 1), date(2028, 12, 31)), st.integers(0, 400))
def test_a_spell_covers_the_slots_between_its_days_whatever_days_they_are(first_day, length):
    last_day = first_day + timedelta(days=length)
    found = built([(1, first_day, last_day)]).on_roll[0]
    expected = np.zeros(SLOTS, dtype=bool)
    after = first_slot_from(2026, last_day + timedelta(days=1))
    expected[first_slot_from(2026, first_day) : after] = True
    assert (found == expected).all()


def test_the_pupils_of_a_year_are_those_on_roll_on_any_of_its_days():
    spells = Spells.of(
        [
            (7, date(2026, 7, 30), date(2026, 8, 1), False),
            (1, date(2020, 9, 1), date(2026, 7, 31), False),
            (2, date(2027, 7, 31), None, False),
            (3, date(2027, 8, 1), None, False),
            (4, date(2020, 9, 1), date(2021, 9, 1), False),
            (4, date(2026, 9, 1), date(2026, 9, 1), False),
            (5, date(2025, 9, 1), None, True),
        ]
    )
    assert ids_on_roll(spells, 2026, np.array([7, 4])).tolist() == [2, 4, 7]
    assert ids_on_roll(spells, 2026, np.array([], dtype=np.int64)).tolist() == [2, 4, 5, 7]
    assert ids_on_roll(Spells.of([]), 2026, np.array([7])).tolist() == []


def test_no_line_at_all_is_an_empty_register():
    found = built([], ids=(), lines=np.empty((0, SLOTS), np.uint8))
    assert (len(found), found.latest) == (1, -1)


def test_the_latest_session_is_the_last_that_half_the_school_has_marks_for():
    assert register(r"/\ /\ ", r"/\ --").latest == slot(date(2026, 9, 8), Session.PM)
    assert register(r"/\ /\ ", r"/\ --", r"/\ --").latest == slot(date(2026, 9, 7), Session.PM)


def test_leave_entered_ahead_does_not_make_a_session_the_latest():
    drawn = register(r"/\ -- MM", r"/\ -- --", r"/\ -- --")
    assert drawn.latest == slot(date(2026, 9, 7), Session.PM)


def test_some_of_the_pupils_keep_what_the_whole_school_showed():
    drawn = register(r"/\ --", r"/\ /\ ")
    first = drawn.only(np.array([True, False]))
    assert (len(first), first.latest) == (1, drawn.latest)
    assert first.covered[slot(date(2026, 9, 8))]


def test_a_pupil_is_found_by_id_or_not_at_all():
    drawn = register(r"/\ ", r"/\ ")
    assert drawn.row_of(2) == 1
    assert drawn.row_of(99) is None


LAST_YEAR, THIS_YEAR = date(2025, 9, 2), date(2026, 9, 7)


@dataclass(frozen=True)
class Spell:
    pupil_id: int
    first_day: date
    last_day: date | None = None
    inferred: bool = True


def gone(*spells, ids=(9,)):
    return left_with_an_earlier_year(spells, 2026, np.array(ids, dtype=np.int64))


def test_whom_this_years_registers_leave_out_went_with_last_year():
    assert gone(Spell(1, LAST_YEAR), Spell(2, LAST_YEAR), ids=(2,)) == {1}


def test_before_the_first_register_of_a_year_everybody_is_still_on_roll():
    assert gone(Spell(1, LAST_YEAR), ids=()) == set()


def test_a_pupil_whom_a_person_put_on_roll_stays_until_a_person_says_otherwise():
    assert gone(Spell(1, LAST_YEAR, inferred=False)) == set()


def test_a_pupil_first_seen_this_year_is_on_roll_though_no_mark_was_made_yet():
    assert gone(Spell(1, LAST_YEAR, date(2026, 1, 9)), Spell(1, THIS_YEAR)) == set()
