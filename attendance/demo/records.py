"""What the demo's staff recorded beside the marks, so that every clock has something to run on.

Read off the marks already drawn, with a generator of its own: the marks stay as they were without.
``row`` stands in the place of pupil_id, as everywhere in the demo.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import numpy as np
import pandas as pd

from attendance.core.records import (
    ExpectedAbsence,
    Leave,
    NoticeState,
    PartTimePlan,
    PenaltyNotice,
    Records,
)
from attendance.core.slots import days_of, first_slot_from, school_year_of
from attendance.demo.arrays import BLANK, FAR_OFF, Ints, Marks, Rng, symbol

DatedRows = list[tuple[int, date, date]]
REVIEW_AFTER = timedelta(days=42)
MOST_LEAVES, MOST_ILL = 60, 4
NOTICE_FROM = 10  # sessions of holiday without leave in one go
NOTICES = 12
FRAMEWORK = date(2024, 8, 19)
STATES = (NoticeState.PAID, NoticeState.PAID, NoticeState.UNPAID, NoticeState.ISSUED)
# DfE's codes, with shares near those of secondary schools.
ETHNICITIES = {
    "WBRI": 0.60, "WOTH": 0.07, "APKN": 0.05, "AIND": 0.05, "BAFR": 0.05, "MWBC": 0.03,
    "AOTH": 0.03, "ABAN": 0.02, "BCRB": 0.02, "MOTH": 0.03, "OOTH": 0.02, "CHNE": 0.01,
    "NOBT": 0.02,
}  # fmt: skip


def build_records(
    rng: Rng, today: date, lines: dict[int, Marks], timetables: DatedRows, parents: pd.DataFrame
) -> Records:
    """Leave, expected absences, plans and notices as they stand on ``today``.

    lines: the marks of each school year; timetables: (row, first day, last day) of part-time
    timetables; parents: the contacts' rows.
    """
    year = school_year_of(today)
    now = lines[year]
    return Records(
        tuple(_leaves(rng, year, now, today)),
        tuple(_expected(year, now, today)),
        tuple(_plans(timetables, today)),
        tuple(_notices(rng, lines, parents, today)),
    )


def ethnicities(rng: Rng, first_days: list[date]) -> pd.DataFrame:
    """A characteristic a pupil: row, kind, first_day, last_day, detail (DfE's code)."""
    shares = np.array(list(ETHNICITIES.values()))
    drawn = rng.choice(list(ETHNICITIES), size=len(first_days), p=shares / shares.sum())
    return pd.DataFrame(
        {
            "row": range(len(first_days)),
            "kind": "ethnicity",
            "first_day": first_days,
            "last_day": None,
            "detail": drawn,
        }
    )


def _leaves(rng: Rng, year: int, marks: Marks, today: date) -> Iterator[Leave]:
    """The exceptional leave (C) of this year's register, as it was granted."""
    found = list(_runs(year, marks, today, "C"))
    for place in rng.permutation(len(found))[:MOST_LEAVES]:
        row, first, last, _ = found[int(place)]
        yield Leave(row, first, last, "C", "Agreed by the headteacher")


def _expected(year: int, marks: Marks, today: date) -> Iterator[ExpectedAbsence]:
    """The longest illnesses that are not over: the family said for how much longer."""
    reached = first_slot_from(year, today) - 1
    ill = [run for run in _runs(year, marks, today, "I") if _is_near(year, run[2], reached)]
    for row, first, last, _ in sorted(ill, key=lambda run: -run[3])[:MOST_ILL]:
        until = today + timedelta(days=10)
        yield ExpectedAbsence(row, first, until, "I", last, "Parent rang: consultant's letter")


def _is_near(year: int, last: date, reached: int) -> bool:
    return reached - first_slot_from(year, last) <= 3


def _plans(timetables: DatedRows, today: date) -> Iterator[PartTimePlan]:
    """Every part-time timetable with its first review, which some have passed."""
    for row, first, last in timetables:
        if first <= today:
            ends = None if last == FAR_OFF else last
            yield PartTimePlan(row, first, first + REVIEW_AFTER, ends, "Mornings only")


def _notices(
    rng: Rng, lines: dict[int, Marks], parents: pd.DataFrame, today: date
) -> Iterator[PenaltyNotice]:
    """Notices for long holidays without leave, to the first contact with responsibility."""
    may = parents[parents["parental_responsibility"].astype(bool)]
    names = may.sort_values("priority").drop_duplicates("row").set_index("row")["name"].to_dict()
    found = [
        (row, last)
        for year, marks in lines.items()
        for row, _, last, length in _runs(year, marks, today, "G")
        if length >= NOTICE_FROM and row in names and last >= FRAMEWORK
    ]
    for place in sorted(rng.permutation(len(found))[:NOTICES]):
        row, last = found[int(place)]
        issued = last + timedelta(days=21)
        state = STATES[int(rng.integers(len(STATES)))]
        if issued <= today:
            yield PenaltyNotice(row, str(names[row]), issued, state, "Issued by the authority")


def _runs(year: int, marks: Marks, today: date, code: str) -> Iterator[tuple[int, date, date, int]]:
    """(row, first day, last day, sessions) of each run of one code, blanks between not counted."""
    day_of = days_of(year)
    end = first_slot_from(year, today + timedelta(days=1))
    rows: Ints = np.flatnonzero((marks[:, :end] == symbol(code)).any(axis=1))
    for row in rows.tolist():
        slots = np.flatnonzero(marks[row, :end] != BLANK)
        is_it = marks[row, slots] == symbol(code)
        edges = np.flatnonzero(np.diff(np.concatenate(([0], is_it.astype(np.int8), [0]))))
        for start, stop in zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True):
            first, last = slots[start], slots[stop - 1]
            yield row, day_of[first].item(), day_of[last].item(), stop - start
