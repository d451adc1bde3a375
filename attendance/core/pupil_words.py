"""The sentences at the head of a pupil's page: what was missed, and what it would take."""

from __future__ import annotations

import math
from datetime import date

import pandas as pd

from attendance.core.on_track import Band, Outlook
from attendance.core.slots import Session
from attendance.core.week_grid import half_of_day
from attendance.rules.limits import limit_on

SPACE = "\N{NARROW NO-BREAK SPACE}"
FULL_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday")


def headline(outlook: Outlook, day: date, session: Session, left_on: date | None = None) -> str:
    """'Missed 13 of 101 sessions (6.5 days) to the morning of 20 November. Can miss 24 more …'

    ``left_on``: the last day on roll of a pupil who has left; nothing more is asked of them.
    """
    if outlook.band == Band.NO_SESSIONS:
        return "No session has been possible for this pupil yet this year."
    missed = f"{outlook.missed} of" if outlook.missed else "none of"
    days = f" ({in_days(outlook.missed)})" if outlook.missed else ""
    says = f"Missed {missed} {_of(outlook.possible_so_far, 'session')}{days}"
    if left_on is not None:
        return f"{says} before leaving on {left_on:%-d %B %Y}."
    says += f" to the {half_of_day(session)} of {day:%-d %B}."
    return f"{says} {_prospect(outlook, _percent(day))}".rstrip()


def plan(outlook: Outlook, this_half_term: int, last_half_term: int | None, day: date) -> str:
    """The line beneath: the attendance needed from now, or kindly, a nearer goal."""
    ten = _percent(day)
    if outlook.band == Band.NO_SESSIONS or not outlook.possible_to_come:
        return ""
    if outlook.headroom < 0:
        return _nearer_goal(this_half_term, last_half_term)
    needs = f"Needs {per_cent_up(outlook.needed_from_now or 0)} from now"
    if not outlook.recover_in:
        return f"{needs} to finish under {ten}."
    row = _of(outlook.recover_in, "session")
    return f"{needs}; {row} in a row would bring the year so far under {ten}."


def caution(outlook: Outlook, day: date) -> str:
    """Said under a rate that rests on few sessions; '' otherwise."""
    least = int(limit_on("small_base_sessions", day).value)
    if outlook.band == Band.NO_SESSIONS or outlook.possible_so_far >= least:
        return ""
    return (
        f"Only {_of(outlook.possible_so_far, 'session')} possible so far: too few to tell much. "
        "One day moves the rate a long way."
    )


def weekday_title(weekdays: pd.DataFrame) -> str:
    """'5 of 7 absences began on a Friday; usual here, 2' where that stands out, else the count."""
    total = int(weekdays["count"].sum())
    top = weekdays.sort_values("count", ascending=False).iloc[0]
    usual = round(float(top["usual"]))
    # A note, not a finding: three absences or more on one day, and at least two beyond the usual.
    if top["count"] >= 3 and top["count"] - top["usual"] >= 2:
        day = FULL_WEEKDAYS[int(top["weekday"])]
        return f"**{int(top['count'])} of {total} absences began on a {day}**; usual here, {usual}"
    return f"**{_of(total, 'absence')}, by the day {'it' if total == 1 else 'they'} began**"


def reasons_title(reasons: pd.DataFrame) -> str:
    """'13 sessions missed, by reason'."""
    return f"**{_of(int(reasons['sessions'].sum()), 'session')} missed, by reason**"


def in_days(sessions: int) -> str:
    """13 -> '6.5 days'."""
    return f"{sessions / 2:g} {'day' if sessions <= 2 else 'days'}"


def per_cent(rate: float) -> str:
    """0.9134 -> '91.3 %'."""
    return f"{100 * rate:.1f}{SPACE}%"


def per_cent_up(rate: float) -> str:
    """The same for what is needed, rounded up: at the figure shown the pupil does finish under."""
    return f"{math.ceil(round(1000 * rate, 6)) / 10:.1f}{SPACE}%"


def _prospect(outlook: Outlook, ten: str) -> str:
    if not outlook.possible_to_come:
        return "The year has no session left."
    if outlook.headroom < 0:
        return f"Cannot finish under {ten} on this calendar."
    left = f"the {outlook.possible_to_come} left"
    if outlook.headroom == 0:
        return f"Can miss none of {left} and finish under {ten}."
    more = min(outlook.headroom, outlook.possible_to_come)
    if more == outlook.possible_to_come:
        return f"Finishes under {ten} whatever comes."
    return f"Can miss {more} more of {left} and finish under {ten}."


def _nearer_goal(this_half_term: int, last_half_term: int | None) -> str:
    if last_half_term is None:
        return "A next goal: a half term with fewer sessions missed than the one before."
    missed = _of(last_half_term, "session")
    if this_half_term < last_half_term:
        return (
            f"A next goal: fewer than the {missed} missed last half term. "
            f"So far in this one, {this_half_term}."
        )
    return (
        f"A next goal: a week with no session missed. This half term has {this_half_term} so far, "
        f"the last had {last_half_term}."
    )


def _percent(day: date) -> str:
    return f"{int(limit_on('persistent_absence_percent', day).value)}{SPACE}%"


def _of(count: int, one: str) -> str:
    return f"{count:,} {one if count == 1 else one + 's'}"
