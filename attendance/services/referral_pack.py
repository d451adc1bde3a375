"""One pupil's referral pack: registers and store, as far as a person may see them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

import numpy as np
import pandas as pd

from attendance.core.amendments import Amendment
from attendance.core.names import called
from attendance.core.on_track import on_track, outlook_at
from attendance.core.people import Person
from attendance.core.permissions import visible
from attendance.core.pupil_facts import weekly_rates
from attendance.core.referral import (
    Characteristic,
    ReferralPack,
    Referrer,
    ReferringSchool,
    Sibling,
)
from attendance.core.referral_lines import last_attended, longest_absence, session_facts, up_to
from attendance.core.register import Register
from attendance.core.slots import first_slot_from, moment_of
from attendance.rules.roles import Permission
from attendance.services import referral_facts as facts
from attendance.services.cohorts import SOCIAL_CARE, SUPPORT_NEEDS
from attendance.services.registers import current_school_year, today_of
from attendance.store import amendments, particulars, registers, schools
from attendance.store.engine import Tx

# They say which codes to expect (C2 and D), so whoever may see support needs sees them too.
LEARNING = {
    **SUPPORT_NEEDS,
    "part_time_timetable": "Part-time timetable",
    "dual_registered": "Dual registered",
}
OUT_OF_REACH = "Brother or sister (ask the attendance officer for the name)"


@dataclass(frozen=True)
class Registers:
    """The school year that the referral is about, and the one before it if there is any."""

    this: Register
    last: Register | None


@dataclass(frozen=True)
class Kept:
    """What the store keeps of some pupils, by pupil id."""

    school: schools.School
    contacts: Mapping[int, list[particulars.Contact]]
    true_of: Mapping[int, list[particulars.Characteristic]]
    amendments: Mapping[int, list[Amendment]]
    details: Mapping[int, pd.DataFrame]


def what_is_kept(tx: Tx, school_id: int, school_year: int, pupil_ids: Sequence[int]) -> Kept:
    """Read it, in one snapshot. Nothing is narrowed yet: ``make_pack`` does that."""
    contacts: dict[int, list[particulars.Contact]] = {one: [] for one in pupil_ids}
    for contact in particulars.contacts(tx, school_id, pupil_ids):
        contacts[contact.pupil_id].append(contact)
    true_of: dict[int, list[particulars.Characteristic]] = {one: [] for one in pupil_ids}
    for each in particulars.characteristics(tx, school_id, pupil_ids):
        true_of[each.pupil_id].append(each)
    history = {one: amendments.history(tx, school_id, one, school_year) for one in pupil_ids}
    details = {one: registers.details(tx, school_id, school_year, one) for one in pupil_ids}
    return Kept(
        schools.get_school(tx, school_id),
        contacts,
        true_of,
        history,
        {one: facts.details_frame(found) for one, found in details.items()},
    )


def make_pack(
    person: Person, years: Registers, kept: Kept, pupil_id: int, now: datetime
) -> ReferralPack:
    """The pack without its pictures. The caller has checked that the person reaches the pupil."""
    year = years.this.school_year
    to_day, to_session = moment_of(year, years.this.latest)
    is_current = year == current_school_year(now)
    on = today_of(now) if is_current else to_day
    this, last = _lines(years, pupil_id, on)
    one = this.register
    marks, counted = one.marks[0], one.expected[0] & up_to(this.last_slot)
    sees = _Seen(person, one)
    contacts = kept.contacts[pupil_id] if sees(Permission.SEE_CONTACTS) else None
    history = kept.amendments[pupil_id] if sees(Permission.SEE_MARK_HISTORY) else []
    true_of = [fact for fact in kept.true_of[pupil_id] if fact.is_true_on(on)]
    return ReferralPack(
        school=ReferringSchool(
            kept.school.name, kept.school.urn, kept.school.phase, kept.school.is_demo
        ),
        referrer=Referrer(person.name, person.position),
        made_at=now,
        pupil=facts.identity(one, facts.home_address(contacts or ())),
        parents=None if contacts is None else facts.parents(contacts),
        siblings=_siblings(person, years.this, pupil_id, on),
        support_needs=_seen(true_of, LEARNING) if sees(Permission.SEE_SEN_FSM_EAL) else None,
        social_care=_seen(true_of, SOCIAL_CARE) if sees(Permission.SEE_SOCIAL_CARE) else None,
        to_day=to_day,
        to_session=to_session,
        periods=facts.periods(this, last, is_current),
        outlook=outlook_at(on_track(one, on), 0),
        codes=facts.codes(this, to_day),
        sessions=session_facts(marks, counted, year, kept.details[pupil_id]),
        amendments=facts.amendment_facts(history),
        last_attended=last_attended(marks, counted, year),
        longest_absence=longest_absence(marks, counted, year),
    )


def with_pictures_of(
    years: Registers, kept: Kept, pack: ReferralPack, pupil_id: int
) -> ReferralPack:
    """The pack with the year strip and the weekly line, which only the workbook needs."""
    this, last = _lines(years, pupil_id, pack.to_day)
    shown = kept.amendments[pupil_id] if pack.amendments else []
    strip = facts.strip_of(this, kept.details[pupil_id], shown)
    before = None if last is None else last.register
    weeks = weekly_rates(strip, this.register, this.last_slot, before)
    return replace(pack, strip=strip, weeks=weeks)


@dataclass(frozen=True)
class _Seen:
    """Does the person reach this pupil with a permission?"""

    person: Person
    one: Register

    def __call__(self, permission: Permission) -> bool:
        return bool(visible(self.person, permission, self.one.pupils)[0])


def _lines(years: Registers, pupil_id: int, on: date) -> tuple[facts.Line, facts.Line | None]:
    next_day = date.fromordinal(on.toordinal() + 1)
    this = facts.line_of(
        years.this, pupil_id, first_slot_from(years.this.school_year, next_day) - 1
    )
    assert this is not None, "whoever calls has found the pupil in this register"
    if years.last is None:
        return this, None
    return this, facts.line_of(years.last, pupil_id, years.last.latest)


def _seen(
    true_of: Sequence[particulars.Characteristic], words: Mapping[str, str]
) -> tuple[Characteristic, ...]:
    return tuple(
        Characteristic(words[fact.kind], fact.first_day, fact.detail)
        for fact in true_of
        if fact.kind in words
    )


def _siblings(person: Person, register: Register, pupil_id: int, on: date) -> tuple[Sibling, ...]:
    """Pupils on roll in the same household. A local authority asks after every one; the name and
    the figures of those whom the person may not see are left out."""
    pupils = register.pupils
    row = register.row_of(pupil_id)
    household = None if row is None else pupils["household"].iloc[row]
    if household is None or pd.isna(household):
        return ()
    here = pupils["last_day"].map(lambda day: not isinstance(day, date) or day >= on)
    same = (pupils["household"] == household) & (pupils["pupil_id"] != pupil_id) & here
    family = register.only(same.to_numpy(dtype=np.bool_))
    seen = visible(person, Permission.PUPIL_RECORD, family.pupils)
    counts = on_track(family, on)
    names = called(family.pupils)
    return tuple(
        Sibling(
            name=names[at] if seen[at] else OUT_OF_REACH,
            birth_date=family.pupils["birth_date"][at] if seen[at] else None,
            year_group=int(family.pupils["year_group"][at]),
            form=family.pupils["form"][at],
            missed=int(counts["missed"][at]) if seen[at] else None,
            possible=int(counts["possible_so_far"][at]) if seen[at] else None,
        )
        for at in range(len(family))
    )
