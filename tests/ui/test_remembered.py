"""What was worked out once is given again only for the same registers, roles and question."""

from __future__ import annotations

import streamlit as st

from attendance.rules.roles import Role
from attendance.ui.cache import Remembered, remembered
from tests.build import person, register

OFFICER, PASTORAL = person(), person(Role.PASTORAL_DHOY, "9")


def ask(who, this, key="key", answer="new"):  # type: ignore[no-untyped-def]
    return remembered(who, (this,), key, lambda: answer)


def test_the_same_question_of_the_same_register_is_answered_once() -> None:
    st.cache_resource.clear()
    drawn = register("/\\ ")
    assert ask(OFFICER, drawn, answer="first") == "first"
    assert ask(OFFICER, drawn) == "first"
    assert ask(OFFICER, drawn, key="other") == "new"


def test_a_register_that_was_loaded_again_is_asked_again() -> None:
    st.cache_resource.clear()
    assert ask(OFFICER, register("/\\ "), answer="first") == "first"
    assert ask(OFFICER, register("/\\ ")) == "new"


def test_nobody_is_given_what_was_worked_out_for_another_role_or_scope() -> None:
    st.cache_resource.clear()
    drawn = register("/\\ ")
    assert ask(OFFICER, drawn, answer="the school") == "the school"
    assert ask(PASTORAL, drawn, answer="year 9") == "year 9"
    assert ask(person(Role.PASTORAL_DHOY, "8"), drawn, answer="year 8") == "year 8"
    assert ask(person(username="somebody else"), drawn) == "the school"


def test_the_least_recently_used_is_forgotten_first() -> None:
    kept = Remembered()
    drawn = register("/\\ ")
    for number in range(Remembered.MOST):
        kept.get((drawn,), number, lambda number=number: number)  # type: ignore[misc]
    assert kept.get((drawn,), 0, lambda: "again") == 0
    kept.get((drawn,), "one too many", lambda: 0)
    assert kept.get((drawn,), 0, lambda: "again") == 0
    assert kept.get((drawn,), 1, lambda: "again") == "again"
