"""python -m attendance audit …: the amendments' chain verified, and its head published."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from attendance import cli_output as out
from attendance.cli_common import Json, engine_of, now, refusing
from attendance.services import audit, heads

audit_app = typer.Typer(no_args_is_help=True, help="The amendments' hash chain.")


@audit_app.command("verify")
@refusing
def verify(
    context: typer.Context,
    head: Annotated[
        Path | None, typer.Option(metavar="FILE", help="A file of heads published before.")
    ] = None,
    json: Json = False,
) -> None:
    """Check that every amendment is as it was written. Exit code 1 when one is not."""
    engine = engine_of(context)
    check = audit.verify_chain(engine)
    broken = heads.broken_heads(engine, head) if head else []
    if broken and check.intact:
        check = replace(check, broken=" ".join(broken))
    out.chain(check, as_json=json)
    if not check.intact:
        raise typer.Exit(1)


@audit_app.command("publish")
@refusing
def publish(
    context: typer.Context,
    to: Annotated[
        Path | None,
        typer.Option(metavar="FOLDER", help="Where; else ATTENDANCE_HEADS_FOLDER."),
    ] = None,
) -> None:
    """Add the chain's count and head to a file outside the database."""
    file, head = heads.publish(engine_of(context), heads.heads_folder(to), now())
    typer.echo(f"{file} now says {head.count} amendments up to {head.head}.")
