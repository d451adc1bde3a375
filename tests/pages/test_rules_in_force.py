"""The Rules in force page, on any day."""

import pytest

from tests.clock import still_clock
from tests.screens import words

__all__ = ["still_clock"]
pytestmark = pytest.mark.usefixtures("still_clock")

EVERYBODY = ["officer", "pastoral9", "tutor", "admin", "dsl", "head", "governor", "ewo", "itadmin"]


def rows(page, column, which=0):
    found = [table.value for table in page.table if column in table.value]
    return [str(value) for table in found for value in table[column]]


@pytest.mark.parametrize("username", EVERYBODY)
def test_everybody_signed_in_may_read_the_rules(screens, username):
    page = screens.of(username).open("rules_in_force")
    assert not page.exception
    assert "On 24 November 2026, 34 codes and" in words(page)
    assert "Present" in words(page) and "Limits of law and guidance" in words(page)


def test_signed_out_there_is_nothing_but_the_form(screens):
    page = screens.of(None).open("rules_in_force")
    assert not page.table and [box.label for box in page.text_input] == ["Username", "Password"]


@pytest.mark.parametrize(
    "day, in_force, gone",
    [("2024-08-18", ["H", "Y"], []), ("2024-08-19", ["Y1", "C2"], ["H", "J", "Y"])],
)
def test_the_codes_change_on_19_august_2024(screens, day, in_force, gone):
    page = screens.of("officer").open("rules_in_force", on=day)
    now = [row for table in page.table if "Since" in table.value and "Code" in table.value
           for row in table.value["Code"]]  # fmt: skip
    withdrawn = [row for table in page.table if "Counted as" in table.value
                 for row in table.value["Code"]]  # fmt: skip
    assert all(f"**{code}**" in now for code in in_force)
    assert all(f"**{code}**" in withdrawn and f"**{code}**" not in now for code in gone)


def test_a_code_by_itself_finds_that_code(screens):
    page = screens.of("officer").open("rules_in_force", search="h")
    assert rows(page, "Code") == ["**H**"]
    assert rows(page, "Withdrawn after") == ["18 August 2024"]
    assert "Limits of law and guidance" not in words(page)


def test_a_word_finds_codes_and_limits(screens):
    page = screens.of("officer").open("rules_in_force", search="penalty")
    assert any("£160" in value for value in rows(page, "Value"))
    assert "Withdrawn codes" not in words(page)


def test_nothing_found_says_what_to_try(screens):
    page = screens.of("officer").open("rules_in_force", search="<b>zebra</b>")
    assert not page.exception and not page.table
    assert "Nothing on this day holds those words." in words(page)


def test_our_own_defaults_stand_apart_from_the_law(screens):
    page = screens.of("officer").open("rules_in_force", search="caution")
    assert "Attendance Desk’s own defaults" in words(page)
    assert "Limits of law and guidance" not in words(page)
    assert rows(page, "How sure") == ["Our own default"]


def test_what_is_unverified_says_so(screens):
    page = screens.of("officer").open("rules_in_force", on="2010-01-01", search="unverified")
    assert "Unverified: check" in " ".join(rows(page, "How sure"))
