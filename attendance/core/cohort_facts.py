"""What a school's cohorts are made of: characteristics, placements and spells, by date.

They come from the store as it keeps them; here they become slots of one school year's register.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Protocol

import numpy as np
import numpy.typing as npt

from attendance.core.register import Mask, Register
from attendance.core.slots import SLOTS, first_slot_from, school_year_of


class Fact(Protocol):
    """What is true of a pupil for a time; ``attendance.store.particulars.Characteristic`` is."""

    @property
    def pupil_id(self) -> int: ...
    @property
    def kind(self) -> str: ...
    @property
    def first_day(self) -> date: ...
    @property
    def last_day(self) -> date | None: ...
    @property
    def detail(self) -> str: ...


class Placed(Protocol):
    """Where a pupil sits from a day on; ``attendance.store.pupils.Placement`` is one."""

    @property
    def pupil_id(self) -> int: ...
    @property
    def first_day(self) -> date: ...
    @property
    def year_group(self) -> int: ...
    @property
    def form(self) -> str: ...


class Spell(Protocol):
    """A spell on roll; ``attendance.store.pupils.Enrolment`` is one."""

    @property
    def pupil_id(self) -> int: ...
    @property
    def first_day(self) -> date: ...
    @property
    def inferred(self) -> bool: ...


@dataclass(frozen=True, slots=True)
class Facts:
    """All that a school's cohorts are made of; placements and spells a pupil's oldest first."""

    characteristics: Sequence[Fact] = ()
    placements: Sequence[Placed] = ()
    spells: Sequence[Spell] = ()


def true_while(register: Register, facts: Facts, kind: str, detail: str | None = None) -> Mask:
    """(n, 540) while a characteristic held; with ``detail``, only where it says so."""
    row_of = rows_of(register)
    mask = np.zeros(register.marks.shape, dtype=np.bool_)
    for fact in facts.characteristics:
        is_it = fact.kind == kind and detail in (None, fact.detail)
        if is_it and (row := row_of.get(fact.pupil_id)) is not None:
            mask[row, _slots(register.school_year, fact.first_day, fact.last_day)] = True
    return mask


def places_in_year(register: Register, facts: Facts) -> dict[int, list[tuple[int, int, str]]]:
    """Pupil id -> (first slot, year group, form), from slot 0 on; pupils without a placement by the
    end of the year are missing.

    The first placement of a school year may be known from the first file only, days into the
    year: until then the pupil is in it, unless one made earlier is of the same year group.
    """
    begins = date(register.school_year, 8, 1)
    earlier: dict[int, Placed] = {}
    in_year: dict[int, list[Placed]] = {}
    for place in facts.placements:
        if place.first_day < begins:
            earlier[place.pupil_id] = place
        elif school_year_of(place.first_day) == register.school_year:
            in_year.setdefault(place.pupil_id, []).append(place)
    runs = {pupil_id: [(0, was.year_group, was.form)] for pupil_id, was in earlier.items()}
    for pupil_id, places in in_year.items():
        was = earlier.get(pupil_id)
        if was is None or was.year_group != places[0].year_group:
            runs[pupil_id] = [(0, places[0].year_group, places[0].form)]
            places = places[1:]
        for place in places:
            slot = first_slot_from(register.school_year, place.first_day)
            runs[pupil_id].append((slot, place.year_group, place.form))
    return runs


def rows_of(register: Register) -> dict[int, int]:
    ids: npt.NDArray[np.int64] = register.pupils["pupil_id"].to_numpy()
    return {int(pupil_id): row for row, pupil_id in enumerate(ids)}


def _slots(school_year: int, first_day: date, last_day: date | None) -> slice:
    after = SLOTS if last_day is None else first_slot_from(school_year, last_day + timedelta(1))
    return slice(first_slot_from(school_year, first_day), after)
