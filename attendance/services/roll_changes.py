"""What a register file says of the roll: new pupils, names and forms as they are now, and spells
read off the marks where nobody has told us the dates."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import replace
from datetime import date

import numpy as np

from attendance.core.imports import NOT_YET, NOTHING, ImportedPupil, ImportResult
from attendance.core.matching import PupilMatch
from attendance.core.register import left_with_an_earlier_year
from attendance.store import pupils, registers
from attendance.store.engine import Tx
from attendance.store.pupils import Enrolment, NewPupil, Placement


def save_roll(tx: Tx, school_id: int, result: ImportResult, match: PupilMatch) -> list[int | None]:
    """Add and update the file's pupils; their ids in the file's order, None for those held back."""
    ids: list[int | None] = list(match.pupil_ids)
    new = [_new_pupil(result.pupils[key]) for key in match.new]
    for key, pupil_id in zip(match.new, pupils.add_pupils(tx, school_id, new), strict=True):
        ids[key] = pupil_id
    known = {
        pupil_id: result.pupils[key]
        for key, pupil_id in enumerate(match.pupil_ids)
        if pupil_id is not None
    }
    _update_names(tx, school_id, known)
    _place(tx, school_id, result, ids)
    _enrol(tx, school_id, result, ids)
    return ids


def expected_in(
    tx: Tx, school_id: int, result: ImportResult, pupil_ids: tuple[int, ...]
) -> tuple[int, ...]:
    """Of these pupils, those whom the school had on roll in the days of the file.

    Whom only the registers of an earlier school year showed is not expected in a later one.
    """
    spells = pupils.spells(tx, school_id)
    here = {
        spell.pupil_id
        for spell in spells
        if spell.first_day <= result.last_day
        and (spell.last_day is None or spell.last_day >= result.first_day)
    }
    year = result.school_years[-1]
    ids, _ = registers.load_lines(tx, school_id, year)
    here -= left_with_an_earlier_year(spells, year, ids)
    return tuple(pupil_id for pupil_id in pupil_ids if pupil_id in here)


def _new_pupil(found: ImportedPupil) -> NewPupil:
    return NewPupil(
        surname=found.surname,
        forename=found.forename,
        upn=found.upn,
        admission_number=found.admission_number,
        preferred_name=found.preferred_name,
        sex=found.sex,
        birth_date=found.birth_date,
    )


def _update_names(tx: Tx, school_id: int, found: Mapping[int, ImportedPupil]) -> None:
    """What the file knows replaces what we had; what it leaves out stays."""
    held = {pupil.id: pupil for pupil in pupils.list_pupils(tx, school_id) if pupil.id in found}
    changed = {}
    for pupil_id, was in held.items():
        now = _merged(was, found[pupil_id])
        if now != _plain(was):
            changed[pupil_id] = now
    pupils.change_pupils(tx, school_id, changed)


def _plain(was: pupils.Pupil) -> NewPupil:
    return NewPupil(
        was.surname, was.forename, was.upn, was.former_upn, was.admission_number,
        was.preferred_name, was.sex, was.birth_date, was.household,
    )  # fmt: skip


def _merged(was: pupils.Pupil, found: ImportedPupil) -> NewPupil:
    is_new_upn = found.upn is not None and found.upn not in (was.upn, was.former_upn)
    return replace(
        _plain(was),
        surname=found.surname or was.surname,
        forename=found.forename or was.forename,
        upn=found.upn if is_new_upn else was.upn,
        former_upn=was.upn if is_new_upn and was.upn else was.former_upn,
        admission_number=was.admission_number or found.admission_number,
        preferred_name=found.preferred_name or was.preferred_name,
        sex=found.sex or was.sex,
        birth_date=found.birth_date or was.birth_date,
    )


def _place(tx: Tx, school_id: int, result: ImportResult, ids: list[int | None]) -> None:
    """A year group or form that is not the one we hold begins with the file's first day."""
    held: dict[int, list[Placement]] = defaultdict(list)
    for placement in pupils.placements(tx, school_id):
        held[placement.pupil_id].append(placement)
    new = []
    for key, pupil_id in enumerate(ids):
        found = result.pupils[key]
        if pupil_id is None or (found.year_group is None and not found.form):
            continue
        moved = _placement(result, found, pupil_id, held[pupil_id])
        if moved is not None:
            new.append(moved)
    pupils.save_placements(tx, school_id, new)


def _placement(
    result: ImportResult, found: ImportedPupil, pupil_id: int, held: list[Placement]
) -> Placement | None:
    before = [p for p in held if p.first_day <= result.last_day]
    last = before[-1] if before else None
    known = last.year_group if last else 0
    year_group = known if found.year_group is None else found.year_group
    form = found.form or (last.form if last else "")
    if last is not None and (last.year_group, last.form) == (year_group, form):
        return None
    return Placement(pupil_id, result.first_day, year_group, form)


def _enrol(tx: Tx, school_id: int, result: ImportResult, ids: list[int | None]) -> None:
    held: dict[int, list[Enrolment]] = defaultdict(list)
    for spell in pupils.spells(tx, school_id):
        held[spell.pupil_id].append(spell)
    changed: dict[int, list[Enrolment]] = {}
    for key, pupil_id in enumerate(ids):
        if pupil_id is None or result.not_on_roll[key]:
            continue
        after = spells_after(result, key, pupil_id, held[pupil_id])
        if after != held[pupil_id]:
            changed[pupil_id] = after
    if changed:
        spells = [spell for after in changed.values() for spell in after]
        pupils.replace_enrolments(tx, school_id, sorted(changed), spells)


def spells_after(
    result: ImportResult, key: int, pupil_id: int, held: list[Enrolment]
) -> list[Enrolment]:
    """A pupil's spells once this file is known, oldest first.

    Marks before the first spell bring an inferred one forward; marks after the last one's end are
    a return; a file that shows the pupil leaving closes an open spell.
    """
    first, last = _marked_days(result, key)
    start = result.first_on_roll[key] or min(first, result.first_day)
    left = result.last_on_roll[key]
    if not held:
        return [Enrolment(pupil_id, start, left, inferred=True)]
    spells = list(held)
    if spells[0].inferred and start < spells[0].first_day:
        spells[0] = replace(spells[0], first_day=start)
    ended = spells[-1].last_day
    if ended is not None and last > ended:
        back = _first_marked_after(result, key, ended)
        spells.append(Enrolment(pupil_id, back, left, inferred=True))
    elif ended is None and left is not None and left >= spells[-1].first_day:
        spells[-1] = replace(spells[-1], last_day=left, inferred=True)
    return spells


def _marked_days(result: ImportResult, key: int) -> tuple[date, date]:
    marked = _marked(result, key)
    if not len(marked):
        return result.first_day, result.first_day
    return result.sessions[marked[0]][0], result.sessions[marked[-1]][0]


def _first_marked_after(result: ImportResult, key: int, day: date) -> date:
    return next(d for d in (result.sessions[at][0] for at in _marked(result, key)) if d > day)


def _marked(result: ImportResult, key: int) -> list[int]:
    line = result.marks[key]
    on_roll = (line != NOTHING) & (line != NOT_YET) & (line != ord("#"))
    return [int(at) for at in np.flatnonzero(on_roll)]
