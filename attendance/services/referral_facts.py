"""The parts of a referral pack, drawn from registers and from what the store keeps of a pupil."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from attendance.core.amendments import Amendment
from attendance.core.figures import COUNTS, code_counts, weekly_counts
from attendance.core.referral import (
    AmendmentFact,
    CodeCount,
    Parent,
    Period,
    PeriodFigures,
    PupilIdentity,
)
from attendance.core.register import Register
from attendance.core.slots import moment_of, year_name
from attendance.core.spells import week_slots
from attendance.core.strip import YearStrip, year_strip_cells
from attendance.rules.codes import NO_MARK, Category, reading_of
from attendance.rules.limits import limit_on
from attendance.store.particulars import Contact
from attendance.store.registers import MarkDetail

COUNTED_AS = {
    Category.PRESENT: "Attended",
    Category.APPROVED_ACTIVITY: "Attended: approved activity",
    Category.AUTHORISED: "Authorised absence",
    Category.UNAUTHORISED: "Unauthorised absence",
    Category.NOT_POSSIBLE: "Not counted",
    Category.ADMINISTRATIVE: "Not counted",
}
_SHOWN_FIRST = list(COUNTED_AS)


@dataclass(frozen=True)
class Line:
    """One pupil's line of a school year: a register of one row, counted to ``last_slot``."""

    register: Register
    last_slot: int

    @property
    def counted_to(self) -> int:
        """Where missing marks are looked for: no later than the last register taken."""
        return min(self.last_slot, self.register.latest)


def line_of(register: Register, pupil_id: int, last_slot: int) -> Line | None:
    """The pupil's line, or None where this register does not hold them."""
    row = register.row_of(pupil_id)
    if row is None:
        return None
    only = np.arange(len(register)) == row
    return Line(register.only(only), last_slot)


def identity(one: Register, address: str) -> PupilIdentity:
    """Who the pupil is, from a register of one."""
    pupil = one.pupils.iloc[0]
    return PupilIdentity(
        legal_forename=pupil["forename"],
        surname=pupil["surname"],
        preferred_name=pupil["preferred_name"],
        upn=pupil["upn"],
        birth_date=pupil["birth_date"],
        sex=pupil["sex"],
        year_group=int(pupil["year_group"]),
        form=pupil["form"],
        address=address,
        first_day=pupil["first_day"],
        last_day=pupil["last_day"],
        admission_number=pupil["admission_number"],
    )


def parents(contacts: Iterable[Contact]) -> tuple[Parent, ...]:
    """Those with parental responsibility or in the pupil's home; not who is only rung."""
    return tuple(
        Parent(
            name=one.name,
            relationship=one.relationship,
            has_parental_responsibility=one.parental_responsibility,
            lives_with=one.lives_with,
            phone=one.phone,
            email=one.email,
            address=one.address,
            note=one.note,
        )
        for one in contacts
        if one.parental_responsibility or one.lives_with
    )


def home_address(contacts: Iterable[Contact]) -> str:
    """The address of the first contact with whom the pupil lives, or ''."""
    return next((one.address for one in contacts if one.lives_with and one.address), "")


def periods(this: Line, last: Line | None, is_current: bool) -> tuple[PeriodFigures, ...]:
    """The school year, the one before where the pupil was here, and the penalty window."""
    year = this.register.school_year
    name = "This year to date" if is_current else f"School year {year_name(year)}"
    found = [_figures(Period.THIS_YEAR, name, [(this, 0)])]
    if last is not None:
        before = "Last year" if is_current else "The year before"
        name = f"{before}, {year_name(year - 1)}"
        found.append(_figures(Period.LAST_YEAR, name, [(last, 0)]))
    return (*found, _window(this, last))


def codes(this: Line, on: date) -> tuple[CodeCount, ...]:
    """How many sessions have each code this school year, in the order of how they count."""
    counted = code_counts(this.register, 0, this.last_slot)
    rows = [
        (reading_of(code, on), sessions) for code, sessions in counted.items() if code != NO_MARK
    ]
    rows.sort(key=lambda row: (_SHOWN_FIRST.index(row[0].category), -row[1]))
    return tuple(
        CodeCount(code.code, code.name, COUNTED_AS[code.category], sessions)
        for code, sessions in rows
    )


