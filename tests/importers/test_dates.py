from __future__ import annotations

from datetime import date

import pytest

from attendance.importers.dates import hinted_school_years, read_date, settle


def day_of(*texts: str, hints: tuple[str, ...] = ()) -> dict[str, str]:
    return {text: str(day) for text, day in settle(texts, hints).days.items()}


@pytest.mark.parametrize(
    "text",
    [
        "03/11/2026", "3/11/2026", "03/11/26", "03.11.2026", "03-11-2026", "3 11 2026",
        "2026-11-03", "2026/11/03", "20261103", "46329", "46329.0", "3 Nov 2026", "03-Nov-26",
        "3rd November 2026", "Tuesday 3 November 2026", "Tue 03/11/2026", "Tue, 3 Nov 2026",
        "November 3, 2026", "03Nov2026",
    ],
)  # fmt: skip
def test_a_date_is_read_in_any_of_the_shapes_that_exports_use(text: str) -> None:
    assert day_of(text) == {text: "2026-11-03"}


@pytest.mark.parametrize(
    "text", ["", "soon", "31/02/2026", "45/45/2026", "Year 7", "7A", "12345678901", "x" * 500]
)
def test_what_is_no_date_is_held(text: str) -> None:
    settled = settle([text])
    assert settled.days == {}
    assert "not a date" in settled.held[text]


def test_a_date_that_is_alone_is_read_day_first() -> None:
    assert day_of("04/11/2026") == {"04/11/2026": "2026-11-04"}


def test_a_month_first_date_beside_sure_ones_is_held() -> None:
    settled = settle(["11/05/2026", "2026-11-06", "9 Nov 2026"])
    assert set(settled.held) == {"11/05/2026"}
    assert "11 May 2026 or, month first, as 5 November 2026" in settled.held["11/05/2026"]


def test_days_1_to_12_of_a_month_are_read_day_first_beside_later_days() -> None:
    texts = [f"{day:02d}/09/2026" for day in (1, 2, 3, 7, 8, 9, 10, 11, 14, 15)]
    assert len(day_of(*texts, "05/10/2026", "06/10/2026", "16/10/2026")) == 13


def test_a_whole_school_year_of_dates_is_read_without_a_doubt() -> None:
    days = [date.fromordinal(n) for n in range(739500, 739860)]
    texts = [f"{day:%d/%m/%Y}" for day in days if day.weekday() < 5]
    settled = settle(texts)
    assert settled.held == {}
    assert all(f"{day:%d/%m/%Y}" == text for text, day in settled.days.items())


def test_a_file_with_the_month_first_is_held_whole() -> None:
    settled = settle(["11/02/2026", "11/03/2026", "11/13/2026"])
    assert settled.days == {}
    assert "has the month first (13 November 2026?)" in settled.held["11/13/2026"]


def test_dates_that_scatter_day_first_and_gather_month_first_are_held() -> None:
    assert settle(["11/02/2026", "11/03/2026", "11/05/2026"]).days == {}


def test_a_weekend_that_is_a_weekday_month_first_is_held() -> None:
    assert "month first" in settle(["11/04/2026"]).held["11/04/2026"]


def test_a_weekend_is_held() -> None:
    assert "is a Saturday" in settle(["2026-11-07"]).held["2026-11-07"]


def test_a_weekday_beside_the_date_settles_which_way_it_is_read() -> None:
    assert day_of("Wed 04/11/2026", "11 May 2026") == {
        "Wed 04/11/2026": "2026-11-04",
        "11 May 2026": "2026-05-11",
    }
    assert "month first" in settle(["Thu 11/05/2026"]).held["Thu 11/05/2026"]


def test_a_weekday_that_is_not_the_dates_is_held() -> None:
    says = settle(["Mon 03/11/2026"]).held["Mon 03/11/2026"]
    assert "names another weekday: 3 November 2026 is a Tuesday" in says


def test_a_date_without_a_year_takes_it_from_the_titles() -> None:
    hint = ("Register from 02/11/2026 to 13/11/2026",)
    assert day_of("2 Nov", hints=hint) == {"2 Nov": "2026-11-02"}
    assert day_of("5 Jan", hints=hint) == {"5 Jan": "2027-01-05"}
    assert day_of("Mon 2/11", hints=hint) == {"Mon 2/11": "2026-11-02"}


def test_a_date_without_a_year_takes_it_from_the_files_name() -> None:
    assert day_of("2 Nov", hints=("register 2026-27.csv",)) == {"2 Nov": "2026-11-02"}


def test_a_date_without_a_year_anywhere_is_held() -> None:
    assert "has no year" in settle(["2 Nov"]).held["2 Nov"]


def test_the_weekday_chooses_between_hinted_years() -> None:
    hints = ("2025/26", "2026/27")
    assert day_of("Mon 2 Nov", hints=hints) == {"Mon 2 Nov": "2026-11-02"}


def test_a_date_years_away_from_the_others_is_held() -> None:
    settled = settle(["2026-11-03", "2026-11-04", "2036-11-05"])
    assert "is in the school year 2036/37" in settled.held["2036-11-05"]


def test_a_file_may_span_two_school_years() -> None:
    assert len(day_of("2026-07-20", "2026-09-03")) == 2


def test_only_consecutive_years_are_a_school_year() -> None:
    assert hinted_school_years(["2026/28", "1999-00", "report of 2 Nov 2026"]) == [2026]


def test_an_excel_number_outside_the_registers_time_is_no_date() -> None:
    assert read_date("10000") is None
