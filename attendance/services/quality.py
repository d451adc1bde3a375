"""Data quality: what is wrong in the school's data, as far as a person may see it.

The page is for whoever may import or amend (P12, P10), and for the headteacher, who holds P13 and
reads. A pupil's marks and entry on the roll ask for the pupil's record (P04) besides, and contacts
for P18: an administrator, who has no P04, sees registers that were not taken, and contacts.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from attendance.core.names import called
from attendance.core.people import Person
from attendance.core.permissions import allows, check, visible
from attendance.core.quality import Facts, Finding, Stray, find
from attendance.core.quality_finding import code_of
from attendance.core.quality_kinds import BY_NAME, About, Kind, Weight
from attendance.core.records import PartTimePlan
from attendance.core.register import BLANK, Register
from attendance.core.scopes import scope_in_words
from attendance.core.slots import Session, moment_of, school_year_of
from attendance.errors import Refused
from attendance.rules.roles import Permission
from attendance.services.figures import known_as
from attendance.services.registers import load_register, today_of, years_held
from attendance.services.today import is_barred
from attendance.store import imports, particulars, pupils, records, registers
from attendance.store.engine import Engine, Tx, read

OPENS = (Permission.IMPORT_MARKS, Permission.AMEND_MARK, Permission.UNDO_IMPORT)
_ALSO = {
    About.MARKS: Permission.PUPIL_RECORD,
    About.ROLL: Permission.PUPIL_RECORD,
    About.CONTACTS: Permission.SEE_CONTACTS,
}
_HELD = "is not an attendance code"  # how an import says that it did not save a mark
_AS_THEY_ARE = (BLANK, ord("#"), ord("Z"))

Mask = npt.NDArray[np.bool_]
Moment = tuple[date, Session]


@dataclass(frozen=True, slots=True)
class Line:
    """One finding with what a reader needs: names, and first and last session."""

    finding: Finding
    name: str
    upn: str | None
    first: Moment | None
    last: Moment | None
    others: tuple[str, ...]

    @property
    def kind(self) -> Kind:
        return BY_NAME[self.finding.kind]


@dataclass(frozen=True, slots=True)
class QualityReport:
    """``who`` is '' for the whole school; ``latest`` the last session that was looked at (None:
    there is no register); ``pupils`` how many this person's findings are about."""

    who: str
    on: date
    school_year: int
    latest: Moment | None
    pupils: int
    lines: tuple[Line, ...]

    def of_weight(self, weight: Weight) -> dict[Kind, list[Line]]:
        """The lines of one weight by kind, in the order of work."""
        found: dict[Kind, list[Line]] = {}
        for line in self.lines:
            if line.kind.weight == weight:
                found.setdefault(line.kind, []).append(line)
        return found


def quality_report(
    engine: Engine,
    person: Person,
    register: Register,
    now: datetime,
    *,
    year_group: int | None = None,
    form: str | None = None,
) -> QualityReport:
    """The findings about the pupils this person reaches, of a year group or form if asked.

    ``register`` is the whole school's: whether a form's register was taken is true of all of it.
    Raises NotAllowed.
    """
    check(person, *OPENS)
    on = today_of(now)
    with read(engine) as tx:
        facts = load_facts(tx, person.school_id, register)
    chosen = _chosen(register.pupils, year_group, form)
    seen = {about: _reach(person, about, register.pupils) & chosen for about in About}
    is_narrowed = year_group is not None or form is not None
    found = [
        one
        for one in find(register, facts, on)
        if _is_seen(person, one, register, seen, is_narrowed)
    ]
    latest = register.latest
    return QualityReport(
        scope_in_words(person, _widest(person)),
        on,
        register.school_year,
        moment_of(register.school_year, latest) if latest >= 0 else None,
        int(seen[About.REGISTERS].sum()),
        tuple(_lines(register, facts, found)),
    )


def places(person: Person, register: Register) -> dict[str, int]:
    """The forms this person may narrow the page to, in order, each with its year group."""
    pupils_seen = register.pupils[_reach(person, About.REGISTERS, register.pupils)]
    pairs = pupils_seen.loc[pupils_seen["form"] != "", ["year_group", "form"]].drop_duplicates()
    ordered = pairs.sort_values(["year_group", "form"])
    return dict(zip(ordered["form"], ordered["year_group"].astype(int), strict=True))


@dataclass(frozen=True, slots=True)
class QualityRows:
    """One dict a session, or a finding without sessions, as the command line prints them."""

    on: date
    rows: list[dict[str, Any]]


def quality_rows(engine: Engine, school_id: int, on: date | None, now: datetime) -> QualityRows:
    """Every finding of the school as it stood at the end of a day; pupils by UPN, never by name."""
    held = years_held(engine, school_id)
    if not held:
        raise Refused("There is no register yet: import one first.")
    day = on or today_of(now)
    asked = school_year_of(day)
    year = asked if on or asked in held else max(y for y in held if y <= max(asked, held[0]))
    register = load_register(engine, school_id, year)
    with read(engine) as tx:
        facts = load_facts(tx, school_id, register)
    lines = _lines(register, facts, find(register, facts, day, today_of(now)))
    return QualityRows(day, [row for line in lines for row in _rows(year, line)])


