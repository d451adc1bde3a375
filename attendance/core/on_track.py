"""Exact arithmetic of persistent absence: what was missed, what is left, what it would take.

With A sessions missed of N possible so far, R still to come on the pupil's own calendar and
T = N + R, a pupil finishes persistently absent when 100 A_end >= 10 T. So the sessions that can
still be missed are H = ceil(10 T / 100) - 1 - A; the attendance needed from now is 1 - H / R; and
the year to date falls under 10 % after 10 A - N + 1 sessions in a row.
(DfE pupil absence methodology; the limit comes from ``limits.csv`` by date.)
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

import numpy as np
import numpy.typing as npt
import pandas as pd

from attendance.core.figures import ABSENT, ATTENDED, COUNTS, is_counted, total_counts
from attendance.core.register import BLANK, Mask, Register
from attendance.core.slots import SLOTS, first_slot_from
from attendance.rules.limits import limit_on


class Band(StrEnum):
    """Where a pupil stands, called by what it means; never a verdict on the pupil."""

    SEVERE = "severe"
    CANNOT_FINISH_UNDER = "cannot_finish_under"
    RECOVERABLE = "recoverable"
    NEAR = "near"
    UNDER = "under"
    NO_SESSIONS = "no_sessions"

    @property
    def words(self) -> str:
        return _WORDS[self]


_WORDS = {
    Band.SEVERE: "Severe: half or more missed",
    Band.CANNOT_FINISH_UNDER: "Past 10\u202f%, cannot finish under it on this calendar",
    Band.RECOVERABLE: "Past 10\u202f%, can still finish under it",
    Band.NEAR: "Near 10\u202f%",
    Band.UNDER: "Under",
    Band.NO_SESSIONS: "No possible session yet",
}


@dataclass(frozen=True, slots=True)
class Outlook:
    """One pupil's arithmetic, in sessions; ``needed_from_now`` is a rate from 0 to 1."""

    missed: int
    possible_so_far: int
    possible_to_come: int
    headroom: int
    needed_from_now: float | None
    recover_in: int
    band: Band

    @property
    def can_recover_in_time(self) -> bool:
        return self.recover_in <= self.possible_to_come


def on_track(register: Register, on: date) -> pd.DataFrame:
    """One row a pupil, as the register stands, at the end of the day ``on``.

    Columns: missed, possible_so_far, possible_to_come, headroom, needed_from_now (0-1; NaN when
    nothing is to come or it cannot be done), recover_in, band. A session that has no mark yet and
    comes after the latest session of the whole school is still to come, not missing.
    """
    last = first_slot_from(register.school_year, date.fromordinal(on.toordinal() + 1)) - 1
    counts = total_counts(register, 0, last)
    attended, missed = (
        counts[:, [COUNTS.index(name) for name in names]].sum(axis=1)
        for names in (ATTENDED, ABSENT)
    )
    return _outlook(
        missed=missed,
        so_far=attended + missed,
        to_come=sessions_to_come(register, last),
        percents=(_percent("persistent", on), _percent("severe", on), _percent("near", on)),
    )


def outlook_of(missed: int, possible_so_far: int, possible_to_come: int, on: date) -> Outlook:
    """The same arithmetic for one pupil's three whole numbers."""
    frame = _outlook(
        missed=np.array([missed]),
        so_far=np.array([possible_so_far]),
        to_come=np.array([possible_to_come]),
        percents=(_percent("persistent", on), _percent("severe", on), _percent("near", on)),
    )
    return outlook_at(frame, 0)


def outlook_at(frame: pd.DataFrame, row: int) -> Outlook:
    """One row of ``on_track`` as an Outlook."""
    facts = frame.iloc[row]
    needed = facts["needed_from_now"]
    return Outlook(
        missed=int(facts["missed"]),
        possible_so_far=int(facts["possible_so_far"]),
        possible_to_come=int(facts["possible_to_come"]),
        headroom=int(facts["headroom"]),
        needed_from_now=None if pd.isna(needed) else float(needed),
        recover_in=int(facts["recover_in"]),
        band=Band(facts["band"]),
    )


def sessions_until_reached(
    missed: npt.NDArray[np.int64], so_far: npt.NDArray[np.int64], on: date
) -> npt.NDArray[np.int64]:
    """(n,) sessions missed in a row, from now, that bring the year so far to 10 %; 0 past it.

    The smallest k with 100 (A + k) >= 10 (N + k).
    """
    percent = _percent("persistent", on)
    short: npt.NDArray[np.int64] = percent * so_far - 100 * missed
    return np.maximum(0, -(-short // (100 - percent)))


def sessions_to_come(register: Register, last_slot: int) -> npt.NDArray[np.int64]:
    """(n,) sessions after ``last_slot`` at which each pupil is still expected.

    A session that the register already shows as not possible (a planned closure, a session not
    required of the pupil) is not to come.
    """
    to_come: npt.NDArray[np.int64] = is_to_come(register, last_slot).sum(axis=1)
    return to_come


def is_to_come(register: Register, last_slot: int) -> Mask:
    """(n, 540) True at the sessions that ``sessions_to_come`` counts."""
    slots = np.arange(SLOTS)
    blank = register.marks == BLANK
    ahead = (slots > last_slot) | ((slots > register.latest) & blank)
    not_possible = is_counted(register, "not_possible", 0, SLOTS - 1) == 1
    coming: Mask = register.expected & ahead & ~not_possible
    return coming


def _outlook(
    *,
    missed: npt.NDArray[np.int64],
    so_far: npt.NDArray[np.int64],
    to_come: npt.NDArray[np.int64],
    percents: tuple[int, int, int],
) -> pd.DataFrame:
    persistent, severe, near = percents
    threshold = -(-persistent * (so_far + to_come) // 100)
    headroom = threshold - 1 - missed
    doable = (to_come > 0) & (headroom >= 0)
    needed = np.where(doable, np.maximum(0, 1 - headroom / np.maximum(to_come, 1)), np.nan)
    recover_in = np.maximum(0, 100 * missed // persistent + 1 - so_far)
    reached = (100 * missed >= persistent * so_far) & (so_far > 0)
    band = np.select(
        [
            so_far == 0,
            100 * missed >= severe * so_far,
            headroom < 0,
            reached,
            100 * missed >= near * so_far,
        ],
        [Band.NO_SESSIONS, Band.SEVERE, Band.CANNOT_FINISH_UNDER, Band.RECOVERABLE, Band.NEAR],
        default=Band.UNDER,
    )
    return pd.DataFrame(
        {
            "missed": missed,
            "possible_so_far": so_far,
            "possible_to_come": to_come,
            "headroom": headroom,
            "needed_from_now": needed,
            "recover_in": np.where(reached, recover_in, 0),
            "band": [str(value) for value in band],
        }
    )


def _percent(which: str, on: date) -> int:
    names = {
        "persistent": "persistent_absence_percent",
        "severe": "severe_absence_percent",
        "near": "near_persistent_absence_percent",
    }
    return int(limit_on(names[which], on).value)
