"""What the demo school is held to: national secondary figures, each with its tolerance.

Years 7-11 in the last full school year, counted as DfE does: compulsory school age, without the
second half of Year 11's summer term. Tests hold these on six seeds, two of them not used in
tuning.

    per cent                          England   tolerance
    overall absence                     8.5      0.6   sessions
    persistently absent (10 % or more) 23.8      2.0   pupils
    severely absent (50 % or more)      3.9      0.9   pupils
    late before the register closed     2.8      0.5   sessions
    Friday over the mean of Mon-Thu     1.3      0.5   points
    spells that last 2 to 4 sessions   50        5     spells
    I, O as shares of absence      42.7, 30.7    4.0
    C, M, G, U, E                  5.0, 4.4, 3.7, 3.5, 3.4   2.0, 1.0, 1.5, 1.0, 1.3
    C2, S                          3.8, 1.2      3.0, 1.0
    correlation between two years    0.63        0.10

Sources: England, secondary, 2025/26 from 8 September 2025 to 10 July 2026 in the daily registers'
series ("Pupil attendance in schools", provisional, read in July 2026); Friday from the same series
in September and October 2023; severe absence from the school census of 2024/25, the last year
published; spells and the correlation from FFT Education Datalab, 2023 and 2025. C2 is low here
because a school this size has only a handful of part-time timetables.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np

from attendance.demo.arrays import BLANK, Bools, Floats, Marks, symbol
from attendance.demo.year import Year
from attendance.rules.codes import CODE_OF, reading_of


@dataclass(frozen=True, slots=True)
class Target:
    """A percentage (or a difference of percentages) and how far a school may be from it."""

    name: str
    value: float
    within: float


TARGETS = (
    Target("overall absence", 8.5, 0.6),
    Target("persistently absent", 23.8, 2.0),
    Target("severely absent", 3.9, 0.9),
    Target("late before close", 2.8, 0.5),
    Target("Friday over Monday to Thursday", 1.3, 0.5),
    Target("spells of 2 to 4 sessions", 50.0, 5.0),
    Target("share I", 42.7, 4.0),
    Target("share O", 30.7, 4.0),
    Target("share C", 5.0, 2.0),
    Target("share M", 4.4, 1.0),
    Target("share G", 3.7, 1.5),
    Target("share U", 3.5, 1.0),
    Target("share E", 3.4, 1.3),
    Target("share C2", 3.8, 3.0),
    Target("share S", 1.2, 1.0),
)
YEARS_LINKED = Target("correlation between years", 0.63, 0.1)


def distance_from_targets(year: Year, work: Marks) -> float:
    """How far a year's marks are from the first three targets, each in units of its tolerance."""
    figures = _headline_figures(year, work)
    aims = np.array([target.value for target in TARGETS[:3]])
    within = np.array([target.within for target in TARGETS[:3]])
    return float((((figures - aims) / within) ** 2).sum())


def _headline_figures(year: Year, work: Marks) -> Floats:
    """Overall absence, persistent and severe, as percentages of Years 7-11."""
    counted = work.copy()
    counted[year.year_group == 11, year.days.break_edges[5] :] = BLANK
    counted = counted[year.lower_school()]
    possible_code, absent_code = _readings(year)
    possible = possible_code[counted].sum(axis=(1, 2))
    absent = absent_code[counted].sum(axis=(1, 2))
    there = possible > 0
    persistent = np.mean(10 * absent[there] >= possible[there])
    severe = np.mean(2 * absent[there] >= possible[there])
    return 100 * np.array([absent.sum() / possible.sum(), persistent, severe])


def _readings(year: Year) -> tuple[Bools, Bools]:
    """By byte, whether the mark is a possible session, and whether an absence."""
    possible, absent = np.zeros(256, dtype=np.bool_), np.zeros(256, dtype=np.bool_)
    day = date(year.days.school_year, 9, 1)
    for code in CODE_OF.values():
        reading = reading_of(code, day)
        possible[symbol(code)] = reading.possible
        absent[symbol(code)] = reading.possible and not reading.attended
    return possible, absent
