r"""Register files drawn the way tests/build.py draws registers: wide_csv(r"/\ NN").

A day is two cells, days are parted by spaces; ``-`` is written as a dash, ``.`` as an empty cell.
"""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from openpyxl import Workbook
from openpyxl.comments import Comment

from attendance.core.imports import ImportResult
from attendance.core.upn import check_letter
from attendance.importers.read import read_register
from attendance.rules.codes import CODE_OF
from tests.build import marks_of

MONDAY = date(2026, 11, 2)
NAMES = ("Testwick,Amina", "Sampleton,Bram", "Madeupham,Cleo", "Inventley,Dov", "Fableford,Esi")


def upn(number: int) -> str:
    """A UPN of the unallocated authority 999 with the right check letter."""
    return check_letter(f"?999499{number:06d}") + f"999499{number:06d}"


def days_from(first_day: date, count: int) -> list[date]:
    """So many weekdays."""
    days = [first_day + timedelta(days=n) for n in range(count * 2)]
    return [day for day in days if day.weekday() < 5][:count]


def cells_of(line: str) -> list[str]:
    cells = [mark for day in line.split() for mark in marks_of(day)]
    return ["" if cell == "." else cell for cell in cells]


def wide_rows(
    *lines: str, forms: Sequence[str] | None = None, first_day: date = MONDAY
) -> list[list[str]]:
    """A heading row and one row a pupil."""
    cells = [cells_of(line) for line in lines]
    days = days_from(first_day, max(len(line) for line in cells) // 2)
    sessions = [f"{day:%a %d/%m/%Y} {half}" for day in days for half in ("AM", "PM")]
    rows = [["UPN", "Adm No", "Surname", "Forename", "Year", "Reg Group", *sessions]]
    for number, line in enumerate(cells):
        form = forms[number] if forms else "7A"
        surname, forename = NAMES[number % 5].split(",")
        rows.append(
            [upn(number), f"{4101 + number:06d}", surname, forename, form.rstrip("AB"), form, *line]
        )
    return rows


def wide(*lines: str, **how: object) -> ImportResult:
    """A wide CSV of these lines, read."""
    return read(csv_of(wide_rows(*lines, **how)))  # type: ignore[arg-type]


def long(*rows: str, heading: str = "UPN,Surname,Forename,Form,Date,Session,Mark") -> ImportResult:
    """A long CSV, read. A row without a pupil ('03/11/2026,AM,/') is Amina's."""
    return read(long_csv(*rows, heading=heading))


def long_csv(*rows: str, heading: str = "UPN,Surname,Forename,Form,Date,Session,Mark") -> bytes:
    who = f"{upn(0)},Testwick,Amina,7A,"
    return "\n".join([heading, *(who + row if row[0].isdigit() else row for row in rows)]).encode()


def csv_of(rows: Sequence[Sequence[str]]) -> bytes:
    return "\r\n".join(",".join(row) for row in rows).encode()


def xlsx_of(
    rows: Sequence[Sequence[object]],
    *,
    comments: Mapping[str, str] | None = None,
    merged: Sequence[str] = (),
    other_sheets: Mapping[str, Sequence[Sequence[object]]] | None = None,
) -> bytes:
    book = Workbook()
    sheet = book.active
    sheet.title = "Register"
    for row in rows:
        sheet.append(list(row))
    for cell, text in (comments or {}).items():
        sheet[cell].comment = Comment(text, "Office")
    for cells in merged:
        sheet.merge_cells(cells)
    for name, others in (other_sheets or {}).items():
        other = book.create_sheet(name, 0)
        for row in others:
            other.append(list(row))
    return saved(book)


def saved(book: Workbook) -> bytes:
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def read(data: bytes, file_name: str = "register.csv") -> ImportResult:
    return read_register(data, file_name)


def drawn(result: ImportResult, pupil: int = 0) -> str:
    """A pupil's marks as they are drawn, days parted by spaces; '-' where nothing was saved."""
    codes = [CODE_OF[chr(symbol)] for symbol in result.marks[pupil]]
    line = ""
    for at, (code, (day, _)) in enumerate(zip(codes, result.sessions, strict=True)):
        is_new_day = at > 0 and result.sessions[at - 1][0] != day
        line += " " + code if is_new_day else code
    return line


def said(result: ImportResult) -> str:
    """Every sentence about the file."""
    return "\n".join(problem.says for problem in result.problems)
