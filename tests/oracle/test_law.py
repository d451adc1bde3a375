"""The oracle's tables and the engine's, day by day and code by code."""

from datetime import date, timedelta

import pytest

from attendance.core.slots import school_year_of
from attendance.core.views import census_terms
from attendance.rules.codes import SYMBOL_OF, Category, reading_of
from attendance.rules.days import bank_holidays, compulsory_school_age
from tests.oracle import law
from tests.oracle.school import slots_of

WORDS = {
    Category.AUTHORISED: "authorised_absence",
    Category.UNAUTHORISED: "unauthorised_absence",
    Category.ADMINISTRATIVE: "not_possible",
}
DAYS = [
    date(2006, 9, 1), date(2011, 8, 31), date(2011, 9, 1), date(2014, 8, 31), date(2014, 9, 1),
    date(2021, 3, 8), date(2022, 4, 30), date(2022, 5, 1), date(2024, 8, 18), date(2024, 8, 19),
    date(2026, 11, 24),
]  # fmt: skip


@pytest.mark.parametrize("day", DAYS)
def test_every_code_counts_as_the_rules_say_on_both_sides_of_every_change(day):
    assert set(law.CODES) | {law.BLANK} == set(SYMBOL_OF)
    for code in law.CODES:
        reading = reading_of(code, day)
        assert WORDS.get(reading.category, reading.category) == law.category(code, day), code
        what = law.category(code, day)
        assert reading.attended == (what in {"present", "approved_activity"})
        assert reading.possible == (what != "not_possible")
        assert reading.late == (code in {"L", "U"})


@pytest.mark.parametrize(
    "school_year", sorted({law.school_year_of(day) for day in law.BANK_HOLIDAYS})
)
def test_the_bank_holidays_are_those_an_officer_would_copy_from_the_calendar(school_year):
    first, last = date(school_year, 8, 1), date(school_year + 1, 7, 31)
    held = {day for day in law.BANK_HOLIDAYS if first <= day <= last}
    assert set(bank_holidays(first, last)) == held


def test_school_age_begins_and_ends_as_section_8_says_whatever_the_birthday():
    born = date(2004, 1, 1)
    while born < date(2024, 1, 1):
        assert compulsory_school_age(born) == law.compulsory_age(born), born
        born += timedelta(days=1)


def test_school_years_change_on_1_august_and_every_day_of_one_is_in_its_grid():
    for year in range(2005, 2031):
        days = {day for day, _ in slots_of(year) if law.school_year_of(day) == year}
        every = [date(year, 8, 1) + timedelta(days=n) for n in range(365)]
        assert days >= {day for day in every if day.weekday() < 5}
        assert all(school_year_of(day) == law.school_year_of(day) == year for day in every)


@pytest.mark.parametrize("school_year", sorted(law.EASTER))
def test_the_census_terms_change_at_new_year_at_easter_and_at_the_spring_bank_holiday(school_year):
    names = ("autumn", "spring", "summer 1", "summer 2")
    terms = dict(zip(names, census_terms(school_year), strict=True))
    for day in (date(school_year, 8, 1) + timedelta(days=n) for n in range(365)):
        inside = [name for name, term in terms.items() if term.first_day <= day <= term.last_day]
        assert inside == [law.census_term(day)], day


def test_in_2027_easter_sunday_is_28_march_and_the_summer_term_is_split_at_31_may():
    days = {date(2027, 3, 28): "spring", date(2027, 3, 29): "summer 1"}
    days |= {date(2027, 5, 30): "summer 1", date(2027, 5, 31): "summer 2"}
    assert {day: law.census_term(day) for day in days} == days
