"""A pupil's page: what this person may see of the record."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime

import numpy as np
import numpy.typing as npt
import pandas as pd

from attendance.core import pupil_facts, pupil_words
from attendance.core.amendments import Amendment
from attendance.core.on_track import Outlook, on_track, outlook_at
from attendance.core.people import Person
from attendance.core.permissions import check, visible
from attendance.core.register import BLANK, Register
from attendance.core.slots import first_slot_from, moment_of
from attendance.core.spells import half_terms, recent_weeks
from attendance.core.strip import YearStrip, year_strip_cells
from attendance.rules.codes import NO_MARK
from attendance.rules.roles import Permission
from attendance.services.identity import Identity, identity
from attendance.services.registers import today_of
from attendance.store import amendments, events, particulars, pupils, registers
from attendance.store.engine import Engine, read, write
from attendance.store.particulars import Characteristic, Contact
from attendance.store.pupils import Enrolment, Placement

Ints = npt.NDArray[np.int64]


@dataclass(frozen=True)
class PupilRecord:
    """The page. What the person may not see is None: amendments, contacts."""

    identity: Identity
    outlook: Outlook
    headline: str
    plan: str
    caution: str
    strip: YearStrip
    weeks: pd.DataFrame
    weeks_title: tuple[str, str]
    reasons: pd.DataFrame
    weekdays: pd.DataFrame
    amendments: tuple[Amendment, ...] | None
    contacts: tuple[Contact, ...] | None
    enrolments: tuple[Enrolment, ...]
    placements: tuple[Placement, ...]


def pupil_record(
    engine: Engine,
    person: Person,
    register: Register,
    last_year: Register,
    row: int,
    usual_starts: Ints,
    now: datetime,
) -> PupilRecord:
    """Everything of the page on the pupil in a line of this year's register (``search.row_for``).

    ``last_year``: the whole school's register of the year before; ``usual_starts``: (5,) absences
    begun on each weekday in the whole school (``pupil_facts.starts_by_weekday``).
    """
    check(person, Permission.PUPIL_RECORD)
    kept = _kept(engine, person, register, row)
    one = register.only(_mask(register, row))
    day = today_of(now)
    latest = _latest_slot(one, day)
    outlook = outlook_at(on_track(one, day), 0)
    strip = _strip(one, kept, latest, day)
    terms = half_terms(one, max(latest, 0)).iloc[0]
    weeks = pupil_facts.weekly_rates(strip, one, latest, _same_pupil(last_year, kept.pupil_id))
    last_missed = int(terms["last_missed"]) if terms["last_possible"] else None
    starts = pupil_facts.starts_by_weekday(one, latest)
    who = identity(person, register, row, kept.characteristics, day)
    moment = moment_of(one.school_year, max(latest, 0))
    return PupilRecord(
        identity=who,
        outlook=outlook,
        headline=pupil_words.headline(outlook, *moment, who.left_on),
        plan=pupil_words.plan(outlook, int(terms["this_missed"]), last_missed, day),
        caution=pupil_words.caution(outlook, day),
        strip=strip,
        weeks=weeks,
        weeks_title=_weeks_title(one, latest, last_year, kept.pupil_id),
        reasons=pupil_facts.reasons(one, latest),
        weekdays=pupil_facts.weekday_frame(
            # No pattern for whom the table shows none: then no absence of theirs is counted here.
            starts if _sees(person, Permission.PATTERNS, register, row) else np.zeros_like(starts),
            usual_starts,
        ),
        amendments=kept.amendments,
        contacts=kept.contacts,
        enrolments=kept.enrolments,
        placements=kept.placements,
    )


def log_view(engine: Engine, person: Person, pupil_id: int, now: datetime) -> None:
    """Write in the log that this person opened the record of a named pupil."""
    check(person, Permission.PUPIL_RECORD)
    with write(engine) as tx:
        events.append(
            tx, person.school_id, "view_pupil", now, person.username, person.name, [pupil_id]
        )


@dataclass(frozen=True)
class _Kept:
    """What the store holds of one pupil, as far as the person may see it."""

    pupil_id: int
    details: pd.DataFrame
    all_amendments: pd.DataFrame
    amendments: tuple[Amendment, ...] | None
    contacts: tuple[Contact, ...] | None
    characteristics: tuple[Characteristic, ...]
    enrolments: tuple[Enrolment, ...]
    placements: tuple[Placement, ...]


def _kept(engine: Engine, person: Person, register: Register, row: int) -> _Kept:
    pupil_id = int(register.pupils["pupil_id"].iloc[row])
    school_id, year = person.school_id, register.school_year
    with read(engine) as tx:
        history = amendments.history(tx, school_id, pupil_id, year)
        minutes = registers.details(tx, school_id, year, pupil_id)
        facts = particulars.characteristics(tx, school_id, [pupil_id])
        people = particulars.contacts(tx, school_id, [pupil_id])
        spells = pupils.spells(tx, school_id, pupil_id)
        placed = pupils.placements(tx, school_id, pupil_id)
    sees_history = _sees(person, Permission.SEE_MARK_HISTORY, register, row)
    # The first mark of a session is an entry, not an amendment.
    history = [entry for entry in history if sees_history and entry.original != NO_MARK]
    columns = ["slot", "original", "amended", "name", "position", "at", "reason"]
    rows = [[getattr(entry, name) for name in columns] for entry in history]
    return _Kept(
        pupil_id=pupil_id,
        details=pd.DataFrame(
            [(each.slot, each.minutes_late, each.comment) for each in minutes],
            columns=["slot", "minutes_late", "comment"],
        ),
        all_amendments=pd.DataFrame(rows, columns=columns),
        amendments=tuple(reversed(history)) if sees_history else None,
        contacts=tuple(people) if _sees(person, Permission.SEE_CONTACTS, register, row) else None,
        characteristics=tuple(facts),
        enrolments=tuple(spells),
        placements=tuple(placed),
    )


def _sees(person: Person, permission: Permission, register: Register, row: int) -> bool:
    return bool(visible(person, permission, register.pupils.iloc[[row]])[0])


def _mask(register: Register, row: int) -> npt.NDArray[np.bool_]:
    mask = np.zeros(len(register), dtype=np.bool_)
    mask[row] = True
    return mask


def _latest_slot(one: Register, today: date) -> int:
    """The last session that counts: the school's latest, or the pupil's own later one of today."""
    end = first_slot_from(one.school_year, date.fromordinal(today.toordinal() + 1))
    own = np.flatnonzero((one.marks[0] != BLANK) & one.expected[0])
    own = own[own < end]
    return max(min(one.latest, end - 1), int(own[-1]) if len(own) else -1)


def _strip(one: Register, kept: _Kept, latest: int, today: date) -> YearStrip:
    frontier = max(latest + 1, first_slot_from(one.school_year, today))
    strip = year_strip_cells(
        one.marks[0],
        one.on_roll[0],
        one.is_open[0],
        one.school_year,
        frontier,
        kept.details,
        kept.all_amendments,
    )
    week = (today - strip.first_day).days // 7
    return replace(strip, today_week=week if 0 <= week < strip.weeks else None)


def _same_pupil(last_year: Register, pupil_id: int) -> Register | None:
    row = last_year.row_of(pupil_id)
    return None if row is None else last_year.only(_mask(last_year, row))


def _weeks_title(one: Register, latest: int, last_year: Register, pupil_id: int) -> tuple[str, str]:
    """What this year's line says, and last year's: both '' where there is nothing to say."""
    recent = recent_weeks(one, max(latest, 0)).iloc[0]
    this = before = ""
    if recent["recent_possible"]:
        this = f"last 4 weeks {pupil_words.per_cent(float(recent['recent_rate']))}"
    if recent["before_possible"]:
        attended = 1 - float(recent["before_missed"]) / float(recent["before_possible"])
        rate = pupil_words.per_cent(attended)
        # Nothing was possible lately: the pupil has left, or the mark is not counted.
        this = f"{this}, before that {rate}" if this else f"{rate} over the weeks on the register"
    past = _same_pupil(last_year, pupil_id)
    if past is not None and past.latest >= 0:
        counts = outlook_at(on_track(past, moment_of(past.school_year, past.latest)[0]), 0)
        if counts.possible_so_far:
            rate = pupil_words.per_cent(1 - counts.missed / counts.possible_so_far)
            before = f"Last year, mean of 3 weeks: {rate} over the year."
    return this, before
