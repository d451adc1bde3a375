"""Opening a database: how it is set up, what a reader sees, what is said when it fails."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import Engine, func, insert, literal, select, text
from sqlalchemy.exc import OperationalError, ProgrammingError

from attendance.errors import CannotRead, Refused
from attendance.store import engine as engines
from attendance.store import registers, schools
from attendance.store.engine import open_engine, read, write
from attendance.store.tables import UtcDateTime
from attendance.store.tables import school as school_table
from tests.store.build import NOW, amend, change, school


def test_sqlite_survives_a_power_cut_and_checks_its_keys(sqlite_engine: Engine) -> None:
    with read(sqlite_engine) as tx:
        asked = ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        found = [tx.exec_driver_sql(f"PRAGMA {name}").scalar() for name in asked]
    assert found == ["wal", 2, 1, 30_000]


def test_a_reader_sees_one_snapshot_of_counter_and_lines(engine: Engine) -> None:
    school_id, (amina, *_) = school(engine)
    with read(engine) as tx:
        before = registers.position(tx, school_id)
        amend(engine, school_id, change(amina, "-", "N"))
        assert registers.position(tx, school_id) == before
        ids, _ = registers.load_lines(tx, school_id, 2026)
        assert list(ids) == []
        assert registers.lines_since(tx, school_id, 0) == set()
    with read(engine) as tx:
        assert registers.position(tx, school_id) == (before[0] + 1, before[1])
        assert registers.lines_since(tx, school_id, 0) == {(2026, amina)}


def test_a_block_that_raises_keeps_nothing(engine: Engine) -> None:
    with pytest.raises(RuntimeError):
        with write(engine) as tx:
            schools.add_school(tx, "Invented High School", "999001", "secondary", NOW)
            raise RuntimeError
    with read(engine) as tx:
        assert schools.list_schools(tx) == []


def test_postgresql_does_not_let_a_reader_write(postgresql_engine: Engine) -> None:
    with pytest.raises(Exception, match="read-only"):
        with read(postgresql_engine) as tx:
            schools.add_school(tx, "Invented High School", "999001", "secondary", NOW)


def test_the_usual_address_is_a_file_under_data_local(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("ATTENDANCE_DATABASE_URL", raising=False)
    monkeypatch.setattr(engines, "DEFAULT_FOLDER", tmp_path / "data" / "local")
    opened = open_engine()
    assert opened.url.database == str(tmp_path / "data" / "local" / "attendance.sqlite")
    assert (tmp_path / "data" / "local").stat().st_mode & 0o077 == 0


def test_the_environment_says_where_the_database_is_unless_the_caller_does(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ATTENDANCE_DATABASE_URL", "postgresql://desk:secret@db.invalid/attendance")
    assert open_engine().url.drivername == "postgresql+psycopg"
    assert open_engine(f"sqlite:///{tmp_path}/a.sqlite").url.get_backend_name() == "sqlite"


@pytest.mark.parametrize(
    ("url", "says"),
    [("nonsense", "address cannot be read"), ("mysql://host/name", "not in mysql")],
)
def test_an_address_of_something_else_is_refused(url: str, says: str) -> None:
    with pytest.raises(Refused, match=says):
        open_engine(url)


def test_an_unreachable_postgresql_is_said_in_a_sentence_without_the_password() -> None:
    opened = open_engine("postgresql://desk:secret@/attendance?host=/nowhere")
    with pytest.raises(CannotRead, match="cannot be opened. Check that it is running") as told:
        engines.upgrade(opened)
    assert "secret" not in str(told.value)


def test_an_unreachable_sqlite_is_said_in_a_sentence(tmp_path: Path) -> None:
    opened = open_engine(f"sqlite:///{tmp_path}/nowhere/a.sqlite")
    with pytest.raises(CannotRead, match="cannot be opened"):
        with write(opened):
            pass


def test_a_file_that_is_no_database_is_said_in_a_sentence(tmp_path: Path) -> None:
    file = tmp_path / "letter.sqlite"
    file.write_text("Dear parent, " * 500)
    with pytest.raises(CannotRead, match="cannot be opened"):
        engines.is_current(open_engine(f"sqlite:///{file}"))


def test_a_database_that_stays_busy_is_said_in_a_sentence_and_keeps_nothing(
    sqlite_engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engines, "PATIENCE_SECONDS", 0.05)
    impatient = open_engine(str(sqlite_engine.url))
    with write(sqlite_engine):
        with pytest.raises(Refused, match="nothing was changed"):
            with write(impatient):
                pass
    impatient.dispose()


def test_a_full_disk_is_said_in_a_sentence_and_keeps_nothing(sqlite_engine: Engine) -> None:
    with pytest.raises(Refused, match="busy, full or out of reach"):
        with write(sqlite_engine) as tx:
            size = tx.exec_driver_sql("PRAGMA page_count").scalar()
            tx.exec_driver_sql(f"PRAGMA max_page_count = {size}")
            row = {"name": "x" * 100_000, "urn": "1", "phase": "", "is_demo": 0, "created_at": NOW}
            tx.execute(insert(school_table), row)
    with read(sqlite_engine) as tx:
        assert tx.execute(select(func.count()).select_from(school_table)).scalar() == 0


def test_our_own_mistake_in_a_statement_stays_loud(engine: Engine) -> None:
    with pytest.raises((OperationalError, ProgrammingError)):
        with write(engine) as tx:
            tx.execute(text("SELECT * FROM no_such_table"))


def test_a_moment_without_a_time_zone_is_refused(engine: Engine) -> None:
    with pytest.raises(Exception, match="has no time zone"):
        with write(engine) as tx:
            at = NOW.replace(tzinfo=None)
            schools.add_school(tx, "Invented High School", "999001", "secondary", at)


def test_a_moment_that_is_not_known_stays_unknown(engine: Engine) -> None:
    query = select(literal(None, UtcDateTime()))
    with read(engine) as tx:
        assert tx.execute(query).scalar() is None
