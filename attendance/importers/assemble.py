"""Entries of any layout to an ImportResult: marks read, repeats settled, problems listed."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import numpy.typing as npt

from attendance.core.imports import (
    CLOSED,
    NOT_YET,
    NOTHING,
    Detail,
    ImportResult,
    Marks,
    Numbers,
    Problem,
)
from attendance.errors import CannotRead
from attendance.importers.grid import Grid
from attendance.importers.marks import Kind, MarkReading, read_mark
from attendance.importers.repeats import settle_repeats
from attendance.importers.spells import spells_of
from attendance.importers.text import Table
from attendance.importers.totals import compare_totals
from attendance.rules.codes import all_codes

MOST_LISTED = 30  # cells with one and the same thing to say; past that they are counted
MOST_OF_A_KIND = 200
MOST_TEXTS = 3_000
RUNS_AS_FORMULA = re.compile(r"\s*[=@＝＋－＠]|[\t\r]|\s*[+-](?![\d\s()]*$)")


@dataclass(frozen=True, slots=True)
class _Read:
    """Every entry's symbol and Kind, and the readings by (group of the session, text)."""

    symbol: Marks
    kind: Marks
    group: Numbers
    readings: list[list[MarkReading]]


def assemble(grid: Grid, table: Table, file_name: str, data: bytes) -> ImportResult:
    """Bring the entries together. Raises CannotRead when there is no mark among them."""
    read = _read(grid)
    says = list(_listed(grid, read))
    symbol, kind, repeats = settle_repeats(grid, read.symbol, read.kind)
    shape = (len(grid.roll.pupils), len(grid.sessions))
    marks = np.full(shape, NOTHING, dtype=np.uint8)
    seen = np.zeros(shape, dtype=np.uint8)
    # in this order, so that of two entries for one session the one that says more stays
    order = np.argsort(kind, kind="stable")
    seen[grid.pupil[order], grid.session[order]] = kind[order]
    given = np.flatnonzero(symbol != NOTHING)
    marks[grid.pupil[given], grid.session[given]] = symbol[given]
    if not len(given):
        raise CannotRead(_no_marks([*says, *repeats]))
    only_some = _lists_only_some(grid, seen)
    spells = spells_of(
        grid.roll.pupils, grid.sessions, marks, seen, lists_only_some=bool(only_some)
    )
    problems = [
        *table.problems,
        *only_some,
        *_first(grid.problems),
        *_first(grid.roll.problems),
        *repeats,
        *_first(says),
        *_first(compare_totals(grid, marks)),
        *spells.problems,
        *_formulas(grid),
    ]
    return ImportResult(
        file_name=file_name,
        format=f"{grid.layout}, {table.kind}",
        sha256=hashlib.sha256(data).hexdigest(),
        first_day=grid.sessions[0][0],
        last_day=grid.sessions[-1][0],
        pupils=grid.roll.pupils,
        sessions=grid.sessions,
        marks=marks,
        session_state=spells.session_state,
        first_on_roll=spells.first,
        last_on_roll=spells.last,
        not_on_roll=spells.not_on_roll,
        unmarked=spells.unmarked,
        details=tuple(_details(grid, read, marks)),
        problems=tuple(problems),
    )


def _read(grid: Grid) -> _Read:
    if len(grid.texts) > MOST_TEXTS:
        raise CannotRead(
            f"The mark column holds {len(grid.texts):,} different texts, so these are not "
            "attendance codes. Check which column of the export has the marks."
        )
    changes = _changes()
    moments = [(sum(change <= day for change in changes), half) for day, half in grid.sessions]
    groups = {moment: at for at, moment in enumerate(dict.fromkeys(moments))}
    group_of = np.array([groups[moment] for moment in moments], dtype=np.int64)
    first = [grid.sessions[moments.index(moment)] for moment in groups]
    readings = [[read_mark(text, *moment) for text in grid.texts] for moment in first]
    symbols = np.array([[each.symbol for each in row] for row in readings], dtype=np.uint8)
    kinds = np.array([[each.kind for each in row] for row in readings], dtype=np.uint8)
    group = group_of[grid.session]
    kind = kinds[group, grid.text]
    if grid.blank_is_row:
        kind = np.maximum(kind, Kind.UNMARKED).astype(np.uint8)
    return _Read(symbols[group, grid.text], kind, group, readings)


def _changes() -> list[date]:
    """The days on which some code begins, or is no longer in force."""
    begins = {code.valid_from for code in all_codes()}
    return sorted(begins | {c.valid_to + timedelta(days=1) for c in all_codes() if c.valid_to})


