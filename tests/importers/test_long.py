from __future__ import annotations

from datetime import date

import pytest

from attendance.errors import CannotRead
from tests.importers.draw import drawn, long, long_csv, read, said, upn


def test_one_row_a_mark_is_read() -> None:
    result = long("02/11/2026,AM,/", "02/11/2026,PM,\\", "03/11/2026,AM,N", "03/11/2026,PM,N")
    assert (drawn(result), result.format) == (r"/\ NN", "long table, CSV")


@pytest.mark.parametrize("am, pm", [("am", "pm"), ("Morning", "Afternoon"), ("A", "P"), ("1", "2")])
def test_sessions_go_by_several_names(am: str, pm: str) -> None:
    assert drawn(long(f"02/11/2026,{am},/", f"02/11/2026,{pm},N")) == "/N"


@pytest.mark.parametrize("day", ["02/11/2026 ", "2026-11-02T", "2 Nov 2026 "])
def test_the_session_may_stand_in_the_date_as_a_time(day: str) -> None:
    heading = "UPN,Surname,Forename,Form,Date,Mark"
    assert drawn(long(f"{day}08:50,/", f"{day}13:10:00,N", heading=heading)) == "/N"


def test_a_lesson_is_not_a_session() -> None:
    result = long("02/11/2026,AM,/", "02/11/2026,Period 3,/")
    assert drawn(result) == "/"
    assert "Row 3: ‘Period 3’ is neither AM nor PM" in said(result)


def test_a_row_without_a_session_is_held() -> None:
    result = long("02/11/2026,AM,/", "02/11/2026,,/")
    assert "Row 3: there is no AM or PM" in said(result)


def test_am_and_pm_may_stand_side_by_side() -> None:
    heading = "UPN,Last name,First name,Form,Date,AM,AM mins late,AM notes,PM,PM mins late,PM notes"
    result = long("02/11/2026,L,12,Bus,\\,,", "03/11/2026,Missing,,,I,,Cold", heading=heading)
    assert drawn(result) == r"L\ -I"
    assert [(d.minutes_late, d.comment) for d in result.details] == [(12, "Bus"), (None, "Cold")]
    assert (result.unmarked, result.format) == (1, "daily table, CSV")


def test_a_held_mark_of_a_daily_table_names_its_half_of_the_day() -> None:
    heading = "UPN,Last name,First name,Form,Date,AM,PM"
    result = long("02/11/2026,/,\\", "03/11/2026,/,$", heading=heading)
    assert [(p.row, p.column) for p in result.problems] == [(3, "PM")]


def test_minutes_and_notes_are_read_from_their_columns() -> None:
    heading = "UPN,Surname,Forename,Form,Date,Session,Mark,Minutes late,Comment"
    result = long("02/11/2026,AM,L,7 mins,", '02/11/2026,PM,I,,"Cold, rest"', heading=heading)
    assert [(d.minutes_late, d.comment) for d in result.details] == [
        (7, None),
        (None, "Cold, rest"),
    ]


def test_minutes_of_a_mark_that_was_held_are_not_kept() -> None:
    heading = "UPN,Surname,Forename,Form,Date,Session,Mark,Minutes late"
    result = long("02/11/2026,AM,/,", "02/11/2026,PM,$,7", heading=heading)
    assert result.details == ()


@pytest.mark.parametrize("marks", ["-/", "/-"])
def test_a_dash_beside_a_mark_for_the_same_session_says_nothing(marks: str) -> None:
    result = long(*[f"02/11/2026,AM,{mark}" for mark in marks])
    assert (drawn(result), result.unmarked, result.problems) == ("/", 0, ())


def test_two_texts_that_are_no_codes_for_one_session_are_both_named() -> None:
    result = long("02/11/2026,AM,/", "02/11/2026,PM,$", "02/11/2026,PM,6")
    assert "different marks for 2 November 2026 PM: ‘$’ and ‘6’" in said(result)


def test_many_sessions_with_two_marks_are_counted_after_a_hundred() -> None:
    rows = [f"{day:02d}/{month:02d}/2026,AM,{mark}" for mark in "/N" for month in range(1, 8)
            for day in range(1, 28) if date(2026, month, day).weekday() < 5]  # fmt: skip
    result = long(*rows, "02/01/2026,PM,\\")
    assert "more sessions have two marks; none of them is saved" in said(result)


