"""The Users page: who may sign in, opening an account, and what is refused."""

from __future__ import annotations

import pytest

from attendance.services import accounts
from attendance.ui.clock import now
from tests.screens import Screens, words


def fill(page, **fields: str):
    """Type into the form of a new account and send it."""
    names = {"name": "Name", "position": "Position", "username": "Username",
             "scope": "Years or forms", "password": "First password"}  # fmt: skip
    for field, text in fields.items():
        next(box for box in page.text_input if box.label == names[field]).set_value(text)
    next(button for button in page.button if button.label == "Add the account").click()
    return page.run()


@pytest.mark.parametrize("username", ["head", "itadmin"])
def test_whoever_manages_accounts_sees_each_with_its_role(screens: Screens, username):
    page = screens.of(username).open("users")
    assert not page.exception
    table = page.dataframe[0].value
    assert table.columns.tolist() == [
        "Name", "Position", "Username", "Role", "Years or forms", "Last seen",
    ]  # fmt: skip
    row = table.set_index("Username").loc["pastoral9"]
    assert (row["Role"], row["Years or forms"]) == ("Deputy head of year (pastoral)", "9")


def test_a_new_account_can_sign_in_and_is_listed(screens: Screens):
    page = fill(
        screens.of("head").open("users"),
        name="Flora Inventedname", position="Form tutor, 9A", username="flora",
        scope="9A", password="three wet umbrellas",
    )  # fmt: skip
    assert "Flora Inventedname can sign in as ‘flora’." in words(page)
    assert "flora" in page.dataframe[0].value["Username"].tolist()


def test_a_short_password_is_refused_beside_the_form_and_opens_no_account(screens: Screens):
    page = fill(
        screens.of("head").open("users"),
        name="Flora Inventedname", position="Form tutor, 9A", username="flora",
        scope="9A", password="short",
    )  # fmt: skip
    assert [error.value for error in page.error] == [
        "A password has 12 to 72 characters. Three or four words are good."
    ]
    assert "flora" not in page.dataframe[0].value["Username"].tolist()


def test_a_closed_account_is_said_to_be_closed_where_it_was_last_seen(screens: Screens):
    head = accounts.find_person(screens.engine, "head")
    accounts.disable_user(screens.engine, head, "tutor", now())
    page = screens.of("head").open("users")
    seen = page.dataframe[0].value.set_index("Username")["Last seen"]
    assert seen["tutor"] == "account closed" and seen["dsl"] == "never"
