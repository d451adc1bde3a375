"""The clock of the screens: read here, at the edge, and handed inwards."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from attendance.services.clock import now

__all__ = ["LONDON", "day_in_words", "now", "time_in_words", "today"]

LONDON = ZoneInfo("Europe/London")


def today() -> date:
    """The school's date."""
    return now().astimezone(LONDON).date()


def time_in_words(moment: datetime) -> str:
    """`8:55 am`, in London."""
    there = moment.astimezone(LONDON)
    return f"{there:%I:%M}".lstrip("0") + (" am" if there.hour < 12 else " pm")


def day_in_words(day: date) -> str:
    """`Friday 20 November 2026`."""
    return f"{day:%A} {day.day} {day:%B %Y}"
