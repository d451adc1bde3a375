"""Who joined and who left inside the file's dates, and which of its sessions are the school's.

A register says neither outright. A joiner has Z or nothing for at least a whole day before the
first mark; a leaver has nothing (not '-') for at least a whole day from the last mark up to the
**frontier**, the last session that at least half of the pupils who are still there have a mark in,
while the others of the form are marked. A form that is empty altogether is a register not taken.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt

from attendance.core.imports import CLOSED, NOT_YET, ImportedPupil, Marks, Mask, Numbers, Problem
from attendance.importers.grid import Moment
from attendance.importers.marks import Kind

MOST_LISTED = 60

Days = npt.NDArray[np.datetime64]
Spell = tuple[date | None, date | None]


@dataclass(frozen=True, slots=True)
class Spells:
    """Days are None unless the file shows a pupil joining or leaving. ``unmarked``: see
    ImportResult."""

    first: tuple[date | None, ...]
    last: tuple[date | None, ...]
    not_on_roll: tuple[bool, ...]
    session_state: str
    unmarked: int
    problems: tuple[Problem, ...]


def spells_of(
    pupils: Sequence[ImportedPupil],
    sessions: Sequence[Moment],
    marks: Marks,
    seen: Marks,
    *,
    lists_only_some: bool = False,
) -> Spells:
    """Read the spells off (pupils, sessions) arrays of symbols and of Kind.

    ``lists_only_some`` is True for a table of selected marks (absences only): then an empty
    session says nothing and no spell is inferred.
    """
    days = np.array([day for day, _ in sessions], dtype="datetime64[D]")
    marked = (seen == Kind.MARK) & (marks != CLOSED) & (marks != NOT_YET)
    entered = marked | (seen == Kind.UNMARKED)
    frontier = _frontier(marked, entered)
    forms = _others_marked(pupils, marked, entered, days)
    first: list[date | None] = []
    last: list[date | None] = []
    off_roll = np.zeros(seen.shape, dtype=np.bool_)
    problems: list[Problem] = []
    for key, pupil in enumerate(pupils):
        spell: Spell = (None, None)
        if not lists_only_some:
            absent = forms[key] & (seen[key] == Kind.BLANK)
            spell = _spell(entered[key], marks[key], absent, days, frontier)
        first.append(spell[0])
        last.append(spell[1])
        _blot(off_roll[key], days, spell)
        problems += _said(pupil, spell)
    never = ~entered.any(axis=1) & _was_not_yet(marks, forms, frontier)
    off_roll[never] = True
    state = _states(marks, seen, off_roll, frontier)
    due = (np.frombuffer(state.encode(), dtype=np.uint8) == ord("o"))[: frontier + 1]
    missing = ~off_roll[:, : frontier + 1] & due & (seen[:, : frontier + 1] != Kind.MARK)
    return Spells(
        tuple(first),
        tuple(last),
        tuple(never.tolist()),
        state,
        0 if lists_only_some else int(missing.sum()),
        tuple(_shortened(problems)),
    )


def _frontier(marked: Mask, entered: Mask) -> int:
    """Index of the last session that at least half of the pupils have a mark in; -1 for none.

    Pupils with nothing from some earlier session on do not count against a later one: in a small
    school a few leavers would else make its last weeks look as if they were still to come.
    """
    ends = _ends(entered)
    before, frontier = -2, -1
    while frontier > before:
        before = frontier
        left = int((ends < frontier).sum())
        enough = np.flatnonzero(2 * marked.sum(axis=0) >= max(len(marked) - left, 1))
        frontier = max(frontier, int(enough[-1]) if len(enough) else -1)
    return frontier


def _ends(entered: Mask) -> Numbers:
    """(pupils,) index of the last session with an entry; -1 for none."""
    width = entered.shape[1]
    ends: Numbers = np.where(entered.any(axis=1), width - 1 - entered[:, ::-1].argmax(axis=1), -1)
    return ends


def _others_marked(
    pupils: Sequence[ImportedPupil], marked: Mask, entered: Mask, days: Days
) -> Mask:
    """(pupils, sessions) True before a pupil's first entry and after the last one where at least
    half of the others in the form have a mark.

    The others are those who came no later, or who stayed at least as long: who is gone already
    says nothing. A pupil without a form, or the last one in it, is compared with the whole file.
    """
    result = np.zeros(marked.shape, dtype=np.bool_)
    members: dict[str, list[int]] = {}
    for key, pupil in enumerate(pupils):
        members.setdefault(pupil.form, []).append(key)
    groups = {form: np.array(keys) for form, keys in members.items() if form}
    everyone = np.arange(len(pupils))
    ends, starts = _ends(entered), np.where(entered.any(axis=1), entered.argmax(axis=1), len(days))
    came, stayed = days[np.minimum(starts, len(days) - 1)], days[ends]
    for key, pupil in enumerate(pupils):
        own = groups.get(pupil.form, everyone)
        start, end = int(starts[key]), int(ends[key])
        if start == len(days):
            _compare(result[key], marked, [own, everyone], key)
            continue
        no_later = [group[came[group] <= came[key]] for group in (own, everyone)]
        _compare(result[key, :start], marked[:, :start], no_later, key)
        as_long = [group[stayed[group] >= stayed[key]] for group in (own, everyone)]
        _compare(result[key, end + 1 :], marked[:, end + 1 :], as_long, key)
    return result


def _compare(row: Mask, marked: Mask, groups: Sequence[Numbers], key: int) -> None:
    """Fill in where half of the first of the groups that holds anybody else is marked."""
    if not len(row):
        return
    for group in groups:
        others = group[group != key]
        if len(others):
            row[:] = 2 * marked[others].sum(axis=0) >= len(others)
            return


def _spell(entered: Mask, marks: Marks, absent: Mask, days: Days, frontier: int) -> Spell:
    """(first day, last day) of one pupil; ``absent``: an empty cell while others were marked."""
    at = np.flatnonzero(entered)
    if not len(at):
        return None, None
    before = np.zeros(len(days), dtype=np.bool_)
    before[: at[0]] = absent[: at[0]] | (marks[: at[0]] == NOT_YET)
    after = np.zeros(len(days), dtype=np.bool_)
    if at[-1] < frontier:
        after[at[-1] + 1 : frontier + 1] = absent[at[-1] + 1 : frontier + 1]
    first = days[at[0]].item() if _whole_day(before, days) else None
    last = days[at[-1]].item() if _whole_day(after, days) else None
    return first, last


def _whole_day(sessions: Mask, days: Days) -> bool:
    """True when both sessions of some day are in the run."""
    return bool((sessions[1:] & sessions[:-1] & (days[1:] == days[:-1])).any())


def _blot(off_roll: Mask, days: Days, spell: Spell) -> None:
    first, last = spell
    if first:
        off_roll |= days < np.datetime64(first, "D")
    if last:
        off_roll |= days > np.datetime64(last, "D")


def _was_not_yet(marks: Marks, forms: Mask, frontier: int) -> Mask:
    """True for pupils with Z, or with nothing while their form was marked."""
    has_z = (marks == NOT_YET).any(axis=1)
    skipped = forms[:, : frontier + 1].any(axis=1)
    never: Mask = np.logical_or(has_z, skipped)
    return never


def _states(marks: Marks, seen: Marks, off_roll: Mask, frontier: int) -> str:
    """'o', '#' or '.' for each session, from those on roll."""
    closed = (marks == CLOSED).any(axis=0)
    other = ((seen != Kind.BLANK) & (marks != CLOSED) & (marks != NOT_YET)).any(axis=0)
    on_roll_blank = ((seen == Kind.BLANK) & ~off_roll).any(axis=0)
    to_come = np.arange(marks.shape[1]) > frontier
    empty = ~((seen != Kind.BLANK) & (marks != NOT_YET)).any(axis=0)
    state = np.full(marks.shape[1], "o")
    state[closed & ~other & ~on_roll_blank] = "#"
    state[empty & ~to_come] = "."
    return "".join(state)


def _said(pupil: ImportedPupil, spell: Spell) -> list[Problem]:
    first, last = spell
    name = f"{pupil.forename} {pupil.surname}".strip()
    says = []
    if first:
        says.append(
            f"Row {pupil.row}: {name} was read as joining on {first:%-d %B %Y}, the day of the "
            "first mark."
        )
    if last:
        says.append(
            f"Row {pupil.row}: {name} was read as left on {last:%-d %B %Y}, the day of the last "
            "mark; if still on roll, enter the missing marks and export again."
        )
    return [Problem(pupil.row, None, each) for each in says]


def _shortened(problems: list[Problem]) -> list[Problem]:
    if len(problems) <= MOST_LISTED:
        return problems
    more = f"{len(problems) - MOST_LISTED} more pupils were read as joining or leaving."
    return [*problems[:MOST_LISTED], Problem(None, None, more)]
