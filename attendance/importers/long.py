"""Long tables: one row a mark, or one row a pupil's day with AM and PM side by side."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from attendance.core.imports import Problem
from attendance.core.slots import Session
from attendance.errors import CannotRead
from attendance.importers.dates import settle
from attendance.importers.grid import (
    Grid,
    Moment,
    Note,
    Numbers,
    minutes_and_comment,
    number_texts,
)
from attendance.importers.headers import Column, columns_in
from attendance.importers.pupils import IDENTITY, Roll, Who, roll_of
from attendance.importers.sessions import half_at, half_of, without_time
from attendance.importers.text import Table

MOST_LISTED = 30
MINUTES = re.compile(r"(\d{1,3})(?:\.0)?\s*(?:m|mins?|minutes?)?", re.IGNORECASE)
FOOTER = re.compile(
    r"(grand |sub ?)?total|number of|count|printed|page \d|generated", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class _Side:
    """Where one session's mark, minutes and note stand in a row; None: the session is a column."""

    session: Session | None
    mark: int
    minutes: int | None
    note: int | None


def read_long(table: Table, heading: int, hints: Sequence[str]) -> Grid:
    """A long table to entries. ``heading`` is the index of the row with the known words."""
    columns = columns_in(table.rows[heading])
    usable, problems = _usable(table, heading, columns)
    if not usable:
        raise CannotRead("There are headings but no rows below them; nothing was saved.")
    roll, pupil = _pupils(table, usable, columns)
    sides = _sides(columns)
    parts = []
    for side in sides:
        moments, of_row, held = _moments(table, usable, columns, side, hints)
        problems += held if side is sides[0] else []
        parts.append(_Part(side, moments, of_row, np.flatnonzero((pupil >= 0) & (of_row >= 0))))
    if not any(len(part.kept) for part in parts):
        raise CannotRead(_nothing_left([*problems, *roll.problems]))
    return _grid(table, np.array(usable), pupil, roll, parts, problems)


@dataclass(frozen=True, slots=True)
class _Part:
    """One side's sessions: the moment of each usable row, and the rows that are kept."""

    side: _Side
    moments: list[Moment]
    of_row: Numbers
    kept: Numbers


def _sides(columns: dict[Column, int]) -> list[_Side]:
    get = columns.get
    if Column.MARK in columns:
        return [_Side(None, columns[Column.MARK], get(Column.MINUTES), get(Column.NOTE))]
    return [
        _Side(Session.AM, columns[Column.AM], get(Column.AM_MINUTES), get(Column.AM_NOTE)),
        _Side(Session.PM, columns[Column.PM], get(Column.PM_MINUTES), get(Column.PM_NOTE)),
    ]


def _grid(
    table: Table,
    usable: Numbers,
    pupil: Numbers,
    roll: Roll,
    parts: list[_Part],
    problems: list[Problem],
) -> Grid:
    used = [(part, np.unique(part.of_row[part.kept])) for part in parts]
    sessions = sorted({part.moments[at] for part, indexes in used for at in indexes})
    order = {moment: index for index, moment in enumerate(sessions)}
    rows = np.concatenate([usable[part.kept] for part in parts])
    marks = [table.rows[at][part.side.mark] for part in parts for at in usable[part.kept]]
    texts, numbered = number_texts(marks)
    return Grid(
        layout="long table" if len(parts) == 1 else "daily table",
        roll=roll,
        sessions=tuple(sessions),
        texts=texts,
        pupil=np.concatenate([pupil[part.kept] for part in parts]),
        session=np.concatenate([_indexes(part, order) for part in parts]),
        text=numbered,
        row=np.array(table.numbers, dtype=np.int64)[rows],
        columns=("Mark",) if len(parts) == 1 else tuple(half.value for _, half in sessions),
        notes=tuple(_notes(table, usable, parts)),
        stated=(),
        problems=tuple(problems),
        blank_is_row=len(parts) == 1,
    )


def _indexes(part: _Part, order: dict[Moment, int]) -> Numbers:
    look_up = np.array([order.get(moment, -1) for moment in part.moments], dtype=np.int64)
    return look_up[part.of_row[part.kept]]


def _usable(
    table: Table, heading: int, columns: dict[Column, int]
) -> tuple[list[int], list[Problem]]:
    """Indexes of the rows that reach every needed column, and a problem for each that does not."""
    needs = [Column.UPN, Column.NUMBER, Column.DATE, Column.SESSION]
    needs += [Column.MARK] if Column.MARK in columns else [Column.AM, Column.PM]
    needed = max(columns[column] for column in needs if column in columns)
    width = len(table.rows[heading])
    usable: list[int] = []
    problems: list[Problem] = []
    for at in range(heading + 1, len(table.rows)):
        row = table.rows[at]
        if len(row) == width and row[needed]:
            usable.append(at)
        elif not _is_footer(row) and row != table.rows[heading]:
            if len(row) > needed:
                usable.append(at)
            says = _ragged(row, table.numbers[at], width, needed)
            if says:
                problems.append(Problem(table.numbers[at], None, says))
    return usable, problems


def _is_footer(row: Sequence[str]) -> bool:
    cells = [cell for cell in row if cell.strip()]
    return not cells or (len(cells) <= 3 and bool(FOOTER.match(cells[0].strip())))


