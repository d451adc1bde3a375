"""How absence has run: separate absences, the last weeks and half terms against those before, and
the day on which a number of sessions in a row would be done.

A spell is a run of sessions missed with no attended session between them; sessions that were not
possible or not marked neither break a run nor begin one.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

from attendance.core.calendar import half_term_numbers, weeks_with_school
from attendance.core.figures import COUNTS, is_counted, weekly_counts
from attendance.core.on_track import is_to_come
from attendance.core.register import Register
from attendance.core.slots import SLOTS_A_WEEK, days_of

Mask = npt.NDArray[np.bool_]
Ints = npt.NDArray[np.int64]

RECENT_WEEKS = 4
_MISSED = [COUNTS.index(name) for name in ("authorised_absence", "unauthorised_absence")]
_ATTENDED = [COUNTS.index(name) for name in ("present", "approved_activity")]


def spell_starts(register: Register, last_slot: int) -> Mask:
    """(n, 540) True at each session, up to a slot, with which an absence begins."""
    missed = _either(register, ("authorised_absence", "unauthorised_absence"), last_slot)
    known = missed | _either(register, ("present", "approved_activity"), last_slot)
    # For each slot, the latest known session before it (-1: there is none).
    seen = np.where(known, np.arange(known.shape[1], dtype=np.int16), np.int16(-1))
    before = np.full(seen.shape, -1, dtype=np.int16)
    before[:, 1:] = np.maximum.accumulate(seen, axis=1)[:, :-1]
    was_missed = np.take_along_axis(missed, np.maximum(before, 0), axis=1) & (before >= 0)
    return missed & ~was_missed


def spells(register: Register, last_slot: int) -> Ints:
    """(n,) separate absences of each pupil up to a slot."""
    found: Ints = spell_starts(register, last_slot).sum(axis=1)
    return found


def recent_weeks(register: Register, last_slot: int, weeks: int = RECENT_WEEKS) -> pd.DataFrame:
    """One row a pupil: the last school weeks (those with a session of the school) against before.

    Columns: recent_missed, recent_possible, before_missed, before_possible, recent_rate (attended,
    0-1, NaN where nothing was possible), direction (1 better, -1 worse, 0 about the same or too
    little to tell). It is about the same when one session more or less would make it so.
    """
    missed, possible = _by_week(register, last_slot)
    recent = _is_recent(register, last_slot, weeks)
    missed_lately, missed_before = missed[:, recent].sum(axis=1), missed[:, ~recent].sum(axis=1)
    lately, before = possible[:, recent].sum(axis=1), possible[:, ~recent].sum(axis=1)
    # Arrays to the end: with one pupil, a frame's sums take longer than everything else.
    rate = np.where(lately > 0, 1 - missed_lately / np.maximum(lately, 1), np.nan)
    return pd.DataFrame(
        {
            "recent_missed": missed_lately,
            "recent_possible": lately,
            "before_missed": missed_before,
            "before_possible": before,
            "recent_rate": rate,
            "direction": _direction(missed_lately, lately, missed_before, before),
        }
    )


def half_terms(register: Register, last_slot: int) -> pd.DataFrame:
    """One row a pupil: sessions missed and possible in the half term of a slot, and the one before.

    Columns: this_missed, this_possible, last_missed, last_possible (the last two 0 in the first).
    Half terms are parted by whole weeks without a session.
    """
    missed, possible = _by_week(register, last_slot)
    number = half_term_numbers(weeks_with_school(register.is_open))
    here = number[max(last_slot, 0) // SLOTS_A_WEEK]
    columns = {}
    for name, weeks in (("this", number == here), ("last", number == here - 1)):
        columns[f"{name}_missed"] = missed[:, weeks].sum(axis=1)
        columns[f"{name}_possible"] = possible[:, weeks].sum(axis=1)
    return pd.DataFrame(columns)


def slot_after(register: Register, last_slot: int, sessions: Ints) -> Ints:
    """(n,) the slot of the last of so many sessions in a row still to come to each pupil.

    -1 where ``sessions`` is 0, or where the pupil's own calendar has too few left.
    """
    coming = np.cumsum(is_to_come(register, last_slot), axis=1, dtype=np.int16)
    enough = (coming[:, -1] >= sessions) & (sessions > 0)
    slots: Ints = np.argmax(coming >= sessions[:, None], axis=1)
    return np.where(enough, slots, -1)


def day_after(register: Register, last_slot: int, sessions: Ints) -> pd.Series:
    """The day of ``slot_after`` for each pupil; NaT where there is none."""
    slots = slot_after(register, last_slot, sessions)
    days = days_of(register.school_year)[np.maximum(slots, 0)]
    return pd.Series(days).where(slots >= 0)


def week_slots(register: Register, last_slot: int, weeks: int) -> tuple[int, int]:
    """The first slot of the last school weeks up to a slot, and how many weeks there are.

    Fewer than ``weeks`` where the school year has not had so many; then the rest lie in the one
    before.
    """
    found = np.flatnonzero(_is_recent(register, last_slot, weeks))
    return (int(found[0]) * SLOTS_A_WEEK if len(found) else 0), len(found)


def week_number(register: Register, slot: int) -> tuple[int, int]:
    """Which school week of how many the session of a slot falls in: (11, 38)."""
    weeks = np.flatnonzero(weeks_with_school(register.is_open))
    return int((weeks <= slot // SLOTS_A_WEEK).sum()), len(weeks)


def _by_week(register: Register, last_slot: int) -> tuple[Ints, Ints]:
    """(n, 54) sessions missed, and possible, up to a slot."""
    counts = weekly_counts(register, 0, last_slot)
    missed: Ints = counts[:, :, _MISSED].sum(axis=2)
    possible: Ints = missed + counts[:, :, _ATTENDED].sum(axis=2)
    return missed, possible


def _is_recent(register: Register, last_slot: int, weeks: int) -> Mask:
    has_session = weeks_with_school(register.is_open)
    has_session[last_slot // SLOTS_A_WEEK + 1 :] = False
    recent = np.zeros(len(has_session), dtype=np.bool_)
    recent[np.flatnonzero(has_session)[-weeks:]] = True
    return recent


def _direction(missed: Ints, recent: Ints, missed_before: Ints, before: Ints) -> Ints:
    # Missed in the recent weeks beyond what the weeks before would lead to, times `before`.
    beyond = missed * before - missed_before * recent
    told = (recent > 0) & (before > 0)
    worse, better = told & (beyond > before), told & (beyond < -before)
    return np.select([worse, better], [-1, 1], default=0)


def _either(register: Register, counters: tuple[str, str], last_slot: int) -> Mask:
    first, second = (is_counted(register, counter, 0, last_slot) for counter in counters)
    either: Mask = (first | second) == 1
    return either
