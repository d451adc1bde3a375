"""What every command of the command line shares: the database, the clock, and refusing."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Annotated, Any

import typer

from attendance.errors import AttendanceError
from attendance.services.clock import now
from attendance.store.engine import Engine, open_engine, upgrade

__all__ = ["AsUser", "Json", "bytes_of", "engine_of", "now", "refusing"]

Json = Annotated[bool, typer.Option("--json", help="Print one JSON document.")]
AsUser = Annotated[str, typer.Option("--as", help="The username it is done as.")]


def refusing(command: Callable[..., None]) -> Callable[..., None]:
    """Turn an AttendanceError into its sentence on stderr and exit code 1."""

    @wraps(command)
    def run(*args: Any, **kwargs: Any) -> None:
        try:
            command(*args, **kwargs)
        except AttendanceError as refused:
            typer.echo(str(refused), err=True)
            raise typer.Exit(1) from None

    return run


def engine_of(context: typer.Context) -> Engine:
    """The database, brought up to this version's schema."""
    engine = open_engine(context.obj)
    upgrade(engine)
    return engine


def bytes_of(file: Path) -> bytes:
    """A file's content; AttendanceError when it cannot be read."""
    try:
        return file.read_bytes()
    except OSError as error:
        raise AttendanceError(f"{file} cannot be read: {error.strerror}.") from None
