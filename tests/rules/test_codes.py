import csv
from collections import Counter
from datetime import date, timedelta
from itertools import pairwise

import pytest

from attendance.errors import NotInForce
from attendance.rules.codes import (
    CODE_OF,
    CODES_FILE,
    NO_MARK,
    SYMBOL_OF,
    Category,
    all_codes,
    change_days,
    code_on,
    codes_on,
    reading_of,
)

LAST_OLD_DAY, FIRST_NEW_DAY = date(2024, 8, 18), date(2024, 8, 19)
TODAY, LONG_AGO = date(2026, 11, 24), date(2007, 1, 8)
NEW_CODES = "K Q C1 C2 J1 Y1 Y2 Y3 Y4 Y5 Y6 Y7".split()
WITHDRAWN_CODES = "H J Y".split()
CURRENT_CODES = set("/ \\ L K V P W B D C1 M J1 S X C2 C T R I E Q".split()) | set(
    "Y1 Y2 Y3 Y4 Y5 Y6 Y7 G N O U Z # -".split()
)
COUNTS = {
    Category.PRESENT: (True, True),
    Category.APPROVED_ACTIVITY: (True, True),
    Category.AUTHORISED: (True, False),
    Category.UNAUTHORISED: (True, False),
    Category.NOT_POSSIBLE: (False, False),
    Category.ADMINISTRATIVE: (False, False),
}


def rows_of(code):
    return sorted((row for row in all_codes() if row.code == code), key=lambda row: row.valid_from)


@pytest.mark.parametrize("code", sorted(SYMBOL_OF))
def test_no_code_has_two_meanings_on_one_day(code):
    for earlier, later in pairwise(rows_of(code)):
        assert earlier.valid_to is not None
        assert earlier.valid_to < later.valid_from


def test_no_two_codes_share_a_symbol_and_no_code_has_two():
    pairs = {(row.code, row.symbol) for row in all_codes()}
    assert len(pairs) == len(SYMBOL_OF) == len(CODE_OF)


def test_every_symbol_is_one_printable_ascii_character_safe_in_a_string_of_marks():
    for code, symbol in SYMBOL_OF.items():
        assert len(symbol) == 1
        assert 32 < ord(symbol) < 127
        assert symbol not in "\"',"
        assert CODE_OF[symbol] == code


def test_a_code_of_one_character_is_its_own_symbol_and_no_other_symbol_is_a_code():
    assert all(SYMBOL_OF[code] == code for code in SYMBOL_OF if len(code) == 1)
    ours = {symbol for code, symbol in SYMBOL_OF.items() if len(code) > 1}
    assert not ours & set(SYMBOL_OF)


@pytest.mark.parametrize("row", all_codes(), ids=lambda row: f"{row.code} {row.valid_from}")
def test_every_row_names_its_authority_in_words_a_school_can_check(row):
    assert row.authority
    assert "http" not in row.authority
    assert "github" not in row.authority.lower()
    assert row.confidence in {"verified", "secondary", "unverified", "own choice"}
    assert (row.confidence == "own choice") is (row.code == NO_MARK)


@pytest.mark.parametrize("row", all_codes(), ids=lambda row: f"{row.code} {row.valid_from}")
def test_every_row_counts_as_its_category_says(row):
    assert (row.possible, row.attended) == COUNTS[row.category]
    assert row.late is (row.code in {"L", "U"})
    assert row.valid_to is None or row.valid_from <= row.valid_to


def test_flags_and_days_in_the_file_are_written_one_way():
    with CODES_FILE.open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            flags = {row[name] for name in ("possible", "attended", "late", "needs_reason")}
            assert flags <= {"0", "1"}
            assert row["name"] == row["name"].strip() != ""


def test_the_codes_in_force_today_are_the_2024_set():
    assert set(codes_on(TODAY)) == CURRENT_CODES


@pytest.mark.parametrize("code", NEW_CODES)
def test_the_new_codes_come_in_on_19_august_2024(code):
    assert code not in codes_on(LAST_OLD_DAY)
    assert code in codes_on(FIRST_NEW_DAY)
    assert code not in codes_on(LONG_AGO)
    with pytest.raises(NotInForce, match="came in on 19 August 2024"):
        code_on(code, LAST_OLD_DAY)


@pytest.mark.parametrize("code", WITHDRAWN_CODES)
def test_the_withdrawn_codes_last_until_18_august_2024(code):
    assert code in codes_on(LONG_AGO)
    assert code in codes_on(LAST_OLD_DAY)
    assert code not in codes_on(FIRST_NEW_DAY)
    with pytest.raises(NotInForce, match="withdrawn after 18 August 2024"):
        code_on(code, FIRST_NEW_DAY)


