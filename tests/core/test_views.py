from datetime import date
from itertools import pairwise

import pytest

from attendance.core.figures import pupil_counts
from attendance.core.slots import Session, slot_of
from attendance.core.views import (
    View,
    ages_on,
    below_published_age,
    census_terms,
    census_terms_between,
    seen_as,
)
from tests.build import register

START = date(2026, 8, 31)


def test_the_schools_own_view_is_the_register_as_it_stands():
    drawn = register(r"/\ ")
    assert seen_as(drawn, View.SCHOOL) is drawn


@pytest.mark.parametrize(
    "born, is_covered",
    [
        (date(2021, 8, 31), True),
        (date(2021, 9, 1), False),
        (date(2010, 9, 1), True),
        (date(2010, 8, 31), False),
    ],
)
def test_published_absence_covers_ages_5_to_15_on_31_august(born, is_covered):
    seen = seen_as(register(r"/\ ", born=[born]), View.DFE)
    assert len(seen) == is_covered


def test_without_a_birth_date_the_usual_age_of_the_year_group_decides():
    drawn = register(r"/\ ", r"/\ ", r"/\ ", year_groups=[0, 11, 12])
    assert ages_on(drawn, START).tolist() == [4, 15, 16]
    assert seen_as(drawn, View.DFE).pupils["year_group"].tolist() == [11]


def test_pupils_aged_15_are_not_counted_in_the_second_half_of_the_summer_term():
    # Spring bank holiday is Monday 31 May 2027: the Friday before it counts, the Tuesday does not.
    drawn = register(r"II ## II", r"II ## II", first_day=date(2027, 5, 28), year_groups=[10, 11])
    assert pupil_counts(seen_as(drawn, View.DFE))["possible_sessions"].tolist() == [4, 2]
    assert drawn.on_roll.all()


@pytest.mark.parametrize(
    "school_year, easter_sunday, sunday_before_the_bank_holiday",
    [
        (2026, date(2027, 3, 28), date(2027, 5, 30)),
        (2025, date(2026, 4, 5), date(2026, 5, 24)),
        (2021, date(2022, 4, 17), date(2022, 5, 29)),  # the holiday was kept on 2 June, a Thursday
        (2011, date(2012, 4, 8), date(2012, 6, 3)),
    ],
)
def test_census_terms_change_at_easter_and_at_the_spring_bank_holiday(
    school_year, easter_sunday, sunday_before_the_bank_holiday
):
    autumn, spring, first_half, second_half = census_terms(school_year)
    assert (autumn.first_day, autumn.last_day) == (
        date(school_year, 8, 1), date(school_year, 12, 31),
    )  # fmt: skip
    assert (spring.first_day, spring.last_day) == (date(school_year + 1, 1, 1), easter_sunday)
    assert first_half.last_day == sunday_before_the_bank_holiday
    assert second_half.last_day == date(school_year + 1, 7, 31)


@pytest.mark.parametrize("school_year", range(2010, 2035))
def test_every_day_of_a_year_is_in_one_census_term(school_year):
    terms = census_terms(school_year)
    for before, after in pairwise(terms):
        assert (after.first_day - before.last_day).days == 1


def test_a_span_of_days_names_the_census_terms_it_reaches_into():
    reached = census_terms_between(2026, date(2026, 12, 31), date(2027, 1, 1))
    assert [term.name for term in reached] == ["Autumn term", "Spring term"]
    assert len(census_terms_between(2026, date(2026, 9, 1), date(2026, 12, 18))) == 1


def test_a_pupil_who_joins_year_11_in_the_second_half_of_summer_is_in_no_published_figure():
    drawn = register(".. II", r"/\ /\ ", first_day=date(2027, 5, 31), year_groups=[11, 10])
    assert pupil_counts(seen_as(drawn, View.DFE))["possible_sessions"].tolist() == [0, 4]


def test_pupils_aged_4_are_a_figure_of_their_own():
    drawn = register(r"/\ ", r"/\ ", r"/\ ", born=[date(2022, 8, 31), date(2021, 8, 31), None])
    assert below_published_age(drawn).pupils["pupil_id"].tolist() == [1]


def test_every_view_says_which_it_is():
    assert [view.words for view in View] == [
        "School view: every pupil", "DfE-comparable view: ages 5 to 15",
    ]  # fmt: skip


def test_the_last_friday_of_may_2027_is_before_the_bank_holiday():
    drawn = register(r"/\ ", first_day=date(2027, 5, 28), year_groups=[11])
    slot = slot_of(2026, date(2027, 5, 28), Session.PM)
    assert seen_as(drawn, View.DFE).on_roll[0, slot]
    assert not seen_as(drawn, View.DFE).on_roll[0, slot + 1 :].any()