def load_facts(tx: Tx, school_id: int, register: Register) -> Facts:
    """What is known beside the register, from the store."""
    year = register.school_year
    details = registers.details(tx, school_id, year)
    everybody = pupils.list_pupils(tx, school_id)
    ringable = [c for c in particulars.contacts(tx, school_id) if c.phone.strip()]
    return Facts(
        noted=frozenset((d.pupil_id, d.slot) for d in details if (d.comment or "").strip()),
        part_time=_part_time(tx, school_id),
        numbers=Counter(each.pupil_id for each in ringable if not is_barred(each)),
        former_upns={each.id: each.former_upn for each in everybody if each.former_upn},
        spells=tuple((s.pupil_id, s.first_day, s.last_day) for s in pupils.spells(tx, school_id)),
        strays=_strays(tx, school_id, register, {each.id: each for each in everybody}),
        local_codes=_local_codes(tx, school_id),
    )


def _part_time(tx: Tx, school_id: int) -> tuple[tuple[int, date, date | None], ...]:
    """Part-time timetables, from either place where one may be recorded."""
    plans = [each.record for each in records.listed(tx, school_id, PartTimePlan)]
    facts = particulars.characteristics(tx, school_id)
    return (
        *((plan.pupil_id, plan.first_day, plan.last_day) for plan in plans),
        *(
            (fact.pupil_id, fact.first_day, fact.last_day)
            for fact in facts
            if fact.kind == "part_time_timetable"
        ),
    )


def _strays(
    tx: Tx, school_id: int, register: Register, everybody: dict[int, pupils.Pupil]
) -> tuple[Stray, ...]:
    """Lines of pupils who are not on roll at any time of the year."""
    ids, lines = registers.load_lines(tx, school_id, register.school_year)
    outside = ~np.isin(ids, register.pupils["pupil_id"].to_numpy(dtype=np.int64))
    found = []
    for pupil_id, line in zip(ids[outside].tolist(), lines[outside], strict=True):
        slots = np.flatnonzero(~np.isin(line, _AS_THEY_ARE))
        if len(slots):
            who = everybody[pupil_id]
            codes = tuple(code_of(mark) for mark in line[slots].tolist())
            name = f"{who.preferred_name or who.forename} {who.surname}"
            known = who.upn or who.admission_number
            found.append(Stray(pupil_id, known, name, "", tuple(slots.tolist()), codes))
    return tuple(found)


def _local_codes(tx: Tx, school_id: int) -> int:
    """Lines of the newest file whose marks were not saved because they are no code."""
    newest = imports.list_batches(tx, school_id)[:1]
    return sum(_HELD in str(problem["says"]) for batch in newest for problem in batch.problems)


def _reach(person: Person, about: About, roll: pd.DataFrame) -> Mask:
    reached = np.zeros(len(roll), dtype=np.bool_)
    for permission in OPENS:
        reached |= visible(person, permission, roll)
    also = _ALSO.get(about)
    return reached & visible(person, also, roll) if also else reached


def _widest(person: Person) -> Permission:
    """The permission by which this person opens the page."""
    return next(each for each in OPENS if allows(person, each))


def _chosen(roll: pd.DataFrame, year_group: int | None, form: str | None) -> Mask:
    chosen = np.ones(len(roll), dtype=np.bool_)
    if year_group is not None:
        chosen &= (roll["year_group"] == year_group).to_numpy(dtype=np.bool_)
    if form is not None:
        chosen &= (roll["form"] == form).to_numpy(dtype=np.bool_)
    return chosen


def _is_seen(
    person: Person,
    one: Finding,
    register: Register,
    seen: dict[About, Mask],
    is_narrowed: bool,
) -> bool:
    """Is this finding within what the person reaches, and asked for?"""
    mask = seen[BY_NAME[one.kind].about]
    if one.pupil_id is not None:
        row = register.row_of(one.pupil_id)
        if row is None:  # on no roll of the year: nobody's year group or form
            whole = bool(seen[About.MARKS].all()) and len(register) > 0
            return whole and not is_narrowed
        return bool(mask[row])
    if one.form or one.year_group:
        roll = register.pupils
        column, value = ("form", one.form) if one.form else ("year_group", one.year_group)
        return bool((mask & (roll[column] == value).to_numpy(dtype=np.bool_)).any())
    if one.kind == "local_code" and not allows(person, Permission.IMPORT_MARKS):
        return False
    return not is_narrowed


def _lines(register: Register, facts: Facts, found: list[Finding]) -> list[Line]:
    roll = register.pupils
    ids = roll["pupil_id"].tolist()
    names = dict(zip(ids, called(roll).tolist(), strict=True))
    forms = dict(zip(ids, roll["form"].tolist(), strict=True))
    upns = dict(zip(ids, known_as(roll).tolist(), strict=True))
    for stray in facts.strays:
        names[stray.pupil_id], upns[stray.pupil_id] = stray.name, stray.upn
    year = register.school_year
    return [
        Line(
            one,
            names.get(one.pupil_id, ""),
            upns.get(one.pupil_id),
            moment_of(year, min(one.slots)) if one.slots else None,
            moment_of(year, max(one.slots)) if one.slots else None,
            tuple(f"{names[other]}, {forms[other]}" for other in one.others),
        )
        for one in found
    ]


def _rows(school_year: int, line: Line) -> list[dict[str, Any]]:
    one, kind = line.finding, line.kind
    upn = None if line.upn is None or pd.isna(line.upn) else line.upn
    row = {
        "kind": kind.name, "upn": upn, "form": one.form or None, "day": None, "session": None,
        "code": None, "says": f"{kind.says} {one.detail}".strip(), "fix": kind.fix,
    }  # fmt: skip
    if not one.slots:
        return [row]
    moments = [moment_of(school_year, slot) for slot in one.slots]
    return [
        row | {"day": day.isoformat(), "session": str(session), "code": code or None}
        for (day, session), code in zip(moments, one.codes, strict=True)
    ]
