"""What asks for something to be done: for a whole school, as far as a person may see it.

The same findings for the command line, Today, a pupil's page and the referral; core.triggers says
what each means.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from types import MappingProxyType
from typing import Any

import numpy as np

from attendance.core.people import Person
from attendance.core.permissions import check, visible
from attendance.core.records import Records, TriggerSettings
from attendance.core.register import Register
from attendance.core.slots import school_year_of
from attendance.core.timeline import join
from attendance.core.triggers import Finding, find
from attendance.errors import Refused
from attendance.rules.roles import Permission
from attendance.services.figures import known_as
from attendance.services.records import load_records
from attendance.services.registers import load_register, today_of, years_held
from attendance.services.settings import triggers_on
from attendance.store.engine import Engine, read

# What a finding asks for beside the pupil's record: patterns, and what rests on more than marks.
_ALSO_NEEDS = MappingProxyType(
    {
        "third_notice": Permission.EVIDENCE_PACK,
        "part_time_review": Permission.MANAGE_CASE,
        "repeated_lateness": Permission.PATTERNS,
        "present_then_absent": Permission.PATTERNS,
        "sudden_change": Permission.PATTERNS,
        "siblings_absent": Permission.PATTERNS,
        "absent_social_worker": Permission.SEE_SOCIAL_CARE,
        "absent_yot_worker": Permission.SEE_SOCIAL_CARE,
    }
)
YEARS = 2  # windows, runs and baselines may begin in the school year before


@dataclass(frozen=True, slots=True)
class TriggerRows:
    """One dict a finding, as the command line prints them; ``says`` is for its reader."""

    on: date
    rows: list[dict[str, Any]]


def trigger_rows(engine: Engine, school_id: int, on: date | None, now: datetime) -> TriggerRows:
    """Every finding in the school on a day (None: today). Raises Refused without a register."""
    day = on or today_of(now)
    registers = _registers(engine, school_id, day)
    upns = dict(zip(_ids(registers[-1]), known_as(registers[-1].pupils), strict=True))
    records, settings = _recorded(engine, school_id, day)
    found = find(join(registers), day, records, settings)
    return TriggerRows(day, [_row(upns, finding) for finding in found])


def findings(
    engine: Engine, person: Person, registers: Sequence[Register], on: date
) -> list[Finding]:
    """What stood on a day against the pupils whom the person reaches, in the order of the roll.

    ``registers``: the whole school's, oldest first, the last that of the day. What rests on facts
    that the person may not see is left out. Raises NotAllowed.
    """
    check(person, Permission.PUPIL_RECORD)
    roll = registers[-1].pupils
    reached = {
        permission: set(roll["pupil_id"].to_numpy()[visible(person, permission, roll)].tolist())
        for permission in {Permission.PUPIL_RECORD, *_ALSO_NEEDS.values()}
    }
    records, settings = _recorded(engine, person.school_id, on)
    return [
        each
        for each in find(join(registers), on, records, settings)
        if each.pupil_id in reached[Permission.PUPIL_RECORD]
        and each.pupil_id in reached[_ALSO_NEEDS.get(each.trigger, Permission.PUPIL_RECORD)]
    ]


def _recorded(engine: Engine, school_id: int, day: date) -> tuple[Records, TriggerSettings]:
    with read(engine) as tx:
        return load_records(tx, school_id, day), triggers_on(tx, school_id, day)


def _registers(engine: Engine, school_id: int, day: date) -> list[Register]:
    """The register of the day's school year, or the newest before it, and the one before that."""
    years = [year for year in years_held(engine, school_id) if year <= school_year_of(day)]
    if not years:
        raise Refused("There is no register of that day yet: import one first.")
    return [load_register(engine, school_id, year) for year in years[-YEARS:]]


def _ids(register: Register) -> list[int]:
    ids: list[int] = np.asarray(register.pupils["pupil_id"], dtype=np.int64).tolist()
    return ids


def _row(upns: Mapping[int, str], found: Finding) -> dict[str, Any]:
    return {
        "upn": upns[found.pupil_id],
        "trigger": found.trigger,
        "since": found.since.isoformat(),
        "due": _iso(found.due),
        "met_on": _iso(found.met_on),
        "window_from": _iso(found.window_from),
        "window_to": _iso(found.window_to),
        "sessions": [[day.isoformat(), str(half), code] for day, half, code in found.sessions],
        "rule": found.rule,
        "says": found.says,
    }


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
