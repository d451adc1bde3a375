"""Absence that has its own code: holidays, appointments, suspensions, leave, study, timetables.

Each function writes codes into ``work``, the (pupil, school day, AM/PM) marks of one year.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import numpy as np

from attendance.demo.arrays import Bools, Floats, Ints, Marks, Rng, symbol
from attendance.demo.calendar import leaving_day
from attendance.demo.characteristics import Record
from attendance.demo.year import Year

HOLIDAY_SHARE = 0.145  # of households, in a year
MEDICAL_A_YEAR = 1.18
SUSPENSIONS_A_YEAR = 0.24
LEAVE_A_YEAR = 0.38
RELIGIOUS_SHARE = 0.09
EID_AL_FITR = date(2026, 3, 20)
LUNAR_YEAR_DAYS = 354.367
FEAST_OF_SACRIFICE_AFTER = 68
DatedRows = list[tuple[int, date, date]]


def write_leave(rng: Rng, year: Year, record: Record, work: Marks) -> None:
    """Everything below, the stronger reason last."""
    _medical(rng, year, work)
    _exceptional(rng, year, work)
    _religious(rng, year, work)
    _interviews(rng, year, work)
    _holidays(rng, year, work)
    _suspensions(rng, year, work)
    _study_leave(rng, year, work)
    part_time(year, work, record.dated("part_time_timetable"))


def write_not_possible(rng: Rng, year: Year, record: Record, work: Marks) -> None:
    """Sessions that are not possible: D, X, Y1."""
    _free_sessions(rng, year, work)
    _dual(year, work, record.dated("dual_registered"))
    for day in rng.integers(0, len(year.days), size=3):
        riders = np.flatnonzero(rng.random(len(year.year_group)) < 0.02)
        work[riders, day, 0] = symbol("Y1")


def _events(rng: Rng, year: Year, weight: Floats, a_pupil: float) -> tuple[Ints, Ints]:
    """(rows, days): ``a_pupil`` events a pupil on average, shared out by weight."""
    there = year.due.any(axis=1)
    share = weight * there
    count = rng.poisson(a_pupil * there.sum())
    rows = rng.choice(len(share), size=count, p=share / share.sum())
    return rows, rng.integers(0, len(year.days), size=count)


def _fill(work: Marks, rows: Ints, first: Ints, lengths: Ints, code: str) -> None:
    for row, start, length in zip(rows, first, lengths, strict=True):
        work[row, start : start + length] = symbol(code)


def _medical(rng: Rng, year: Year, work: Marks) -> None:
    rows, days = _events(rng, year, np.exp(0.4 * year.traits.illness), MEDICAL_A_YEAR)
    whole = rng.random(len(rows)) < 0.28
    half = rng.integers(0, 2, size=len(rows))
    work[rows, days, half] = symbol("M")
    work[rows[whole], days[whole]] = symbol("M")


def _exceptional(rng: Rng, year: Year, work: Marks) -> None:
    rows, days = _events(rng, year, np.exp(0.5 * year.traits.disengagement), LEAVE_A_YEAR)
    lengths = rng.choice((1, 1, 1, 2, 3), size=len(rows))
    _fill(work, rows, days, lengths, "C")


def _religious(rng: Rng, year: Year, work: Marks) -> None:
    """The day of each of the two Eids, when it falls on a school day."""
    families = np.flatnonzero(rng.random(int(year.household.max()) + 1) < RELIGIOUS_SHARE)
    rows = np.flatnonzero(np.isin(year.household, families))
    for feast in _feasts(year.days.school_year):
        work[np.ix_(rows, year.days.days == np.datetime64(feast, "D"))] = symbol("R")


def _feasts(school_year: int) -> list[date]:
    """Eid al-Fitr and Eid al-Adha of the school year, to a day or so."""
    firsts = [
        EID_AL_FITR.toordinal() + round(LUNAR_YEAR_DAYS * (school_year - 2025 + k)) for k in (0, 1)
    ]
    days = [date.fromordinal(first + later) for first in firsts
            for later in (0, FEAST_OF_SACRIFICE_AFTER)]  # fmt: skip
    return [day for day in days if date(school_year, 9, 1) <= day < date(school_year + 1, 8, 1)]


def _interviews(rng: Rng, year: Year, work: Marks) -> None:
    rows = np.flatnonzero(np.isin(year.year_group, (11, 13)) & (rng.random(work.shape[0]) < 0.3))
    days = rng.integers(60, 130, size=len(rows))
    work[rows, days, rng.integers(0, 2, size=len(rows))] = symbol("J1")


def _holidays(rng: Rng, year: Year, work: Marks) -> None:
    """Term-time holidays without leave, by household, at the edges of the half terms."""
    homes = np.flatnonzero(rng.random(int(year.household.max()) + 1) < HOLIDAY_SHARE)
    edges = [*year.days.break_edges[1:], len(year.days)]
    weights = np.array([1.2, 1.6, 1.0, 1.5, 1.3, 2.4])
    for home in homes:
        edge = int(edges[rng.choice(len(edges), p=weights / weights.sum())])
        length = int(rng.choice((2, 3, 4, 5, 5, 8)))
        start = edge - length if edge == len(year.days) or rng.random() < 0.7 else edge
        rows = np.flatnonzero(year.household == home)
        work[rows, start : start + length] = symbol("G")


def _suspensions(rng: Rng, year: Year, work: Marks) -> None:
    rows, days = _events(rng, year, np.exp(1.2 * year.traits.disengagement), SUSPENSIONS_A_YEAR)
    lengths = rng.choice((1, 1, 2, 2, 3, 5), size=len(rows))
    _fill(work, rows, days, lengths, "E")


def _study_leave(rng: Rng, year: Year, work: Marks) -> None:
    """Years 11 and 13: now and then from mid-May, half the sessions after half term."""
    rows = np.flatnonzero(np.isin(year.year_group, (11, 13)))
    spring = year.days.school_year + 1
    may = year.days.index(date(spring, 5, 14))
    june = int(year.days.break_edges[5])
    end = year.days.index(leaving_day(year.days.school_year)) + 1
    for start, stop, chance in ((may, june, 0.1), (june, end, 0.4)):
        block = rng.random((len(rows), stop - start, 2)) < chance
        part = work[rows, start:stop]
        part[block] = symbol("S")
        work[rows, start:stop] = part


def part_time(year: Year, work: Marks, timetables: DatedRows) -> None:
    """C2 on the afternoons that a part-time timetable leaves free."""
    for row, first, last in timetables:
        start, end = np.datetime64(first, "D"), np.datetime64(last, "D")
        work[row, (year.days.days >= start) & (year.days.days <= end), 1] = symbol("C2")


def _free_sessions(rng: Rng, year: Year, work: Marks) -> None:
    """X for the sixth form: one or two afternoons a week, the same all year; X after the exams."""
    rows = np.flatnonzero(year.year_group >= 12)
    first, second = rng.integers(0, 5, size=(2, len(rows)))
    free = (year.days.weekday == first[:, None]) | (
        (year.days.weekday == second[:, None]) & (rows % 2 == 0)[:, None]
    )
    afternoons = work[rows, :, 1]
    afternoons[free] = symbol("X")
    work[rows, :, 1] = afternoons
    after = year.days.index(leaving_day(year.days.school_year)) + 1
    work[np.isin(year.year_group, (11, 13)), after:] = symbol("X")


def _dual(year: Year, work: Marks, registrations: DatedRows) -> None:
    """D on Mondays and Tuesdays, when the pupil is due at the other school."""
    for row, first, _ in registrations:
        away: Bools = year.days.weekday < 2
        away = away & (np.arange(len(year.days)) >= year.days.index(first))
        work[row, away] = symbol("D")


def close_unexpectedly(work: Marks, days: Sequence[int]) -> None:
    """Y4 for everybody: the school could not open."""
    for day in days:
        work[:, day] = symbol("Y4")
