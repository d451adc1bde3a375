"""Who is on roll when: cohorts, joiners, leavers, and each pupil's year groups and forms.

A pupil's *cohort* is the school year in which that age group was in Year 7, so the year group in
a school year is a subtraction. ``pupils`` is how many are on roll this year; those who left last
year, or during this one, come on top.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from string import ascii_uppercase

import numpy as np

from attendance.demo.arrays import FAR_OFF, Bools, Days, Ints, Rng
from attendance.demo.calendar import (
    YEAR_GROUPS,
    first_school_day,
    last_school_day,
    leaving_day,
    school_days_of,
)

SHARE_OF_ROLL = {7: 0.164, 8: 0.166, 9: 0.165, 10: 0.163, 11: 0.158, 12: 0.097, 13: 0.087}
FORM_SIZE = {7: 28, 8: 28, 9: 28, 10: 28, 11: 28, 12: 24, 13: 24}
JOIN_A_YEAR = 0.03
LEAVE_A_YEAR = 0.03
SIXTH_FORM_FROM_ELSEWHERE = 0.12
CHANGE_FORM_A_YEAR = 0.01

Spell = tuple[date, date | None]


@dataclass(frozen=True)
class Roll:
    """One entry a pupil: cohort, spells on roll, and the dated (year group, form) placements."""

    cohort: Ints
    spells: tuple[tuple[Spell, ...], ...]
    placements: tuple[tuple[tuple[date, int, str], ...], ...]

    def __len__(self) -> int:
        return len(self.cohort)

    def year_group(self, school_year: int) -> Ints:
        """(n,) the year group each pupil is in that year, whether or not on roll."""
        return school_year - self.cohort + 7

    def on_roll(self, days: Days) -> Bools:
        """(n, days) True from the first to the last day of each spell."""
        result = np.zeros((len(self), len(days)), dtype=np.bool_)
        for row, spells in enumerate(self.spells):
            for first, last in spells:
                start = np.searchsorted(days, np.datetime64(first, "D"))
                end = np.searchsorted(days, np.datetime64(last or FAR_OFF, "D"), side="right")
                result[row, start:end] = True
        return result

    def ever_on_roll(self, days: Days) -> Bools:
        """(n,) True for who is on roll on any of the days."""
        return np.asarray(self.on_roll(days).any(axis=1), dtype=np.bool_)

    def forms_on(self, day: date) -> list[str]:
        """The form of each pupil on a day ('' before the first placement)."""
        return [
            next((form for first, _, form in reversed(places) if first <= day), "")
            for places in self.placements
        ]


def build_roll(rng: Rng, this_year: int, today: date, pupils: int) -> Roll:
    """Draw the roll of last year and this; nothing that happens by chance is after ``today``."""
    cohorts: list[int] = []
    spells: list[list[Spell]] = []
    for year_group in YEAR_GROUPS:
        size = max(round(pupils * SHARE_OF_ROLL[year_group]), 2)
        cohort = this_year - year_group + 7
        drawn = _stayers(rng, this_year, today, year_group, size)
        drawn += _leavers(rng, this_year, today, year_group, size)
        cohorts += [cohort] * len(drawn)
        spells += [[spell] for spell in drawn]
    gone = _last_years_leavers(rng, this_year, pupils)
    cohorts += [cohort for cohort, _ in gone]
    spells += [[spell] for _, spell in gone]
    _let_one_come_back(cohorts, spells, this_year)
    cohort_array = np.array(cohorts, dtype=np.int64)
    placements = _placements(rng, cohort_array, spells, this_year, today, pupils)
    return Roll(cohort_array, tuple(tuple(s) for s in spells), placements)


def _stayers(rng: Rng, this_year: int, today: date, year_group: int, size: int) -> list[Spell]:
    """Pupils on roll this year: most came in Year 7, some in Year 12, a few at other times."""
    cohort = this_year - year_group + 7
    firsts = [first_school_day(cohort)] * size
    order = [int(k) for k in rng.permutation(size)]
    if year_group > 11:
        for k in order[: round(size * SIXTH_FORM_FROM_ELSEWHERE)]:
            firsts[k] = first_school_day(cohort + 5)
        return [(first, None) for first in firsts]
    joined_now = round(size * JOIN_A_YEAR * _progress(this_year, today))
    joined_before = round(size * JOIN_A_YEAR) if year_group > 7 else 0
    for k in order[:joined_now]:
        firsts[k] = _some_day(rng, this_year, today)
    for k in order[joined_now : joined_now + joined_before]:
        firsts[k] = _some_day(rng, this_year - 1, today)
    return [(first, None) for first in firsts]


def _leavers(rng: Rng, this_year: int, today: date, year_group: int, size: int) -> list[Spell]:
    """Pupils who left during this year or, from Years 7 to 11, during the last."""
    cohort = this_year - year_group + 7
    count = round(size * LEAVE_A_YEAR * _progress(this_year, today))
    spells: list[Spell] = [
        (first_school_day(cohort), _some_day(rng, this_year, today)) for _ in range(count)
    ]
    if 8 <= year_group <= 11:
        for _ in range(round(size * LEAVE_A_YEAR)):
            spells.append((first_school_day(cohort), _some_day(rng, this_year - 1, today)))
        for _ in range(round(size * 0.01)):
            spells.append((first_school_day(cohort), last_school_day(this_year - 1)))
    return spells


def _last_years_leavers(rng: Rng, this_year: int, pupils: int) -> list[tuple[int, Spell]]:
    """Last year's Year 11 who did not stay for Year 12, Year 12 who stopped, and Year 13."""
    last_year = this_year - 1
    size = {year_group: round(pupils * share) for year_group, share in SHARE_OF_ROLL.items()}
    stayed = round(size[12] * (1 - SIXTH_FORM_FROM_ELSEWHERE))
    gone = {11: size[11] - stayed, 12: round(size[13] * 0.08), 13: size[13]}
    result: list[tuple[int, Spell]] = []
    for year_group, count in gone.items():
        cohort = last_year - year_group + 7
        last = last_school_day(last_year) if year_group == 12 else leaving_day(last_year)
        result += [(cohort, (first_school_day(cohort), last))] * max(count, 0)
    for _ in range(round(size[11] * LEAVE_A_YEAR)):
        cohort = last_year - 4
        day = min(_some_day(rng, last_year, leaving_day(last_year)), leaving_day(last_year))
        result.append((cohort, (first_school_day(cohort), day)))
    return result


