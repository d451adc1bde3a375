"""python -m attendance backup and restore: encrypted, unless --plain says otherwise."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from attendance.cli_common import bytes_of, engine_of, now, refusing
from attendance.services import audit, sealed_backups

PASSPHRASE_SETTING = "ATTENDANCE_BACKUP_PASSPHRASE"
KeyFile = Annotated[
    Path | None, typer.Option(help=f"A file with the key; else {PASSPHRASE_SETTING}, else asked.")
]
Plain = Annotated[bool, typer.Option("--plain", help="Not encrypted: anyone can read it.")]


@refusing
def backup(
    context: typer.Context, file: Path, key_file: KeyFile = None, plain: Plain = False
) -> None:
    """Write the whole database to a new file, encrypted."""
    engine = engine_of(context)
    if plain:
        check = audit.back_up(engine, file, now())
    else:
        check = sealed_backups.back_up(engine, file, _secret(key_file), now())
    typer.echo(f"{file} holds everything, with {check.amendments} amendments up to {check.head}.")


@refusing
def restore(
    context: typer.Context, file: Path, key_file: KeyFile = None, plain: Plain = False
) -> None:
    """Replace the database by a backup, and verify it."""
    engine = engine_of(context)
    if plain:
        check = audit.restore(engine, file)
    else:
        check = sealed_backups.restore(engine, file, _secret(key_file))
    typer.echo(f"Restored, with {check.amendments} amendments up to {check.head}.")


def _secret(key_file: Path | None) -> bytes:
    """Never an argument: other users of the computer can read those."""
    if key_file:
        return bytes_of(key_file).strip()
    given = os.environ.get(PASSPHRASE_SETTING)
    if given:
        return given.encode()
    if sys.stdin.isatty():
        return str(typer.prompt("Passphrase", hide_input=True, err=True)).encode()
    return sys.stdin.readline().strip().encode()
