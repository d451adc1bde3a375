"""Groups of pupils by what is recorded of them, as far as a person may see it.

Two ways to ask. ``pupils_in`` says who is in a group on one day, for a list. ``cohort_register``
lays a group over a register, so that each pupil counts only while they belonged to it, for figures
(``attendance.core.cohorts``).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from attendance.core.cohort_facts import Facts
from attendance.core.cohorts import (
    BELOW_PUBLISHED_AGE,
    NAMES,
    Cohort,
    cohort_of,
    values_known,
    within,
)
from attendance.core.people import Person
from attendance.core.permissions import reaches
from attendance.core.register import Register
from attendance.core.views import View, below_published_age, seen_as
from attendance.errors import NotAllowed
from attendance.rules.roles import Permission, grant
from attendance.store import particulars, pupils
from attendance.store.engine import Engine, Tx, read

SUPPORT_NEEDS: Mapping[str, str] = {
    "fsm": "Free school meals",
    "pupil_premium": "Pupil premium",
    "sen_support": "SEN support",
    "ehcp": "EHC plan",
    "eal": "English as an additional language",
    "young_carer": "Young carer",
}
SOCIAL_CARE: Mapping[str, str] = {
    "looked_after": "Looked after",
    "social_worker": "Social worker",
    "yot_worker": "Youth justice worker",
}
_SEN_ONLY = ("sen_support", "ehcp")
# What everybody who sees figures of pupils may tell them apart by.
_PLAIN = ("year", "form", "sex", "new", "age")
_WITH_ALL_FLAGS = ("ethnicity", "part_time_timetable", "dual_registered")


def cohorts_for(person: Person) -> dict[str, str]:
    """The groups that the person may filter by: kind -> name in words."""
    found = dict(SUPPORT_NEEDS) if reaches(person, Permission.SEE_SEN_FSM_EAL) else {}
    words = {grant(role, Permission.SEE_SEN_FSM_EAL) for role in person.roles}
    if found and all(word.endswith("SEN_only") or word == "no" for word in words):
        found = {kind: found[kind] for kind in _SEN_ONLY}
    return found | (dict(SOCIAL_CARE) if reaches(person, Permission.SEE_SOCIAL_CARE) else {})


def pupils_in(engine: Engine, person: Person, kind: str, on: date) -> frozenset[int]:
    """The ids of the pupils of whom ``kind`` is true on a day; none if the person may not see it.

    The caller still narrows them to the pupils that the person reaches.
    """
    if kind not in cohorts_for(person):
        return frozenset()
    with read(engine) as tx:
        every = particulars.characteristics(tx, person.school_id)
    return frozenset(one.pupil_id for one in every if one.kind == kind and one.is_true_on(on))


def facts_of(engine: Engine, school_id: int) -> Facts:
    """All that the school's cohorts are made of, from one snapshot."""
    with read(engine) as tx:
        return read_facts(tx, school_id)


def read_facts(tx: Tx, school_id: int) -> Facts:
    """The same, inside a transaction that is already open."""
    return Facts(
        particulars.characteristics(tx, school_id),
        pupils.placements(tx, school_id),
        pupils.spells(tx, school_id),
    )


def cohorts_asked(
    engine: Engine, school_id: int, registers: Sequence[Register], asked: Sequence[str]
) -> tuple[tuple[Cohort, ...], Facts]:
    """'name=value' texts as cohorts of these registers, and what they are made of.

    Raises UnknownCohort. No texts: no cohorts, and nothing is read.
    """
    if not asked:
        return (), Facts()
    facts = facts_of(engine, school_id)
    values = values_known(registers, facts)
    return tuple(dict.fromkeys(cohort_of(text, values) for text in asked)), facts


def seen_in(register: Register, cohorts: Sequence[Cohort], facts: Facts, view: View) -> Register:
    """The sessions of some cohorts in a view; in DfE's, age 4 is the figure that stands apart."""
    # Before the view, so that what is true of a pupil is read off the whole school.
    inside = within(register, cohorts, facts)
    is_apart = view == View.DFE and BELOW_PUBLISHED_AGE in cohorts
    return below_published_age(inside) if is_apart else seen_as(inside, view)


def cohort_names_for(person: Person) -> dict[str, str]:
    """The cohorts that the person may ask figures for: name -> words, in the order of NAMES.

    A tutor is told about special educational needs and about no other flag; social care is for
    those who may know of it (permissions.csv, P14 and P15).
    """
    flags = cohorts_for(person)
    allowed = {*_PLAIN, *flags}
    if "sen_support" in flags:
        allowed.add("sen")
    if "fsm" in flags:
        allowed.update(_WITH_ALL_FLAGS)
    return {name: words for name, words in NAMES.items() if name in allowed}


def cohort_choices(
    person: Person, registers: Iterable[Register], facts: Facts
) -> dict[str, tuple[str, ...]]:
    """The same with the values each can have in these registers: name -> values.

    The registers are those of the pupils whom the person reaches; a group with one value only
    tells nobody apart and is left out.
    """
    known = values_known(registers, facts)
    return {name: known[name] for name in cohort_names_for(person) if len(known[name]) > 1}


def cohort_register(
    person: Person, register: Register, cohorts: Sequence[Cohort], facts: Facts
) -> Register:
    """The register with only the sessions in every cohort. Raises NotAllowed.

    The caller still narrows it to the pupils that the person reaches.
    """
    allowed = cohort_names_for(person)
    for cohort in cohorts:
        if cohort.name not in allowed:
            raise NotAllowed(
                f"{NAMES[cohort.name]} is not something that your role tells pupils apart by."
            )
    return within(register, cohorts, facts)
