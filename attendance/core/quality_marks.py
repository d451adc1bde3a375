"""Marks that cannot be right, or that ask for something: a code against its day, age and note.

One look-up picks the few marks that need a look out of the register's half a million; every kind
is then decided on those.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from functools import cache

import numpy as np
import numpy.typing as npt

from attendance.core.quality_ages import not_compulsory
from attendance.core.quality_finding import Cells, Finding, Roll
from attendance.core.register import BLANK, Register
from attendance.core.slots import SLOTS, days_of, first_slot_from
from attendance.core.today import open_n_sessions
from attendance.rules.codes import CODE_OF, SYMBOL_OF, Category, all_codes, codes_on, reading_of
from attendance.rules.limits import limit_on

Plans = Iterable[tuple[int, date, date | None]]

C2, Y4 = SYMBOL_OF["C2"], SYMBOL_OF["Y4"]
# The symbols that are looked at wherever they stand.
_ALWAYS = (*"EBKXZ#", C2, Y4)
_SHUT = ("#", Y4)
# In these school years X also stood for isolating: schools were told so (codes.csv, row X).
_X_WIDENED = range(2020, 2022)
_GONE, _UNKNOWN, _LOOK, _PRESENT = 1, 2, 4, 8


def find(
    roll: Roll,
    noted: frozenset[tuple[int, int]],
    part_time: Plans,
    last: int,
    on: date,
) -> list[Finding]:
    """Every finding about marks up to the slot ``last``."""
    register = roll.register
    if not len(register):
        return []
    reads = _reads(register)
    cells = _to_look_at(roll, reads, last)
    own = roll.expected[cells.rows, cells.slots]
    found = _not_own(cells.only(~own))
    cells = cells.only(own)
    found += _by_code(cells)
    found += _ages(cells)
    found += _part_time(cells, part_time)
    found += _shut(cells, reads, last)
    found += _without_note(cells, noted)
    found += _suspensions(cells, on)
    return found + _overdue(roll, last, on)


def _to_look_at(roll: Roll, reads: npt.NDArray[np.uint8], last: int) -> Cells:
    register = roll.register
    odd = reads[:, : last + 1] & (_GONE | _UNKNOWN | _LOOK) > 0
    is_marked = register.marks[:, : last + 1] != BLANK
    return Cells.where(roll, odd | (is_marked & ~roll.expected[:, : last + 1]))


def _reads(register: Register) -> npt.NDArray[np.uint8]:
    """(n, 540) bits of _GONE, _UNKNOWN, _LOOK, _PRESENT for each mark by its own day."""
    reads = np.empty(register.marks.shape, dtype=np.uint8)
    for start, end, tables in _stretches(register.school_year):
        for half in (0, 1):
            some = slice(start + half, end, 2)
            reads[:, some] = np.take(tables[half], register.marks[:, some])
    return reads


@cache
def _stretches(school_year: int) -> tuple[tuple[int, int, npt.NDArray[np.uint8]], ...]:
    """(first slot, the one after the last, a table for each half of the day) between two days on
    which a code comes in or ends."""
    ends = {row.valid_to + timedelta(days=1) for row in all_codes() if row.valid_to}
    days = ends | {row.valid_from for row in all_codes()}
    edges = sorted({0, SLOTS} | {first_slot_from(school_year, day) for day in days})
    return tuple(
        (start, end, _tables(days_of(school_year)[start].item()))
        for start, end in zip(edges, edges[1:], strict=False)
    )


def _tables(day: date) -> npt.NDArray[np.uint8]:
    tables = np.full((2, 256), _UNKNOWN, dtype=np.uint8)
    for symbol, code in CODE_OF.items():
        bits = 0 if code in codes_on(day) else _GONE
        bits |= _LOOK if symbol in _ALWAYS else 0
        bits |= _PRESENT if reading_of(code, day).category == Category.PRESENT else 0
        tables[:, ord(symbol)] = bits
    tables[:, BLANK] = 0
    tables[0, ord("\\")] |= _LOOK
    tables[1, ord("/")] |= _LOOK
    return tables


def _not_own(cells: Cells) -> list[Finding]:
    """Marks off roll, and on closed days; # on a closed day and Z before entry are as they are."""
    on_roll = cells.register.on_roll[cells.rows, cells.slots]
    said = ~cells.are("#") & (cells.marks != BLANK)
    return [
        *cells.only(~on_roll & said & ~cells.are("Z")).findings("off_roll"),
        *cells.only(on_roll & said).findings("closed_day"),
    ]


def _by_code(cells: Cells) -> list[Finding]:
    bits = np.zeros(len(cells.rows), dtype=np.uint8)
    for start, end, tables in _stretches(cells.register.school_year):
        inside = (cells.slots >= start) & (cells.slots < end)
        bits[inside] = tables[cells.slots[inside] % 2, cells.marks[inside]]
    is_morning = cells.slots % 2 == 0
    wrong = np.where(is_morning, cells.are("\\"), cells.are("/"))
    return [
        *cells.only(bits & _GONE > 0).findings("retired_code"),
        *cells.only(bits & _UNKNOWN > 0).findings("unknown_code"),
        *cells.only(wrong).findings("wrong_half"),
        *cells.only(cells.are("Z")).findings("z_on_roll"),
    ]


def _ages(cells: Cells) -> list[Finding]:
    """X inside compulsory school age, C2 outside it, and one pupil with both."""
    x, c2 = cells.only(cells.are("X")), cells.only(cells.are(C2))
    if cells.register.school_year in _X_WIDENED:
        x = x.only(np.zeros(len(x.rows), dtype=np.bool_))
    found = x.only(~not_compulsory(x)).findings("x_compulsory")
    found += c2.only(not_compulsory(c2)).findings("c2_age")
    both = np.intersect1d(x.rows, c2.rows)
    mixed = cells.only(np.isin(cells.rows, both) & cells.are("X", C2))
    return found + mixed.findings("c2_and_x")


