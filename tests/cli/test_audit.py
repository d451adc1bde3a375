"""The chain's head on the command line: published, then held against the chain."""

from __future__ import annotations

import json

import pytest
from typer.testing import CliRunner

from attendance.cli import app
from attendance.core.chain import GENESIS


@pytest.fixture
def call(tmp_path):
    def run(*words):
        url = f"sqlite:///{tmp_path / 'attendance.sqlite'}"
        return CliRunner().invoke(app, ["--database", url, *map(str, words)])

    named = ["--name", "Larkspur Fictional", "--urn", "999001", "--phase", "secondary"]
    assert run("school", "set", *named).exit_code == 0
    return run


def test_a_published_head_is_verified_and_another_is_not(call, tmp_path):
    assert call("audit", "publish", "--to", tmp_path).exit_code == 0
    file = tmp_path / "attendance-heads.txt"
    assert call("audit", "verify", "--head", file).exit_code == 0
    file.write_text(file.read_text().replace(GENESIS, "f" * 64))
    done = call("audit", "verify", "--head", file, "--json")
    found = json.loads(done.stdout)
    assert (done.exit_code, found["intact"]) == (1, False)
    assert "The head published at" in found["broken"]


def test_a_backup_is_encrypted_unless_it_is_asked_to_be_plain(call, tmp_path, monkeypatch):
    file, key = tmp_path / "night.backup", tmp_path / "key"
    key.write_text("three plain words\n")
    assert call("backup", file, "--key-file", key).exit_code == 0
    assert b"Larkspur" not in file.read_bytes()
    monkeypatch.setenv("ATTENDANCE_BACKUP_PASSPHRASE", "three plain words")
    assert call("restore", file).exit_code == 0
    monkeypatch.delenv("ATTENDANCE_BACKUP_PASSPHRASE")
    done = call("restore", file)
    assert done.exit_code == 1 and "passphrase or key is not" in done.stderr
