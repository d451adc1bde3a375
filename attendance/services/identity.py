"""Who a pupil is, and what staff must know first, as far as a person may know it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from attendance.core.names import called, first_names
from attendance.core.people import Person
from attendance.core.permissions import visible
from attendance.core.pupil_badges import Badge, badges_for
from attendance.core.pupil_facts import MISSED_STATES
from attendance.core.register import BLANK, Register
from attendance.core.slots import SLOTS, first_slot_from
from attendance.core.week_grid import state_of
from attendance.rules.codes import CODE_OF
from attendance.rules.roles import Permission, grant
from attendance.services.search import has_left
from attendance.store.particulars import Characteristic


@dataclass(frozen=True, slots=True)
class Sibling:
    """A pupil of the same household whom this person may see too."""

    pupil_id: int
    relation: str
    first_name: str
    form: str


@dataclass(frozen=True)
class Identity:
    """Who the pupil is. ``legal_name`` is '' where it is what the pupil is called anyway."""

    pupil_id: int
    name: str
    first_name: str
    legal_name: str
    form: str
    year_group: int
    upn: str
    age: int | None
    left_on: date | None
    siblings: tuple[Sibling, ...]
    badges: tuple[Badge, ...]


def identity(
    person: Person,
    register: Register,
    row: int,
    facts: Sequence[Characteristic],
    today: date,
) -> Identity:
    """The pupil in a line of the register, with what this person may know of them today."""
    pupil = register.pupils.iloc[row]
    one = register.pupils.iloc[[row]]
    name = str(called(one).iloc[0])
    legal = f"{pupil['forename']} {pupil['surname']}"
    born = pupil["birth_date"]
    return Identity(
        pupil_id=int(pupil["pupil_id"]),
        name=name,
        first_name=str(first_names(one).iloc[0]),
        legal_name="" if legal == name else legal,
        form=str(pupil["form"]),
        year_group=int(pupil["year_group"]),
        upn=pupil["upn"] or "",
        age=_age(born, today) if isinstance(born, date) else None,
        left_on=_left_on(pupil["last_day"], today),
        siblings=_siblings(person, register, row, today),
        badges=badges_for(
            [(fact.kind, fact.detail) for fact in facts if fact.is_true_on(today)],
            _words_for(person, Permission.SEE_SOCIAL_CARE),
            _words_for(person, Permission.SEE_SEN_FSM_EAL)
            if visible(person, Permission.SEE_SEN_FSM_EAL, one)[0]
            else frozenset(),
            *_today(register, row, today),
        ),
    )


def _words_for(person: Person, permission: Permission) -> frozenset[str]:
    """What the table of permissions says for each of the person's roles."""
    return frozenset(grant(role, permission) for role in person.roles)


def _today(register: Register, row: int, today: date) -> tuple[bool, str | None]:
    """Whether the pupil is absent at today's latest marked session, and 'this morning' or 'this
    afternoon' where that absence has no reason yet."""
    if today.weekday() > 4:
        return False, None
    first = first_slot_from(register.school_year, today)
    for slot, half in ((first + 1, "this afternoon"), (first, "this morning")):
        mark = register.marks[row, slot] if slot < SLOTS else BLANK
        if mark != BLANK and register.expected[row, slot]:
            state = state_of(CODE_OF[chr(mark)], today)
            return state in MISSED_STATES, half if state == "no_reason" else None
    return False, None


def _siblings(person: Person, register: Register, row: int, today: date) -> tuple[Sibling, ...]:
    household = register.pupils["household"].iloc[row]
    if household is None or pd.isna(household):
        return ()
    same = (register.pupils["household"] == household).to_numpy(dtype=np.bool_)
    same = same & (np.arange(len(register)) != row)
    same &= visible(person, Permission.PUPIL_RECORD, register.pupils)
    found = register.pupils[same]
    found = found[~has_left(found, today)].sort_values(["year_group", "forename"])
    relation: Mapping[str, str] = {"F": "sister", "M": "brother"}
    return tuple(
        Sibling(int(pupil_id), relation.get(sex, "sibling"), first, form)
        for pupil_id, sex, first, form in zip(
            found["pupil_id"], found["sex"], first_names(found), found["form"], strict=True
        )
    )


def _left_on(last_day: object, today: date) -> date | None:
    return last_day if isinstance(last_day, date) and last_day < today else None


def _age(born: date, day: date) -> int:
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))
