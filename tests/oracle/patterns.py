"""Who meets a statistical or pastoral trigger on a day: shares of the year, weeks, one day."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

from tests.oracle.asked import ABSENT, ATTENDED, LAWLESS, Asked, Entry, Found
from tests.oracle.draw import Noted
from tests.oracle.school import Pupil

SMALL_BASE = 40


def patterns(asked: Asked, pupil: Pupil, noted: Noted) -> list[Found]:
    known = [one for one in asked.this_year(pupil) if one.what in ABSENT or one.what in ATTENDED]
    return [
        *_share_of_the_year(pupil, known),
        *_back_under(pupil, known),
        *_late_again(asked, pupil),
        *_out_in_the_afternoon(asked, pupil),
        *_sudden_change(asked, pupil),
        *_siblings(asked, pupil),
        *_known_to_a_worker(asked, pupil, noted),
        *_part_time(asked, pupil, noted),
    ]


def _stretches(known: list[Entry], share: Fraction) -> list[tuple[bool, int]]:
    """After each session: whether the share missed so far is reached, and of how many."""
    missed, found = 0, []
    for possible, one in enumerate(known, start=1):
        missed += one.is_absent
        reached = missed * share.denominator >= share.numerator * possible
        found.append((reached, possible))
    return found


def _since(known: list[Entry], after: list[tuple[bool, int]]) -> date:
    """The day on which the state of today began."""
    place = len(after) - 1
    while place and after[place - 1][0] == after[-1][0]:
        place -= 1
    return known[place].day


def _share_of_the_year(pupil: Pupil, known: list[Entry]) -> list[Found]:
    found = []
    for trigger, share in (
        ("persistent_absence", Fraction(1, 10)),
        ("severe_absence", Fraction(1, 2)),
    ):
        after = _stretches(known, share)
        if after and after[-1][0]:
            missed = tuple(one.session for one in known if one.is_absent)
            day = _since(known, after)
            found.append(Found(pupil.pupil_id, trigger, day, None, day, None, None, missed))
    return found


def _back_under(pupil: Pupil, known: list[Entry]) -> list[Found]:
    after = _stretches(known, Fraction(1, 10))
    if not after or after[-1][0]:
        return []
    if not any(reached and possible >= SMALL_BASE for reached, possible in after):
        return []
    day = _since(known, after)
    return [Found(pupil.pupil_id, "back_under_10", day, None, day, None, None, ())]


def _in_weeks(asked: Asked, pupil: Pupil, first: int, last: int) -> list[Entry]:
    """The pupil's sessions in school weeks from one place to another."""
    if last < 0:
        return []
    start, end = asked.span(first, last)
    return [one for one in asked.entries(pupil) if start <= one.day <= end]


def _late_again(asked: Asked, pupil: Pupil) -> list[Found]:
    now = asked.week(asked.on)
    first, least = now - asked.own.lateness_school_weeks + 1, asked.own.lateness_sessions
    late = [one for one in _in_weeks(asked, pupil, first, now) if one.code in ("L", "U")]
    if len(late) < least:
        return []
    window = asked.span(first, now)
    sessions = tuple(one.session for one in late)
    days = late[0].day, None, late[least - 1].day
    return [Found(pupil.pupil_id, "repeated_lateness", *days, *window, sessions)]


def _out_in_the_afternoon(asked: Asked, pupil: Pupil) -> list[Found]:
    now = asked.week(asked.on)
    least = asked.own.present_then_absent_days
    first = now - asked.own.present_then_absent_school_weeks + 1
    was_in = set()
    out = []
    for one in _in_weeks(asked, pupil, first, now):
        if one.half == "AM" and one.what == "present":
            was_in.add(one.day)
        elif one.half == "PM" and one.is_absent and one.day in was_in:
            out.append(one)
    if len(out) < least:
        return []
    window = asked.span(first, now)
    sessions = tuple(one.session for one in out)
    days = out[0].day, None, out[least - 1].day
    return [Found(pupil.pupil_id, "present_then_absent", *days, *window, sessions)]


def _sudden_change(asked: Asked, pupil: Pupil) -> list[Found]:
    now = asked.week(asked.on)
    first = now - asked.own.change_recent_weeks + 1
    recent = _in_weeks(asked, pupil, first, now)
    before = _in_weeks(asked, pupil, first - asked.own.change_baseline_weeks, first - 1)
    missed = [one for one in recent if one.is_absent]
    possible = len(missed) + sum(one.what in ATTENDED for one in recent)
    missed_before = sum(one.is_absent for one in before)
    base = missed_before + sum(one.what in ATTENDED for one in before)
    if possible < 8 or base < SMALL_BASE:
        return []
    rise = Fraction(len(missed), possible) - Fraction(missed_before, base)
    if rise < Fraction(asked.own.change_points, 100):
        return []
    window = asked.span(first, now)
    sessions = tuple(one.session for one in missed)
    return [Found(pupil.pupil_id, "sudden_change", missed[0].day, None, None, *window, sessions)]


def _siblings(asked: Asked, pupil: Pupil) -> list[Found]:
    day = asked.last_day
    if pupil.household is None or day is None:
        return []
    family = [other for other in asked.reported if other.household == pupil.household]
    missed = [one.half for other in family for one in _missed_on(asked, other, day)]
    together = [one.session for one in _missed_on(asked, pupil, day) if missed.count(one.half) >= 2]
    if not together:
        return []
    return [Found(pupil.pupil_id, "siblings_absent", day, None, day, None, None, tuple(together))]


def _missed_on(asked: Asked, pupil: Pupil, day: date) -> list[Entry]:
    return [one for one in asked.entries(pupil) if one.day == day and one.is_absent]


def _known_to_a_worker(asked: Asked, pupil: Pupil, noted: Noted) -> list[Found]:
    entries = asked.entries(pupil)
    day = asked.last_day
    end = max(
        (place for place, one in enumerate(entries) if one.day == day and one.code in LAWLESS),
        default=None,
    )
    if end is None or day is None:
        return []
    run: list[Entry] = []
    for one in reversed(entries[: end + 1]):
        if one.what == "unauthorised_absence":
            run.insert(0, one)
        elif one.what in ATTENDED or one.is_absent:
            break
    sessions = tuple(one.session for one in run)
    return [
        Found(pupil.pupil_id, trigger, run[0].day, day, day, None, None, sessions)
        for trigger, known in (
            ("absent_social_worker", noted.social_worker),
            ("absent_yot_worker", noted.yot_worker),
        )
        if pupil.pupil_id in known
    ]


def _part_time(asked: Asked, pupil: Pupil, noted: Noted) -> list[Found]:
    return [
        Found(pupil.pupil_id, "part_time_review", review, review, None, None, None, ())
        for pupil_id, first, review, last in noted.plans
        if pupil_id == pupil.pupil_id
        and first <= asked.on
        and (last is None or last >= asked.on)
        and review < asked.on
    ]
