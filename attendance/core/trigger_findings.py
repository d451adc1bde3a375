"""What a trigger found of a pupil, and the words for the rule it rests on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache, lru_cache

from attendance.core.timeline import Marked
from attendance.errors import NotInForce
from attendance.rules.limits import OWN_CHOICE, Limit, limit_on

# In the order in which a pupil's findings are listed.
TRIGGERS = (
    "unresolved_n", "overdue_n", "consecutive_absence", "penalty_threshold", "third_notice",
    "attendance_return", "sickness_first_warning", "sickness_second_warning", "sickness_return",
    "continuous_absence", "leave_overrun", "persistent_absence", "severe_absence",
    "back_under_10", "repeated_lateness", "present_then_absent", "sudden_change",
    "siblings_absent", "absent_social_worker", "absent_yot_worker", "part_time_review",
)  # fmt: skip

OWN_SETTING = "The school's own threshold, see Settings (own choice)"


@dataclass(frozen=True, slots=True)
class Finding:
    """One trigger met by one pupil.

    ``since`` is the first day concerned, ``due`` when something has to be done by, ``met_on`` when
    the rule was met, the window the days counted over, ``sessions`` the marks it rests on in order
    of time; ``rule`` names the authority and ``says`` is a sentence for the officer.
    """

    pupil_id: int
    trigger: str
    since: date
    due: date | None
    met_on: date | None
    window_from: date | None
    window_to: date | None
    sessions: tuple[Marked, ...]
    rule: str
    says: str


def found_limit(name: str, day: date) -> Limit | None:
    """The limit of that name on a day, None when there was none."""
    try:
        return limit_on(name, day)
    except NotInForce:
        return None


def whole(limit: Limit) -> int:
    """A limit's value; all that triggers ask for are whole numbers."""
    return int(limit.value)


@cache
def rule_of(limit: Limit) -> str:
    """The authority, with a warning where it is not the law or was not read in its source."""
    notes = {OWN_CHOICE: " (own choice)", "unverified": " (not verified)"}
    return limit.authority + notes.get(limit.confidence, "")


@lru_cache(maxsize=2000)
def in_words(day: date) -> str:
    """9 September 2026."""
    return f"{day:%-d %B %Y}"


def counted(number: int, thing: str) -> str:
    """'1 session', '2 sessions'."""
    return f"{number} {thing}" if number == 1 else f"{number} {thing}s"
