"""Imports looked back on: what was imported, and the marks held back for a person to decide."""

from __future__ import annotations

from datetime import datetime

from attendance.core.amendments import MarkChange
from attendance.core.people import Person
from attendance.core.permissions import check
from attendance.core.slots import moment_of
from attendance.rules.roles import Permission
from attendance.store import amendments, imports
from attendance.store.engine import Engine, read, write
from attendance.store.imports import Batch, Conflict


def decide_conflict(
    engine: Engine, person: Person, conflict_id: int, *, take_theirs: bool, now: datetime
) -> None:
    """Keep the mark that was amended here, or amend it to what the file says.

    Raises ChangedMeanwhile when somebody decided, or amended the mark, first.
    """
    check(person, Permission.IMPORT_MARKS)
    with write(engine) as tx:
        found = imports.get_conflict(tx, person.school_id, conflict_id)
        if take_theirs:
            day, session = moment_of(found.school_year, found.slot)
            change = MarkChange(found.pupil_id, day, session, found.ours, found.theirs)
            reason = "The school's own register has this mark; taken over from the import."
            amendments.change_marks(tx, person.school_id, [change], person, reason, now)
        state = imports.TAKEN if take_theirs else imports.KEPT
        imports.decide_conflict(tx, person.school_id, conflict_id, state, person.username, now)


def open_conflicts(engine: Engine, person: Person) -> list[Conflict]:
    """Marks amended here that a later file wants otherwise, waiting for a decision."""
    check(person, Permission.IMPORT_MARKS)
    with read(engine) as tx:
        return imports.list_conflicts(tx, person.school_id, imports.OPEN)


def past_imports(engine: Engine, person: Person) -> list[Batch]:
    """Every file that was imported, newest first."""
    check(person, Permission.IMPORT_MARKS)
    with read(engine) as tx:
        return imports.list_batches(tx, person.school_id)
