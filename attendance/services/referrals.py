"""Referrals to the local authority: the facts for the page, and the workbook, logged."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

import numpy as np
import numpy.typing as npt
import pandas as pd

from attendance.core.names import by_surname, called
from attendance.core.people import Person
from attendance.core.permissions import check, visible
from attendance.core.referral import ReferralPack
from attendance.core.register import Register
from attendance.core.slots import year_name
from attendance.documents.referral import referral_workbook
from attendance.errors import NotAllowed, Refused
from attendance.rules.roles import Permission
from attendance.services.referral_pack import (
    Registers,
    make_pack,
    what_is_kept,
    with_pictures_of,
)
from attendance.services.registers import current_school_year, load_register, today_of
from attendance.store import events
from attendance.store.engine import Engine, read, write

NEEDED = (Permission.REFER_TO_EWO, Permission.EXPORT_PUPILS)


def may_refer(person: Person, register: Register) -> npt.NDArray[np.bool_]:
    """(n,) the pupils whom this person may refer and export."""
    mask = np.ones(len(register), dtype=np.bool_)
    for permission in NEEDED:
        mask &= visible(person, permission, register.pupils)
    return mask


def pupils_to_choose(person: Person, register: Register) -> dict[int, str]:
    """pupil id -> 'Kez Oduya, 9K' for everybody this person may refer, in class-list order."""
    own = by_surname(register.pupils[may_refer(person, register)])
    names = called(own) + ", " + own["form"]
    # Two of one name in one form are told apart by their numbers.
    number = own["admission_number"].fillna(own["pupil_id"]).astype(str)
    names = names.where(~names.duplicated(keep=False), names + " (" + number + ")")
    return dict(zip(own["pupil_id"].astype(int), names, strict=True))


def referred_to(person: Person, register: Register) -> pd.DataFrame:
    """pupil_id, name and form of the pupils that a referral in force lets this person see."""
    own = register.pupils[register.pupils["pupil_id"].isin(person.referred)]
    own = by_surname(own[visible(person, Permission.PUPIL_RECORD, own)])
    return pd.DataFrame({"pupil_id": own["pupil_id"], "name": called(own), "form": own["form"]})


def load_registers(engine: Engine, school_id: int, school_year: int) -> Registers:
    """Both registers that a referral draws on, straight from the store."""
    last = load_register(engine, school_id, school_year - 1)
    this = load_register(engine, school_id, school_year)
    return Registers(this, last if last.latest >= 0 else None)


def referral_packs(
    engine: Engine,
    person: Person,
    years: Registers,
    pupil_ids: Sequence[int],
    now: datetime,
    *,
    with_pictures: bool = False,
) -> list[ReferralPack]:
    """The facts of each pupil's referral, in the order given.

    Raises NotAllowed when any of them is beyond the person's reach, and Refused when the school
    year has no register. What the person may not see is None in the pack.
    """
    check_reach(person, years.this, pupil_ids)
    if years.this.latest < 0:
        name = year_name(years.this.school_year)
        raise Refused(f"There is no register of {name} yet: import it first.")
    with read(engine) as tx:
        kept = what_is_kept(tx, person.school_id, years.this.school_year, pupil_ids)
    made = [make_pack(person, years, kept, pupil_id, now) for pupil_id in pupil_ids]
    return [
        with_pictures_of(years, kept, pack, pupil_id) if with_pictures else pack
        for pack, pupil_id in zip(made, pupil_ids, strict=True)
    ]


def referral_file(
    engine: Engine,
    person: Person,
    pupil_ids: Sequence[int],
    now: datetime,
    school_year: int | None = None,
) -> tuple[str, bytes]:
    """The workbook of one pupil or several: (file name, bytes).

    The export is logged (who, which pupils, how many rows; nothing of their content) before the
    file is handed out. Raises NotAllowed or Refused with nothing logged and nothing built.
    """
    year = current_school_year(now) if school_year is None else school_year
    years = load_registers(engine, person.school_id, year)
    packs = referral_packs(engine, person, years, pupil_ids, now, with_pictures=True)
    name = file_name(packs, today_of(now))
    built = referral_workbook(packs)
    detail = {
        "file": name,
        "school_year": year,
        "rows": sum(len(pack.sessions) + len(pack.amendments) for pack in packs),
    }
    with write(engine) as tx:
        who = (person.username, person.name)
        events.append(tx, person.school_id, "export_referral", now, *who, pupil_ids, detail)
    return name, built


def file_name(packs: Sequence[ReferralPack], today: date) -> str:
    """'Referral A999200119007 2026-11-24.xlsx', or '… 3 pupils …': never a pupil's name."""
    whose = f"{len(packs)} pupils"
    if len(packs) == 1:
        whose = packs[0].pupil.upn or "1 pupil"
    return f"Referral {whose} {today.isoformat()}.xlsx"


def check_reach(person: Person, register: Register, pupil_ids: Sequence[int]) -> None:
    """Raise NotAllowed unless every one of the pupils may be referred by this person."""
    for permission in NEEDED:
        check(person, permission)
    if not pupil_ids:
        raise Refused("No pupil was chosen: choose at least one pupil to refer.")
    reachable = set(register.pupils["pupil_id"][may_refer(person, register)])
    beyond = [one for one in pupil_ids if one not in reachable]
    if beyond:
        how_many = "One pupil is" if len(beyond) == 1 else f"{len(beyond)} pupils are"
        raise NotAllowed(
            f"{how_many} not in the year groups of your account, or not in the register of "
            f"{year_name(register.school_year)}. Nothing was exported."
        )
