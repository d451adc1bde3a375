"""An empty database: the demo school, or one's own within minutes."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from attendance.rules.roles import Role
from attendance.services import accounts, setup, sign_in
from attendance.store import schools
from attendance.store.engine import read
from attendance.ui.clock import now
from tests.screens import Screens, words

PASSWORD = "plum kettle ladder frost"
ANSWERS = {
    "school_name": "Madeup Primary",
    "urn": "999003",
    "officer_name": "Olive Testwick",
    "officer_username": "olive",
    "officer_password": PASSWORD,
    "officer_again": PASSWORD,
    "manager_name": "Hugo Sampleton",
    "manager_position": "Headteacher",
    "manager_username": "hugo",
    "manager_password": PASSWORD,
    "manager_again": PASSWORD,
}


def set_up(screens: Screens, **changes: str) -> AppTest:
    """The set-up form, filled in and sent."""
    page = screens.main()
    page = page.button(key="set_up").click().run()
    for key, value in {**ANSWERS, **changes}.items():
        page.text_input(key=key).input(value)
    return page.button[0].click().run()


def test_a_school_is_set_up_with_its_terms_and_two_accounts_and_the_officer_signed_in(
    empty_screens: Screens,
) -> None:
    page = set_up(empty_screens)
    assert not page.exception and not page.error
    with read(empty_screens.engine) as tx:
        school = schools.list_schools(tx)[0]
        calendar = schools.load_calendar(tx, school.id, setup.school_year_of(now().date()))
    assert (school.name, school.urn, school.is_demo) == ("Madeup Primary", "999003", False)
    assert len(calendar.terms) == 6
    found = accounts.list_users(empty_screens.engine, None)
    assert {one.person.username: set(one.person.roles) for one in found} == {
        "olive": {Role.ATTENDANCE_OFFICER},
        "hugo": {Role.HEADTEACHER},
    }
    assert sign_in.is_password_of(empty_screens.engine, "hugo", PASSWORD, now())
    assert any("/auth/open" in html.proto.body for html in page.get("html"))


def refused(screens: Screens, **changes: str) -> str:
    """What the form says; nothing may have been saved."""
    page = set_up(screens, **changes)
    assert setup.is_empty(screens.engine)
    return "\n".join(error.value for error in page.error)


def test_a_urn_that_is_not_six_digits_is_refused(empty_screens: Screens) -> None:
    assert "six digits" in refused(empty_screens, urn="99900")


def test_a_weak_first_password_is_refused_before_anything_is_saved(empty_screens: Screens) -> None:
    weak = {"manager_password": "short", "manager_again": "short"}
    assert "12 to 72" in refused(empty_screens, **weak)


def test_two_passwords_that_differ_are_refused(empty_screens: Screens) -> None:
    assert "differ" in refused(empty_screens, officer_again=PASSWORD + "!")


def test_a_school_without_a_name_is_refused(empty_screens: Screens) -> None:
    assert "name of the school" in refused(empty_screens, school_name="  ")


def test_one_click_makes_the_demo_school_and_shows_its_accounts(
    empty_screens: Screens, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = setup.create_demo
    monkeypatch.setattr(setup, "create_demo", lambda *args, **kw: whole(*args, **kw, pupils=150))
    page = empty_screens.main().button(key="try_demo").click().run()
    assert not page.exception
    assert "This is the demo school" in words(page)
    assert not setup.is_empty(empty_screens.engine)
