"""Marks that are not there: whole sessions, a form's register, one pupil's days, single marks.

A blank is told once, by the widest thing it belongs to.
"""

from __future__ import annotations

from datetime import date

import numpy as np
import numpy.typing as npt

from attendance.core.quality_finding import Cells, Finding, Mask, Roll
from attendance.core.register import BLANK
from attendance.core.slots import SLOTS, days_of

LONG_BLANK_DAYS = 10  # our own choice: two school weeks
Counts = npt.NDArray[np.uint32]


def find(roll: Roll, last: int, on: date) -> list[Finding]:
    """Blanks up to the slot ``last``. A session of ``on`` itself that most of the school has no
    marks for is still to be taken, not missing."""
    register = roll.register
    if register.latest < 0 or last < 0:
        return []
    expected = roll.expected[:, : last + 1]
    blank = expected & (register.marks[:, : last + 1] == BLANK)
    due, missing = _down(expected), _down(blank)
    unmarked = (due > 0) & (2 * missing > due)
    is_past = days_of(register.school_year)[: last + 1] < np.datetime64(on, "D")
    slots = np.arange(last + 1)
    found = _sessions(np.flatnonzero(unmarked & ((slots <= register.latest) | is_past)))
    blank[:, unmarked | (slots > register.latest)] = False
    forms, not_taken = _forms(roll, expected, blank)
    found += forms
    blank &= ~not_taken
    long = _long_blanks(expected & ~not_taken & ~unmarked, blank)
    found += Cells.where(roll, long).findings("long_blank")
    return found + Cells.where(roll, blank & ~long).findings("missing_marks")


def _down(mask: Mask) -> Counts:
    counts: Counts = mask.view(np.uint8).sum(axis=0, dtype=np.uint32)
    return counts


def _sessions(slots: npt.NDArray[np.int64]) -> list[Finding]:
    if not len(slots):
        return []
    return [Finding("session_unmarked", None, "", 0, tuple(slots.tolist()), ("",) * len(slots))]


def _forms(roll: Roll, expected: Mask, blank: Mask) -> tuple[list[Finding], Mask]:
    """A finding for each form and session without any mark, and the cells that are in them."""
    not_taken = np.zeros_like(blank)
    columns = np.flatnonzero(blank.any(axis=0))
    if not len(columns):
        return [], not_taken
    found: list[Finding] = []
    forms = np.array(roll.forms, dtype=object)
    some_due, some_blank = expected[:, columns], blank[:, columns]
    for form in sorted({*roll.forms} - {""}):
        rows = np.flatnonzero(forms == form)
        here = _down(some_blank[rows])
        empty = columns[(here > 0) & (here == _down(some_due[rows]))]
        if len(empty):
            not_taken[np.ix_(rows, empty)] = blank[np.ix_(rows, empty)]
            year = roll.years[rows[0]]
            found += [
                Finding("missing_register", None, form, year, (slot,), ("",))
                for slot in empty.tolist()
            ]
    return found, not_taken


def _long_blanks(expected: Mask, blank: Mask) -> Mask:
    """The cells of runs of ten school days or more without any mark of the pupil.

    Days without a session of the pupil's, or without a register, neither count nor break a run.
    """
    long = np.zeros_like(blank)
    enough = blank.view(np.uint8).sum(axis=1, dtype=np.uint32) >= LONG_BLANK_DAYS
    for row in np.flatnonzero(enough):
        due, missing = (_padded(mask[row]).reshape(-1, 2) for mask in (expected, blank))
        days = np.flatnonzero(due.any(axis=1))
        is_blank = (missing == due)[days].all(axis=1)
        for run in np.split(np.arange(len(days)), np.flatnonzero(np.diff(is_blank)) + 1):
            if len(run) >= LONG_BLANK_DAYS and is_blank[run[0]]:
                first, end = 2 * days[run[0]], 2 * days[run[-1]] + 2
                long[row, first:end] = blank[row, first:end]
    return long


def _padded(line: Mask) -> Mask:
    whole = np.zeros(SLOTS, dtype=np.bool_)
    whole[: len(line)] = line
    return whole
