"""Groups of pupils by what is true of them, counted only while it was true.

A cohort is one name and one value: ``fsm=yes``, ``form=9K``, ``sen=support``. A pupil's session is
in it when the fact held on the day of the session: somebody who moved from 9K to 9L in October
counts in 9K for September, and free school meals count from the day they began. So a cohort is a
(pupils, 540) mask laid over the register's own (``within``); two cohorts are both masks, and
everything that counts a register counts a cohort by the same engine.

``year`` and ``form`` here are the pupil's placement on the day. The rows of figures *by* year
group or form are the latest placement's, as a class list is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import partial

import numpy as np

from attendance.core.cohort_facts import Facts, places_in_year, rows_of, true_while
from attendance.core.register import Mask, Register
from attendance.core.slots import SLOTS, first_slot_from
from attendance.core.views import ages_on, published_ages
from attendance.errors import Refused

YES, NO = "yes", "no"
YES_OR_NO = (YES, NO)
SEXES = ("F", "M")
SEN_VALUES = ("support", "ehcp", "any", "none")
AGES = ("4", "5-15", "16+")  # below, at and above the ages of published absence

# What is recorded of pupils as true from a day to a day, by its name in a cohort.
CHARACTERISTICS = (
    "ehcp", "fsm", "pupil_premium", "eal", "looked_after", "social_worker", "young_carer",
    "yot_worker", "part_time_timetable", "dual_registered",
)  # fmt: skip
NAMES: Mapping[str, str] = {
    "year": "Year group",
    "form": "Form",
    "sex": "Sex",
    "sen": "Special educational needs",
    "ehcp": "EHC plan",
    "fsm": "Free school meals",
    "pupil_premium": "Pupil premium",
    "eal": "English as an additional language",
    "ethnicity": "Ethnicity",
    "looked_after": "Looked after",
    "social_worker": "Social worker",
    "young_carer": "Young carer",
    "yot_worker": "Youth justice worker",
    "new": "Joined this school year",
    "part_time_timetable": "Part-time timetable",
    "dual_registered": "Dual registered",
    "age": "Age on 31 August",
}


class UnknownCohort(Refused):
    """There is no group of that name or value; the sentence names those there are."""


@dataclass(frozen=True, slots=True)
class Cohort:
    """One group: a key of NAMES and one of its ``values``."""

    name: str
    value: str

    @property
    def words(self) -> str:
        """'Form 9K', 'Free school meals: yes'."""
        if self.name in ("year", "form"):
            return f"{self.name.capitalize()} {self.value}"
        return f"{NAMES[self.name]}: {_SAID.get((self.name, self.value), self.value)}"


_SAID = {("sex", "F"): "girls", ("sex", "M"): "boys", ("sen", "ehcp"): "EHC plan"}


BELOW_PUBLISHED_AGE = Cohort("age", AGES[0])


def cohort_of(text: str, values: Mapping[str, Sequence[str]]) -> Cohort:
    """'FSM=Yes' -> Cohort('fsm', 'yes'), out of ``values_known``. Raises UnknownCohort."""
    name, _, value = (part.strip() for part in text.partition("="))
    name = name.casefold().replace("-", "_").replace(" ", "_")
    if name not in values:
        raise UnknownCohort(f"There is no group called {name!r}. Choose {_listed(values)}.")
    for known in values[name]:
        if known.casefold() == value.casefold():
            return Cohort(name, known)
    can_be = _listed(values[name]) if values[name] else "nothing yet: none is recorded"
    raise UnknownCohort(f"{name} is not {value!r}. It can be {can_be}.")


def values_known(registers: Iterable[Register], facts: Facts) -> dict[str, tuple[str, ...]]:
    """What each cohort can be in these registers, in order: name -> values."""
    places: set[tuple[int, str]] = set()
    for register in registers:
        pupils = register.pupils
        places.update(zip(pupils["year_group"], pupils["form"], strict=True))
        ids = set(pupils["pupil_id"].tolist())
        for pupil_id, runs in places_in_year(register, facts).items():
            places.update((year, form) for _, year, form in runs if pupil_id in ids)
    in_order = sorted((int(year), str(form)) for year, form in places)
    codes = {f.detail for f in facts.characteristics if f.kind == "ethnicity" and f.detail}
    fixed = {"sex": SEXES, "sen": SEN_VALUES, "age": AGES, "ethnicity": tuple(sorted(codes))}
    found = {name: fixed.get(name, YES_OR_NO) for name in NAMES}
    found["year"] = tuple(dict.fromkeys(str(year) for year, _ in in_order))
    found["form"] = tuple(dict.fromkeys(form for _, form in in_order if form))
    return found


def within(register: Register, cohorts: Iterable[Cohort], facts: Facts) -> Register:
    """The register with only the pupils, and of them only the sessions, that are in every cohort.

    What the whole school showed (which sessions were read, the latest one) stays known.
    """
    inside = register.on_roll.copy()
    for cohort in cohorts:
        inside &= membership(register, cohort, facts)
    kept: Mask = np.logical_or.reduce(inside, axis=1)
    return replace(register.only(kept), on_roll=inside[kept])


def membership(register: Register, cohort: Cohort, facts: Facts) -> Mask:
    """(n, 540) True at the sessions on whose day the pupil belonged to the cohort."""
    found = _MASKS[cohort.name](register, cohort.value, facts)
    mask: Mask = np.broadcast_to(found if found.ndim == 2 else found[:, None], register.marks.shape)
    return mask


def _listed(words: Iterable[str]) -> str:
    *most, last = words
    return f"{', '.join(most)} or {last}" if most else last


def _characteristic(kind: str, register: Register, value: str, facts: Facts) -> Mask:
    mask = true_while(register, facts, kind)
    return mask if value == YES else ~mask


def _sen(register: Register, value: str, facts: Facts) -> Mask:
    plan = true_while(register, facts, "ehcp")
    support = true_while(register, facts, "sen_support") & ~plan
    either = support | plan
    return {"support": support, "ehcp": plan, "any": either, "none": ~either}[value]


def _ethnicity(register: Register, value: str, facts: Facts) -> Mask:
    return true_while(register, facts, "ethnicity", value)


def _sex(register: Register, value: str, _: Facts) -> Mask:
    mask: Mask = (register.pupils["sex"] == value).to_numpy(dtype=np.bool_)
    return mask


def _age(register: Register, value: str, _: Facts) -> Mask:
    first, last = published_ages(register.school_year)
    ages = ages_on(register, date(register.school_year, 8, 31))
    masks: dict[str, Mask] = {
        AGES[0]: ages == first - 1,
        AGES[1]: (ages >= first) & (ages <= last),
        AGES[2]: ages > last,
    }
    return masks[value]


def _placed(column: int, register: Register, value: str, facts: Facts) -> Mask:
    latest = register.pupils["year_group" if column == 1 else "form"].astype(str) == value
    mask = np.repeat(latest.to_numpy(dtype=np.bool_)[:, None], SLOTS, axis=1)
    row_of = rows_of(register)
    for pupil_id, runs in places_in_year(register, facts).items():
        if (row := row_of.get(pupil_id)) is not None:
            for run in runs:
                mask[row, run[0] :] = str(run[column]) == value
    return mask


def _new(register: Register, value: str, facts: Facts) -> Mask:
    """Joined since 1 August, other than as one of the intake: the lowest year group on day one.

    A spell read off the very first register that the school gave says nothing of when the pupil
    joined, and nobody is new by it.
    """
    mask = np.zeros(len(register), dtype=np.bool_)
    begins = date(register.school_year, 8, 1)
    unknown = min((s.first_day for s in facts.spells if s.inferred), default=None)
    open_slots = np.flatnonzero(register.is_open.any(axis=0))
    opens = int(open_slots[0]) if len(open_slots) else 0
    years = register.pupils["year_group"].to_numpy()
    row_of = rows_of(register)
    for spell in facts.spells:
        row = row_of.get(spell.pupil_id)
        slot = first_slot_from(register.school_year, spell.first_day)
        if row is None or spell.first_day < begins or slot >= SLOTS:
            continue
        is_intake = years[row] == years.min() and slot <= opens
        mask[row] = not is_intake and not (spell.inferred and spell.first_day == unknown)
    return mask if value == YES else ~mask


_MASKS: Mapping[str, Callable[[Register, str, Facts], Mask]] = {
    "year": partial(_placed, 1),
    "form": partial(_placed, 2),
    "sex": _sex,
    "sen": _sen,
    "ethnicity": _ethnicity,
    "new": _new,
    "age": _age,
    **{kind: partial(_characteristic, kind) for kind in CHARACTERISTICS},
}
