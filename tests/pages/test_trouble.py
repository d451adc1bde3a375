"""A page that breaks, and a database that fails: a sentence, never a traceback, a name or SQL."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import event, text
from streamlit.runtime.scriptrunner import exec_code
from streamlit.testing.v1 import AppTest, local_script_runner

from attendance.errors import CannotRead
from attendance.services import rules
from attendance.store.failures import FILE_GONE, NOT_READ, READ_ONLY
from attendance.ui import readiness, trouble
from attendance.ui.index import INDEX
from tests.screens import ROOT, Screens, words

STEMS = [one.stem for one in INDEX]
USERS = {"users": "itadmin", "settings": "itadmin"}
ASKED = {"pupil": {"pupil": "1"}, "referrals": {"pupils": "1"}}
CANARY = "Zzcanary Invented"
# The guard, the head of the page and the schema may be read: the page's own questions break.
SPARED = re.compile(r"token_hash|FROM school\b|alembic_version|code_symbol|sqlite_master|PRAGMA")
NEVER_SHOWN = ("Traceback", "SELECT", "sqlalchemy", "sqlite3", "no such table", CANARY, str(ROOT))


@pytest.fixture(autouse=True)
def as_the_server_does(monkeypatch: pytest.MonkeyPatch) -> None:
    """AppTest knows nothing of app.py: give it the handler that the app is given there."""
    usual = exec_code.handle_user_script_exception
    monkeypatch.setattr(
        exec_code,
        "handle_user_script_exception",
        lambda error, _: usual(error, trouble.on_script_error),
    )


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Everything drawn in the browser."""
    found: list[str] = []
    usual = local_script_runner.parse_tree_from_messages

    def keep(messages: Any) -> Any:
        found.extend(str(message.delta) for message in messages if message.HasField("delta"))
        return usual(messages)

    monkeypatch.setattr(local_script_runner, "parse_tree_from_messages", keep)
    return found


