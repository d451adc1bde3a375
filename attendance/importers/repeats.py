"""Two entries for one pupil's session: the same mark twice is dropped, two marks are held."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from attendance.core.imports import NOTHING, Marks, Mask, Numbers, Problem
from attendance.importers.grid import Grid
from attendance.importers.marks import Kind

MOST_LISTED = 100


def settle_repeats(grid: Grid, symbol: Marks, kind: Marks) -> tuple[Marks, Marks, list[Problem]]:
    """(symbols, kinds, problems) with conflicting entries turned into held ones."""
    place = grid.pupil * len(grid.sessions) + grid.session
    filled = np.flatnonzero(kind == Kind.MARK)
    order = filled[np.argsort(place[filled], kind="stable")]
    again = np.zeros(len(order), dtype=np.bool_)
    again[1:] = place[order][1:] == place[order][:-1]
    if not again.any():
        return symbol, kind, []
    said = np.where(symbol != NOTHING, symbol.astype(np.int64), 1_000 + grid.text)
    start = np.flatnonzero(~again)
    lowest = np.minimum.reduceat(said[order], start)
    highest = np.maximum.reduceat(said[order], start)
    run = np.cumsum(~again) - 1
    in_conflict = (lowest != highest)[run]
    symbol = symbol.copy()
    symbol[order[in_conflict]] = NOTHING
    problems = [
        *_dropped(grid, order[again & ~in_conflict]),
        *_conflicts(grid, order, run, in_conflict),
    ]
    return symbol, kind, problems


def _dropped(grid: Grid, repeats: Numbers) -> Iterator[Problem]:
    if not len(repeats):
        return
    rows = sorted({int(row) for row in grid.row[repeats]})
    listed = ", ".join(str(row) for row in rows[:20]) + (" and more" if len(rows) > 20 else "")
    marks = "1 mark is" if len(repeats) == 1 else f"{len(repeats):,} marks are"
    says = f"{marks} in the file twice and the same both times; the repeat was left out "
    yield Problem(rows[0], None, f"{says}({'row' if len(rows) == 1 else 'rows'} {listed}).")


def _conflicts(grid: Grid, order: Numbers, run: Numbers, in_conflict: Mask) -> Iterator[Problem]:
    runs = np.unique(run[in_conflict])
    for each in runs[:MOST_LISTED].tolist():
        entries = order[np.searchsorted(run, each) : np.searchsorted(run, each, side="right")]
        yield _two_marks(grid, entries)
    if len(runs) > MOST_LISTED:
        says = f"{len(runs) - MOST_LISTED:,} more sessions have two marks; none of them is saved."
        yield Problem(None, None, says)


def _two_marks(grid: Grid, entries: Numbers) -> Problem:
    first = int(entries[0])
    pupil = grid.roll.pupils[grid.pupil[first]]
    day, half = grid.sessions[grid.session[first]]
    rows = list(dict.fromkeys(int(row) for row in grid.row[entries]))
    marks = list(dict.fromkeys(grid.texts[text] for text in grid.text[entries]))
    where = f"Row {rows[0]} gives" if len(rows) == 1 else f"Rows {_and(rows)} give"
    says = (
        f"{where} {pupil.forename} {pupil.surname} different marks for {day:%-d %B %Y} {half}: "
        f"{_and([f'‘{mark.strip()}’' for mark in marks])}. Neither is saved; correct the register "
        "and export again, or enter the mark by hand."
    )
    return Problem(rows[-1], grid.column(int(grid.session[first])), says)


def _and(parts: list[int] | list[str]) -> str:
    words = [str(part) for part in parts]
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"
