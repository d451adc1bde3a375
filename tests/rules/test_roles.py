import csv

import pytest

from attendance.rules.roles import NO, PERMISSIONS_FILE, Permission, Role, describe, grant

NOT_PUPIL_DATA = {"P30", "P31", "P32", "P33", "P34", "P35"}


def rows():
    with PERMISSIONS_FILE.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def test_the_file_has_one_row_for_every_permission_and_no_others():
    assert [row["permission"] for row in rows()] == [str(one) for one in Permission]
    assert len(Permission) == 36


@pytest.mark.parametrize("permission", Permission)
def test_every_permission_has_a_cell_for_every_role(permission):
    row = next(row for row in rows() if row["permission"] == permission)
    for role in Role:
        assert row[role] == row[role].strip() != ""
        assert grant(role, permission) == row[role]
    assert describe(permission) == row["action"] != ""


def test_a_column_that_is_no_role_would_be_noticed():
    columns = set(rows()[0]) - {"permission", "area", "action", "notes"}
    assert columns == {str(role) for role in Role}


@pytest.mark.parametrize(
    "role, permission",
    [
        ("caretaker", "P01"),
        (Role.ATTENDANCE_OFFICER, "P99"),
        ("", ""),
        ("area", "P01"),
        ("notes", "P07"),
        ("Attendance_Officer", "P10"),
    ],
)
def test_whatever_the_table_does_not_grant_is_refused(role, permission):
    assert grant(role, permission) == NO == "no"


@pytest.mark.parametrize(
    "role, permission, cell",
    [
        (Role.ATTENDANCE_OFFICER, Permission.AMEND_MARK, "school"),
        (Role.PASTORAL_DHOY, Permission.AMEND_MARK, "own_year_reason_required"),
        (Role.HEADTEACHER, Permission.AMEND_MARK, "no"),
        (Role.TEACHER_FORM_TUTOR, Permission.ENTER_SESSION_MARK, "own_class"),
        (Role.TEACHER_FORM_TUTOR, Permission.ON_TRACK, "own_form_band_only"),
        (Role.ADMIN_STAFF, Permission.FIND_PUPIL, "school_today_only"),
        (Role.ATTENDANCE_OFFICER, Permission.IMPORT_MARKS, "school"),
        (Role.GOVERNOR, Permission.SCHOOL_DASHBOARD, "school_suppressed"),
        (Role.EWO_VISITOR, Permission.PUPIL_RECORD, "referred"),
        (Role.DSL, Permission.SEE_CHILD_PROTECTION, "school"),
        (Role.SYSTEM_ADMIN, Permission.MANAGE_USERS, "propose"),
    ],
)
def test_the_cell_is_the_word_in_the_file(role, permission, cell):
    assert grant(role, permission) == cell


def test_a_governor_and_a_system_administrator_reach_no_named_pupil():
    for permission in ("P03", "P04", "P05", "P07", "P08", "P10", "P17", "P18", "P20", "P26", "P28"):
        assert grant(Role.GOVERNOR, permission) == NO
        assert grant(Role.SYSTEM_ADMIN, permission) == NO


def test_a_system_administrator_has_nothing_outside_administration():
    granted = {str(p) for p in Permission if grant(Role.SYSTEM_ADMIN, p) != NO}
    assert granted <= NOT_PUPIL_DATA


def test_nobody_both_recommends_and_decides_an_absence():
    cells = [grant(role, Permission.DECIDE_LEAVE) for role in Role]
    assert sorted(cell for cell in cells if cell != NO) == ["decide", "recommend"]


def test_roles_are_shown_in_words():
    assert {role.value: role.title for role in Role} == {
        "teacher_form_tutor": "Form tutor",
        "pastoral_dhoy": "Deputy head of year (pastoral)",
        "admin_staff": "Administrator",
        "attendance_officer": "Attendance officer",
        "dsl": "Designated safeguarding lead",
        "headteacher": "Headteacher",
        "governor": "Governor",
        "ewo_visitor": "Education Welfare Officer",
        "system_admin": "System administrator",
    }
