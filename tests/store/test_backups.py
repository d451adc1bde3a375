"""Backups: made while people work, put back as a whole, refused when they are not ours."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from sqlalchemy import Engine, make_url, text

from attendance.core import chain
from attendance.errors import CannotRead, Refused
from attendance.store import amendments, backups, pg_tools, registers, schools
from attendance.store import engine as engines
from attendance.store.engine import read, write
from attendance.store.migrations import runner
from tests.store.build import NOW, OFFICER, YEAR, amend, change, school


def facts(engine: Engine) -> tuple[object, ...]:
    with read(engine) as tx:
        (here,) = schools.list_schools(tx)
        count, head = registers.head(tx, here.id)
        check = chain.verify(amendments.all_rows(tx, here.id), head=head, count=count)
        _, lines = registers.load_lines(tx, here.id, YEAR)
    return here, check, lines.tobytes()


def test_a_backup_restored_brings_back_everything_and_the_head_of_the_chain(
    engine: Engine, tmp_path: Path
) -> None:
    school_id, (amina, bilal, _) = school(engine)
    amend(engine, school_id, change(amina, "-", "N"), change(bilal, "-", "Y4"))
    file = tmp_path / "monday.backup"
    backups.backup(engine, file)
    before = facts(engine)
    amend(engine, school_id, change(amina, "N", "I"))
    assert facts(engine) != before
    backups.restore(engine, file)
    assert facts(engine) == before
    assert amend(engine, school_id, change(amina, "N", "M")) == [3]
    with pytest.raises(Exception, match="it is never changed or deleted"):
        with engine.begin() as tx:
            tx.execute(text("DELETE FROM amendment"))
    assert file.stat().st_mode & 0o077 == 0
    assert sorted(each.name for each in tmp_path.iterdir() if "backup" in each.name) == [file.name]


def test_a_backup_leaves_out_what_is_not_yet_saved(engine: Engine, tmp_path: Path) -> None:
    school_id, (amina, *_) = school(engine)
    saved = facts(engine)
    file = tmp_path / "monday.backup"
    with write(engine) as tx:
        made = [change(amina, "-", "N")]
        amendments.change_marks(tx, school_id, made, OFFICER, "Rang", NOW)
        backups.backup(engine, file)
    backups.restore(engine, file)
    assert facts(engine) == saved


def test_sqlite_keeps_its_safe_settings_after_a_restore(
    sqlite_engine: Engine, tmp_path: Path
) -> None:
    school(sqlite_engine)
    backups.backup(sqlite_engine, tmp_path / "monday.backup")
    backups.restore(sqlite_engine, tmp_path / "monday.backup")
    sqlite_engine.dispose()
    with read(sqlite_engine) as tx:
        assert tx.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"
        assert tx.exec_driver_sql("PRAGMA integrity_check").scalar() == "ok"


def test_a_backup_never_overwrites_a_file(engine: Engine, tmp_path: Path) -> None:
    file = tmp_path / "monday.backup"
    file.write_text("Something else")
    with pytest.raises(Refused, match="never overwritten"):
        backups.backup(engine, file)
    assert file.read_text() == "Something else"


def test_a_backup_into_a_folder_that_is_not_there_is_refused(
    engine: Engine, tmp_path: Path
) -> None:
    with pytest.raises(Refused, match="There is no folder"):
        backups.backup(engine, tmp_path / "nowhere" / "monday.backup")


def test_a_backup_that_cannot_be_written_leaves_nothing_behind(
    engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_file: Path) -> None:
        raise OSError("No space left on device")

    monkeypatch.setattr(backups, "_sync", full)
    with pytest.raises(Refused, match="could not be written"):
        backups.backup(engine, tmp_path / "monday.backup")
    assert [each.name for each in tmp_path.iterdir() if "backup" in each.name] == []


def someone_elses_database(file: Path) -> None:
    with sqlite3.connect(file) as other:
        other.execute("CREATE TABLE letters (id INTEGER)")
    other.close()


def nobodys_schema(file: Path) -> None:
    with sqlite3.connect(file) as other:
        other.execute("CREATE TABLE alembic_version (version_num TEXT)")
    other.close()


def a_letter(file: Path) -> None:
    file.write_text("Dear parent, " * 500)


@pytest.mark.parametrize("make", [someone_elses_database, nobodys_schema, a_letter])
def test_a_file_that_is_not_ours_is_refused_and_nothing_is_changed(
    engine: Engine, tmp_path: Path, make: object
) -> None:
    school(engine)
    before = facts(engine)
    file = tmp_path / "other.file"
    make(file)
    with pytest.raises(CannotRead, match="is not a backup of Attendance Desk"):
        backups.restore(engine, file)
    assert facts(engine) == before


def test_a_file_that_is_not_there_cannot_be_restored(engine: Engine, tmp_path: Path) -> None:
    with pytest.raises(CannotRead, match="There is no file"):
        backups.restore(engine, tmp_path / "monday.backup")


def test_a_damaged_backup_is_refused_and_nothing_is_changed(engine: Engine, tmp_path: Path) -> None:
    school(engine)
    file = tmp_path / "monday.backup"
    backups.backup(engine, file)
    before = facts(engine)
    content = bytearray(file.read_bytes())
    # SQLite: a page of the tables; pg_dump's format: the list of what is in it.
    content[2000:30000] = b"\x99" * 28000
    file.write_bytes(content)
    with pytest.raises((CannotRead, Refused)):
        backups.restore(engine, file)
    assert facts(engine) == before


def test_a_backup_of_another_schema_is_refused(engine: Engine, tmp_path: Path) -> None:
    school(engine)
    file = tmp_path / "monday.backup"
    with write(engine) as tx:
        tx.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    backups.backup(engine, file)
    with pytest.raises(Refused, match=f"schema 9999, this one has {runner.head_revision()}"):
        backups.restore(engine, file)


def test_a_restore_that_cannot_replace_a_database_in_use_leaves_it_as_it_was(
    sqlite_engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    school(sqlite_engine)
    file = tmp_path / "monday.backup"
    backups.backup(sqlite_engine, file)
    monkeypatch.setattr(engines, "PATIENCE_SECONDS", 0.2)
    impatient = engines.open_engine(str(sqlite_engine.url))
    with write(sqlite_engine) as tx:
        tx.execute(text("UPDATE school SET name = 'Changed meanwhile'"))
        with pytest.raises(Refused, match="is as it was"):
            backups.restore(impatient, file)
    impatient.dispose()
    assert facts(sqlite_engine)[0].name == "Changed meanwhile"


def test_a_backup_with_a_damaged_page_is_refused_and_nothing_is_changed(
    sqlite_engine: Engine, tmp_path: Path
) -> None:
    school(sqlite_engine, pupils_on_roll=200)
    file = tmp_path / "monday.backup"
    backups.backup(sqlite_engine, file)
    with sqlite3.connect(file) as copy:
        (page,) = copy.execute("SELECT rootpage FROM sqlite_master WHERE name = 'pupil'").fetchone()
    copy.close()
    content = bytearray(file.read_bytes())
    content[(page - 1) * 4096 + 100 : page * 4096] = b"\x99" * 3996
    file.write_bytes(content)
    with pytest.raises(CannotRead, match="is not a backup"):
        backups.restore(sqlite_engine, file)
    assert facts(sqlite_engine)[0].name == "Invented High School"


def test_what_postgresql_cannot_dump_or_replace_is_said_in_its_words(
    postgresql_engine: Engine, tmp_path: Path
) -> None:
    school(postgresql_engine)
    file = tmp_path / "monday.backup"
    backups.backup(postgresql_engine, file)
    with write(postgresql_engine) as tx:
        tx.execute(text("CREATE VIEW of_the_county AS SELECT * FROM school"))
    with pytest.raises(Refused, match="is as it was. PostgreSQL says: [^$]*of_the_county"):
        backups.restore(postgresql_engine, file)
    assert facts(postgresql_engine)[0].name == "Invented High School"


def test_a_password_goes_to_postgresqls_programs_by_the_environment_only(
    postgresql_engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[object] = []

    def run(command: list[str], **options: dict[str, str]) -> object:
        seen.append((command, options["env"].get("PGPASSWORD")))
        return type("Done", (), {"returncode": 1, "stderr": "no such host"})

    monkeypatch.setattr(pg_tools.subprocess, "run", run)
    address = make_url("postgresql+psycopg://desk:s3cret@db.invalid/attendance")
    engine = type("Elsewhere", (), {"url": address})
    with pytest.raises(Refused, match="PostgreSQL says: no such host"):
        pg_tools.dump(engine, tmp_path / "a.part")
    ((command, password),) = seen
    assert password == "s3cret"
    assert "s3cret" not in " ".join(command)


def test_a_computer_without_postgresqls_programs_is_told_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pg_tools, "DEBIAN_FOLDER", tmp_path)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(Refused, match="pg_restore is not on this computer"):
        pg_tools.revision_in(tmp_path / "monday.backup")
