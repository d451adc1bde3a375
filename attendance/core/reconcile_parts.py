"""What a figure is made of, pupil by pupil: any combination of reasons can be read off it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta

import numpy as np
import numpy.typing as npt
import pandas as pd

from attendance.core.figures import own_marks, pupil_counts
from attendance.core.register import Register
from attendance.core.slots import SLOTS, days_of, first_slot_from, moment_of
from attendance.core.views import ages_on, census_terms, published_ages
from attendance.rules.codes import SYMBOL_OF, Category, reading_of

Mask = npt.NDArray[np.bool_]
Ints = npt.NDArray[np.int64]

LAG = timedelta(weeks=2)  # DfE's dashboards leave out what may still settle


@dataclass(frozen=True)
class Parts:
    """Per pupil (the register's rows): attended and absent sessions by where they lie, in the
    order of ``_PLACES``, and what each reading of marks would add: (n, 4) each."""

    register: Register
    last_slot: int
    attended: Ints
    absent: Ints
    open_n: Ints
    x: Ints
    d: Ints
    y: Ints
    blank: Ints
    is_leaver: Mask
    is_other_age: Mask

    @property
    def on(self) -> date:
        return moment_of(self.register.school_year, self.last_slot)[0]


# The four kinds of session: ordinary, Year 11's second summer half, the last two weeks, both.
_PLACES = 4
_SUMMER, _LATE = 1, 2


def parts_of(register: Register, first_slot: int, last_slot: int) -> Parts:
    """Count what every reason and combination is made of, between two slots, both included."""
    year = register.school_year
    taken = register.covered & (np.arange(SLOTS) <= register.latest)
    register = replace(register, covered=taken)
    first, last = published_ages(year)
    ages = ages_on(register, date(year, 8, 31))
    where = _places(register, ages == last, last_slot)
    counted = [
        pupil_counts(_only_at(register, where == place), first_slot, last_slot)
        for place in range(_PLACES)
    ]
    marks = own_marks(register, first_slot, last_slot)
    days = days_of(year)
    not_counted = {
        name: _symbols_not_possible(codes, days[last_slot].item())
        for name, codes in (("x", _X), ("d", ("D",)), ("y", _Y))
    }
    held = {
        name: np.stack(
            [(np.isin(marks, symbols) & (where == place)).sum(axis=1) for place in range(_PLACES)],
            axis=1,
        )
        for name, symbols in not_counted.items()
    }
    return Parts(
        register,
        last_slot,
        _column(counted, "attended_sessions"),
        _column(counted, "absent_sessions"),
        _column(counted, "no_reason"),
        held["x"],
        held["d"],
        held["y"],
        _column(counted, "unmarked"),
        _leavers(register, last_slot),
        (ages < first) | (ages > last),
    )


_X = ("X", *(f"X0{number}" for number in range(1, 10)))
_Y = ("Q", "Y", *(f"Y{number}" for number in range(1, 8)))


def changed(parts: Parts, reasons: Iterable[str]) -> tuple[Ints, Ints]:
    """(n,) attended and absent sessions of each pupil with some reasons applied.

    The reasons are applied in the order of REASONS, and do not depend on it: each is about other
    pupils, other sessions or other marks.
    """
    chosen = frozenset(reasons)
    attended, absent = parts.attended.copy(), parts.absent.copy()
    for name, added in (("x", parts.x), ("d_missed", parts.d), ("y", parts.y)):
        if name in chosen:
            absent += added
    if "d_attended" in chosen:
        attended += parts.d
    if "open_n" in chosen:
        absent -= parts.open_n
    if "blanks" in chosen:
        absent += parts.blank
    kept = [
        not (place & _SUMMER and "year_11" in chosen) and not (place & _LATE and "lag" in chosen)
        for place in range(_PLACES)
    ]
    rows = _kept_rows(parts, chosen)
    return attended[:, kept].sum(axis=1) * rows, absent[:, kept].sum(axis=1) * rows


def touched_by(parts: Parts, reason: str) -> Ints:
    """(n,) how many sessions of each pupil a reason takes away, adds or reads in another way."""
    possible = parts.attended + parts.absent
    summer = [place for place in range(_PLACES) if place & _SUMMER]
    late = [place for place in range(_PLACES) if place & _LATE]
    sessions = {
        "leavers": possible.sum(axis=1) * parts.is_leaver,
        "ages": possible.sum(axis=1) * parts.is_other_age,
        "year_11": possible[:, summer].sum(axis=1),
        "x": parts.x.sum(axis=1),
        "d_attended": parts.d.sum(axis=1),
        "d_missed": parts.d.sum(axis=1),
        "y": parts.y.sum(axis=1),
        "open_n": parts.open_n.sum(axis=1),
        "blanks": parts.blank.sum(axis=1),
        "lag": possible[:, late].sum(axis=1),
    }
    touched: Ints = sessions[reason]
    return touched


def _kept_rows(parts: Parts, chosen: frozenset[str]) -> Mask:
    rows = np.ones(len(parts.register), dtype=np.bool_)
    if "leavers" in chosen:
        rows &= ~parts.is_leaver
    if "ages" in chosen:
        rows &= ~parts.is_other_age
    return rows


def _leavers(register: Register, last_slot: int) -> Mask:
    """(n,) who is not on roll any more at the last session counted."""
    on_roll = register.on_roll[:, : last_slot + 1]
    gone: Mask = on_roll.any(axis=1) & ~on_roll[:, last_slot]
    return gone


def _places(register: Register, is_oldest: Mask, last_slot: int) -> Ints:
    """(n, 540) which of the four kinds of session each is."""
    year = register.school_year
    where = np.zeros(register.marks.shape, dtype=np.int64)
    where[is_oldest, first_slot_from(year, census_terms(year)[-1].first_day) :] += _SUMMER
    end = moment_of(year, last_slot)[0]
    where[:, days_of(year) > np.datetime64(end - LAG, "D")] += _LATE
    return where


def _only_at(register: Register, here: Mask) -> Register:
    return replace(register, on_roll=register.on_roll & here)


def _column(counted: list[pd.DataFrame], name: str) -> Ints:
    return np.stack([frame[name].to_numpy(dtype=np.int64) for frame in counted], axis=1)


def _symbols_not_possible(codes: Iterable[str], day: date) -> list[int]:
    """The symbols of those codes that are not possible sessions on a day: D once was one."""
    known = (code for code in codes if code in SYMBOL_OF)
    return [
        ord(SYMBOL_OF[code])
        for code in known
        if reading_of(code, day).category == Category.NOT_POSSIBLE
    ]
