"""Alembic, in-process: which schema a database has, which this program needs, and the upgrade.

Alembic takes a tenth of a second to import, so it is only when there is something to upgrade.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

from sqlalchemy import Connection, column, delete, insert, inspect, select, table

from attendance.rules.codes import CODE_OF
from attendance.store.tables import code_symbol

VERSIONS = Path(__file__).parent / "versions"
_VERSION = table("alembic_version", column("version_num"))


def revision(tx: Connection) -> str | None:
    """The revision of the database's schema, None when it is empty."""
    if not inspect(tx).has_table(_VERSION.name):
        return None
    return tx.execute(select(_VERSION.c.version_num)).scalar()


def head_revision() -> str:
    """The revision this program was written for."""
    return max(known_revisions())


@cache
def known_revisions() -> frozenset[str]:
    """Every revision this program can upgrade from, its own included: `0002` of `0002_….py`."""
    return frozenset(file.name.partition("_")[0] for file in VERSIONS.glob("[0-9]*_*.py"))


def has_current_codes(tx: Connection) -> bool:
    """Whether the view `mark` would show the codes of data/reference/codes.csv."""
    rows = tx.execute(select(code_symbol.c.symbol, code_symbol.c.code))
    return {row.symbol: row.code for row in rows} == dict(CODE_OF)


def run(tx: Connection) -> None:
    """Bring the schema to head and the codes to today's, inside the caller's transaction."""
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(VERSIONS.parent).replace("%", "%%"))
    config.attributes["connection"] = tx
    command.upgrade(config, "head")
    tx.execute(delete(code_symbol))
    tx.execute(insert(code_symbol), [{"symbol": s, "code": c} for s, c in CODE_OF.items()])
