from datetime import date

import pytest

from attendance.core.figures import pupil_counts
from attendance.core.slots import Session, slot_of
from attendance.core.views import View, ages_on, seen_as, spring_bank_holiday
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
    "first_day, bank_holiday",
    [
        (date(2026, 9, 7), date(2027, 5, 31)),
        (date(2025, 9, 1), date(2026, 5, 25)),
        (date(2021, 9, 6), date(2022, 6, 3)),
    ],
)
def test_the_second_half_of_summer_begins_with_the_spring_bank_holiday(first_day, bank_holiday):
    found = spring_bank_holiday(register(r"/\ ", first_day=first_day))
    assert found == bank_holiday


def test_every_view_says_which_it_is():
    assert [view.words for view in View] == [
        "School view: every pupil", "DfE-comparable view: ages 5 to 15",
    ]  # fmt: skip


def test_the_last_friday_of_may_2027_is_before_the_bank_holiday():
    drawn = register(r"/\ ", first_day=date(2027, 5, 28), year_groups=[11])
    slot = slot_of(2026, date(2027, 5, 28), Session.PM)
    assert seen_as(drawn, View.DFE).on_roll[0, slot]
    assert not seen_as(drawn, View.DFE).on_roll[0, slot + 1 :].any()
