"""A download's address opens the file for the session that was sent it, and for nobody else."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, Page

from attendance.ui.session import COOKIE
from tests.browser.conftest import Server, settle, sign_in

pytestmark = pytest.mark.browser


def cookie_header(page: Page) -> str:
    (value,) = (one["value"] for one in page.context.cookies() if one["name"] == COOKIE)
    return f"{COOKIE}={value}"


def download_a_workbook(page: Page) -> str:
    """The path its file was fetched from."""
    button = page.get_by_role("button", name=re.compile("Download the workbook"))
    button.wait_for()
    settle(page)
    with page.expect_download(timeout=60_000) as started:
        button.click()
    started.value.path()
    return "/media/" + started.value.url.split("/media/")[1]


def test_a_downloads_address_is_of_use_only_to_the_session_that_was_sent_it(
    demo_server: Server, page: Page, browser: Browser
) -> None:
    sign_in(page, demo_server, "officer", "/referrals?pupils=1")
    path = download_a_workbook(page)
    own = cookie_header(page)
    assert demo_server.status(path, cookie=own) == 200
    assert demo_server.status(path) == 401
    for username in ("head", "officer"):
        context = browser.new_context()
        other = context.new_page()
        sign_in(other, demo_server, username, "/rules_in_force")
        assert demo_server.status(path, cookie=cookie_header(other)) == 404, username
        context.close()
    page.get_by_role("button", name="Sign out").click()
    page.get_by_label("Username").wait_for()
    settle(page)
    assert demo_server.status(path, cookie=own) == 401
