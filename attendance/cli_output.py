"""What the command line prints: one JSON document, or lines a person can read."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pandas as pd
import typer

from attendance.core.amendments import Amendment
from attendance.core.chain import ChainCheck
from attendance.core.views import View
from attendance.errors import Refused
from attendance.services.accounts import Account
from attendance.services.figures import FiguresReport, OnTrackRows
from attendance.services.imports import ImportReport

ON_TRACK = (
    "upn", "missed", "possible_so_far", "possible_to_come", "headroom", "needed_from_now",
    "recover_in", "band",
)  # fmt: skip
SIX_FACTS = (
    "seq", "day", "session", "original", "amended", "reason", "at", "name", "position",
    "username", "batch_id", "previous_hash", "hash",
)  # fmt: skip


def imported(reports: Sequence[ImportReport], *, as_json: bool) -> None:
    """One object for one file, a list for several."""
    documents = [_imported(report) for report in reports]
    if as_json:
        _print_json(documents[0] if len(documents) == 1 else documents)
        return
    for report in documents:
        done = "saved" if report["saved"] else "not saved"
        typer.echo(
            f"{report['file']} ({report['format']}), {done}: {report['pupils']} pupils, "
            f"{report['new_marks']} new marks, {report['changed']} changed, "
            f"{report['conflicts']} held for a person to decide."
        )
        for problem in report["problems"]:
            typer.echo(f"  {problem['says']}")


def figures(report: FiguresReport, *, as_json: bool) -> None:
    """The rows with their days, view and cohorts; for DfE's view the census terms too."""
    document = {
        "from": report.first_day.isoformat(),
        "to": report.last_day.isoformat(),
        "view": str(report.view),
        "cohort": [f"{each.name}={each.value}" for each in report.cohorts],
        **({"census_terms": report.terms} if report.view == View.DFE else {}),
        "rows": report.rows,
    }
    _rows(document, as_json=as_json)


def on_track(report: OnTrackRows, *, as_json: bool) -> None:
    """One row a pupil."""
    frame = report.rows[list(ON_TRACK)].astype(object)
    rows = frame.where(frame.notna(), None).to_dict("records")
    _rows({"on": report.on.isoformat(), "rows": rows}, as_json=as_json)


def history(found: Sequence[Amendment], *, as_json: bool) -> None:
    """All six facts of each amendment, and its place in the chain."""
    rows = [{name: _plain(asdict(each)[name]) for name in SIX_FACTS} for each in found]
    if as_json:
        _print_json({"amendments": rows})
        return
    for row in rows:
        typer.echo(
            f"{row['day']} {row['session']}: {row['original']} to {row['amended']}, {row['at']}, "
            f"by {row['name']} ({row['position']}). {row['reason']}"
        )


def chain(check: ChainCheck, *, as_json: bool) -> None:
    """How many amendments, the last hash, and whether all is as it was written."""
    document = {"amendments": check.amendments, "head": check.head, "intact": check.intact}
    if as_json:
        _print_json(document | ({"broken": check.broken} if check.broken else {}))
    else:
        said = "All as written." if check.intact else check.broken
        typer.echo(f"{check.amendments} amendments up to {check.head}. {said}")


def users(found: Sequence[Account], *, as_json: bool) -> None:
    """Who may sign in, as what."""
    rows = [
        {
            "username": each.person.username,
            "name": each.person.name,
            "position": each.person.position,
            "roles": {str(role): sorted(scope) for role, scope in each.person.scopes.items()},
            "active": each.is_active,
        }
        for each in found
    ]
    _rows({"rows": rows}, as_json=as_json)


def check_can_write(file: Path) -> None:
    """Refuse before anything is built or logged when the file cannot be written."""
    if not file.absolute().parent.is_dir():
        raise Refused(f"There is no folder {file.absolute().parent}. Create it, or choose another.")
    if file.is_dir():
        raise Refused(f"{file} is a folder. Give the name of a file in it.")


def write_file(file: Path, content: bytes) -> None:
    """Write a file readable by its owner only."""
    try:
        file.write_bytes(content)
        file.chmod(0o600)
    except OSError as error:
        raise Refused(f"{file} could not be written: {error.strerror}.") from None


def _imported(report: ImportReport) -> dict[str, Any]:
    return {
        "file": report.result.file_name,
        "format": report.result.format,
        "pupils": len(report.result.pupils),
        "marks": report.result.mark_count,
        "new_marks": report.new_marks,
        "changed": report.changed,
        "conflicts": report.conflicts,
        "saved": report.saved,
        "problems": [asdict(problem) for problem in report.problems],
    }


def _rows(document: dict[str, Any], *, as_json: bool) -> None:
    if as_json:
        _print_json(document)
        return
    for name, value in document.items():
        if name != "rows":
            typer.echo(f"{name}: {value}")
    rows = pd.DataFrame(document["rows"])
    typer.echo("No rows." if rows.empty else rows.to_string(index=False, na_rep="-"))


def _plain(value: object) -> object:
    return value.isoformat() if hasattr(value, "isoformat") else value


def _print_json(document: Any) -> None:
    typer.echo(json.dumps(document, ensure_ascii=False, indent=1, default=_plain))
