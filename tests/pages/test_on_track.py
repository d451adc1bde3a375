"""The On track page for each role, empty and full."""

import re

import pytest

from attendance.core.calendar import open_sessions
from attendance.core.slots import Session, slot_of
from attendance.rules.roles import Role
from attendance.services import setup
from attendance.services.accounts import NewUser
from attendance.store import pupils, schools
from attendance.store.engine import read, write
from attendance.store.pupils import NewPupil
from tests.clock import NOW, TODAY, still_clock
from tests.screens import words

__all__ = ["still_clock"]
pytestmark = pytest.mark.usefixtures("still_clock")

LISTS = ("Not yet at 10\u202f%, nearest first", "Past 10\u202f%, can still finish under it")
ARITHMETIC = {"Missed", "Can still miss", "Left", "Needs", "In a row"}


def tables(page):
    return [one.value for one in page.dataframe]


@pytest.mark.parametrize("username", ["officer", "dsl", "head"])
def test_the_whole_school_stands_in_two_lists_under_one_sentence(screens, username):
    page = screens.of(username).open("on_track")
    assert not page.exception
    said = words(page)
    assert "past 10\u202f% and can still finish under it" in said
    assert "To the morning of 24 November, week 12 of 40; " in said
    assert all(title in said for title in LISTS)
    assert len(tables(page)) == 2
    for table in tables(page):
        assert {"Pupil", "Form", "Missed", "Can still miss", "Needs", "4 weeks"} <= set(table)


def test_a_deputy_head_of_year_sees_the_own_year_only(screens):
    page = screens.of("pastoral9").open("on_track")
    forms = {form for table in tables(page) for form in table["Form"]}
    assert forms and all(form.startswith("9") for form in forms)
    assert "Year 9." in words(page)
    assert "Year group" not in [box.label for box in page.selectbox]


def test_a_form_tutor_reads_days_off_and_no_arithmetic(screens):
    page = screens.of("tutor").open("on_track")
    assert not page.exception
    (table,) = tables(page)
    assert set(table) == {"Pupil", "Where things stand"}
    assert "day" in " ".join(table["Where things stand"])
    assert not page.segmented_control and not page.main.button


def test_a_visiting_officer_without_a_referral_is_told_so_kindly(screens):
    page = screens.of("ewo").open("on_track")
    assert not tables(page)
    assert "No pupil is referred to you at the moment." in words(page)


@pytest.mark.parametrize("username", ["admin", "governor", "itadmin"])
def test_other_roles_are_told_that_the_page_is_not_theirs(screens, username):
    page = screens.of(username).open("on_track")
    assert "Your role does not open this page" in words(page)
    assert not tables(page)


def test_signed_out_there_is_nothing_but_the_form(screens):
    page = screens.of(None).open("on_track")
    assert not tables(page) and [box.label for box in page.text_input] == ["Username", "Password"]


def test_the_band_stands_in_the_address(screens):
    page = screens.of("officer").open("on_track", band="beyond")
    assert "Cannot finish under 10\u202f% on this calendar" in words(page)
    assert len(tables(page)) == 1 and "This half term" in tables(page)[0]
    page.segmented_control[0].set_value("severe").run()
    assert page.query_params["band"] == ["severe"] or page.query_params["band"] == "severe"
    assert "### Severe: half or more missed" in words(page)


def test_a_band_that_is_none_shows_the_first(screens):
    page = screens.of("officer").open("on_track", band="<script>")
    assert not page.exception
    assert all(title in words(page) for title in LISTS)


def test_a_longer_list_is_the_persons_choice(screens):
    page = screens.of("officer").open("on_track")
    assert len(tables(page)[1]) == 10
    page.selectbox(key="length").set_value("all").run()
    assert len(tables(page)[1]) > 10


def test_ticked_pupils_are_counted_on_the_way_to_referrals(screens):
    page = screens.of("officer").open("on_track")
    refer = page.button(key="refer")
    assert refer.disabled and refer.label == "Tick pupils to refer"
    key = re.search(r"recoverable_-?\d+$", page.dataframe[1].proto.id)[0]
    page.session_state[key] = {"selection": {"rows": [0, 2], "columns": [], "cells": []}}
    refer = page.run().button(key="refer")
    assert not refer.disabled and refer.label == "Referral workbook for 2 pupils"


def test_a_tutor_has_nothing_to_tick(screens):
    page = screens.of("tutor").open("on_track")
    assert "refer" not in [button.key for button in page.main.button]


def test_the_officer_filters_by_support_needs_and_only_the_dsl_by_social_care(screens):
    def groups(username):
        return screens.of(username).open("on_track").selectbox(key="cohort").options

    assert "SEN support" in groups("officer") and "Looked after" not in groups("officer")
    assert "Looked after" in groups("dsl")
    assert groups("tutor") == ["All pupils", "SEN support", "EHC plan"]


def test_names_are_text_whatever_they_hold(screens):
    hostile = NewPupil("**<img src=x>**", ":red[Bo] $x$ `=1+1`", upn="Z999000000001")
    with read(screens.engine) as tx:
        everybody = pupils.list_pupils(tx, 1)
    with write(screens.engine) as tx:
        pupils.change_pupils(tx, 1, {one.id: hostile for one in everybody[:1]})
        for one in everybody[1:]:
            pupils.change_pupils(
                tx, 1, {one.id: NewPupil(hostile.surname, hostile.forename, upn=one.upn)}
            )
    page = screens.of("officer").open("on_track")
    assert not page.exception
    assert "<img" not in words(page)
    assert "<img src=x>" in tables(page)[0]["Pupil"][0]


def test_a_school_without_a_register_is_shown_where_to_begin(empty_screens):
    engine = empty_screens.engine
    who = NewUser("officer", "Olive Testcase", "Officer", "three-odd-words-here",
                  Role.ATTENDANCE_OFFICER)  # fmt: skip
    setup.create_school(
        engine, name="New School", urn="999002", phase="secondary", people=[who], now=NOW
    )
    page = empty_screens.of("officer").open("on_track")
    assert not page.exception
    assert "No register of this school year has been read yet." in words(page)


@pytest.fixture
def without_dates(screens):
    """The demo school, had nobody given its term dates: its calendar ends with this week."""
    with write(screens.engine) as tx:
        known = open_sessions(schools.load_calendar(tx, 1, 2026))
        known[slot_of(2026, TODAY, Session.PM) + 1 :] = False
        schools.replace_terms(tx, 1, 2026, [])
        schools.save_sessions(tx, 1, 2026, "".join("o" if one else "." for one in known))
    return screens


@pytest.mark.parametrize(
    "username, advice",
    [("officer", "Import a register with a column"), ("tutor", "Ask the attendance officer")],
)
def test_without_term_dates_nobody_is_told_what_they_can_still_miss(
    without_dates, username, advice
):
    page = without_dates.of(username).open("on_track", band="beyond")
    assert not page.exception
    said = words(page)
    assert "The rest of the school year is not known" in said and advice in said
    assert "can still finish under it" not in said and "for good" not in said
    assert not any(ARITHMETIC & set(table) - {"Missed"} for table in tables(page))
    assert "week 12;" in said