def _ragged(row: Sequence[str], number: int, width: int, needed: int) -> str | None:
    if len(row) <= needed:
        return (
            f"Row {number} is cut short: it has {len(row)} cells of {width}, so its mark is "
            "missing. It is not saved; export again or enter the mark by hand."
        )
    if any(cell.strip() for cell in row[width:]):
        return (
            f"Row {number} has {len(row)} cells, but the headings have {width}. The cells under "
            "the headings were read; check this row’s mark."
        )
    return None


def _pupils(table: Table, usable: list[int], columns: dict[Column, int]) -> tuple[Roll, Numbers]:
    """The roll, and the pupil key of each usable row (-1 when it was refused)."""
    indexes = [columns.get(column) for column in IDENTITY]
    held = [index for index in indexes if index is not None]
    last = max(held)
    rows = (table.rows[at] for at in usable)
    cells = [
        tuple([row[index] for index in held])
        if len(row) > last
        else tuple([row[index] if index < len(row) else "" for index in held])
        for row in rows
    ]
    distinct, numbered = number_texts(cells)
    first_at = np.full(len(distinct), len(cells), dtype=np.int64)
    np.minimum.at(first_at, numbered, np.arange(len(cells)))
    people = []
    for texts, at in zip(distinct, first_at, strict=True):
        given = iter(texts)
        full = tuple("" if index is None else next(given) for index in indexes)
        people.append(Who(full, table.numbers[usable[int(at)]]))
    roll = roll_of(people)
    return roll, np.array(roll.key_of, dtype=np.int64)[numbered]


def _moments(
    table: Table, usable: list[int], columns: dict[Column, int], side: _Side, hints: Sequence[str]
) -> tuple[list[Moment], Numbers, list[Problem]]:
    """Distinct (day, session), the index of each usable row's (-1: held), and what was held."""
    dates, at_session = columns[Column.DATE], columns.get(Column.SESSION)
    pairs = [
        (table.rows[at][dates], table.rows[at][at_session] if at_session is not None else "")
        for at in usable
    ]
    distinct, numbered = number_texts(pairs)
    settled = settle({without_time(day) for day, _ in distinct}, hints)
    moments: list[Moment] = []
    look_up = np.full(len(distinct), -1, dtype=np.int64)
    says: dict[int, str] = {}
    for index, (day_text, session_text) in enumerate(distinct):
        text = without_time(day_text)
        session = side.session or half_of(session_text) or half_at(session_text)
        session = session or (None if session_text.strip() else _half_in_date(day_text))
        day: date | None = settled.days.get(text)
        if day is None or session is None:
            says[index] = settled.held.get(text) or _no_session(session_text)
        elif day.weekday() > 4:
            says[index] = f"{day:%-d %B %Y} is a {day:%A}, when a register has no session"
        else:
            look_up[index] = len(moments)
            moments.append((day, session))
    return moments, look_up[numbered], _held(table, usable, numbered, says)


def _half_in_date(text: str) -> Session | None:
    return half_at(text) or half_of(text)


def _no_session(text: str) -> str:
    if not text.strip():
        return "there is no AM or PM, so it is not known which session the mark is for"
    return f"‘{text}’ is neither AM nor PM; lesson marks are not the register’s"


def _held(
    table: Table, usable: list[int], numbered: Numbers, says: dict[int, str]
) -> list[Problem]:
    """One problem a row whose date or session was held; past a number of them, a count."""
    if not says:
        return []
    problems: list[Problem] = []
    listed: Counter[str] = Counter()
    for at in np.flatnonzero(np.isin(numbered, list(says))):
        why, number = says[int(numbered[at])], table.numbers[usable[int(at)]]
        listed[why] += 1
        if listed[why] <= MOST_LISTED:
            problems.append(Problem(number, "Date", f"Row {number}: {why}. It is not saved."))
    for why, count in listed.items():
        if count > MOST_LISTED:
            more = f"{count - MOST_LISTED:,} more rows are not saved: {why}."
            problems.append(Problem(None, "Date", more))
    return problems


def _notes(table: Table, usable: Numbers, parts: list[_Part]) -> Iterator[Note]:
    """Minutes late and notes of each entry, from their columns or from cell comments."""
    start = 0
    for part in parts:
        side, indexes = part.side, usable[part.kept]
        for entry, at in enumerate(indexes.tolist(), start):
            row = table.rows[at]
            minutes_text = _cell(row, side.minutes)
            comment = _cell(row, side.note) or None
            if not minutes_text and not comment and not table.notes:
                continue
            minutes_match = MINUTES.fullmatch(minutes_text)
            minutes = int(minutes_match[1]) if minutes_match else None
            told = table.notes.get((table.numbers[at], side.mark))
            if told:
                told_minutes, told_comment = minutes_and_comment(told)
                minutes = told_minutes if minutes is None else minutes
                comment = comment or told_comment
            if minutes is not None or comment:
                yield Note(entry, minutes, comment)
        start += len(indexes)


def _cell(row: Sequence[str], index: int | None) -> str:
    return row[index].strip() if index is not None and index < len(row) else ""


def _nothing_left(problems: Sequence[Problem]) -> str:
    first = f" {problems[0].says}" if problems else ""
    return f"No row of the file could be read as a mark, so nothing was saved.{first}"
