"""Files that are not registers, and those made to harm: one sentence, and nothing read."""

from __future__ import annotations

import io
import zipfile

import pytest

from attendance.errors import CannotRead
from attendance.importers import read
from attendance.importers.package import cell_from, column_index, column_letters
from tests.importers.draw import csv_of, long_csv, wide_rows, xlsx_of
from tests.importers.draw import read as read_file

XLSX = xlsx_of(wide_rows(r"/\ "))


def altered(name: str, change: object, extra: dict[str, bytes] | None = None) -> bytes:
    """The workbook with one entry's bytes changed by ``change``, and more entries."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(XLSX)) as was, zipfile.ZipFile(out, "w", 8) as now:
        for entry in was.namelist():
            data = was.read(entry)
            now.writestr(entry, change(data) if entry == name else data)  # type: ignore[operator]
        for entry, data in (extra or {}).items():
            now.writestr(entry, data)
    return out.getvalue()


SHEET = "xl/worksheets/sheet1.xml"


@pytest.mark.parametrize(
    "data, says",
    [
        (b"", "empty"),
        (b"  \r\n ", "empty"),
        (b"%PDF-1.7 ...", "PDF"),
        (b"\x89PNG\r\n\x1a\n", "picture"),
        (b"\xff\xd8\xff\xe0", "picture"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1", "old Excel"),
        (b"<?xml version='1.0'?><a/>", "XML"),
        (b"\xef\xbb\xbf <html>", "XML or HTML"),
        (b'{"a": 1}', "JSON"),
        (b"PK\x03\x04 and then nothing", "damaged"),
        (b"just a line of words", "No heading row"),
        (b"a\x00b\x00c", "not text"),
        (b"\xff\xfeabc", "cut short"),
        (b"UPN,Name\n", "No heading row"),
        (csv_of(wide_rows(r"/\ ")) + b'\n"' + b"x\n" * 40, "quotation mark"),
    ],
)
def test_a_file_that_is_not_understood_is_refused_with_one_sentence(data: bytes, says: str) -> None:
    with pytest.raises(CannotRead, match=says):
        read_file(data)


def test_a_file_over_the_size_limit_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(read, "MOST_TEXT_BYTES", 100)
    with pytest.raises(CannotRead, match="at most"):
        read_file(long_csv("02/11/2026,AM,/") * 2)


def test_a_zip_that_is_no_workbook_is_refused() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("letter.docx", b"x")
    with pytest.raises(CannotRead, match="not an Excel workbook"):
        read_file(out.getvalue())


def test_a_document_type_declaration_in_a_sheet_is_refused() -> None:
    harm = b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>'
    with pytest.raises(CannotRead, match="document type declaration"):
        read_file(altered(SHEET, lambda data: harm + data))


def test_a_stray_cell_in_the_last_corner_is_refused_before_anything_is_filled() -> None:
    stray = b'<row r="1048576"><c r="XFD1048576" t="n"><v>1</v></c></row></sheetData>'
    data = altered(SHEET, lambda sheet: sheet.replace(b"</sheetData>", stray))
    with pytest.raises(CannotRead, match="column XFD, beyond any register"):
        read_file(data)


def test_a_stray_cell_far_down_beside_a_wide_sheet_is_refused() -> None:
    stray = b'<row r="1048576"><c r="ZZ1048576" t="n"><v>1</v></c></row></sheetData>'
    data = altered(SHEET, lambda sheet: sheet.replace(b"</sheetData>", stray))
    with pytest.raises(CannotRead, match="down to row 1,048,576"):
        read_file(data)


def test_a_zip_with_very_many_entries_is_refused() -> None:
    extra = {f"xl/media/{n}.xml": b"" for n in range(2_100)}
    with pytest.raises(CannotRead, match="unpacks to far more"):
        read_file(altered(SHEET, bytes, extra))


def test_a_zip_entry_that_packs_too_well_is_refused() -> None:
    with pytest.raises(CannotRead, match="unpacks to far more"):
        read_file(altered(SHEET, bytes, {"xl/bomb.xml": b"0" * 6_000_000}))


def test_a_sheet_whose_bytes_are_damaged_is_refused() -> None:
    data = bytearray(XLSX)
    start = XLSX.index(b"xl/worksheets/sheet1.xml") + 60
    data[start : start + 40] = b"\x00" * 40
    with pytest.raises(CannotRead, match="damaged"):
        read_file(bytes(data))


@pytest.mark.parametrize("name", ["xl/workbook.xml", "xl/_rels/workbook.xml.rels", SHEET])
def test_a_workbook_whose_xml_is_cut_is_refused(name: str) -> None:
    with pytest.raises(CannotRead):
        read_file(altered(name, lambda data: data[: len(data) // 2]))


def test_column_letters_and_indexes_are_inverse() -> None:
    assert [column_letters(n) for n in (0, 25, 26, 701, 702)] == ["A", "Z", "AA", "ZZ", "AAA"]
    assert all(column_index(column_letters(n)) == n for n in range(1_000))


@pytest.mark.parametrize("limit", [0, 8, 25, 26, 51, 60, 701, 702, 754])
def test_a_cell_from_a_column_on_is_found_and_none_before_it(limit: int) -> None:
    for index in range(1_000):
        cell = f'<c r="{column_letters(index)}17" t="n">'.encode()
        assert bool(cell_from(limit).search(cell)) == (index >= limit)