def _let_one_come_back(cohorts: list[int], spells: list[list[Spell]], this_year: int) -> None:
    """One Year 9 pupil left last October and came back in April."""
    row = next(k for k, cohort in enumerate(cohorts) if cohort == this_year - 2)
    first = first_school_day(this_year - 2)
    days = school_days_of(this_year - 1)
    left, back = days.days[32].item(), days.days[130].item()
    spells[row] = [(first, left), (back, None)]


def _placements(
    rng: Rng, cohort: Ints, spells: list[list[Spell]], this_year: int, today: date, pupils: int
) -> tuple[tuple[tuple[date, int, str], ...], ...]:
    """One placement each September, at each return, and at a change of form."""
    lower = _letters(rng, cohort, pupils, sixth_form=False)
    upper = _letters(rng, cohort, pupils, sixth_form=True)
    moves = rng.random(len(cohort)) < CHANGE_FORM_A_YEAR * 2
    result = []
    for row, own in enumerate(spells):
        places: dict[date, tuple[int, str]] = {}
        for first, last in own:
            for year in range(int(cohort[row]), this_year + 1):
                day = max(first_school_day(year), first)
                if day > min(last or FAR_OFF, last_school_day(year)):
                    continue
                year_group = year - int(cohort[row]) + 7
                places[day] = (year_group, f"{year_group}{(lower, upper)[year_group > 11][row]}")
        if moves[row]:
            _change_form(rng, places, own, this_year, today)
        result.append(tuple((day, *places[day]) for day in sorted(places)))
    return tuple(result)


def _change_form(
    rng: Rng, places: dict[date, tuple[int, str]], own: list[Spell], this_year: int, today: date
) -> None:
    """Move the pupil to form A or B on a day of last year or this, if then on roll."""
    day = _some_day(rng, this_year - int(rng.integers(2)), today)
    if not any(first < day <= (last or FAR_OFF) for first, last in own):
        return
    before = [place for place in sorted(places) if place <= day]
    later = [place for place in places if place > day]
    if later or not before:
        return
    year_group, form = places[before[-1]]
    places[day] = (year_group, f"{year_group}{'B' if form.endswith('A') else 'A'}")


def _letters(rng: Rng, cohort: Ints, pupils: int, *, sixth_form: bool) -> list[str]:
    """A form letter for each pupil, dealt out evenly within the cohort."""
    letters = [""] * len(cohort)
    year_group = 12 if sixth_form else 7
    size = pupils * SHARE_OF_ROLL[year_group]
    forms = max(round(size / FORM_SIZE[year_group]), 1)
    for value in np.unique(cohort):
        rows = rng.permutation(np.flatnonzero(cohort == value))
        for position, row in enumerate(rows):
            letters[row] = ascii_uppercase[position % min(forms, 26)]
    return letters


def _progress(school_year: int, today: date) -> float:
    days = school_days_of(school_year)
    return min(days.index(today) / len(days), 1.0)


def _some_day(rng: Rng, school_year: int, until: date) -> date:
    """A school day of the year after its first week, not after ``until``."""
    days = school_days_of(school_year)
    end = min(days.index(until), len(days) - 1)
    day: date = days.days[int(rng.integers(min(5, end), end + 1))].item()
    return day
