from __future__ import annotations

from datetime import date

import pytest

from attendance.errors import CannotRead
from tests.importers.draw import (
    csv_of,
    drawn,
    read,
    said,
    upn,
    wide,
    wide_rows,
    xlsx_of,
)


def test_marks_stand_where_they_are_drawn() -> None:
    result = wide(r"/\ NN Y4Y4 C2\ -\ ", r"#\ /. L\ /\ /\ ")
    assert drawn(result, 0) == r"/\ NN Y4Y4 C2\ -\ ".strip()
    assert drawn(result, 1) == r"#\ /- L\ /\ /\ ".strip()


def test_titles_before_and_footers_after_are_no_pupils() -> None:
    rows = [
        ["Larkspur Fictional Academy"],
        ["Register"],
        [],
        *wide_rows(r"/\ /\ ", r"NN NN"),
        [],
        ["Number of pupils: 2"],
        ["", "Total", "", "", "", "", "1", "1", "1", "1"],
        ["Page 1 of 1", "Printed 14/11/2026 07:42"],
    ]
    result = read(csv_of(rows))
    assert len(result.pupils) == 2
    assert [pupil.row for pupil in result.pupils] == [5, 6]
    assert result.problems == ()


def test_a_sub_heading_gives_the_form_to_the_rows_below_it() -> None:
    rows = [row[:5] + row[6:] for row in wide_rows(r"/\ ", r"/\ ", r"/\ ")]
    rows.insert(1, ["Registration Group: 7A"])
    rows.insert(3, ["Form 7B"])
    result = read(csv_of(rows))
    assert [pupil.form for pupil in result.pupils] == ["7A", "7B", "7B"]


def test_a_repeated_heading_row_is_passed_over() -> None:
    rows = wide_rows(r"/\ ", r"/\ ")
    rows.insert(2, rows[0])
    assert len(read(csv_of(rows)).pupils) == 2


def test_other_headings_further_down_end_the_register_and_are_said() -> None:
    later = wide_rows(r"NN", first_day=date(2026, 11, 9))
    result = read(csv_of([*wide_rows(r"/\ "), *later]))
    assert (len(result.sessions), drawn(result)) == (2, "/\\")
    assert "Row 3: other headings begin here" in said(result)


def test_a_pupil_without_a_key_is_refused_by_row() -> None:
    rows = wide_rows(r"/\ ", r"/\ ")
    rows[2][:2] = ["", ""]
    result = read(csv_of(rows))
    assert len(result.pupils) == 1
    assert "Row 3: Bram Sampleton has neither a UPN" in said(result)


def test_a_file_without_any_key_is_refused() -> None:
    rows = [row[2:] for row in wide_rows(r"/\ ")]
    with pytest.raises(CannotRead, match="names alone are never a key"):
        read(csv_of(rows))


def test_a_wrong_upn_falls_back_on_the_admission_number() -> None:
    rows = wide_rows(r"/\ ", r"/\ ")
    rows[1][0] = "A" + rows[1][0][1:]
    rows[2][0] = "9.99E+12"
    result = read(csv_of(rows))
    assert [(p.upn, p.admission_number) for p in result.pupils] == [
        (None, "004101"),
        (None, "004102"),
    ]
    assert "Row 2: the UPN" in said(result)
    assert "known by admission number 004101 instead" in said(result)


def test_the_same_pupil_in_two_rows_is_one_pupil() -> None:
    rows = wide_rows(r"/\ -- ", r"-- NN")
    rows[2][:4] = rows[1][:4]
    result = read(csv_of(rows))
    assert len(result.pupils) == 1
    assert drawn(result) == r"/\ NN"


def test_two_rows_of_one_pupil_that_disagree_are_held_session_by_session() -> None:
    rows = wide_rows(r"/\ /\ ", r"/\ NN")
    rows[2][:4] = rows[1][:4]
    result = read(csv_of(rows))
    assert drawn(result) == r"/\ --"
    assert "Rows 2 and 3 give Amina Testwick different marks for 3 November 2026 AM" in said(result)


def test_a_row_that_is_too_short_reads_as_having_no_mark_and_is_said() -> None:
    rows = wide_rows(r"/\ /\ ", r"/\ /\ ")
    rows[2] = rows[2][:-1]
    result = read(csv_of(rows))
    assert drawn(result, 1) == r"/\ /-"
    assert "Row 3 is cut short" in said(result)


def test_a_row_that_is_too_long_keeps_the_cells_under_the_headings() -> None:
    rows = wide_rows(r"/\ /\ ")
    rows[1] = [*rows[1], "extra"]
    result = read(csv_of(rows))
    assert drawn(result) == r"/\ /\ ".strip()
    assert "Row 2 has 11 cells, but the headings have 10" in said(result)


