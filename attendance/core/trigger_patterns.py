"""Signals of a school's own making: no law sets these numbers, the school does (Settings).

They show facts and never a cause; a person looks before anything is done.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date

import numpy as np
import pandas as pd

from attendance.core.records import TriggerSettings
from attendance.core.register import Ints, Marks, Mask
from attendance.core.slots import SLOTS_A_WEEK
from attendance.core.trigger_evidence import ABSENT, LATE, POSSIBLE, PRESENT, Evidence, count_of
from attendance.core.trigger_findings import OWN_SETTING, Finding, found_limit, in_words, whole

LEAST_RECENT_SESSIONS = 8  # nearly a school week; one lost day would move fewer too much
SIBLINGS_RULE = "Attendance Desk's own signal (own choice)"


def repeated_lateness(seen: Evidence, settings: TriggerSettings) -> Iterator[Finding]:
    """Pupils with so many L and U in the last school weeks."""
    if not seen.weeks:
        return
    week = seen.weeks_back(settings.lateness_school_weeks)
    late = seen.flags[:, week * SLOTS_A_WEEK :] & LATE
    late[np.count_nonzero(late, axis=1) < settings.lateness_sessions] = 0
    for row, slots in seen.by_pupil(late, first_slot=week * SLOTS_A_WEEK):
        met_on = seen.days[slots[settings.lateness_sessions - 1]]
        said = f"Late {len(slots)} times in {settings.lateness_school_weeks} school weeks."
        yield _in_weeks(seen, row, slots, "repeated_lateness", week, met_on, said)


def present_then_absent(seen: Evidence, settings: TriggerSettings) -> Iterator[Finding]:
    """Pupils present in the morning and absent in the afternoon on so many of the last days."""
    if not seen.weeks:
        return
    week = seen.weeks_back(settings.present_then_absent_school_weeks)
    flags = seen.flags[:, week * SLOTS_A_WEEK :]
    left = np.zeros(flags.shape, dtype=np.uint8)
    left[:, 1::2] = ((flags[:, 0::2] & PRESENT) != 0) & ((flags[:, 1::2] & ABSENT) != 0)
    least = settings.present_then_absent_days
    left[np.count_nonzero(left, axis=1) < least] = 0
    for row, slots in seen.by_pupil(left, first_slot=week * SLOTS_A_WEEK):
        said = f"In for the morning and absent in the afternoon on {len(slots)} days in "
        said += f"{settings.present_then_absent_school_weeks} school weeks."
        met_on = seen.days[slots[least - 1]]
        yield _in_weeks(seen, row, slots, "present_then_absent", week, met_on, said)


def sudden_change(seen: Evidence, settings: TriggerSettings) -> Iterator[Finding]:
    """Pupils who missed so many percentage points more of late than in the weeks before."""
    base = found_limit("small_base_sessions", seen.on)
    weeks, recent = seen.weeks, settings.change_recent_weeks
    if base is None or len(weeks) <= recent:
        return
    middle = weeks[-recent] * SLOTS_A_WEEK
    first = seen.weeks_back(recent + settings.change_baseline_weeks) * SLOTS_A_WEEK
    lately, before = seen.flags[:, middle:], seen.flags[:, first:middle]
    missed, possible = _of(lately)
    missed_before, possible_before = _of(before)
    # In whole numbers: the difference of two rates, times both bases.
    more = 100 * (missed * possible_before - missed_before * possible)
    jumps = more >= settings.change_points * possible * possible_before
    jumps &= (possible >= LEAST_RECENT_SESSIONS) & (possible_before >= whole(base))
    absent = lately & ABSENT
    absent[~jumps] = 0
    for row, slots in seen.by_pupil(absent, first_slot=middle):
        said = (
            f"Missed {missed[row]} of {possible[row]} sessions in {recent} school weeks; before "
            f"that {missed_before[row]} of {possible_before[row]}."
        )
        yield _in_weeks(seen, row, slots, "sudden_change", weeks[-recent], None, said)


def siblings_absent(seen: Evidence) -> Iterator[Finding]:
    """Pupils of one household who are absent at the same session of the last marked day."""
    if seen.last_marked < 0:
        return
    day = slice(seen.last_marked, seen.last_marked + 2)
    absent = ((seen.flags[:, day] & ABSENT) != 0) & seen.reported[:, None]
    together = _together(seen, absent)
    on = seen.days[seen.last_marked]
    for row, slots in seen.by_pupil(together, first_slot=seen.last_marked):
        said = f"Absent on {in_words(on)} together with another pupil of the same household."
        yield Finding(
            seen.ids[row], "siblings_absent", on, None, on, None, None,
            seen.sessions(row, slots), SIBLINGS_RULE, said,
        )  # fmt: skip


def _together(seen: Evidence, absent: Mask) -> Mask:
    """(n, 2) absent at a session at which somebody else of the household is absent too."""
    households = seen.timeline.pupils["household"].to_numpy(dtype=object)
    rows, halves = np.nonzero(absent)
    homes = [households[row] for row in rows]
    places = [(home, half) for home, half in zip(homes, halves.tolist(), strict=True)]
    known = [not pd.isna(home) for home in homes]
    several = Counter(place for place, is_known in zip(places, known, strict=True) if is_known)
    together = np.zeros(absent.shape, dtype=np.bool_)
    together[rows, halves] = [several[place] > 1 for place in places]
    return together


def _of(flags: Marks) -> tuple[Ints, Ints]:
    """(rows,) sessions missed, and possible."""
    return count_of(flags, ABSENT), count_of(flags, POSSIBLE)


def _in_weeks(
    seen: Evidence, row: int, slots: Ints, trigger: str, week: int, met_on: date | None, said: str
) -> Finding:
    """A finding over the school weeks from one to the last."""
    return Finding(
        seen.ids[row], trigger, seen.days[slots[0]], None, met_on,
        seen.window_from(week), seen.window_to(seen.weeks[-1]),
        seen.sessions(row, slots), OWN_SETTING, said,
    )  # fmt: skip
