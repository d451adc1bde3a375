"""The frame: who gets in, what stands in the head, and where the bare address leads."""

from __future__ import annotations

from datetime import timedelta

import pytest

from attendance.core.people import Person
from attendance.rules.roles import Role
from attendance.services import accounts, sign_in
from attendance.ui import index
from attendance.ui.clock import now
from tests.screens import Screens, words


def stems_for(*roles: Role) -> list[str]:
    person = Person("pat.testwick", "Pat Testwick", "Tester", 1, frozenset(roles))
    return [one.stem for one in index.pages_for(person)]


def test_the_officer_sees_every_page_but_users() -> None:
    everything = [one.stem for one in index.INDEX]
    assert stems_for(Role.ATTENDANCE_OFFICER) == [one for one in everything if one != "users"]


def test_a_governor_sees_figures_and_rules_and_no_pupil() -> None:
    assert stems_for(Role.GOVERNOR) == ["absence", "rules_in_force"]


def test_the_system_administrator_sees_no_pupil() -> None:
    assert stems_for(Role.SYSTEM_ADMIN) == ["rules_in_force", "settings", "users"]


def test_an_account_without_a_role_sees_only_what_everybody_may() -> None:
    assert stems_for() == ["rules_in_force"]


def test_the_head_of_a_page_says_school_role_and_person(screens: Screens) -> None:
    page = screens.of("head").open("users")
    head = words(page)
    assert "# Users" in head
    assert "**Larkspur Fictional Academy**" in head
    assert "Headteacher" in head and "**Dr Idris Moonraker**" in head


def test_the_demo_says_on_every_page_that_it_is_one(screens: Screens) -> None:
    assert "Demo: all invented" in words(screens.of("head").open("users"))


def test_signed_out_the_bare_address_is_the_sign_in_form(screens: Screens) -> None:
    page = screens.of(None).main()
    assert not page.exception
    assert [box.label for box in page.text_input] == ["Username", "Password"]


def test_the_demo_lists_an_account_for_each_role_on_the_sign_in_page(screens: Screens) -> None:
    page = screens.of(None).main()
    assert accounts.DEMO_PASSWORD in words(page)
    assert [button.label for button in page.button].count("Open") == len(Role)


def test_a_wrong_password_is_said_without_saying_which_was_wrong(screens: Screens) -> None:
    page = screens.of(None).main()
    page.text_input[0].input("officer")
    page.text_input[1].input("not the password at all")
    page = page.button[0].click().run()
    assert "do not belong together" in words(page)


def test_the_right_password_hands_the_browser_a_ticket(screens: Screens) -> None:
    page = screens.of(None).main()
    page.text_input[0].input("officer")
    page.text_input[1].input(accounts.DEMO_PASSWORD)
    page = page.button[0].click().run()
    assert not page.exception
    assert not page.error
    assert any("/auth/open" in html.proto.body for html in page.get("html"))


def test_a_role_that_is_taken_away_is_felt_at_the_next_rerun(screens: Screens) -> None:
    page = screens.of("head").open("users")
    assert page.dataframe
    accounts.set_role(screens.engine, None, "head", Role.GOVERNOR, "", now())
    page = page.run()
    assert "Your role does not open this page" in words(page)
    assert not page.dataframe


@pytest.mark.parametrize("forged", ["", "x", "officer", "'; drop table pupil; --", "\u2028" * 50])
def test_a_forged_token_is_simply_signed_out(screens: Screens, forged: str) -> None:
    screens.token = forged
    page = screens.open("users")
    assert not page.exception
    assert [box.label for box in page.text_input] == ["Username", "Password"]


def test_signing_out_ends_the_session_in_the_database(screens: Screens) -> None:
    page = screens.of("head").open("users")
    page.sidebar.button[0].click().run()
    assert screens.token is not None
    assert sign_in.person_of(screens.engine, screens.token, now() + timedelta(seconds=1)) is None
