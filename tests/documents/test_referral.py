"""The referral workbook, opened again as a local authority's officer would open it."""

import io
import os
import shutil
import subprocess
import zipfile
from dataclasses import replace
from datetime import date, datetime

import pytest
from openpyxl import load_workbook

from attendance.core.referral import AmendmentFact, Characteristic, SessionFact
from attendance.core.slots import Session
from attendance.documents.cells import clean
from attendance.documents.referral import SHEETS, referral_workbook, sheet_names
from attendance.errors import Refused
from tests.documents.packs import MADE_AT, pack

NEEDS_OFFICE = pytest.mark.skipif(
    shutil.which("soffice") is None and not os.environ.get("ATTENDANCE_TESTS_REQUIRE_OFFICE"),
    reason="LibreOffice is not installed",
)


@pytest.fixture(scope="module")
def made():
    """The ordinary pupil's workbook as bytes: drawn once, because the charts take a moment."""
    return referral_workbook([pack()])


@pytest.fixture(scope="module")
def book(made):
    return load_workbook(io.BytesIO(made))


def opened(*packs):
    return load_workbook(io.BytesIO(referral_workbook(packs)))


def without_charts(**changes):
    return pack(**({"strip": None, "weeks": None} | changes))


def texts(sheet):
    return [cell.value for row in sheet.iter_rows() for cell in row if isinstance(cell.value, str)]


def row_under(sheet, heading):
    """The first row below the row whose first cell is ``heading``."""
    at = next(cell.row for cell in sheet["A"] if cell.value == heading)
    return [cell.value for cell in sheet[at + 1]]


def test_one_pupil_has_the_six_sheets_and_notes(book):
    assert book.sheetnames == [*SHEETS, "Notes"]


def test_the_summary_says_who_is_referred_by_whom_and_what_was_missed(book):
    said = texts(book["Summary"])
    assert said[0] == "Kez Oduyafield"
    assert said[1] == (
        "Demonstration, invented pupils. Referral to the education welfare service, Fable Hill "
        "Academy (URN 999999). Made by Pomfret Quillfeather, Attendance officer, on 24 November "
        "2026 at 2:05 pm."
    )
    needs = "SEN support since 6 January 2025; Free school meals since 3 September 2024"
    for words in ("X999000000001", "Keziah Oduyafield", "01632 960001", "Jonah Oduyafield", needs):
        assert words in said
    assert any(words.startswith("Missed 13 of 107 possible sessions") for words in said)
    assert any("Can miss 25 more of the 279" in words for words in said)


def test_figures_are_numbers_and_dates_with_their_formats(book):
    sheet = book["Summary"]
    values = row_under(sheet, "Period")
    assert values == [
        "This year to date", datetime(2026, 9, 2), datetime(2026, 11, 24), 107, 94, 7, 6, 1, 1, 0,
        1, pytest.approx(94 / 107), pytest.approx(13 / 107),
    ]  # fmt: skip
    row = next(cell.row for cell in sheet["A"] if cell.value == "This year to date")
    assert sheet.cell(row, 13).number_format == "0.0 %"
    assert sheet.cell(row, 2).is_date
    born = next(cell for cell in sheet["B"] if cell.value == datetime(2013, 3, 4))
    assert born.number_format == "d mmm yyyy"


def test_each_absence_is_a_row_with_its_date_code_meaning_minutes_and_comment(book):
    sheet = book["Sessions"]
    header = next(cell.row for cell in sheet["A"] if cell.value == "Date")
    rows = [[c.value for c in row] for row in sheet.iter_rows(min_row=header + 1, max_col=7)]
    assert len(rows) == 13
    assert rows[11] == [
        datetime(2026, 11, 11), "AM", "U", "Arrived in school after the register closed",
        "Unauthorised", 45, "Said the bus left before breakfast club",
    ]  # fmt: skip
    assert sheet.tables["Sessions_1"].ref == f"A{header}:G{header + 13}"
    assert sheet.freeze_panes == f"A{header + 1}"
    assert sheet.print_title_rows == f"${header}:${header}"


def test_an_amendment_has_all_six_facts(book):
    sheet = book["Amendments"]
    assert row_under(sheet, "Session amended") == [
        datetime(2026, 9, 25), "AM", "N", "O",
        "No reply to letter or calls by the fifth school day",
        datetime(2026, 10, 2, 9, 15), "Pomfret Quillfeather", "Attendance officer",
    ]  # fmt: skip


