"""Pupils with a social or youth justice worker who are absent, and timetables to look at again."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np

from attendance.core.records import PartTimePlan
from attendance.core.register import Ints
from attendance.core.trigger_evidence import POSSIBLE, UNAUTHORISED, Evidence
from attendance.core.trigger_findings import Finding, counted, in_words

# Each worker's trigger, and the words for the officer.
SOCIAL_WORKER, YOT_WORKER = "absent_social_worker", "absent_yot_worker"
WORKERS = {SOCIAL_WORKER: "social worker", YOT_WORKER: "youth offending team worker"}
TELL_WORKER = "Working together to improve school attendance (August 2024): tell the worker"
PART_TIME = "Working together to improve school attendance (August 2024): time-limited and reviewed"


def absent_with_worker(seen: Evidence, trigger: str, pupil_ids: Iterable[int]) -> Iterator[Finding]:
    """Pupils of these who have an unauthorised session on the last marked day, and since when."""
    if seen.last_marked < 0:
        return
    on = seen.days[seen.last_marked]
    for row in sorted(seen.row_of[each] for each in pupil_ids if each in seen.row_of):
        slots = _unauthorised_run(seen, row)
        if not len(slots):
            continue
        since = seen.days[slots[0]]
        said = (
            f"{counted(len(slots), 'unauthorised session')} since {in_words(since)}: tell the "
            f"{WORKERS[trigger]}."
        )
        yield Finding(
            seen.ids[row], trigger, since, on, on, None, None,
            seen.sessions(row, slots), TELL_WORKER, said,
        )  # fmt: skip


def part_time_review(seen: Evidence, plans: Iterable[PartTimePlan]) -> Iterator[Finding]:
    """Part-time timetables in force whose day of review has passed; one finding a plan."""
    for plan in plans:
        is_in_force = plan.first_day <= seen.on and (
            plan.last_day is None or plan.last_day >= seen.on
        )
        if is_in_force and plan.review_on < seen.on and plan.pupil_id in seen.row_of:
            due = plan.review_on
            said = f"The part-time timetable was to be reviewed on {in_words(due)}."
            yield Finding(
                plan.pupil_id, "part_time_review", due, due, None, None, None, (), PART_TIME, said
            )


def _unauthorised_run(seen: Evidence, row: int) -> Ints:
    """The unauthorised sessions in a row up to the last one of the last marked day; maybe none."""
    line = seen.flags[row, : seen.last_marked + 2]
    unauthorised = np.flatnonzero(line & UNAUTHORISED)
    if not len(unauthorised) or unauthorised[-1] < seen.last_marked:
        return unauthorised[:0]
    others = np.flatnonzero((line[: unauthorised[-1]] & (POSSIBLE ^ UNAUTHORISED)) != 0)
    start = others[-1] if len(others) else -1
    run: Ints = unauthorised[unauthorised > start]
    return run
