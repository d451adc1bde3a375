"""Figures of a demo school, counted from its frames and lines alone, as DfE counts them.

Nothing of the generator is used: year groups come from the placements, sessions from the lines,
what a code counts as from the table of codes.
"""

from dataclasses import dataclass
from datetime import date
from functools import cache

import numpy as np

from attendance.core.slots import days_of
from attendance.demo.school import DemoSchool, build_demo
from attendance.rules.codes import CODE_OF, NO_MARK, reading_of

TODAY = date(2026, 11, 24)
SUMMER_ENDS = date(2027, 7, 30)


@cache
def demo(today: date = TODAY, seed: int = 1, pupils: int = 1200) -> DemoSchool:
    return build_demo(today, pupils=pupils, seed=seed)


@dataclass(frozen=True)
class Counted:
    """Years 7-11 of one year: (n, 540) masks and, by pupil, possible and missed sessions."""

    rows: np.ndarray
    year_group: np.ndarray
    marks: np.ndarray
    possible: np.ndarray
    absent: np.ndarray
    weekday: np.ndarray

    @property
    def figures(self) -> dict[str, float]:
        possible, absent = self.possible.sum(axis=1), self.absent.sum(axis=1)
        there = possible > 0
        by_day = [self._rate(self.weekday == day) for day in range(5)]
        lengths = self.spell_lengths()
        return {
            "overall absence": self._rate(np.ones(540, dtype=bool)),
            "persistently absent": 100 * np.mean(10 * absent[there] >= possible[there]),
            "severely absent": 100 * np.mean(2 * absent[there] >= possible[there]),
            "late before close": 100 * (self.marks == ord("L")).sum() / possible.sum(),
            "Friday over Monday to Thursday": by_day[4] - np.mean(by_day[:4]),
            "spells of 2 to 4 sessions": 100 * np.mean((lengths >= 2) & (lengths <= 4)),
            **{f"share {code}": self.share(code) for code in CODE_OF.values()},
        }

    def share(self, code: str) -> float:
        symbol = next(ord(symbol) for symbol, own in CODE_OF.items() if own == code)
        return 100 * ((self.marks == symbol) & self.absent).sum() / self.absent.sum()

    def spell_lengths(self) -> np.ndarray:
        """Runs of absent sessions among each pupil's possible ones."""
        lengths: list[int] = []
        for possible, absent in zip(self.possible, self.absent, strict=True):
            edges = np.diff(np.pad(absent[possible].astype(int), 1))
            lengths += (np.flatnonzero(edges == -1) - np.flatnonzero(edges == 1)).tolist()
        return np.array(lengths)

    def persistent_in(self, year_group: int) -> float:
        rows = (self.year_group == year_group) & self.possible.any(axis=1)
        missed, possible = self.absent[rows].sum(axis=1), self.possible[rows].sum(axis=1)
        return 100 * float(np.mean(10 * missed >= possible))

    def _rate(self, slots: np.ndarray) -> float:
        return 100 * float(self.absent[:, slots].sum() / self.possible[:, slots].sum())


def counted(school: DemoSchool, school_year: int) -> Counted:
    """Years 7-11; Year 11 without the second half of the summer term, as in DfE's figures."""
    days = days_of(school_year)
    year_group = year_groups(school, school_year)
    marks = school.marks[school_year].copy()
    may = next(t for year, t in school.terms if year == school_year and t.name == "Summer 1")
    marks[np.ix_(year_group == 11, days > np.datetime64(may.last_day, "D"))] = ord(NO_MARK)
    rows = np.flatnonzero((year_group >= 7) & (year_group <= 11))
    marks = marks[rows]
    possible, absent = np.zeros(256, dtype=bool), np.zeros(256, dtype=bool)
    for symbol, code in CODE_OF.items():
        reading = reading_of(code, date(school_year, 9, 1))
        possible[ord(symbol)] = reading.possible
        absent[ord(symbol)] = reading.possible and not reading.attended
    weekday = np.arange(540) % 10 // 2
    return Counted(rows, year_group[rows], marks, possible[marks], absent[marks], weekday)


def year_groups(school: DemoSchool, school_year: int) -> np.ndarray:
    """The year group of the last placement made by the end of the school year, 0 for none."""
    result = np.zeros(len(school.pupils), dtype=int)
    begun = school.placements[school.placements["first_day"] < date(school_year + 1, 8, 1)]
    current = begun.sort_values("first_day").groupby("row").tail(1)
    # A pupil who left before this school year keeps the last placement of an earlier one.
    since = current[current["first_day"] >= date(school_year, 8, 1)]
    result[since["row"]] = since["year_group"]
    return result


def rate_between_years(school: DemoSchool) -> float:
    """The correlation of pupils' absence rates in the two years (150 possible sessions each)."""
    rates = []
    for school_year in school.school_years:
        year = counted(school, school_year)
        possible = year.possible.sum(axis=1)
        own = np.full(len(school.pupils), np.nan)
        enough = possible >= 150
        own[year.rows[enough]] = year.absent.sum(axis=1)[enough] / possible[enough]
        rates.append(own)
    both = ~np.isnan(rates[0]) & ~np.isnan(rates[1])
    return float(np.corrcoef(rates[0][both], rates[1][both])[0, 1])
