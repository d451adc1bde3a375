"""Marks typed and not saved yet: what a grid holds against what stands in the register.

A draft remembers the code that stood there when it was typed. When somebody else changes that
mark, the draft is stale: it is put aside and said, and theirs is never overwritten.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from attendance.core.register import Register
from attendance.core.slots import moment_of
from attendance.core.week_grid import WeekGrid, Words, half_of_day
from attendance.rules.codes import CODE_OF, NO_MARK


@dataclass(frozen=True, slots=True)
class Cell:
    """A session of a pupil."""

    school_year: int
    pupil_id: int
    slot: int


@dataclass(frozen=True, slots=True)
class Draft:
    """What was typed, as it was typed, and the code (``-`` for none) that stood there then."""

    expected: str
    typed: str


Drafts = Mapping[Cell, Draft]


def tidy(typed: str) -> str:
    """A typed code as DfE writes it: capitals, no spaces."""
    return "".join(typed.split()).upper()


def with_drafts(grid: WeekGrid, pupil_ids: Sequence[int], drafts: Drafts) -> Words:
    """(n, 10) the grid's codes with what was typed over them."""
    typed = grid.codes.copy()
    for cell, draft in drafts.items():
        for row, column in _places(grid, pupil_ids, cell):
            typed[row, column] = draft.typed
    return typed


def drafts_in(
    grid: WeekGrid, pupil_ids: Sequence[int], typed: Words, before: Drafts
) -> dict[Cell, Draft]:
    """The drafts after the grid was typed in: those of other weeks and groups stay as they are.

    A cell that holds what the register holds is no draft (capitals and spaces apart).
    """
    drafts = {cell: draft for cell, draft in before.items() if not _places(grid, pupil_ids, cell)}
    for row, pupil_id in enumerate(pupil_ids):
        for column in range(typed.shape[1]):
            text, code = str(typed[row, column] or ""), grid.codes[row, column]
            if tidy(text) != code:
                cell = Cell(grid.school_year, pupil_id, grid.slot_at(row, column))
                drafts[cell] = Draft(code or NO_MARK, text)
    return drafts


def shown(grid: WeekGrid, pupil_ids: Sequence[int], drafts: Drafts) -> dict[Cell, Draft]:
    """The drafts that stand in this grid."""
    return {cell: draft for cell, draft in drafts.items() if _places(grid, pupil_ids, cell)}


def stale(register: Register, drafts: Drafts) -> list[Cell]:
    """The cells of the register's year whose mark is no longer the one that was typed over."""
    found = []
    for cell, draft in drafts.items():
        row = register.row_of(cell.pupil_id) if cell.school_year == register.school_year else None
        if row is not None and code_at(register, row, cell.slot) != draft.expected:
            found.append(cell)
    return found


def code_at(register: Register, row: int, slot: int) -> str:
    """The code that stands in the register, ``-`` for none."""
    return CODE_OF[chr(register.marks[row, slot])]


def place_in_words(grid: WeekGrid, pupil_ids: Sequence[int], cell: Cell, name: str) -> str:
    """'Row 5, Hugo Bellamy, Tuesday 17 November, morning': where a typed mark stands."""
    places = _places(grid, pupil_ids, cell)
    day, session = moment_of(cell.school_year, cell.slot)
    row = f"Row {places[0][0] + 1}, " if places else ""
    return f"{row}{name}, {day:%A %-d %B}, {half_of_day(session)}"


def _places(grid: WeekGrid, pupil_ids: Sequence[int], cell: Cell) -> list[tuple[int, int]]:
    if cell.school_year != grid.school_year:
        return []
    return [
        (row, cell.slot - int(first))
        for row, (pupil_id, first) in enumerate(zip(pupil_ids, grid.first_slots, strict=True))
        if pupil_id == cell.pupil_id and 0 <= cell.slot - int(first) < 10
    ]
