"""When the school's two registers open and close: a school's own choice, within the guidance.

Working together to improve school attendance: a register stays open for the same length of time
at every session, and for no more than the limit ``register_open_minutes``.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time

from attendance.errors import Refused
from attendance.rules.limits import limit_on


@dataclass(frozen=True, slots=True)
class RegisterTimes:
    """Clock times in London; a pupil who comes after ``closes`` is absent for the session."""

    am_opens: time
    am_closes: time
    pm_opens: time
    pm_closes: time


USUAL = RegisterTimes(time(8, 30), time(8, 55), time(13, 0), time(13, 25))


def check_times(times: RegisterTimes, on: date) -> None:
    """Raise Refused, saying what to change, unless the times keep to the guidance of a day."""
    most = int(limit_on("register_open_minutes", on).value)
    lengths = []
    for half, opens, closes in _halves(times):
        length = _minutes(closes) - _minutes(opens)
        if length <= 0:
            raise Refused(f"The {half} register closes before it opens: correct its times.")
        if length > most:
            raise Refused(
                f"The {half} register would be open for {length} minutes. "
                f"It may be open for {most} at most: bring the closing time forward."
            )
        lengths.append(length)
    if times.pm_opens <= times.am_closes:
        raise Refused("The afternoon register opens before the morning one has closed.")
    if lengths[0] != lengths[1]:
        raise Refused(
            f"The morning register would be open for {lengths[0]} minutes and the afternoon "
            f"one for {lengths[1]}. Both are open for the same length of time."
        )


def _halves(times: RegisterTimes) -> tuple[tuple[str, time, time], ...]:
    return (
        ("morning", times.am_opens, times.am_closes),
        ("afternoon", times.pm_opens, times.pm_closes),
    )


def _minutes(clock: time) -> int:
    return clock.hour * 60 + clock.minute
