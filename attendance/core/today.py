"""Who is not accounted for at one session, and since when.

At a session each expected pupil is in (present, or arrived after the register closed), explained
(absent or elsewhere for a reason that is known), or unaccounted for (code N, or no mark although
the form's register was taken). Pupils of a form whose register was not taken are counted apart.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import date, timedelta
from enum import StrEnum
from functools import cache

import numpy as np
import numpy.typing as npt
import pandas as pd

from attendance.core.calendar import school_days_after
from attendance.core.figures import is_counted
from attendance.core.register import BLANK, Register
from attendance.core.slots import days_of, first_slot_from
from attendance.errors import NotInForce
from attendance.rules.codes import CODE_OF, NO_MARK, SYMBOL_OF, Category, reading_of
from attendance.rules.limits import limit_on

Mask = npt.NDArray[np.bool_]
Numbers = npt.NDArray[np.int64]

_ABSENT = (Category.AUTHORISED, Category.UNAUTHORISED)
NO_REASON = ord(SYMBOL_OF["N"])
# From this school day in a row on, somebody goes and looks: our own step, not a rule of law.
HOME_VISIT_DAYS = 3


class Action(StrEnum):
    """The next thing to do about a pupil who is not accounted for. ``TELL_DSL`` never says why."""

    TELL_DSL = "Tell the DSL"
    HOME_VISIT = "Home visit"
    CALL = "Call"


@dataclass(frozen=True)
class SessionStanding:
    """Every mask is (n,) over the register's pupils. present, explained, unaccounted and not_taken
    part ``expected`` between them; ``late`` is part of present, ``absent`` those not in school who
    should be, explained or not."""

    slot: int
    expected: Mask
    present: Mask
    explained: Mask
    unaccounted: Mask
    not_taken: Mask
    late: Mask
    absent: Mask

    def only(self, rows: Mask) -> SessionStanding:
        """The same for some of the pupils; whether a form's register was taken stays known."""
        masks = (getattr(self, field.name) for field in fields(self)[1:])
        return SessionStanding(self.slot, *(mask[rows] for mask in masks))


def latest_session(register: Register, on: date) -> int:
    """The last slot up to the end of a day at which a form's register has been taken; -1: none.

    Leave entered beforehand is no register: somebody was present, and half the form has marks.
    """
    end = first_slot_from(register.school_year, on + timedelta(days=1))
    present = is_counted(register, "present", 0, end - 1).any(axis=0)
    forms = register.pupils["form"]
    for slot in np.flatnonzero(present)[::-1]:
        standing = standing_at(register, int(slot))
        taken = ~forms.isin(forms[standing.not_taken]).to_numpy(dtype=np.bool_)
        if (standing.present & taken).any():
            return int(slot)
    return -1


def standing_at(register: Register, slot: int) -> SessionStanding:
    """Where each pupil stands at one session of the school."""
    marks = register.marks[:, slot]
    reads = _readings(days_of(register.school_year)[slot].item())
    expected = register.on_roll[:, slot] & register.is_open[:, slot] & ~reads["elsewhere"][marks]
    blank = expected & (marks == BLANK)
    not_taken = blank & _in_forms_without_register(register, expected, blank)
    present = expected & reads["in"][marks]
    unaccounted = expected & ((marks == NO_REASON) | (blank & ~not_taken))
    explained = expected & ~present & ~unaccounted & ~not_taken
    late = expected & reads["late"][marks]
    absent = expected & reads["absent"][marks] & ~present
    return SessionStanding(
        slot, expected, present, explained, unaccounted, not_taken, late, absent | unaccounted
    )


def days_in_a_row(register: Register, slot: int) -> Numbers:
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


def last_attended(register: Register, slot: int) -> Numbers:
    """(n,) the slot of the last session attended before ``slot`` (-1: none this school year)."""
    attended = np.zeros((len(register), slot), dtype=np.bool_)
    for counter in ("present", "approved_activity"):
        attended |= is_counted(register, counter, 0, slot - 1)[:, :slot] == 1
    last = slot - 1 - np.argmax(attended[:, ::-1], axis=1) if slot else np.zeros(len(register))
    found: Numbers = np.where(attended.any(axis=1), last, -1).astype(np.int64)
    return found


