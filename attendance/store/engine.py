"""Opening the database, and the two ways to use it: read() one snapshot, write() one transaction.

SQLite: WAL with synchronous=FULL (what was acknowledged survives a power cut), foreign keys on,
30 s of patience, and our own BEGIN: sqlite3's implicit one starts a writer as a reader, which then
fails with BUSY whatever the patience, and lets a failed migration half-apply. So
``engine.begin()`` is BEGIN IMMEDIATE. A reader's plain BEGIN sees one snapshot; on PostgreSQL that
is REPEATABLE READ.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, create_engine, event, make_url
from sqlalchemy import Engine as Engine  # the layers above take its type from here
from sqlalchemy.exc import ArgumentError, DBAPIError, OperationalError

from attendance.errors import CannotRead, Refused
from attendance.store.migrations import runner

Tx = Connection

DEFAULT_FOLDER = Path(__file__).parents[2] / "data" / "local"
PATIENCE_SECONDS = 30
_READING = "attendance_reading"


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
    return engine


def _prepare_sqlite(connection: Any, _record: object) -> None:
    connection.isolation_level = None
    for pragma in ("journal_mode = WAL", "synchronous = FULL", "foreign_keys = ON"):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(tx: Connection) -> None:
    reading = tx.get_execution_options().get(_READING, False)
    tx.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")


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
    with _connected(engine) as connection:
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
    could not save (disk full, no longer reachable, busy for 30 seconds).
    """
    with _connected(engine) as tx:
        try:
            with tx.begin():
                yield tx
        except OperationalError as error:
            raise _not_saved(error) from error


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
        raise CannotRead(
            "The database cannot be opened. Check that it is running, that its address is right "
            "and that this computer may use it."
        ) from error
    with connection:
        yield connection


def _not_saved(error: OperationalError) -> Exception:
    # SQLite says "no such table" with the same class: that is our bug, and stays loud.
    if getattr(error.orig, "sqlite_errorcode", None) == 1:
        return error
    return Refused(
        "The database could not save this, and nothing was changed. "
        "It may be busy, full or out of reach: wait a moment and save again."
    )
