"""A server of its own and a real Chromium: what only a browser can show.

`server` is a fresh process over an empty database; `demo_server` one whose demo school is there.
Both are started as people start them: `streamlit run app.py`.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from attendance.services import accounts
from tests.screens import DEMO_MOMENT, demo_file

__all__ = ["demo_file"]

ROOT = Path(__file__).parents[2]
SETTLED = "[data-testid=stApp][data-test-script-state=notRunning]"
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]
PATIENCE_SECONDS = 60


@dataclass(frozen=True)
class Server:
    """A running server and the file its database is in."""

    address: str
    database: Path

    def status(self, path: str, cookie: str = "", method: str = "GET") -> int:
        """The status of a plain request, as anybody on the network could send it."""
        request = urllib.request.Request(self.address + path, method=method)
        if cookie:
            request.add_header("Cookie", cookie)
        try:
            with urllib.request.urlopen(request, timeout=10) as answer:
                return int(answer.status)
        except urllib.error.HTTPError as error:
            error.close()
            return error.code


@contextmanager
def running(database: Path, *options: str) -> Iterator[Server]:
    """`streamlit run app.py` over this database, until the block ends."""
    port = _free_port()
    command = [sys.executable, "-m", "streamlit", "run", "app.py", "--server.port", str(port)]
    environment = {
        **os.environ,
        "ATTENDANCE_DATABASE_URL": f"sqlite:///{database}",
        "ATTENDANCE_NOW": DEMO_MOMENT,
    }
    log = database.with_suffix(".log").open("w")
    process = subprocess.Popen(
        [*command, *options], cwd=ROOT, env=environment, stdout=log, stderr=log
    )
    try:
        server = Server(f"http://127.0.0.1:{port}", database)
        _wait_for(server, process, options)
        yield server
    finally:
        process.terminate()
        process.wait(timeout=20)
        log.close()


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def _wait_for(server: Server, process: subprocess.Popen[bytes], options: tuple[str, ...]) -> None:
    base = next((o.split("=", 1)[1] for o in options if o.startswith("--server.baseUrlPath=")), "")
    end = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < end and process.poll() is None:
        try:
            if server.status(f"{base}/_stcore/health") == 200:
                return
        except (urllib.error.URLError, ConnectionError):
            time.sleep(0.3)
    pytest.fail(f"The server did not answer; see {server.database.with_suffix('.log')}.")


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    """A fresh server over an empty database."""
    with running(tmp_path / "empty.sqlite") as one:
        yield one


@pytest.fixture
def demo_server(demo_file: Path, tmp_path: Path) -> Iterator[Server]:
    """A fresh server over the small demo school."""
    with running(shutil.copyfile(demo_file, tmp_path / "demo.sqlite")) as one:
        yield one


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Debian's Chromium; skipped where there is none.

    One a module: while it is open its event loop runs in this thread, and a test of another module
    that wants a loop of its own would fail.
    """
    chromium = shutil.which("chromium")
    if chromium is None:
        if os.environ.get("ATTENDANCE_TESTS_REQUIRE_BROWSER"):
            pytest.fail("ATTENDANCE_TESTS_REQUIRE_BROWSER is set, and there is no chromium.")
        pytest.skip("There is no chromium (apt install chromium).")
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        yield opened
        opened.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A browser that has never been here, 1440 x 1000."""
    context = browser.new_context(viewport={"width": 1440, "height": 1000})
    context.set_default_timeout(20_000)
    yield context.new_page()
    context.close()


def settle(page: Page) -> None:
    """Wait until the script has run and the page has been drawn."""
    page.wait_for_selector(SETTLED, timeout=30_000)
    page.wait_for_timeout(300)


def open_address(page: Page, server: Server, path: str) -> None:
    """Open an address as if it had been typed."""
    page.goto(server.address + path)
    settle(page)


def type_sign_in(page: Page, username: str, password: str = accounts.DEMO_PASSWORD) -> None:
    """Fill in the sign-in form and send it."""
    page.get_by_label("Username").fill(username)
    page.get_by_label("Password", exact=True).fill(password)
    page.get_by_test_id("stFormSubmitButton").get_by_role("button").click()


def sign_in(page: Page, server: Server, username: str, path: str = "/") -> None:
    """Sign in at an address and wait for its page."""
    open_address(page, server, path)
    type_sign_in(page, username)
    page.get_by_role("button", name="Sign out").wait_for()
    settle(page)
