"""Bytes of a text file to rows of cells: encoding, then delimiter, then line numbers."""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice

from attendance.core.imports import Problem
from attendance.errors import CannotRead
from attendance.importers.headers import recognised_cells

DELIMITERS = (",", ";", "\t", "|")
MOST_ROWS = 2_000_000
LOOK_AT = 60  # lines: a heading row comes within them
LOOK_AT_BYTES = 64 * 1024
LONGEST_CELL = 30  # lines; longer means a quotation mark that was never closed

BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of text with the number each has in the file.

    ``notes`` are cell comments by (row number, column index); ``name`` is the sheet's.
    """

    rows: list[list[str]]
    numbers: list[int]
    kind: str  # "CSV" or "Excel", for the format in words
    name: str = ""
    notes: dict[tuple[int, int], str] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()


def read_text(data: bytes) -> Table:
    """Rows of a delimited text file. Raises CannotRead when it is not one."""
    encoding, problems = encoding_of(data)
    head = data[:LOOK_AT_BYTES].decode(encoding, errors="ignore")
    rows: list[list[str]] = []
    numbers: list[int] = []
    cells: dict[str, str] = {}
    # read as a stream: the whole text at once would take four bytes a character
    lines = io.TextIOWrapper(io.BytesIO(data), encoding, errors="replace", newline="")
    for number, row in _records(lines, delimiter_of(head)):
        if len(rows) >= MOST_ROWS:
            raise CannotRead(
                f"The file has more than {MOST_ROWS:,} rows. Export a shorter period and import "
                "the parts one after another."
            )
        rows.append([cells.setdefault(cell, cell) for cell in row])
        numbers.append(number)
    return Table(rows, numbers, "CSV", problems=tuple(problems))


def encoding_of(data: bytes) -> tuple[str, list[Problem]]:
    """By the byte order mark, else UTF-8, else Windows-1252 with a warning."""
    for bom, encoding in BOMS:
        if data.startswith(bom):
            return _checked(data, encoding), []
    if b"\x00" in data:
        raise CannotRead("The file is not text. Export the register again as CSV or Excel (.xlsx).")
    try:
        data.decode("utf-8")
        return "utf-8", []
    except UnicodeDecodeError:
        text = data.decode("cp1252", errors="replace")
    says = "The file is not UTF-8; it was read as Windows text (cp1252). Check accented names."
    if "\N{REPLACEMENT CHARACTER}" in text:
        says += " Some characters could not be read and are shown as �."
    return "cp1252", [Problem(None, None, says)]


def _checked(data: bytes, encoding: str) -> str:
    try:
        data.decode(encoding)
    except UnicodeDecodeError:
        raise CannotRead(
            "The file’s text is damaged or cut short. Export the register again."
        ) from None
    return encoding


def delimiter_of(head: str) -> str:
    """The delimiter under which the first lines show most heading words.

    csv.Sniffer is not used: it fails on files with title rows.
    """
    return max(DELIMITERS, key=lambda each: _heading_words(head, each))


def _heading_words(head: str, delimiter: str) -> int:
    try:
        rows = list(islice(csv.reader(io.StringIO(head), delimiter=delimiter), LOOK_AT))
    except csv.Error:
        return 0
    return max((recognised_cells(row) for row in rows), default=0)


def _records(lines: Iterable[str], delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """(line number, cells); a record of several lines has the number of its first."""
    # no escape character: a backslash is a mark
    reader = csv.reader(lines, delimiter=delimiter)
    before = 0
    try:
        for row in reader:
            if reader.line_num - before > LONGEST_CELL:
                raise CannotRead(_open_quote(before + 1))
            yield before + 1, row
            before = reader.line_num
    except csv.Error:
        raise CannotRead(_open_quote(before + 1)) from None


def _open_quote(row: int) -> str:
    return (
        f"Row {row}: a quotation mark is opened and not closed, so the rows after it cannot be "
        "told apart. Export the register again."
    )