def test_the_chart_sheet_holds_two_pictures_with_alt_text(made, book):
    assert len(book["Chart"]._images) == 2
    with zipfile.ZipFile(io.BytesIO(made)) as parts:
        drawing = parts.read("xl/drawings/drawing1.xml").decode()
    assert 'descr="Calendar of the school year, one cell a session: 13 sessions missed' in drawing
    assert 'descr="Attendance each week' in drawing


def test_contacts_have_headings_rows_to_fill_and_a_list_of_ways(book):
    sheet = book["Contacts"]
    lists = {v.type: v for v in sheet.data_validations.dataValidation}
    assert "Telephone call" in lists["list"].formula1
    assert str(lists["list"].sqref) == "D5:D20"
    assert "Contacts_1" in sheet.tables
    assert row_under(sheet, "Date") == [None] * 8


def test_the_checklist_names_gaps_first(book):
    sheet = book["Checklist"]
    states = [row[0].value for row in sheet.iter_rows(min_row=sheet_start(sheet, "State") + 1)]
    assert states[0] == "To add"
    assert list(dict.fromkeys(states)) == [
        "To add", "Needs the DSL", "Included", "Not applicable",
    ]  # fmt: skip
    assert any("1 session coded N" in words for words in texts(sheet))


def sheet_start(sheet, heading):
    return next(cell.row for cell in sheet["A"] if cell.value == heading)


def test_notes_give_definitions_with_their_authority(book):
    said = texts(book["Notes"])
    assert "Fable Hill Academy. Figures to the morning of 24 November 2026." in said
    assert "Possible sessions" in said and "SI 2024/208 reg 6" in said


def test_every_sheet_prints_on_a4_landscape_one_page_wide_and_says_it_is_confidential(book):
    for sheet in book.worksheets:
        setup = sheet.page_setup
        assert (setup.orientation, int(setup.paperSize)) == ("landscape", 9), sheet.title
        assert sheet.sheet_properties.pageSetUpPr.fitToPage, sheet.title
        assert (setup.fitToWidth, setup.fitToHeight) == (1, 0), sheet.title
        assert sheet.oddFooter.left.text.strip() == "Confidential: pupil data", sheet.title
        assert sheet.oddFooter.center.text == "Page &P of &N", sheet.title


def test_the_properties_name_the_maker_and_hold_no_time_but_the_one_given(made, book):
    properties = book.properties
    assert properties.title == "Attendance referral: Kez Oduyafield"
    assert properties.creator == "Pomfret Quillfeather, Attendance officer, Fable Hill Academy"
    assert properties.created == properties.modified == MADE_AT.replace(tzinfo=None)
    assert made == referral_workbook([pack()])


def test_the_time_shown_is_londons(made):
    in_june = replace(pack(), made_at=datetime.fromisoformat("2027-06-01T08:05:00+00:00"))
    summary = opened(replace(in_june, strip=None))["Summary"]
    assert "on 1 June 2027 at 9:05 am." in summary["A2"].value


@pytest.mark.parametrize(
    "text",
    ['=HYPERLINK("http://example.invalid","x")', "+44 1632 960001", "-", "-1+1", "@SUM(A1)",
     "\t=1+1", "\r=1+1", "#N/A", "=", "7"],
)  # fmt: skip
def test_text_that_looks_like_a_formula_stays_text(text):
    fact = SessionFact(date(2026, 11, 6), Session.AM, "O", "Other", False, comment=text)
    book = opened(without_charts(sessions=(fact,)))
    cell = next(
        c for c in book["Sessions"]["G"] if c.row == sheet_start(book["Sessions"], "Date") + 1
    )
    assert cell.value == text.replace("\r", "\n")
    assert cell.data_type == "s"
    assert cell.quotePrefix or text[0] not in "=+-@\t\r"


def test_a_pupils_name_that_is_a_formula_runs_nowhere_in_the_workbook():
    evil = replace(pack().pupil, surname='=cmd|"/c calc"!A0', form="@x", preferred_name="+1")
    book = opened(without_charts(pupil=evil), without_charts())
    formulas = [c for s in book for row in s.iter_rows() for c in row if c.data_type in "fe"]
    assert formulas == []


def test_characters_that_xml_cannot_hold_are_left_out():
    reason = "Bell\x07 and \x00null, \ud800 half, \ufffe end"
    amendment = AmendmentFact(
        date(2026, 9, 25), Session.AM, "N", "O", reason, MADE_AT, "Dorcas Fernsby", "Tutor"
    )
    book = opened(without_charts(amendments=(amendment,)))
    assert "Bell and null,  half,  end" in texts(book["Amendments"])
    assert len(clean("x" * 40_000)) == 32_767
    assert clean("one\r\ntwo\rthree") == "one\ntwo\nthree"


