"""The database gone, locked, read-only, moved or stopped: what is said, and that it recovers."""

from __future__ import annotations

import os
import shutil
import sqlite3
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import OperationalError

from attendance.errors import CannotRead, Refused
from attendance.store import engine as engines
from attendance.store import failures, schools
from attendance.store.engine import open_engine, read, write, write_in_passing
from tests import postgres
from tests.store.build import NOW

NOBODY = 65534


def add(tx: engines.Tx, name: str = "Invented High School") -> None:
    schools.add_school(tx, name, f"999{len(name):03d}", "secondary", NOW)


def save(engine: Engine, name: str = "Invented High School") -> None:
    with write(engine) as tx:
        add(tx, name)


def names(engine: Engine) -> list[str]:
    with read(engine) as tx:
        return [one.name for one in schools.list_schools(tx)]


@pytest.fixture
def folder(sqlite_template: Path) -> Iterator[Path]:
    """A folder with a database, which a person without privileges may use too."""
    made = Path(tempfile.mkdtemp(prefix="attendance-outage-"))
    shutil.copyfile(sqlite_template, made / "a.sqlite")
    made.chmod(0o777)
    (made / "a.sqlite").chmod(0o666)
    yield made
    made.chmod(0o777)
    shutil.rmtree(made)


@contextmanager
def without_privileges() -> Iterator[None]:
    """Root may write what is read-only: be nobody for a while."""
    if os.geteuid() != 0:
        yield
        return
    os.seteuid(NOBODY)
    try:
        yield
    finally:
        os.seteuid(0)


def opened(folder: Path) -> Engine:
    return open_engine(f"sqlite:///{folder / 'a.sqlite'}")


def test_a_file_that_is_gone_is_said_and_no_empty_one_is_put_in_its_place(folder: Path) -> None:
    engine = opened(folder)
    save(engine)
    (folder / "a.sqlite").rename(folder / "elsewhere.sqlite")
    with pytest.raises(CannotRead, match="no longer where it was"):
        names(engine)
    with pytest.raises(CannotRead, match="no longer where it was"):
        save(engine, "Lost School")
    assert not (folder / "a.sqlite").exists()
    (folder / "elsewhere.sqlite").rename(folder / "a.sqlite")
    assert names(engine) == ["Invented High School"]
    engine.dispose()


def test_another_file_in_its_place_is_the_one_that_is_read_and_written(folder: Path) -> None:
    engine = opened(folder)
    save(engine)
    engine.dispose()
    shutil.copyfile(folder / "a.sqlite", folder / "copy.sqlite")
    assert names(engine) == ["Invented High School"]
    (folder / "copy.sqlite").replace(folder / "a.sqlite")
    save(engine, "Madeup Primary")
    with closing(sqlite_of(folder)) as file:
        found = [row[0] for row in file.execute("SELECT name FROM school ORDER BY id")]
    assert found == ["Invented High School", "Madeup Primary"]
    engine.dispose()


def sqlite_of(folder: Path) -> sqlite3.Connection:
    return sqlite3.connect(folder / "a.sqlite")


def test_a_read_only_file_can_be_read_and_says_that_it_cannot_be_written(folder: Path) -> None:
    (folder / "a.sqlite").chmod(0o444)
    engine = opened(folder)
    with without_privileges():
        assert names(engine) == []
        with pytest.raises(Refused, match="can only be read at the moment, and nothing was"):
            save(engine)
        assert not write_in_passing(engine, add)
        assert names(engine) == []
    (folder / "a.sqlite").chmod(0o666)
    with without_privileges():
        save(engine)
        assert names(engine) == ["Invented High School"]
    engine.dispose()


def test_a_restored_backup_that_is_read_only_can_be_read(folder: Path) -> None:
    with closing(sqlite_of(folder)) as file:
        file.execute("PRAGMA journal_mode = DELETE")
    (folder / "a.sqlite").chmod(0o444)
    folder.chmod(0o555)
    engine = opened(folder)
    with without_privileges():
        assert names(engine) == []
        with pytest.raises(Refused, match="can only be read at the moment"):
            save(engine)
    engine.dispose()


def test_a_read_only_folder_is_said_in_a_sentence_and_recovers(folder: Path) -> None:
    folder.chmod(0o555)
    engine = opened(folder)
    with without_privileges():
        with pytest.raises(CannotRead, match="read and write the file and its folder"):
            names(engine)
        with pytest.raises((CannotRead, Refused)):
            save(engine)
    folder.chmod(0o777)
    with without_privileges():
        save(engine)
        assert names(engine) == ["Invented High School"]
    engine.dispose()


def test_a_folder_made_read_only_while_the_program_runs_goes_on_being_read(folder: Path) -> None:
    with without_privileges():
        engine = opened(folder)
        save(engine)
    folder.chmod(0o555)
    with without_privileges():
        assert names(engine) == ["Invented High School"]
    engine.dispose()


