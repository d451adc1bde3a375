"""Migrations: they make what the tables say, once, as a whole, with the triggers and the view."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, delete, inspect, text

from attendance.core.slots import SLOTS, days_of
from attendance.errors import Refused
from attendance.rules.codes import CODE_OF
from attendance.store import amendments
from attendance.store.engine import is_current, read, upgrade, write
from attendance.store.migrations import guards, runner
from attendance.store.tables import code_symbol, metadata
from tests.store.build import NOW, OFFICER, amend, change, school

TRIGGERS = {
    "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger'",
    "postgresql": "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal",
}
EXPECTED = {
    "sqlite": {
        f"{table}_no_{what}" for table in guards.GUARDED for what in ("update", "delete", "replace")
    },
    "postgresql": {
        f"{table}_no_{what}" for table in guards.GUARDED for what in ("rewrite", "truncate")
    },
}


def triggers(engine: Engine) -> set[str]:
    with read(engine) as tx:
        return set(tx.execute(text(TRIGGERS[engine.dialect.name])).scalars())


def test_an_empty_database_is_upgraded_to_what_the_tables_say(blank_engine: Engine) -> None:
    assert not is_current(blank_engine)
    upgrade(blank_engine)
    assert is_current(blank_engine)
    with read(blank_engine) as tx:
        assert compare_metadata(MigrationContext.configure(tx), metadata) == []
        assert inspect(tx).get_view_names() == ["mark"]
    assert triggers(blank_engine) == EXPECTED[blank_engine.dialect.name]


def test_checks_are_named_as_the_tables_name_them(engine: Engine) -> None:
    with read(engine) as tx:
        found = {each["name"] for each in inspect(tx).get_check_constraints("amendment")}
    assert found == {"ck_amendment_something_changed", "ck_amendment_all_facts_given"}


def test_upgrading_again_changes_nothing_and_keeps_the_data(engine: Engine) -> None:
    school_id, (amina, *_) = school(engine)
    amend(engine, school_id, change(amina, "-", "N"))
    upgrade(engine)
    with write(engine) as tx:
        runner.run(tx)
    with read(engine) as tx:
        assert len(amendments.history(tx, school_id, amina)) == 1
    assert triggers(engine) == EXPECTED[engine.dialect.name]


def test_a_code_new_to_the_program_is_brought_into_the_database(engine: Engine) -> None:
    with write(engine) as tx:
        tx.execute(delete(code_symbol).where(code_symbol.c.code == "Y4"))
    assert not is_current(engine)
    upgrade(engine)
    assert is_current(engine)


def test_a_migration_that_fails_leaves_nothing_behind(
    blank_engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(_tx: object) -> None:
        raise RuntimeError("Half way")

    monkeypatch.setattr(guards, "put_up", fails)
    with pytest.raises(RuntimeError, match="Half way"):
        upgrade(blank_engine)
    with read(blank_engine) as tx:
        assert inspect(tx).get_table_names() == []


def test_a_database_of_a_newer_program_is_refused_and_left_as_it_is(engine: Engine) -> None:
    with write(engine) as tx:
        tx.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(Refused, match="newer Attendance Desk"):
        upgrade(engine)
    with read(engine) as tx:
        assert runner.revision(tx) == "9999"


def test_the_view_shows_one_row_a_mark_with_the_code_of_dfe(engine: Engine) -> None:
    school_id, (amina, bilal, _) = school(engine)
    amend(engine, school_id, change(amina, "-", "Y4"), change(bilal, "-", "N"))
    with read(engine) as tx:
        rows = tx.execute(text("SELECT * FROM mark ORDER BY pupil_id")).all()
    shown = [(*row[:4], str(row[4]), *row[5:]) for row in rows]
    assert shown == [
        (school_id, 2026, amina, 170, "2026-11-23", "AM", "Y4"),
        (school_id, 2026, bilal, 170, "2026-11-23", "AM", "N"),
    ]


@pytest.mark.parametrize("year", [2022, 2026, 2027, 2032])
def test_the_view_and_the_program_agree_on_the_date_of_every_slot(
    engine: Engine, year: int
) -> None:
    school_id, ids = school(engine, pupils_on_roll=1)
    symbols = [symbol for symbol in CODE_OF if symbol != "-"]
    line = np.array([[ord(symbols[slot % len(symbols)]) for slot in range(SLOTS)]], dtype=np.uint8)
    with write(engine) as tx:
        amendments.import_marks(tx, school_id, year, np.array(ids), line, OFFICER, "Imported", NOW)
    with read(engine) as tx:
        rows = tx.execute(text("SELECT slot, day, session, code FROM mark ORDER BY slot")).all()
    assert [row.slot for row in rows] == list(range(SLOTS))
    assert [date.fromisoformat(str(row.day)) for row in rows] == days_of(year).tolist()
    assert [row.session for row in rows] == ["AM", "PM"] * (SLOTS // 2)
    assert [row.code for row in rows] == [CODE_OF[chr(symbol)] for symbol in line[0]]


def test_the_revisions_named_by_their_files_are_those_that_alembic_knows() -> None:
    scripts = ScriptDirectory(str(runner.VERSIONS.parent))
    assert runner.known_revisions() == {script.revision for script in scripts.walk_revisions()}
    assert runner.head_revision() == scripts.get_current_head()
