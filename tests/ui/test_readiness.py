"""Whether the database can be used: asked at the start, then every few seconds."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import Engine, event, inspect

from attendance.errors import CannotRead
from attendance.store.engine import is_current, open_engine
from attendance.ui.readiness import Readiness


def questions(engine: Engine) -> list[str]:
    found: list[str] = []
    event.listen(engine, "before_cursor_execute", lambda *asked: found.append(asked[2]))
    return found


def test_at_the_start_an_empty_database_is_brought_up_to_date(blank_engine: Engine) -> None:
    Readiness().check(blank_engine)
    assert is_current(blank_engine)


def test_a_database_that_is_not_there_at_the_start_is_used_as_soon_as_it_is(
    tmp_path: Path,
) -> None:
    engine = open_engine(f"sqlite:///{tmp_path / 'share' / 'a.sqlite'}")
    readiness = Readiness()
    for _ in range(2):
        with pytest.raises(CannotRead, match="cannot be opened"):
            readiness.check(engine)
    (tmp_path / "share").mkdir()
    readiness.check(engine)
    assert is_current(engine)
    engine.dispose()


def test_the_database_is_not_asked_at_every_rerun(
    sqlite_engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    readiness = Readiness()
    readiness.check(sqlite_engine)
    asked = questions(sqlite_engine)
    readiness.check(sqlite_engine)
    assert asked == []
    monkeypatch.setattr(Readiness, "EVERY_SECONDS", 0.0)
    readiness.check(sqlite_engine)
    assert asked


def test_a_database_in_use_is_never_migrated_under_a_running_server(
    sqlite_engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Readiness, "EVERY_SECONDS", 0.0)
    readiness = Readiness()
    readiness.check(sqlite_engine)
    file = Path(str(sqlite_engine.url.database))
    file.rename(tmp_path / "away.sqlite")
    file.touch()
    with pytest.raises(Exception, match="not the one that was open before"):
        readiness.check(sqlite_engine)
    with sqlite_engine.connect() as connection:
        assert inspect(connection).get_table_names() == []
