"""The page Why figures differ, for each role."""

from __future__ import annotations

from itertools import count

import pytest
from sqlalchemy import text

from attendance.services.accounts import find_person
from attendance.services.reconcile import Asked, reconcile
from attendance.services.registers import load_register
from tests.clock import still_clock
from tests.screens import Screens, words

__all__ = ["still_clock"]
pytestmark = pytest.mark.usefixtures("still_clock")
_REVISIONS = count(80_000)
HOSTILE = "*Bo* :red[x] <script>alert(1)</script>"


@pytest.mark.parametrize("username", ["officer", "dsl", "head", "pastoral9"])
def test_the_figure_stands_with_its_sessions_and_every_reason(
    screens: Screens, username: str
) -> None:
    page = screens.of(username).open("reconcile")
    assert not page.exception
    register = load_register(screens.engine, 1, 2026)
    found = reconcile(find_person(screens.engine, username), register, Asked())
    assert found is not None
    assert f"({found.ours.above:,} of {found.ours.below:,} sessions)" in words(page)
    reasons = list(page.dataframe[0].value["Reason"])
    assert reasons[:2] == ["Our school view", "Leavers left out"]
    assert len(page.expander) == 10
    assert ("for Year 9" in words(page)) is (username == "pastoral9")


def test_a_typed_figure_is_answered_and_nonsense_is_refused_with_an_example(
    screens: Screens,
) -> None:
    page = screens.of("officer").open("reconcile")
    page.text_input(key="theirs").set_value("0.1").run()
    assert "No usual reason, nor two or three together" in words(page)
    page.text_input(key="theirs").set_value("<b>").run()
    assert not page.exception
    assert "such as 91.4" in words(page)
    assert not page.dataframe


def test_our_own_figure_typed_in_is_no_difference(screens: Screens) -> None:
    page = screens.of("officer").open("reconcile")
    whole = page.dataframe[0].value["Alone"].iloc[0].removesuffix(" %")
    page.text_input(key="theirs").set_value(whole).run()
    assert "is our figure" in words(page) and "No difference at all" in words(page)


@pytest.mark.parametrize("measure", ["attendance_rate", "persistent_absence_rate",
                                     "persistent_absence_count", "²"])  # fmt: skip
def test_each_measure_in_the_address_opens(screens: Screens, measure: str) -> None:
    page = screens.of("officer").open("reconcile", measure=measure)
    assert not page.exception and page.dataframe


@pytest.mark.parametrize("username", ["tutor", "admin", "governor", "ewo", "itadmin"])
def test_other_roles_are_told_that_the_page_is_not_theirs(screens: Screens, username: str) -> None:
    page = screens.of(username).open("reconcile")
    assert "Your role does not open this page" in words(page)
    assert not page.dataframe and not page.expander


def test_signed_out_there_is_nothing_but_the_form(screens: Screens) -> None:
    page = screens.of(None).open("reconcile")
    assert [box.label for box in page.text_input] == ["Username", "Password"]


def test_a_school_without_marks_is_told_so(screens: Screens) -> None:
    with screens.engine.begin() as tx:
        tx.execute(text("DELETE FROM register_line"))
        tx.execute(text("UPDATE school_seq SET revision = :n"), {"n": next(_REVISIONS)})
    page = screens.of("officer").open("reconcile")
    assert not page.exception
    assert "No session has been marked in this period." in words(page)


def test_names_are_text_whatever_they_hold(screens: Screens) -> None:
    with screens.engine.begin() as tx:
        tx.execute(text("UPDATE pupil SET surname = :s, forename = '=1+1'"), {"s": HOSTILE})
        tx.execute(text("UPDATE pupil SET preferred_name = ''"))
        tx.execute(text("UPDATE school_seq SET revision = :n"), {"n": next(_REVISIONS)})
    page = screens.of("officer").open("reconcile")
    assert not page.exception
    named = {str(n) for t in page.dataframe if "Pupil" in t.value for n in t.value["Pupil"]}
    assert named == {f"=1+1 {HOSTILE}"}
    assert "<script>" not in words(page)
