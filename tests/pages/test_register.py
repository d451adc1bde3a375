"""The Register page as each role finds it: reading, amending, typing, and being second."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from attendance.core.amendments import MarkChange
from attendance.core.names import plain
from attendance.core.people import Person
from attendance.core.slots import Session
from attendance.errors import AttendanceError
from attendance.rules.codes import CODE_OF
from attendance.services import registers, weeks
from attendance.store import users
from attendance.store.engine import read
from attendance.ui import cache, clock, mark_panel, review, typed_marks, week_choice
from tests.screens import Screens, words

NOW = datetime(2026, 11, 24, 14, 5, tzinfo=UTC)
TUESDAY = date(2026, 11, 24)
MONDAY = date(2026, 11, 23)
LAST_WEEK = "2026-11-16"
REASON = "Parent telephoned: high temperature"


@pytest.fixture(autouse=True)
def five_past_two(monkeypatch: pytest.MonkeyPatch) -> None:
    st.cache_resource.clear()
    for module in (clock, cache, mark_panel, review, typed_marks, week_choice):
        monkeypatch.setattr(module, "now", lambda: NOW)
    monkeypatch.setattr(week_choice, "today", lambda: TUESDAY)


def person(screens: Screens, username: str) -> Person:
    with read(screens.engine) as tx:
        found = users.find_user(tx, username)
    assert found is not None
    return found.person


def week_of(screens: Screens, form: str = "9A", monday: date = MONDAY) -> weeks.WeekReport:
    return weeks.group_week(
        screens.engine,
        person(screens, "officer"),
        registers.load_register(screens.engine, 1, 2026),
        form=form,
        monday=monday,
        now=NOW,
    )


def select(page: AppTest, row: int, column: str) -> AppTest:
    """Click a cell of the grid."""
    state = page.session_state
    monday = state["week"] - timedelta(days=state["week"].weekday())
    key = f"grid_{state['form'] or None}_{state['year'] or None}_None_{monday}"
    page.session_state[key] = {"selection": {"rows": [], "columns": [], "cells": [[row, column]]}}
    return page.run()


def type_in(page: AppTest, **cells: str) -> AppTest:
    """Type into today's afternoon: row0="N", row1="\\\\"."""
    page.segmented_control(key="mode").set_value("Type marks")
    page.run()
    edits = {int(row.removeprefix("row")): {"Tue pm": text} for row, text in cells.items()}
    key = page.session_state["register_editor"][3]
    page.session_state[key] = {"edited_rows": edits, "added_rows": [], "deleted_rows": []}
    return page.run()


def labelled(elements, label: str):
    """The widget that is called so."""
    return next(each for each in elements if each.label == label)


def code_at(screens: Screens, pupil_id: int, slot: int) -> str:
    register = registers.load_register(screens.engine, 1, 2026)
    return CODE_OF[chr(register.marks[register.row_of(pupil_id), slot])]


def headline(page: AppTest) -> str:
    return next(str(each.value) for each in page.markdown if str(each.value).startswith("### "))


def errors(page: AppTest) -> str:
    return "\n".join(str(each.value) for each in page.error)


@pytest.mark.parametrize(
    "username, form",
    [
        ("officer", "7A"), ("dsl", "7A"), ("head", "7A"), ("admin", "7A"),
        ("pastoral9", "9A"), ("tutor", "9A"),
    ],
)  # fmt: skip
def test_each_role_is_shown_first_what_its_first_form_waits_for(screens, username, form):
    page = screens.of(username).open("register")
    assert not page.exception
    assert headline(page).startswith(f"### {form} has ")
    assert page.selectbox(key="form").value == form


@pytest.mark.parametrize("username", ["governor", "itadmin"])
def test_roles_without_a_register_are_told_so_and_shown_no_name(screens, username):
    page = screens.of(username).open("register", form="9A")
    assert "Your role does not open this page" in words(page)
    assert not page.dataframe


