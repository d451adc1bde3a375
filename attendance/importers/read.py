"""A register file to an ImportResult. Nothing is saved, and no database is touched."""

from __future__ import annotations

from dataclasses import replace

from attendance.core.imports import ImportResult, Problem
from attendance.errors import CannotRead
from attendance.importers.assemble import assemble
from attendance.importers.grid import Grid
from attendance.importers.headers import Column, columns_in, names_pupils, recognised_cells
from attendance.importers.long import read_long
from attendance.importers.sessions import has_dates_only, session_headings
from attendance.importers.sheet import read_workbook
from attendance.importers.text import Table, read_text
from attendance.importers.wide import read_wide

MOST_BYTES = 25_000_000  # of a packed workbook
MOST_TEXT_BYTES = 80_000_000  # a long table of a large school's year is 40 to 60 million
LOOK_AT = 60  # rows: a heading row comes within them

SIGNATURES: tuple[tuple[bytes, str], ...] = (
    (b"%PDF", "It is a PDF: export the register as CSV or Excel (.xlsx) instead."),
    (b"\x89PNG", "It is a picture: export the register as CSV or Excel (.xlsx) instead."),
    (b"\xff\xd8\xff", "It is a picture: export the register as CSV or Excel (.xlsx) instead."),
    (b"GIF8", "It is a picture: export the register as CSV or Excel (.xlsx) instead."),
    (
        b"\xd0\xcf\x11\xe0",
        "It is an old Excel file (.xls) or protected by a password: "
        "save it as .xlsx without a password.",
    ),
    (b"{\\rtf", "It is a text document: export the register as CSV or Excel (.xlsx) instead."),
    (b"\x1f\x8b", "It is compressed: unpack it first."),
)


def read_register(data: bytes, file_name: str) -> ImportResult:
    """Read a wide or long register, CSV or XLSX.

    Raises CannotRead, with one sentence, for a file that is not understood. What is understood
    comes back with its problems: each is either saved with a warning or held, as it says.
    """
    check_is_table(data)
    tables = read_workbook(data) if data.startswith(b"PK") else [read_text(data)]
    found: list[tuple[Table, Grid]] = []
    refusals: list[str] = []
    for table in tables:
        try:
            found.append((table, _grid(table, file_name)))
        except CannotRead as refusal:
            refusals.append(str(refusal))
    if not found:
        raise CannotRead(refusals[0] if refusals else NO_HEADINGS)
    table, grid = max(found, key=lambda each: len(each[1].text))
    others = [each.name for each, _ in found if each is not table]
    return _with(assemble(grid, table, file_name, data), others, table.name)


def check_is_table(data: bytes) -> None:
    """Raise CannotRead for what cannot be a text table or an .xlsx workbook, by its first bytes."""
    if not data.strip():
        raise CannotRead("The file is empty: there is nothing to import.")
    most = MOST_BYTES if data.startswith(b"PK") else MOST_TEXT_BYTES
    if len(data) > most:
        raise CannotRead(
            f"The file is {len(data) / 1e6:.0f} MB; at most {most / 1e6:.0f} MB can be read. "
            "Export a shorter period."
        )
    for signature, says in SIGNATURES:
        if data.startswith(signature):
            raise CannotRead(f"This program cannot read the file. {says}")
    start = data.removeprefix(b"\xef\xbb\xbf").lstrip()[:1]
    if start == b"<":
        raise CannotRead(
            "The file is XML or HTML, which this program does not read. Export the register as "
            "CSV or Excel (.xlsx)."
        )
    if start in (b"{", b"["):
        raise CannotRead(
            "The file is JSON, which this program does not read. Export the register as CSV or "
            "Excel (.xlsx)."
        )


NO_HEADINGS = (
    "No heading row was found. A register needs a column UPN or admission number, and either one "
    "column a session (Mon 02/11/2026 AM) or the columns Date, Session and Mark."
)
NO_KEY = (
    "The file has neither a UPN nor an admission number, and names alone are never a key. "
    "Add the UPN column to the export."
)


def _grid(table: Table, file_name: str) -> Grid:
    """Find the heading row and read the layout it announces."""
    why = NO_HEADINGS
    for at, row in enumerate(table.rows[:LOOK_AT]):
        if recognised_cells(row) < 2:
            continue
        columns = columns_in(row)
        if not names_pupils(columns):
            continue
        hints = _hints(table, at, file_name)
        has_key = Column.UPN in columns or Column.NUMBER in columns
        if _is_long(columns):
            if not has_key:
                raise CannotRead(NO_KEY)
            return read_long(table, at, hints)
        headings = session_headings(table.rows, table.numbers, at, hints)
        if headings:
            if not has_key:
                raise CannotRead(NO_KEY)
            return read_wide(table, at, headings)
        if has_dates_only(table.rows, at):
            why = "The columns name dates but not AM or PM. Export one column for each session."
    raise CannotRead(why)


def _is_long(columns: dict[Column, int]) -> bool:
    marks = Column.MARK in columns or (Column.AM in columns and Column.PM in columns)
    return Column.DATE in columns and marks


def _hints(table: Table, heading: int, file_name: str) -> list[str]:
    """Texts that may name the year: the titles, the sheet's name, the footer, the file's name."""
    titles = [cell for row in table.rows[:heading] for cell in row if cell]
    return [*titles, table.name, file_name]


def _with(result: ImportResult, others: list[str], used: str) -> ImportResult:
    if not others:
        return result
    says = (
        f"Only the sheet ‘{used}’ was read. {', '.join(f'‘{name}’' for name in others)} also "
        "hold registers: save each as a file of its own and import it too."
    )
    return replace(result, problems=(Problem(None, None, says), *result.problems))
