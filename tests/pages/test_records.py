"""Recording on the pupil's page: what each role may record, and what it leaves behind."""

from __future__ import annotations

from datetime import date

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from attendance.core.records import (
    ExpectedAbsence,
    Leave,
    NoticeState,
    PartTimePlan,
    PenaltyNotice,
    Record,
)
from attendance.services import registers
from attendance.services.accounts import find_person
from attendance.services.records import add_record
from attendance.services.roll import contacts_of
from attendance.store import pupils, records
from attendance.store.engine import read
from attendance.ui.clock import now, today
from tests.screens import Screens

MONDAY, FRIDAY = date(2026, 11, 23), date(2026, 11, 27)


@pytest.fixture(autouse=True)
def nothing_kept() -> None:
    st.cache_resource.clear()


def somebody(screens: Screens) -> int:
    """A pupil of 9A who is on roll."""
    pupils_here = registers.load_register(screens.engine, 1, 2026).pupils
    here = pupils_here[(pupils_here["form"] == "9A") & pupils_here["last_day"].isna()]
    return int(here["pupil_id"].iloc[0])


def dialog(screens: Screens, username: str, pupil_id: int, kind: str = "") -> AppTest:
    app = screens.of(username).open("pupil", pupil=str(pupil_id))
    app.button(key="record_more").click().run()
    if kind:
        app.selectbox(key="record_kind").set_value(kind).run()
    return app


def press(app: AppTest, label: str) -> AppTest:
    (button,) = [each for each in app.button if each.label == label]
    return button.click().run()


def kept(screens: Screens, kind: type[Record], pupil_id: int) -> list[Record]:
    with read(screens.engine) as tx:
        return [one.record for one in records.listed(tx, 1, kind, [pupil_id])]


def test_the_officer_may_record_everything(screens: Screens) -> None:
    app = dialog(screens, "officer", somebody(screens))
    assert app.selectbox(key="record_kind").options == [
        "How long an absence is expected to last",
        "Leave of absence that was granted",
        "Part-time timetable and its review",
        "Penalty notice that was issued",
        "Contacts",
        "Last day at the school",
    ]


def test_a_deputy_may_record_plans_and_contacts_only(screens: Screens) -> None:
    app = dialog(screens, "pastoral9", somebody(screens))
    assert app.selectbox(key="record_kind").options == [
        "Part-time timetable and its review",
        "Contacts",
    ]


def test_a_tutor_has_nothing_to_record(screens: Screens) -> None:
    app = screens.of("tutor").open("pupil", pupil=str(somebody(screens)))
    assert not app.exception
    assert "record_more" not in [each.key for each in app.button]


def test_an_expected_absence_is_kept_and_stands_on_the_page(screens: Screens) -> None:
    pupil_id = somebody(screens)
    app = dialog(screens, "officer", pupil_id, "How long an absence is expected to last")
    app.date_input[1].set_value(date(2026, 12, 4))
    app.text_input[0].set_value("Mother telephoned")
    press(app, "Keep it")
    assert not app.exception
    (found,) = kept(screens, ExpectedAbsence, pupil_id)
    assert found == ExpectedAbsence(
        pupil_id, today(), date(2026, 12, 4), "I", today(), "Mother telephoned"
    )
    app = screens.of("officer").open("pupil", pupil=str(pupil_id))
    tables = "".join(each.value.to_string() for each in app.table)
    assert "Expected to last to 4 Dec" in tables


def test_days_the_wrong_way_round_are_refused_in_a_sentence(screens: Screens) -> None:
    pupil_id = somebody(screens)
    app = dialog(screens, "officer", pupil_id, "Leave of absence that was granted")
    app.date_input[1].set_value(date(2026, 11, 2))
    press(app, "Keep it")
    assert [each.value for each in app.error] == [
        "The last day is before the first. Give the earlier day first."
    ]
    assert kept(screens, Leave, pupil_id) == []


def test_a_plan_and_a_notice_are_kept(screens: Screens) -> None:
    pupil_id = somebody(screens)
    press(dialog(screens, "dsl", pupil_id, "Part-time timetable and its review"), "Keep it")
    assert [type(one) for one in kept(screens, PartTimePlan, pupil_id)] == [PartTimePlan]
    app = dialog(screens, "officer", pupil_id, "Penalty notice that was issued")
    app.text_input[0].set_value("Zora Example")
    press(app, "Keep it")
    assert kept(screens, PenaltyNotice, pupil_id) == [
        PenaltyNotice(pupil_id, "Zora Example", today(), NoticeState.ISSUED)
    ]


def test_what_was_recorded_can_be_taken_back(screens: Screens) -> None:
    pupil_id = somebody(screens)
    officer = find_person(screens.engine, "officer")
    register = registers.load_register(screens.engine, 1, 2026)
    leave = Leave(pupil_id, MONDAY, FRIDAY, "C", "*A wedding* <b>")
    add_record(screens.engine, officer, register, leave, now())
    app = dialog(screens, "officer", pupil_id, "Take back something recorded")
    app.button(key="take_back_0").click().run()
    assert not app.exception
    assert kept(screens, Leave, pupil_id) == []


def test_a_last_day_before_a_marked_session_is_refused(screens: Screens) -> None:
    pupil_id = somebody(screens)
    app = dialog(screens, "officer", pupil_id, "Last day at the school")
    app.date_input[0].set_value(date(2026, 9, 10))
    press(app, "Keep it")
    assert "The register has marks after that day" in app.error[0].value
    app.date_input[0].set_value(date(2026, 11, 27))
    press(app, "Keep it")
    with read(screens.engine) as tx:
        assert pupils.spells(tx, 1, pupil_id)[-1].last_day == date(2026, 11, 27)


def test_contacts_are_kept_as_they_stand_when_nothing_is_changed(screens: Screens) -> None:
    pupil_id = somebody(screens)
    officer = find_person(screens.engine, "officer")
    register = registers.load_register(screens.engine, 1, 2026)
    before = contacts_of(screens.engine, officer, register, pupil_id)
    app = dialog(screens, "officer", pupil_id, "Contacts")
    press(app, "Keep them")
    assert not app.exception
    assert contacts_of(screens.engine, officer, register, pupil_id) == before
