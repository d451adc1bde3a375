"""Absence that is not explained yet, and absence that goes on."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from datetime import date, timedelta
from functools import cache

import numpy as np

from attendance.core.register import Ints
from attendance.core.trigger_evidence import ABSENT, ATTENDED, NO_REASON, Evidence, last_true
from attendance.core.trigger_findings import Finding, counted, found_limit, in_words, rule_of, whole

N_LIMIT = "unresolved_n_school_days"
FIRST_DAY_CONTACT = (
    "Working together to improve school attendance (August 2024): contact on the first day"
)


def unresolved_n(seen: Evidence) -> Iterator[Finding]:
    """Sessions coded N whose fifth school day is not over, and those where it is (overdue_n).

    SI 2024/208 reg 10(7)-(9): the reason within five school days of the session, else O.
    """
    in_force = seen.limit_by_slot(N_LIMIT) > 0
    due = cache(lambda day: due_on(seen, day))
    for row, slots in seen.by_pupil(((seen.flags & NO_REASON) != 0) & in_force):
        is_over = np.array([_is_over(due(seen.days[slot]), seen.on) for slot in slots.tolist()])
        if not is_over.all():
            yield _unresolved(seen, row, slots[~is_over])
        if is_over.any():
            yield _overdue(seen, row, slots[is_over])


def consecutive_absence(seen: Evidence) -> Iterator[Finding]:
    """The absence that the pupil's last known session is part of, and which day of it this is.

    Sessions not possible or not marked neither break a run nor count.
    """
    absent = (seen.flags & ABSENT) != 0
    attended = last_true((seen.flags & ATTENDED) != 0)
    rows = np.flatnonzero((last_true(absent) > attended) & seen.reported)
    # Only what comes after the last attended session.
    still_out = absent[rows] & (np.arange(absent.shape[1]) > attended[rows, None])
    for row, sessions in zip(rows.tolist(), seen.sessions_where(rows, still_out), strict=True):
        since, last = sessions[0][0], sessions[-1][0]
        days = len({day for day, *_ in sessions})
        said = f"Absent since {in_words(since)}: day {days}, {counted(len(sessions), 'session')}."
        yield Finding(
            seen.ids[row], "consecutive_absence", since, None, last, None, None,
            sessions, FIRST_DAY_CONTACT, said,
        )  # fmt: skip


def due_on(seen: Evidence, day: date) -> date | None:
    """The last school day for the reason of an N; None where the calendar does not reach it."""
    limit = found_limit(N_LIMIT, day)
    return nth_school_day(seen, day, whole(limit)) if limit else None


def nth_school_day(seen: Evidence, after: date, number: int) -> date | None:
    """The ``number``-th school day after a day; None where the calendar does not reach it."""
    place = bisect_right(seen.school_days, after) + number - 1
    return seen.school_days[place] if place < len(seen.school_days) else None


def _is_over(due: date | None, on: date) -> bool:
    return due is not None and due < on


def _unresolved(seen: Evidence, row: int, slots: Ints) -> Finding:
    since = seen.days[slots[0]]
    due, limit = due_on(seen, since), found_limit(N_LIMIT, since)
    assert limit is not None
    passed = bisect_right(seen.school_days, seen.on) - bisect_right(seen.school_days, since)
    by = f" by {in_words(due)}" if due else ""
    said = (
        f"{counted(len(slots), 'session')} without a reason, the first on {in_words(since)}: "
        f"school day {passed} of {limit.value}. Enter the reason{by}, else O."
    )
    return Finding(
        seen.ids[row], "unresolved_n", since, due, None, None, None,
        seen.sessions(row, slots), rule_of(limit), said,
    )  # fmt: skip


def _overdue(seen: Evidence, row: int, slots: Ints) -> Finding:
    since = seen.days[slots[0]]
    due, limit = due_on(seen, since), found_limit(N_LIMIT, since)
    assert limit is not None and due is not None
    said = (
        f"{counted(len(slots), 'session')} still coded N after {limit.value} school days; the "
        f"first was due by {in_words(due)}. Amend to the reason, or to O."
    )
    return Finding(
        seen.ids[row], "overdue_n", since, due, due + timedelta(days=1), None, None,
        seen.sessions(row, slots), rule_of(limit), said,
    )  # fmt: skip
