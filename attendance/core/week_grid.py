"""Weeks of the register as a grid: a row is one pupil's week, ten sessions across.

The rows are pupils of one week (a form, a year group) or weeks of one pupil (a half term). A cell
has a code ('' = no mark) and a state of STATES (attendance.charts.palette), which says how it is
drawn: `to_come` and `unmarked` are both empty, but the second is a gap.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt

from attendance.core.amendments import MarkChange
from attendance.core.people import Person
from attendance.core.permissions import reaches, visible
from attendance.core.register import BLANK, Register
from attendance.core.slots import SLOTS_A_WEEK, WEEKS, Session, first_slot_from, moment_of
from attendance.core.strip import NO_REASON_YET, STATE_OF
from attendance.rules.codes import CODE_OF, NO_MARK, Category, reading_of
from attendance.rules.roles import Permission, grant

Ints = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]
Words = npt.NDArray[np.object_]

WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri")
SESSION_NAMES = tuple(f"{day} {half}" for day in WEEKDAYS for half in ("am", "pm"))


@dataclass(frozen=True)
class WeekGrid:
    """``rows``: the register's lines, ``first_slots``: each one's Monday morning; both (n,).
    ``codes`` and ``states`` are (n, 10); ``expected`` is True where the school expects a mark."""

    school_year: int
    rows: Ints
    first_slots: Ints
    codes: Words
    states: Words
    expected: Mask

    def __len__(self) -> int:
        return len(self.rows)

    @property
    def slots(self) -> Ints:
        """(n, 10) the slot of every cell."""
        return _slots(self.first_slots)

    def slot_at(self, row: int, column: int) -> int:
        return int(self.first_slots[row]) + column


def week_grid(register: Register, rows: Ints, first_slots: Ints, frontier: int) -> WeekGrid:
    """The grid of some lines and their weeks; ``frontier`` is the first slot still to come."""
    slots = _slots(first_slots)
    marks = register.marks[rows[:, None], slots]
    is_open = register.is_open[rows[:, None], slots]
    on_roll = register.on_roll[rows[:, None], slots]
    empty = np.select(
        [~is_open, ~on_roll, slots >= frontier], ["closed", "off_roll", "to_come"], "unmarked"
    ).astype(object)
    counts = is_open & on_roll & (marks != BLANK)
    codes = np.where(counts, _codes()[marks], "")
    states = np.where(counts, _states_of(register.school_year, marks, first_slots), empty)
    return WeekGrid(register.school_year, rows, first_slots, codes, states, is_open & on_roll)


def monday_of(day: date) -> date:
    """The Monday of the week that holds a day."""
    return day - timedelta(days=day.weekday())


def half_term_weeks(register: Register, row: int, monday: date) -> list[date]:
    """The Mondays of the weeks in school, without a break, around the one of ``monday``.

    Only that week where the school is closed all through it.
    """
    by_week = register.is_open[row].reshape(WEEKS, SLOTS_A_WEEK).any(axis=1)
    week = first_slot_from(register.school_year, monday) // SLOTS_A_WEEK
    first = last = min(week, WEEKS - 1)
    if by_week[first]:
        first -= _run(by_week[:first][::-1])
        last += _run(by_week[last + 1 :])
    return [_monday(register.school_year, each) for each in range(first, last + 1)]


def may_change(person: Person, register: Register, grid: WeekGrid, today: date) -> Mask:
    """(n, 10) True where this person may change the mark, or make the first one.

    The same rules as ``policies.check_change``, which has the last word; a test holds them
    together. Here they are asked of a whole grid at once, so that it can be drawn.
    """
    days = _days_after(grid, today)
    blank = grid.codes == ""
    first = _reach(person, register, grid, Permission.ENTER_SESSION_MARK, days)
    first |= _reach(person, register, grid, Permission.ENTER_REASON_CODE, days)
    later = _reach(person, register, grid, Permission.AMEND_MARK, days)
    allowed = grid.expected & np.where(blank, first, later)
    # Ahead of today only what a person may enter ahead: leave, visits.
    if not reaches(person, Permission.PRE_ENTER_ABSENCE):
        allowed &= days <= 0
    return allowed


def spell_around(register: Register, row: int, slot: int) -> list[int]:
    """The slots of the run of one code that holds ``slot``, over sessions of the pupil's own.

    Only the slot itself for no mark and for a mark of being present, which are no spells.
    """
    line = register.marks[row]
    code = CODE_OF[chr(line[slot])]
    day = moment_of(register.school_year, slot)[0]
    if code == NO_MARK or reading_of(code, day).category == Category.PRESENT:
        return [slot]
    own = np.flatnonzero(register.expected[row])
    here = int(np.searchsorted(own, slot))
    same = line[own] == line[slot]
    first = here - _run(same[:here][::-1])
    last = here + _run(same[here + 1 :])
    return [int(each) for each in own[first : last + 1]]


def day_around(register: Register, row: int, slot: int) -> list[int]:
    """The slots of the pupil's own sessions on the day of ``slot``."""
    expected = register.on_roll[row] & register.is_open[row]
    return [each for each in (slot & ~1, slot | 1) if expected[each]]


