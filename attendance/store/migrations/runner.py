"""Alembic, in-process: which schema a database has, which this program needs, and the upgrade."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, delete, insert, select

from attendance.rules.codes import CODE_OF
from attendance.store.tables import code_symbol


def revision(tx: Connection) -> str | None:
    """The revision of the database's schema, None when it is empty."""
    return MigrationContext.configure(tx).get_current_revision()


@cache
def head_revision() -> str:
    """The revision this program was written for."""
    return str(_scripts().get_current_head())


@cache
def known_revisions() -> frozenset[str]:
    """Every revision this program can upgrade from, its own included."""
    return frozenset(script.revision for script in _scripts().walk_revisions())


def has_current_codes(tx: Connection) -> bool:
    """Whether the view `mark` would show the codes of data/reference/codes.csv."""
    rows = tx.execute(select(code_symbol.c.symbol, code_symbol.c.code))
    return {row.symbol: row.code for row in rows} == dict(CODE_OF)


def run(tx: Connection) -> None:
    """Bring the schema to head and the codes to today's, inside the caller's transaction."""
    config = _config()
    config.attributes["connection"] = tx
    command.upgrade(config, "head")
    tx.execute(delete(code_symbol))
    tx.execute(insert(code_symbol), [{"symbol": s, "code": c} for s, c in CODE_OF.items()])


def _scripts() -> ScriptDirectory:
    return ScriptDirectory.from_config(_config())


def _config() -> Config:
    config = Config()
    folder = str(Path(__file__).parent)
    config.set_main_option("script_location", folder.replace("%", "%%"))
    return config
