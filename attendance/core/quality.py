"""What is wrong in a school's data: registers, marks, the roll and contacts, worst first.

Pure and vectorised: one pass over the register finds the few marks that need a look, and each kind
is decided on those. What the register does not hold comes in as Facts.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

import numpy as np

from attendance.core import quality_blanks, quality_marks, quality_roll
from attendance.core.quality_finding import Finding, Roll
from attendance.core.quality_kinds import ORDER
from attendance.core.register import Register
from attendance.core.slots import SLOTS, first_slot_from

__all__ = ["Facts", "Finding", "Stray", "find", "last_slot_on"]


@dataclass(frozen=True, slots=True)
class Stray:
    """Marks in a register of the year for a pupil who was not on roll at all in it."""

    pupil_id: int
    upn: str | None
    name: str
    form: str
    slots: tuple[int, ...]
    codes: tuple[str, ...]


@dataclass(frozen=True)
class Facts:
    """What is known beside the register.

    ``noted``: (pupil id, slot) of marks with a comment. ``part_time``: (pupil id, first day, last
    day or None) of each part-time timetable on record. ``numbers``: how many contacts with a
    telephone number each pupil has. ``spells``: (pupil id, first day, last day or None).
    ``local_codes``: how many lines of imported files had marks that were not saved.
    """

    noted: frozenset[tuple[int, int]] = frozenset()
    part_time: tuple[tuple[int, date, date | None], ...] = ()
    numbers: Mapping[int, int] = field(default_factory=dict)
    former_upns: Mapping[int, str] = field(default_factory=dict)
    spells: tuple[tuple[int, date, date | None], ...] = ()
    strays: tuple[Stray, ...] = ()
    local_codes: int = 0


def find(register: Register, facts: Facts, on: date, today: date | None = None) -> list[Finding]:
    """Every finding as it stands at the end of ``on``: worst kind first, then by form and pupil.

    ``today`` (``on`` when it is not given) is the day after which nobody can be present yet.

    One finding for a form's session, and one for a pupil and kind with all its sessions.
    """
    last = last_slot_on(register, on)
    whole = Roll.of(register)
    blanks = quality_blanks.find(whole, last, on)
    marks = quality_marks.find(whole, facts.noted, facts.part_time, last, on)
    marks += quality_marks.not_yet(whole, last_slot_on(register, today or on))
    here = _on_roll_now(register, last)
    roll = quality_roll.find(whole, here, facts.numbers, facts.former_upns, facts.spells)
    found = [*blanks, *marks, *roll, *_strays(facts.strays, last)]
    if facts.local_codes:
        found.append(Finding("local_code", None, "", 0, many=facts.local_codes))
    return sorted(found, key=_place)


def last_slot_on(register: Register, on: date) -> int:
    """The last slot of the grid on or before a day; -1 before the year."""
    return min(first_slot_from(register.school_year, on + timedelta(days=1)), SLOTS) - 1


def _on_roll_now(register: Register, last: int) -> quality_roll.Mask:
    return register.on_roll[:, max(last, 0)] if len(register) else np.zeros(0, dtype=np.bool_)


def _strays(strays: tuple[Stray, ...], last: int) -> list[Finding]:
    found = []
    for one in strays:
        seen = [(s, c) for s, c in zip(one.slots, one.codes, strict=True) if s <= last]
        if seen:
            slots, codes = zip(*seen, strict=True)
            found.append(Finding("off_roll", one.pupil_id, one.form, 0, slots, codes))
    return found


def _place(one: Finding) -> tuple[int, int, str, tuple[int, ...], int]:
    return (ORDER[one.kind], one.year_group, one.form, one.slots[:1], one.pupil_id or 0)
