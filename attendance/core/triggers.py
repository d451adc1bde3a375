"""Everything that asks for something to be done, for a whole school as it stood on a day.

One function a trigger, in the modules ``trigger_*``; here they are asked in turn. A past day looks
at sessions up to that day, as they stand in the register now.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from functools import partial

from attendance.core.records import Records, TriggerSettings
from attendance.core.timeline import Timeline
from attendance.core.trigger_alerts import (
    SOCIAL_WORKER,
    YOT_WORKER,
    absent_with_worker,
    part_time_review,
)
from attendance.core.trigger_evidence import Evidence, evidence
from attendance.core.trigger_findings import TRIGGERS, Finding
from attendance.core.trigger_patterns import (
    present_then_absent,
    repeated_lateness,
    siblings_absent,
    sudden_change,
)
from attendance.core.trigger_penalty import penalty_threshold, third_notice
from attendance.core.trigger_rates import PERSISTENT, SEVERE, at_or_over, back_under_10
from attendance.core.trigger_reasons import consecutive_absence, unresolved_n
from attendance.core.trigger_returns import (
    attendance_return,
    continuous_absence,
    leave_overrun,
    sickness,
)

__all__ = ["TRIGGERS", "Finding", "find"]

_PLACE = {trigger: place for place, trigger in enumerate(TRIGGERS)}


def find(
    timeline: Timeline, on: date, records: Records, settings: TriggerSettings
) -> list[Finding]:
    """What stood against each pupil who was on roll on a day, in the order of the timeline's
    pupils, of TRIGGERS and of ``since``. ``records`` and ``settings`` as they stood on that day."""
    seen = evidence(timeline, on)
    if not seen.row_of:
        return []
    found = [*_by_law(seen, records), *_by_choice(seen, settings), *_for_others(seen, records)]
    return sorted(found, key=partial(_order, seen.row_of))


def _order(row_of: Mapping[int, int], finding: Finding) -> int:
    """One whole number to sort by: row, trigger, since. Sorting by tuples took longer than finding,
    because so many of them wake the garbage collector."""
    place = row_of[finding.pupil_id] * len(TRIGGERS) + _PLACE[finding.trigger]
    return place * date.max.toordinal() + finding.since.toordinal()


def _by_law(seen: Evidence, records: Records) -> Iterator[Finding]:
    yield from unresolved_n(seen)
    yield from consecutive_absence(seen)
    thresholds = list(penalty_threshold(seen))
    yield from thresholds
    yield from third_notice(seen, thresholds, records.penalty_notices)
    yield from attendance_return(seen)
    yield from sickness(seen, records.expected_absences)
    yield from continuous_absence(seen)
    yield from leave_overrun(seen, records.leaves)
    yield from at_or_over(seen, PERSISTENT)
    yield from at_or_over(seen, SEVERE)
    yield from back_under_10(seen)


def _by_choice(seen: Evidence, settings: TriggerSettings) -> Iterator[Finding]:
    yield from repeated_lateness(seen, settings)
    yield from present_then_absent(seen, settings)
    yield from sudden_change(seen, settings)
    yield from siblings_absent(seen)


def _for_others(seen: Evidence, records: Records) -> Iterator[Finding]:
    yield from absent_with_worker(seen, SOCIAL_WORKER, records.social_worker)
    yield from absent_with_worker(seen, YOT_WORKER, records.yot_worker)
    yield from part_time_review(seen, records.part_time_plans)
