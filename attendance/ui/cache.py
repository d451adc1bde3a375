"""What the process keeps between reruns: the engine, and one live register a school year.

A register is never kept for a length of time: each rerun asks the school's counters where they
stand. When only marks have been amended, their lines are read; when anything else has moved, the
whole register. It is the whole school's: what a person may see is narrowed after it, never before.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from functools import cache
from threading import Lock
from typing import Any, TypeVar

import streamlit as st

from attendance.core.people import Person
from attendance.core.register import Register
from attendance.services.registers import (
    Position,
    caught_up,
    current_school_year,
    read_with_position,
)
from attendance.store import registers
from attendance.store.engine import Engine, open_engine, read
from attendance.ui.clock import now

T = TypeVar("T")


@cache
def engine() -> Engine:
    """The database of this process (ATTENDANCE_DATABASE_URL)."""
    return open_engine()


class LiveRegisters:
    """The registers in memory, each with the counters it was loaded at."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._kept: dict[tuple[int, int], tuple[Position, Register]] = {}

    def get(self, database: Engine, school_id: int, school_year: int) -> Register:
        """The register as the database has it now."""
        with self._lock:
            kept = self._kept.get((school_id, school_year))
            if kept is None:
                found = read_with_position(database, school_id, school_year)
            else:
                position, register = kept
                found = caught_up(database, school_id, register, position)
            self._kept[school_id, school_year] = found
            return found[1]


@st.cache_resource(show_spinner=False)
def _live_registers() -> LiveRegisters:
    return LiveRegisters()


def live_register(person: Person, school_year: int | None = None) -> Register:
    """The whole school's register of a year (None: this one), at most one rerun old.

    Shared by everybody: read it, never write into its arrays, and narrow it to the person.
    """
    year = current_school_year(now()) if school_year is None else school_year
    return _live_registers().get(engine(), person.school_id, year)


def register_position(person: Person) -> Position:
    """(seq, revision) of the person's school: the version argument for st.cache_data."""
    with read(engine()) as tx:
        return registers.position(tx, person.school_id)


class Remembered:
    """What was worked out from objects, the least recently used forgotten first."""

    MOST = 48

    def __init__(self, most: int = MOST) -> None:
        self._lock = Lock()
        self._most = most
        # The objects are kept with the result, so that no other can get their identity.
        self._kept: OrderedDict[Hashable, tuple[tuple[object, ...], Any]] = OrderedDict()

    def get(self, sources: tuple[object, ...], key: Hashable, make: Callable[[], Any]) -> Any:
        whole = (*map(id, sources), key)
        with self._lock:
            if whole in self._kept:
                self._kept.move_to_end(whole)
                return self._kept[whole][1]
        made = make()
        with self._lock:
            self._kept[whole] = (sources, made)
            while len(self._kept) > self._most:
                self._kept.popitem(last=False)
        return made


@st.cache_resource(show_spinner=False)
def _remembered() -> Remembered:
    return Remembered()


def remembered(
    person: Person, registers: tuple[Register, ...], key: Hashable, make: Callable[[], T]
) -> T:
    """What this person's roles and scopes made of these very registers before, or ``make()`` now.

    A register that has moved is another object, so nothing old is ever shown.
    """
    scopes = frozenset((role, names) for role, names in person.scopes.items())
    whole = (person.school_id, person.roles, scopes, person.referred, key)
    found: T = _remembered().get(registers, whole, make)
    return found


@st.cache_resource(show_spinner=False)
def _worked_out() -> Remembered:
    return Remembered(512)


def worked_out(sources: tuple[object, ...], key: Hashable, make: Callable[[], T]) -> T:
    """What was made of these very objects before, or ``make()`` now.

    For what follows from them alone: tables and charts of a report that ``remembered`` keeps. The
    report was narrowed to the person before, and whoever has it has what is made of it.
    """
    found: T = _worked_out().get(sources, key, make)
    return found
