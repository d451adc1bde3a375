"""The Absence page's report in sentences: sessions beside each rate, each comparison named."""

from __future__ import annotations

from datetime import date
from functools import partial

from attendance.charts.parts import per_cent
from attendance.core.absence import Period
from attendance.core.definitions import define
from attendance.core.names import plain
from attendance.core.slots import Session
from attendance.core.views import View
from attendance.rules.comparators import Comparator
from attendance.services.absence import AbsenceReport, Figure
from attendance.services.comparators import OwnComparator
from attendance.ui import show

FEW = "fewer than 10"
NOT_SHOWN = (
    "Not shown: {times} without school, and {times} with sessions for "
    f"{FEW} pupils, together with the next smallest, which would tell of them."
)
_HALF = {Session.AM: "morning", Session.PM: "afternoon"}
_WHEN = {
    Period.YEAR: "so far this year",
    Period.HALF_TERM: "this half term",
    Period.FOUR_WEEKS: "in the last 4 school weeks",
}
_PHASES = {
    "primary": "primary schools",
    "secondary": "secondary schools",
    "special": "special schools",
}


def sentence(report: AbsenceReport) -> str:
    """The figure of everybody the page is about, fit to be read aloud."""
    total, who = report.total, _who(report)
    if total.rate is None:
        return f"{who}: {FEW} pupils, so no figure is shown."
    if not _is_enough(report, total):
        return (
            f"{who}: too few sessions {_when(report)} to tell "
            f"({_sessions(total)}, to {_until(total)})."
        )
    return (
        f"{who}: {per_cent(total.rate)} of sessions missed {_when(report)} "
        f"({_sessions(total)}, to {_until(total)}); {_persistent(report, total)}."
    )


def _who(report: AbsenceReport) -> str:
    view = " (DfE-comparable view, ages 5 to 15)" if report.asked.view == View.DFE else ""
    return plain(report.who) + view


def comparisons(report: AbsenceReport) -> list[str]:
    """Last year at the same point and the national series, each in a line that names it."""
    lines = (_last_year(report), *_national(report), *_own(report))
    return [line for line in lines if line]


def _own(report: AbsenceReport) -> list[str]:
    """The school's own target, and what is private to its leaders, each with its source."""
    rate = report.total.rate
    if rate is None:
        return []
    return [
        f"**{one.title}: {one.percent:f}\u202f% attendance.** {_room(one, rate)} "
        f":gray[{plain(one.source)}.]"
        for one in report.own
    ]


def _room(one: OwnComparator, rate: float) -> str:
    over = one.points_over(rate)
    if over > 0:
        return f"{over} percentage points more are missed than it leaves room for."
    return "It is met so far."


def other_view(report: AbsenceReport, wanted: View) -> str:
    """Why a governor does not see the view that was asked for; '' when it is the one shown."""
    if report.asked.view == wanted:
        return ""
    return (
        "This is the school view: the DfE-comparable one differs from it by a few pupils only, "
        "and side by side they could tell of those pupils."
    )


def counts(report: AbsenceReport) -> list[show.Count]:
    """What the sessions missed and the pupils are made of."""
    total = report.total
    severe = f", {total.severe:,} of them half or more" if total.severe is not None else ""
    says = partial(
        define,
        view=report.asked.view,
        first_day=report.first_day,
        last_day=total.until[0],
        base=_base(total),
    )
    missed = f"missed 10\u202f% or more{severe}"
    return [
        show.Count(_number(total.pupils), "pupils", says=says("pupils")),
        show.Count(
            _number(total.missed), "sessions missed", is_strong=True, says=says("sessions_missed")
        ),
        show.Count(_number(total.authorised), "authorised", says=says("authorised_absence")),
        show.Count(_number(total.unauthorised), "unauthorised", says=says("unauthorised_absence")),
        show.Count(_number(total.persistent), missed, says=says("persistent_absence")),
    ]


def definitions(report: AbsenceReport) -> str:
    """What the two rates of the sentence count."""
    last = report.total.until[0]
    says = partial(define, view=report.asked.view, first_day=report.first_day, last_day=last)
    return f"{says('absence_rate')} {says('persistent_absence')}"


def _base(total: Figure) -> str:
    if total.possible is None or total.pupils is None:
        return ""
    return f"{total.possible:,} possible sessions of {total.pupils:,} pupils"


def _number(count: int | None) -> int | str:
    return FEW if count is None else count


def _is_enough(report: AbsenceReport, figure: Figure) -> bool:
    return figure.possible is not None and figure.possible >= report.small_base


def _sessions(figure: Figure) -> str:
    return f"{figure.missed:,} of {figure.possible:,} possible sessions"


def _until(figure: Figure) -> str:
    day, session = figure.until
    return f"the {_HALF[session]} of {day.day} {day:%B}"


def _when(report: AbsenceReport) -> str:
    first, (last, _) = report.first_day, report.total.until
    return _WHEN.get(report.asked.period, f"from {_day(first)} to {_day(last)}")


def _day(day: date) -> str:
    return f"{day.day} {day:%B}"


def _persistent(report: AbsenceReport, figure: Figure) -> str:
    """Persistent absence is a measure of a stretch of time; of a few weeks it says less."""
    name = "missed 10\u202f% or more of their sessions"
    if report.asked.period == Period.YEAR:
        name = "were persistently absent" if figure is report.before else "are persistently absent"
    if figure.persistent is None or figure.persistent_rate is None:
        return f"{FEW} pupils {name}"
    base = f"({figure.persistent:,} of {figure.pupils:,})"
    return f"{per_cent(figure.persistent_rate)} of pupils {name} {base}"


def _last_year(report: AbsenceReport) -> str:
    before = report.before
    if before is None:
        return "There is no register of last year to compare with."
    day = before.until[0]
    others = "" if report.who.startswith("Year") else " (other pupils)"
    point = f"**The same point last year**{others}, to {_until(before)} {day.year}:"
    if before.rate is None or not _is_enough(report, before):
        return f"{point} too few to tell."
    return f"{point} {per_cent(before.rate)} ({_sessions(before)}); {_persistent(report, before)}."


def _national(report: AbsenceReport) -> list[str]:
    """Year to date is held against year to date only, and the series is named."""
    found = report.national
    if found is None:
        if report.asked.cohorts:
            return ["No national figure is set against a group: they are of all pupils."]
        if report.asked.period == Period.YEAR and report.who.startswith("Year"):
            return ["No national figure for this point of the school year is known here."]
        return []
    rate = per_cent(float(found.value) / 100)
    line = f"**England, {_phase(found)}, at this time last year:** {rate} of sessions missed"
    persistent = report.national_persistent
    if persistent is not None:
        line += f"; {per_cent(float(persistent.value) / 100)} of pupils persistently absent"
    line += f". :gray[{_series(found)}]"
    if persistent is None:
        line += " :gray[No national figure for persistent absence was published by then.]"
    if report.asked.view == View.SCHOOL:
        line += " :gray[The DfE-comparable view holds like against like.]"
    return [line]


def _phase(found: Comparator) -> str:
    return _PHASES.get(found.phase, "all schools")


def _series(found: Comparator) -> str:
    published = f", published {_day(found.as_at)} {found.as_at.year}" if found.as_at else ""
    provisional = ", provisional" if found.provisional else ""
    return (
        f"DfE, Pupil attendance in schools (daily registers), {found.academic_year} "
        f"year to date{published}{provisional}; pupils aged 5 to 15."
    )
