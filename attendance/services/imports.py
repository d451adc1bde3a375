"""Importing a register file: say first what it would change, then change it in one transaction.

The file is read to the end without touching the database. Saving compares again, inside the
transaction that writes, with the lines locked: what was previewed may have been amended since.
The same bytes again change nothing. A mark that a person amended here is held as a conflict.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

import numpy as np
import pandas as pd

from attendance.core import import_warnings
from attendance.core.calendar import merged_sessions
from attendance.core.imports import (
    ImportPlan,
    ImportResult,
    Mask,
    Problem,
    plan_import,
    session_slots,
)
from attendance.core.matching import PupilMatch, match_pupils
from attendance.core.people import Person
from attendance.core.permissions import check
from attendance.core.register import BLANK
from attendance.core.slots import SLOTS
from attendance.errors import Refused
from attendance.importers.read import read_register
from attendance.rules.codes import CODE_OF, SYMBOL_OF, Category
from attendance.rules.roles import Permission
from attendance.services.import_changes import ChangedMark, changes_of, names_of
from attendance.services.roll_changes import expected_in, save_roll
from attendance.store import amendments, events, imports, pupils, registers, schools
from attendance.store.engine import Engine, Tx, read, write
from attendance.store.imports import Batch, NewBatch, NewConflict
from attendance.store.registers import MarkDetail

Progress = Callable[[float, str], object]


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What importing a file would do, or did. ``saved_before`` is set for a file already known."""

    result: ImportResult
    new_marks: int
    changed: int
    conflicts: int
    unchanged: int
    by_category: Mapping[Category, int]
    matched: int
    new_pupils: int
    missing: tuple[str, ...]
    changes: tuple[ChangedMark, ...]
    problems: tuple[Problem, ...]
    saved: bool = False
    saved_before: Batch | None = None

    @property
    def changes_nothing(self) -> bool:
        return not (self.new_marks or self.changed or self.conflicts or self.new_pupils)


@dataclass(frozen=True, slots=True)
class _Comparison:
    """One file held against what the database has, in one transaction."""

    match: PupilMatch
    missing: tuple[str, ...]
    plans: tuple[ImportPlan, ...]
    warnings: tuple[Problem, ...]


def read_file(data: bytes, file_name: str) -> ImportResult:
    """Parse and check a file to its end. Raises CannotRead with one sentence."""
    return read_register(data, file_name)


def preview_import(engine: Engine, person: Person, result: ImportResult) -> ImportReport:
    """What saving the file would change; nothing is written."""
    check(person, Permission.IMPORT_MARKS)
    with read(engine) as tx:
        before = imports.find_batch(tx, person.school_id, result.sha256)
        compared = _compare(tx, person.school_id, result, pupils_known(tx, person.school_id))
    report = _report(result, compared)
    return _nothing_new(report, before) if before else report


def save_import(
    engine: Engine,
    person: Person,
    result: ImportResult,
    now: datetime,
    progress: Progress = lambda share, words: None,
) -> ImportReport:
    """Save the file: all of it or nothing. The report says what was done.

    Raises NotAllowed, or Refused for a file with a problem that stops it.
    """
    check(person, Permission.IMPORT_MARKS)
    stopping = next((problem.says for problem in result.problems if problem.stops), None)
    if stopping:
        raise Refused(f"{result.file_name} was not imported. {stopping}")
    with write(engine) as tx:
        before = imports.find_batch(tx, person.school_id, result.sha256)
        progress(0.1, "Comparing with the register")
        compared = _compare(
            tx, person.school_id, result, pupils_known(tx, person.school_id), locked=True
        )
        report = _report(result, compared)
        if before:
            return _nothing_new(report, before)
        _save(tx, person, result, compared, report, now, progress)
    progress(1.0, "Saved")
    return replace(report, saved=True)


def pupils_known(tx: Tx, school_id: int) -> pd.DataFrame:
    """The columns that matching needs, of every pupil the school ever had."""
    known = pupils.list_pupils(tx, school_id)
    names = ("upn", "former_upn", "admission_number", "surname", "forename")
    columns = {name: [getattr(pupil, name) for pupil in known] for name in names}
    return pd.DataFrame({"pupil_id": [pupil.id for pupil in known], **columns}, dtype=object)


def _compare(
    tx: Tx, school_id: int, result: ImportResult, known: pd.DataFrame, *, locked: bool = False
) -> _Comparison:
    match = match_pupils(result.pupils, known)
    missing = names_of(known, expected_in(tx, school_id, result, match.missing))
    plans = tuple(
        _plan(tx, school_id, result, match, year, locked=locked) for year in result.school_years
    )
    return _Comparison(match, missing, plans, _warnings(tx, school_id, result, match, known))


def _warnings(
    tx: Tx, school_id: int, result: ImportResult, match: PupilMatch, known: pd.DataFrame
) -> tuple[Problem, ...]:
    silent = import_warnings.without_marks(result)
    ids = [i for key, i in enumerate(match.pupil_ids) if i is not None and silent[key]]
    names = names_of(known, expected_in(tx, school_id, result, tuple(ids)))
    calendars = [schools.load_calendar(tx, school_id, year) for year in result.school_years]
    closed = [each for one in calendars for each in import_warnings.on_closed_days(result, one)]
    return (*import_warnings.silence(names), *closed)


