"""What the school records about pupils, by date: FSM, SEN, EHCP, EAL, social care and the rest.

Shares of the roll near the national secondary ones: FSM 26 %, SEN support 13 %, EHCP 4 %, EAL
18 %, a social worker 3 %, young carers 2 %, looked after 0.5 %. FSM, EAL and a social worker go
by household.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta

import numpy as np
import pandas as pd

from attendance.demo.arrays import FAR_OFF, Bools, Ints, Rng
from attendance.demo.calendar import first_school_day, school_days_of
from attendance.demo.roll import Roll

SEN_NEEDS = (
    "Speech, language and communication",
    "Social, emotional and mental health",
    "Moderate learning difficulty",
    "Specific learning difficulty",
    "Autism",
)
MORNINGS = "Mornings only; reviewed every six weeks"
OTHER_SCHOOL = "Fictional Bridge School, Monday and Tuesday"
COLUMNS = ["row", "kind", "first_day", "last_day", "detail"]
Row = tuple[int, str, date, date | None, str]


@dataclass
class Record:
    """The rows so far, and who has which characteristic as a mask over the pupils."""

    starts: list[date]
    rows: list[Row] = field(default_factory=list)
    has: dict[str, Bools] = field(default_factory=dict)

    def add(self, kind: str, row: int, detail: str = "", *, until: date | None = None) -> None:
        self.add_dated(kind, row, self.starts[row], until, detail)

    def add_dated(
        self, kind: str, row: int, first: date, last: date | None, detail: str = ""
    ) -> None:
        self.rows.append((row, kind, first, last, detail))
        self.has.setdefault(kind, np.zeros(len(self.starts), dtype=np.bool_))[row] = True

    def mask(self, kind: str) -> Bools:
        return self.has.get(kind, np.zeros(len(self.starts), dtype=np.bool_))

    def dated(self, kind: str) -> list[tuple[int, date, date]]:
        """(row, first day, last day) of every row of a kind."""
        return [(row, first, last or FAR_OFF) for row, k, first, last, _ in self.rows if k == kind]

    def frame(self) -> pd.DataFrame:
        return pd.DataFrame(self.rows, columns=COLUMNS)


def build_characteristics(
    rng: Rng, roll: Roll, household: Ints, this_year: int, today: date
) -> Record:
    """Draw every pupil's characteristics; those with few pupils get at least one."""
    record = Record([spells[0][0] for spells in roll.spells])
    _by_household(rng, record, household, first_school_day(this_year - 1))
    _special_needs(rng, record)
    _a_few(rng, record, "young_carer", 0.02, "")
    _a_few(rng, record, "looked_after", 0.005, "Virtual school: Fictional County")
    _a_few(rng, record, "yot_worker", 0.0012, "")
    _timetables(rng, record, roll, this_year, today)
    return record


def _by_household(rng: Rng, record: Record, household: Ints, long_ago: date) -> None:
    """FSM, pupil premium, EAL and a social worker; ``long_ago`` is before which FSM may be new."""
    homes = int(household.max()) + 1
    draws = rng.random((4, homes))
    for row, home in enumerate(household):
        if draws[0, home] < 0.26:
            became_eligible_later = draws[1, home] < 0.12 and record.starts[row] < long_ago
            first = record.starts[row] + timedelta(days=70 if became_eligible_later else 0)
            record.add_dated("fsm", row, first, None)
        if draws[0, home] < 0.30:
            record.add("pupil_premium", row)
        if draws[2, home] < 0.18:
            record.add("eal", row)
        if draws[3, home] < (0.07 if draws[0, home] < 0.26 else 0.016):
            record.add("social_worker", row, "Child in need plan")


def _special_needs(rng: Rng, record: Record) -> None:
    draws = rng.random(len(record.starts))
    needs = rng.integers(len(SEN_NEEDS), size=len(draws))
    for row, draw in enumerate(draws):
        if draw < 0.04:
            record.add("ehcp", row, SEN_NEEDS[needs[row]])
        elif draw < 0.17:
            record.add("sen_support", row, SEN_NEEDS[needs[row]])


def _a_few(rng: Rng, record: Record, kind: str, share: float, detail: str) -> None:
    size = len(record.starts)
    count = max(round(size * share), 1)
    for row in rng.choice(size, count, replace=False):
        record.add(kind, int(row), detail)


def _timetables(rng: Rng, record: Record, roll: Roll, this_year: int, today: date) -> None:
    """Part-time timetables (five last year, four now) and four dual registrations."""
    days = school_days_of(this_year - 1).days
    now = school_days_of(this_year)
    both_years = _in_years_8_to_11(roll, this_year)
    rows = [int(row) for row in rng.permutation(np.flatnonzero(both_years))]
    lengths = (80, 90, 95, 100, 110)
    for length, row in zip(lengths, rows[:5], strict=False):
        start = int(rng.integers(15, 75))
        first, last = days[start].item(), days[start + length].item()
        record.add_dated("part_time_timetable", row, first, last, MORNINGS)
    if now.index(today) > 15:
        for row in rows[5:9]:
            start = int(rng.integers(8, 15))
            last = now.days[min(now.index(today) + 25, len(now) - 1)].item()
            first = now.days[start].item()
            if now.index(today) > 70:
                first = now.days[now.index(today) - 50].item()
            record.add_dated("part_time_timetable", row, first, last, MORNINGS)
    for row in rows[9:13]:
        first = first_school_day(this_year - 1) + timedelta(days=14)
        record.add_dated("dual_registered", row, first, None, OTHER_SCHOOL)


def _in_years_8_to_11(roll: Roll, this_year: int) -> Bools:
    stays = np.array([spells[-1][1] is None for spells in roll.spells])
    long_here = np.array(
        [spells[0][0] <= first_school_day(this_year - 1) for spells in roll.spells]
    )
    year_group = roll.year_group(this_year)
    result: Bools = stays & long_here & (year_group >= 8) & (year_group <= 11)
    return result
