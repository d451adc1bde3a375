"""Joiners, leavers, and which sessions are the school's, as a register shows them."""

from __future__ import annotations

from datetime import date

from tests.importers.draw import long_csv, read, said, upn, wide

FULL = r"/\ /\ /\ /\ /\ "


def test_z_before_the_first_mark_is_a_joiner() -> None:
    result = wide(FULL, FULL, r"ZZ ZZ /\ /\ /\ ")
    assert result.first_on_roll == (None, None, date(2026, 11, 4))


def test_blanks_before_the_first_mark_are_a_joiner() -> None:
    result = wide(FULL, FULL, r".. .. /\ /\ /\ ")
    assert result.first_on_roll[2] == date(2026, 11, 4)


def test_half_a_day_of_blanks_is_no_joiner() -> None:
    assert wide(FULL, FULL, r".\ /\ /\ /\ /\ ").first_on_roll[2] is None


def test_dashes_before_the_first_mark_are_missing_marks_of_a_pupil_on_roll() -> None:
    result = wide(FULL, FULL, r"-- -- /\ /\ /\ ")
    assert result.first_on_roll[2] is None
    assert result.unmarked == 4


def test_a_closure_does_not_put_a_pupil_on_roll() -> None:
    result = wide(r"## /\ /\ /\ /\ ", r"## /\ /\ /\ /\ ", r"## .. .. /\ /\ ")
    assert result.first_on_roll[2] == date(2026, 11, 5)
    assert result.session_state == "##oooooooo"


def test_a_closure_at_the_start_is_no_joiner() -> None:
    assert wide(*[r"## /\ /\ /\ /\ "] * 3).first_on_roll == (None, None, None)


def test_blanks_up_to_the_end_are_a_leaver() -> None:
    result = wide(FULL, FULL, r"/\ /\ .. .. ..")
    assert result.last_on_roll == (None, None, date(2026, 11, 3))
    assert "Cleo Madeupham was read as left on 3 November 2026" in said(result)
    assert result.unmarked == 0


def test_dashes_up_to_the_end_are_missing_marks_and_no_leaver() -> None:
    result = wide(FULL, FULL, r"/\ /\ -- -- --")
    assert result.last_on_roll[2] is None
    assert result.unmarked == 6


def test_half_a_day_of_blanks_at_the_end_is_no_leaver() -> None:
    assert wide(FULL, FULL, r"/\ /\ /\ /\ /.").last_on_roll[2] is None


def test_blanks_between_marks_are_missing_marks() -> None:
    result = wide(FULL, FULL, r"/\ .. .. /\ /\ ")
    assert (result.last_on_roll[2], result.unmarked) == (None, 4)


def test_a_form_that_is_empty_altogether_is_a_register_not_taken() -> None:
    lines = [FULL, FULL, FULL, r"/\ /\ /\ .. ..", r"/\ /\ /\ .. .."]
    result = wide(*lines, forms=["7A", "7A", "7A", "7B", "7B"])
    assert result.last_on_roll == (None,) * 5
    assert result.unmarked == 8


def test_a_form_that_is_empty_at_the_start_has_no_joiners() -> None:
    lines = [FULL, FULL, FULL, r".. .. /\ /\ /\ ", r".. .. /\ /\ /\ "]
    assert wide(*lines, forms=["7A", "7A", "7A", "7B", "7B"]).first_on_roll == (None,) * 5


def test_a_pupil_alone_in_a_form_is_compared_with_the_whole_school() -> None:
    result = wide(FULL, FULL, r"/\ /\ .. .. ..", forms=["7A", "7A", "7B"])
    assert result.last_on_roll[2] == date(2026, 11, 3)


def test_sessions_to_come_are_open_where_somebody_has_a_dash_or_nothing() -> None:
    result = wide(r"/\ /\ -- .. ##", r"/\ /\ -- .. ##", r"/\ /\ -- -- ##")
    assert result.session_state == "oooooooo##"
    assert (result.last_on_roll, result.unmarked) == ((None,) * 3, 0)


def test_a_closure_to_come_stays_closed_though_a_leaver_is_blank_there() -> None:
    result = wide(r"/\ /\ /\ ## ##", r"/\ /\ /\ ## ##", r"/\ .. .. .. ..")
    assert result.session_state == "oooooo####"


def test_a_session_that_fewer_than_half_are_marked_in_is_still_to_come() -> None:
    assert wide(r"/\ /\ ", r"/\ --", r"/\ --").unmarked == 0
    assert wide(r"/\ /\ ", r"/\ /\ ", r"/\ --").unmarked == 2


def test_a_closure_to_come_for_some_leaves_the_session_open() -> None:
    assert wide(r"/\ ##", r"/\ ..", r"/\ ..").session_state == "oooo"


