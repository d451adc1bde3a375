"""Every table, in one metadata. The migrations make them; a test holds the two together."""

from __future__ import annotations

from attendance.store.tables.base import UtcDateTime, metadata
from attendance.store.tables.imports import import_batch, import_conflict
from attendance.store.tables.pupils import characteristic, contact, enrolment, placement, pupil
from attendance.store.tables.records import (
    expected_absence,
    leave_of_absence,
    part_time_plan,
    penalty_notice,
    setting,
)
from attendance.store.tables.registers import (
    amendment,
    code_symbol,
    mark_detail,
    register_line,
)
from attendance.store.tables.schools import closure, school, school_seq, school_year, term
from attendance.store.tables.users import (
    event,
    sign_in_ticket,
    user_account,
    user_role,
    web_session,
)

__all__ = [
    "UtcDateTime",
    "amendment",
    "characteristic",
    "closure",
    "code_symbol",
    "contact",
    "enrolment",
    "event",
    "expected_absence",
    "import_batch",
    "import_conflict",
    "leave_of_absence",
    "mark_detail",
    "metadata",
    "part_time_plan",
    "penalty_notice",
    "placement",
    "pupil",
    "register_line",
    "school",
    "school_seq",
    "school_year",
    "setting",
    "sign_in_ticket",
    "term",
    "user_account",
    "user_role",
    "web_session",
]
