"""From an empty database to a signed-in officer, in a real browser."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import Server, open_address, settle

pytestmark = pytest.mark.browser
PASSWORD = "plum kettle ladder frost"


def test_a_school_is_set_up_and_its_officer_is_in(server: Server, page: Page) -> None:
    open_address(page, server, "/")
    page.get_by_role("button", name="Set up your school").click()
    page.get_by_role("textbox", name="Name of the school").fill("Madeup Primary")
    page.get_by_role("textbox", name="URN").fill("999003")
    people = (("Olive Testwick", None, "olive"), ("Hugo Sampleton", "Headteacher", "hugo"))
    for place, (name, position, username) in enumerate(people):
        page.get_by_role("textbox", name="Name", exact=True).nth(place).fill(name)
        if position:
            page.get_by_role("textbox", name="Position").nth(place).fill(position)
        page.get_by_role("textbox", name="Username").nth(place).fill(username)
        page.get_by_label("Password", exact=True).nth(place).fill(PASSWORD)
        page.get_by_label("Password again").nth(place).fill(PASSWORD)
    page.get_by_role("button", name="Set up the school and sign in").click()
    page.get_by_role("button", name="Sign out").wait_for()
    settle(page)
    assert "Madeup Primary" in page.locator(".st-key-masthead").inner_text()
    assert "Olive Testwick" in page.locator(".st-key-masthead").inner_text()


def test_the_demo_school_is_one_click_away_and_opens_as_anybody(server: Server, page: Page) -> None:
    open_address(page, server, "/")
    page.get_by_role("button", name="Try the demo school").click()
    page.get_by_text("This is the demo school").wait_for(timeout=60_000)
    settle(page)
    page.get_by_role("button", name="Open").first.click()
    page.get_by_role("button", name="Sign out").wait_for()
    assert "Demo: all invented" in page.locator(".st-key-masthead").inner_text()
