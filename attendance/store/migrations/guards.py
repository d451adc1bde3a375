"""What the tables alone cannot say: the log is never rewritten, and `mark` reads like a register.

Written out for each database, because triggers and dates have no common tongue. Alembic's batch
mode on SQLite copies a table and drops its triggers, so every upgrade takes them all down first
and puts them all back last, in its own transaction.
"""

from __future__ import annotations

from sqlalchemy import Connection

GUARDED = {
    "amendment": "An amendment is kept as it was made: it is never changed or deleted.",
    "event": "The log is kept as it was written: it is never changed or deleted.",
}
_SAME_ROW = {
    "amendment": "seq = NEW.seq AND school_id = NEW.school_id",
    "event": "id = NEW.id",
}

# A line of 540 marks, one row each. substr() counts from 1.
_MARK_VIEW = """
CREATE VIEW mark AS
WITH RECURSIVE slots(slot) AS (SELECT 0 UNION ALL SELECT slot + 1 FROM slots WHERE slot < 539)
SELECT line.school_id, line.school_year, line.pupil_id, slots.slot,
       {day} AS day,
       CASE WHEN slots.slot % 2 = 0 THEN 'AM' ELSE 'PM' END AS session,
       code_symbol.code
FROM register_line AS line
JOIN slots ON substr(line.marks, slots.slot + 1, 1) <> '-'
JOIN code_symbol ON code_symbol.symbol = substr(line.marks, slots.slot + 1, 1)
"""

# The grid starts on the Monday on or before 1 August: core/slots.py, and a test compares the two.
_DAYS_IN = "(slots.slot / 10 * 7 + slots.slot % 10 / 2)"
_DAY_SQLITE = (
    f"date(line.school_year || '-08-02', 'weekday 1', '-7 days', '+' || {_DAYS_IN} || ' days')"
)
_DAY_POSTGRESQL = (
    f"(date_trunc('week', make_date(line.school_year, 8, 1)::timestamp)::date + {_DAYS_IN})"
)

_REFUSE_FUNCTION = """
CREATE FUNCTION refuse_to_rewrite() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION '%', TG_ARGV[0]; END $$
"""


def take_down(tx: Connection) -> None:
    """Drop the view and the triggers, where they are, so that tables can be changed."""
    tx.exec_driver_sql("DROP VIEW IF EXISTS mark")
    if tx.dialect.name == "sqlite":
        for table in GUARDED:
            for name in ("update", "delete", "replace"):
                tx.exec_driver_sql(f"DROP TRIGGER IF EXISTS {table}_no_{name}")
    else:
        tx.exec_driver_sql("DROP FUNCTION IF EXISTS refuse_to_rewrite() CASCADE")


def put_up(tx: Connection) -> None:
    """Create the view and the triggers."""
    if tx.dialect.name == "sqlite":
        tx.exec_driver_sql(_MARK_VIEW.format(day=_DAY_SQLITE))
        for statement in _sqlite_triggers():
            tx.exec_driver_sql(statement)
    else:
        tx.exec_driver_sql(_MARK_VIEW.format(day=_DAY_POSTGRESQL).replace("%", "%%"))
        tx.exec_driver_sql(_REFUSE_FUNCTION.replace("%", "%%"))
        for statement in _postgresql_triggers():
            tx.exec_driver_sql(statement)


def _sqlite_triggers() -> list[str]:
    statements = []
    for table, says in GUARDED.items():
        refuse = f"BEGIN SELECT RAISE(ABORT, '{says}'); END"
        for verb in ("update", "delete"):
            statements.append(
                f"CREATE TRIGGER {table}_no_{verb} BEFORE {verb.upper()} ON {table} {refuse}"
            )
        # INSERT OR REPLACE deletes the old row without asking the delete trigger.
        statements.append(
            f"CREATE TRIGGER {table}_no_replace BEFORE INSERT ON {table} "
            f"WHEN EXISTS (SELECT 1 FROM {table} WHERE {_SAME_ROW[table]}) {refuse}"
        )
    return statements


def _postgresql_triggers() -> list[str]:
    statements = []
    for table, says in GUARDED.items():
        refuse = f"EXECUTE FUNCTION refuse_to_rewrite('{says}')"
        statements.append(
            f"CREATE TRIGGER {table}_no_rewrite BEFORE UPDATE OR DELETE ON {table} "
            f"FOR EACH ROW {refuse}"
        )
        statements.append(f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} {refuse}")
    return statements
