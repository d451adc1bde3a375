import pytest

from attendance.core.permissions import (
    _FAR,
    Reach,
    allows,
    check,
    check_pupil,
    is_suppressed,
    is_whole_school,
    reach,
    visible,
    with_reach,
)
from attendance.errors import NotAllowed
from attendance.rules.roles import Permission, Role, grant
from tests.build import person, roll

PUPILS = roll(4, year_groups=[9, 9, 10, 11], forms=["9K", "9L", "10A", "11B"])


def seen(who, permission=Permission.PUPIL_RECORD):
    return visible(who, permission, PUPILS).tolist()


def test_the_officer_reaches_every_pupil():
    assert seen(person(Role.ATTENDANCE_OFFICER)) == [True] * 4


def test_a_deputy_head_of_year_reaches_only_their_own_year():
    assert seen(person(Role.PASTORAL_DHOY, "9")) == [True, True, False, False]
    assert seen(person(Role.PASTORAL_DHOY, "10", "11")) == [False, False, True, True]


def test_a_scope_of_year_1_does_not_reach_years_10_and_11():
    assert seen(person(Role.PASTORAL_DHOY, "1")) == [False] * 4


def test_a_form_tutor_reaches_only_their_own_form():
    assert seen(person(Role.TEACHER_FORM_TUTOR, "9K")) == [True, False, False, False]


def test_in_last_years_register_own_year_is_of_those_who_are_in_it_now():
    this_year = roll(3, year_groups=[10, 9, 9], forms=["10A", "9K", "9L"])
    last_year = with_reach(
        roll(4, year_groups=[9, 8, 8, 9], forms=["9K", "8K", "8L", "9K"]), this_year
    )
    for who in (person(Role.PASTORAL_DHOY, "9"), person(Role.TEACHER_FORM_TUTOR, "9K", "9L")):
        assert visible(who, Permission.PUPIL_RECORD, last_year).tolist() == [
            False,
            True,
            True,
            False,
        ]
    deputy = person(Role.PASTORAL_DHOY, "9")
    assert visible(deputy, Permission.YEAR_DASHBOARD, last_year).tolist() == [
        True,
        False,
        False,
        True,
    ]


def test_a_person_whose_scope_is_empty_reaches_nobody():
    assert seen(person(Role.PASTORAL_DHOY)) == [False] * 4
    assert seen(person(Role.TEACHER_FORM_TUTOR)) == [False] * 4


def test_a_visiting_ewo_reaches_only_referred_pupils():
    from dataclasses import replace

    visitor = person(Role.EWO_VISITOR)
    assert seen(visitor) == [False] * 4
    assert seen(replace(visitor, referred=frozenset({3}))) == [False, False, True, False]


@pytest.mark.parametrize("role", [Role.GOVERNOR, Role.SYSTEM_ADMIN, Role.ADMIN_STAFF])
def test_some_roles_reach_no_pupils_record(role):
    assert seen(person(role)) == [False] * 4
    assert not allows(person(role), Permission.PUPIL_RECORD)


def test_several_roles_add_up():
    from dataclasses import replace

    both = replace(
        person(Role.PASTORAL_DHOY, "11"),
        roles=frozenset({Role.PASTORAL_DHOY, Role.TEACHER_FORM_TUTOR}),
        scopes={Role.PASTORAL_DHOY: frozenset({"11"}), Role.TEACHER_FORM_TUTOR: frozenset({"9K"})},
    )
    assert seen(both) == [True, False, False, True]


def test_a_person_without_a_role_may_do_nothing():
    from dataclasses import replace

    nobody = replace(person(), roles=frozenset(), scopes={})
    assert not any(allows(nobody, permission) for permission in Permission)
    assert not is_suppressed(nobody, Permission.SCHOOL_DASHBOARD)


def test_any_one_of_several_permissions_is_enough():
    governor = person(Role.GOVERNOR)
    assert allows(governor, Permission.PUPIL_RECORD, Permission.SCHOOL_DASHBOARD)


def test_a_refusal_names_the_roles_that_may():
    with pytest.raises(NotAllowed, match="These do: Attendance officer"):
        check(person(Role.GOVERNOR), Permission.IMPORT_MARKS)


def test_a_pupil_outside_the_scope_is_refused_and_one_inside_is_not():
    deputy = person(Role.PASTORAL_DHOY, "9")
    check_pupil(deputy, Permission.AMEND_MARK, PUPILS, 0)
    with pytest.raises(NotAllowed, match="outside the year groups and forms"):
        check_pupil(deputy, Permission.AMEND_MARK, PUPILS, 2)


def test_only_governors_see_aggregates_with_small_groups_hidden():
    assert is_suppressed(person(Role.GOVERNOR), Permission.SCHOOL_DASHBOARD)
    assert not is_suppressed(person(Role.HEADTEACHER), Permission.SCHOOL_DASHBOARD)


def test_whole_school_reach_is_told_from_own_year():
    assert is_whole_school(person(Role.DSL), Permission.ON_TRACK)
    assert not is_whole_school(person(Role.PASTORAL_DHOY, "9"), Permission.ON_TRACK)


@pytest.mark.parametrize(
    "role, permission, far",
    [
        (Role.ATTENDANCE_OFFICER, Permission.SEE_SOCIAL_CARE, Reach.NOTHING),
        (Role.DSL, Permission.SEE_SOCIAL_CARE, Reach.SCHOOL),
        (Role.HEADTEACHER, Permission.SEE_CHILD_PROTECTION, Reach.NOTHING),
        (Role.EWO_VISITOR, Permission.SEE_SEN_FSM_EAL, Reach.NOTHING),
        (Role.PASTORAL_DHOY, Permission.REFER_TO_EWO, Reach.OWN_YEAR),
        (Role.PASTORAL_DHOY, Permission.SEE_MEDICAL, Reach.NOTHING),
        (Role.SYSTEM_ADMIN, Permission.BACK_UP_AND_RESTORE, Reach.SCHOOL),
        (Role.TEACHER_FORM_TUTOR, Permission.IMPORT_MARKS, Reach.NOTHING),
        (Role.SYSTEM_ADMIN, Permission.BREAK_GLASS, Reach.NOTHING),
    ],
)
def test_words_of_the_matrix_reach_as_far_as_they_say(role, permission, far):
    assert reach(role, permission) == far


@pytest.mark.parametrize("word", ["", "whole_school", "schools", "own_years", "yes", "NO", "admin"])
def test_a_word_that_nobody_has_given_a_meaning_reaches_nothing(word, monkeypatch):
    monkeypatch.setattr("attendance.core.permissions.grant", lambda role, permission: word)
    assert all(reach(role, Permission.PUPIL_RECORD) == Reach.NOTHING for role in Role)


def test_every_word_of_the_table_has_a_meaning():
    words = {grant(role, permission) for role in Role for permission in Permission}
    assert words <= set(_FAR)


def test_a_permission_that_no_role_holds_says_so(monkeypatch):
    monkeypatch.setattr("attendance.core.permissions.grant", lambda role, permission: "no")
    with pytest.raises(NotAllowed, match="No role may do this"):
        check(person(), Permission.AMEND_MARK)
