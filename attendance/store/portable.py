"""Small tools of the query modules: bulk inserts, upserts on both databases, lists of ids."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import Select, Table, insert
from sqlalchemy.dialects import postgresql, sqlite

from attendance.store.engine import Tx

Rows = Iterable[Mapping[str, Any]]
# SQLite and PostgreSQL both take more, but a list of ids is sent as one parameter each.
IDS_AT_ONCE = 5000


def upsert(tx: Tx, table: Table) -> postgresql.Insert | sqlite.Insert:
    """An INSERT that knows on_conflict_do_update and on_conflict_do_nothing."""
    return sqlite.insert(table) if tx.dialect.name == "sqlite" else postgresql.insert(table)


def add_rows(tx: Tx, table: Table, school_id: int, rows: Rows) -> int:
    """Insert rows of one school, in bulk; how many there were."""
    values = [{**row, "school_id": school_id} for row in rows]
    if values:
        tx.execute(insert(table), values)
    return len(values)


def plain_rows(
    tx: Tx, query: Select[Any], values: Mapping[str, Any] | None = None
) -> list[tuple[Any, ...]]:
    """All rows as the database's driver gives them: a day may be text (``day_of``), a bool 0 or 1.

    For a thousand rows and more: SQLAlchemy's own take five to ten times as long.
    """
    result = tx.execute(query, values)
    assert result.cursor is not None, "a query has a cursor"
    rows: list[tuple[Any, ...]] = list(result.cursor.fetchall())
    result.close()
    return rows


def known_day(value: date | str) -> date:
    """A day of ``plain_rows`` as a date: PostgreSQL's driver gives dates, SQLite's gives text."""
    return date.fromisoformat(value) if isinstance(value, str) else value


def day_of(value: date | str | None) -> date | None:
    """The same for a day that may be unknown."""
    return None if value is None else known_day(value)


def bounds_of(school_year: int) -> tuple[date, date]:
    """1 August to 31 July: the days of a school year, whatever its grid has at the edges."""
    return date(school_year, 8, 1), date(school_year + 1, 7, 31)


def chunks(ids: Sequence[int], size: int = IDS_AT_ONCE) -> Iterator[Sequence[int]]:
    """The ids in portions that one statement can take."""
    for start in range(0, len(ids), size):
        yield ids[start : start + size]
