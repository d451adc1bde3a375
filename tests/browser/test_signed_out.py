"""Signed out, every address is closed; signed in, the cookie is the server's alone."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from playwright.sync_api import Page

from attendance.rules.roles import Role
from attendance.services import accounts
from attendance.store.engine import open_engine
from attendance.ui.index import INDEX
from attendance.ui.session import COOKIE
from tests.browser.conftest import (
    Server,
    open_address,
    running,
    settle,
    sign_in,
    type_sign_in,
)

pytestmark = pytest.mark.browser

STEMS = [one.stem for one in INDEX]


def is_sign_in_form(page: Page) -> bool:
    """Only the form: no navigation, no sidebar, no table, no head of a page."""
    is_there = page.get_by_label("Username").is_visible()
    others = "[data-testid=stSidebar], [data-testid=stDataFrame], .st-key-masthead, canvas"
    return is_there and page.locator(others).count() == 0


def cookie_of(page: Page) -> dict[str, object]:
    """The session cookie as the browser keeps it; empty when there is none."""
    found = [one for one in page.context.cookies() if one["name"] == COOKIE]
    return dict(found[0]) if found else {}


def tutors_form(server: Server) -> str:
    """A form that the demo school has."""
    database = open_engine(f"sqlite:///{server.database}")
    tutor = accounts.find_person(database, "tutor")
    database.dispose()
    return min(tutor.scopes[Role.TEACHER_FORM_TUTOR])


@pytest.mark.parametrize("stem", STEMS)
def test_a_fresh_server_asked_first_for_a_page_shows_only_the_sign_in_form(
    demo_server: Server, page: Page, stem: str
) -> None:
    open_address(page, demo_server, f"/{stem}")
    assert is_sign_in_form(page)


def test_a_fresh_server_over_an_empty_database_shows_only_the_two_choices(
    server: Server, page: Page
) -> None:
    for stem in STEMS:
        open_address(page, server, f"/{stem}")
        assert page.get_by_role("button", name="Try the demo school").is_visible()
        assert page.locator("[data-testid=stSidebar], .st-key-masthead").count() == 0


def test_a_file_without_a_session_is_refused_and_metrics_are_not_there(
    demo_server: Server,
) -> None:
    closed = (
        "/media/0123456789abcdef.xlsx",
        "//media/0123456789abcdef.xlsx",
        "/component/any.thing/index.html",
        "/_stcore/bidi-components/any.thing/index.js",
    )
    assert [demo_server.status(path) for path in closed] == [401] * 4
    assert demo_server.status("/_stcore/upload_file/a/b", method="PUT") == 401
    assert demo_server.status("/media/x.csv", cookie=f"{COOKIE}=forged") == 401
    assert demo_server.status("/_stcore/metrics") == 404
    assert demo_server.status("/_stcore/agent/openapi.json") == 404


def test_the_sign_in_route_refuses_whoever_is_not_our_own_page(
    demo_server: Server, page: Page
) -> None:
    assert demo_server.status("/auth/open", method="POST") == 403
    assert demo_server.status("/auth/close", method="POST") == 403
    open_address(page, demo_server, "/")
    foreign = {"X-Attendance-Desk": "1", "Origin": "http://elsewhere.example"}
    address = f"{demo_server.address}/auth/open"
    assert page.request.post(address, headers=foreign, data="x").status == 403


def test_a_deep_link_survives_sign_in_and_the_session_survives_a_reload(
    demo_server: Server, page: Page
) -> None:
    path = f"/register?form={tutors_form(demo_server)}"
    sign_in(page, demo_server, "officer", path)
    assert page.url == demo_server.address + path
    page.reload()
    page.get_by_role("button", name="Sign out").wait_for()
    kept = cookie_of(page)
    assert (kept["httpOnly"], kept["sameSite"], kept["path"]) == (True, "Strict", "/")
    assert COOKIE not in str(page.evaluate("document.cookie"))


def test_signing_out_closes_every_page_and_an_old_cookie_opens_nothing(
    demo_server: Server, page: Page
) -> None:
    sign_in(page, demo_server, "officer")
    stolen = cookie_of(page)
    as_header = f"{COOKIE}={stolen['value']}"
    assert demo_server.status("/media/x.csv", cookie=as_header) == 404  # let in: no such file
    page.get_by_role("button", name="Sign out").click()
    page.get_by_label("Username").wait_for()
    page.wait_for_function("performance.getEntriesByType('navigation')[0].type === 'reload'")
    settle(page)
    assert cookie_of(page) == {}
    assert demo_server.status("/media/x.csv", cookie=as_header) == 401
    page.context.add_cookies([stolen])  # type: ignore[list-item]
    for stem in STEMS:
        open_address(page, demo_server, f"/{stem}")
        assert is_sign_in_form(page)


def test_a_wrong_password_says_so_and_a_second_try_gets_in(demo_server: Server, page: Page) -> None:
    open_address(page, demo_server, "/rules_in_force")
    type_sign_in(page, "officer", "not the password at all")
    page.get_by_text("do not belong together").wait_for()
    assert cookie_of(page) == {}
    type_sign_in(page, "officer")
    page.get_by_role("button", name="Sign out").wait_for()


def test_no_page_asks_an_outside_host_for_anything(demo_server: Server, page: Page) -> None:
    outside: list[str] = []
    page.on(
        "request",
        lambda one: (
            outside.append(one.url)
            if not one.url.startswith((demo_server.address, "data:", "blob:"))
            else None
        ),
    )
    sign_in(page, demo_server, "head")
    for stem in STEMS:
        open_address(page, demo_server, f"/{stem}")
    assert outside == []


def test_everything_works_below_a_base_path(demo_file: Path, tmp_path: Path, page: Page) -> None:
    file = shutil.copyfile(demo_file, tmp_path / "base.sqlite")
    with running(file, "--server.baseUrlPath=/desk") as server:
        sign_in(page, server, "officer", "/desk/register")
        assert page.url.split("?")[0] == f"{server.address}/desk/register"
        assert cookie_of(page)["path"] == "/desk"
        assert server.status("/desk/media/x.csv") == 401
        assert server.status("/desk/_stcore/metrics") == 404
