"""What a file makes one ask, though nothing in it is wrong: pupils it says nothing of, and marks on
days on which the school's own calendar is closed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

import numpy as np

from attendance.core.calendar import Calendar, open_sessions
from attendance.core.imports import (
    CLOSED,
    NOT_YET,
    NOTHING,
    ImportResult,
    Mask,
    Problem,
    session_slots,
)

MOST_NAMED, MOST_DAYS = 5, 5


def without_marks(result: ImportResult) -> Mask:
    """(pupils,) True where the file has no mark at all of a pupil, which has marks of others."""
    says = (result.marks != NOTHING) & (result.marks != NOT_YET) & (result.marks != CLOSED)
    silent: Mask = ~says.any(axis=1)
    return silent


def silence(names: Sequence[str]) -> list[Problem]:
    """The warning for pupils on roll of whom the file says nothing; none for nobody."""
    if not names:
        return []
    named = "; ".join(names[:MOST_NAMED])
    more = f" and {len(names) - MOST_NAMED} more" if len(names) > MOST_NAMED else ""
    pupil, has = ("pupil is", "has") if len(names) == 1 else ("pupils are", "have")
    says = (
        f"{len(names)} {pupil} on roll and {has} no mark in this file: {named}{more}. "
        "If somebody has left, record the last day on the pupil’s page; otherwise ask for the "
        "missing marks."
    )
    return [Problem(None, None, says)]


def on_closed_days(result: ImportResult, calendar: Calendar) -> list[Problem]:
    """A warning for each day with marks on which the calendar that a person gave is closed.

    Nothing where the calendar is read off the registers themselves: it cannot contradict them.
    """
    if calendar.is_inferred:
        return []
    days = list(_closed_days(result, calendar))
    warnings = [
        Problem(
            None,
            f"{day:%a %-d %b %Y}",
            f"{marks} marks are on {day:%A %-d %B %Y}, when the school’s calendar is closed. They "
            "are kept and not counted. Correct the calendar, or the file.",
        )
        for day, marks in days[:MOST_DAYS]
    ]
    if len(days) > MOST_DAYS:
        says = f"{len(days) - MOST_DAYS} more days with marks are closed in the school’s calendar."
        warnings.append(Problem(None, None, says))
    return warnings


def _closed_days(result: ImportResult, calendar: Calendar) -> Iterator[tuple[date, int]]:
    sessions, slots = session_slots(result, calendar.school_year)
    is_closed = ~open_sessions(calendar)[slots]
    marks = result.marks[:, sessions[is_closed]]
    counts = (~np.isin(marks, (NOTHING, NOT_YET, CLOSED))).sum(axis=0)
    by_day: dict[date, int] = {}
    for session, count in zip(sessions[is_closed].tolist(), counts.tolist(), strict=True):
        day = result.sessions[session][0]
        by_day[day] = by_day.get(day, 0) + count
    return ((day, count) for day, count in sorted(by_day.items()) if count)
