"""python -m attendance quality: what is wrong in the school's data, worst first."""

from __future__ import annotations

import json as plain_json
from datetime import datetime
from typing import Annotated

import typer

from attendance.cli_common import Json, engine_of, now, refusing
from attendance.services import setup
from attendance.services.quality import quality_rows


@refusing
def print_quality(
    context: typer.Context,
    on: Annotated[
        datetime | None,
        typer.Option("--on", formats=["%Y-%m-%d"], help="As it stood on; else today."),
    ] = None,
    json: Json = False,
) -> None:
    """What is wrong in registers, marks, the roll and contacts, with what to do."""
    engine = engine_of(context)
    school = setup.the_school(engine)
    found = quality_rows(engine, school.id, on.date() if on else None, now())
    if json:
        document = {"on": found.on.isoformat(), "rows": found.rows}
        typer.echo(plain_json.dumps(document, ensure_ascii=False, indent=1))
        return
    for row in found.rows:
        about = [row[name] for name in ("upn", "form", "day", "session", "code") if row[name]]
        typer.echo(f"{' '.join(about)}: {row['says']} {row['fix']}".lstrip(": "))
    if not found.rows:
        typer.echo("Nothing was found.")