def _plan(
    tx: Tx, school_id: int, result: ImportResult, match: PupilMatch, year: int, *, locked: bool
) -> ImportPlan:
    ids, lines = registers.load_lines(tx, school_id, year, for_update=locked)
    key_of = {pupil_id: key for key, pupil_id in enumerate(match.pupil_ids) if pupil_id is not None}
    ours = np.full((len(result.pupils), SLOTS), BLANK, dtype=np.uint8)
    held = [(key_of[int(i)], row) for row, i in enumerate(ids) if int(i) in key_of]
    if held:
        keys, rows = (list(part) for part in zip(*held, strict=True))
        ours[keys] = lines[rows]
    amended: Mask = np.zeros(ours.shape, dtype=np.bool_)
    for pupil_id, slot in amendments.by_person(tx, school_id, year):
        if pupil_id in key_of:
            amended[key_of[pupil_id], slot] = True
    kept = {
        (key_of[one.pupil_id], one.slot): SYMBOL_OF[one.theirs]
        for one in imports.list_conflicts(tx, school_id, None, year)
        if one.state != imports.TAKEN and one.pupil_id in key_of
    }
    return plan_import(_without(result, match.ambiguous), year, ours, amended, kept)


def _without(result: ImportResult, keys: tuple[int, ...]) -> ImportResult:
    """The file without the marks of pupils who could be two of ours."""
    if not keys:
        return result
    marks = result.marks.copy()
    marks[list(keys)] = BLANK
    return replace(result, marks=marks)


def _report(result: ImportResult, compared: _Comparison) -> ImportReport:
    plans = compared.plans
    categories: Counter[Category] = Counter()
    for plan in plans:
        categories.update(plan.by_category)
    return ImportReport(
        result=result,
        new_marks=sum(plan.new_marks for plan in plans),
        changed=sum(len(plan.changed) for plan in plans),
        conflicts=sum(len(plan.conflicts) for plan in plans),
        unchanged=sum(plan.unchanged for plan in plans),
        by_category=dict(categories),
        matched=sum(found is not None for found in compared.match.pupil_ids),
        new_pupils=len(compared.match.new),
        missing=compared.missing,
        changes=changes_of(result, plans),
        problems=(*result.problems, *compared.match.problems, *compared.warnings),
    )


def _nothing_new(report: ImportReport, before: Batch) -> ImportReport:
    says = (
        f"This file was imported on {before.at:%-d %B %Y} by {before.name}, so it changes nothing. "
        "If the register has changed since, export it again."
    )
    return replace(
        report,
        new_marks=0,
        changed=0,
        conflicts=0,
        new_pupils=0,
        changes=(),
        problems=(Problem(None, None, says),),
        saved_before=before,
    )


def _save(
    tx: Tx,
    person: Person,
    result: ImportResult,
    compared: _Comparison,
    report: ImportReport,
    now: datetime,
    progress: Progress,
) -> None:
    school_id = person.school_id
    batch_id = imports.add_batch(tx, school_id, _batch(person, result, report, now))
    progress(0.3, "Pupils and forms")
    ids = save_roll(tx, school_id, result, compared.match)
    keys = np.array([key for key, pupil_id in enumerate(ids) if pupil_id is not None], np.int64)
    own = np.array([ids[key] for key in keys], dtype=np.int64)
    reason = f"Overwritten by the import of {result.file_name}"
    for plan in compared.plans:
        progress(0.5, "Marks")
        _save_calendar(tx, school_id, result, plan.school_year)
        amendments.import_marks(
            tx, school_id, plan.school_year, own, plan.marks[keys], person, reason, now, batch_id
        )
        _save_details(tx, school_id, result, ids, plan)
        imports.add_conflicts(tx, school_id, batch_id, _conflicts(plan, ids))
    registers.bump_revision(tx, school_id)
    detail = {"file": result.file_name, "new": report.new_marks, "changed": report.changed}
    events.append(tx, school_id, "import", now, person.username, person.name, (), detail)


def _batch(person: Person, result: ImportResult, report: ImportReport, now: datetime) -> NewBatch:
    return NewBatch(
        file_name=result.file_name,
        sha256=result.sha256,
        format=result.format,
        at=now,
        username=person.username,
        name=person.name,
        first_day=result.first_day,
        last_day=result.last_day,
        pupils=len(result.pupils),
        new_marks=report.new_marks,
        changed=report.changed,
        conflicts=report.conflicts,
        problems=[{"row": p.row, "column": p.column, "says": p.says} for p in report.problems],
    )


def _save_calendar(tx: Tx, school_id: int, result: ImportResult, year: int) -> None:
    before = schools.load_calendar(tx, school_id, year).sessions
    sessions, slots = session_slots(result, year)
    states = [
        (int(slot), result.session_state[at])
        for at, slot in zip(sessions, slots, strict=True)
        if result.session_state[at] != "."
    ]
    after = merged_sessions(before, states)
    if after != before:
        schools.save_sessions(tx, school_id, year, after)


def _save_details(
    tx: Tx, school_id: int, result: ImportResult, ids: list[int | None], plan: ImportPlan
) -> None:
    sessions, slots = session_slots(result, plan.school_year)
    slot_of_session: dict[int, int] = dict(zip(sessions.tolist(), slots.tolist(), strict=True))
    new = [
        MarkDetail(pupil_id, slot_of_session[d.session], d.minutes_late, d.comment)
        for d in result.details
        if d.session in slot_of_session and (pupil_id := ids[d.pupil]) is not None
    ]
    registers.write_details(tx, school_id, plan.school_year, new)


def _conflicts(plan: ImportPlan, ids: list[int | None]) -> list[NewConflict]:
    return [
        NewConflict(plan.school_year, pupil_id, slot, CODE_OF[ours], CODE_OF[theirs])
        for key, slot, ours, theirs in plan.conflicts
        if (pupil_id := ids[key]) is not None
    ]
