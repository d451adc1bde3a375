"""An .xlsx workbook to rows of text, one table a sheet, with cell comments."""

from __future__ import annotations

import io
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta

from python_calamine import (
    CalamineError,
    CalamineSheet,
    CalamineWorkbook,
    SheetMetadata,
    SheetVisibleEnum,
)

from attendance.errors import CannotRead
from attendance.importers.comments import comments_of, sheet_files
from attendance.importers.package import BROKEN, MOST_CELLS, Package, check_extent, open_package
from attendance.importers.text import Table

MOST_SHEETS = 60

Cell = int | float | str | bool | time | date | datetime | timedelta


def read_workbook(data: bytes) -> list[Table]:
    """The workbook's visible sheets that hold anything. Raises CannotRead."""
    package = open_package(data)
    files = sheet_files(package)
    if not files or len(files) > MOST_SHEETS:
        raise CannotRead("The Excel file has no sheet that could be a register.")
    for file in files.values():
        check_extent(package.read(file))
    for name in package.names:
        if name.startswith("xl/sharedStrings"):
            package.read(name)
    return _tables(data, package, files)


def _tables(data: bytes, package: Package, files: dict[str, str]) -> list[Table]:
    tables: list[Table] = []
    try:
        with CalamineWorkbook.from_filelike(io.BytesIO(data)) as workbook:
            for name in (each.name for each in workbook.sheets_metadata if _is_shown(each)):
                if name in files and _cells(tables) <= MOST_CELLS:
                    tables.append(_table(workbook.get_sheet_by_name(name), package, files[name]))
    # calamine's Rust code panics on some damaged files, and a panic is a BaseException
    except (CalamineError, ValueError, OSError, KeyError, IndexError, OverflowError):
        raise CannotRead(BROKEN) from None
    except BaseException as error:
        if type(error).__name__ == "PanicException":
            raise CannotRead(BROKEN) from None
        raise
    if _cells(tables) > MOST_CELLS:
        raise CannotRead("The workbook’s sheets hold more than can be read at once. Split it.")
    return [table for table in tables if table.rows]


def _cells(tables: Iterable[Table]) -> int:
    return sum(len(table.rows) * len(table.rows[0]) for table in tables if table.rows)


def _is_shown(sheet: SheetMetadata) -> bool:
    return sheet.visible == SheetVisibleEnum.Visible


def _table(sheet: CalamineSheet, package: Package, file: str) -> Table:
    cells: dict[str, str] = {}
    rows = [_texts(row, cells) for row in sheet.to_python(skip_empty_area=False)]
    numbers = list(range(1, len(rows) + 1))
    return Table(rows, numbers, "Excel", sheet.name, comments_of(package, file))


def _texts(row: Iterable[Cell], cells: dict[str, str]) -> list[str]:
    texts = (cell if type(cell) is str else text_of(cell) for cell in row)
    return [cells.setdefault(text, text) for text in texts]


def text_of(cell: Cell) -> str:
    """A cell as text: dates as ISO (with the time if they have one), whole numbers bare."""
    if isinstance(cell, str):
        return cell
    if isinstance(cell, datetime):
        is_midnight = cell.time() == time()
        return cell.date().isoformat() if is_midnight else cell.strftime("%Y-%m-%d %H:%M")
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell)