@pytest.mark.parametrize("code", sorted(CURRENT_CODES - set(NEW_CODES)))
def test_a_code_kept_in_2024_means_the_same_kind_of_thing_on_both_sides(code):
    before, after = code_on(code, LAST_OLD_DAY), code_on(code, FIRST_NEW_DAY)
    assert before.category is after.category
    assert before.symbol == after.symbol


def test_an_interview_moved_from_attended_j_to_authorised_j1():
    assert code_on("J", LAST_OLD_DAY).category is Category.APPROVED_ACTIVITY
    assert code_on("J1", FIRST_NEW_DAY).category is Category.AUTHORISED


@pytest.mark.parametrize(
    "day, category",
    [
        (LONG_AGO, Category.APPROVED_ACTIVITY),
        (date(2011, 8, 31), Category.APPROVED_ACTIVITY),
        (date(2011, 9, 1), Category.NOT_POSSIBLE),
        (TODAY, Category.NOT_POSSIBLE),
    ],
)
def test_dual_registration_stopped_counting_as_attendance_in_september_2011(day, category):
    assert code_on("D", day).category is category


@pytest.mark.parametrize(
    "code, last_day",
    [
        ("F", date(2014, 8, 31)),
        ("I01", date(2024, 8, 18)),
        ("I02", date(2022, 8, 31)),
        *((f"X0{n}", date(2022, 4, 30)) for n in range(1, 10)),
    ],
)
def test_a_code_that_ended_early_is_not_in_force_the_day_after(code, last_day):
    assert code in codes_on(last_day)
    assert code not in codes_on(last_day + timedelta(days=1))


@pytest.mark.parametrize(
    "code, first_day",
    [("X07", date(2021, 3, 8)), ("X08", date(2021, 8, 26)), ("B", date(2006, 9, 1))],
)
def test_a_code_is_not_in_force_the_day_before_its_first(code, first_day):
    assert code in codes_on(first_day)
    assert code not in codes_on(first_day - timedelta(days=1))


@pytest.mark.parametrize("local", list("6789$&!@0A1") + ["", "n", "y", "c", "Y8", "C3", "//"])
def test_a_mark_of_a_local_system_or_a_symbol_of_ours_is_not_a_code(local):
    with pytest.raises(NotInForce, match="is not an attendance code"):
        code_on(local, TODAY)
    with pytest.raises(NotInForce, match="is not an attendance code"):
        reading_of(local, TODAY)


@pytest.mark.parametrize(
    "code, category",
    [
        ("H", Category.AUTHORISED),
        ("J", Category.APPROVED_ACTIVITY),
        ("Y", Category.NOT_POSSIBLE),
        ("F", Category.AUTHORISED),
        ("X03", Category.NOT_POSSIBLE),
    ],
)
def test_a_withdrawn_code_in_todays_register_still_counts_as_it_last_did(code, category):
    assert reading_of(code, TODAY).category is category


def test_a_reading_is_the_row_in_force_else_the_last_before_else_the_first_after():
    assert reading_of("D", date(2010, 1, 4)) is code_on("D", date(2010, 1, 4))
    assert reading_of("D", TODAY) is code_on("D", TODAY)
    assert reading_of("F", TODAY) is code_on("F", date(2014, 8, 31))
    assert reading_of("Y4", LAST_OLD_DAY) is code_on("Y4", FIRST_NEW_DAY)
    assert reading_of("D", date(2001, 1, 8)) is code_on("D", date(2006, 9, 1))


def test_readings_change_only_on_the_change_days():
    assert change_days() == (date(2011, 9, 1), date(2024, 8, 19))
    edges = {row.valid_from for row in all_codes()}
    edges |= {row.valid_to + timedelta(days=1) for row in all_codes() if row.valid_to}
    for day in edges - set(change_days()):
        eve = day - timedelta(days=1)
        assert all(reading_of(code, day) is reading_of(code, eve) for code in SYMBOL_OF)
    for day in change_days():
        eve = day - timedelta(days=1)
        assert any(reading_of(code, day) is not reading_of(code, eve) for code in SYMBOL_OF)


def test_no_mark_is_in_the_table_and_is_never_a_possible_session():
    for day in (LONG_AGO, LAST_OLD_DAY, FIRST_NEW_DAY, TODAY):
        assert code_on(NO_MARK, day).possible is False


def test_the_codes_of_a_day_cannot_be_changed_by_who_asked():
    with pytest.raises(TypeError):
        codes_on(TODAY)["H"] = reading_of("H", TODAY)
    with pytest.raises(AttributeError):
        code_on("N", TODAY).possible = False


def test_the_current_categories_have_the_sizes_of_the_guidance():
    sizes = Counter(row.category for row in codes_on(TODAY).values())
    assert sizes == {
        Category.PRESENT: 3,
        Category.APPROVED_ACTIVITY: 5,
        Category.AUTHORISED: 10,
        Category.UNAUTHORISED: 4,
        Category.NOT_POSSIBLE: 10,
        Category.ADMINISTRATIVE: 3,
    }
