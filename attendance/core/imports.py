"""What an importer hands over, and what importing it would change. Pure: no file, no database.

Shapes: ``marks`` is uint8 (pupils, sessions) of storage symbols, where '-' says nothing and so
erases nothing. A plan is made for one school year at a time, because a file may hold two.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

import numpy as np
import numpy.typing as npt

from attendance.core.slots import SLOTS, Session, school_year_of, slot_of
from attendance.rules.codes import CODE_OF, NO_MARK, Category, change_days, reading_of

Marks = npt.NDArray[np.uint8]
Mask = npt.NDArray[np.bool_]
Numbers = npt.NDArray[np.int64]

NOTHING = ord(NO_MARK)
CLOSED = ord("#")
NOT_YET = ord("Z")


@dataclass(frozen=True, slots=True)
class Problem:
    """One sentence about the file. ``stops`` only when nothing of the file may be saved."""

    row: int | None  # as the spreadsheet or text editor numbers it; None: the whole file
    column: str | None
    says: str
    stops: bool = False


@dataclass(frozen=True, slots=True)
class ImportedPupil:
    """A pupil as the file names them; ``key`` is the row of ImportResult.marks."""

    key: int
    upn: str | None
    admission_number: str | None
    surname: str
    forename: str
    preferred_name: str = ""
    sex: str = ""
    birth_date: date | None = None
    year_group: int | None = None
    form: str = ""
    row: int = 0


@dataclass(frozen=True, slots=True)
class Detail:
    """Minutes late and comment of one session; ``session`` indexes ImportResult.sessions."""

    pupil: int
    session: int
    minutes_late: int | None
    comment: str | None


@dataclass(frozen=True, slots=True)
class ImportResult:
    """Everything read from one file.

    ``session_state`` has one character a session: 'o' a session to be marked, '#' planned
    closure, '.' a past column that is empty for everybody, of which the file says nothing.
    ``first_on_roll`` and ``last_on_roll`` are None unless the file shows the pupil joining or
    leaving; ``not_on_roll`` is True for a pupil whose every cell is Z or blank.
    ``unmarked`` counts the sessions a pupil on roll should have had a mark in and has not.
    """

    file_name: str
    format: str
    sha256: str
    first_day: date
    last_day: date
    pupils: tuple[ImportedPupil, ...]
    sessions: tuple[tuple[date, Session], ...]
    marks: Marks
    session_state: str
    first_on_roll: tuple[date | None, ...]
    last_on_roll: tuple[date | None, ...]
    not_on_roll: tuple[bool, ...]
    unmarked: int
    details: tuple[Detail, ...] = ()
    problems: tuple[Problem, ...] = ()

    @property
    def school_years(self) -> tuple[int, ...]:
        """The school years whose sessions the file holds, in order."""
        return tuple(sorted({school_year_of(day) for day, _ in self.sessions}))

    @property
    def mark_count(self) -> int:
        """How many marks the file gives; '-' is none."""
        return int((self.marks != NOTHING).sum())

    @property
    def stops(self) -> bool:
        return any(problem.stops for problem in self.problems)


@dataclass(frozen=True, slots=True)
class Cells:
    """Some cells of the plan, as parallel arrays: pupil key, slot, and both storage symbols."""

    pupil: Numbers
    slot: Numbers
    ours: Marks
    theirs: Marks

    def __len__(self) -> int:
        return len(self.pupil)

    def __iter__(self) -> Iterator[tuple[int, int, str, str]]:
        """(pupil key, slot, our symbol, the file's symbol), in pupil then slot order."""
        for pupil, slot, ours, theirs in zip(
            self.pupil, self.slot, self.ours, self.theirs, strict=True
        ):
            yield int(pupil), int(slot), chr(ours), chr(theirs)


@dataclass(frozen=True, slots=True)
class ImportPlan:
    """What saving would do to one school year's lines.

    ``marks`` (pupils of the file, 540) are the lines afterwards; ``new_marks`` fill a session
    that had none; ``changed`` overwrite one and become amendments; ``conflicts`` were amended
    here by a person and wait for a decision, so ``marks`` still holds ours.
    """

    school_year: int
    marks: Marks
    new_marks: int
    changed: Cells
    conflicts: Cells
    unchanged: int
    by_category: Mapping[Category, int] = field(default_factory=dict)


def session_slots(result: ImportResult, school_year: int) -> tuple[Numbers, Numbers]:
    """(session indexes, slots) of the file's sessions that lie in this school year."""
    found = [
        (index, slot_of(school_year, day, session))
        for index, (day, session) in enumerate(result.sessions)
        if school_year_of(day) == school_year
    ]
    pairs = np.array(found, dtype=np.int64).reshape(-1, 2)
    return pairs[:, 0], pairs[:, 1]


def lines_of(result: ImportResult, school_year: int) -> Marks:
    """The file's marks as (pupils, 540) lines of one school year, '-' where it says nothing."""
    sessions, slots = session_slots(result, school_year)
    lines = np.full((len(result.pupils), SLOTS), NOTHING, dtype=np.uint8)
    lines[:, slots] = result.marks[:, sessions]
    return lines


def plan_import(
    result: ImportResult,
    school_year: int,
    ours: Marks,
    amended_by_person: Mask,
    kept: Mapping[tuple[int, int], str] | None = None,
) -> ImportPlan:
    """Compare the file with the lines we hold.

    ``ours`` and ``amended_by_person`` have the file's pupils as rows and 540 slots (a new pupil's
    line is all '-'). ``amended_by_person`` is True where a person amended the mark here since it
    was last imported. ``kept`` gives the file's symbol at each (pupil key, slot) where a person
    already decided to keep ours; the same symbol again is not raised again.
    """
    theirs = lines_of(result, school_year)
    says = theirs != NOTHING
    differs = says & (theirs != ours)
    is_new = differs & (ours == NOTHING) & ~amended_by_person
    in_conflict = differs & amended_by_person
    is_changed = differs & ~is_new & ~in_conflict
    after = np.where(is_new | is_changed, theirs, ours).astype(np.uint8)
    return ImportPlan(
        school_year=school_year,
        marks=after,
        new_marks=int(is_new.sum()),
        changed=_cells(is_changed, ours, theirs),
        conflicts=_cells(in_conflict & ~_decided(theirs, kept or {}), ours, theirs),
        unchanged=int((says & ~differs).sum()),
        by_category=categories_of(result, school_year),
    )


def codes_of(result: ImportResult) -> dict[str, int]:
    """How often the file gives each code (DfE's codes, not storage symbols), '-' left out."""
    counts = np.bincount(result.marks.ravel(), minlength=256)
    return {
        CODE_OF[chr(symbol)]: int(counts[symbol])
        for symbol in np.flatnonzero(counts)
        if symbol != NOTHING
    }


def categories_of(result: ImportResult, school_year: int | None = None) -> dict[Category, int]:
    """How many of the file's marks count in each category, read by the day of each session."""
    total: Counter[Category] = Counter()
    for sessions in _eras(result, school_year):
        day = result.sessions[sessions[0]][0]
        counts = np.bincount(result.marks[:, sessions].ravel(), minlength=256)
        counts[NOTHING] = 0
        for symbol in np.flatnonzero(counts):
            total[reading_of(CODE_OF[chr(symbol)], day).category] += int(counts[symbol])
    return {category: total[category] for category in Category if total[category]}


def _eras(result: ImportResult, school_year: int | None) -> list[list[int]]:
    """Session indexes in groups within which every code has one reading."""
    groups: dict[int, list[int]] = {}
    for index, (day, _) in enumerate(result.sessions):
        if school_year is None or school_year_of(day) == school_year:
            groups.setdefault(sum(change <= day for change in change_days()), []).append(index)
    return list(groups.values())


def _cells(where: Mask, ours: Marks, theirs: Marks) -> Cells:
    pupil, slot = np.nonzero(where)
    return Cells(pupil, slot, ours[where], theirs[where])


def _decided(theirs: Marks, kept: Mapping[tuple[int, int], str]) -> Mask:
    decided = np.zeros(theirs.shape, dtype=np.bool_)
    for (pupil, slot), symbol in kept.items():
        decided[pupil, slot] = theirs[pupil, slot] == ord(symbol)
    return decided
