"""Cells, tables and print settings of every workbook: restrained, typed, and safe to open.

Text is stored as text whatever it begins with: a name such as ``=HYPERLINK(…)`` is shown and
never worked out.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from openpyxl.cell import Cell
from openpyxl.styles import Alignment, Border, Font, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.table import Table, TableStyleInfo
from openpyxl.worksheet.worksheet import Worksheet

Value = str | int | float | date | datetime | None

LONDON = ZoneInfo("Europe/London")
FACE = "Arial"  # on every school's machine, and measured alike by LibreOffice
ACCENT, TEXT, QUIET, RULE, WAITS = "12436D", "1E1D1B", "5E5A52", "BDB8AC", "9A3D0A"

LONGEST_TEXT = 32_767  # Excel's own limit for one cell
# What XML 1.0 cannot hold; a file with one of these does not open.
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_FORMULA_LIKE = ("=", "+", "-", "@", "\t", "\n")

DATE, DATE_TIME = "d mmm yyyy", "d mmm yyyy h:mm"
WHOLE, PER_CENT = "#,##0", "0.0 %"

BODY = Font(name=FACE, size=10, color=TEXT)
LABEL = Font(name=FACE, size=10, color=QUIET)
STRONG = Font(name=FACE, size=10, color=TEXT, bold=True)
LEAD = Font(name=FACE, size=12, color=TEXT, bold=True)
HEADER = Font(name=FACE, size=10, color=ACCENT, bold=True)
LINK = Font(name=FACE, size=10, color=ACCENT, underline="single")
HEADING = Font(name=FACE, size=12, color=ACCENT, bold=True)
TITLE = Font(name=FACE, size=18, color=ACCENT, bold=True)
ATTENTION = Font(name=FACE, size=10, color=WAITS, bold=True)

TO_THE_RIGHT = Alignment(horizontal="right", vertical="center", wrap_text=True)
TO_THE_LEFT = Alignment(horizontal="left", vertical="center", wrap_text=True)
# In a table words keep a little off the column before.
AFTER_A_GAP = Alignment(horizontal="left", vertical="center", wrap_text=True, indent=1)

_THIN = Side(style="hair", color=RULE)
_RULE = Side(style="thin", color=ACCENT)
UNDER_ROWS, UNDER_HEADINGS = Border(bottom=_THIN), Border(bottom=_RULE)


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table: its heading, width in characters, number format and alignment."""

    heading: str
    width: float
    shown_as: str | None = None
    right: bool = False


def clean(text: str) -> str:
    """The text with line ends as Excel keeps them and without what XML cannot hold."""
    one_way = text.replace("\r\n", "\n").replace("\r", "\n")
    return _NOT_XML.sub("", one_way)[:LONGEST_TEXT]


def put(
    sheet: Worksheet,
    row: int,
    column: int,
    value: Value,
    font: Font = BODY,
    shown_as: str | None = None,
    right: bool = False,
    across: int = 1,
) -> Cell:
    """Write one value, over ``across`` columns, typed: text never becomes a formula or an error."""
    cell: Cell = sheet.cell(row=row, column=column)
    if isinstance(value, str):
        cell.value = clean(value)
        cell.data_type = "s"
        cell.quotePrefix = cell.value.startswith(_FORMULA_LIKE)
    elif isinstance(value, datetime):
        cell.value = value.astimezone(LONDON).replace(tzinfo=None)
        cell.number_format = DATE_TIME
    elif value is not None:
        cell.value = value
        cell.number_format = DATE if isinstance(value, date) else WHOLE
    if shown_as is not None:
        cell.number_format = shown_as
    cell.font = font
    cell.alignment = TO_THE_RIGHT if right else TO_THE_LEFT
    if across > 1:
        sheet.merge_cells(
            start_row=row, start_column=column, end_row=row, end_column=column + across - 1
        )
    return cell


def underline(sheet: Worksheet, row: int, columns: int, strong: bool = False) -> None:
    """A thin rule under a row."""
    border = UNDER_HEADINGS if strong else UNDER_ROWS
    for column in range(1, columns + 1):
        sheet.cell(row=row, column=column).border = border