def test_many_cells_with_the_same_to_say_are_counted() -> None:
    result = wide(*["// // // //"] * 10)
    assert len(result.problems) == 1
    assert "So in 40 cells, of which this is the first" in said(result)
    assert result.problems[0].row == 2


def test_very_many_problems_are_listed_in_part_and_counted() -> None:
    rows = wide_rows(*[r"/\ "] * 250)
    result = read(csv_of([rows[0], *[["x", *row[1:]] for row in rows[1:]]]))
    assert len(result.problems) == 201
    assert "more problems like the 200 before are not listed" in said(result)


def test_lates_may_or_may_not_include_those_after_the_register_closed() -> None:
    rows = wide_rows(r"L\ U\ ")
    for stated, is_right in (("1", True), ("2", True), ("3", False)):
        file = [[*rows[0], "Lates"], [*rows[1], stated]]
        assert (read(csv_of(file)).problems == ()) is is_right


def test_marks_on_both_sides_of_a_change_of_codes_are_counted_by_their_day() -> None:
    rows = wide_rows(r"HH HH", first_day=date(2024, 8, 16))  # the codes changed on 19 August
    result = read(csv_of(rows))
    listed = [problem.column for problem in result.problems]
    assert listed == ["Mon 19/08/2024 AM", "Mon 19/08/2024 PM"]


def test_a_file_may_hold_two_school_years() -> None:
    headings = ["20/07/2026 AM", "20/07/2026 PM", "03/09/2026 AM", "03/09/2026 PM"]
    result = read(csv_of([["UPN", "Name", *headings], [upn(0), "Amina T", "/", "\\", "N", "N"]]))
    assert result.school_years == (2025, 2026)
    assert drawn(result) == r"/\ NN"


def test_minutes_late_and_notes_are_read_from_cell_comments() -> None:
    rows = wide_rows(r"L\ UI")
    comments = {"G2": "Late 12 min", "I2": "45 mins late. Dentist", "J2": "Office:\nCold"}
    result = read(xlsx_of(rows, comments=comments), "register.xlsx")
    details = [(d.session, d.minutes_late, d.comment) for d in result.details]
    assert details[0] == (0, 12, None)
    assert details[1] == (2, 45, "Dentist")
    assert details[2][1] is None


def test_numbers_that_excel_made_of_admission_numbers_stay_text() -> None:
    rows: list[list[object]] = [list(row) for row in wide_rows(r"/\ ")]
    rows[1][1] = 4101
    result = read(xlsx_of(rows), "register.xlsx")
    assert result.pupils[0].admission_number == "4101"


def test_a_number_written_as_a_formula_for_excel_is_read() -> None:
    text = '"UPN","Adm No","Name","02/11/2026 AM"\n"","=""004101""","Testwick, Amina","/"\n'
    result = read(text.encode())
    assert result.pupils[0].admission_number == "004101"
    assert (result.pupils[0].surname, result.pupils[0].forename) == ("Testwick", "Amina")


def test_the_sheet_with_the_register_is_chosen() -> None:
    key = [["Code", "Meaning"], ["/", "Present"]]
    result = read(xlsx_of(wide_rows(r"/\ "), other_sheets={"Key": key}), "register.xlsx")
    assert (drawn(result), result.problems) == ("/\\", ())


def test_other_sheets_with_registers_are_named_and_not_read() -> None:
    second = {"Year 8": wide_rows(r"NN")}
    result = read(xlsx_of(wide_rows(r"/\ ", r"/\ "), other_sheets=second), "register.xlsx")
    assert len(result.pupils) == 2
    assert "Only the sheet ‘Register’ was read. ‘Year 8’ also" in said(result)


def test_a_register_without_a_mark_is_refused() -> None:
    with pytest.raises(CannotRead, match="no marks"):
        wide("-- --")


def test_headings_without_pupils_are_refused() -> None:
    with pytest.raises(CannotRead, match="No pupil’s row"):
        read(csv_of(wide_rows(r"/\ ")[:1]))


def test_too_many_session_columns_are_refused() -> None:
    rows = wide_rows(" ".join(["/\\"] * 351))
    with pytest.raises(CannotRead, match="702 session columns"):
        read(csv_of(rows))


def test_too_many_rows_are_refused() -> None:
    rows = wide_rows(r"/\ ")
    with pytest.raises(CannotRead, match="20,000 can be read at once"):
        read(csv_of([rows[0], *[rows[1]] * 20_000]))
