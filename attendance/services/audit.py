"""The amendments' chain, verified; and backups, checked by the same chain when restored."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

from attendance.core.amendments import Amendment
from attendance.core.chain import ChainCheck, verify
from attendance.core.slots import Session, school_year_of, slot_of
from attendance.errors import Refused
from attendance.services.setup import the_school
from attendance.store import amendments, backups, events, pupils, registers
from attendance.store.engine import Engine, read, write


def verify_chain(engine: Engine) -> ChainCheck:
    """Walk every amendment of the school, in one snapshot, and say whether all is as written."""
    school = the_school(engine)
    with read(engine) as tx:
        count, head = registers.head(tx, school.id)
        return verify(amendments.all_rows(tx, school.id), head=head, count=count)


def history_of(
    engine: Engine, upn: str, moment: tuple[date, Session] | None = None
) -> list[Amendment]:
    """A pupil's amendments, oldest first: all of them, or those of one session.

    For whoever holds the machine; on screen see services.registers.mark_history.
    """
    school = the_school(engine)
    with read(engine) as tx:
        pupil = pupils.pupil_with_upn(tx, school.id, upn.strip().upper())
        if moment is None:
            return amendments.history(tx, school.id, pupil.id)
        day, session = moment
        year = school_year_of(day)
        slot = slot_of(year, day, session)
        return amendments.history(tx, school.id, pupil.id, year, slot)


def back_up(engine: Engine, file: Path, now: datetime) -> ChainCheck:
    """Write a backup to a new file; the chain's count and head at that moment."""
    school = the_school(engine)
    with write(engine) as tx:
        events.append(tx, school.id, "backup", now, "", "Command line", (), {"file": file.name})
    backups.backup(engine, file)
    return verify_chain(engine)


def restore(engine: Engine, file: Path) -> ChainCheck:
    """Replace the database by a backup and verify the chain that came with it."""
    backups.restore(engine, file)
    check = verify_chain(engine)
    if not check.intact:
        raise Refused(
            f"{file.name} was restored, but its amendments are not as they were written: "
            f"{check.broken} Restore another backup."
        )
    return check