def actions(prompted: Mask, days: Numbers) -> list[Action]:
    """What to do next about each pupil: the DSL first, a visit from the third day on, else call."""
    return [
        Action.TELL_DSL if tell else Action.HOME_VISIT if run >= HOME_VISIT_DAYS else Action.CALL
        for tell, run in zip(prompted, days, strict=True)
    ]


def queue_order(waiting: pd.DataFrame) -> pd.DataFrame:
    """The pupils to act on, those that matter most first, brothers and sisters together.

    waiting: prompted (bool), days (int), household (int or None), year_group, form, surname. A
    household stands where the first of its pupils would stand alone.
    """
    pupils = list(waiting[list(_RANKED)].itertuples(index=False, name=None))
    families: dict[object, list[int]] = {}
    for place, (_, _, household, *_) in enumerate(pupils):
        known = household is not None and household == household
        families.setdefault(household if known else ("alone", place), []).append(place)

    def rank(place: int) -> tuple[object, ...]:
        prompted, days, _, year_group, form, surname = pupils[place]
        return not prompted, -days, year_group, form, surname

    def family_rank(places: list[int]) -> tuple[object, ...]:
        first, days, *rest = min(rank(place) for place in places)
        return first, days, -len(places), *rest

    homes = sorted(families.values(), key=family_rank)
    return waiting.iloc[[place for places in homes for place in sorted(places, key=rank)]]


def open_n_sessions(register: Register, last_slot: int) -> pd.DataFrame:
    """One row an absence still without a reason up to a slot: row (of the register), slot, day,
    session, and ``due``: the last day for a reason (None: no such limit then, or not yet known).

    The limit is 5 school days after the session (SI 2024/208 reg 10(7)-(9)).
    """
    marked = (register.marks == NO_REASON) & register.expected
    marked[:, last_slot + 1 :] = False
    rows, slots = np.nonzero(marked)
    days = [day.item() for day in days_of(register.school_year)[slots]]
    return pd.DataFrame(
        {
            "row": rows,
            "slot": slots,
            "day": days,
            "session": np.where(slots % 2, "PM", "AM"),
            "due": pd.Series(_reasons_due(register, days), dtype="object"),
        }
    )


_RANKED = ("prompted", "days", "household", "year_group", "form", "surname")


def _reasons_due(register: Register, days: list[date]) -> list[date | None]:
    due: list[date | None] = [None] * len(days)
    if days:
        try:
            allowed = int(limit_on("unresolved_n_school_days", max(days)).value)
        except NotInForce:
            return due
        due = school_days_after(register.calendar, days, allowed)
    return due


@cache
def _readings(day: date) -> dict[str, Mask]:
    """(256,) lookups by mark for one day: in school, late, absent, or not possible."""
    reads = {name: np.zeros(256, dtype=np.bool_) for name in ("in", "late", "absent", "elsewhere")}
    for symbol, code in CODE_OF.items():
        if symbol == NO_MARK:
            continue
        reading = reading_of(code, day)
        arrived = reading.late and not reading.attended
        reads["in"][ord(symbol)] = reading.category == Category.PRESENT or arrived
        reads["late"][ord(symbol)] = reading.late
        reads["absent"][ord(symbol)] = reading.category in _ABSENT
        reads["elsewhere"][ord(symbol)] = not reading.possible
    return reads


def _by_day(register: Register, counters: tuple[str, ...], last: int) -> Numbers:
    sessions = sum(is_counted(register, counter, 0, last).astype(np.int64) for counter in counters)
    days: Numbers = np.asarray(sessions).reshape(len(register), -1, 2).sum(axis=2)
    return days


def _in_forms_without_register(register: Register, expected: Mask, blank: Mask) -> Mask:
    """A form's register was not taken when more than half of those expected have no mark."""
    forms = register.pupils["form"].to_numpy()
    due = pd.Series(expected).groupby(forms).transform("sum")
    missing = pd.Series(blank).groupby(forms).transform("sum")
    not_taken: Mask = (2 * missing > due).to_numpy(dtype=np.bool_)
    return not_taken