@pytest.mark.parametrize("username, is_linked", [("pastoral9", True), ("admin", False)])
def test_a_mark_links_to_the_record_of_its_pupil_for_whoever_may_read_it(
    screens, username, is_linked
):
    page = select(screens.of(username).open("register", form="9A"), 0, "Mon am")
    assert not page.exception
    links = [one.proto.label for one in page.get("page_link")]
    assert any(label.endswith("’s record") for label in links) is is_linked


def test_a_visitor_without_a_referral_is_told_that_nothing_is_open(screens):
    page = screens.of("ewo").open("register", form="9A")
    assert "No register is open to your account" in words(page)
    assert not page.dataframe


def test_nobody_is_shown_a_register_without_signing_in(screens):
    page = screens.of(None).open("register", form="9A")
    assert not page.dataframe and "has 2" not in words(page)


def test_a_school_without_pupils_has_an_empty_page_and_no_error(screens, empty_screens):
    from attendance.services.accounts import hash_password
    from attendance.store import schools
    from attendance.store.engine import write

    with write(empty_screens.engine) as tx:
        school = schools.add_school(tx, "Invented Academy", "999001", "secondary", NOW)
        roles = {role: frozenset[str]() for role in person(screens, "officer").roles}
        users.add_user(tx, school, "pat", "Pat", "Staff", hash_password("a" * 12), roles, NOW)
    page = empty_screens.of("pat").open("register")
    assert not page.exception and "No register is open" in words(page)


def test_a_link_opens_the_form_and_the_week_of_its_date(screens):
    page = screens.of("officer").open("register", form="10A", week="2026-11-18")
    assert headline(page).startswith("### 10A has ")
    assert page.date_input(key="week").value == date(2026, 11, 18)
    assert page.dataframe[0].value.columns[1] == "Mon am"


def test_a_year_group_is_shown_whole(screens):
    page = screens.of("officer").open("register", year="9", week=LAST_WEEK)
    assert headline(page).startswith("### Year 9 has ")


def test_the_weeks_before_and_after_are_one_click_away(screens):
    page = screens.of("officer").open("register", form="9A")
    page.button(key="week_before").click().run()
    assert page.date_input(key="week").value == date(2026, 11, 16)
    page.button(key="week_after").click().run()
    assert page.date_input(key="week").value == MONDAY


def test_a_link_to_a_pupil_opens_the_pupils_own_weeks(screens):
    week = week_of(screens)
    page = screens.of("officer").open("register", pupil=str(week.pupil_ids[0]))
    assert "in these weeks" in headline(page)
    assert page.selectbox(key="form").value == "9A"


def test_a_link_to_a_pupil_out_of_reach_opens_the_first_form_instead(screens):
    week = week_of(screens, form="10A")
    page = screens.of("pastoral9").open("register", pupil=str(week.pupil_ids[0]))
    assert headline(page).startswith("### 9A has ")
    assert week.names[0] not in words(page)


@pytest.mark.parametrize("query", [{"form": "99Z"}, {"week": "never"}, {"year": "x", "pupil": "y"}])
def test_an_address_that_makes_no_sense_opens_the_usual_week(screens, query):
    page = screens.of("officer").open("register", **query)
    assert not page.exception and headline(page).startswith("### 7A has ")


def test_an_officer_amends_a_mark_and_sees_name_position_and_reason_in_its_history(screens):
    page = screens.of("officer").open("register", form="9A", week=LAST_WEEK)
    week = week_of(screens, monday=date(2026, 11, 16))
    page = select(page, 0, "Mon am")
    labelled(page.selectbox, "Code").set_value("I")
    labelled(page.text_input, "Reason").set_value(REASON)
    page = labelled(page.button, "See what changes").click().run()
    assert any("Save 1 change" in button.label for button in page.button)
    page = page.button(key="review_save").click().run()
    assert not page.exception and "1 mark is saved." in words(page)
    slot = week.grid.slot_at(0, 0)
    assert code_at(screens, week.pupil_ids[0], slot) == "I"
    register = registers.load_register(screens.engine, 1, 2026)
    last = registers.mark_history(
        screens.engine, person(screens, "officer"), register, week.pupil_ids[0], slot
    )[-1]
    assert (last.reason, last.name, last.position) == (
        REASON, "Priya Nightingale-Fable", "Attendance Officer",
    )  # fmt: skip
    shown = page.table[0].value.to_string()
    assert "Priya Nightingale-Fable, Attendance Officer" in shown and plain(REASON) in shown


