"""The Today page's report in sentences and counts."""

from __future__ import annotations

from datetime import datetime
from functools import partial

from attendance.charts.parts import of
from attendance.core.definitions import define
from attendance.core.names import plain
from attendance.core.register_times import USUAL, RegisterTimes
from attendance.core.slots import Session
from attendance.services.today import TodayReport
from attendance.ui import show
from attendance.ui.clock import LONDON, day_in_words, time_in_words

LONG = 100  # from here on, minutes are told in hours
_HALF = {Session.AM: "morning", Session.PM: "afternoon"}


def sentence(report: TodayReport, moment: datetime, times: RegisterTimes = USUAL) -> str:
    """What the page says first, fit to be read aloud; ``moment`` in any time zone."""
    if report.is_today:
        # Once the afternoon register opens, the morning's no longer says where a pupil is.
        there = moment.astimezone(LONDON).time()
        old = report.session == Session.AM and there >= times.pm_opens
        by = " by this morning’s registers" if old else ""
        return f"At {time_in_words(moment)} {_standing(report, True, by)}"
    latest = f"he latest register is the {_HALF[report.session]} of {day_in_words(report.day)}"
    then = _standing(report, False)
    if report.is_school_day:
        return f"No register has been read for today yet. T{latest}: {then}"
    opens = f" and opens again on {day_in_words(report.opens_next)}" if report.opens_next else ""
    return f"School is closed today{opens}. T{latest}: {then}"


def _standing(report: TodayReport, is_now: bool, by: str = "") -> str:
    """'17 pupils of Year 9 in 15 households are not accounted for. Start with …'"""
    whose = f" of {report.who}" if report.who else ""
    one, many = ("is", "are") if is_now else ("was", "were")
    if not report.expected:
        return f"no pupil{whose} {one} expected in school{by}."
    if report.unaccounted:
        homes = of(report.households, "household", "households")
        in_homes = f" in {homes}" if report.unaccounted > 1 else ""
        pupils = f"{of(report.unaccounted, 'pupil', 'pupils')}{whose}{in_homes}"
        verb = many if report.unaccounted > 1 else one
        first = f"Start with {plain(report.queue[0].name)}."
        return f"{pupils} {verb} not accounted for{by}. {first}"
    if report.not_taken:
        registers = of(len(report.missing), "register", "registers")
        return (
            f"everyone{whose} whose register has been taken {one} accounted for; {registers} "
            f"({of(report.not_taken, 'pupil', 'pupils')}) not taken."
        )
    return f"everyone{whose} {one} accounted for{by}."


def counts(report: TodayReport) -> list[show.Count]:
    """The first is the sum of the others."""
    in_school = f"in, {report.late:,} of them late" if report.late else "in"
    registers = of(len(report.missing), "register", "registers")
    says = partial(define, last_day=report.day)
    missing = show.Count(report.not_taken, f"in {registers} not taken", says=says("not_taken"))
    return [
        show.Count(report.expected, "expected", says=says("expected")),
        show.Count(report.present, in_school, says=says("in_school")),
        show.Count(report.explained, "explained", says=says("explained")),
        show.Count(report.unaccounted, "unaccounted for", is_strong=True, says=says("unaccounted")),
        *([missing] if report.not_taken else []),
    ]


def since_close(report: TodayReport, moment: datetime, times: RegisterTimes) -> str:
    """How long ago today's register closed: '77 min'; '' before it closes or on another day."""
    there = moment.astimezone(LONDON)
    closed = times.am_closes if report.session == Session.AM else times.pm_closes
    minutes = (there.hour - closed.hour) * 60 + there.minute - closed.minute
    if not report.is_today or minutes <= 0:
        return ""
    hours, rest = divmod(minutes, 60)
    return f"{minutes} min" if minutes < LONG else f"{hours} h {rest} min"
