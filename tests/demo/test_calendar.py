from datetime import date

import pytest

from attendance.core.calendar import Calendar, open_sessions
from attendance.demo.calendar import (
    closures_of,
    easter,
    leaving_day,
    open_days,
    school_days_of,
    terms_of,
)
from attendance.rules.days import bank_holidays

MANY_YEARS = range(2020, 2036)


@pytest.mark.parametrize("school_year", MANY_YEARS)
def test_every_year_group_has_190_days_which_are_380_sessions(school_year):
    calendar = Calendar(school_year, terms_of(school_year), closures_of(school_year))
    for year_group in range(7, 14):
        assert open_sessions(calendar, year_group).sum() == 380
        assert open_days(school_year, year_group).sum() == 190


@pytest.mark.parametrize("school_year", MANY_YEARS)
def test_the_year_begins_in_early_september_and_ends_in_the_second_half_of_july(school_year):
    terms = terms_of(school_year)
    assert date(school_year, 9, 1) <= terms[0].first_day <= date(school_year, 9, 4)
    assert date(school_year + 1, 7, 18) <= terms[-1].last_day <= date(school_year + 1, 7, 27)


@pytest.mark.parametrize("school_year", MANY_YEARS)
def test_six_half_terms_follow_each_other_with_breaks_between(school_year):
    terms = terms_of(school_year)
    assert [term.name for term in terms] == [
        "Autumn 1", "Autumn 2", "Spring 1", "Spring 2", "Summer 1", "Summer 2",
    ]  # fmt: skip
    gaps = [(b.first_day - a.last_day).days for a, b in zip(terms, terms[1:], strict=False)]
    assert all(gap >= 10 for gap in gaps)
    assert gaps[1] >= 16 and gaps[3] >= 16  # Christmas and Easter


@pytest.mark.parametrize("school_year", MANY_YEARS)
def test_five_inset_days_each_inside_a_term(school_year):
    inset = [closure for closure in closures_of(school_year) if closure.kind == "inset"]
    assert len({closure.first_day for closure in inset}) == 5
    for closure in inset:
        assert any(t.first_day <= closure.first_day <= t.last_day for t in terms_of(school_year))


@pytest.mark.parametrize("school_year", MANY_YEARS)
def test_no_school_day_is_a_bank_holiday_or_easter(school_year):
    days = {day.item() for day in school_days_of(school_year).days}
    assert not days & set(bank_holidays(min(days), max(days)))
    assert easter(school_year + 1) not in days


def test_known_dates_of_2026_27():
    terms = terms_of(2026)
    assert terms[0].last_day == date(2026, 10, 23)
    assert terms[1].last_day == date(2026, 12, 18)
    assert terms[2].first_day == date(2027, 1, 4)
    assert terms[4].last_day == date(2027, 5, 28)
    assert easter(2027) == date(2027, 3, 28)
    assert leaving_day(2026) == date(2027, 6, 25)


def test_the_first_day_with_pupils_is_for_years_7_and_12_only():
    first = next(c for c in closures_of(2026) if c.years and 8 in c.years)
    assert first.years == {8, 9, 10, 11, 13}
    assert first.first_day == school_days_of(2026).days[0].item()
