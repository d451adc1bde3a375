"""Who may do what: the role matrix of data/reference/permissions.csv, cell by cell.

A cell is a word: 'no', or how far the role reaches ('own_form', 'own_year', 'school',
'referred' …). What each word lets a person do is decided in `attendance.core.permissions`;
this module only reads the table, and what the table does not say is 'no'.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from enum import StrEnum
from functools import cache
from pathlib import Path
from types import MappingProxyType

PERMISSIONS_FILE = Path(__file__).parents[2] / "data" / "reference" / "permissions.csv"
NO = "no"


class Role(StrEnum):
    """A column of the matrix. `title` is what people are shown."""

    TEACHER_FORM_TUTOR = "teacher_form_tutor"
    PASTORAL_DHOY = "pastoral_dhoy"
    ADMIN_STAFF = "admin_staff"
    ATTENDANCE_OFFICER = "attendance_officer"
    DSL = "dsl"
    HEADTEACHER = "headteacher"
    GOVERNOR = "governor"
    EWO_VISITOR = "ewo_visitor"
    SYSTEM_ADMIN = "system_admin"

    @property
    def title(self) -> str:  # type: ignore[override]  # nobody title-cases a role
        """The role in words, as on a badge (in the place of str.title)."""
        return _TITLES[self]


_TITLES: Mapping[Role, str] = MappingProxyType(
    {
        Role.TEACHER_FORM_TUTOR: "Form tutor",
        Role.PASTORAL_DHOY: "Deputy head of year (pastoral)",
        Role.ADMIN_STAFF: "Administrator",
        Role.ATTENDANCE_OFFICER: "Attendance officer",
        Role.DSL: "Designated safeguarding lead",
        Role.HEADTEACHER: "Headteacher",
        Role.GOVERNOR: "Governor",
        Role.EWO_VISITOR: "Education Welfare Officer",
        Role.SYSTEM_ADMIN: "System administrator",
    }
)


class Permission(StrEnum):
    """A row of the matrix."""

    SCHOOL_DASHBOARD = "P01"
    YEAR_DASHBOARD = "P02"
    FIND_PUPIL = "P03"
    PUPIL_RECORD = "P04"
    ON_TRACK = "P05"
    PATTERNS = "P06"
    ENTER_SESSION_MARK = "P07"
    ENTER_REASON_CODE = "P08"
    DECIDE_LEAVE = "P09"
    AMEND_MARK = "P10"
    PRE_ENTER_ABSENCE = "P11"
    IMPORT_MARKS = "P12"
    UNDO_IMPORT = "P13"
    SEE_SEN_FSM_EAL = "P14"
    SEE_SOCIAL_CARE = "P15"
    SEE_CHILD_PROTECTION = "P16"
    SEE_MEDICAL = "P17"
    SEE_CONTACTS = "P18"
    LOG_CONTACT = "P19"
    READ_NOTES = "P20"
    MANAGE_CASE = "P21"
    REFER_TO_EWO = "P22"
    WRITE_LETTER = "P23"
    HOLD_LETTERS = "P24"
    EVIDENCE_PACK = "P25"
    EXPORT_PUPILS = "P26"
    EXPORT_AGGREGATE = "P27"
    SEE_MARK_HISTORY = "P28"
    SEE_VIEW_LOG = "P29"
    VERIFY_AUDIT_CHAIN = "P30"
    MANAGE_USERS = "P31"
    CONFIGURE = "P32"
    BACK_UP_AND_RESTORE = "P33"
    RUN_RETENTION = "P34"
    BREAK_GLASS = "P35"
    SUBJECT_ACCESS_PACK = "P36"


def grant(role: str, permission: str) -> str:
    """The cell of the matrix for a role and a permission, as the file has it.

    'no' when either is unknown: whatever the table does not grant is refused.
    """
    return _cells().get((str(permission), str(role)), NO)


def describe(permission: Permission) -> str:
    """What the permission is about, in the words of the matrix."""
    return _rows()[permission]["action"]


@cache
def _rows() -> Mapping[str, Mapping[str, str]]:
    with PERMISSIONS_FILE.open(encoding="utf-8", newline="") as lines:
        rows = {row["permission"]: MappingProxyType(row) for row in csv.DictReader(lines)}
    return MappingProxyType(rows)


@cache
def _cells() -> Mapping[tuple[str, str], str]:
    return MappingProxyType(
        {(name, str(role)): row[role] for name, row in _rows().items() for role in Role}
    )
