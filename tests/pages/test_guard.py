"""Every page begins with the guard, and the guard holds."""

from __future__ import annotations

import ast

import pytest
from streamlit.testing.v1 import AppTest

from attendance.services import accounts
from attendance.ui.index import INDEX, may_open
from tests.screens import PAGES, Screens, words

STEMS = [one.stem for one in INDEX]
FILES = sorted(PAGES.glob("*.py"))


def test_every_page_of_the_index_has_its_file_and_every_file_its_place_in_the_index() -> None:
    assert sorted(STEMS) == [file.stem for file in FILES]


@pytest.mark.parametrize("stem", STEMS)
def test_the_first_statement_of_a_page_is_its_guard(stem: str) -> None:
    body = ast.parse((PAGES / f"{stem}.py").read_text(encoding="utf-8")).body
    statements = [one for one in body if not _is_docstring_or_import(one)]
    assert ast.unparse(statements[0]).startswith(f"person = open_page('{stem}'")


def _is_docstring_or_import(one: ast.stmt) -> bool:
    is_docstring = isinstance(one, ast.Expr) and isinstance(one.value, ast.Constant)
    return is_docstring or isinstance(one, ast.Import | ast.ImportFrom)


@pytest.mark.parametrize("stem", STEMS)
def test_signed_out_a_page_is_nothing_but_the_sign_in_form(screens: Screens, stem: str) -> None:
    page = screens.of(None).open(stem)
    assert not page.exception
    assert [box.label for box in page.text_input] == ["Username", "Password"]
    assert not page.dataframe
    assert not page.sidebar.button


@pytest.mark.parametrize("stem", STEMS)
def test_in_an_empty_database_a_page_is_nothing_but_the_two_choices(
    empty_screens: Screens, stem: str
) -> None:
    page = empty_screens.open(stem)
    assert not page.exception
    assert [button.label for button in page.button] == ["Try the demo school", "Set up your school"]


@pytest.mark.parametrize(
    "stem, username",
    [
        ("today", "governor"),
        ("register", "governor"),
        ("pupil", "itadmin"),
        ("on_track", "admin"),
        ("absence", "ewo"),
        ("referrals", "tutor"),
        ("imports", "dsl"),
        ("users", "officer"),
    ],
)
def test_a_role_that_does_not_open_a_page_is_told_so(
    screens: Screens, stem: str, username: str
) -> None:
    page = screens.of(username).open(stem)
    assert "Your role does not open this page" in words(page)
    assert not page.dataframe
    assert [button.label for button in page.main.button] == []
    first = next(one for one in INDEX if one.title == _link(page))
    assert may_open(accounts.find_person(screens.engine, username), first)


def _link(page: AppTest) -> str:
    """Where a page that is closed to somebody sends them: 'Go to Absence'."""
    (link,) = page.get("page_link")
    return str(link.proto.label).removeprefix("Go to ")
