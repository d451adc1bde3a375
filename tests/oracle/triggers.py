"""Who meets which statutory trigger on a day, found by walking each pupil's sessions.

The rules are those of rules.md sections 4 and 5: N unresolved, runs of absence, penalty notice
threshold, third notice, attendance and sickness returns, 20 days, leave overrun.
"""

from __future__ import annotations

from bisect import bisect_left
from calendar import monthrange
from datetime import date, timedelta

from tests.oracle.asked import ATTENDED, LAWLESS, Asked, Entry, Found
from tests.oracle.draw import Noted
from tests.oracle.law import BLANK, ILLNESS, NATIONAL_FRAMEWORK, school_year_of
from tests.oracle.patterns import patterns
from tests.oracle.school import Pupil

NOT_HIS_FAULT = ILLNESS | {"Q", "Y"} | {f"Y{n}" for n in range(1, 8)}


def find(asked: Asked, noted: Noted) -> list[Found]:
    """Every finding about the pupils on roll, in the order of the roll."""
    found: list[Found] = []
    for pupil in asked.reported:
        found += _open_reasons(asked, pupil)
        found += _in_a_row(asked, pupil)
        threshold = _penalty_threshold(asked, pupil)
        found += threshold
        found += _third_notice(asked, pupil, noted, threshold)
        found += _attendance_return(asked, pupil)
        found += _sickness(asked, pupil, noted)
        found += _twenty_days(asked, pupil)
        found += _leave_overrun(asked, pupil, noted)
        found += patterns(asked, pupil, noted)
    return found


def _open_reasons(asked: Asked, pupil: Pupil) -> list[Found]:
    waiting, overdue = [], []
    for one in asked.entries(pupil):
        if one.code == "N" and one.day >= NATIONAL_FRAMEWORK:
            due = asked.school_day_after(one.day, 5)
            (overdue if due is not None and due < asked.on else waiting).append(one)
    found = []
    if waiting:
        due = asked.school_day_after(waiting[0].day, 5)
        found.append(_of(pupil, "unresolved_n", waiting, due=due))
    if overdue:
        due = asked.school_day_after(overdue[0].day, 5)
        assert due is not None
        late = due + timedelta(days=1)
        found.append(_of(pupil, "overdue_n", overdue, due=due, met_on=late))
    return found


def _in_a_row(asked: Asked, pupil: Pupil) -> list[Found]:
    run: list[Entry] = []
    for one in reversed(asked.entries(pupil)):
        if one.what in ATTENDED:
            break
        if one.is_absent:
            run.insert(0, one)
    if not run:
        return []
    return [_of(pupil, "consecutive_absence", run, met_on=run[-1].day)]


def _penalty_threshold(asked: Asked, pupil: Pupil) -> list[Found]:
    counted = [
        one
        for one in asked.entries(pupil)
        if one.code in LAWLESS
        and one.day >= NATIONAL_FRAMEWORK
        and asked.is_compulsory(pupil, one.day)
    ]
    if len(counted) < 10:
        return []
    weeks = [asked.week(one.day) for one in counted]
    met, began = False, None
    for week in range(weeks[0], asked.week(asked.on) + 1):
        if not met and week not in weeks:
            continue
        met = met and bisect_left(weeks, week) - bisect_left(weeks, week - 9) >= 10
        for place, own_week in enumerate(weeks):
            if own_week != week:
                continue
            so_far = place + 1 - bisect_left(weeks, week - 9)
            if so_far >= 10 and not met:
                met, began = True, place
    if began is None:
        return []
    now = asked.week(asked.on)
    inside = [one for one, week in zip(counted, weeks, strict=True) if week >= now - 9]
    if len(inside) < 10:
        if school_year_of(counted[began].day) != asked.year:
            return []
        now = weeks[began]
        inside = [one for one, week in zip(counted, weeks, strict=True) if now - 9 <= week <= now]
    window = asked.span(now - 9, now)
    met_on = counted[began].day
    return [_of(pupil, "penalty_threshold", inside, met_on=met_on, window=window)]


def _third_notice(asked: Asked, pupil: Pupil, noted: Noted, threshold: list[Found]) -> list[Found]:
    found = []
    for again in threshold:
        assert again.met_on is not None
        for parent in sorted({parent for _, parent, _, _ in noted.notices}):
            issued = sorted(
                day
                for pupil_id, to, day, state in noted.notices
                if pupil_id == pupil.pupil_id and to == parent and state != "withdrawn"
                and NATIONAL_FRAMEWORK <= day <= asked.on
            )  # fmt: skip
            for first, others in _periods(issued):
                end = _three_years_after(first)
                before = [day for day in others if day < again.met_on]
                if first <= again.met_on < end and len(before) >= 2:
                    last = end - timedelta(days=1)
                    found.append(
                        Found(
                            pupil.pupil_id, "third_notice", first, None, again.met_on,
                            first, last, again.sessions,
                        )
                    )  # fmt: skip
    return found


def _periods(issued: list[date]) -> list[tuple[date, list[date]]]:
    """Each first notice, and all notices (itself too) of the three years from it."""
    periods: list[tuple[date, list[date]]] = []
    for day in issued:
        if periods and day < _three_years_after(periods[-1][0]):
            periods[-1][1].append(day)
        else:
            periods.append((day, [day]))
    return periods


