from collections import Counter
from datetime import date
from decimal import Decimal

import pytest

from attendance.errors import NotFound
from attendance.rules.codes import SYMBOL_OF
from attendance.rules.comparators import (
    all_comparators,
    comparators,
    latest,
    same_time_last_year,
)

PHASES = ("primary", "secondary", "special", "all")
RATES = ("overall_absence", "authorised_absence", "unauthorised_absence")


def value_of(phase, measure, year, series, group="", period=None):
    found = [
        row.value
        for row in comparators(phase, measure, series)
        if (row.academic_year, row.group) == (year, group) and period in (None, row.period)
    ]
    assert len(found) == 1
    return found[0]


def test_every_figure_names_its_series_and_source_in_words():
    title = {"census": "DfE Pupil absence in schools in England", "daily": "DfE Pupil attendance"}
    for row in all_comparators():
        assert row.source.startswith(f"{title[row.series]}")
        assert row.academic_year in row.source
        assert "http" not in row.source
        assert 0 <= row.value <= 100


def test_daily_figures_are_provisional_and_dated_and_census_figures_are_neither():
    for row in all_comparators():
        assert row.provisional is (row.series == "daily")
        assert (row.as_at is None) is (row.series == "census")


def test_no_figure_is_given_twice():
    keys = Counter(
        (row.measure, row.phase, row.academic_year, row.period, row.group, row.series, row.as_at)
        for row in all_comparators()
    )
    assert set(keys.values()) == {1}


def test_the_figures_asked_for_are_never_of_two_series():
    asked = {(row.phase, row.measure) for row in all_comparators()}
    for phase, measure in asked:
        assert len({row.series for row in comparators(phase, measure)}) == 1
        assert {row.series for row in comparators(phase, measure, "daily")} <= {"daily"}
        assert {row.series for row in comparators(phase, measure, "census")} <= {"census"}


def test_without_a_series_the_census_is_given_where_it_has_the_measure():
    assert comparators("secondary", "overall_absence")[0].series == "census"
    assert comparators("secondary", "late_before_close")[0].series == "daily"
    assert comparators("secondary", "hats_worn") == ()


def test_census_years_run_from_2016_17_to_2024_25_without_the_year_not_published():
    years = [row.academic_year for row in comparators("all", "overall_absence")]
    assert years == "2016/17 2017/18 2018/19 2020/21 2021/22 2022/23 2023/24 2024/25".split()


@pytest.mark.parametrize("year, overall, pa", [("2016/17", 4.65, 10.79), ("2024/25", 6.78, 18.14)])
def test_the_census_figures_are_the_published_ones(year, overall, pa):
    assert value_of("all", "overall_absence", year, "census") == Decimal(str(overall))
    assert round(value_of("all", "persistent_absence", year, "census"), 2) == Decimal(str(pa))


@pytest.mark.parametrize(
    "phase, pa, severe",
    [("primary", "12.99", "0.93"), ("secondary", "23.37", "3.88"), ("special", "35.26", "6.91")],
)
def test_each_phase_of_2024_25_has_its_persistent_and_severe_absence(phase, pa, severe):
    assert value_of(phase, "persistent_absence", "2024/25", "census") == Decimal(pa)
    assert value_of(phase, "severe_absence", "2024/25", "census") == Decimal(severe)


def test_the_two_series_differ_for_the_same_year_and_say_which_they_are():
    census = value_of("all", "overall_absence", "2024/25", "census")
    daily = value_of("all", "overall_absence", "2024/25", "daily")
    assert (round(census, 2), round(daily, 2)) == (Decimal("6.78"), Decimal("6.87"))


def test_authorised_and_unauthorised_absence_add_to_the_overall_rate():
    for row in all_comparators():
        if row.measure == "overall_absence" and row.group == "" and row.period != "Year to date":
            parts = [
                value_of(row.phase, part, row.academic_year, row.series, period=row.period)
                for part in RATES[1:]
            ]
            assert abs(sum(parts) - row.value) <= Decimal("0.02")


@pytest.mark.parametrize("phase", PHASES)
@pytest.mark.parametrize("year", ["2024/25", "2025/26"])
def test_the_shares_of_absence_by_code_add_to_all_absence(phase, year):
    shares = [row for row in comparators(phase, "share_of_absence") if row.academic_year == year]
    assert {row.group for row in shares} <= set(SYMBOL_OF)
    assert abs(sum(row.value for row in shares) - 100) < Decimal("0.2")


def test_the_latest_figure_names_its_series_and_is_for_all_pupils():
    absence, severe = latest("secondary", "overall_absence"), latest("secondary", "severe_absence")
    assert (absence.series, absence.academic_year) == ("daily", "2025/26")
    assert absence.as_at == date(2026, 7, 23)
    assert (severe.series, severe.academic_year, severe.group) == ("census", "2024/25", "")


@pytest.mark.parametrize("phase", PHASES)
@pytest.mark.parametrize("measure", [*RATES, "persistent_absence"])
def test_the_latest_figure_of_a_series_is_of_that_series(phase, measure):
    assert latest(phase, measure, "census").series == "census"
    assert latest(phase, measure, "daily").series == "daily"


def test_alternative_provision_has_its_own_period():
    found = latest("alternative", "persistent_absence")
    assert (found.period, found.academic_year) == ("Autumn and spring terms", "2022/23")


def test_a_measure_with_no_national_figure_is_refused_in_a_sentence():
    with pytest.raises(NotFound, match="No national figure is known for hats worn"):
        latest("secondary", "hats_worn")
    with pytest.raises(NotFound, match="severe absence"):
        latest("secondary", "severe_absence", "daily")


def test_a_figure_for_a_weekday_or_a_code_is_not_taken_for_all_pupils():
    assert comparators("alternative", "overall_absence", "daily")
    with pytest.raises(NotFound):
        latest("alternative", "overall_absence", "daily")
    with pytest.raises(NotFound):
        latest("secondary", "share_of_absence")
    assert same_time_last_year("alternative", "overall_absence", date(2024, 11, 1)) is None


@pytest.mark.parametrize(
    "today, published",
    [
        (date(2026, 11, 18), date(2025, 11, 6)),
        (date(2026, 11, 19), date(2025, 11, 20)),
        (date(2026, 11, 24), date(2025, 11, 20)),
        (date(2027, 7, 30), date(2026, 7, 23)),
    ],
)
def test_this_time_last_year_is_what_had_been_published_52_weeks_before(today, published):
    found = same_time_last_year("secondary", "overall_absence", today)
    assert (found.as_at, found.series, found.group) == (published, "daily", "")


@pytest.mark.parametrize("today", [date(2026, 9, 10), date(2026, 8, 10), date(2020, 11, 24)])
def test_before_the_first_publication_there_is_no_this_time_last_year(today):
    assert same_time_last_year("secondary", "overall_absence", today) is None


def test_weekdays_and_year_groups_are_groups_of_their_own():
    friday = value_of("secondary", "overall_absence", "2023/24", "daily", "Friday")
    wednesday = value_of("secondary", "overall_absence", "2023/24", "daily", "Wednesday")
    assert (friday, wednesday) == (Decimal("8.83"), Decimal("7.506"))
    year_9 = value_of("secondary", "persistent_absence", "2022/23", "census", "Year 9")
    assert round(year_9, 1) == Decimal("28.9")