def _part_time(cells: Cells, plans: Plans) -> list[Finding]:
    """C2 on a day that no part-time timetable on record covers."""
    c2 = cells.only(cells.are(C2))
    if not len(c2.rows):
        return []
    days = days_of(c2.register.school_year)[c2.slots]
    ids = np.array(c2.roll.ids)[c2.rows]
    covered = np.zeros(len(ids), dtype=np.bool_)
    for pupil_id, first, end in plans:
        inside = (ids == pupil_id) & (days >= np.datetime64(first, "D"))
        covered |= inside & (days <= np.datetime64(end or date.max, "D"))
    return c2.only(~covered).findings("c2_no_plan")


def _shut(cells: Cells, reads: npt.NDArray[np.uint8], last: int) -> list[Finding]:
    """# and Y4 against what the rest of the school, or of the year group, has at that session."""
    register = cells.register
    closed = cells.only(cells.are(*_SHUT))
    if not len(closed.rows):
        return []
    slots, saying = np.unique(closed.slots, return_counts=True)
    marked = cells.roll.expected[:, slots] & (register.marks[:, slots] != BLANK)
    shut = slots[(2 * saying > marked.sum(axis=0)) & (saying > 1)]
    here = marked[:, np.isin(slots, shut)] & (reads[:, shut] & _PRESENT > 0)
    rows, places = np.nonzero(here)
    present = Cells(cells.roll, rows, shut[places], register.marks[rows, shut[places]])
    alone = closed.only(closed.are(Y4) & ~np.isin(closed.slots, shut))
    return [
        *present.findings("present_when_shut"),
        *alone.findings("shut_alone"),
        *_hashes(closed.only(closed.are("#"))),
    ]


def _hashes(cells: Cells) -> list[Finding]:
    """# by year group: a closure that the calendar does not know, or a pupil's own mark."""
    if not len(cells.rows):
        return []
    register = cells.register
    years = np.array(cells.roll.years)
    found: list[Finding] = []
    single = np.ones(len(cells.rows), dtype=np.bool_)
    for year in np.unique(years[cells.rows]).tolist():
        of_year = years[cells.rows] == year
        slots, saying = np.unique(cells.slots[of_year], return_counts=True)
        mates = np.flatnonzero(years == year)
        marked = (cells.roll.expected & (register.marks != BLANK))[np.ix_(mates, slots)].sum(axis=0)
        closed = slots[(2 * saying > marked) & (saying > 1)]
        single &= ~(of_year & np.isin(cells.slots, closed))
        if len(closed):
            codes = ("#",) * len(closed)
            at = tuple(closed.tolist())
            found.append(Finding("closure_not_in_calendar", None, "", int(year), at, codes))
    return found + _single_hashes(cells.only(single))


def _single_hashes(cells: Cells) -> list[Finding]:
    marks, expected = cells.register.marks, cells.roll.expected
    other = marks[cells.rows, cells.slots ^ 1]
    split = (other != BLANK) & (other != ord("#")) & expected[cells.rows, cells.slots ^ 1]
    found = cells.only(~split).findings("closed_alone")
    for row, some in cells.only(split).by_pupil():
        slots = sorted({*some.slots.tolist(), *(some.slots ^ 1).tolist()})
        both = Cells(cells.roll, np.full(len(slots), row), np.array(slots), marks[row, slots])
        found.append(both.finding("half_closed", row))
    return found


def _without_note(cells: Cells, noted: frozenset[tuple[int, int]]) -> list[Finding]:
    elsewhere = cells.only(cells.are("B", "K"))
    ids = np.array(cells.roll.ids)[elsewhere.rows]
    pairs = zip(ids.tolist(), elsewhere.slots.tolist(), strict=True)
    bare = np.array([pair not in noted for pair in pairs], dtype=np.bool_)
    return elsewhere.only(bare).findings("no_note")


def _suspensions(cells: Cells, on: date) -> list[Finding]:
    """E from the sixth school day of a run on; other days of the pupil's break a run."""
    provided = int(limit_on("suspension_provision_school_day", on).value)
    found = []
    for row, some in cells.only(cells.are("E")).by_pupil():
        days = np.flatnonzero(cells.roll.expected[row].reshape(-1, 2).any(axis=1))
        places = np.searchsorted(days, some.slots // 2)
        late: list[int] = []
        for run in np.split(np.arange(len(places)), np.flatnonzero(np.diff(places) > 1) + 1):
            late += [at for at in run if places[at] - places[run[0]] >= provided - 1]
        if late:
            chosen = np.isin(np.arange(len(places)), late)
            found.append(some.only(chosen).finding("long_suspension", row))
    return found


def _overdue(roll: Roll, last: int, on: date) -> list[Finding]:
    """N whose five school days were over before ``on``."""
    opened = open_n_sessions(roll.register, last)
    is_late = np.array([due is not None and due < on for due in opened["due"]], dtype=np.bool_)
    found = []
    for row, some in opened[is_late].groupby("row"):
        slots, due = some["slot"].tolist(), min(some["due"])
        said = f"The first was due by {due:%-d %B %Y}."
        codes = ["N"] * len(slots)
        found.append(roll.finding("overdue_n", int(str(row)), slots, codes, said))
    return found


def not_yet(roll: Roll, last: int) -> list[Finding]:
    """Pupils said to be present after the slot ``last``, at sessions that are still to come."""
    reads = _reads(roll.register)
    early = reads & _PRESENT > 0
    early[:, : last + 1] = False
    early &= roll.expected
    return Cells.where(roll, early).findings("future_present")
