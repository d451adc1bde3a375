"""What is reported to the local authority, and two grounds for deletion that begin to run.

The attendance return (SI 2024/208 reg 13; before it SI 2006/1751 reg 12), the sickness return, 20
school days without a break (reg 9(1)(i)), and not coming back from leave (reg 9(1)(h)). A ground is
never complete by marks alone: joint enquiries come first.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

import numpy as np

from attendance.core.records import ExpectedAbsence, Leave
from attendance.core.register import BLANK, Ints, Marks, Mask
from attendance.core.slots import school_year_of
from attendance.core.timeline import Marked
from attendance.core.trigger_evidence import (
    ABSENT,
    ATTENDED,
    ILLNESS,
    LATE_AFTER,
    UNAUTHORISED,
    Evidence,
    count_of,
    last_true,
)
from attendance.core.trigger_findings import (
    Finding,
    counted,
    found_limit,
    in_words,
    rule_of,
    whole,
)
from attendance.core.trigger_reasons import nth_school_day
from attendance.rules.codes import SYMBOL_OF
from attendance.rules.limits import limit_on

ATTENDANCE_RETURN = "attendance_return_school_days"
INTERVAL = "attendance_return_interval_months"
CONTINUOUS = "continuous_absence_school_days"
OVERRUN = "leave_overrun_school_days"
SICKNESS = ("sickness_return", "sickness_second_warning", "sickness_first_warning")
# Not sickness, but an unavoidable cause: with one of these the ground does not run.
_UNAVOIDABLE = [ord(SYMBOL_OF[code]) for code in ("Q", "Y", *(f"Y{n}" for n in range(1, 8)))]
_OPEN_TO_ILLNESS = (BLANK, ord(SYMBOL_OF["I"]))


@dataclass(frozen=True)
class _Run:
    row: int
    slots: Ints
    met_on: date


def attendance_return(seen: Evidence) -> Iterator[Finding]:
    """Ten of the pupil's school days in a row, each session of them G, N, O or U."""
    for run in _runs(seen, ATTENDANCE_RETURN, UNAUTHORISED, of_age=True):
        limit, months = limit_on(ATTENDANCE_RETURN, run.met_on), found_limit(INTERVAL, run.met_on)
        due = _months_later(run.met_on, whole(months)) if months else None
        by = f" Return due by {in_words(due)}." if due else " Return due."
        said = f"{_days_in(run)} in a row coded G, N, O or U; {limit.value} were reached on "
        yield _from_run(
            seen,
            run,
            "attendance_return",
            due,
            rule_of(limit),
            f"{said}{in_words(run.met_on)}.{by}",
        )


def continuous_absence(seen: Evidence) -> Iterator[Finding]:
    """Twenty of the pupil's school days in a row, each session of them G, N or O."""
    for run in _runs(seen, CONTINUOUS, UNAUTHORISED, without=LATE_AFTER):
        limit = limit_on(CONTINUOUS, run.met_on)
        said = (
            f"{_days_in(run)} in a row coded G, N or O; {limit.value} were reached on "
            f"{in_words(run.met_on)}. A ground only after joint enquiries with the authority."
        )
        yield _from_run(seen, run, "continuous_absence", None, rule_of(limit), said)


def sickness(seen: Evidence, expected: Iterable[ExpectedAbsence]) -> Iterator[Finding]:
    """Illness this school year at the first or second warning or the return, the highest only;
    the return also when sessions still expected to be missed will reach it."""
    limits = [limit for name in SICKNESS if (limit := found_limit(f"{name}_school_days", seen.on))]
    if len(limits) < len(SICKNESS):
        return
    least = [2 * whole(limit) for limit in limits]  # two sessions a school day
    awaited = _awaited(seen, expected)
    ill = count_of(seen.this_year, ILLNESS)
    asked = np.isin(np.arange(len(ill)), [seen.row_of[each] for each in awaited])
    rows = np.flatnonzero(seen.reported & ((ill >= least[-1]) | asked))
    flags = seen.of_age(rows)[:, seen.year_from :] & seen.this_year[rows]
    illness = seen.sessions_where(rows, (flags & ILLNESS) != 0, seen.year_from)
    for row, sessions in zip(rows.tolist(), illness, strict=True):
        record = awaited.get(seen.ids[row])
        to_come = _to_come(seen, row, record) if record else 0
        if record and len(sessions) < least[0] <= len(sessions) + to_come:
            since = sessions[0][0] if sessions else record.first_day
            said = f"{counted(to_come, 'session')} of illness expected up to "
            said += f"{in_words(record.last_day)} will reach {limits[0].value} school days."
            yield _sick(seen, row, sessions, SICKNESS[0], since, record.noted_on, said)
            continue
        for name, number in zip(SICKNESS, least, strict=True):
            if len(sessions) >= number:
                met_on = sessions[number - 1][0]
                said = f"{number // 2} school days were reached on {in_words(met_on)}."
                yield _sick(seen, row, sessions, name, sessions[0][0], met_on, said)
                break