def test_a_closure_for_some_year_groups_leaves_the_session_open() -> None:
    result = wide(r"/\ /\ ", r"## /\ ", r"/\ /\ ")
    assert result.session_state == "oooo"


def test_past_columns_that_are_empty_for_everybody_are_left_unknown() -> None:
    result = wide(r"/\ .. /\ ", r"/\ .. /\ ", r"/\ .. /\ ")
    assert result.session_state == "oo..oo"
    assert result.unmarked == 0


def test_a_pupil_whose_cells_are_all_z_is_not_on_roll() -> None:
    result = wide(r"/\ /\ ", r"/\ /\ ", r"ZZ ZZ")
    assert result.not_on_roll == (False, False, True)


def test_a_pupil_without_an_entry_while_the_form_is_marked_is_not_on_roll() -> None:
    assert wide(r"/\ /\ ", r"/\ /\ ", r".. ..").not_on_roll == (False, False, True)


def test_a_row_with_an_empty_mark_shows_that_the_pupil_is_still_on_roll() -> None:
    rows = [
        f"{upn(n)},Testwick,Amina,7A,{day:02d}/11/2026,{half},{'' if n == 2 and day > 3 else 'N'}"
        for n in range(3)
        for day in range(2, 6)
        for half in ("AM", "PM")
    ]
    result = read(long_csv(*rows))
    assert (result.last_on_roll, result.unmarked) == ((None,) * 3, 4)


def test_in_a_long_table_rows_begin_and_end_with_the_pupil() -> None:
    rows = [
        f"{upn(n)},Testwick,Amina,7A,{day:02d}/11/2026,{half},{mark}"
        for n, days in enumerate([range(2, 7), range(2, 7), range(4, 7), range(2, 5)])
        for day in days
        for half, mark in (("AM", "/"), ("PM", "\\"))
    ]
    result = read(long_csv(*rows))
    assert result.first_on_roll == (None, None, date(2026, 11, 4), None)
    assert result.last_on_roll == (None, None, None, date(2026, 11, 4))


def test_who_left_before_does_not_keep_a_later_leaver_on_roll() -> None:
    lines = [FULL, r"/\ .. .. .. ..", r"/\ /\ .. .. ..", r"/\ /\ /\ .. ..", FULL, FULL, FULL, FULL]
    result = wide(*lines, forms=["7A"] * 4 + ["7B"] * 4)
    assert result.last_on_roll[1:4] == tuple(date(2026, 11, day) for day in (2, 3, 4))
    assert result.unmarked == 0


def test_the_last_one_in_a_form_is_compared_with_the_whole_school() -> None:
    lines = [r"/\ .. .. .. ..", r"/\ /\ .. .. ..", FULL, FULL]
    result = wide(*lines, forms=["7A", "7A", "7B", "7B"])
    assert result.last_on_roll == (date(2026, 11, 2), date(2026, 11, 3), None, None)


def test_who_joins_later_does_not_put_an_earlier_joiner_on_roll() -> None:
    lines = [FULL, r".. /\ /\ /\ /\ ", r".. .. .. /\ /\ ", r".. .. .. .. /\ "]
    result = wide(*lines)
    assert result.first_on_roll[1:] == tuple(date(2026, 11, day) for day in (3, 5, 6))
    assert result.unmarked == 0


def test_a_known_absence_in_a_register_not_taken_makes_nobody_a_leaver() -> None:
    lines = [FULL, FULL, FULL, r"/\ /\ /\ II II", *[r"/\ /\ /\ .. .."] * 3]
    result = wide(*lines, forms=["7A"] * 3 + ["7B"] * 4)
    assert (result.last_on_roll, result.unmarked) == ((None,) * 7, 12)


def test_leavers_do_not_make_the_last_weeks_look_still_to_come() -> None:
    left = [r"/\ .. .. .. ..", r"/\ /\ .. .. ..", r"/\ /\ /\ .. .."]
    result = wide(FULL, r"/\ /\ /\ /\ --", *left)
    assert (result.unmarked, result.last_on_roll[4]) == (2, date(2026, 11, 4))


def test_a_closure_up_to_the_end_for_some_is_no_leaver() -> None:
    result = wide(FULL, FULL, r"/\ /\ /\ ## ##", forms=["7A", "7A", "8A"])
    assert result.last_on_roll == (None,) * 3


def test_a_day_on_which_the_table_has_only_z_is_not_a_session() -> None:
    rows = [
        f"{upn(n)},Testwick,Amina,7A,{day:02d}/11/2026,{half},{'Z' if n == 2 and day < 5 else 'N'}"
        for n in range(3)
        for day in range(2, 7)
        for half in ("AM", "PM")
        if day != 3 or n == 2
    ]
    result = read(long_csv(*rows))
    assert (result.session_state, result.unmarked) == ("oo..oooooo", 0)
