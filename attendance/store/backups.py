"""A copy of the whole database in one file, made while people work, and put back as a whole.

SQLite: its online backup, never a copy of the live file. PostgreSQL: pg_dump's custom format and
pg_restore in one transaction. Restoring refuses a file that is not ours or has another schema; that
the chain of amendments is intact afterwards is for the caller to verify.
"""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from sqlalchemy import Engine

from attendance.errors import CannotRead, Refused
from attendance.store import engine as engines
from attendance.store import pg_tools
from attendance.store.migrations import runner

NOT_OURS = "{name} is not a backup of Attendance Desk. Choose a file that `backup` made."
OTHER_SCHEMA = (
    "{name} was made by another version of Attendance Desk (schema {found}, this one has {ours}). "
    "Restore it with that version, then upgrade."
)


def backup(engine: Engine, file: Path) -> None:
    """Write the database as it is now to a new file.

    Raises Refused when the file exists already or cannot be written; then nothing is left behind.
    """
    if file.exists():
        raise Refused(f"{file} exists already. Choose another name: a backup is never overwritten.")
    if not file.parent.is_dir():
        raise Refused(f"There is no folder {file.parent}. Create it, or choose another.")
    unfinished = file.with_name(file.name + ".part")
    try:
        if engine.dialect.name == "sqlite":
            _backup_sqlite(engine, unfinished)
        else:
            pg_tools.dump(engine, unfinished)
        _sync(unfinished)
        unfinished.rename(file)
    except (OSError, sqlite3.Error) as error:
        raise Refused(f"The backup could not be written to {file}: {error}") from error
    finally:
        unfinished.unlink(missing_ok=True)


def restore(engine: Engine, file: Path) -> None:
    """Replace everything in the database by a backup's contents, all of it or nothing.

    Raises CannotRead for a file that is not ours or is damaged, Refused for another schema or
    when the database could not be replaced.
    """
    if not file.is_file():
        raise CannotRead(f"There is no file {file}.")
    if engine.dialect.name == "sqlite":
        _restore_sqlite(engine, file)
    else:
        _check_schema(file, pg_tools.revision_in(file))
        pg_tools.restore(engine, file)


def _backup_sqlite(engine: Engine, file: Path) -> None:
    # Readable by its owner only, from the first byte.
    file.touch(mode=0o600)
    live = engine.raw_connection()
    with closing(live), closing(sqlite3.connect(file)) as copy:
        source = live.driver_connection
        assert isinstance(source, sqlite3.Connection)
        source.backup(copy)
        # One file, with no -wal beside it that could be left behind.
        copy.execute("PRAGMA journal_mode = DELETE")


def _restore_sqlite(engine: Engine, file: Path) -> None:
    with closing(sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro", uri=True)) as copy:
        _check_schema(file, _revision_in(copy))
        live = engine.raw_connection()
        with closing(live):
            target = live.driver_connection
            assert isinstance(target, sqlite3.Connection)
            try:
                copy.backup(target, progress=_patiently(), sleep=0.05)
            except sqlite3.Error as error:
                raise Refused(
                    f"The database could not be replaced, and is as it was: {error}"
                ) from error


def _patiently() -> Callable[[int, int, int], None]:
    # Python tries a busy database again for ever; the busy_timeout does not count here.
    give_up = time.monotonic() + engines.PATIENCE_SECONDS

    def progress(status: int, _remaining: int, _total: int) -> None:
        if status in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED) and time.monotonic() > give_up:
            raise sqlite3.OperationalError("somebody else was writing to it the whole time")

    return progress


def _revision_in(copy: sqlite3.Connection) -> str | None:
    try:
        health = copy.execute("PRAGMA quick_check").fetchone()
        row = copy.execute("SELECT version_num FROM alembic_version").fetchone()
    except sqlite3.Error:
        return None
    return str(row[0]) if row and health == ("ok",) else None


def _check_schema(file: Path, found: str | None) -> None:
    if found is None:
        raise CannotRead(NOT_OURS.format(name=file))
    if found != runner.head_revision():
        raise Refused(OTHER_SCHEMA.format(name=file, found=found, ours=runner.head_revision()))


def _sync(file: Path) -> None:
    with file.open("rb") as written:
        os.fsync(written.fileno())
