"""What a school may set for itself: each setting's name, words, unit, default and limits.

A setting can only be local or stricter than the law; the law's own figures are in limits.csv.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date
from decimal import Decimal, InvalidOperation

from attendance.core.records import TriggerSettings
from attendance.errors import Refused


@dataclass(frozen=True, slots=True)
class Definition:
    """One thing a school may set; ``default`` None: not set until somebody sets it."""

    name: str
    title: str
    unit: str
    default: Decimal | None
    lowest: Decimal
    highest: Decimal
    decimals: int
    help: str


@dataclass(frozen=True, slots=True)
class Setting:
    """A setting as it stands on a day; ``value`` None is not set. Who and when is '' and None for
    the program's own default."""

    definition: Definition
    value: Decimal | None
    source: str = "Attendance Desk’s own default"
    valid_from: date | None = None
    review_on: date | None = None
    set_by: str = ""

    def is_overdue(self, day: date) -> bool:
        """The day on which the school meant to look at it again has passed."""
        return self.review_on is not None and self.review_on < day


def _whole(name: str, title: str, unit: str, highest: int, words: str) -> Definition:
    default = Decimal(getattr(TriggerSettings(), name))
    return Definition(name, title, unit, default, Decimal(1), Decimal(highest), 0, words)


TARGET = "target_attendance_percent"
BASELINE = "baseline_expectation_percent"

DEFINITIONS: tuple[Definition, ...] = (
    Definition(
        TARGET, "The school’s attendance target", "per cent", None, Decimal(50), Decimal(100), 1,
        "Shown beside the figures as ‘school target’. No law sets one.",
    ),
    Definition(
        BASELINE, "DfE baseline improvement expectation", "per cent", None, Decimal(50),
        Decimal(100), 1,
        "The figure that DfE sent the school. Private: shown to leaders, never to governors.",
    ),
    _whole("lateness_sessions", "Repeated lateness: late marks", "sessions", 50,
           "L and U together, in the weeks below."),
    _whole("lateness_school_weeks", "Repeated lateness: counted over", "school weeks", 40,
           "The latest school weeks."),
    _whole("present_then_absent_days", "In for the morning, absent in the afternoon: days", "days",
           40, "In the weeks below."),
    _whole("present_then_absent_school_weeks", "In, then absent: counted over", "school weeks", 40,
           "The latest school weeks."),
    _whole("change_recent_weeks", "Sudden change: the latest weeks", "school weeks", 12,
           "Compared with the weeks before them."),
    _whole("change_baseline_weeks", "Sudden change: compared with the weeks before", "school weeks",
           40, "The pupil’s own record."),
    _whole("change_points", "Sudden change: more absence by", "percentage points", 100,
           "Of the pupil’s own possible sessions."),
)  # fmt: skip
BY_NAME: Mapping[str, Definition] = {each.name: each for each in DEFINITIONS}


def definition_of(name: str) -> Definition:
    """Raises Refused for a name that nobody has defined."""
    if name not in BY_NAME:
        raise Refused(f"There is no setting called {name}. Choose one of {', '.join(BY_NAME)}.")
    return BY_NAME[name]


def value_of(definition: Definition, text: str) -> Decimal | None:
    """The number in what somebody typed, None for nothing; Refused when it does not fit."""
    words = text.strip().removesuffix("%").strip()
    if not words:
        return None
    try:
        value = Decimal(words)
    except InvalidOperation:
        raise Refused(f"{definition.title}: {text.strip()!r} is not a number.") from None
    fits = value.is_finite() and definition.lowest <= value <= definition.highest
    if not fits or value != round(value, definition.decimals):
        places = " with one decimal at most" if definition.decimals else ", a whole number"
        raise Refused(
            f"{definition.title}: give {definition.lowest} to {definition.highest} "
            f"{definition.unit}{places}."
        )
    return value


def trigger_settings(settings: Mapping[str, Setting]) -> TriggerSettings:
    """The thresholds that the triggers take, out of all settings."""
    names = [field.name for field in fields(TriggerSettings)]
    set_here = {n: settings[n].value for n in names if n in settings}
    return TriggerSettings(**{n: int(v) for n, v in set_here.items() if v is not None})
