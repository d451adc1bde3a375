"""Two people at two computers amend the same mark of the same register."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import Engine

from attendance.core.amendments import Amendment
from attendance.core.slots import Session, slot_of
from attendance.services import accounts, audit
from attendance.services.registers import load_register
from attendance.store import amendments
from attendance.store.engine import open_engine, read
from tests.browser.conftest import Server, open_address, settle, sign_in
from tests.browser.test_day import click_cell

pytestmark = pytest.mark.browser

FIRST_REASON = "Dental appointment: the card was shown at the office"
SECOND_REASON = "Father rang: unwell since breakfast"
LATER_REASON = "Father rang again: no appointment, unwell"
SESSION = (date(2026, 11, 4), Session.PM)  # the top row of the grid: the half term’s first week


@pytest.fixture
def another_page(browser: Browser) -> Iterator[Page]:
    """The other person's browser."""
    context = browser.new_context(viewport={"width": 1440, "height": 1000})
    context.set_default_timeout(20_000)
    yield context.new_page()
    context.close()


@pytest.fixture
def database(demo_server: Server) -> Iterator[Engine]:
    opened = open_engine(f"sqlite:///{demo_server.database}")
    yield opened
    opened.dispose()


def somebody_present(database: Engine) -> tuple[int, int]:
    """School and pupil of one who was marked present in the session in question."""
    school_id = accounts.find_person(database, "officer").school_id
    register = load_register(database, school_id, 2026)
    row = int((register.marks[:, slot_of(2026, *SESSION)] == ord("\\")).argmax())
    return school_id, int(register.pupils["pupil_id"].iloc[row])


def history(database: Engine, school_id: int, pupil_id: int) -> list[Amendment]:
    with read(database) as tx:
        return amendments.history(tx, school_id, pupil_id, 2026, slot_of(2026, *SESSION))


def choose_the_mark(page: Page, server: Server, pupil_id: int) -> None:
    open_address(page, server, f"/register?pupil={pupil_id}&week=2026-11-16")
    page.get_by_role("heading", name="Choose a mark").wait_for()
    settle(page)
    click_cell(page.get_by_test_id("stDataFrame").first, x=555, row=0, height=25, head=36)
    page.get_by_role("heading", name="Amend this mark").wait_for()
    settle(page)


def ask_to_amend(page: Page, code: str, reason: str) -> None:
    """As far as the dialog that shows what changes."""
    page.get_by_role("combobox", name="Code").click()
    page.keyboard.type(code)
    page.get_by_role("option", name=re.compile(f"^{code} ")).click()
    page.get_by_label("Reason", exact=True).fill(reason)
    page.get_by_role("button", name="See what changes").click()
    page.get_by_role("dialog").wait_for()
    settle(page)


def save(page: Page) -> None:
    page.get_by_role("dialog").get_by_role("button", name=re.compile("^Save")).click()
    page.get_by_role("dialog").wait_for(state="hidden")
    settle(page)


def test_the_second_of_two_is_told_who_was_first_and_overwrites_nothing(
    demo_server: Server, database: Engine, page: Page, another_page: Page
) -> None:
    school_id, pupil_id = somebody_present(database)
    before = history(database, school_id, pupil_id)
    sign_in(page, demo_server, "officer")
    sign_in(another_page, demo_server, "dsl")
    for one, code, reason in ((page, "M", FIRST_REASON), (another_page, "I", SECOND_REASON)):
        choose_the_mark(one, demo_server, pupil_id)
        ask_to_amend(one, code, reason)

    save(page)
    expect(page.get_by_text("1 mark is saved.")).to_be_visible()
    save(another_page)

    told = another_page.get_by_test_id("stAlert").inner_text()
    assert "Priya Nightingale-Fable" in told and "Attendance Officer" in told
    assert re.search(r"\bM\b", told) and "4 November 2026" in told
    (stands,) = history(database, school_id, pupil_id)[len(before) :]
    assert (stands.original, stands.amended, stands.reason) == ("\\", "M", FIRST_REASON)

    choose_the_mark(another_page, demo_server, pupil_id)
    expect(another_page.get_by_test_id("stMain")).to_contain_text(FIRST_REASON)
    ask_to_amend(another_page, "I", LATER_REASON)
    save(another_page)
    both = history(database, school_id, pupil_id)[len(before) :]
    assert [(one.original, one.amended) for one in both] == [("\\", "M"), ("M", "I")]
    assert [one.username for one in both] == ["officer", "dsl"]
    assert audit.verify_chain(database).intact
