from datetime import date

import pytest

from attendance.core.amendments import MarkChange
from attendance.core.policies import check_change, check_reason, needed_permission
from attendance.core.slots import Session
from attendance.errors import AttendanceError, NotAllowed, NotFound, NotInForce, Refused
from attendance.rules.roles import Permission, Role
from tests.build import person, register

MONDAY, TUESDAY, WEDNESDAY = date(2026, 9, 7), date(2026, 9, 8), date(2026, 9, 9)
TODAY = TUESDAY


def change(code, *, expected="N", day=MONDAY, session=Session.AM, pupil_id=1):
    return MarkChange(pupil_id, day, session, expected, code)


def refusal(asked, who=None, drawn=None, today=TODAY):
    drawn = drawn or register(r"N\ /\ ", to_come=10)
    with pytest.raises(AttendanceError) as caught:
        check_change(who or person(), drawn, asked, today)
    return caught.value


def test_the_officer_can_amend_n_to_illness():
    check_change(person(), register(r"N\ /\ "), change("I"), TODAY)


def test_a_mark_is_never_taken_away():
    assert "never taken away" in str(refusal(change("-")))


@pytest.mark.parametrize("code", ["Z", "#"])
def test_a_pupil_on_roll_in_an_open_session_is_not_amended_to_z_or_closed(code):
    assert "not a mark of a pupil on roll" in str(refusal(change(code)))


def test_an_expected_mark_that_is_no_code_is_refused():
    assert "no code that a mark can have" in str(refusal(change("I", expected="QQ")))


@pytest.mark.parametrize(
    "code, day, known",
    [
        ("H", date(2024, 8, 16), True),
        ("H", date(2024, 8, 19), False),
        ("Y4", date(2024, 8, 16), False),
        ("Y4", date(2024, 8, 19), True),
    ],
)
def test_a_code_must_be_in_force_on_the_day_of_the_session(code, day, known):
    drawn = register(r"NN NN", first_day=day)
    asked = change(code, day=day)
    if known:
        check_change(person(), drawn, asked, TODAY)
    else:
        assert isinstance(refusal(asked, drawn=drawn), NotInForce)


@pytest.mark.parametrize(
    "session, wrong, right", [(Session.AM, "\\", "/"), (Session.PM, "/", "\\")]
)
def test_present_has_one_mark_in_the_morning_and_another_in_the_afternoon(session, wrong, right):
    assert f"is ‘{right}’" in str(refusal(change(wrong, session=session)))
    check_change(person(), register(r"NN"), change(right, session=session), TODAY)


def test_a_closed_day_has_no_mark_to_amend():
    assert "no session on Wednesday 16 September 2026" in str(
        refusal(change("I", day=date(2026, 9, 16), expected="-"), today=date(2026, 9, 17))
    )


def test_a_pupil_off_roll_has_no_mark_to_amend():
    drawn = register(r".. /\ ", r"/\ /\ ")
    assert "not on roll on Monday 7 September 2026, morning" in str(
        refusal(change("I", expected="-"), drawn=drawn)
    )


def test_a_pupil_who_is_not_in_the_register_is_not_found():
    assert isinstance(refusal(change("I", pupil_id=99)), NotFound)


def test_a_day_of_another_school_year_is_refused():
    asked = change("I", day=date(2025, 9, 8))
    assert "is not in the school year 2026/27" in str(refusal(asked))


@pytest.mark.parametrize("role", [Role.GOVERNOR, Role.HEADTEACHER, Role.TEACHER_FORM_TUTOR])
def test_roles_that_may_not_amend_are_refused(role):
    assert isinstance(refusal(change("I"), person(role, "9K")), NotAllowed)


def test_a_deputy_amends_their_own_year_only():
    drawn = register("NN", "NN", year_groups=[9, 10])
    deputy = person(Role.PASTORAL_DHOY, "9")
    check_change(deputy, drawn, change("I"), TODAY)
    assert isinstance(refusal(change("I", pupil_id=2), deputy, drawn), NotAllowed)


def test_an_administrator_amends_a_mark_on_its_own_day_only():
    office = person(Role.ADMIN_STAFF)
    check_change(office, register("NN"), change("I"), MONDAY)
    assert "on its own day only" in str(refusal(change("I"), office, today=TUESDAY))


def test_a_tutor_enters_a_first_mark_but_no_reason():
    tutor = person(Role.TEACHER_FORM_TUTOR, "9K")
    drawn = register(r"-\ ", r"/\ ")
    for code in ("/", "N", "L"):
        check_change(tutor, drawn, change(code, expected="-"), TODAY)
    assert isinstance(refusal(change("I", expected="-"), tutor, drawn), NotAllowed)


@pytest.mark.parametrize(
    "expected, code, permission",
    [
        ("N", "I", Permission.AMEND_MARK),
        ("-", "/", Permission.ENTER_SESSION_MARK),
        ("-", "I", Permission.ENTER_REASON_CODE),
    ],
)
def test_a_first_mark_is_entered_and_a_later_one_amended(expected, code, permission):
    assert needed_permission(change(code, expected=expected)) == permission


def test_a_session_to_come_takes_planned_absence_and_visits_but_nobody_is_present_yet():
    ahead = {"expected": "-", "day": WEDNESDAY}
    drawn = register(r"N\ /\ ", to_come=10)
    for code in ("M", "V"):
        check_change(person(), drawn, change(code, **ahead), TODAY)
    assert "still to come" in str(refusal(change("/", **ahead)))
    assert "still to come" in str(refusal(change("L", **ahead)))


def test_only_roles_that_pre_enter_absence_mark_sessions_to_come():
    deputy = person(Role.PASTORAL_DHOY, "9")
    asked = change("M", expected="-", day=WEDNESDAY)
    assert isinstance(refusal(asked, deputy), NotAllowed)


def test_x_is_refused_until_the_last_day_of_compulsory_school_age():
    drawn = register(r"N\ ", born=[date(2011, 9, 1)])
    assert "until 30 June 2028" in str(refusal(change("X"), drawn=drawn))


def test_x_is_taken_for_a_sixth_former_and_where_no_birth_date_is_known():
    for born in (date(2009, 10, 1), None):
        check_change(person(), register(r"N\ ", born=[born]), change("X"), TODAY)


@pytest.mark.parametrize("reason", ["", "   ", "ok", "x" * 501])
def test_a_reason_that_says_nothing_or_runs_on_is_refused(reason):
    with pytest.raises(Refused):
        check_reason(reason)


def test_a_reason_is_kept_without_stray_spaces():
    assert check_reason("  Parent  rang\n8:40 ") == "Parent rang 8:40"
    assert check_reason("x" * 500) == "x" * 500
