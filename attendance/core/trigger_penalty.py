"""The threshold at which a penalty notice is to be considered, and the third notice.

Working together to improve school attendance (August 2024), national framework: 10 sessions of G,
N, O or U in a rolling 10 school weeks, at compulsory school age. Met is not issued: the school
considers it. Whether a window may begin in the middle of a week is not settled; here weeks are
whole, and the window's days are given.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from attendance.core.penalty import last_day_of, most_notices, period_on
from attendance.core.records import PenaltyNotice
from attendance.core.register import Ints, Mask
from attendance.core.slots import SLOTS_A_WEEK
from attendance.core.trigger_evidence import UNAUTHORISED, Evidence, by_week, last_true
from attendance.core.trigger_findings import Finding, found_limit, in_words, rule_of, whole
from attendance.rules.limits import Limit, limit_on

SESSIONS = "penalty_threshold_sessions"
WEEKS = "penalty_window_school_weeks"


@dataclass(frozen=True)
class _Window:
    """A pupil's window: places among the school weeks, and whether it is met on the day."""

    row: int
    counted: Ints
    met_at: int
    last: int
    is_now: bool


def penalty_threshold(seen: Evidence) -> Iterator[Finding]:
    """Pupils whose last ten school weeks hold ten such sessions, or held them this school year."""
    limit, weeks = found_limit(SESSIONS, seen.on), found_limit(WEEKS, seen.on)
    if limit is None or weeks is None or not seen.weeks:
        return
    in_force = seen.limit_by_slot(SESSIONS) > 0
    unauthorised = ((seen.flags & UNAUTHORISED) != 0) & in_force
    most = _in_window(by_week(unauthorised)[:, seen.weeks], whole(weeks)).max(axis=1)
    rows = np.flatnonzero((most >= whole(limit)) & seen.reported)
    exact = ((seen.of_age(rows) & UNAUTHORISED) != 0) & in_force
    for window in _windows(seen, rows, exact, whole(limit), whole(weeks)):
        yield _threshold(seen, window, limit, whole(weeks))


def third_notice(
    seen: Evidence, thresholds: Iterable[Finding], notices: Iterable[PenaltyNotice]
) -> Iterator[Finding]:
    """Parents who had all the notices there can be in three years when the threshold was met."""
    given = _by_parent(seen, notices)
    for threshold in thresholds:
        met_on = threshold.met_on
        assert met_on is not None
        for parent, to_parent in given.get(threshold.pupil_id, {}).items():
            period = period_on((each for each in to_parent if each.issued_on < met_on), met_on)
            if not period or len(period) < most_notices(met_on):
                continue
            first, until = period[0].issued_on, last_day_of(period)
            limit = limit_on("penalty_notices_at_most", met_on)
            said = (
                f"Threshold met on {in_words(met_on)}; {parent} has had {len(period)} notices "
                f"since {in_words(first)}. No notice until after {in_words(until)}: consider "
                "another measure."
            )
            yield Finding(
                threshold.pupil_id, "third_notice", first, None, met_on, first, until,
                threshold.sessions, rule_of(limit), said,
            )  # fmt: skip


def _in_window(weekly: Ints, weeks: int) -> Ints:
    """(rows, school weeks) counts -> their sums over each week and those before, ``weeks`` in all.

    One column more than weeks could be empty, so that the largest of none is 0.
    """
    total = np.zeros((len(weekly), weekly.shape[1] + weeks), dtype=np.int64)
    np.cumsum(weekly, axis=1, out=total[:, weeks:])
    window: Ints = total[:, weeks:] - total[:, :-weeks]
    return window


def _windows(
    seen: Evidence, rows: Ints, counted: Mask, least: int, weeks: int
) -> Iterator[_Window]:
    weekly = by_week(counted)[:, seen.weeks]
    window = _in_window(weekly, weeks)
    before = window - weekly
    # A week begins an episode when the weeks before it did not reach the number by themselves.
    last_begun = last_true((before < least) & (window >= least)).tolist()
    met_now = (window[:, -1] >= least).tolist()
    facts = zip(rows.tolist(), last_begun, met_now, strict=True)
    for at, (row, last, is_now) in enumerate(facts):
        if last < 0:
            continue
        slots = np.flatnonzero(counted[at])
        first_of_week = int(slots.searchsorted(seen.weeks[last] * SLOTS_A_WEEK))
        met_at = int(slots[first_of_week + least - 1 - int(before[at, last])])
        if is_now or seen.is_this_year(seen.days[met_at]):
            yield _Window(row, slots, met_at, len(seen.weeks) - 1 if is_now else last, is_now)


def _threshold(seen: Evidence, window: _Window, limit: Limit, weeks: int) -> Finding:
    first_week = seen.weeks[max(window.last - weeks + 1, 0)]
    last_week = seen.weeks[window.last]
    ends = np.array([first_week, last_week + 1]) * SLOTS_A_WEEK
    slots = window.counted[slice(*window.counted.searchsorted(ends))]
    sessions = seen.sessions(window.row, slots)
    met_on = seen.days[window.met_at]
    return Finding(
        seen.ids[window.row], "penalty_threshold", sessions[0][0], None, met_on,
        seen.window_from(first_week), seen.window_to(last_week), sessions, rule_of(limit),
        _threshold_says(window, len(sessions), weeks, in_words(met_on), [s[2] for s in sessions]),
    )  # fmt: skip


def _threshold_says(window: _Window, number: int, weeks: int, met: str, codes: list[str]) -> str:
    when = "is met now, since" if window.is_now else "is not met now; it was met on"
    open_ns = codes.count("N")
    waits = f" {open_ns} of them coded N: settle these before any pack is sent." if open_ns else ""
    return (
        f"Threshold {when} {met}: consider. {number} unauthorised sessions in {weeks} school "
        f"weeks.{waits}"
    )


def _by_parent(
    seen: Evidence, notices: Iterable[PenaltyNotice]
) -> Mapping[int, Mapping[str, list[PenaltyNotice]]]:
    """Notices issued up to the day: pupil id -> parent -> notices, parents in order of name."""
    found: dict[int, dict[str, list[PenaltyNotice]]] = defaultdict(lambda: defaultdict(list))
    for notice in sorted(notices, key=lambda each: each.parent):
        if notice.issued_on <= seen.on:
            found[notice.pupil_id][notice.parent].append(notice)
    return found
