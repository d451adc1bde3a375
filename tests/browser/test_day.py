"""An attendance officer's day, from a file in her Downloads folder to the workbook for the EWO."""

from __future__ import annotations

import re
from pathlib import Path

import openpyxl
import pytest
from playwright.sync_api import Locator, Page, expect

from attendance.ui.index import INDEX
from tests.browser.conftest import Server, open_address, settle, sign_in

pytestmark = pytest.mark.browser

SAMPLE = Path(__file__).parents[2] / "data" / "samples" / "wide_register.csv"
REASON = "Mum rang the office: dental appointment"


def go(page: Page, title: str) -> None:
    """Choose a page in the navigation."""
    page.get_by_test_id("stSidebarNav").get_by_role("link", name=title, exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(title)
    settle(page)


def click_cell(grid: Locator, x: float, row: int, height: float, head: float) -> None:
    """Click in a row (from 0) of a grid, which is a canvas, so by its position."""
    grid.scroll_into_view_if_needed()
    grid.click(position={"x": x, "y": head + height * (row + 0.5)})


def import_the_register(page: Page) -> None:
    go(page, "Imports")
    page.locator("input[type=file]").set_input_files(SAMPLE)
    expect(page.get_by_role("heading", level=3).first).to_contain_text("30 pupils")
    page.get_by_role("button", name="Save this import").click()
    expect(page.get_by_text("Saved: 587 new marks")).to_be_visible()
    settle(page)


def open_a_pupil_from_on_track(page: Page) -> str:
    go(page, "On track")
    grid = page.get_by_test_id("stDataFrame").first
    click_cell(grid, x=95, row=0, height=29, head=36)
    page.wait_for_url(re.compile(r"/pupil\?"))
    page.get_by_role("button", name="Amend a mark").wait_for()
    settle(page)
    return page.get_by_role("heading", level=1).inner_text()


def amend_a_mark(page: Page) -> None:
    """Make the Wednesday afternoon of the half term's first week a medical appointment."""
    page.get_by_role("button", name="Amend a mark").click()
    page.get_by_role("heading", name="Choose a mark").wait_for()
    settle(page)
    weeks = page.get_by_test_id("stDataFrame").first
    click_cell(weeks, x=555, row=0, height=25, head=36)
    page.get_by_role("heading", name="Amend this mark").wait_for()
    settle(page)
    page.get_by_role("combobox", name="Code").click()
    page.keyboard.type("M")
    page.get_by_role("option", name=re.compile("^M ")).click()
    page.get_by_label("Reason", exact=True).fill(REASON)
    page.get_by_role("button", name="See what changes").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("M")
    dialog.get_by_role("button", name=re.compile("^Save")).click()
    dialog.wait_for(state="hidden")
    settle(page)


def download_the_referral(page: Page, folder: Path) -> Path:
    page.get_by_role("button", name="Referral workbook").click()
    page.get_by_role("button", name=re.compile("Download the workbook")).wait_for()
    settle(page)
    with page.expect_download(timeout=60_000) as started:
        page.get_by_role("button", name=re.compile("Download the workbook")).click()
    file = folder / "referral.xlsx"
    started.value.save_as(file)
    return file


def text_of(file: Path) -> str:
    book = openpyxl.load_workbook(file)
    cells = (cell.value for sheet in book for row in sheet.iter_rows() for cell in row)
    return "\n".join(str(value) for value in cells if value is not None)


def test_a_day_from_the_register_file_to_the_referral_workbook(
    demo_server: Server, page: Page, tmp_path: Path
) -> None:
    sign_in(page, demo_server, "officer")
    import_the_register(page)

    go(page, "Today")
    expect(page.get_by_text("unaccounted for")).to_be_visible()

    name = open_a_pupil_from_on_track(page)
    address = page.url
    amend_a_mark(page)

    page.goto(address)
    settle(page)
    history = page.get_by_test_id("stMain")
    expect(history).to_contain_text("Priya Nightingale-Fable, Attendance Officer")
    expect(history).to_contain_text(REASON)

    found = text_of(download_the_referral(page, tmp_path))
    assert name.split()[-1] in found
    assert REASON in found
    assert "Priya Nightingale-Fable" in found and "Attendance Officer" in found

    page.get_by_role("button", name="Sign out").click()
    page.get_by_label("Username").wait_for()
    for one in INDEX:
        open_address(page, demo_server, f"/{one.stem}")
        expect(page.get_by_label("Username")).to_be_visible()
        expect(page.get_by_test_id("stDataFrame")).to_have_count(0)