def leave_overrun(seen: Evidence, leaves: Iterable[Leave]) -> Iterator[Finding]:
    """Not back since granted leave ended: the tenth school day after it, as ground (h) counts.

    Nobody is late back while another leave that was granted covers the day.
    """
    leaves = list(leaves)
    away = {each.pupil_id for each in leaves if each.first_day <= seen.on <= each.last_day}
    here = seen.row_of.keys() - away
    ended = (each for each in leaves if each.last_day < seen.on and each.pupil_id in here)
    last = {each.pupil_id: each for each in sorted(ended, key=lambda e: (e.last_day, e.first_day))}
    for pupil_id, leave in last.items():
        row, start = seen.row_of[pupil_id], seen.slot_after(leave.last_day)
        after = seen.flags[row, start : seen.end]
        slots = np.flatnonzero(after & ABSENT) + start
        limit = found_limit(OVERRUN, leave.last_day)
        if limit is None or (after & ATTENDED).any() or not len(slots):
            continue
        since = nth_school_day(seen, leave.last_day, 1)
        assert since is not None
        due = nth_school_day(seen, leave.last_day, whole(limit))
        is_met = due is not None and due <= seen.on and not _is_excused(seen, row, start)
        said = f"Leave ended on {in_words(leave.last_day)} and the pupil is not back. "
        said += f"School day {limit.value} after it: {in_words(due) if due else 'not yet known'}."
        yield Finding(
            pupil_id, "leave_overrun", since, due, due if is_met else None, None, None,
            seen.sessions(row, slots), rule_of(limit), said,
        )  # fmt: skip


def _runs(
    seen: Evidence, name: str, flag: int, *, without: int = 0, of_age: bool = False
) -> Iterator[_Run]:
    """Each pupil's latest run of days that reached the limit, if it did so this school year.

    A day without a session of the pupil's own is not there; any other session breaks the run.
    """
    needed = seen.limit_by_slot(name)[0::2]
    if not needed.any():
        return
    # A day of such a run has one such session at least.
    least = needed[needed > 0].min()
    rows = np.flatnonzero((seen.unauthorised >= least) & seen.reported)
    good, _ = _days(seen.own[rows], seen.flags[rows], flag, without)
    rows = rows[np.count_nonzero(good, axis=1) >= least]
    flags = seen.of_age(rows) if of_age else seen.flags[rows]
    good, bad = _days(seen.own[rows], flags, flag, without)
    reached = good.cumsum(axis=1, dtype=np.int16)
    length = reached - np.maximum.accumulate(np.where(bad, reached, 0), axis=1)
    met = last_true(good & (length == needed) & (needed > 0))
    for at in np.flatnonzero(met >= 0).tolist():
        met_on = seen.days[2 * met[at]]
        if seen.is_this_year(met_on):
            broken = np.flatnonzero(bad[at])
            start, end = _around(broken, int(met[at]), good.shape[1])
            days = np.flatnonzero(good[at, start:end]) + start
            slots = np.repeat(2 * days, 2) + np.tile([0, 1], len(days))
            yield _Run(int(rows[at]), slots[seen.own[rows[at], slots]], met_on)


def _days(own: Mask, flags: Marks, flag: int, without: int) -> tuple[Mask, Mask]:
    """(rows, days) where every own session has the flag; and where one has not."""
    fits = (flags & (flag | without)) == flag
    other = own & ~fits
    bad = other[:, 0::2] | other[:, 1::2]
    return (own[:, 0::2] | own[:, 1::2]) & ~bad, bad


def _around(broken: Ints, day: int, days: int) -> tuple[int, int]:
    """The stretch without a broken day that holds a day: its first, and the first after it."""
    place = int(np.searchsorted(broken, day))
    start = int(broken[place - 1]) + 1 if place else 0
    return start, int(broken[place]) if place < len(broken) else days


def _from_run(
    seen: Evidence, run: _Run, trigger: str, due: date | None, rule: str, said: str
) -> Finding:
    since, sessions = seen.days[run.slots[0]], seen.sessions(run.row, run.slots)
    return Finding(
        seen.ids[run.row], trigger, since, due, run.met_on, None, None, sessions, rule, said
    )


def _days_in(run: _Run) -> str:
    return f"{len(np.unique(run.slots // 2))} school days"


def _sick(
    seen: Evidence,
    row: int,
    sessions: tuple[Marked, ...],
    trigger: str,
    since: date,
    met_on: date,
    said: str,
) -> Finding:
    limit = limit_on(f"{trigger}_school_days", seen.on)
    return Finding(
        seen.ids[row], trigger, since, None, met_on, None, None, sessions,
        rule_of(limit), f"{counted(len(sessions), 'session')} of illness this school year. {said}",
    )  # fmt: skip


def _awaited(seen: Evidence, expected: Iterable[ExpectedAbsence]) -> dict[int, ExpectedAbsence]:
    """The illness record with the latest last day, by pupil id."""
    begun = [e for e in expected if e.code == "I" and e.first_day <= seen.on]
    begun.sort(key=lambda each: (each.last_day, each.noted_on))
    return {each.pupil_id: each for each in begun if each.pupil_id in seen.row_of}


def _to_come(seen: Evidence, row: int, record: ExpectedAbsence) -> int:
    """The pupil's own sessions after the day asked about that the illness is thought to last."""
    line = seen.timeline
    last = int(np.searchsorted(line.days, np.datetime64(record.last_day), side="right"))
    first_of_age, after_age = (int(each[0]) for each in seen.age_slots(np.array([row])))
    ahead = slice(max(seen.end, first_of_age), min(last, after_age))
    open_to_it = np.isin(line.marks[row, ahead], _OPEN_TO_ILLNESS)
    own = line.on_roll[row, ahead] & line.is_open[row, ahead]
    this_year = line.years[ahead] == school_year_of(seen.on)
    return int(np.count_nonzero(own & open_to_it & this_year))


def _is_excused(seen: Evidence, row: int, start: int) -> bool:
    after = slice(start, seen.end)
    unavoidable = seen.own[row, after] & np.isin(seen.timeline.marks[row, after], _UNAVOIDABLE)
    return bool(unavoidable.any() or (seen.flags[row, after] & ILLNESS).any())


def _months_later(day: date, months: int) -> date:
    years, month = divmod(day.month - 1 + months, 12)
    year = day.year + years
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
