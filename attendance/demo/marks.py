"""A school year of marks: who was in, who was not, and under which code."""

from __future__ import annotations

from datetime import date

import numpy as np

from attendance.core.slots import SLOTS
from attendance.demo import activity, leave, spells
from attendance.demo.arrays import BLANK, Bools, Floats, Ints, Marks, Rng, symbol
from attendance.demo.calendar import SchoolDays
from attendance.demo.characteristics import Record
from attendance.demo.planted import Planted, add_planted
from attendance.demo.targets import distance_from_targets
from attendance.demo.year import Year

ILL_BUT_NO_REASON = 0.05
AWAY_AS_ILL = 0.26
AWAY_WITH_LEAVE = 0.045
DRAWS = 8
MISSING_TODAY = 2
MISSING_LATELY = 3
LATELY = 10  # school days


def draw_year(
    rng: Rng, year: Year, record: Record, planted: Planted, before: Ints | None, closed: list[int]
) -> tuple[Marks, Ints]:
    """The marks of a whole year as they came out in the end, and the last week's engagement.

    ``before`` is last year's last engagement; ``closed`` the days, as indices, on which the school
    could not open (Y4). Of several draws the one nearest to the national figures is kept: with
    some forty severely absent pupils, one draw alone would often be far off.
    """
    best: tuple[float, Marks, Ints] | None = None
    for _ in range(DRAWS):
        states = spells.engagement(rng, year.days, year.traits.disengagement, before)
        work = _draw_work(rng, year, record, planted, states, closed)
        distance = distance_from_targets(year, work)
        if best is None or distance < best[0]:
            best = distance, work, states[:, -1]
    assert best is not None
    return best[1], best[2]


def _draw_work(
    rng: Rng, year: Year, record: Record, planted: Planted, states: Ints, closed: list[int]
) -> Marks:
    """(n, days, 2) marks; blank where the pupil is not on roll or the school not open."""
    work = activity.present(year)
    _write_away(rng, year, planted, states, work)
    leave.write_leave(rng, year, record, work)
    activity.write_activities(rng, year, work)
    activity.write_lateness(rng, year, work)
    leave.write_not_possible(rng, year, record, work)
    leave.close_unexpectedly(work, closed)
    work[~year.due] = BLANK
    return work


def forget_the_future(rng: Rng, year: Year, today: date, work: Marks) -> None:
    """Blank what is not marked yet, and the few registers that were not taken."""
    now = year.days.index(today)
    if now >= len(year.days):
        return
    is_school_day = year.days.days[now] == np.datetime64(today, "D")
    work[:, now + is_school_day :] = BLANK
    forms = np.array(year.forms)
    names = sorted(set(year.forms) - {""})
    if is_school_day:
        work[:, now, 1] = BLANK
        for form in rng.choice(names, min(MISSING_TODAY, len(names) - 1), replace=False):
            work[forms == form, now, 0] = BLANK
    for _ in range(MISSING_LATELY if now > LATELY else 0):
        day, half = now - int(rng.integers(1, LATELY)), int(rng.integers(2))
        work[forms == names[int(rng.integers(len(names)))], day, half] = BLANK


def in_slots(work: Marks, days: SchoolDays) -> Marks:
    """The (n, 540) lines of a year's work; what is not a school day stays blank."""
    lines = np.full((len(work), SLOTS), BLANK, dtype=np.uint8)
    lines[:, days.am_slot] = work[:, :, 0]
    lines[:, days.am_slot + 1] = work[:, :, 1]
    return lines


def _write_away(rng: Rng, year: Year, planted: Planted, states: Ints, work: Marks) -> None:
    """Illness, disengagement and odd days; the reason is one for a pupil's whole week."""
    traits, days = year.traits, year.days
    away = spells.disengaged(rng, days, states)
    away |= spells.odd_days(rng, days, traits.disengagement)
    add_planted(rng, year, planted, away)
    ill = spells.ill(rng, days, traits.illness, year.sibling)
    draw = rng.random((len(work), int(days.week[-1]) + 1))[:, days.week]
    work[_chosen(away, draw, 0.0, 1.0)] = symbol("O")
    work[_chosen(away, draw, 0.0, AWAY_AS_ILL)] = symbol("I")
    work[_chosen(away, draw, AWAY_AS_ILL, AWAY_AS_ILL + AWAY_WITH_LEAVE)] = symbol("C")
    work[_chosen(ill, draw, 0.0, 1 - ILL_BUT_NO_REASON)] = symbol("I")
    work[_chosen(ill, draw, 1 - ILL_BUT_NO_REASON, 1.0)] = symbol("O")


def _chosen(mask: Bools, draw: Floats, low: float, high: float) -> Bools:
    within: Bools = (draw >= low) & (draw < high)
    return mask & within[:, :, None]
