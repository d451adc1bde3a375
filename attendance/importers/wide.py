"""Wide registers: one row a pupil, one column a session."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain

import numpy as np

from attendance.core.imports import Problem
from attendance.errors import CannotRead
from attendance.importers.grid import Grid, Moment, Note, Stated, minutes_and_comment, number_texts
from attendance.importers.headers import WHO, Column, columns_in
from attendance.importers.pupils import IDENTITY, Roll, Who, roll_of
from attendance.importers.sessions import SessionColumn, SessionHeadings
from attendance.importers.text import Table

MOST_ROWS, MOST_COLUMNS = 20_000, 700
SUB_HEADING = re.compile(
    r"(?:registration|reg|tutor|form)\s*(?:group|form|class)?\s*[:\-]\s*(.+)"
    r"|(?:form|class)\s+(\S+)|(\d{1,2}[A-Z]{1,3}\d?)",
    re.IGNORECASE,
)
SUMMARY = re.compile(
    r"(grand |sub ?)?totals?\b|number of\b|count\b|average\b|mean\b|%|printed\b|page \d",
    re.IGNORECASE,
)
STATED = (
    Column.POSSIBLE,
    Column.ATTENDED,
    Column.AUTHORISED,
    Column.UNAUTHORISED,
    Column.LATES,
)


@dataclass(frozen=True, slots=True)
class _Line:
    """One pupil's row: its index in the table, its number in the file, and the form above it."""

    at: int
    number: int
    form: str


def read_wide(table: Table, heading: int, headings: SessionHeadings) -> Grid:
    """A wide table to entries. ``heading`` is the index of the row with the known words."""
    _check_size(table, headings)
    columns = columns_in(table.rows[heading])
    sessions = headings.columns
    problems: list[Problem] = []
    lines = list(_lines(table, headings, heading, columns, problems))
    if not lines:
        raise CannotRead("No pupil’s row was found below the headings; nothing was saved.")
    roll = roll_of([_who(table.rows[line.at], line, columns) for line in lines])
    kept = [(line, key) for line, key in zip(lines, roll.key_of, strict=True) if key >= 0]
    problems += _held_columns(table, lines, headings)
    width = max(column.index for column in sessions) + 1
    problems += _ragged(table, [line for line, _ in kept], len(table.rows[heading]), width)
    return _grid(table, kept, sessions, columns, roll, problems)


def _check_size(table: Table, headings: SessionHeadings) -> None:
    if len(table.rows) > MOST_ROWS:
        raise CannotRead(
            f"The register has {len(table.rows):,} rows; {MOST_ROWS:,} can be read at once. "
            "Export it in parts."
        )
    if len(headings.columns) > MOST_COLUMNS:
        raise CannotRead(
            f"The register has {len(headings.columns):,} session columns; {MOST_COLUMNS} can be "
            "read at once. Export one school year at a time."
        )
    if not headings.columns:
        says = next((problem.says for problem in headings.held.values()), "")
        raise CannotRead(f"No column could be read as a session. {says}".strip())


def _held_columns(table: Table, lines: list[_Line], headings: SessionHeadings) -> Iterator[Problem]:
    """Problems of the columns that were not read, unless they hold no mark (a weekend)."""
    rows = [table.rows[line.at] for line in lines]
    for index, problem in headings.held.items():
        if any(_cell(row, index) not in ("", "-", "#") for row in rows):
            yield problem


def _grid(
    table: Table,
    kept: list[tuple[_Line, int]],
    sessions: Sequence[SessionColumn],
    columns: dict[Column, int],
    roll: Roll,
    problems: list[Problem],
) -> Grid:
    indexes = [column.index for column in sessions]
    padding = [""] * (max(indexes) + 1)
    cells = list(
        chain.from_iterable(_cells(table.rows[line.at], indexes, padding) for line, _ in kept)
    )
    texts, numbered = number_texts(cells)
    keys = np.array([key for _, key in kept], dtype=np.int64)
    rows = np.array([line.number for line, _ in kept], dtype=np.int64)
    order = _sorted_sessions(sessions)
    return Grid(
        layout="wide register",
        roll=roll,
        sessions=tuple(order),
        texts=texts,
        pupil=np.repeat(keys, len(indexes)),
        session=np.tile([order[each.day, each.session] for each in sessions], len(kept)),
        text=numbered,
        row=np.repeat(rows, len(indexes)),
        columns=_column_names(sessions, order),
        notes=tuple(_notes(table, kept, indexes)),
        stated=tuple(_stated(table, kept, columns)),
        problems=tuple(problems),
    )


def _sorted_sessions(sessions: Sequence[SessionColumn]) -> dict[Moment, int]:
    return {moment: at for at, moment in enumerate(sorted({(s.day, s.session) for s in sessions}))}


