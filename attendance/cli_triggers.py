"""python -m attendance triggers: what asks for something to be done, as it stood on a day."""

from __future__ import annotations

import json as plain_json
from datetime import datetime
from typing import Annotated

import typer

from attendance.cli_common import Json, engine_of, now, refusing
from attendance.services import setup
from attendance.services.triggers import trigger_rows


@refusing
def print_triggers(
    context: typer.Context,
    on: Annotated[
        datetime | None,
        typer.Option("--on", formats=["%Y-%m-%d"], help="As it stood on; else today."),
    ] = None,
    json: Json = False,
) -> None:
    """Thresholds met and clocks running, a pupil at a time, with the sessions and the rule."""
    engine = engine_of(context)
    school = setup.the_school(engine)
    found = trigger_rows(engine, school.id, on.date() if on else None, now())
    if json:
        document = {"on": found.on.isoformat(), "rows": found.rows}
        typer.echo(plain_json.dumps(document, ensure_ascii=False, indent=1))
        return
    for row in found.rows:
        due = f" Due {row['due']}." if row["due"] else ""
        typer.echo(f"{row['upn']} {row['trigger']}: {row['says']}{due}")
    if not found.rows:
        typer.echo("Nothing was found.")
