"""Who is not accounted for at one session, and since when.

At a session each expected pupil is in (present, or arrived after the register closed), explained
(absent or elsewhere for a reason that is known), or unaccounted for (code N, or no mark although
the form's register was taken). Pupils of a form whose register was not taken are counted apart.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from attendance.core.figures import is_counted
from attendance.core.register import BLANK, Register
from attendance.core.slots import moment_of
from attendance.rules.codes import SYMBOL_OF

Mask = npt.NDArray[np.bool_]

NO_REASON = ord(SYMBOL_OF["N"])


@dataclass(frozen=True)
class SessionStanding:
    """Every mask is (n,) over the register's pupils; they part ``expected`` between them, but
    for ``late``, which is part of ``present``."""

    slot: int
    expected: Mask
    present: Mask
    explained: Mask
    unaccounted: Mask
    not_taken: Mask
    late: Mask


def standing_at(register: Register, slot: int) -> SessionStanding:
    """Where each pupil stands at one session of the school."""
    adds = {name: _adds(register, name, slot) for name in _NEEDED}
    expected = register.expected[:, slot] & ~adds["not_possible"]
    blank = expected & (register.marks[:, slot] == BLANK)
    not_taken = blank & _in_forms_without_register(register, slot, expected, blank)
    present = expected & (adds["present"] | adds["late_after_close"])
    unaccounted = expected & (adds["no_reason"] | (blank & ~not_taken))
    explained = expected & ~present & ~unaccounted & ~not_taken
    late = expected & (adds["late_before_close"] | adds["late_after_close"])
    return SessionStanding(slot, expected, present, explained, unaccounted, not_taken, late)


def days_in_a_row(register: Register, slot: int) -> npt.NDArray[np.int64]:
    """(n,) school days in a row, up to the one of ``slot``, with no session attended.

    A day counts when the pupil missed every session of it that was possible and marked, and there
    was at least one; days without a possible session neither count nor break the run.
    """
    last = slot | 1
    missed = _by_day(register, ("authorised_absence", "unauthorised_absence"), last)
    attended = _by_day(register, ("present", "approved_activity"), last)
    run = np.zeros(len(register), dtype=np.int64)
    going = np.ones(len(register), dtype=np.bool_)
    for day in range(slot // 2, -1, -1):
        going &= attended[:, day] == 0
        run += going & (missed[:, day] > 0)
        if not going.any():
            break
    return run


def open_n_sessions(register: Register, last_slot: int) -> pd.DataFrame:
    """One row an absence still without a reason up to a slot: row (of the register), slot, day,
    session."""
    marked = (register.marks == NO_REASON) & register.expected
    marked[:, last_slot + 1 :] = False
    rows, slots = np.nonzero(marked)
    moments = [moment_of(register.school_year, int(slot)) for slot in slots]
    return pd.DataFrame(
        {
            "row": rows,
            "slot": slots,
            "day": [day for day, _ in moments],
            "session": [str(session) for _, session in moments],
        }
    )


_NEEDED = ("present", "not_possible", "no_reason", "late_before_close", "late_after_close")


def _adds(register: Register, counter: str, slot: int) -> Mask:
    adds: Mask = is_counted(register, counter, slot, slot)[:, slot] == 1
    return adds


def _by_day(register: Register, counters: tuple[str, ...], last: int) -> npt.NDArray[np.int64]:
    sessions = sum(is_counted(register, counter, 0, last).astype(np.int64) for counter in counters)
    days: npt.NDArray[np.int64] = np.asarray(sessions).reshape(len(register), -1, 2).sum(axis=2)
    return days


def _in_forms_without_register(register: Register, slot: int, expected: Mask, blank: Mask) -> Mask:
    """A form's register was not taken when more than half of those expected have no mark."""
    forms = register.pupils["form"]
    due = pd.Series(expected).groupby(forms.to_numpy()).transform("sum")
    missing = pd.Series(blank).groupby(forms.to_numpy()).transform("sum")
    taken: Mask = (2 * missing > due).to_numpy(dtype=np.bool_)
    return taken
