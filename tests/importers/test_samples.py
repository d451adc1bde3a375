"""Every sample file gives the counts that an independent reader made of it."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest

from attendance.core.imports import NOTHING, ImportResult, categories_of, codes_of
from attendance.errors import CannotRead
from attendance.importers.read import read_register
from attendance.rules.codes import CODE_OF, Category, reading_of
from tests.importers.draw import said

SAMPLES = Path(__file__).parents[2] / "data" / "samples"
EXPECTED = json.loads((SAMPLES / "expected.json").read_text(encoding="utf-8"))
DIFFICULT = json.loads((SAMPLES / "difficult" / "expected.json").read_text(encoding="utf-8"))
ACCEPTED = [name for name, is_ in DIFFICULT.items() if is_["must"].startswith("accept")]
REJECTED = [name for name, is_ in DIFFICULT.items() if is_["must"] == "reject"]


def sample(name: str) -> ImportResult:
    return read_register((SAMPLES / name).read_bytes(), name)


def difficult(name: str) -> ImportResult:
    return sample(f"difficult/{name}")


@pytest.mark.parametrize("name", EXPECTED)
def test_a_sample_register_gives_the_expected_codes(name: str) -> None:
    expected = {**EXPECTED[name]["codes"]}
    unmarked = expected.pop("-")
    result = sample(name)
    assert codes_of(result) == expected
    assert result.unmarked == unmarked
    assert len(result.pupils) == EXPECTED[name]["pupils"]


@pytest.mark.parametrize("name", EXPECTED)
def test_a_sample_register_gives_the_expected_categories(name: str) -> None:
    expected = EXPECTED[name]["categories"]
    found = categories_of(sample(name))
    assert found[Category.PRESENT] == expected["present"]
    assert found[Category.APPROVED_ACTIVITY] == expected["approved_educational_activity"]
    assert found[Category.AUTHORISED] == expected["authorised_absence"]
    assert found[Category.UNAUTHORISED] == expected["unauthorised_absence"]
    not_possible = found[Category.NOT_POSSIBLE] + found.get(Category.ADMINISTRATIVE, 0)
    assert not_possible == expected["not_a_possible_attendance"]


@pytest.mark.parametrize("name", EXPECTED)
def test_a_sample_register_gives_the_expected_possible_and_attended_sessions(name: str) -> None:
    totals: Counter[str] = Counter()
    result = sample(name)
    for (day, _), column in zip(result.sessions, result.marks.T, strict=True):
        for symbol in column[column != NOTHING]:
            code = reading_of(CODE_OF[chr(symbol)], day)
            totals["possible"] += code.possible
            totals["attended"] += code.attended
    assert totals == {k: EXPECTED[name][k] for k in ("possible", "attended")}


@pytest.mark.parametrize("name", [n for n in EXPECTED if "minutes_late" in EXPECTED[n]])
def test_a_sample_register_gives_the_expected_minutes_late(name: str) -> None:
    minutes = sum(detail.minutes_late or 0 for detail in sample(name).details)
    assert minutes == EXPECTED[name]["minutes_late"]


@pytest.mark.parametrize("name", EXPECTED)
def test_a_sample_shows_one_pupil_joining_and_one_leaving(name: str) -> None:
    result = sample(name)
    joined = {p.surname: str(d) for p, d in zip(result.pupils, result.first_on_roll) if d}  # noqa: B905
    left = {p.surname: str(d) for p, d in zip(result.pupils, result.last_on_roll) if d}  # noqa: B905
    assert joined == {"Oakapple": "2026-11-09"}
    assert left == {"Puddifoot": "2026-11-06"}
    assert "Petra Puddifoot was read as left on 6 November 2026" in said(result)


def test_the_samples_of_one_register_agree_mark_for_mark() -> None:
    lines = []
    for name in EXPECTED:
        result = sample(name)
        moments = {moment: at for at, moment in enumerate(result.sessions)}
        kept = [at for moment, at in moments.items() if moment[0].day > 2]
        lines.append({p.upn: result.marks[p.key, kept] for p in result.pupils})
    first = lines[0]
    for other in lines[1:]:
        assert other.keys() == first.keys()
        for upn, marks in other.items():
            # the long table has no rows for Z
            same = (marks == first[upn]) | ((marks == NOTHING) & (first[upn] == ord("Z")))
            assert same.all()


def test_surnames_in_capitals_are_written_as_names() -> None:
    surnames = {pupil.surname for pupil in sample("wide_register.xlsx").pupils}
    assert {"O'Thistledown", "Moonraker-Smythe", "Fernsby"} <= surnames


def test_a_cell_comment_becomes_the_sessions_minutes_and_comment() -> None:
    result = sample("wide_register.xlsx")
    found = {
        (result.pupils[d.pupil].surname, result.sessions[d.session][0].day): d
        for d in result.details
    }
    detail = found["O'Thistledown", 4]
    assert (detail.minutes_late, detail.comment) == (12, "Bus")
    assert found["Quillfeather", 3].comment == "High temperature"


@pytest.mark.parametrize("name", REJECTED)
def test_a_hostile_or_broken_file_is_refused_with_a_sentence(name: str) -> None:
    with pytest.raises(CannotRead, match=r"^[A-Z].*\.$"):
        difficult(name)


@pytest.mark.parametrize("name", ACCEPTED)
def test_a_difficult_file_is_read_for_the_pupils_it_holds(name: str) -> None:
    result = difficult(name)
    assert len(result.pupils) == DIFFICULT[name].get("pupils", 1)
    assert not result.stops
    if DIFFICULT[name]["must"] == "accept_with_warning":
        assert result.problems


def test_windows_text_keeps_its_accents_and_says_how_it_was_read() -> None:
    result = difficult("windows_accents.csv")
    assert [pupil.forename for pupil in result.pupils] == ["Ciarán", "Chloé"]
    assert "cp1252" in said(result)
    assert result.mark_count == 36


def test_no_unknown_code_is_counted_as_present() -> None:
    result = difficult("unknown_codes.csv")
    assert codes_of(result) == {
        "X01": 1, "I01": 1, "H": 1, "J": 1, "F": 1, "Y": 1, "L": 3, "I": 1,
    }  # fmt: skip
    held = {p.row for p in result.problems if "not saved" in p.says}
    assert held == {2, 3, 4, 5, 8, 13, 18, 19}
    assert "Cyrillic О, not the letter O" in said(result)
    assert "full-width slash, not the mark /" in said(result)
    assert sorted(d.minutes_late or 0 for d in result.details) == [5, 12]


def test_texts_that_a_spreadsheet_would_run_are_kept_as_text() -> None:
    result = difficult("formulas.csv")
    comments = [detail.comment for detail in result.details]
    assert "=cmd|' /C calc'!A0" in comments
    assert "+44 7700 900001" in comments
    warning = next(p for p in result.problems if "spreadsheet formula" in p.says)
    assert "4, " not in warning.says  # the telephone number is no formula


def test_a_month_first_date_is_held_and_the_eight_other_shapes_are_read() -> None:
    result = difficult("mixed_dates.csv")
    assert result.mark_count == 16
    assert [p.row for p in result.problems] == [4, 5]
    assert "11 April 2026 or, month first, as 4 November 2026" in said(result)


def test_identical_repeats_are_dropped_and_conflicting_ones_held() -> None:
    result = difficult("repeated_sessions.csv")
    expected = DIFFICULT["repeated_sessions.csv"]
    assert f"{expected['identical']} marks are in the file twice" in said(result)
    assert sum("different marks" in p.says for p in result.problems) == expected["conflicting"]
    assert result.mark_count == 14
    assert "Rows 2 and 24 give Ada Bramblewick" in said(result)


def test_ragged_rows_are_named_by_their_line() -> None:
    result = difficult("ragged_rows.csv")
    assert [p.row for p in result.problems] == DIFFICULT["ragged_rows.csv"]["bad_lines"]
    assert result.mark_count == 53


def test_semicolons_part_cells_too() -> None:
    result = difficult("semicolons.csv")
    assert result.mark_count == DIFFICULT["semicolons.csv"]["rows"]
    assert result.problems == ()


def test_the_marks_are_trusted_over_a_stated_total() -> None:
    result = difficult("totals_disagree.csv")
    warning = next(p for p in result.problems if p.row == 7)
    assert "99 sessions attended (the marks give 17)" in warning.says
    assert codes_of(result)["U"] == 1


def test_two_pupils_of_one_name_are_told_apart_by_number() -> None:
    result = difficult("two_pupils_one_name.csv")
    assert [pupil.admission_number for pupil in result.pupils] == ["501", "507"]
    assert "told apart by number (501 and 507)" in said(result)
