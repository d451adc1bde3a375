"""Opening a page as somebody, without a browser: `screens.of("officer").open("users")`.

A small demo school, made once a run and copied for each test; the browser's cookie is stood in
for by the session token that signing in gave.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from datetime import UTC, date, datetime
from html import unescape
from pathlib import Path

import pytest
import streamlit as st
from sqlalchemy import Engine
from streamlit.testing.v1 import AppTest

from attendance.services import setup, sign_in
from attendance.store.engine import open_engine, upgrade
from attendance.ui import cache, session
from attendance.ui.clock import now

ROOT = Path(__file__).parents[1]
PAGES = ROOT / "pages"
MAIN = ROOT / "attendance" / "ui" / "main.py"
DEMO_DAY = date(2026, 11, 24)
DEMO_MOMENT = "2026-11-24T10:12:00+00:00"
DEMO_PUPILS = 150


class Screens:
    """One person's browser, in a database of its own."""

    def __init__(self, engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
        self.engine = engine
        self.token: str | None = None
        monkeypatch.setattr(session, "browser_token", lambda: self.token)

    def of(self, username: str | None) -> Screens:
        """Sign in as this person (None: nobody)."""
        self.token = None
        if username is not None:
            ticket = sign_in.issue_ticket(self.engine, username, now())
            self.token = sign_in.open_session(self.engine, ticket, now())
        return self

    def open(self, stem: str, **query: str) -> AppTest:
        """The page, run once."""
        return self._run(PAGES / f"{stem}.py", query)

    def main(self) -> AppTest:
        """The main script at the bare address, run once."""
        return self._run(MAIN, {})

    def _run(self, script: Path, query: dict[str, str]) -> AppTest:
        app = AppTest.from_file(str(script), default_timeout=30)
        for name, value in query.items():
            app.query_params[name] = value
        return app.run()


def words(app: AppTest) -> str:
    """Everything written on the page, for looking a sentence up."""
    kinds = (app.markdown, app.error, app.success, app.info, app.subheader, app.title)
    return "\n".join([*(str(one.value) for kind in kinds for one in kind), *strip(app)])


def strip(app: AppTest) -> list[str]:
    """The figures of the strip as they are read: '1,196 expected'."""
    bodies = [one.proto.body for one in app.get("html")]
    found = [part for body in bodies for part in re.findall(r"<p[^>]*>(.*?)</p>", body)]
    return [unescape(re.sub(r"<[^>]+>", "", part)) for part in found]


@pytest.fixture(scope="session")
def demo_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small demo school, made once."""
    file = tmp_path_factory.mktemp("demo") / "demo.sqlite"
    made = open_engine(f"sqlite:///{file}")
    upgrade(made)
    moment = datetime(2026, 11, 24, 10, 12, tzinfo=UTC)
    setup.create_demo(made, today=DEMO_DAY, now=moment, pupils=DEMO_PUPILS)
    made.dispose()
    return file


@pytest.fixture
def screens(demo_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Screens]:
    """The demo school's screens, nobody signed in."""
    yield from _screens(shutil.copyfile(demo_file, tmp_path / "screens.sqlite"), monkeypatch)


@pytest.fixture
def empty_screens(
    sqlite_template: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Screens]:
    """The screens of a database in which nothing has been set up."""
    yield from _screens(shutil.copyfile(sqlite_template, tmp_path / "e.sqlite"), monkeypatch)


def _screens(file: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Screens]:
    monkeypatch.setenv("ATTENDANCE_DATABASE_URL", f"sqlite:///{file}")
    monkeypatch.setenv("ATTENDANCE_NOW", DEMO_MOMENT)
    cache.engine.cache_clear()
    # What is kept between reruns belongs to one database, and each test has its own.
    st.cache_resource.clear()
    yield Screens(cache.engine(), monkeypatch)
    cache.engine().dispose()
    cache.engine.cache_clear()