def _three_years_after(day: date) -> date:
    if (day.month, day.day) == (2, 29):
        return date(day.year + 3, 3, 1)
    return date(day.year + 3, day.month, day.day)


def _attendance_return(asked: Asked, pupil: Pupil) -> list[Found]:
    """10 school days in a row coded G, N, O or U, of compulsory age."""

    def counts(one: Entry) -> bool:
        return one.code in LAWLESS and asked.is_compulsory(pupil, one.day)

    run, met_on = _latest_run(asked, pupil, counts, 10, date(2006, 9, 1))
    if met_on is None:
        return []
    due = _month_after(met_on) if met_on >= NATIONAL_FRAMEWORK else None
    return [_of(pupil, "attendance_return", run, due=due, met_on=met_on)]


def _twenty_days(asked: Asked, pupil: Pupil) -> list[Found]:
    """Ground (i): 20 school days in a row of G, N and O alone."""
    run, met_on = _latest_run(
        asked, pupil, lambda one: one.code in {"G", "N", "O"}, 20, NATIONAL_FRAMEWORK
    )
    return [] if met_on is None else [_of(pupil, "continuous_absence", run, met_on=met_on)]


def _latest_run(asked, pupil, counts, days, in_force_from):  # type: ignore[no-untyped-def]
    """The last run of ``days`` or more of the pupil's own days on which every session counts,
    met in this school year: (its sessions, the day it was met)."""
    if sum(counts(one) for one in asked.entries(pupil)) < days:
        return [], None
    by_day: dict[date, list[Entry]] = {}
    for one in asked.entries(pupil):
        by_day.setdefault(one.day, []).append(one)
    latest: list[Entry] = []
    met_on = None
    run: list[Entry] = []
    length, reached = 0, None
    for day, sessions in by_day.items():
        if not all(counts(one) for one in sessions):
            run, length, reached = [], 0, None
            continue
        run = run + sessions
        length += 1
        if length == days:
            reached = day
        if reached and reached >= in_force_from and school_year_of(reached) == asked.year:
            latest, met_on = run, reached
    return latest, met_on


def _month_after(day: date) -> date:
    year, month = (day.year, day.month + 1) if day.month < 12 else (day.year + 1, 1)
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def _sickness(asked: Asked, pupil: Pupil, noted: Noted) -> list[Found]:
    if asked.on < NATIONAL_FRAMEWORK:
        return []
    ill = [
        one
        for one in asked.this_year(pupil)
        if one.code in ILLNESS and asked.is_compulsory(pupil, one.day)
    ]
    if len(ill) >= 30:
        return [_of(pupil, "sickness_return", ill, met_on=ill[29].day)]
    thought = [
        record
        for record in noted.expected
        if record[0] == pupil.pupil_id and record[3] == "I" and record[1] <= asked.on
    ]
    if thought:
        _, first_day, last_day, _, noted_on = max(
            thought, key=lambda record: (record[2], record[4])
        )
        ahead = sum(
            code in (BLANK, "I") and asked.is_compulsory(pupil, day)
            for day, code in asked.to_come(pupil)
            if day <= min(last_day, date(asked.year + 1, 7, 31))
        )
        if len(ill) + ahead >= 30:
            since = ill[0].day if ill else first_day
            sessions = tuple(one.session for one in ill)
            return [
                Found(
                    pupil.pupil_id, "sickness_return", since, None, noted_on, None, None, sessions
                )
            ]
    if len(ill) >= 26:
        return [_of(pupil, "sickness_second_warning", ill, met_on=ill[25].day)]
    if len(ill) >= 20:
        return [_of(pupil, "sickness_first_warning", ill, met_on=ill[19].day)]
    return []


def _leave_overrun(asked: Asked, pupil: Pupil, noted: Noted) -> list[Found]:
    ended = [
        last
        for pupil_id, _, last, _ in noted.leaves
        if pupil_id == pupil.pupil_id and last < asked.on
    ]
    is_away = any(
        pupil_id == pupil.pupil_id and first <= asked.on <= last
        for pupil_id, first, last, _ in noted.leaves
    )
    if not ended or is_away:
        return []
    last = max(ended)
    since_then = [one for one in asked.entries(pupil) if one.day > last]
    missed = [one for one in since_then if one.is_absent]
    first = asked.school_day_after(last, 1)
    if not missed or first is None or any(one.what in ATTENDED for one in since_then):
        return []
    due = asked.school_day_after(last, 10)
    blameless = any(one.code in NOT_HIS_FAULT for one in since_then)
    met_on = due if due is not None and due <= asked.on and not blameless else None
    sessions = tuple(one.session for one in missed)
    return [Found(pupil.pupil_id, "leave_overrun", first, due, met_on, None, None, sessions)]


def _of(
    pupil: Pupil,
    trigger: str,
    sessions: list[Entry],
    *,
    due: date | None = None,
    met_on: date | None = None,
    window: tuple[date, date] | tuple[None, None] = (None, None),
) -> Found:
    return Found(
        pupil.pupil_id, trigger, sessions[0].day, due, met_on, *window,
        tuple(one.session for one in sessions),
    )  # fmt: skip
