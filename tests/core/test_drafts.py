from datetime import date

import numpy as np
import pytest

from attendance.core.drafts import (
    Cell,
    Draft,
    drafts_in,
    place_in_words,
    shown,
    stale,
    tidy,
    with_drafts,
)
from attendance.core.slots import first_slot_from
from attendance.core.week_grid import week_grid
from tests.build import MONDAY, register

START = first_slot_from(2026, MONDAY)
ELSEWHERE = Cell(2026, 1, START + 30)
LAST_YEAR = Cell(2025, 1, START)
SCHOOL = register(r"/- --", r"/- --")
GRID = week_grid(SCHOOL, np.arange(2), np.full(2, START), first_slot_from(2026, date(2026, 9, 12)))
IDS = [1, 2]


def typed(**cells):
    """The grid's codes with texts typed over them, called r<row>c<column>."""
    codes = GRID.codes.copy()
    for name, text in cells.items():
        row, column = name[1:].split("c")
        codes[int(row), int(column)] = text
    return codes


def test_a_typed_cell_is_a_draft_that_remembers_what_stood_there():
    drafts = drafts_in(GRID, IDS, typed(r0c0="n", r1c1="\\"), {})
    assert drafts == {
        Cell(2026, 1, START): Draft("/", "n"),
        Cell(2026, 2, START + 1): Draft("-", "\\"),
    }


@pytest.mark.parametrize("text", ["/", " / ", "/ "])
def test_a_cell_typed_as_it_stands_is_no_draft(text):
    assert drafts_in(GRID, IDS, typed(r0c0=text), {}) == {}


def test_an_emptied_draft_is_gone_and_an_emptied_mark_is_a_draft():
    before = {Cell(2026, 1, START + 1): Draft("-", "N")}
    assert drafts_in(GRID, IDS, typed(), before) == {}
    assert drafts_in(GRID, IDS, typed(r0c0=None), {}) == {Cell(2026, 1, START): Draft("/", "")}


def test_drafts_of_other_weeks_and_years_are_kept():
    before = {ELSEWHERE: Draft("-", "I"), LAST_YEAR: Draft("-", "I")}
    assert drafts_in(GRID, IDS, typed(), before) == before
    assert shown(GRID, IDS, before) == {}


def test_a_grid_is_drawn_with_what_was_typed():
    drafts = {Cell(2026, 2, START + 1): Draft("-", "qq"), ELSEWHERE: Draft("-", "I")}
    assert with_drafts(GRID, IDS, drafts)[1, 1] == "qq"
    assert GRID.codes[1, 1] == ""


def test_a_draft_is_stale_once_somebody_changed_its_mark():
    drafts = {
        Cell(2026, 1, START): Draft("/", "N"),
        Cell(2026, 2, START): Draft("N", "I"),
        Cell(2026, 9, START): Draft("N", "I"),
        LAST_YEAR: Draft("N", "I"),
    }
    assert stale(SCHOOL, drafts) == [Cell(2026, 2, START)]


def test_a_place_is_named_with_its_row_when_it_is_in_the_grid():
    cell = Cell(2026, 2, START + 1)
    words = "Row 2, Bram Sampleton, Monday 7 September, afternoon"
    assert place_in_words(GRID, IDS, cell, "Bram Sampleton") == words
    assert place_in_words(GRID, [3, 4], cell, "Bram Sampleton") == words.removeprefix("Row 2, ")


def test_codes_are_read_in_capitals_without_spaces():
    assert tidy(" y 1") == "Y1"
