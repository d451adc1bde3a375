"""python -m attendance: set up, import, count, amend, export, verify; what is run every night.

Every command exits 0 when it did what was asked, 1 when it refused (one sentence on stderr, nothing
changed), 2 when it was called wrongly. With --json it prints one JSON document on stdout.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from attendance import cli_output as out
from attendance.cli_audit import audit_app
from attendance.cli_backup import backup, restore
from attendance.cli_common import AsUser, Json, bytes_of, engine_of, now, refusing
from attendance.cli_quality import print_quality
from attendance.cli_triggers import print_triggers
from attendance.cli_users import users_app
from attendance.core.amendments import MarkChange
from attendance.core.cohorts import UnknownCohort
from attendance.core.people import Person
from attendance.core.slots import Session, school_year_of
from attendance.core.views import View
from attendance.importers.calendar import read_calendar
from attendance.rules.codes import NO_MARK
from attendance.rules.roles import Role
from attendance.services import accounts, audit, figures, imports, registers
from attendance.services import setup as setting_up
from attendance.store.engine import Engine

app = typer.Typer(no_args_is_help=True, add_completion=False, rich_markup_mode=None)
school_app = typer.Typer(no_args_is_help=True, help="The school this database is for.")
app.add_typer(school_app, name="school")
app.add_typer(audit_app, name="audit")
app.add_typer(users_app, name="users")
app.command("backup")(backup)
app.command("restore")(restore)
app.command("quality")(print_quality)
app.command("triggers")(print_triggers)

Day = Annotated[datetime, typer.Argument(formats=["%Y-%m-%d"])]


def _day_option(name: str, words: str) -> Any:
    return typer.Option(name, formats=["%Y-%m-%d"], help=words)


def _one_of(words: Sequence[str]) -> Any:
    """An option that takes one of these words; another is a wrong call (exit code 2)."""

    def checked(given: str) -> str:
        if given not in words:
            raise typer.BadParameter(f"{given!r} is not one of {', '.join(words)}.")
        return given

    return typer.Option(callback=checked, help=", ".join(words))


def _code(given: str) -> str:
    """A code as it was meant: without outer spaces, in capitals; nothing is no mark."""
    return given.strip().upper() or NO_MARK


def main() -> None:
    """Run the command line; nothing but a sentence reaches the person who called it wrongly."""
    app()


@app.callback()
def database(
    context: typer.Context,
    database: Annotated[
        str | None, typer.Option(help="Its address; else ATTENDANCE_DATABASE_URL, else SQLite.")
    ] = None,
) -> None:
    """Attendance Desk from the command line."""
    context.obj = database


@app.command("upgrade")
@refusing
def upgrade_database(context: typer.Context) -> None:
    """Create the database, or bring it up to this version."""
    engine_of(context)
    typer.echo("The database is ready.")


@app.command()
@refusing
def demo(
    context: typer.Context,
    pupils: Annotated[int, typer.Option(min=50, max=5000)] = 1200,
    seed: int = 1,
    until: Annotated[datetime | None, _day_option("--until", "Its last day; else today.")] = None,
) -> None:
    """Fill an empty database with an invented school to try everything on."""
    moment = now()
    today = until.date() if until else registers.today_of(moment)
    setting_up.create_demo(engine_of(context), today=today, now=moment, pupils=pupils, seed=seed)
    typer.echo(f"The demo school is ready. Sign in as officer with {accounts.DEMO_PASSWORD}")


@school_app.command("set")
@refusing
def set_school(
    context: typer.Context,
    name: Annotated[str, typer.Option()],
    urn: Annotated[str, typer.Option()],
    phase: Annotated[str, _one_of(setting_up.PHASES)],
    calendar: Annotated[Path | None, typer.Option(help="CSV of terms and closures.")] = None,
) -> None:
    """Set the school up, or change its facts and calendar."""
    terms, closures = read_calendar(bytes_of(calendar), calendar.name) if calendar else ([], [])
    setting_up.set_school(
        engine_of(context),
        name=name, urn=urn, phase=phase, terms=terms, closures=closures, now=now(),
    )  # fmt: skip
    said = "with its calendar" if calendar else "; terms are read off its registers"
    typer.echo(f"{name} is set up {said}.".replace(" ;", ";"))


@app.command("import")
@refusing
def import_files(
    context: typer.Context,
    files: Annotated[list[Path], typer.Argument()],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would change.")] = False,
    json: Json = False,
) -> None:
    """Import register files. All are read before any is saved."""
    engine = engine_of(context)
    by = _scheduled(engine)
    read = [imports.read_file(bytes_of(file), file.name) for file in files]
    reports = [
        imports.preview_import(engine, by, result)
        if dry_run
        else imports.save_import(engine, by, result, now())
        for result in read
    ]
    out.imported(reports, as_json=json)


@app.command("figures")
@refusing
def print_figures(
    context: typer.Context,
    by: Annotated[str, _one_of(figures.GROUPINGS)] = "school",
    first: Annotated[datetime | None, _day_option("--from", "First day.")] = None,
    last: Annotated[datetime | None, _day_option("--to", "Last day, included.")] = None,
    view: Annotated[View, typer.Option()] = View.SCHOOL,
    cohort: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME=VALUE", help="Only pupils who are, while they are. Repeatable."),
    ] = None,
    json: Json = False,
) -> None:
    """Possible, attended and missed sessions, with rates."""
    engine = engine_of(context)
    school = setting_up.the_school(engine)
    try:
        report = figures.figures(
            engine, school.id, by=by, now=now(), first_day=_date(first), last_day=_date(last),
            view=view, cohorts=cohort or (),
        )  # fmt: skip
    except UnknownCohort as unknown:
        raise typer.BadParameter(str(unknown), param_hint="--cohort") from None
    out.figures(report, as_json=json)


@app.command("on-track")
@refusing
def print_on_track(
    context: typer.Context,
    on: Annotated[datetime | None, _day_option("--on", "As it stood on; else today.")] = None,
    json: Json = False,
) -> None:
    """Who can still finish under 10 per cent, and what it would take."""
    engine = engine_of(context)
    school = setting_up.the_school(engine)
    out.on_track(figures.on_track_rows(engine, school.id, _date(on), now()), as_json=json)


@app.command()
@refusing
def amend(
    context: typer.Context,
    upn: str,
    day: Day,
    session: Session,
    code: str,
    expected: Annotated[str, typer.Option(help="The mark it has now; - for none.")],
    reason: Annotated[str, typer.Option(help="What changed, and who told you.")],
    username: AsUser,
) -> None:
    """Amend one mark, with its reason; nothing changes unless the mark is the expected one."""
    engine = engine_of(context)
    person = accounts.find_person(engine, username)
    register = registers.load_register(engine, person.school_id, school_year_of(day.date()))
    pupil_id = registers.pupil_named(engine, person, upn)
    change = MarkChange(pupil_id, day.date(), session, _code(expected), _code(code))
    made = registers.amend_marks(engine, person, register, [change], reason, now())
    said = f"{change.expected} is now {change.code}."
    typer.echo(said if made else "Nothing to change: it is that mark.")


@app.command()
@refusing
def history(
    context: typer.Context,
    upn: str,
    day: Annotated[datetime | None, typer.Argument(formats=["%Y-%m-%d"])] = None,
    session: Annotated[Session | None, typer.Argument()] = None,
    json: Json = False,
) -> None:
    """A pupil's amendments, oldest first; of one session when a day and AM or PM are given."""
    if (day is None) != (session is None):
        raise typer.BadParameter("Give both a day and AM or PM, or neither.")
    moment = (day.date(), session) if day and session else None
    out.history(audit.history_of(engine_of(context), upn, moment), as_json=json)


@app.command()
@refusing
def referral(
    context: typer.Context,
    upns: Annotated[list[str], typer.Argument(metavar="UPN...")],
    file: Annotated[Path, typer.Option("--out", help="The workbook to write.")],
    username: AsUser,
) -> None:
    """Write the referral workbook of one or several pupils; the export is logged."""
    # Not at the top: charts and workbooks take as long to import as a whole register takes to read.
    from attendance.services import referrals

    engine = engine_of(context)
    person = accounts.find_person(engine, username)
    ids = [registers.pupil_named(engine, person, upn) for upn in upns]
    out.check_can_write(file)
    _, workbook = referrals.referral_file(engine, person, ids, now())
    out.write_file(file, workbook)
    typer.echo(f"{file} holds {len(ids)} pupil{'s' if len(ids) > 1 else ''}.")


def _scheduled(engine: Engine) -> Person:
    """Whoever holds the machine imports in this name; it stands in the amendments it makes."""
    school = setting_up.the_school(engine)
    role = frozenset({Role.ATTENDANCE_OFFICER})
    return Person("import", "Scheduled import", "Command line", school.id, role)


def _date(moment: datetime | None) -> date | None:
    return moment.date() if moment else None
