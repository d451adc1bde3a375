from __future__ import annotations

from datetime import date

import pytest

from attendance.core.imports import NOTHING
from attendance.core.slots import Session
from attendance.importers.marks import Kind, read_mark
from attendance.rules.codes import CODE_OF

DAY = date(2026, 11, 3)


def code(text: str, day: date = DAY, session: Session = Session.AM) -> str:
    return CODE_OF[chr(read_mark(text, day, session).symbol)]


@pytest.mark.parametrize("text", ["-", "Missing", "missing", "All should attend", " - ", "–"])
def test_these_say_nothing_and_show_that_the_pupil_was_on_roll(text: str) -> None:
    reading = read_mark(text, DAY, Session.AM)
    assert (reading.symbol, reading.kind, reading.says) == (NOTHING, Kind.UNMARKED, None)


def test_an_empty_cell_shows_nothing_at_all() -> None:
    assert read_mark("  ", DAY, Session.AM).kind is Kind.BLANK


@pytest.mark.parametrize("text", ["/", "L", "C", "C1", "C2", "J1", "Y7", "#", "Z", "N"])
def test_a_code_of_the_day_is_read_as_it_stands(text: str) -> None:
    assert code(text) == text
    assert read_mark(text, DAY, Session.AM).says is None


@pytest.mark.parametrize(
    "text, session, meant",
    [("/", "PM", "\\"), ("\\", "AM", "/"), ("/", "AM", "/"), ("\\", "PM", "\\")],
)
def test_a_slash_means_present_in_either_half_of_the_day(
    text: str, session: str, meant: str
) -> None:
    reading = read_mark(text, DAY, Session(session))
    assert CODE_OF[chr(reading.symbol)] == meant
    assert (reading.says is None) == (text == meant)


@pytest.mark.parametrize("text, meant", [("l", "L"), ("i", "I"), ("c2", "C2"), ("y4", "Y4")])
def test_a_code_in_lower_case_is_read_and_listed(text: str, meant: str) -> None:
    assert code(text) == meant
    assert "was read as the code" in (read_mark(text, DAY, Session.AM).says or "")


@pytest.mark.parametrize(
    "day, warned", [(date(2024, 8, 18), False), (date(2024, 8, 19), True), (DAY, True)]
)
def test_h_is_read_with_a_warning_from_19_august_2024(day: date, warned: bool) -> None:
    assert code("H", day) == "H"
    says = read_mark("H", day, Session.AM).says or ""
    assert ("withdrawn after 18 August 2024" in says) is warned


def test_a_code_before_its_time_is_read_with_a_warning() -> None:
    assert code("Y4", date(2024, 8, 16)) == "Y4"
    assert "came in on 19 August 2024" in (
        read_mark("Y4", date(2024, 8, 16), Session.AM).says or ""
    )


@pytest.mark.parametrize("text, minutes", [("L5", 5), ("L 12", 12), ("L:7", 7), ("l 9 mins", 9)])
def test_a_late_mark_may_carry_its_minutes(text: str, minutes: int) -> None:
    assert code(text) == "L"
    assert read_mark(text, DAY, Session.AM).minutes_late == minutes


@pytest.mark.parametrize(
    "text", ["6", "$", "&", "!Q", "?", "7", "A", "N/A", "=1+1", "P1", "ß", "ı", "ſ"]
)
def test_a_schools_own_code_is_held_and_never_present(text: str) -> None:
    reading = read_mark(text, DAY, Session.AM)
    assert (reading.symbol, reading.kind) == (NOTHING, Kind.MARK)
    assert "it is not saved" in (reading.says or "")


@pytest.mark.parametrize(
    "text, named",
    [
        ("О", "a Cyrillic О, not the letter O"),
        ("Ν", "a Greek Ν, not the letter N"),
        ("／", "a full-width slash, not the mark /"),
        ("∕", "division slash’, not the mark /"),
        ("0", "the digit zero, not the letter O"),
        ("Ｌ", "full-width"),
        ("|", "bar’, not the letter I"),
    ],
)
def test_a_look_alike_is_named_and_held(text: str, named: str) -> None:
    reading = read_mark(text, DAY, Session.AM)
    assert reading.symbol == NOTHING
    assert named in (reading.says or "")


def test_a_very_long_text_is_shortened_in_the_sentence() -> None:
    assert len(read_mark("x" * 5_000, DAY, Session.AM).says or "") < 250