def title(sheet: Worksheet, text: str, subtitle: str, widths: Sequence[float]) -> int:
    """Set the columns, the sheet's title and the line under it; gives the next free row."""
    columns = len(widths)
    for at, width in enumerate(widths, start=1):
        sheet.column_dimensions[get_column_letter(at)].width = width
    put(sheet, 1, 1, text, TITLE, across=columns)
    put(sheet, 2, 1, subtitle, LABEL, across=columns)
    sheet.row_dimensions[1].height = 28
    fit_height(sheet, 2, [sum(widths)], [subtitle])
    underline(sheet, 2, columns, strong=True)
    return 4


def heading(sheet: Worksheet, row: int, text: str, columns: int) -> int:
    """A section's heading; gives the next row."""
    put(sheet, row, 1, text, HEADING, across=columns)
    sheet.row_dimensions[row].height = 20
    return row + 1


def table(
    sheet: Worksheet,
    row: int,
    columns: Sequence[Column],
    rows: Sequence[Sequence[Value]],
    name: str,
    blank_rows: int = 0,
) -> int:
    """A real Excel table with filters whose header stays in view and on every printed page.

    ``blank_rows`` are left to be filled in. Gives the next free row.
    """
    header(sheet, row, columns)
    for below, values in enumerate([*rows, *[[None] * len(columns)] * blank_rows], start=row + 1):
        for at, (column, value) in enumerate(zip(columns, values, strict=True), start=1):
            cell = put(sheet, below, at, value, shown_as=column.shown_as, right=column.right)
            _keep_off(cell, column)
        underline(sheet, below, len(columns))
        fit_height(sheet, below, widths_of(columns), values)
    last = row + len(rows) + blank_rows
    _as_table(sheet, f"A{row}:{get_column_letter(len(columns))}{last}", name)
    sheet.freeze_panes = f"A{row + 1}"
    sheet.print_title_rows = f"{row}:{row}"
    return last + 2


def header(sheet: Worksheet, row: int, columns: Sequence[Column]) -> None:
    """The row of headings, in the accent over a thin rule."""
    for at, column in enumerate(columns, start=1):
        _keep_off(put(sheet, row, at, column.heading, HEADER, right=column.right), column)
    underline(sheet, row, len(columns), strong=True)
    fit_height(sheet, row, widths_of(columns), [c.heading for c in columns])


def widths_of(columns: Sequence[Column]) -> list[float]:
    return [column.width for column in columns]


def _keep_off(cell: Cell, column: Column) -> None:
    if cell.column > 1 and not column.right:
        cell.alignment = AFTER_A_GAP


def _as_table(sheet: Worksheet, ref: str, name: str) -> None:
    made = Table(displayName=name, name=name, ref=ref)
    made.tableStyleInfo = TableStyleInfo(name="TableStyleLight1", showRowStripes=False)
    sheet.add_table(made)


def fit_height(
    sheet: Worksheet, row: int, widths: Sequence[float], values: Sequence[Value]
) -> None:
    """Give a row the height of its longest wrapped text: Excel fits merged cells to nothing."""
    lines = max(
        (_lines(value, width) for value, width in zip(values, widths, strict=True)), default=1
    )
    sheet.row_dimensions[row].height = min(12.75 * lines + 5, 409)


def _lines(value: Value, width: float) -> int:
    if not isinstance(value, str):
        return 1
    # A width counts digits, which are wider than most letters; wrapping at words wastes the rest.
    room = max(int(width * 1.25), 1)
    return sum(max(-(-len(line) // room), 1) for line in value.split("\n"))


def set_up_page(sheet: Worksheet, left: str, right: str) -> None:
    """A4 landscape, one page wide, with page numbers and what kind of data this is."""
    sheet.sheet_view.showGridLines = False
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = sheet.PAPERSIZE_A4
    sheet.page_setup.fitToWidth = 1
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    margins: Any = sheet.page_margins
    margins.left = margins.right = 0.5
    margins.top, margins.bottom, margins.footer = 0.5, 0.7, 0.3
    sheet.oddFooter.left.text = _in_footer(left)
    sheet.oddFooter.center.text = "Page &P of &N"
    sheet.oddFooter.right.text = _in_footer(right)
    for part in (sheet.oddFooter.left, sheet.oddFooter.center, sheet.oddFooter.right):
        part.font, part.size = f"{FACE},Regular", 8


def _in_footer(text: str) -> str:
    """An ampersand begins a code in a footer; a leading digit would join the size before it."""
    return " " + clean(text).replace("\n", " ").replace("&", "&&")[:100]
