"""The Pupil page as each role finds it; a pupil out of reach is nobody, and openings are logged."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from attendance.core.amendments import MarkChange
from attendance.core.names import called
from attendance.core.slots import Session
from attendance.services import registers
from attendance.services.weeks import NO_SUCH_PUPIL
from attendance.store import events, particulars, pupils, users
from attendance.store.engine import read, write
from attendance.ui import cache, clock, mark_panel, pupil_view
from tests.screens import Screens, words

NOW = datetime(2026, 11, 24, 14, 5, tzinfo=UTC)


@pytest.fixture(autouse=True)
def five_past_two(monkeypatch: pytest.MonkeyPatch) -> None:
    st.cache_resource.clear()
    st.cache_data.clear()
    for module in (clock, cache, mark_panel, pupil_view):
        monkeypatch.setattr(module, "now", lambda: NOW)
    monkeypatch.setattr(pupil_view, "today", lambda: date(2026, 11, 24))


def somebody(screens: Screens, form: str = "9A", *, kind: str | None = None) -> tuple[int, str]:
    """(id, name) of a pupil of a form, of whom a characteristic is true."""
    register = registers.load_register(screens.engine, 1, 2026)
    with read(screens.engine) as tx:
        facts = particulars.characteristics(tx, 1)
    true_of = {fact.pupil_id for fact in facts if kind is None or fact.kind == kind}
    here = register.pupils[register.pupils["form"] == form]
    if kind:
        here = register.pupils[register.pupils["pupil_id"].isin(true_of)]
    return int(here["pupil_id"].iloc[0]), str(called(here).iloc[0])


def open_pupil(screens: Screens, username: str, pupil_id: int) -> AppTest:
    return screens.of(username).open("pupil", pupil=str(pupil_id))


def views(screens: Screens) -> list[tuple[str, list[int]]]:
    with read(screens.engine) as tx:
        return [
            (one.username, list(one.subjects))
            for one in events.list_events(tx, 1, kinds=["view_pupil"])
        ]


@pytest.mark.parametrize("username", ["officer", "pastoral9", "dsl", "head", "tutor"])
def test_the_name_is_the_title_and_the_first_sentence_is_what_was_missed(screens, username):
    pupil_id, name = somebody(screens)
    page = open_pupil(screens, username, pupil_id)
    said = words(page)
    assert not page.exception and not page.error
    assert said.startswith(f"# {name}")
    assert "### Missed " in said and "finish under 10" in said


@pytest.mark.parametrize("query", [{"pupil": "424242"}, {"pupil": "x"}, {"upn": "A999000000099"}])
def test_a_pupil_who_does_not_exist_is_said_to_and_a_search_is_offered(screens, query):
    page = screens.of("officer").open("pupil", **query)
    assert [one.value for one in page.error] == [NO_SUCH_PUPIL]
    assert page.text_input(key="pupil_search")


@pytest.mark.parametrize("username, form", [("pastoral9", "10A"), ("tutor", "8A"), ("ewo", "9A")])
def test_a_pupil_out_of_reach_is_answered_in_the_same_words(screens, username, form):
    pupil_id, name = somebody(screens, form)
    page = open_pupil(screens, username, pupil_id)
    assert [one.value for one in page.error] == [NO_SUCH_PUPIL]
    assert name not in words(page)
    assert views(screens) == []


@pytest.mark.parametrize("username", ["governor", "admin", "itadmin"])
def test_roles_without_pupil_records_are_told_so(screens, username):
    pupil_id, name = somebody(screens)
    page = open_pupil(screens, username, pupil_id)
    assert "Your role does not open this page" in words(page)
    assert name not in words(page) and not page.text_input


def test_nobody_is_shown_a_pupil_without_signing_in(screens):
    pupil_id, name = somebody(screens)
    page = screens.of(None).open("pupil", pupil=str(pupil_id))
    assert name not in words(page)


def test_a_pupil_is_opened_by_upn(screens):
    pupil_id, name = somebody(screens)
    with read(screens.engine) as tx:
        upn = pupils.get_pupil(tx, 1, pupil_id).upn
    assert words(screens.of("officer").open("pupil", upn=upn)).startswith(f"# {name}")


def test_a_search_lists_who_is_found_and_says_kindly_when_nobody_is(screens):
    page = screens.of("officer").open("pupil")
    assert "### Which pupil?" in words(page)
    page.text_input(key="pupil_search").set_value("9A").run()
    assert len(page.dataframe[0].value) == 25
    page.text_input(key="pupil_search").set_value("*nobody*").run()
    assert r"No pupil is called “\*nobody\*”" in words(page)


def test_a_search_that_finds_one_opens_the_record(screens):
    pupil_id, name = somebody(screens)
    with read(screens.engine) as tx:
        upn = pupils.get_pupil(tx, 1, pupil_id).upn
    page = screens.of("officer").open("pupil")
    page.text_input(key="pupil_search").set_value(upn).run()
    assert words(page).startswith(f"# {name}")
    page.button(key="another_pupil").click().run()
    assert "### Which pupil?" in words(page)


def test_opening_a_record_is_logged_once_in_a_browser_session(screens):
    pupil_id, _ = somebody(screens)
    page = open_pupil(screens, "pastoral9", pupil_id)
    page.run()
    assert views(screens) == [("pastoral9", [pupil_id])]
    open_pupil(screens, "pastoral9", pupil_id)
    assert len(views(screens)) == 2


def test_a_prompt_to_tell_the_dsl_never_says_why(screens):
    pupil_id, _ = somebody(screens, kind="social_worker")
    officer = words(open_pupil(screens, "officer", pupil_id))
    assert "Tell the DSL" in officer and "ocial worker" not in officer
    dsl = words(open_pupil(screens, "dsl", pupil_id))
    assert "Has a social worker" in dsl and "Child in need" not in dsl


def test_a_tutor_sees_neither_contacts_nor_free_meals(screens):
    pupil_id, _ = somebody(screens)
    with write(screens.engine) as tx:
        fact = particulars.Characteristic(pupil_id, "fsm", date(2026, 9, 2))
        particulars.add_characteristics(tx, 1, [fact])
    assert "FSM" in words(open_pupil(screens, "officer", pupil_id))
    tutor = words(open_pupil(screens, "tutor", pupil_id))
    assert "FSM" not in tutor and "**Contacts**" not in tutor


def test_a_note_not_to_contact_stands_in_the_contacts(screens):
    pupil_id, _ = somebody(screens)
    note = "Do not contact: court order."
    with write(screens.engine) as tx:
        one = particulars.Contact(pupil_id, 1, "Zora <b>", "Father", False, False, note=note)
        particulars.replace_contacts(tx, 1, [pupil_id], [one])
    page = open_pupil(screens, "officer", pupil_id)
    shown = page.table[0].value.to_string()
    assert r"Zora \<b\>" in shown and "Do not contact" in shown
    assert "no parental responsibility" in shown and "no number" in shown


def test_an_amendment_is_listed_with_name_position_and_reason(screens):
    pupil_id, _ = somebody(screens)
    register = registers.load_register(screens.engine, 1, 2026)
    row = register.row_of(pupil_id)
    day = date(2026, 11, 19)
    change = MarkChange(pupil_id, day, Session.AM, "/", "L")
    if chr(register.marks[row, change.slot]) != "/":
        change = MarkChange(pupil_id, day, Session.AM, chr(register.marks[row, change.slot]), "L")
    with read(screens.engine) as tx:
        officer = users.find_user(tx, "officer").person
    registers.amend_marks(screens.engine, officer, register, [change], "Bus was late", NOW)
    page = open_pupil(screens, "head", pupil_id)
    shown = page.table[-1].value.to_string()
    assert "Priya Nightingale-Fable, Attendance Officer. Reason: Bus was late" in shown
    assert "Thu 19 Nov am" in shown.replace("\\", "")


def test_a_sibling_is_one_click_away(screens):
    register = registers.load_register(screens.engine, 1, 2026)
    pupils_now = register.pupils[register.pupils["last_day"].isna()]
    homes = pupils_now["household"].value_counts()
    two = pupils_now[pupils_now["household"] == homes.index[0]]
    first, second = (int(each) for each in two["pupil_id"].iloc[:2])
    page = open_pupil(screens, "officer", first)
    page.button(key=f"sibling_{second}").click().run()
    assert words(page).startswith(f"# {called(two).iloc[1]}")


@pytest.mark.parametrize("username, label", [("officer", "Amend a mark"), ("head", "The register")])
def test_the_way_to_the_register_says_what_can_be_done_there(screens, username, label):
    pupil_id, _ = somebody(screens)
    page = open_pupil(screens, username, pupil_id)
    assert page.button(key="to_register").label == label


def test_a_pupils_name_never_works_as_markup(screens):
    pupil_id, _ = somebody(screens)
    with write(screens.engine) as tx:
        named = pupils.NewPupil('=HYPERLINK("x")', "<script>alert(1)</script>")
        pupils.change_pupils(tx, 1, {pupil_id: named})
    page = open_pupil(screens, "officer", pupil_id)
    said = words(page)
    assert not page.exception
    assert r"\<script\>alert(1)\</script\>" in said and "<script>" not in said
