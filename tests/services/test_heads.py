"""A forged chain is found: by its own hashes, or, made anew as a whole, by what was published."""

from __future__ import annotations

import ast
import csv
import json
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import text

from attendance.core.chain import CHAINED, GENESIS, entry_hash
from attendance.core.heads import Head, check_heads, line_of, read_heads
from attendance.errors import CannotRead, Refused
from attendance.services import heads
from attendance.services.audit import verify_chain
from attendance.store import amendments, schools
from attendance.store.engine import read
from tests.store.build import amend, change, school

NOW = datetime(2026, 11, 24, 18, 0, tzinfo=UTC)
SCRIPT = Path(__file__).parents[2] / "docs" / "auditor" / "verify_chain.py"


def fill(engine) -> None:
    school_id, (amina, bilal, _) = school(engine)
    amend(engine, school_id, change(amina, "-", "N"), change(bilal, "-", "Y4"))
    amend(engine, school_id, change(amina, "N", "I"))


def rows_of(engine):
    with read(engine) as tx:
        (here,) = schools.list_schools(tx)
        return list(amendments.all_rows(tx, here.id))


def edit(rows):
    rows[1]["reason"] = "Forged"


def delete(rows):
    del rows[1]


def reorder(rows):
    rows[0]["seq"], rows[1]["seq"] = 2, 1
    rows[0], rows[1] = rows[1], rows[0]


def make_anew(rows):
    rows[0]["reason"], last = "Forged", GENESIS
    for row in rows:
        row["previous_hash"] = last
        row["hash"] = last = entry_hash(last, row)


def forge(engine, how) -> None:
    """What somebody who may write the database can do: triggers off, rows and head replaced."""
    rows = rows_of(engine)
    how(rows)
    slots = {row["seq"]: row.get("slot", 0) for row in rows}
    with engine.begin() as tx:
        for (name,) in tx.execute(
            text("SELECT name FROM sqlite_master WHERE type='trigger'")
        ).all():
            tx.execute(text(f"DROP TRIGGER {name}"))
        tx.execute(text("DELETE FROM amendment"))
        names = [*CHAINED, "previous_hash", "hash", "slot"]
        marks = ", ".join(f":{name}" for name in names)
        for row in rows:
            at = row["at"].strftime("%Y-%m-%d %H:%M:%S.%f")
            values = row | {"slot": slots[row["seq"]], "at": at, "day": row["day"].isoformat()}
            values["session"] = str(row["session"])
            statement = text(f"INSERT INTO amendment ({', '.join(names)}) VALUES ({marks})")
            tx.execute(statement, {name: values[name] for name in names})
        last = {"seq": len(rows), "head": rows[-1]["hash"]}
        tx.execute(text("UPDATE school_seq SET seq = :seq, head = :head"), last)


def script(*files) -> int:
    done = subprocess.run([sys.executable, "-I", SCRIPT, *files], capture_output=True, text=True)
    assert done.stderr == ""
    return done.returncode


def exported(engine, file: Path) -> Path:
    rows = [
        {name: None if value is None else str(value) for name, value in row.items()}
        for row in rows_of(engine)
    ]
    if file.suffix == ".json":
        file.write_text(json.dumps(rows))
        return file
    with file.open("w", newline="") as out:
        writer = csv.DictWriter(out, rows[0])
        writer.writeheader()
        writer.writerows(rows)
    return file


def test_every_published_head_stays_in_the_chain_as_it_grows(engine, tmp_path):
    school_id, (amina, *_) = school(engine)
    heads.publish(engine, tmp_path, NOW)
    amend(engine, school_id, change(amina, "-", "N"))
    file, head = heads.publish(engine, tmp_path, NOW)
    amend(engine, school_id, change(amina, "N", "I"))
    assert heads.broken_heads(engine, file) == []
    assert [each.count for each in read_heads(file.read_text())] == [0, 1]
    assert head.count == 1


@pytest.mark.parametrize("ending", ["csv", "json"])
def test_the_auditors_script_reads_an_export_of_either_database(engine, tmp_path, ending):
    fill(engine)
    file, _ = heads.publish(engine, tmp_path, NOW)
    assert script(exported(engine, tmp_path / f"out.{ending}"), file) == 0