def amendment_facts(entries: Iterable[Amendment]) -> tuple[AmendmentFact, ...]:
    """The amendments with the six facts that the register keeps, oldest first."""
    return tuple(
        AmendmentFact(
            one.day,
            one.session,
            one.original,
            one.amended,
            one.reason,
            one.at,
            one.name,
            one.position,
        )  # fmt: skip
        for one in entries
    )


def details_frame(details: Sequence[MarkDetail]) -> pd.DataFrame:
    """slot, minutes_late, comment of one pupil's marks."""
    rows = [(one.slot, one.minutes_late, one.comment) for one in details]
    return pd.DataFrame(rows, columns=["slot", "minutes_late", "comment"])


def strip_of(this: Line, details: pd.DataFrame, entries: Sequence[Amendment]) -> YearStrip:
    """The pupil's year strip."""
    one = this.register
    columns = ["slot", "original", "amended", "name", "position", "at", "reason"]
    amended = pd.DataFrame(
        [[getattr(entry, name) for name in columns] for entry in entries], columns=columns
    )
    return year_strip_cells(
        one.marks[0], one.on_roll[0], one.is_open[0], one.school_year, one.latest + 1, details,
        amended,
    )  # fmt: skip


def _window(this: Line, last: Line | None) -> PeriodFigures:
    """The last 10 school weeks, reaching back into last year where this one is too young.

    Without a register of last year it is the weeks there are, and its name says so.
    """
    on = moment_of(this.register.school_year, this.register.latest)[0]
    weeks = int(limit_on("penalty_window_school_weeks", on).value)
    first, found = week_slots(this.register, this.last_slot, weeks)
    stretches = [(this, first)]
    if found < weeks and last is not None:
        before, more = week_slots(last.register, last.last_slot, weeks - found)
        stretches.insert(0, (last, before))
        found += more
    name = f"Last {found} school week{'' if found == 1 else 's'}"
    if found < weeks:
        name += ", all that are here"
    return _figures(Period.WINDOW, name, stretches)


def _figures(period: Period, name: str, stretches: list[tuple[Line, int]]) -> PeriodFigures:
    """The sessions of one period, summed over (line, first slot) of each school year it spans."""
    # Whole numbers straight from the counters: frames of one row cost ten times as much.
    counts: Counter[str] = Counter()
    unmarked = 0
    for line, first in stretches:
        counts.update(_counted(line.register, first, line.last_slot))
        unmarked += _counted(line.register, first, line.counted_to)["unmarked"]
    attended = counts["present"] + counts["approved_activity"]
    missed = counts["authorised_absence"] + counts["unauthorised_absence"]
    return PeriodFigures(
        period=period,
        name=name,
        first_day=_first_day(*stretches[0]),
        last_day=moment_of(stretches[-1][0].register.school_year, stretches[-1][0].counted_to)[0],
        possible=attended + missed,
        attended=attended,
        authorised=counts["authorised_absence"],
        unauthorised=counts["unauthorised_absence"],
        late_before_close=counts["late_before_close"],
        late_after_close=counts["late_after_close"],
        unmarked=unmarked,
        open_n=counts["no_reason"],
    )


def _counted(one: Register, first_slot: int, last_slot: int) -> dict[str, int]:
    """The counters of a register of one pupil between two slots."""
    totals = weekly_counts(one, first_slot, last_slot)[0].sum(axis=0)
    return dict(zip(COUNTS, map(int, totals), strict=True))


def _first_day(line: Line, first_slot: int) -> date:
    """The first day of the period on which the school expects anybody."""
    open_slots = np.flatnonzero(line.register.is_open[0, first_slot : line.last_slot + 1])
    first = first_slot + (int(open_slots[0]) if len(open_slots) else 0)
    return moment_of(line.register.school_year, first)[0]