def test_what_the_reader_may_not_see_leaves_no_trace():
    seen = without_charts(
        social_care=(Characteristic("Looked after", date(2025, 2, 3), "since Y7"),)
    )
    assert "Looked after since 3 February 2025 (since Y7)" in texts(opened(seen)["Summary"])
    hidden = without_charts(parents=None, siblings=None, support_needs=None, social_care=None)
    said = " ".join(texts(opened(hidden)["Summary"]))
    for word in ("Social care", "Support needs", "Parents", "Brothers", "not shown"):
        assert word not in said


def test_a_pupil_with_nothing_to_list_has_sentences_in_the_place_of_rows():
    bare = without_charts(
        parents=(), siblings=(), sessions=(), amendments=(), support_needs=(), last_attended=None,
        pupil=replace(pack().pupil, upn=None, birth_date=None, first_day=None, address="",
                      last_day=date(2026, 11, 20)),
    )  # fmt: skip
    book = opened(bare)
    assert "No session has been missed." in texts(book["Sessions"])
    assert "No mark has been amended." in texts(book["Amendments"])
    assert "No register of this school year to draw." in texts(book["Chart"])
    said = texts(book["Summary"])
    assert {"None listed: see the checklist.", "None known.", "not recorded", "Left on",
            "none this school year", "none recorded"} <= set(said)  # fmt: skip


def test_a_withdrawn_code_says_so_beside_its_meaning():
    old = SessionFact(date(2026, 11, 6), Session.AM, "H", "Holiday", True, is_withdrawn=True)
    said = texts(opened(without_charts(sessions=(old,)))["Sessions"])
    assert "Holiday (code withdrawn: to be amended)" in said


def test_a_brother_whose_figures_the_reader_may_not_see_has_none():
    sibling = replace(pack().siblings[0], missed=None, possible=None)
    said = " ".join(texts(opened(without_charts(siblings=(sibling,)))["Summary"]))
    assert "Jonah Oduyafield" in said
    assert "Missed 9 of 103" not in said


def named(surname, preferred="Kez"):
    return without_charts(pupil=replace(pack().pupil, surname=surname, preferred_name=preferred))


def test_several_pupils_stand_behind_a_sheet_of_contents():
    book = opened(named("Oduyafield"), named("Testwick", "Amina"))
    assert book.sheetnames[:3] == ["Contents", "Oduyafield K Summary", "Oduyafield K Sessions"]
    assert len(book.sheetnames) == 1 + 2 * len(SHEETS) + 1
    assert row_under(book["Contents"], "Pupil")[:5] == [
        "Kez Oduyafield", "9K", 107, 13, pytest.approx(13 / 107),
    ]  # fmt: skip
    link = book["Contents"].cell(sheet_start(book["Contents"], "Pupil") + 2, 7)
    assert link.hyperlink.location == "'Testwick A Summary'!A1"
    tables = [name for sheet in book for name in sheet.tables]
    assert len(tables) == len(set(tables))


def test_sheet_names_are_unique_safe_and_short():
    packs = [named(surname) for surname in (
        "Featherstonehaugh-Cholmondeley", "featherstonehaugh-cholmondeley", "O'Madeup/[x]:*?",
        "'", "",
    )]  # fmt: skip
    names = [name for own in sheet_names(packs) for name in own.values()]
    assert len({name.casefold() for name in names}) == len(names) == 30
    for name in names:
        assert len(name) <= 31
        assert not set(name) & set("[]:*?/\\'")
        assert name == name.strip()
    assert opened(*packs).sheetnames[1:-1] == names


def test_no_pupil_is_refused_with_what_to_do():
    with pytest.raises(Refused, match="choose at least one pupil"):
        referral_workbook([])


@NEEDS_OFFICE
def test_libreoffice_opens_it_and_prints_the_pupil_and_an_amendment(made, tmp_path):
    (tmp_path / "referral.xlsx").write_bytes(made)
    profile = f"-env:UserInstallation=file://{tmp_path}/profile"
    done = subprocess.run(
        ["soffice", profile, "--headless", "--convert-to", "pdf", "--outdir", str(tmp_path),
         str(tmp_path / "referral.xlsx")],
        capture_output=True, text=True, timeout=120, check=True,
    )  # fmt: skip
    assert "Error" not in done.stdout + done.stderr
    said = subprocess.run(
        ["pdftotext", "-layout", str(tmp_path / "referral.pdf"), "-"],
        capture_output=True, text=True, timeout=60, check=True,
    ).stdout  # fmt: skip
    assert "Kez Oduyafield" in said
    assert "No reply to letter or calls by the fifth school day" in said
    assert "Confidential: pupil data" in said
    assert '=HYPERLINK("http://example.invalid","x")' in said