def test_nothing_is_saved_without_a_reason(screens):
    page = screens.of("officer").open("register", form="9A", week=LAST_WEEK)
    page = select(page, 0, "Mon am")
    labelled(page.selectbox, "Code").set_value("I")
    page = labelled(page.button, "See what changes").click().run()
    page = page.button(key="review_save").click().run()
    assert "Give the reason" in errors(page)
    week = week_of(screens, monday=date(2026, 11, 16))
    assert code_at(screens, week.pupil_ids[0], week.grid.slot_at(0, 0)) != "I"


def test_going_back_from_the_review_changes_nothing(screens):
    page = screens.of("officer").open("register", form="9A", week=LAST_WEEK)
    page = select(page, 0, "Mon am")
    labelled(page.selectbox, "Code").set_value("I")
    page = labelled(page.button, "See what changes").click().run()
    page = page.button(key="review_back").click().run()
    assert not any("Save 1 change" in button.label for button in page.button)


@pytest.mark.parametrize("username", ["head", "tutor"])
def test_those_who_do_not_amend_read_the_mark_and_are_told_who_does(screens, username):
    page = screens.of(username).open("register", form="9A", week=LAST_WEEK)
    page = select(page, 0, "Mon am")
    assert "Your role does not allow this." in words(page)
    assert not page.text_input


def test_typed_marks_are_counted_and_saved_in_one_go_in_capitals(screens):
    page = type_in(screens.of("officer").open("register", form="9A"), row0="n", row1="\\")
    assert "2 marks typed, not saved" in words(page)
    page = page.button(key="typed_save").click().run()
    page = page.button(key="review_save").click().run()
    assert not page.exception and "2 marks are saved." in words(page)
    week = week_of(screens)
    assert [code_at(screens, week.pupil_ids[n], week.grid.slot_at(n, 3)) for n in (0, 1)] == [
        "N", "\\",
    ]  # fmt: skip
    assert "Nothing typed yet" in words(page)


def test_what_cannot_be_saved_is_named_with_its_place_and_the_rest_can_be_saved(screens):
    page = screens.of("officer").open("register", form="9A")
    page = type_in(page, row0="Ill", row1="H", row2="M")
    week = week_of(screens)
    said = words(page)
    assert "2 marks cannot be saved." in said
    assert f"Row 1, {week.names[0]}, Tuesday 24 November, afternoon" in said
    assert "‘H’ was not an attendance code on 24 November 2026" in said
    page = page.button(key="typed_save").click().run()
    page = page.button(key="review_save").click().run()
    assert "1 mark is saved." in words(page)
    assert "2 marks typed, not saved" in words(page)


def test_typed_marks_are_still_there_after_another_week_was_looked_at(screens):
    page = type_in(screens.of("officer").open("register", form="9A"), row0="n")
    page.button(key="week_before").click().run()
    assert "1 more mark is typed in other weeks" in words(page)
    page.button(key="week_after").click().run()
    assert "1 mark typed, not saved" in words(page)


def test_typed_marks_can_be_cleared(screens):
    page = type_in(screens.of("officer").open("register", form="9A"), row0="n")
    page = page.button(key="typed_clear").click().run()
    assert "Nothing typed yet" in words(page)


def test_a_tutor_takes_the_own_register_with_the_four_marks_of_a_register(screens):
    page = type_in(screens.of("tutor").open("register"), row0="\\", row1="I")
    assert "1 mark cannot be saved." in words(page)
    page = page.button(key="typed_save").click().run()
    page = page.button(key="review_save").click().run()
    assert "1 mark is saved." in words(page)


