"""Penalty notices to one parent for one child: which one the next would be, and what it costs.

The national framework (from 19 August 2024): the first notice in three years is the lower amount if
paid early, the second a flat amount, and after two another measure is considered. The years run
from the day the first was issued; a withdrawn notice does not count, an unpaid one does. Education
(Penalty Notices) (England) Regulations, SI 2007/1867 as amended by SI 2024/210.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from attendance.core.records import NoticeState, PenaltyNotice
from attendance.rules.limits import all_limits, limit_on

Period = tuple[PenaltyNotice, ...]


@dataclass(frozen=True, slots=True)
class NoticeStep:
    """The next notice: ``number`` 1 or 2, None where there can be none; pounds by date of issue.

    ``pounds_if_early`` is None where there is no lower amount, ``until`` the last day of the
    escalation period that holds the day, None outside one.
    """

    number: int | None
    pounds: int | None
    pounds_if_early: int | None
    until: date | None


def notice_step(notices: Iterable[PenaltyNotice], on: date) -> NoticeStep:
    """What a notice issued on a day would be, after these to the same parent for the same child.

    Raises NotInForce for a day of which no amount is known.
    """
    period = period_on((each for each in notices if each.issued_on <= on), on)
    until = last_day_of(period) if period else None
    if not period:
        early = _pounds("penalty_first_if_paid_early_pounds", on)
        return NoticeStep(1, _pounds("penalty_first_pounds", on), early, None)
    if len(period) >= most_notices(on):
        return NoticeStep(None, None, None, until)
    return NoticeStep(len(period) + 1, _pounds("penalty_second_pounds", on), None, until)


def period_on(notices: Iterable[PenaltyNotice], day: date) -> Period:
    """The notices that count in the escalation period holding a day; none outside a period.

    A notice after a period's last day starts a new one.
    """
    period: Period = ()
    for notice in sorted(filter(_counts, notices), key=lambda each: each.issued_on):
        ended = not period or notice.issued_on > last_day_of(period)
        period = (notice,) if ended else (*period, notice)
    return period if period and day <= last_day_of(period) else ()


def last_day_of(period: Period) -> date:
    """The last day of the period that its first notice began."""
    start = period[0].issued_on
    years = int(limit_on("penalty_escalation_years", start).value)
    return _years_later(start, years) - timedelta(days=1)


def most_notices(on: date) -> int:
    """How many notices there can be in a period."""
    return int(limit_on("penalty_notices_at_most", on).value)


def _counts(notice: PenaltyNotice) -> bool:
    rows = (row for row in all_limits() if row.name == "penalty_escalation_years")
    is_of_framework = any(row.is_in_force(notice.issued_on) for row in rows)
    return is_of_framework and notice.state != NoticeState.WITHDRAWN


def _years_later(day: date, years: int) -> date:
    if (day.month, day.day) == (2, 29):
        return date(day.year + years, 3, 1)
    return day.replace(year=day.year + years)


def _pounds(name: str, on: date) -> int:
    return int(limit_on(name, on).value)
