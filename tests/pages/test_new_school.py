"""A school that is set up and has no register yet: each page says where to begin."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from streamlit.testing.v1 import AppTest

from attendance.rules.roles import Role
from attendance.services import setup
from attendance.services.accounts import NewUser
from tests.screens import Screens, words

NOW = datetime(2026, 11, 24, 10, 12, tzinfo=UTC)


@pytest.fixture
def new_school(empty_screens: Screens) -> Screens:
    people = [
        NewUser("officer", "Olive Testcase", "Officer", "three-odd-words-here",
                Role.ATTENDANCE_OFFICER),
        NewUser("head", "Hal Testcase", "Head", "three-odd-words-here", Role.HEADTEACHER),
    ]  # fmt: skip
    setup.create_school(
        empty_screens.engine,
        name="New School", urn="999002", phase="secondary", people=people, now=NOW,
    )  # fmt: skip
    return empty_screens


def links(page: AppTest) -> list[str]:
    return [one.proto.label for one in page.get("page_link")]


@pytest.mark.parametrize("stem", ["today", "register", "pupil", "on_track", "referrals"])
def test_the_officer_is_shown_the_way_to_imports(new_school: Screens, stem: str) -> None:
    page = new_school.of("officer").open(stem)
    assert not page.exception
    assert "Go to Imports" in links(page)
    assert not page.text_input and not page.multiselect


@pytest.mark.parametrize("stem", ["register", "pupil", "referrals"])
def test_whoever_imports_nothing_is_told_kindly_and_sent_nowhere(
    new_school: Screens, stem: str
) -> None:
    page = new_school.of("head").open(stem)
    assert not page.exception
    assert "No register" in words(page)
    assert links(page) == []