def test_the_second_of_two_people_is_told_and_the_rest_of_the_typing_is_kept(screens):
    page = type_in(screens.of("officer").open("register", form="9A"), row0="N", row1="\\")
    week = week_of(screens)
    first = MarkChange(week.pupil_ids[0], TUESDAY, Session.PM, "-", "L")
    deputy = person(screens, "pastoral9")
    register = registers.load_register(screens.engine, 1, 2026)
    registers.amend_marks(screens.engine, deputy, register, [first], "Seen at the gate", NOW)
    page = page.run()
    assert "is ‘L’ now" in errors(page) and "Sunita Lanternhollow" in errors(page)
    assert "1 mark typed, not saved" in words(page)
    assert code_at(screens, week.pupil_ids[0], first.slot) == "L"


def test_a_change_between_the_review_and_the_save_overwrites_nothing(screens, monkeypatch):
    page = type_in(screens.of("officer").open("register", form="9A"), row0="N")
    page = page.button(key="typed_save").click().run()
    week = week_of(screens)
    first = MarkChange(week.pupil_ids[0], TUESDAY, Session.PM, "-", "L")
    amend = registers.amend_marks

    def beaten_to_it(engine, who, register, changes, reason, now):
        monkeypatch.setattr(registers, "amend_marks", amend)
        amend(engine, person(screens, "pastoral9"), register, [first], "Seen at the gate", now)
        return amend(engine, who, register, changes, reason, now)

    monkeypatch.setattr(registers, "amend_marks", beaten_to_it)
    page = page.button(key="review_save").click().run()
    assert not page.exception and "Sunita Lanternhollow" in errors(page)
    assert code_at(screens, week.pupil_ids[0], first.slot) == "L"


def test_a_refusal_of_the_store_is_a_sentence_in_the_dialog(screens, monkeypatch):
    page = type_in(screens.of("officer").open("register", form="9A"), row0="N")
    page = page.button(key="typed_save").click().run()

    def refuse(*_: object) -> None:
        raise AttendanceError("The register is being restored: try again in a minute.")

    monkeypatch.setattr(registers, "amend_marks", refuse)
    page = page.button(key="review_save").click().run()
    assert "being restored" in errors(page) and not page.exception


def test_closed_days_and_days_off_the_roll_are_signs_and_not_open_to_change(screens):
    page = screens.of("officer").open("register", form="9A", week="2026-10-26")
    grid = page.dataframe[0].value
    assert set(grid.iloc[:, 1:].to_numpy().ravel()) == {"#"}
    page = select(page, 0, "Mon am")
    assert "Choose a mark" in words(page)


def test_a_pupils_name_never_works_as_markup(screens):
    from attendance.store import pupils
    from attendance.store.engine import write

    week = week_of(screens)
    with write(screens.engine) as tx:
        one = pupils.get_pupil(tx, 1, week.pupil_ids[0])
        named = pupils.NewPupil(
            "=HYPERLINK(1)", "<script>alert(1)</script>", one.upn, preferred_name=""
        )
        pupils.change_pupils(tx, 1, {one.id: named})
    row = week_of(screens).pupil_ids.index(one.id)
    page = select(screens.of("officer").open("register", form="9A"), row, "Mon am")
    assert not page.exception
    assert r"\<script\>alert(1)\</script\>" in words(page)
    assert "<script>" not in words(page)


def test_a_person_whose_account_was_closed_meanwhile_saves_nothing_more(screens):
    page = type_in(screens.of("officer").open("register", form="9A"), row0="N")
    page = page.button(key="typed_save").click().run()
    week = week_of(screens)
    screens.token = None
    page.button(key="review_save").click().run()
    assert code_at(screens, week.pupil_ids[0], week.grid.slot_at(0, 3)) == "-"


def test_a_fragment_asks_who_is_signed_in_and_never_trusts_the_page_before(screens, monkeypatch):
    from attendance.ui import session

    monkeypatch.setattr(session, "signed_in", lambda: None)
    monkeypatch.setattr(st, "rerun", lambda: (_ for _ in ()).throw(RuntimeError("page again")))
    with pytest.raises(RuntimeError, match="page again"):
        review.person_now()
