"""The shapes in which wide registers name their sessions."""

from __future__ import annotations

from datetime import date

import pytest

from attendance.errors import CannotRead
from tests.importers.draw import csv_of, drawn, read, said, upn, xlsx_of

PUPIL = [upn(0), "Testwick", "Amina"]
WHO = ["UPN", "Surname", "Forename"]
TWO_DAYS = ["/", "\\", "N", "-"]


@pytest.mark.parametrize(
    "headings",
    [
        ["Mon 02/11/2026 AM", "Mon 02/11/2026 PM", "Tue 03/11/2026 AM", "Tue 03/11/2026 PM"],
        ["02/11/2026 am", "02/11/2026 pm", "03/11/2026 am", "03/11/2026 pm"],
        ["2026-11-02 AM", "2026-11-02 PM", "2026-11-03 AM", "2026-11-03 PM"],
        ["AM 2 Nov 2026", "PM 2 Nov 2026", "AM 3 Nov 2026", "PM 3 Nov 2026"],
        ["02-11-2026_AM", "02-11-2026_PM", "03-11-2026_AM", "03-11-2026_PM"],
        ["2026-11-02 08:45", "2026-11-02 13:10", "2026-11-03 08:45", "2026-11-03 13:10"],
        ["Mon 2 Nov 26 (AM)", "Mon 2 Nov 26 (PM)", "Tue 3 Nov 26 (AM)", "Tue 3 Nov 26 (PM)"],
        ["2/11/26 Morning", "2/11/26 Afternoon", "3/11/26 Morning", "3/11/26 Afternoon"],
    ],
)
def test_one_row_of_headings_may_name_date_and_session(headings: list[str]) -> None:
    result = read(csv_of([WHO + headings, PUPIL + TWO_DAYS]))
    assert drawn(result) == r"/\ N-"
    assert (result.first_day, result.last_day) == (date(2026, 11, 2), date(2026, 11, 3))


def test_dates_may_stand_over_am_and_pm() -> None:
    rows = [
        [*WHO, "02/11/2026", "", "03/11/2026", ""],
        ["", "", "", "AM", "PM", "AM", "PM"],
        PUPIL + TWO_DAYS,
    ]
    assert drawn(read(csv_of(rows))) == r"/\ N-"


def test_dates_may_stand_above_the_row_with_the_known_words() -> None:
    rows = [
        ["", "", "", "Mon 2 Nov", "", "Tue 3 Nov", ""],
        [*WHO, "AM", "PM", "AM", "PM"],
        PUPIL + TWO_DAYS,
    ]
    assert drawn(read(csv_of(rows), "register 2026-27.csv")) == r"/\ N-"


def test_weekdays_may_stand_under_the_week_they_belong_to() -> None:
    rows = [
        ["", "", "", "w/c 02/11/2026", "", "", ""],
        [*WHO, "Mon AM", "Mon PM", "Tue AM", "Tue PM"],
        PUPIL + TWO_DAYS,
    ]
    result = read(csv_of(rows))
    assert drawn(result) == r"/\ N-"
    assert result.last_day == date(2026, 11, 3)


def test_headings_may_take_three_rows() -> None:
    rows = [
        ["", "", "", "Week commencing 02/11/2026", "", "", ""],
        ["", "", "", "Mon", "", "Tue", ""],
        [*WHO, "AM", "PM", "AM", "PM"],
        PUPIL + TWO_DAYS,
    ]
    assert read(csv_of(rows)).last_day == date(2026, 11, 3)


def test_the_week_may_stand_in_the_title() -> None:
    rows = [
        ["Week commencing 02/11/2026"],
        [],
        [*WHO, "Mon AM", "Mon PM", "Tue AM", "Tue PM"],
        PUPIL + TWO_DAYS,
    ]
    assert read(csv_of(rows)).last_day == date(2026, 11, 3)


def test_a_weekday_that_is_not_the_dates_is_held() -> None:
    rows = [
        ["", "", "", "02/11/2026", "", "03/11/2026", ""],
        [*WHO, "Mon AM", "Mon PM", "Wed AM", "Wed PM"],
        PUPIL + TWO_DAYS,
    ]
    result = read(csv_of(rows))
    assert drawn(result) == "/\\"
    assert "Column F: ‘03/11/2026’ stands over Wed, but 3 November 2026 is a Tuesday" in said(
        result
    )


def test_real_dates_merged_over_two_cells_are_read_from_excel() -> None:
    rows = [
        ["Official Register"],
        [],
        [*WHO, date(2026, 11, 2), None, date(2026, 11, 3), None],
        [None, None, None, "AM", "PM", "AM", "PM"],
        PUPIL + TWO_DAYS,
        [],
        ["Total pupils: 1"],
    ]
    result = read(xlsx_of(rows, merged=["D3:E3", "F3:G3", "A1:G1"]), "register.xlsx")
    assert drawn(result) == r"/\ N-"
    assert result.format == "wide register, Excel"


def test_dates_without_am_or_pm_are_refused() -> None:
    rows = [[*WHO, "02/11/2026", "03/11/2026"], [*PUPIL, "/", "N"]]
    with pytest.raises(CannotRead, match="not AM or PM"):
        read(csv_of(rows))


def test_dates_without_a_year_are_refused_when_nothing_names_it() -> None:
    with pytest.raises(CannotRead, match="has no year"):
        read(csv_of([[*WHO, "2 Nov AM", "2 Nov PM"], [*PUPIL, "/", "\\"]]))


def test_an_empty_weekend_column_is_passed_over_in_silence() -> None:
    headings = ["Fri 06/11/2026 AM", "Fri 06/11/2026 PM", "Sat 07/11/2026 AM", "Sat 07/11/2026 PM"]
    assert read(csv_of([WHO + headings, [*PUPIL, "/", "\\", "", ""]])).problems == ()
    result = read(csv_of([WHO + headings, [*PUPIL, "/", "\\", "/", ""]]))
    assert [p.column for p in result.problems] == ["F"]
    assert "Saturday" in said(result)


def test_stated_totals_are_not_sessions() -> None:
    headings = ["Mon 02/11/2026 AM", "Mon 02/11/2026 PM", "Possible", "Attended", "% Attend"]
    result = read(csv_of([WHO + headings, [*PUPIL, "/", "\\", "2", "2", "100.0"]]))
    assert (len(result.sessions), result.problems) == (2, ())
