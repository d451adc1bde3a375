import pytest

from attendance.core.people import Person
from attendance.core.scopes import listed, scope_in_words
from attendance.rules.roles import Permission, Role
from tests.build import person


@pytest.mark.parametrize(
    "who, words",
    [
        (person(Role.ATTENDANCE_OFFICER), ""),
        (person(Role.PASTORAL_DHOY, "9"), "Year 9"),
        (person(Role.PASTORAL_DHOY, "10", "8", "9"), "Years 8, 9 and 10"),
        (person(Role.TEACHER_FORM_TUTOR, "9K"), "9K"),
        (person(Role.TEACHER_FORM_TUTOR), "no pupils yet"),
        (person(Role.PASTORAL_DHOY), "no pupils yet"),
        (person(Role.EWO_VISITOR), "those referred to you"),
        (person(Role.GOVERNOR), "no pupils yet"),
    ],
)
def test_the_pupils_a_person_reaches_are_named_as_the_school_names_them(who, words):
    assert scope_in_words(who, Permission.LOG_CONTACT) == words


def test_a_head_of_year_who_is_also_a_tutor_reaches_both():
    both = Person(
        "pat", "Pat Invented", "Teacher", 1,
        frozenset({Role.PASTORAL_DHOY, Role.TEACHER_FORM_TUTOR}),
        {Role.PASTORAL_DHOY: frozenset({"9"}), Role.TEACHER_FORM_TUTOR: frozenset({"7B"})},
    )  # fmt: skip
    assert scope_in_words(both, Permission.LOG_CONTACT) == "Year 9 and 7B"


def test_names_are_listed_with_an_and():
    assert [listed([]), listed(["7"]), listed(["7", "8"])] == ["", "7", "7 and 8"]