def test_a_weekend_row_is_held_and_named() -> None:
    result = long("06/11/2026,AM,/", "07/11/2026,AM,/")
    assert "Row 3: ‘07/11/2026’ is a Saturday" in said(result)


def test_many_held_rows_are_counted_after_thirty() -> None:
    rows = [*["02/11/2026,AM,/"], *["02/11/2026,Period 1,/"] * 40]
    result = long(*rows)
    assert len(result.problems) == 31
    assert "10 more rows are not saved" in said(result)


def test_a_pupil_who_changes_form_is_one_pupil_in_the_latest_form() -> None:
    first = f"{upn(0)},Testwick,Amina,7A,02/11/2026,AM,/"
    result = read(long_csv(first, f"{upn(0)},Testwick,Amina,7B,03/11/2026,AM,/"))
    assert [pupil.form for pupil in result.pupils] == ["7B"]


def test_one_upn_under_two_names_is_said() -> None:
    other = f"{upn(0)},Otherly,Una,7A,03/11/2026,AM,/"
    result = read(long_csv("02/11/2026,AM,/", other))
    assert "Row 3: Una Otherly has the same UPN as Amina Testwick in row 2" in said(result)


def test_one_number_under_two_upns_is_two_pupils() -> None:
    heading = "UPN,Adm No,Name,Date,Session,Mark"
    rows = [f"{upn(n)},4101,Testwick Amina,02/11/2026,AM,/" for n in (0, 1)]
    result = read("\n".join([heading, *rows]).encode())
    assert [pupil.admission_number for pupil in result.pupils] == ["4101", None]
    assert "4101 also stands at another UPN (row 2)" in said(result)


def test_rows_with_and_without_the_upn_are_one_pupil_by_number() -> None:
    heading = "UPN,Adm No,Name,Date,Session,Mark"
    rows = [
        ",004101,Amina Testwick,02/11/2026,AM,/",
        f"{upn(0)},4101,Amina Testwick,03/11/2026,AM,/",
    ]
    result = read("\n".join([heading, *rows]).encode())
    assert [(p.upn, p.admission_number) for p in result.pupils] == [(upn(0), "004101")]


def test_a_footer_is_passed_over() -> None:
    result = read(long_csv("02/11/2026,AM,/") + b"\n\nTotal rows: 1\nPrinted 14/11/2026,Page 1\n")
    assert (result.mark_count, result.problems) == (1, ())


def test_tabs_and_utf_16_as_excel_saves_unicode_text_are_read() -> None:
    text = long_csv("02/11/2026,AM,/").decode().replace(",", "\t").replace("Amina", "Zoë")
    assert read(text.encode("utf-16")).pupils[0].forename == "Zoë"


def test_a_byte_order_mark_is_not_part_of_the_first_heading() -> None:
    assert read(b"\xef\xbb\xbf" + long_csv("02/11/2026,AM,/")).problems == ()


def test_a_table_of_absences_only_infers_no_joiners_or_leavers() -> None:
    rows = [f"{upn(n)},Testwick,Amina,7A,0{n + 2}/11/2026,{half},I" for n in range(5)
            for half in ("AM", "PM")]  # fmt: skip
    result = read(long_csv(*rows))
    assert "lists only some of the marks" in said(result)
    assert result.first_on_roll == (None,) * 5
    assert result.unmarked == 0


def test_a_table_in_which_no_row_can_be_read_is_refused() -> None:
    with pytest.raises(CannotRead, match="No row of the file could be read as a mark"):
        long("sometime,AM,/", "32/13/2026,AM,/")
    with pytest.raises(CannotRead, match="no rows below"):
        read(long_csv())
    with pytest.raises(CannotRead, match="No mark in the file could be used"):
        long("02/11/2026,AM,$")


def test_a_mark_column_full_of_words_is_refused() -> None:
    rows = [f"02/11/2026,AM,reason {n}" for n in range(3_100)]
    with pytest.raises(CannotRead, match="these are not attendance codes"):
        long(*rows)


def test_a_long_table_without_a_key_is_refused() -> None:
    with pytest.raises(CannotRead, match="names alone are never a key"):
        read(b"Name,Date,Session,Mark\nAmina T,02/11/2026,AM,/\n")