@pytest.fixture
def logged(caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """The server's log, as the server keeps it."""
    monkeypatch.setattr(logging, "_logRecordFactory", logging.getLogRecordFactory())
    trouble.keep_content_out_of_the_log()
    with caplog.at_level(logging.INFO):
        yield caplog


def break_with_sql(screens: Screens) -> None:
    """Have the database refuse every question of a page's own, as after a wrong migration."""

    def wrong(_c: Any, _k: Any, statement: str, parameters: Any, _x: Any, _m: Any) -> Any:
        if SPARED.search(statement):
            return statement, parameters
        return f"SELECT name FROM no_such_table WHERE name = '{CANARY}'", ()

    event.listen(screens.engine, "before_cursor_execute", wrong, retval=True)


def break_with_a_bug(screens: Screens) -> None:
    """Have our own code fail in the middle of a page."""

    def wrong(_c: Any, _k: Any, statement: str, *_: Any) -> None:
        if not SPARED.search(statement):
            raise ValueError(f"{CANARY} has no form")

    event.listen(screens.engine, "before_cursor_execute", wrong)


def open_page(screens: Screens, stem: str) -> AppTest:
    return screens.of(USERS.get(stem, "officer")).open(stem, **ASKED.get(stem, {}))


@pytest.mark.parametrize("broken", [break_with_sql, break_with_a_bug])
@pytest.mark.parametrize("stem", STEMS)
def test_a_page_that_breaks_is_an_incident_number_that_stands_in_the_log_without_a_name(
    screens: Screens,
    monkeypatch: pytest.MonkeyPatch,
    sent: list[str],
    logged: pytest.LogCaptureFixture,
    stem: str,
    broken: Any,
) -> None:
    user = screens.of(USERS.get(stem, "officer"))
    broken(screens)
    if stem == "rules_in_force":  # it asks the database nothing of its own
        monkeypatch.setattr(rules, "rules_in_force", lambda *_: {}[CANARY])
    page = user.open(stem, **ASKED.get(stem, {}))
    assert not page.exception
    said = re.search(r"incident number (\d{6})", words(page))
    assert said and "Something went wrong; nothing was saved" in words(page)
    assert [shown for shown in NEVER_SHOWN if shown in "".join(sent)] == []
    assert f"incident {said[1]}\n" in logged.text
    assert CANARY not in logged.text


def fail(monkeypatch: pytest.MonkeyPatch, screens: Screens, sentence: str) -> None:
    """Let the database fail in mid-session, with this sentence."""

    def wrong(*_: Any) -> None:
        raise CannotRead(sentence)

    event.listen(screens.engine, "do_connect", wrong)
    screens.engine.dispose()


@pytest.mark.parametrize("stem", STEMS)
def test_a_database_out_of_reach_is_a_sentence_on_every_page(
    screens: Screens, monkeypatch: pytest.MonkeyPatch, sent: list[str], stem: str
) -> None:
    user = screens.of(USERS.get(stem, "officer"))
    fail(monkeypatch, screens, NOT_READ)
    page = user.open(stem, **ASKED.get(stem, {}))
    assert not page.exception
    assert [one.value for one in page.error] == [trouble.plain(NOT_READ)]
    assert [shown for shown in NEVER_SHOWN if shown in "".join(sent)] == []


def test_a_file_that_is_gone_is_said_and_the_page_is_back_with_the_file(screens: Screens) -> None:
    file = ROOT / str(screens.engine.url.database)
    away = file.with_name("away.sqlite")
    user = screens.of("officer")
    assert user.open("today").dataframe
    file.rename(away)
    page = user.open("today")
    assert [one.value for one in page.error] == [trouble.plain(FILE_GONE)]
    assert not file.exists()
    away.rename(file)
    assert not user.open("today").error


def test_a_database_of_a_newer_program_is_said_in_mid_session_and_left_as_it_is(
    screens: Screens, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(readiness.Readiness, "EVERY_SECONDS", 0.0)
    user = screens.of("officer")
    with screens.engine.begin() as tx:
        was = tx.execute(text("SELECT version_num FROM alembic_version")).scalar_one()
        tx.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    (said,) = (one.value for one in user.open("today").error)
    assert "made by a newer Attendance Desk" in said and "nothing was changed" in said
    with screens.engine.begin() as tx:
        tx.execute(text("UPDATE alembic_version SET version_num = :was"), {"was": was})
    assert not user.open("today").error


def test_an_empty_file_in_its_place_is_not_set_up_as_a_new_school(
    screens: Screens, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(readiness.Readiness, "EVERY_SECONDS", 0.0)
    user = screens.of("officer")
    assert not user.open("today").error
    file = ROOT / str(screens.engine.url.database)
    file.unlink()
    file.touch()
    page = user.open("today")
    assert [one.value for one in page.error] == [trouble.plain(readiness.NOT_AS_IT_WAS)]
    assert not page.button
    with screens.engine.connect() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM sqlite_master").scalar() == 0


READ_ALL_THE_SAME = ("today", "register", "on_track", "absence", "referrals", "rules_in_force")


@pytest.mark.parametrize("stem", READ_ALL_THE_SAME)
def test_whoever_is_signed_in_goes_on_reading_a_read_only_database(
    screens: Screens, monkeypatch: pytest.MonkeyPatch, stem: str
) -> None:
    user = screens.of("officer")
    monkeypatch.setenv("ATTENDANCE_NOW", "2026-11-24T10:20:00+00:00")  # "last seen" is due
    make_read_only(screens)
    page = user.open(stem, **ASKED.get(stem, {}))
    assert not page.exception and not page.error


def test_a_pupils_record_whose_opening_cannot_be_recorded_stays_closed(screens: Screens) -> None:
    user = screens.of("officer")
    make_read_only(screens)
    page = user.open("pupil", pupil="1")
    assert [one.value for one in page.error] == [trouble.plain(READ_ONLY)]
    assert "UPN" not in words(page)


def test_signing_in_to_a_read_only_database_is_refused_in_a_sentence(screens: Screens) -> None:
    page = screens.of(None).open("today")
    make_read_only(screens)
    page.text_input[0].input("officer")
    page.text_input[1].input("whatever it is")
    page.button[0].click().run()
    assert not page.exception
    assert [one.value for one in page.error] == [trouble.plain(READ_ONLY)]


def make_read_only(screens: Screens) -> None:
    """As SQLite is where the file may not be written; also for root, who may write anything."""

    def only_read(connection: Any, _record: Any) -> None:
        connection.execute("PRAGMA query_only = ON")

    event.listen(screens.engine, "connect", only_read)
    screens.engine.dispose()
