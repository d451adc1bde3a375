"""The sentence above a week of the register."""

from __future__ import annotations

from datetime import date

import numpy as np
import numpy.typing as npt

from attendance.core.slots import moment_of
from attendance.core.week_grid import WeekGrid, not_taken, session_in_words

NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")


def in_words(count: int) -> str:
    """'Two' up to ten, '11' from there: as a newspaper writes them, at the head of a sentence."""
    return NUMBERS[count].capitalize() if count < len(NUMBERS) else str(count)


def week_of_group(of_whom: str, grid: WeekGrid, amended: int, today: date) -> str:
    """'9K has 28 on roll. Two pupils have no reason yet; 5 marks were amended this week. …'"""
    waiting = int((grid.states == "no_reason").any(axis=1).sum())
    parts = [f"{of_whom} has {len(grid)} on roll.", _reasons(waiting) + _amended(amended)]
    return " ".join([*parts, *_missing(grid, today)])


def weeks_of_pupil(of_whom: str, grid: WeekGrid, amended: int) -> str:
    """'Kez Oduya missed 3 of 31 sessions in these weeks; one has no reason yet. …'"""
    missed = int(_is_in(grid, "authorised", "unauthorised", "no_reason").sum())
    possible = missed + int(_is_in(grid, "present", "late", "activity").sum())
    open_n = int(_is_in(grid, "no_reason").sum())
    says = f"{of_whom} missed {missed} of {_of(possible, 'session', 'sessions')} in these weeks"
    if open_n:
        says += f"; {in_words(open_n).lower()} {'has' if open_n == 1 else 'have'} no reason yet"
    if amended:
        says += f"; {_of(amended, 'mark was', 'marks were')} amended"
    return says + "."


def _reasons(waiting: int) -> str:
    if not waiting:
        return "Every absence has a reason"
    pupils = "pupil has" if waiting == 1 else "pupils have"
    return f"{in_words(waiting)} {pupils} no reason yet"


def _amended(amended: int) -> str:
    return f"; {_of(amended, 'mark was', 'marks were')} amended this week." if amended else "."


def _missing(grid: WeekGrid, today: date) -> list[str]:
    columns = not_taken(grid, today) if len(grid) else []
    if not columns:
        return []
    moments = [moment_of(grid.school_year, grid.slot_at(0, column)) for column in columns]
    if len(moments) == 1:
        day, session = moments[0]
        tense = "is not taken yet" if day == today else "was not taken"
        return [f"{session_in_words(day, session)} {tense}."]
    if all(day == today for day, _ in moments):
        return ["Today is not taken yet."]
    return [f"{in_words(len(moments))} registers of this week are not taken."]


def _is_in(grid: WeekGrid, *states: str) -> npt.NDArray[np.bool_]:
    return np.isin(grid.states.astype(str), states)


def _of(count: int, one: str, many: str) -> str:
    return f"{count} {one if count == 1 else many}"
