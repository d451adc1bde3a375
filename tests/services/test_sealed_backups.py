"""An encrypted backup is put back whole, or not at all: the drill, on both databases."""

from __future__ import annotations

import pytest

from attendance.errors import CannotRead, Refused
from attendance.services import audit, sealed_backups
from attendance.store import sealed
from tests.services.test_heads import NOW, fill
from tests.store.build import amend, change

SECRET = b"three plain words"


@pytest.fixture
def made(engine, tmp_path):
    """A database, and a backup of it."""
    fill(engine)
    file = tmp_path / "night.backup"
    sealed_backups.back_up(engine, file, SECRET, NOW)
    return engine, file


def test_a_restore_drill_brings_back_the_database_and_its_head(made, tmp_path):
    engine, file = made
    before = audit.verify_chain(engine)
    amend(engine, 1, change(1, "I", "M"))
    assert audit.verify_chain(engine) != before
    assert sealed_backups.restore(engine, file, SECRET) == before
    assert audit.verify_chain(engine) == before
    assert file.stat().st_mode & 0o077 == 0
    assert b"Invented High School" not in file.read_bytes()
    assert not file.with_name(file.name + ".part").exists()


def test_a_backup_that_is_changed_cut_or_of_another_passphrase_changes_nothing(made):
    engine, file = made
    amend(engine, 1, change(1, "I", "M"))
    before, content = audit.verify_chain(engine), file.read_bytes()
    middle = len(content) // 2
    flipped = content[:middle] + bytes([content[middle] ^ 1]) + content[middle + 1 :]
    for wrong in (flipped, content[:-1], content[: len(content) // 2], content + b"\0"):
        file.write_bytes(wrong)
        with pytest.raises(CannotRead, match="changed or cut short"):
            sealed_backups.restore(engine, file, SECRET)
    file.write_bytes(content.replace(b'"kdf"', b'"kdF"'))
    with pytest.raises(CannotRead, match="beginning was changed"):
        sealed_backups.restore(engine, file, SECRET)
    file.write_bytes(content)
    with pytest.raises(CannotRead, match="passphrase or key is not the one"):
        sealed_backups.restore(engine, file, b"three other words")
    assert audit.verify_chain(engine) == before


def test_a_file_that_is_not_encrypted_is_named_as_such(made, tmp_path):
    engine, file = made
    audit.back_up(engine, tmp_path / "open.backup", NOW)
    with pytest.raises(CannotRead, match="--plain"):
        sealed_backups.restore(engine, tmp_path / "open.backup", SECRET)
    with pytest.raises(CannotRead, match="no file"):
        sealed_backups.restore(engine, tmp_path / "none.backup", SECRET)
    with pytest.raises(Refused, match="never overwritten"):
        sealed_backups.back_up(engine, file, SECRET, NOW)
    with pytest.raises(Refused, match="too short"):
        sealed_backups.back_up(engine, tmp_path / "short.backup", b"short", NOW)
    assert not (tmp_path / "short.backup").exists()


@pytest.mark.parametrize("size", [0, 1, 99, 100, 101, 200, 250])
def test_every_length_comes_back_and_no_shorter_one_does(tmp_path, monkeypatch, size):
    monkeypatch.setattr(sealed, "CHUNK", 100)
    plain, file = tmp_path / "plain", tmp_path / "sealed"
    plain.write_bytes(bytes(range(250))[:size])
    sealed.seal(plain, file, SECRET, {"head": "x"})
    assert sealed.unseal(file, tmp_path / "back", SECRET)["head"] == "x"
    assert (tmp_path / "back").read_bytes() == plain.read_bytes()
    content = file.read_bytes()
    for fewer in {1, 16, 17, 116} & set(range(len(content))):
        file.write_bytes(content[:-fewer])
        (tmp_path / "again").unlink(missing_ok=True)
        with pytest.raises(CannotRead):
            sealed.unseal(file, tmp_path / "again", SECRET)


@pytest.mark.parametrize("start", [b"", sealed.MAGIC, sealed.MAGIC + b"\xff" * 4 + b"{}",
                                   sealed.MAGIC + b"\0\0\0\2{}"])  # fmt: skip
def test_a_beginning_that_is_not_ours_is_one_sentence(tmp_path, start):
    (tmp_path / "odd").write_bytes(start)
    with pytest.raises(CannotRead):
        sealed.unseal(tmp_path / "odd", tmp_path / "out", SECRET)