def changes_to(register: Register, row: int, slots: Sequence[int], code: str) -> list[MarkChange]:
    """What it takes for these sessions of a pupil to have ``code``; nothing for those that have it.

    ``/`` and ``\\`` both stand for present, so each session is given its own half's mark.
    """
    pupil_id = int(register.pupils["pupil_id"].iloc[row])
    changes = []
    for slot in slots:
        day, session = moment_of(register.school_year, slot)
        expected = CODE_OF[chr(register.marks[row, slot])]
        wanted = present_mark(session) if code in PRESENT_MARKS else code
        if wanted != expected:
            changes.append(MarkChange(pupil_id, day, session, expected, wanted))
    return changes


PRESENT_MARKS = ("/", "\\")


def present_mark(session: Session) -> str:
    """The mark for present in a half of the day."""
    return PRESENT_MARKS[session == Session.PM]


def state_of(code: str, day: date) -> str:
    """How a mark of a day is drawn: one of STATES."""
    if code == NO_REASON_YET:
        return "no_reason"
    reading = reading_of(code, day)
    state = STATE_OF[reading.category]
    return "late" if state == "present" and reading.late else state


def session_in_words(day: date, session: Session) -> str:
    """'Tuesday morning'."""
    return f"{day:%A} {half_of_day(session)}"


def half_of_day(session: Session) -> str:
    """'morning' or 'afternoon'."""
    return "morning" if session == Session.AM else "afternoon"


def not_taken(grid: WeekGrid, today: date) -> list[int]:
    """Of a grid of one week: the columns, up to today, at which more than half of the expected
    pupils have no mark."""
    blank = grid.expected & (grid.codes == "") & (_days_after(grid, today) <= 0)
    return [int(c) for c in np.flatnonzero(2 * blank.sum(axis=0) > grid.expected.sum(axis=0))]


def _slots(first_slots: Ints) -> Ints:
    slots: Ints = first_slots[:, None] + np.arange(SLOTS_A_WEEK)
    return slots


@cache
def _codes() -> Words:
    codes = np.full(256, "", dtype=object)
    for symbol, code in CODE_OF.items():
        codes[ord(symbol)] = code
    return codes


def _states_of(school_year: int, marks: npt.NDArray[np.uint8], first_slots: Ints) -> Words:
    """How each mark is read in its week: no reading of a code changes within a school week."""
    states = np.full(marks.shape, "", dtype=object)
    for first_slot in np.unique(first_slots):
        monday = moment_of(school_year, int(first_slot))[0]
        here = first_slots == first_slot
        table = np.full(256, "", dtype=object)
        for byte in np.unique(marks[here]):
            if byte != BLANK:
                table[byte] = state_of(CODE_OF[chr(byte)], monday)
        states[here] = table[marks[here]]
    return states


def _reach(
    person: Person, register: Register, grid: WeekGrid, permission: Permission, days: Ints
) -> Mask:
    """(n, 10) where a permission reaches; an administrator amends a mark on its own day only."""
    if not reaches(person, permission):
        return np.zeros(days.shape, dtype=np.bool_)
    pupils = register.pupils.iloc[np.unique(grid.rows)]
    reached = np.isin(grid.rows, pupils.index[visible(person, permission, pupils)])
    words = [grant(role, permission) for role in reaches(person, permission)]
    same_day = all(word.endswith("same_day") for word in words)
    mask: Mask = reached[:, None] & ((days == 0) | (not same_day))
    return mask


def _days_after(grid: WeekGrid, today: date) -> Ints:
    """(n, 10) days (weekends apart) from today to each cell: 0 today, less than 0 before."""
    today_slot = first_slot_from(grid.school_year, today)
    if today.weekday() > 4:
        # At a weekend no cell is today: everything before Monday is past.
        return np.where(grid.slots < today_slot, -1, 1).astype(np.int64)
    days: Ints = grid.slots // 2 - today_slot // 2
    return days


def _run(same: npt.NDArray[Any]) -> int:
    """How many True stand at the head."""
    return int(len(same) if same.all() else np.argmin(same))


def _monday(school_year: int, week: int) -> date:
    return moment_of(school_year, week * SLOTS_A_WEEK)[0]
