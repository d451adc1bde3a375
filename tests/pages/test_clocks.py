"""What is due and met, as each role finds it on Today and on a pupil's page."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pandas as pd
import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from attendance.core.names import plain
from attendance.core.people import Person
from attendance.core.records import PartTimePlan
from attendance.rules.roles import Role
from attendance.services import clocks, records, registers
from attendance.services.clocks import Clocks
from attendance.store import particulars, pupils
from attendance.store.engine import write
from attendance.store.particulars import Characteristic
from attendance.ui import clocks_view
from tests.pages.test_today import with_school
from tests.screens import DEMO_DAY, Screens, words

WORKER = "Tell the social worker today"
OFFICER = Person("x", "X", "X", 1, frozenset({Role.ATTENDANCE_OFFICER}), {})


@pytest.fixture(autouse=True)
def nothing_kept() -> None:
    st.cache_resource.clear()
    st.cache_data.clear()


def seen_by(screens: Screens, person: Person = OFFICER) -> Clocks:
    years = [registers.load_register(screens.engine, 1, year) for year in (2025, 2026)]
    return clocks.clocks(screens.engine, person, years, DEMO_DAY)


def due(screens: Screens, username: str) -> AppTest:
    return screens.of(username).open("today", list="due")


def listed(page: AppTest) -> pd.DataFrame:
    return page.dataframe[0].value


def give_social_workers(screens: Screens) -> None:
    """To everybody, so that whoever is absent without leave today has one."""
    register = registers.load_register(screens.engine, 1, 2026)
    ids = [int(one) for one in register.pupils["pupil_id"]]
    facts = [Characteristic(one, "social_worker", date(2026, 1, 1)) for one in ids]
    with write(screens.engine) as tx:
        particulars.add_characteristics(tx, 1, facts)


def with_social_worker(screens: Screens) -> int:
    dsl = Person("x", "X", "X", 1, frozenset({Role.DSL}), {})
    return seen_by(screens, dsl).of_kind("absent_social_worker")[0].pupil_id


@pytest.mark.parametrize("username", ["officer", "pastoral9", "dsl", "head"])
def test_who_is_not_accounted_for_stays_first_and_the_other_list_is_one_click_away(
    screens: Screens, username: str
) -> None:
    page = screens.of(username).open("today")
    assert not page.exception
    assert "What to do, first things first" in words(page)
    page.segmented_control(key="today_list").set_value("due").run()
    assert not page.exception
    assert "What is due, and what has been met" in words(page)
    assert page.query_params["list"] in ("due", ["due"])


def test_the_list_holds_exactly_what_was_found_first_things_first(screens: Screens) -> None:
    found = seen_by(screens).listed
    table = listed(due(screens, "officer"))
    assert found
    assert table["Pupil"].tolist() == [one.name for one in found]
    assert table["What"].tolist() == [one.words.title for one in found]
    assert not table["What"].isin(["Persistent absence", "Severe absence", "Still absent"]).any()


def test_a_deputy_head_of_year_reads_of_her_own_year_only(screens: Screens) -> None:
    page = due(screens, "pastoral9")
    kinds = page.selectbox(key="due_kind")
    forms: set[str] = set()
    for kind in ["all", *(one for one in clocks_view.WORDS if one != "all")]:
        try:
            kinds.set_value(kind).run()
        except ValueError:
            continue
        if page.dataframe and "Due or met" in listed(page):
            forms |= set(listed(page)["Form"])
    assert forms and all(form.startswith("9") for form in forms)


@pytest.mark.parametrize("username, told", [("dsl", True), ("head", True), ("officer", False)])
def test_only_dsl_and_head_are_told_of_a_social_worker(
    screens: Screens, username: str, told: bool
) -> None:
    give_social_workers(screens)
    assert (WORKER in set(listed(due(screens, username))["What"])) is told


@pytest.mark.parametrize("username, told", [("dsl", True), ("head", True), ("officer", False)])
def test_a_pupils_page_tells_only_dsl_and_head_of_a_social_worker(
    screens: Screens, username: str, told: bool
) -> None:
    give_social_workers(screens)
    page = screens.of(username).open("pupil", pupil=str(with_social_worker(screens)))
    assert not page.exception
    assert (WORKER in words(page)) is told


@pytest.mark.parametrize("username", ["tutor", "admin"])
def test_who_does_not_act_on_it_has_one_list(screens: Screens, username: str) -> None:
    give_social_workers(screens)
    page = due(screens, username)
    assert not page.exception
    assert not page.segmented_control and WORKER not in words(page)
    assert "Due this week" not in words(page)


def test_a_tutor_reads_of_no_penalty_threshold_and_of_no_pattern(screens: Screens) -> None:
    form = str(registers.load_register(screens.engine, 1, 2026).pupils["form"].iloc[0])
    forms = set(registers.load_register(screens.engine, 1, 2026).pupils["form"])
    role = Role.TEACHER_FORM_TUTOR
    tutor = Person("x", "X", "X", 1, frozenset({role}), {role: frozenset(forms)})
    kinds = {one.finding.trigger for one in seen_by(screens, tutor).rows}
    assert form in forms and "unresolved_n" in kinds
    assert not kinds & {"penalty_threshold", "repeated_lateness", "sudden_change"}


def test_a_governor_and_nobody_are_shown_neither(screens: Screens) -> None:
    for username in ("governor", None):
        page = screens.of(username).open("today", list="due")
        assert not page.dataframe and not page.segmented_control


def test_one_kind_is_listed_with_what_to_do_its_sentence_and_its_rule(screens: Screens) -> None:
    found = seen_by(screens).of_kind("unresolved_n")
    page = due(screens, "officer")
    page.selectbox(key="due_kind").set_value("unresolved_n").run()
    assert listed(page)["Found"].tolist() == [one.finding.says for one in found]
    assert "Find the reason and enter it" in words(page)
    assert "SI 2024/208 reg 10" in words(page)


def test_a_review_that_is_past_stands_on_the_pupils_page_and_under_due_this_week(
    screens: Screens,
) -> None:
    register = registers.load_register(screens.engine, 1, 2026)
    pupil_id = int(register.pupils["pupil_id"].iloc[3])
    plan = PartTimePlan(pupil_id, date(2026, 9, 7), date(2026, 11, 16), None, "Mornings")
    records.add_record(
        screens.engine,
        OFFICER,
        register,
        plan,
        datetime(2026, 11, 24, tzinfo=UTC),
    )
    page = screens.of("officer").open("pupil", pupil=str(pupil_id))
    assert "**Part-time timetable: review is past** :orange[due 16 Nov, overdue]" in words(page)
    today = words(screens.of("officer").open("today"))
    assert "Due this week" in today and "review" in today


def test_a_pupil_with_nothing_to_ask_has_no_list(screens: Screens) -> None:
    register = registers.load_register(screens.engine, 1, 2026)
    found = seen_by(screens)
    ids = [int(one) for one in register.pupils["pupil_id"] if not found.of_pupil(int(one))]
    page = screens.of("officer").open("pupil", pupil=str(ids[0]))
    assert not page.exception
    assert "What asks for action" not in words(page)


def test_the_sessions_are_sent_only_when_they_are_opened(
    screens: Screens, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[object] = []
    monkeypatch.setattr(clocks_view, "_sessions", asked.append)
    pupil_id = seen_by(screens).of_kind("penalty_threshold")[0].pupil_id
    page = screens.of("officer").open("pupil", pupil=str(pupil_id))
    assert "Threshold met: consider" in words(page)
    assert not asked


def test_a_name_in_the_list_is_only_a_name(screens: Screens) -> None:
    first = seen_by(screens).listed[0].pupil_id
    name = pupils.NewPupil("<script>x</script>", "[Kez](https://example.invalid) :red[$1$]")
    with write(screens.engine) as tx:
        pupils.change_pupils(tx, 1, {first: name})
    page = due(screens, "officer")
    assert not page.exception
    assert f"{name.forename} {name.surname}" in set(listed(page)["Pupil"])
    assert plain(name.forename) not in name.forename


def test_a_school_without_a_register_is_asked_for_nothing(empty_screens: Screens) -> None:
    page = with_school(empty_screens, Role.ATTENDANCE_OFFICER).open("today", list="due")
    assert not page.exception
    assert "No register has been read yet." in words(page) and not page.segmented_control


def test_where_nothing_is_due_the_list_says_so_kindly(
    screens: Screens, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clocks_view, "read", lambda _: Clocks(DEMO_DAY, ()))
    page = due(screens, "officer")
    assert not page.exception
    assert "No clock is running and no threshold is met." in words(page)
    assert "Due this week" not in words(page)
