"""Why figures differ: our figure beside another system's, and the pupils behind each reason.

Asks for whole figures (P01) and the records of named pupils (P04): the attendance officer, the DSL
and the headteacher for the school, a deputy for their own year. The workbook asks for P26 besides,
and is logged before it is handed out.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction

import numpy as np
import numpy.typing as npt

from attendance.core.absence import Period, span_of
from attendance.core.names import by_surname, called
from attendance.core.people import Person
from attendance.core.permissions import allows, check, visible
from attendance.core.reconcile import Parts, fits, parts_of, touched_by, waterfall
from attendance.core.reconcile_words import REASONS, Measure, Reconciliation, Touched
from attendance.core.register import Register
from attendance.core.scopes import scope_in_words
from attendance.core.slots import Session, moment_of
from attendance.documents.reconcile import reconcile_workbook
from attendance.errors import NotAllowed, Refused
from attendance.rules.roles import Permission
from attendance.services.figures import known_as
from attendance.services.registers import today_of
from attendance.store import events, schools
from attendance.store.engine import Engine, read, write

NEEDED = (Permission.SCHOOL_DASHBOARD, Permission.PUPIL_RECORD)
_NUMBER = re.compile(r"(\d{1,6})(?:\.(\d{1,2}))?")

Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Asked:
    """What the person chose, and the other system's figure as it was typed."""

    measure: Measure = Measure.ABSENCE
    period: Period = Period.YEAR
    days: tuple[date, date] | None = None
    theirs: str = ""


def read_theirs(text: str, measure: Measure) -> tuple[Fraction, int] | None:
    """The other figure and its decimals; None for nothing. Raises Refused for what is no figure."""
    words = text.strip().removesuffix("%").strip().replace(",", ".")
    if not words:
        return None
    found = _NUMBER.fullmatch(words)
    is_count = measure == Measure.PERSISTENT_COUNT
    if not found or (is_count and found[2]):
        kind = "a whole number of pupils" if is_count else "per cent, with two decimals at most"
        raise Refused(f"Their figure: give {kind}, such as {'228' if is_count else '91.4'}.")
    if not is_count and Fraction(words) > 100:
        raise Refused("Their figure: no rate is over 100 per cent.")
    return Fraction(words), len(found[2] or "")


def reconcile(person: Person, register: Register, asked: Asked) -> Reconciliation | None:
    """The figure, the reasons and the pupils behind them, within the person's reach.

    ``register`` is the whole school's. None where nothing was marked in the period. Raises
    NotAllowed, or Refused for a figure that cannot be read.
    """
    for permission in NEEDED:
        check(person, permission)
    theirs = read_theirs(asked.theirs, asked.measure)
    first, last = span_of(register, asked.period, asked.days)
    if last < first:
        return None
    own = register.only(_reached(person, register))
    parts = parts_of(own, first, last)
    steps = tuple(waterfall(parts, asked.measure))
    if not steps[0].sessions:
        return None
    day, session = moment_of(register.school_year, last)
    half = "morning" if session == Session.AM else "afternoon"
    return Reconciliation(
        measure=asked.measure,
        who=scope_in_words(person, Permission.SCHOOL_DASHBOARD),
        first_day=_first_day(own, first, last),
        until=f"the {half} of {day:%-d %B %Y}",
        steps=steps,
        theirs=asked.theirs.strip().removesuffix("%").strip(),
        fits=tuple(fits(parts, asked.measure, *theirs)) if theirs else (),
        pupils=tuple(_touched(parts)),
    )


def may_export(person: Person) -> bool:
    """May this person have the list of pupils as a workbook?"""
    return allows(person, Permission.EXPORT_PUPILS)


def reconcile_file(
    engine: Engine, person: Person, register: Register, asked: Asked, now: datetime
) -> tuple[str, bytes]:
    """The workbook: (file name, bytes). Logged, with whom it names and how many rows, before it is
    handed out. Raises NotAllowed or Refused with nothing logged."""
    check(person, Permission.EXPORT_PUPILS)
    found = reconcile(person, register, asked)
    if found is None:
        raise Refused("Nothing was marked in this period: choose another.")
    whom = sorted({one.pupil_id for one in found.pupils})
    reach = register.pupils["pupil_id"][visible(person, Permission.EXPORT_PUPILS, register.pupils)]
    if not set(whom) <= set(reach):
        raise NotAllowed("Some pupils in this list are outside what your account may export.")
    with read(engine) as tx:
        school = schools.get_school(tx, person.school_id).name
    built = reconcile_workbook(found, school, f"{person.name}, {person.position}", now)
    name = file_name(now)
    detail = {"file": name, "measure": str(asked.measure), "rows": len(found.pupils)}
    with write(engine) as tx:
        who = (person.username, person.name)
        events.append(tx, person.school_id, "export_reconcile", now, *who, whom, detail)
    return name, built


def file_name(now: datetime) -> str:
    """'Why figures differ 2026-11-24.xlsx'."""
    return f"Why figures differ {today_of(now).isoformat()}.xlsx"


def _reached(person: Person, register: Register) -> Mask:
    mask = np.ones(len(register), dtype=np.bool_)
    for permission in NEEDED:
        mask &= visible(person, permission, register.pupils)
    return mask


def _first_day(register: Register, first: int, last: int) -> date:
    held = np.flatnonzero(register.expected[:, first : last + 1].any(axis=0))
    slot = first + int(held[0]) if len(held) else first
    return moment_of(register.school_year, slot)[0]


def _touched(parts: Parts) -> Sequence[Touched]:
    """Everybody behind each reason, in the order of a class list."""
    pupils = parts.register.pupils
    rows = by_surname(pupils).index.tolist()
    names = called(pupils).tolist()
    upns = known_as(pupils).fillna("").astype(str).tolist()
    ids, forms = pupils["pupil_id"].tolist(), pupils["form"].tolist()
    found = []
    for reason in REASONS:
        sessions = touched_by(parts, reason.name)
        found += [
            Touched(
                reason.name, ids[row], upns[row], names[row], forms[row],
                int(sessions[row]),
            )
            for row in rows
            if sessions[row]
        ]  # fmt: skip
    return found
