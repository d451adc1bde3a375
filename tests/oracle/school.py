"""A drawn school: what a register is made of, and which sessions are a pupil's own, day by day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache

from tests.oracle.law import BANK_HOLIDAYS, BLANK, school_year_of

Days = tuple[date, date]


@cache
def slots_of(school_year: int) -> list[tuple[date, str]]:
    """Day and AM or PM of 54 weeks' weekdays, from the Monday on or before 1 August."""
    first = date(school_year, 8, 1)
    first -= timedelta(days=first.weekday())
    days = [first + timedelta(days=7 * week + day) for week in range(54) for day in range(5)]
    return [(day, half) for day in days for half in ("AM", "PM")]


@cache
def in_year_of(school_year: int) -> list[bool]:
    """Which of the slots lie between 1 August and 31 July."""
    return [school_year_of(day) == school_year for day, _ in slots_of(school_year)]


@dataclass(repr=False)
class Year:
    """A school year. ``seen`` is its 540 characters: o a session, # closed, . not in a register."""

    school_year: int
    seen: str
    terms: Sequence[Days] = ()
    closures: Sequence[tuple[date, date, frozenset[int] | None]] = ()

    def __post_init__(self) -> None:
        self.slots = slots_of(self.school_year)
        self.is_of_the_year = in_year_of(self.school_year)
        self._open: dict[int | None, list[bool]] = {}

    def __repr__(self) -> str:
        read = [str(day) for (day, half), s in zip(self.slots, self.seen, strict=True) if s == "o"]
        return (
            f"Year({self.school_year}, read on {sorted(set(read))}, {self.terms}, {self.closures})"
        )

    def is_open(self, year_group: int | None) -> list[bool]:
        """For each of the 540 sessions, whether pupils of the year group are expected.

        None: whether the school is open to everybody but for closures of some year groups."""
        if year_group not in self._open:
            self._open[year_group] = [
                self._opens(place, day, year_group) for place, (day, _) in enumerate(self.slots)
            ]
        return self._open[year_group]

    def _opens(self, place: int, day: date, year_group: int | None) -> bool:
        for first, last, years in self.closures:
            if first <= day <= last and (years is None or year_group in years):
                return False
        if not self.terms:
            return self.seen[place] == "o"
        if not any(first <= day <= last for first, last in self.terms):
            return False
        if self.seen[place] == "#":
            return False
        return day not in BANK_HOLIDAYS or self.seen[place] == "o"


@dataclass(repr=False)
class Pupil:
    """``lines`` has 540 codes for each school year that a register holds the pupil in."""

    pupil_id: int
    born: date | None
    year_groups: dict[int, int]
    spells: list[tuple[date, date | None]]
    lines: dict[int, list[str]]
    household: int | None = None

    def __repr__(self) -> str:
        """The marks as runs, so that a failing example can be read."""
        drawn = [f"Pupil {self.pupil_id} born {self.born} in years {self.year_groups}"]
        drawn += [f"  on roll {first} to {last}" for first, last in self.spells]
        for school_year, line in self.lines.items():
            marked = [place for place, code in enumerate(line) if code != BLANK]
            for place in marked:
                day, half = slots_of(school_year)[place]
                drawn.append(f"  {day} {half} {line[place]}")
        return "\n".join(drawn)

    def is_on_roll(self, day: date) -> bool:
        for first, last in self.spells:
            if first <= day and (last is None or day <= last):
                return True
        return False


@dataclass
class School:
    """Consecutive school years and the pupils of their registers."""

    years: list[Year]
    pupils: list[Pupil]
    _own: dict[tuple[int, int], list[int]] = field(default_factory=dict, repr=False)

    def own(self, pupil: Pupil, year: Year) -> list[int]:
        """The places (0-539) of the pupil's own sessions: those on roll, with the school open."""
        key = (pupil.pupil_id, year.school_year)
        if key not in self._own:
            opened = year.is_open(pupil.year_groups[year.school_year])
            on_roll = [pupil.is_on_roll(day) for day, _ in year.slots[::2]]
            self._own[key] = [
                place for place, opens in enumerate(opened) if opens and on_roll[place // 2]
            ]
        return self._own[key]

    def is_covered(self, year: Year) -> list[bool]:
        """Whether the register of each session was taken or read: somebody has a mark in it."""
        found = [state == "o" for state in year.seen]
        for pupil in self.pupils:
            if year.school_year in pupil.lines:
                line = pupil.lines[year.school_year]
                for place in self.own(pupil, year):
                    if line[place] != BLANK:
                        found[place] = True
        return found

    def slots(self) -> list[tuple[date, str, int, int]]:
        """(day, AM or PM, school year, its slot) of all years; a day belongs to one school year."""
        return [
            (day, half, year.school_year, place)
            for year in self.years
            for place, (day, half) in enumerate(year.slots)
            if year.is_of_the_year[place]
        ]