@pytest.mark.parametrize("how", [edit, delete, reorder])
def test_a_forged_amendment_is_found_by_us_and_by_the_auditor(sqlite_engine, tmp_path, how):
    fill(sqlite_engine)
    database = sqlite_engine.url.database
    assert script(database) == 0
    forge(sqlite_engine, how)
    assert not verify_chain(sqlite_engine).intact
    assert script(database) == 1
    with pytest.raises(Refused, match="not published"):
        heads.publish(sqlite_engine, tmp_path, NOW)


def test_a_chain_made_anew_as_a_whole_is_found_by_the_published_head_only(sqlite_engine, tmp_path):
    fill(sqlite_engine)
    file, _ = heads.publish(sqlite_engine, tmp_path, NOW)
    database = sqlite_engine.url.database
    assert script(database, file) == 0
    forge(sqlite_engine, make_anew)
    assert verify_chain(sqlite_engine).intact and script(database) == 0
    (said,) = heads.broken_heads(sqlite_engine, file)
    assert "amendment 3: what was written is changed" in said
    assert script(database, file) == 1


def test_a_shortened_chain_is_found_by_the_published_head(sqlite_engine, tmp_path):
    fill(sqlite_engine)
    file, _ = heads.publish(sqlite_engine, tmp_path, NOW)
    forge(sqlite_engine, lambda rows: rows.pop())
    assert verify_chain(sqlite_engine).intact
    assert "there are fewer now" in heads.broken_heads(sqlite_engine, file)[0]
    assert script(sqlite_engine.url.database, file) == 1


def test_the_script_imports_nothing_of_ours():
    tree = ast.parse(SCRIPT.read_text())
    named = {each.name for n in ast.walk(tree) if isinstance(n, ast.Import) for each in n.names}
    named |= {str(n.module) for n in ast.walk(tree) if isinstance(n, ast.ImportFrom)}
    assert {name.split(".")[0] for name in named} <= sys.stdlib_module_names


def test_with_a_key_a_head_without_its_seal_is_forged(sqlite_engine, tmp_path, monkeypatch):
    fill(sqlite_engine)
    heads.publish(sqlite_engine, tmp_path, NOW)
    (tmp_path / "key").write_text("k" * 32)
    monkeypatch.setenv(heads.KEY_SETTING, str(tmp_path / "key"))
    file, _ = heads.publish(sqlite_engine, tmp_path, NOW)
    (said,) = heads.broken_heads(sqlite_engine, file)
    assert "seal" in said
    sealed = read_heads(line_of(Head(NOW, 0, GENESIS), b"k" * 32))
    assert check_heads(sealed, [], b"k" * 32) == []
    assert check_heads(sealed, [], b"x" * 32)


def test_a_key_that_is_short_or_missing_is_refused(tmp_path, monkeypatch):
    monkeypatch.setenv(heads.KEY_SETTING, str(tmp_path / "key"))
    with pytest.raises(CannotRead, match="cannot be read"):
        heads.chain_key()
    (tmp_path / "key").write_text("k" * 31)
    with pytest.raises(Refused, match="too short"):
        heads.chain_key()


@pytest.mark.parametrize("line", [
    "", "one two three", f"2026-11-24T18:00:00 1 {GENESIS}",
    f"2026-11-24T18:00:00+00:00 -1 {GENESIS}",
    "2026-11-24T18:00:00+00:00 1 abc", f"2026-11-24T18:00:00+00:00 1 {GENESIS} seal more",
])  # fmt: skip
def test_a_file_that_holds_no_heads_is_refused(line):
    with pytest.raises(CannotRead):
        read_heads(line)


def test_a_folder_is_named_or_set(engine, tmp_path, monkeypatch):
    monkeypatch.delenv(heads.FOLDER_SETTING, raising=False)
    with pytest.raises(Refused, match="--to FOLDER"):
        heads.heads_folder(None)
    monkeypatch.setenv(heads.FOLDER_SETTING, str(tmp_path))
    assert heads.heads_folder(None) == tmp_path
    fill(engine)
    with pytest.raises(Refused, match="cannot be written"):
        heads.publish(engine, tmp_path / "nowhere", NOW)
    with pytest.raises(CannotRead, match="published heads"):
        heads.broken_heads(engine, tmp_path / "nowhere")


def test_an_empty_line_of_the_published_file_says_nothing():
    line = line_of(Head(NOW, 0, GENESIS))
    assert read_heads(f"\n{line}\n\n") == read_heads(line)