def _listed(grid: Grid, read: _Read) -> Iterator[Problem]:
    """What is to be said of single cells; many alike are counted and the first one named."""
    talks = np.array([[each.says is not None for each in row] for row in read.readings])
    at = np.flatnonzero(talks[read.group, grid.text])
    alike: dict[tuple[int, int], list[int]] = {}
    for entry in at.tolist():
        alike.setdefault((int(grid.text[entry]), int(read.group[entry])), []).append(entry)
    for (text, _), entries in alike.items():
        shown = entries if len(entries) <= MOST_LISTED else entries[:1]
        for entry in shown:
            day, half = grid.sessions[grid.session[entry]]
            says = read_mark(grid.texts[text], day, half).says or ""
            who = grid.roll.pupils[grid.pupil[entry]]
            row = int(grid.row[entry])
            where = f"Row {row} ({who.forename} {who.surname}, {day:%-d %B %Y} {half})"
            more = f" So in {len(entries):,} cells, of which this is the first." * (
                len(shown) < len(entries)
            )
            column = grid.column(int(grid.session[entry]))
            yield Problem(row, column, f"{where}: {says}.{more}")


def _details(grid: Grid, read: _Read, marks: Marks) -> Iterator[Detail]:
    """Minutes and comments of the sessions whose mark is saved; the first said of each."""
    found: dict[tuple[int, int], Detail] = {}
    for entry, minutes, comment in _spoken(grid, read):
        pupil, session = int(grid.pupil[entry]), int(grid.session[entry])
        is_saved = marks[pupil, session] not in (NOTHING, CLOSED, NOT_YET)
        if is_saved and marks[pupil, session] == read.symbol[entry]:
            found.setdefault((pupil, session), Detail(pupil, session, minutes, comment))
    return (found[key] for key in sorted(found))


def _spoken(grid: Grid, read: _Read) -> Iterator[tuple[int, int | None, str | None]]:
    minutes_of = np.array(
        [[-1 if r.minutes_late is None else r.minutes_late for r in row] for row in read.readings]
    )[read.group, grid.text]
    noted = set()
    for note in grid.notes:
        noted.add(note.entry)
        in_mark = int(minutes_of[note.entry])
        minutes = note.minutes_late if note.minutes_late is not None else in_mark
        yield note.entry, (None if minutes < 0 else minutes), note.comment
    for entry in np.flatnonzero(minutes_of >= 0).tolist():
        if entry not in noted:
            yield entry, int(minutes_of[entry]), None


def _lists_only_some(grid: Grid, seen: npt.NDArray[np.uint8]) -> list[Problem]:
    """A warning when a long table leaves out most marks, as a list of absences does."""
    if grid.layout == "wide register" or 2 * (seen > 0).sum() >= seen.size:
        return []
    says = (
        "The file lists only some of the marks, so nothing was concluded about joiners, leavers "
        "and missing marks. Export all marks if you can."
    )
    return [Problem(None, None, says)]


def _formulas(grid: Grid) -> Iterable[Problem]:
    """A warning for texts that a spreadsheet would run; here they are text and stay so."""
    entries = [n.entry for n in grid.notes if n.comment and RUNS_AS_FORMULA.match(n.comment)]
    names = [
        pupil.row
        for pupil in grid.roll.pupils
        if RUNS_AS_FORMULA.match(pupil.surname) or RUNS_AS_FORMULA.match(pupil.forename)
    ]
    rows = sorted({int(grid.row[entry]) for entry in entries} | set(names))
    if not rows:
        return []
    listed = ", ".join(str(row) for row in rows[:20]) + (" and more" if len(rows) > 20 else "")
    says = (
        f"Notes or names in {len(rows)} rows begin like a spreadsheet formula (rows {listed}). "
        "They are kept as text and never run; check where they come from."
    )
    return [Problem(rows[0], "note", says)]


def _first(problems: Sequence[Problem]) -> list[Problem]:
    """The first of many problems of one kind, so that a person can still read the list."""
    if len(problems) <= MOST_OF_A_KIND:
        return list(problems)
    says = (
        f"{len(problems) - MOST_OF_A_KIND:,} more problems like the {MOST_OF_A_KIND} before are "
        "not listed. Mend those, export again, and look at what is left."
    )
    return [*problems[:MOST_OF_A_KIND], Problem(None, None, says)]


def _no_marks(says: list[Problem]) -> str:
    if says:
        return f"No mark in the file could be used, so nothing was saved. {says[0].says}"
    return "The file has no marks, so there is nothing to save."
