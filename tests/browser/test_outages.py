"""A server over a database that it cannot use: a sentence in the browser, and it recovers."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import open_address, running, settle, sign_in

pytestmark = pytest.mark.browser


def set_schema(file: Path, revision: str) -> str:
    """Make the database one of this schema; the schema it had."""
    with closing(sqlite3.connect(file)) as database, database:
        (was,) = database.execute("SELECT version_num FROM alembic_version").fetchone()
        database.execute("UPDATE alembic_version SET version_num = ?", (revision,))
    return str(was)


def test_a_server_started_over_a_newer_database_says_so_and_recovers(
    demo_file: Path, tmp_path: Path, page: Page
) -> None:
    file = shutil.copyfile(demo_file, tmp_path / "newer.sqlite")
    ours = set_schema(file, "9999")
    with running(file) as server:
        open_address(page, server, "/today")
        expect(page.get_by_test_id("stAlert")).to_contain_text("made by a newer Attendance Desk")
        assert page.get_by_label("Username").count() == 0
        set_schema(file, ours)
        sign_in(page, server, "officer", "/today")
        settle(page)
        assert page.get_by_test_id("stAlert").count() == 0
    log = file.with_suffix(".log").read_text()
    assert "made by a newer Attendance Desk" in log


def test_a_file_that_goes_away_while_people_work_is_said_and_comes_back(
    demo_file: Path, tmp_path: Path, page: Page
) -> None:
    file = shutil.copyfile(demo_file, tmp_path / "moved.sqlite")
    with running(file) as server:
        sign_in(page, server, "officer", "/today")
        file.rename(tmp_path / "away.sqlite")
        open_address(page, server, "/today")
        expect(page.get_by_test_id("stAlert")).to_contain_text("no longer where it was")
        assert server.status("/media/x.csv", cookie="attendance_desk=x") == 503
        assert not file.exists()
        (tmp_path / "away.sqlite").rename(file)
        open_address(page, server, "/today")
        expect(page.get_by_role("button", name="Sign out")).to_be_visible()
        assert page.get_by_test_id("stAlert").count() == 0
