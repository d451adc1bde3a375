"""Who may: questions about the person, answered from the one table of permissions.csv.

A cell of the table is a word that says how far the role reaches: the whole school, own year, own
form, referred pupils; words such as "approve" or "run" are actions of the whole school. Anything
the table does not grant is refused, and so is a word that nobody has given a meaning here. Several
roles add up.
"""

from __future__ import annotations

from enum import StrEnum

import numpy as np
import numpy.typing as npt
import pandas as pd

from attendance.core.people import Person
from attendance.errors import NotAllowed
from attendance.rules.roles import Permission, Role, describe, grant

Mask = npt.NDArray[np.bool_]

# Counts without names: a year group's figure of last year is of those who were in it then.
_AGGREGATES = (Permission.SCHOOL_DASHBOARD, Permission.YEAR_DASHBOARD)
MIN_COHORT_SHOWN = 10


class Reach(StrEnum):
    """How far a grant goes."""

    SCHOOL = "school"
    OWN_YEAR = "own_year"
    OWN_FORM = "own_form"
    REFERRED = "referred"
    NOTHING = "nothing"


# Every word of the table. A word that is not here reaches nothing.
_REACH_OF = {
    Reach.SCHOOL: (
        "school school_24h school_call_note school_same_day school_suppressed school_today_only "
        "own_notes apply approve approve_if_flagged approve_restore decide prepare propose "
        "propose_and_send recommend redact_and_release run run_blind see_hold see_result set"
    ),
    Reach.OWN_YEAR: "own_year own_year_reason_required",
    Reach.OWN_FORM: (
        "own_class own_form own_form_SEN_only own_form_band_only own_form_call_note "
        "own_form_own_notes own_form_pdf"
    ),
    Reach.REFERRED: (
        "referred referred_note referred_pack referred_pdf_watermarked referred_shared_notes"
    ),
    # A prompt or a summary is not the fact itself; the others wait for somebody's leave.
    Reach.NOTHING: (
        "no prompt_only summary referred_if_shared headteacher_if_dsl_shares time_boxed_60min"
    ),
}
_FAR = {word: far for far, words in _REACH_OF.items() for word in words.split()}
# A deputy head of year proposes for the pupils of their own year.
_BY_ROLE = {(Role.PASTORAL_DHOY, "propose"): Reach.OWN_YEAR}


def reach(role: Role, permission: Permission) -> Reach:
    """How far one role reaches with one permission."""
    word = grant(role, permission)
    if (role, word) in _BY_ROLE:
        return _BY_ROLE[role, word]
    return _FAR.get(word, Reach.NOTHING)


def reaches(person: Person, permission: Permission) -> dict[Role, Reach]:
    """The person's roles that reach anything at all with this permission."""
    found = {role: reach(role, permission) for role in person.roles}
    return {role: far for role, far in found.items() if far != Reach.NOTHING}


def allows(person: Person, *permissions: Permission) -> bool:
    """True when the person holds any of the permissions, over whichever pupils."""
    return any(reaches(person, permission) for permission in permissions)


def check(person: Person, *permissions: Permission) -> None:
    """Raise NotAllowed, naming the roles that may, unless the person holds one of them."""
    if not allows(person, *permissions):
        raise NotAllowed(_refusal(permissions[0]))


def is_whole_school(person: Person, permission: Permission) -> bool:
    """True when the person's reach is every pupil of the school."""
    return Reach.SCHOOL in reaches(person, permission).values()


def is_suppressed(person: Person, permission: Permission) -> bool:
    """True when the person may only see aggregates with small groups hidden (governors)."""
    words = [grant(role, permission) for role in reaches(person, permission)]
    return bool(words) and all(word.endswith("suppressed") for word in words)


def visible(person: Person, permission: Permission, pupils: pd.DataFrame) -> Mask:
    """(n,) True for the pupils (register columns) that the person reaches with a permission."""
    seen = np.zeros(len(pupils), dtype=np.bool_)
    if "reach_form" in pupils and permission not in _AGGREGATES:
        pupils = pupils.assign(year_group=pupils["reach_year"], form=pupils["reach_form"])
    for role, far in reaches(person, permission).items():
        seen |= _reached(person, role, far, pupils)
    return seen


def with_reach(earlier: pd.DataFrame, newest: pd.DataFrame) -> pd.DataFrame:
    """An earlier year's pupils with the columns reach_year and reach_form: where they sit in the
    newest register, and nowhere (0, '') once they have left.

    "Own year" is of pupils one looks after now. Without this a deputy head of Year 9 would be shown
    by name, in last year's register, those who were in Year 9 then and are not hers any more.
    """
    now = newest.set_index("pupil_id")[["year_group", "form"]]
    placed = now.reindex(earlier["pupil_id"])
    return earlier.assign(
        reach_year=placed["year_group"].fillna(0).astype(int).to_numpy(),
        reach_form=placed["form"].fillna("").to_numpy(),
    )


def check_pupil(person: Person, permission: Permission, pupils: pd.DataFrame, row: int) -> None:
    """Raise NotAllowed unless the person reaches the pupil in this row."""
    check(person, permission)
    if not visible(person, permission, pupils.iloc[[row]])[0]:
        raise NotAllowed("This pupil is outside the year groups and forms of your account.")


def _reached(person: Person, role: Role, far: Reach, pupils: pd.DataFrame) -> Mask:
    scope = person.scopes.get(role, frozenset())
    if far == Reach.SCHOOL:
        return np.ones(len(pupils), dtype=np.bool_)
    if far == Reach.OWN_YEAR:
        return pupils["year_group"].astype(str).isin(scope).to_numpy(dtype=np.bool_)
    if far == Reach.OWN_FORM:
        return pupils["form"].isin(scope).to_numpy(dtype=np.bool_)
    return pupils["pupil_id"].isin(person.referred).to_numpy(dtype=np.bool_)


def _refusal(permission: Permission) -> str:
    titles = [role.title for role in Role if reach(role, permission) != Reach.NOTHING]
    if not titles:
        return f"No role may do this: {describe(permission)}."
    return f"Your role does not allow this. These do: {', '.join(titles)}."
