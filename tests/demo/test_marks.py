import time
from datetime import date

import numpy as np
import pytest

from attendance.core.calendar import Calendar, open_sessions
from attendance.core.slots import Session, days_of, first_slot_from, slot_of
from attendance.demo.school import build_demo
from attendance.rules.codes import CODE_OF, codes_on
from tests.demo.measure import SUMMER_ENDS, TODAY, demo, year_groups

BLANK = ord("-")
ANY_DAYS = [
    date(2026, 8, 1), date(2026, 8, 20), date(2026, 9, 1), date(2026, 9, 2), date(2026, 9, 3),
    date(2026, 9, 5), date(2026, 10, 28), TODAY, date(2026, 12, 25), date(2027, 1, 4),
    date(2027, 2, 28), date(2027, 3, 29), date(2027, 7, 21), SUMMER_ENDS, date(2028, 2, 29),
]  # fmt: skip


def marked(school, school_year):
    return school.marks[school_year] != BLANK


def calendar(school, school_year):
    terms = tuple(term for year, term in school.terms if year == school_year)
    closures = tuple(closure for year, closure in school.closures if year == school_year)
    return Calendar(school_year, terms, closures)


@pytest.mark.parametrize("today", ANY_DAYS)
def test_any_day_gives_two_years_of_marks_none_of_them_in_the_future(today):
    school = demo(today)
    last, this = school.school_years
    assert marked(school, last).sum() > 400_000
    after_morning = first_slot_from(this, today) + (today.weekday() < 5)
    assert not marked(school, this)[:, after_morning:].any()


@pytest.mark.parametrize("today", ANY_DAYS)
def test_the_last_school_day_so_far_is_marked(today):
    school = demo(today)
    this = school.school_years[1]
    is_open = open_sessions(calendar(school, this))
    is_open[first_slot_from(this, today) + (today.weekday() < 5) :] = False
    if is_open.any():
        assert marked(school, this)[:, np.flatnonzero(is_open)[-1]].sum() > 150
    else:
        assert not marked(school, this).any()


@pytest.mark.parametrize("today", [TODAY, SUMMER_ENDS, date(2028, 2, 29)])
def test_no_pupil_has_a_mark_when_the_school_is_closed_to_the_year_group(today):
    school = demo(today)
    for school_year in school.school_years:
        groups = year_groups(school, school_year)
        for year_group in range(7, 14):
            closed = ~open_sessions(calendar(school, school_year), year_group)
            assert not marked(school, school_year)[groups == year_group][:, closed].any()


def test_no_pupil_has_a_mark_before_joining_or_after_leaving():
    school = demo()
    for school_year in school.school_years:
        on_roll = np.zeros((len(school.pupils), 540), dtype=bool)
        for spell in school.enrolments.itertuples():
            last = spell.last_day or date(2100, 1, 1)
            days = days_of(school_year)
            on_roll[spell.row] |= (days >= np.datetime64(spell.first_day)) & (
                days <= np.datetime64(last)
            )
        assert not (marked(school, school_year) & ~on_roll).any()
        assert (marked(school, school_year).any(axis=1) <= on_roll.any(axis=1)).all()


def test_a_pupil_who_joined_last_spring_has_blanks_before_and_marks_from_the_first_day():
    school = demo()
    firsts = school.enrolments.groupby("row")["first_day"].min()
    joined = firsts[(firsts > date(2026, 1, 10)) & (firsts < date(2026, 7, 1))]
    assert len(joined) > 5
    for row, first in joined.items():
        slots = np.flatnonzero(marked(school, 2025)[row])
        assert slots[0] // 2 == slot_of(2025, first, Session.AM) // 2


def test_pupils_of_the_whole_year_have_380_marks_but_for_registers_not_taken():
    school = demo()
    whole_year = marked(school, 2025).sum(axis=1)
    assert (whole_year <= 380).all()
    assert (whole_year == 380).mean() > 0.6


def test_every_mark_is_the_symbol_of_a_code_in_force():
    school = demo()
    for school_year in school.school_years:
        symbols = set(np.unique(school.marks[school_year])) - {BLANK}
        in_force = codes_on(date(school_year, 9, 10))
        assert {CODE_OF[chr(symbol)] for symbol in symbols} <= set(in_force) - {"#", "Z"}


def test_the_codes_a_school_meets_in_a_year_all_occur():
    school = demo(SUMMER_ENDS)
    codes = {CODE_OF[chr(s)] for s in np.unique(school.marks[2025]) if s != BLANK}
    assert codes >= {"/", "\\", "L", "V", "W", "B", "P", "D", "M", "J1", "S", "X", "C2", "C", "R",
                     "I", "E", "Y1", "Y4", "G", "O", "U"}  # fmt: skip


def test_one_to_three_forms_have_no_register_this_morning():
    school = demo()
    now = slot_of(2026, TODAY, Session.AM)
    forms = school.placements.sort_values("first_day").groupby("row")["form"].last()
    here = school.enrolments[school.enrolments["last_day"].isna()]["row"].unique()
    taken = marked(school, 2026)[here, now]
    by_form = {form: taken[forms.loc[here].to_numpy() == form] for form in set(forms.loc[here])}
    missing = [form for form, marks in by_form.items() if not marks.any()]
    assert 1 <= len(missing) <= 3


def test_the_same_seed_gives_the_same_school_and_another_seed_another():
    one, again = build_demo(TODAY, pupils=150, seed=5), build_demo(TODAY, pupils=150, seed=5)
    other = build_demo(TODAY, pupils=150, seed=6)
    assert one.pupils.equals(again.pupils) and one.amendments == again.amendments
    assert all(np.array_equal(one.marks[year], again.marks[year]) for year in one.school_years)
    assert not one.pupils.equals(other.pupils)


@pytest.mark.parametrize("pupils", [20, 60, 300, 2500])
def test_small_and_large_schools_can_be_built(pupils):
    school = build_demo(TODAY, pupils=pupils)
    assert len(school.pupils) >= pupils * 0.95
    assert school.pupils["upn"].is_unique


def test_the_school_is_built_in_under_three_seconds():
    begun = time.process_time()
    build_demo(TODAY, seed=77)
    assert time.process_time() - begun < 3
