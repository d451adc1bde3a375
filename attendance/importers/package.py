"""An .xlsx file is a zip of XML: what is checked before anything of it is parsed.

Sizes are those the zip declares, and reading an entry proves them: zipfile stops at the declared
size and then compares the checksum.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from dataclasses import dataclass
from functools import cache
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from attendance.errors import CannotRead

MOST_ENTRIES = 2_000
MOST_BYTES = 300_000_000  # 1,500 pupils x 380 sessions unpack to about 30 million
MOST_RATIO = 150  # repeated marks pack well, to about 40 to 1; a bomb is near 1,000 to 1
RATIO_MATTERS_FROM = 5_000_000

BROKEN = "The Excel file is damaged or cut short. Export or download it again."
NOT_A_WORKBOOK = "The file is a zip but not an Excel workbook (.xlsx). Export the register as CSV."
TOO_BIG = (
    "The Excel file unpacks to far more than a register holds, so it was not opened. "
    "Export the register as CSV."
)
HAS_DTD = "The Excel file holds a document type declaration, which a register never needs."


@dataclass(frozen=True, slots=True)
class Package:
    """A checked zip; ``read`` gives an entry's bytes, empty when there is none."""

    zip: zipfile.ZipFile
    names: frozenset[str]

    def read(self, name: str) -> bytes:
        if name not in self.names:
            return b""
        try:
            data = self.zip.read(name)
        except (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, NotImplementedError):
            raise CannotRead(BROKEN) from None
        if b"<!DOCTYPE" in data or b"<!ENTITY" in data:
            raise CannotRead(HAS_DTD)
        return data

    def xml(self, name: str) -> Element | None:
        """An entry as an element tree, or None when it is not there."""
        data = self.read(name)
        return parse(data) if data else None


def open_package(data: bytes) -> Package:
    """Check a zip's table of contents. Raises CannotRead for what is not a plain workbook."""
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
        entries = archive.infolist()
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError, RuntimeError):
        raise CannotRead(BROKEN) from None
    names = frozenset(entry.filename for entry in entries)
    _check_sizes(entries)
    if any(entry.flag_bits & 1 for entry in entries):
        raise CannotRead("The Excel file is protected by a password. Save it without one.")
    if len(names) != len(entries):
        raise CannotRead(BROKEN)
    if "xl/workbook.xml" not in names:
        raise CannotRead(NOT_A_WORKBOOK)
    return Package(archive, names)


def _check_sizes(entries: list[zipfile.ZipInfo]) -> None:
    if len(entries) > MOST_ENTRIES or sum(entry.file_size for entry in entries) > MOST_BYTES:
        raise CannotRead(TOO_BIG)
    for entry in entries:
        ratio = entry.file_size / max(entry.compress_size, 1)
        if entry.file_size > RATIO_MATTERS_FROM and ratio > MOST_RATIO:
            raise CannotRead(TOO_BIG)


def parse(data: bytes) -> Element:
    """XML to an element tree, without document types, entities or anything from outside."""
    try:
        root: Element = fromstring(data, forbid_dtd=True)
    except (ParseError, DefusedXmlException, ValueError, LookupError):
        raise CannotRead(BROKEN) from None
    return root


MOST_CELLS = 12_000_000  # a cell takes 40 bytes: reading fills in every cell before the last
LAST_COLUMN = 754  # an index; 700 sessions and what comes before and after them
ROW_NUMBER = re.compile(rb'<(?:\w+:)?row\b[^>]*?\br="(\d{5,})"')
CELL_FAR_DOWN = re.compile(rb'\br="[A-Z]{1,3}\d{7,}"')
TRIM = "Delete the rows below the register and the columns to its right, or export it as CSV."


def check_extent(sheet: bytes) -> None:
    """Refuse a sheet with a stray cell far away: reading would fill everything in between."""
    far_right = cell_from(LAST_COLUMN).search(sheet)
    if far_right:
        raise CannotRead(
            f"The sheet has a cell in column {far_right[1].decode()}, beyond any register. {TRIM}"
        )
    last_row = max((int(found) for found in ROW_NUMBER.findall(sheet)), default=10_000)
    if CELL_FAR_DOWN.search(sheet):
        last_row = max(last_row, 1_048_576)
    far_down = cell_from(MOST_CELLS // last_row).search(sheet)
    if far_down:
        raise CannotRead(
            f"The sheet goes down to row {last_row:,} and right to column "
            f"{far_down[1].decode()} or further, which is more than can be read. {TRIM}"
        )


@cache
def cell_from(column: int) -> re.Pattern[bytes]:
    """A pattern that finds a cell reference in this column (an index) or one to its right."""
    letters = column_letters(column)
    forms = [letters]
    for at, letter in enumerate(letters):
        if letter != "Z":
            rest = len(letters) - at - 1
            forms.append(f"{letters[:at]}[{chr(ord(letter) + 1)}-Z][A-Z]{{{rest}}}")
    if len(letters) < 3:
        forms.append(f"[A-Z]{{{len(letters) + 1},3}}")
    return re.compile(rf'\br="({"|".join(forms)})\d+"'.encode())


def column_index(letters: str) -> int:
    """'A' -> 0, 'Z' -> 25, 'AA' -> 26."""
    index = 0
    for letter in letters:
        index = index * 26 + ord(letter) - 64
    return index - 1


def column_letters(index: int) -> str:
    """0 -> 'A', 26 -> 'AA'; the inverse of column_index."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(65 + rest) + letters
    return letters
