"""The groups whose absence is compared: each split parts the pupils, or picks some of them."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from datetime import date

import numpy as np
import numpy.typing as npt

from attendance.core.people import Person
from attendance.core.permissions import allows, reaches
from attendance.core.register import Register
from attendance.rules.roles import Permission, grant

Mask = npt.NDArray[np.bool_]
Holders = Mapping[str, Collection[int]]

# A tutor is told about special educational needs and about no other flag (permissions.csv, P14).
SEN_ONLY = "own_form_SEN_only"


def group_masks(
    person: Person, register: Register, holders: Holders, is_hidden: bool
) -> Iterator[dict[str, Mask]]:
    """Each split this person may see, as name of group -> (n,) mask. ``is_hidden``: a governor's
    two splits only."""
    has = {kind: _has(register, holders.get(kind, ())) for kind in _KINDS}
    sees_all = _sees_all_flags(person)
    if sees_all or is_hidden:
        yield {
            "Eligible for free school meals": has["fsm"],
            "Not eligible for free school meals": ~has["fsm"],
        }
    yield {
        "EHC plan": has["ehcp"],
        "SEN support": has["sen_support"] & ~has["ehcp"],
        "No special educational needs": ~has["ehcp"] & ~has["sen_support"],
    }
    if is_hidden:
        return
    if sees_all:
        yield {"Pupil premium": has["pupil_premium"], "No pupil premium": ~has["pupil_premium"]}
        yield {
            "English as an additional language": has["eal"],
            "English as first language": ~has["eal"],
        }
    if allows(person, Permission.SEE_SOCIAL_CARE):
        yield {"Looked after": has["looked_after"]}
    sex = register.pupils["sex"].to_numpy()
    yield {"Girls": sex == "F", "Boys": sex == "M"}
    new = _is_new(register)
    if new.any():
        lowest = register.pupils["year_group"].min()
        yield {f"Joined this school year (not Year {lowest})": new, "Here before this year": ~new}


_KINDS = ("fsm", "ehcp", "sen_support", "pupil_premium", "eal", "looked_after")


def _has(register: Register, ids: Collection[int]) -> Mask:
    mask: Mask = register.pupils["pupil_id"].isin(list(ids)).to_numpy(dtype=np.bool_)
    return mask


def _sees_all_flags(person: Person) -> bool:
    roles = reaches(person, Permission.SEE_SEN_FSM_EAL)
    return any(grant(role, Permission.SEE_SEN_FSM_EAL) != SEN_ONLY for role in roles)


def _is_new(register: Register) -> Mask:
    """Joined since 1 August; the lowest year group is new by nature and is left out."""
    start = date(register.school_year, 8, 1)
    years = register.pupils["year_group"].to_numpy()
    joined = np.array([day is not None and day >= start for day in register.pupils["first_day"]])
    mask: Mask = joined.astype(np.bool_) & (years > (years.min() if len(years) else 0))
    return mask