def _column_names(sessions: Sequence[SessionColumn], order: dict[Moment, int]) -> tuple[str, ...]:
    names = [""] * len(order)
    for each in sessions:
        names[order[each.day, each.session]] = each.heading
    return tuple(names)


def _cells(row: list[str], indexes: list[int], padding: list[str]) -> list[str]:
    if len(row) < len(padding):
        row = row + padding[len(row) :]
    return [row[index] for index in indexes]


def _lines(
    table: Table,
    headings: SessionHeadings,
    heading: int,
    columns: dict[Column, int],
    problems: list[Problem],
) -> Iterator[_Line]:
    """The pupils' rows: without sub-headings, repeated headings, totals and footers."""
    form = ""
    session_indexes = [column.index for column in headings.columns]
    for at in range(headings.last_row + 1, len(table.rows)):
        row = table.rows[at]
        if row == table.rows[heading] or row == table.rows[headings.last_row]:
            continue
        if len(columns_in(row)) >= 3 and not _has_marks(row, session_indexes):
            problems.append(_second_register(table.numbers[at]))
            return
        if _is_pupil(row, columns, session_indexes):
            yield _Line(at, table.numbers[at], form)
        else:
            form = _sub_heading(row) or form


def _second_register(number: int) -> Problem:
    says = (
        f"Row {number}: other headings begin here. Only the rows above were read; "
        "save the second register as a file of its own and import it too."
    )
    return Problem(number, None, says)


def _has_marks(row: Sequence[str], indexes: Sequence[int]) -> bool:
    return any(index < len(row) and len(row[index].strip()) in (1, 2) for index in indexes)


def _is_pupil(row: Sequence[str], columns: dict[Column, int], indexes: Sequence[int]) -> bool:
    who = [_cell(row, columns.get(column)) for column in WHO]
    if not any(who):
        return False
    first = next(text for text in who if text)
    if SUMMARY.match(first) and not (who[0] and who[1]):
        return False
    has_name = any(who[2:])
    has_cells = any(_cell(row, index) for index in indexes)
    return has_name and any(who[:2]) or has_cells


def _cell(row: Sequence[str], index: int | None) -> str:
    return row[index].strip() if index is not None and index < len(row) else ""


def _sub_heading(row: Sequence[str]) -> str | None:
    """The form that a row such as 'Registration Group: 7A' puts the pupils below it in."""
    cells = [cell.strip() for cell in row if cell.strip()]
    found = SUB_HEADING.fullmatch(cells[0]) if len(cells) == 1 else None
    return next(group for group in found.groups() if group).strip() if found else None


def _who(row: Sequence[str], line: _Line, columns: dict[Column, int]) -> Who:
    texts = [_cell(row, columns.get(column)) for column in IDENTITY]
    # UPNs keep their spaces and case, so that a tidied one can be told
    if Column.UPN in columns and columns[Column.UPN] < len(row):
        texts[IDENTITY.index(Column.UPN)] = row[columns[Column.UPN]]
    form = IDENTITY.index(Column.FORM)
    texts[form] = texts[form] or line.form
    return Who(tuple(texts), line.number)


def _ragged(table: Table, lines: list[_Line], width: int, needed: int) -> Iterator[Problem]:
    for line in lines:
        row = table.rows[line.at]
        extra = [cell for cell in row[width:] if cell.strip()]
        if extra and len(row) > width:
            says = (
                f"Row {line.number} has {len(row)} cells, but the headings have {width}. The cells "
                "under the headings were read; check that no mark has moved to the right."
            )
            yield Problem(line.number, None, says)
        elif len(row) < needed and table.kind == "CSV":
            says = (
                f"Row {line.number} is cut short: it has {len(row)} cells of {width}. The sessions "
                "it does not reach were read as having no mark."
            )
            yield Problem(line.number, None, says)


def _notes(table: Table, kept: list[tuple[_Line, int]], indexes: list[int]) -> Iterator[Note]:
    """Cell comments that stand on marks."""
    at_column = {index: at for at, index in enumerate(indexes)}
    at_row = {line.number: at for at, (line, _) in enumerate(kept)}
    for (number, index), text in sorted(table.notes.items()):
        if number in at_row and index in at_column:
            minutes, comment = minutes_and_comment(text)
            entry = at_row[number] * len(indexes) + at_column[index]
            yield Note(entry, minutes, comment)


def _stated(
    table: Table, kept: list[tuple[_Line, int]], columns: dict[Column, int]
) -> Iterator[Stated]:
    for line, key in kept:
        cells = {each: _cell(table.rows[line.at], columns.get(each)) for each in STATED}
        totals = {each.value: int(cell) for each, cell in cells.items() if cell.isdecimal()}
        if totals:
            yield Stated(key, line.number, totals)
