from datetime import date, timedelta

import pytest

from attendance.rules.days import bank_holidays, compulsory_school_age


def test_the_bank_holidays_of_2026_27_are_known_with_christmas_moved_off_the_weekend():
    assert list(bank_holidays(date(2026, 8, 31), date(2027, 8, 31))) == [
        date(2026, 8, 31),
        date(2026, 12, 25),
        date(2026, 12, 28),
        date(2027, 1, 1),
        date(2027, 3, 26),
        date(2027, 3, 29),
        date(2027, 5, 3),
        date(2027, 5, 31),
        date(2027, 8, 30),
    ]


def test_bank_holidays_are_named_and_both_ends_of_the_range_count():
    christmas = date(2026, 12, 25)
    assert bank_holidays(christmas, christmas) == {christmas: "Christmas Day"}
    assert bank_holidays(date(2026, 12, 26), date(2026, 12, 28)) == {
        date(2026, 12, 28): "Boxing Day (substitute day)"
    }
    assert bank_holidays(date(2026, 9, 1), date(2026, 10, 23)) == {}


@pytest.mark.parametrize("day", [date(2022, 6, 3), date(2022, 9, 19), date(2023, 5, 8)])
def test_bank_holidays_by_proclamation_are_known(day):
    assert day in bank_holidays(day, day)


def test_scottish_and_northern_irish_holidays_are_not_ours():
    assert bank_holidays(date(2027, 3, 17), date(2027, 3, 17)) == {}
    assert bank_holidays(date(2027, 1, 4), date(2027, 1, 4)) == {}


@pytest.mark.parametrize("year", [2026, 2027, 2028])
def test_every_year_a_school_is_planning_has_its_eight_bank_holidays(year):
    # When this fails, the `holidays` package is too old: compare gov.uk/bank-holidays.
    assert len(bank_holidays(date(year, 1, 1), date(year, 12, 31))) == 8


@pytest.mark.parametrize(
    "born, first_day",
    [
        (date(2022, 1, 1), date(2027, 3, 31)),
        (date(2022, 3, 30), date(2027, 3, 31)),
        (date(2022, 3, 31), date(2027, 3, 31)),
        (date(2022, 4, 1), date(2027, 8, 31)),
        (date(2022, 4, 5), date(2027, 8, 31)),
        (date(2022, 8, 31), date(2027, 8, 31)),
        (date(2022, 9, 1), date(2027, 12, 31)),
        (date(2022, 12, 31), date(2027, 12, 31)),
        (date(2020, 2, 29), date(2025, 3, 31)),
    ],
)
def test_compulsory_school_age_starts_on_the_prescribed_day_on_or_after_the_fifth_birthday(
    born, first_day
):
    assert compulsory_school_age(born)[0] == first_day


@pytest.mark.parametrize(
    "born, last_day",
    [
        (date(2007, 9, 23), date(2024, 6, 28)),
        (date(2010, 11, 15), date(2027, 6, 25)),
        (date(2011, 8, 31), date(2027, 6, 25)),
        (date(2011, 9, 1), date(2028, 6, 30)),
        (date(2008, 2, 29), date(2024, 6, 28)),
    ],
)
def test_compulsory_school_age_ends_in_june_of_the_school_year_of_the_sixteenth_birthday(
    born, last_day
):
    assert compulsory_school_age(born)[1] == last_day


def test_compulsory_school_age_always_ends_on_the_last_friday_in_june():
    for year in range(1995, 2025):
        last_day = compulsory_school_age(date(year, 5, 1))[1]
        assert (last_day.weekday(), last_day.month) == (4, 6)
        assert (last_day + timedelta(days=7)).month == 7