def test_what_is_written_in_passing_neither_waits_for_another_writer_nor_fails(
    engine: Engine,
) -> None:
    save(engine)
    rename = text("UPDATE school SET name = 'Renamed'")
    with write(engine) as tx:
        tx.execute(text("UPDATE school SET urn = '999000'"))
        began = time.monotonic()
        assert not write_in_passing(engine, lambda other: other.execute(rename))
        assert time.monotonic() - began < 5
    assert names(engine) == ["Invented High School"]
    assert write_in_passing(engine, lambda other: other.execute(rename))
    assert names(engine) == ["Renamed"]


def test_a_writer_after_one_in_passing_is_as_patient_as_ever(sqlite_engine: Engine) -> None:
    write_in_passing(sqlite_engine, add)
    with write(sqlite_engine) as tx:
        assert tx.exec_driver_sql("PRAGMA busy_timeout").scalar() == 30_000


def test_a_damaged_file_is_said_in_a_sentence(folder: Path) -> None:
    file = folder / "a.sqlite"
    data = bytearray(file.read_bytes())
    data[1024:] = b"\xff" * (len(data) - 1024)
    file.write_bytes(data)
    engine = opened(folder)
    for use in (names, save):
        with pytest.raises(CannotRead, match="is damaged, and nothing was changed"):
            use(engine)
    engine.dispose()


def test_a_reader_locked_out_is_told_so(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engines, "PATIENCE_SECONDS", 0.05)
    with closing(sqlite_of(folder)) as file:
        file.execute("PRAGMA journal_mode = DELETE")
        file.execute("PRAGMA locking_mode = EXCLUSIVE")
        file.execute("BEGIN EXCLUSIVE")
        engine = opened(folder)
        with pytest.raises(CannotRead, match="did not answer|cannot be opened"):
            names(engine)
    assert names(engine) == []
    engine.dispose()


def test_a_read_only_postgresql_can_be_read_and_says_so(postgresql_engine: Engine) -> None:
    database = str(postgresql_engine.url.database)
    save(postgresql_engine)
    with write(postgresql_engine) as tx:
        tx.execute(text(f"ALTER DATABASE {database} SET default_transaction_read_only = on"))
    postgresql_engine.dispose()
    with pytest.raises(Refused, match="can only be read"):
        save(postgresql_engine)
    assert not write_in_passing(postgresql_engine, add)
    assert names(postgresql_engine) == ["Invented High School"]


def test_a_postgresql_that_stops_is_said_and_used_again_when_it_is_back() -> None:
    binaries = postgres.find_binaries()
    if binaries is None:
        pytest.skip("There is no PostgreSQL under /usr/lib/postgresql.")
    with postgres.Cluster(binaries) as cluster:
        engine = open_engine(cluster.url(cluster.create()))
        engines.upgrade(engine)
        with pytest.raises(CannotRead, match="did not answer"), read(engine) as tx:
            cluster.stop()
            schools.list_schools(tx)
        for use in (names, save):
            with pytest.raises(CannotRead, match="cannot be opened. Check that it is running"):
                use(engine)
        cluster.start()
        save(engine)
        assert names(engine) == ["Invented High School"]
        with pytest.raises((Refused, CannotRead), match="nothing was changed"), write(engine) as tx:
            add(tx, "Lost School")
            cluster.stop()
            add(tx, "Lost Too")
        cluster.start()
        assert names(engine) == ["Invented High School"]
        engine.dispose()


@pytest.mark.parametrize(
    ("code", "reading", "saving"),
    [
        (sqlite3.SQLITE_CORRUPT_INDEX, failures.DAMAGED, failures.DAMAGED),
        (sqlite3.SQLITE_NOTADB, failures.DAMAGED, failures.DAMAGED),
        (sqlite3.SQLITE_READONLY_CANTINIT, failures.FILE_OUT_OF_REACH, failures.READ_ONLY),
        (sqlite3.SQLITE_CANTOPEN, failures.FILE_OUT_OF_REACH, failures.NOT_SAVED),
        (sqlite3.SQLITE_IOERR_READ, failures.NOT_READ, failures.NOT_SAVED),
        (sqlite3.SQLITE_BUSY_SNAPSHOT, failures.NOT_READ, failures.NOT_SAVED),
        (sqlite3.SQLITE_ERROR, None, None),
    ],
)
def test_what_sqlite_reports_half_way_is_told_as_what_it_means(
    code: int, reading: str | None, saving: str | None
) -> None:
    reported = sqlite3.OperationalError("disk image of Amina Testwick is malformed")
    reported.sqlite_errorcode = code
    error = OperationalError("SELECT", {}, reported)
    told = [failures.not_read(error), failures.not_saved(error)]
    assert [str(one) if one else None for one in told] == [reading, saving]


def test_a_database_in_memory_has_no_file_to_lose() -> None:
    engine = open_engine("sqlite://")
    with read(engine) as tx:
        assert tx.execute(text("SELECT 1")).scalar() == 1
    engine.dispose()


def test_every_sentence_says_what_to_do() -> None:
    told = [value for name, value in vars(failures).items() if name.isupper() and name[0] != "_"]
    assert len(told) == 7
    for sentence in told:
        assert any(words in sentence for words in ("again", "estore the last backup"))
        assert "sql" not in sentence.lower()
