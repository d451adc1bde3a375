"""Groups of pupils by what is recorded of them, as far as a person may see it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from attendance.core.people import Person
from attendance.core.permissions import reaches
from attendance.rules.roles import Permission, grant
from attendance.store import particulars
from attendance.store.engine import Engine, read

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
