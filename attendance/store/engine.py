"""Opening the database, and the two ways to use it: read() one snapshot, write() one transaction.

SQLite: WAL with synchronous=FULL (what was acknowledged survives a power cut), foreign keys on,
30 s of patience, and our own BEGIN: sqlite3's implicit one starts a writer as a reader, which then
fails with BUSY whatever the patience, and lets a failed migration half-apply. So
``engine.begin()`` is BEGIN IMMEDIATE. A reader's plain BEGIN sees one snapshot; on PostgreSQL that
is REPEATABLE READ.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, create_engine, event, make_url, text
from sqlalchemy import Engine as Engine  # the layers above take its type from here
from sqlalchemy.exc import ArgumentError, DBAPIError

from attendance.errors import AttendanceError, Refused
from attendance.store import failures
from attendance.store.files import SameFile
from attendance.store.migrations import runner

Tx = Connection

DEFAULT_FOLDER = Path(__file__).parents[2] / "data" / "local"
PATIENCE_SECONDS = 30
PATIENCE_IN_PASSING_MS = 200
_READING = "attendance_reading"
_IN_PASSING = "attendance_in_passing"


def open_engine(url: str | None = None) -> Engine:
    """The engine for a database address; nothing is connected to yet.

    ``url`` wins over ATTENDANCE_DATABASE_URL, which wins over SQLite in data/local. Raises Refused
    for an address that is neither SQLite's nor PostgreSQL's.
    """
    address = _address(url or os.environ.get("ATTENDANCE_DATABASE_URL") or _default_url())
    if address.get_backend_name() == "sqlite":
        return _sqlite(address)
    return _postgresql(address)


def _default_url() -> str:
    DEFAULT_FOLDER.mkdir(mode=0o700, parents=True, exist_ok=True)
    return f"sqlite:///{DEFAULT_FOLDER / 'attendance.sqlite'}"


def _address(url: str) -> URL:
    try:
        address = make_url(url)
    except ArgumentError:
        raise Refused(
            "The database address cannot be read. Write it as sqlite:////folder/file.sqlite "
            "or postgresql://user@host/name."
        ) from None
    if address.drivername in ("postgresql", "postgres"):
        address = address.set(drivername="postgresql+psycopg")
    if address.get_backend_name() not in ("sqlite", "postgresql"):
        raise Refused(
            f"Attendance Desk keeps its data in SQLite or PostgreSQL, not in {address.drivername}."
        )
    return address


def _sqlite(address: URL) -> Engine:
    engine = create_engine(address, connect_args={"timeout": PATIENCE_SECONDS})
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    if address.database:
        SameFile(Path(address.database)).watch(engine)
    return engine


def _prepare_sqlite(connection: Any, _record: object) -> None:
    connection.isolation_level = None
    try:
        connection.execute("PRAGMA journal_mode = WAL")
    except sqlite3.OperationalError as error:
        # A restored backup is not WAL yet. It can be read all the same where it cannot be written.
        if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_READONLY:
            raise
    for pragma in ("synchronous = FULL", "foreign_keys = ON"):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(tx: Connection) -> None:
    options = tx.get_execution_options()
    seconds = PATIENCE_IN_PASSING_MS / 1000 if _IN_PASSING in options else PATIENCE_SECONDS
    tx.exec_driver_sql(f"PRAGMA busy_timeout = {round(1000 * seconds)}")
    tx.exec_driver_sql("BEGIN" if options.get(_READING) else "BEGIN IMMEDIATE")


def _postgresql(address: URL) -> Engine:
    return create_engine(
        address,
        pool_pre_ping=True,
        pool_size=20,
        max_overflow=30,
        connect_args={
            "connect_timeout": 10,
            "options": f"-c lock_timeout={PATIENCE_SECONDS}s",
        },
    )


@contextmanager
def read(engine: Engine) -> Iterator[Tx]:
    """One snapshot of the database for as long as the block lasts; nothing is written.

    Raises CannotRead when the database cannot be reached.
    """
    with _connected(engine) as connection, _told(failures.not_read):
        if engine.dialect.name == "sqlite":
            tx = connection.execution_options(**{_READING: True})
        else:
            tx = connection.execution_options(
                isolation_level="REPEATABLE READ", postgresql_readonly=True
            )
        with tx.begin():
            yield tx


@contextmanager
def write(engine: Engine) -> Iterator[Tx]:
    """One transaction: all of the block is kept when it ends, nothing of it when it raises.

    Raises CannotRead when the database cannot be reached, and Refused when the database itself
    could not save (disk full, read-only, no longer reachable, busy for 30 seconds).
    """
    with _connected(engine) as tx, _told(failures.not_saved), tx.begin():
        yield tx


def write_in_passing(engine: Engine, change: Callable[[Tx], object]) -> bool:
    """Write what nobody waits for, in a transaction of its own; whether it was saved.

    A database that is busy, full or read-only is left as it is: a page that only reads must not
    fail, or wait, for the note that it was read. Raises CannotRead when it cannot be reached.
    """
    try:
        with _connected(engine) as connection, _told(failures.not_saved):
            tx = connection.execution_options(**{_IN_PASSING: True})
            with tx.begin():
                if engine.dialect.name == "postgresql":
                    tx.execute(text(f"SET LOCAL lock_timeout = {PATIENCE_IN_PASSING_MS}"))
                change(tx)
    except Refused:
        return False
    return True


def upgrade(engine: Engine) -> None:
    """Create or upgrade the schema, in one transaction; does nothing to a current database.

    Raises Refused when a newer program made the database, CannotRead when it is out of reach.
    """
    if is_current(engine):
        return
    with write(engine) as tx:
        runner.run(tx)


def is_current(engine: Engine) -> bool:
    """Whether the database has this program's schema and codes; raises as ``upgrade`` does."""
    with read(engine) as tx:
        found = runner.revision(tx)
        if found is not None and found not in runner.known_revisions():
            raise Refused(
                "This database was made by a newer Attendance Desk. "
                "Install that version or a later one to open it; nothing was changed."
            )
        return found == runner.head_revision() and runner.has_current_codes(tx)


@contextmanager
def _connected(engine: Engine) -> Iterator[Connection]:
    try:
        connection = engine.connect()
    except DBAPIError as error:
        raise failures.not_opened(error, engine.dialect.name == "sqlite") from error
    with connection:
        yield connection


@contextmanager
def _told(says: Callable[[DBAPIError], AttendanceError | None]) -> Iterator[None]:
    """A failure of the database itself as a sentence; a mistake of ours as it is."""
    try:
        yield
    except DBAPIError as error:
        told = says(error)
        if told is None:
            raise
        raise told from error
