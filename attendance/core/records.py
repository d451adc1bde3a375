"""What staff have recorded about pupils beside their marks, and the school's own thresholds."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class NoticeState(StrEnum):
    """What became of a penalty notice; only a withdrawn one does not count towards the next."""

    ISSUED = "issued"
    PAID = "paid"
    UNPAID = "unpaid"
    PROSECUTED = "prosecuted"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class Leave:
    """Leave of absence that was granted, both days included, and its code (C, C1, S …)."""

    pupil_id: int
    first_day: date
    last_day: date
    code: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class ExpectedAbsence:
    """How long an absence is thought to last, as noted on a day: illness (I) as a rule."""

    pupil_id: int
    first_day: date
    last_day: date
    code: str
    noted_on: date
    note: str = ""


@dataclass(frozen=True, slots=True)
class PartTimePlan:
    """An agreed part-time timetable and the day on which it is to be looked at again."""

    pupil_id: int
    first_day: date
    review_on: date
    last_day: date | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class PenaltyNotice:
    """A penalty notice to one parent for one pupil."""

    pupil_id: int
    parent: str
    issued_on: date
    state: NoticeState
    note: str = ""


Record = Leave | ExpectedAbsence | PartTimePlan | PenaltyNotice


@dataclass(frozen=True, slots=True)
class Records:
    """All that the triggers ask for beside the marks; the two sets as true on the day asked."""

    leaves: tuple[Leave, ...] = ()
    expected_absences: tuple[ExpectedAbsence, ...] = ()
    part_time_plans: tuple[PartTimePlan, ...] = ()
    penalty_notices: tuple[PenaltyNotice, ...] = ()
    social_worker: frozenset[int] = frozenset()
    yot_worker: frozenset[int] = frozenset()

    @property
    def each(self) -> tuple[Record, ...]:
        """Every record, kind by kind."""
        return (
            *self.leaves, *self.expected_absences, *self.part_time_plans, *self.penalty_notices,
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class TriggerSettings:
    """The school's own thresholds, where no law gives one; changed on the page Settings."""

    lateness_sessions: int = 5
    lateness_school_weeks: int = 4
    present_then_absent_days: int = 2
    present_then_absent_school_weeks: int = 4
    change_recent_weeks: int = 2
    change_baseline_weeks: int = 10
    change_points: int = 30
