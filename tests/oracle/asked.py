"""A school asked about on a day: its days and weeks, and each pupil's sessions until then."""

from __future__ import annotations

from bisect import bisect_right
from datetime import date, timedelta
from typing import NamedTuple

from tests.oracle.draw import Thresholds
from tests.oracle.law import BLANK, category, compulsory_age, school_year_of
from tests.oracle.school import Pupil, School

LAWLESS = frozenset({"G", "N", "O", "U"})
ABSENT = frozenset({"authorised_absence", "unauthorised_absence"})
ATTENDED = frozenset({"present", "approved_activity"})


class Entry(NamedTuple):
    """One of a pupil's own sessions; ``what`` is '' where it has no mark."""

    place: int
    day: date
    half: str
    code: str
    what: str

    @property
    def is_absent(self) -> bool:
        return self.what in ABSENT

    @property
    def session(self) -> tuple[date, str, str]:
        return self.day, self.half, self.code


class Found(NamedTuple):
    """What a trigger has to report of one pupil."""

    pupil_id: int
    trigger: str
    since: date
    due: date | None
    met_on: date | None
    window_from: date | None
    window_to: date | None
    sessions: tuple[tuple[date, str, str], ...]


class Asked:
    """``school`` on the day ``on``; the roll is the last year's register."""

    def __init__(self, school: School, on: date, own: Thresholds | None = None) -> None:
        self.school = school
        self.on = on
        self.year = school_year_of(on)
        self.own = own or Thresholds()
        self.slots = school.slots()
        self.roll = [p for p in school.pupils if school.years[-1].school_year in p.lines]
        self.days: list[date] = []  # with a session at the school, after ``on`` as well
        opened = {year.school_year: year.is_open(None) for year in school.years}
        for day, _, year, place in self.slots:
            if opened[year][place] and (not self.days or self.days[-1] != day):
                self.days.append(day)
        self.weeks = sorted({monday(day) for day in self.days})
        before = [(day, year) for day, _, year, _ in self.slots if day <= on]
        self.reported = [p for p in self.roll if before and self._is_on_roll(p, *before[-1])]
        self._entries = {pupil.pupil_id: self._read(pupil) for pupil in self.roll}
        self.last_day = max(
            (one.day for entries in self._entries.values() for one in entries if one.what),
            default=None,
        )

    def entries(self, pupil: Pupil) -> list[Entry]:
        """The pupil's own sessions up to the day asked about, in order."""
        return self._entries[pupil.pupil_id]

    def this_year(self, pupil: Pupil) -> list[Entry]:
        start = date(self.year, 8, 1)
        return [one for one in self.entries(pupil) if one.day >= start]

    def to_come(self, pupil: Pupil) -> list[tuple[date, str]]:
        """Day and code (or ``-``) of the pupil's own sessions after the day asked about."""
        return [(day, code) for _, day, _, code in self._own(pupil) if day > self.on]

    def school_day_after(self, day: date, number: int) -> date | None:
        """The ``number``-th day with a session at the school after ``day``."""
        place = bisect_right(self.days, day) + number - 1
        return self.days[place] if place < len(self.days) else None

    def week(self, day: date) -> int:
        """The place among the school's weeks of the one that holds ``day``, or of the last
        before it; -1 before the first."""
        return bisect_right(self.weeks, day) - 1

    def span(self, first: int, last: int) -> tuple[date, date]:
        """Monday of one school week and Friday of another, by their places."""
        return self.weeks[max(first, 0)], self.weeks[last] + timedelta(days=4)

    def is_compulsory(self, pupil: Pupil, day: date) -> bool:
        if pupil.born is None:
            return 1 <= pupil.year_groups[self.school.years[-1].school_year] <= 11
        start, end = compulsory_age(pupil.born)
        return start <= day <= end

    def _is_on_roll(self, pupil: Pupil, day: date, school_year: int) -> bool:
        """Enrolled that day, and in the register of its school year."""
        return school_year in pupil.lines and pupil.is_on_roll(day)

    def _read(self, pupil: Pupil) -> list[Entry]:
        return [
            Entry(place, day, half, code, category(code, day) if code != BLANK else "")
            for place, day, half, code in self._own(pupil)
            if day <= self.on
        ]

    def _own(self, pupil: Pupil) -> list[tuple[int, date, str, str]]:
        found = []
        before = 0
        for year in self.school.years:
            if year.school_year in pupil.lines:
                line = pupil.lines[year.school_year]
                for place in self.school.own(pupil, year):
                    if year.is_of_the_year[place]:
                        day, half = year.slots[place]
                        found.append((before + place, day, half, line[place]))
            before += 540
        return found


def monday(day: date) -> date:
    return day - timedelta(days=day.weekday())
