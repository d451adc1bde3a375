"""The Today page as each role finds it."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, date, datetime

import pandas as pd
import pytest
import streamlit as st
from sqlalchemy import Engine
from streamlit.testing.v1 import AppTest

from attendance.core.names import plain
from attendance.core.people import Person
from attendance.core.register_times import USUAL
from attendance.core.slots import Session
from attendance.core.today import Action
from attendance.rules.roles import Role
from attendance.services.open_reasons import Reasons
from attendance.services.registers import load_register
from attendance.services.today import TodayReport, Waiting, today_report
from attendance.store import particulars, pupils, schools, users
from attendance.store.engine import write
from attendance.store.particulars import Characteristic
from attendance.ui import cache, clock, today_view, today_words
from tests.screens import Screens, words
from tests.screens import strip as figures

MORNING = datetime(2026, 11, 24, 10, 12, tzinfo=UTC)
NUMBER = re.compile(r"^([\d,]+) (.+)$")


@pytest.fixture(autouse=True)
def ten_past_ten(monkeypatch: pytest.MonkeyPatch) -> None:
    # What is kept between reruns belongs to one database, and each test has its own.
    st.cache_resource.clear()
    set_clock(monkeypatch, MORNING)


def set_clock(monkeypatch: pytest.MonkeyPatch, moment: datetime) -> None:
    for module in (clock, cache, today_view):
        monkeypatch.setattr(module, "now", lambda: moment)
    monkeypatch.setattr(today_view, "today", moment.date)


def queue_of(engine: Engine, role: Role = Role.ATTENDANCE_OFFICER) -> tuple[Waiting, ...]:
    somebody = Person("x", "X", "X", 1, frozenset({role}))
    report = today_report(engine, somebody, load_register(engine, 1, 2026), MORNING)
    assert report is not None
    return report.queue


def strip(page: AppTest) -> dict[str, int]:
    found = (NUMBER.match(figure) for figure in figures(page))
    return {one[2]: int(one[1].replace(",", "")) for one in found if one}


def columns(page: AppTest) -> list[str]:
    return [str(name) for name in page.dataframe[0].value.columns]


def with_school(screens: Screens, role: Role, username: str = "pat") -> Screens:
    with write(screens.engine) as tx:
        school = schools.add_school(tx, "Invented Academy", "999001", "secondary", MORNING)
        roles = {role: frozenset[str]()}
        users.add_user(tx, school, username, "Pat Invented", "Staff", "-", roles, MORNING)
    return screens.of(username)


def test_the_first_sentence_counts_pupils_and_households_and_names_the_first(
    screens: Screens,
) -> None:
    page = screens.of("officer").open("today")
    assert not page.exception
    queue = queue_of(screens.engine)
    assert f"At 10:12 am {len(queue)} pupils in " in words(page)
    assert f"Start with {plain(queue[0].name)}." in words(page)


@pytest.mark.parametrize("username", ["officer", "pastoral9", "dsl", "head", "admin", "tutor"])
def test_the_counts_on_screen_add_up_for_every_role(screens: Screens, username: str) -> None:
    page = screens.of(username).open("today")
    assert not page.exception
    counts = strip(page)
    assert sum(counts.values()) == 2 * counts["expected"]


@pytest.mark.parametrize(
    "username, expected",
    [
        ("officer", "Do,Pupil,Form,Also absent,Days,Code,Ring,Number,Last in"),
        ("dsl", "Do,Known,Pupil,Form,Also absent,Days,Code,Ring,Number"),
        ("head", "Do,Known,Pupil,Form,Also absent,Days,Code,Ring,Number"),
        ("admin", "Do,Pupil,Form,Also absent,Code,Ring,Number"),
    ],
)
def test_each_role_sees_its_own_columns(screens: Screens, username: str, expected: str) -> None:
    assert columns(screens.of(username).open("today")) == expected.split(",")


def give_a_social_worker(engine: Engine) -> None:
    """To the last of those waiting."""
    told = queue_of(engine)[-1].pupil_id
    with write(engine) as tx:
        fact = Characteristic(told, "social_worker", date(2026, 1, 1))
        particulars.add_characteristics(tx, 1, [fact])


def test_the_dsl_reads_that_telling_the_dsl_is_theirs_today(screens: Screens) -> None:
    give_a_social_worker(screens.engine)
    asked = screens.of("dsl").open("today").dataframe[0].value["Do"]
    told = screens.of("officer").open("today").dataframe[0].value["Do"]
    assert (told == "Tell the DSL").any()
    assert asked.tolist() == told.replace("Tell the DSL", "Yours today").tolist()


def test_only_dsl_and_head_read_why_the_dsl_is_to_be_told(screens: Screens) -> None:
    give_a_social_worker(screens.engine)
    for username in ("officer", "pastoral9", "tutor", "admin"):
        page = screens.of(username).open("today")
        shown = words(page) + "".join(table.value.to_csv() for table in page.dataframe)
        assert not re.search("social worker|looked after", shown, re.IGNORECASE)
    assert "Social worker" in screens.of("dsl").open("today").dataframe[0].value.to_csv()


def test_a_tutor_without_numbers_is_asked_to_leave_the_calls_to_the_office(
    screens: Screens, monkeypatch: pytest.MonkeyPatch
) -> None:
    waiting = report(queue=(WAITING,), unaccounted=1, sees_contacts=False)
    monkeypatch.setattr(today_view, "read", lambda _: waiting)
    table = screens.of("tutor").open("today").dataframe[0].value
    assert table["Do"].tolist() == ["For the office"]
    assert "Number" not in table


def test_the_note_tells_nobody_who_knows_the_reason_that_it_is_kept_from_them(
    screens: Screens,
) -> None:
    give_a_social_worker(screens.engine)
    kept = "the reason stays with the DSL"
    assert kept in words(screens.of("officer").open("today"))
    assert kept not in words(screens.of("head").open("today"))


def test_an_administrator_is_shown_no_earlier_absences(screens: Screens) -> None:
    assert "Reasons still to be found" not in words(screens.of("admin").open("today"))
    assert "Reasons still to be found" in words(screens.of("officer").open("today"))


def test_a_head_of_year_reads_of_their_own_year(screens: Screens) -> None:
    page = screens.of("pastoral9").open("today")
    assert "of Year 9" in words(page)
    forms = page.dataframe[0].value["Form"] if page.dataframe else []
    assert all(form.startswith("9") for form in forms)


def test_a_name_that_looks_like_a_link_is_only_a_name(screens: Screens) -> None:
    first = queue_of(screens.engine)[0].pupil_id
    name = pupils.NewPupil("<script>x</script>", "[Kez](https://example.invalid) :red[$1$]")
    with write(screens.engine) as tx:
        pupils.change_pupils(tx, 1, {first: name})
    page = screens.of("officer").open("today")
    assert not page.exception
    said = words(page)
    assert "[Kez](" not in said.replace("\\[", "") and "<script" not in said.replace("\\<", "")
    assert f"Start with {plain(f'{name.forename} {name.surname}')}." in said


def test_in_the_afternoon_the_mornings_registers_are_called_what_they_are(
    screens: Screens, monkeypatch: pytest.MonkeyPatch
) -> None:
    set_clock(monkeypatch, datetime(2026, 11, 24, 13, 30, tzinfo=UTC))
    assert "by this morning’s registers" in words(screens.of("officer").open("today"))


def test_before_todays_register_is_read_the_page_says_which_it_shows(
    screens: Screens, monkeypatch: pytest.MonkeyPatch
) -> None:
    set_clock(monkeypatch, datetime(2026, 11, 25, 8, 30, tzinfo=UTC))
    said = words(screens.of("officer").open("today"))
    latest = "The latest register is the morning of Tuesday 24 November 2026"
    assert f"No register has been read for today yet. {latest}" in said


def test_at_a_weekend_the_page_says_when_school_is_next_open(
    screens: Screens, monkeypatch: pytest.MonkeyPatch
) -> None:
    set_clock(monkeypatch, datetime(2026, 11, 28, 11, 0, tzinfo=UTC))
    said = words(screens.of("officer").open("today"))
    assert "School is closed today and opens again on Monday 30 November 2026." in said


def test_in_august_last_years_last_register_is_shown(
    screens: Screens, monkeypatch: pytest.MonkeyPatch
) -> None:
    set_clock(monkeypatch, datetime(2027, 8, 10, 11, 0, tzinfo=UTC))
    said = words(screens.of("officer").open("today"))
    assert "School is closed today. The latest register is" in said


def test_without_a_register_the_officer_is_shown_the_way_to_the_imports(
    empty_screens: Screens,
) -> None:
    page = with_school(empty_screens, Role.ATTENDANCE_OFFICER).open("today")
    assert not page.exception
    assert "No register has been read yet." in words(page)
    assert "Import your school’s register" in words(page)


def test_without_a_register_others_are_told_that_nothing_is_asked_of_them(
    empty_screens: Screens,
) -> None:
    page = with_school(empty_screens, Role.HEADTEACHER).open("today")
    assert "There is nothing for you to do." in words(page)


def test_signed_out_there_is_no_pupil_on_the_page(screens: Screens) -> None:
    page = screens.of(None).open("today")
    assert not page.dataframe
    assert "not accounted for" not in words(page)


def test_a_governor_is_not_let_in(screens: Screens) -> None:
    page = screens.of("governor").open("today")
    assert "Your role does not open this page" in words(page)
    assert not page.dataframe


def report(**given: object) -> TodayReport:
    """Everybody in, on an ordinary Tuesday morning."""
    usual: dict[str, object] = {
        "who": "", "day": date(2026, 11, 24), "session": Session.AM, "is_today": True,
        "is_school_day": True, "opens_next": date(2026, 11, 25), "expected": 10, "present": 10,
        "explained": 0, "unaccounted": 0, "not_taken": 0, "late": 0, "households": 0,
        "missing": (), "queue": (), "reasons": None, "sees_contacts": True, "sees_record": True,
        "sees_reason": False,
    }  # fmt: skip
    return TodayReport(**usual | given)  # type: ignore[arg-type]


WAITING = Waiting(5, "Amina Testwick", "9K", Action.CALL, "", "N", 1, None)


@pytest.mark.parametrize(
    "given, says",
    [
        ({}, "At 10:12 am everyone is accounted for."),
        ({"who": "Year 9"}, "At 10:12 am everyone of Year 9 is accounted for."),
        ({"expected": 0}, "At 10:12 am no pupil is expected in school."),
        (
            {"not_taken": 41, "missing": (("8P", 21), ("10V", 20))},
            "At 10:12 am everyone whose register has been taken is accounted for; 2 registers "
            "(41 pupils) not taken.",
        ),
        (
            {"unaccounted": 1, "households": 1, "queue": (WAITING,)},
            "At 10:12 am 1 pupil is not accounted for. Start with Amina Testwick.",
        ),
        (
            {"unaccounted": 17, "households": 15, "queue": (WAITING,), "is_today": False},
            "No register has been read for today yet. The latest register is the morning of "
            "Tuesday 24 November 2026: 17 pupils in 15 households were not accounted for. "
            "Start with Amina Testwick.",
        ),
    ],
)
def test_the_sentence_can_be_read_aloud(given: dict[str, object], says: str) -> None:
    assert today_words.sentence(report(**given), MORNING) == says


@pytest.mark.parametrize("hour, minute, is_old", [(12, 59, False), (13, 0, True)])
def test_the_mornings_registers_grow_old_when_the_afternoon_register_opens(
    hour: int, minute: int, is_old: bool
) -> None:
    moment = datetime(2026, 11, 24, hour, minute, tzinfo=UTC)
    assert ("by this morning’s registers" in today_words.sentence(report(), moment)) is is_old


@pytest.mark.parametrize(
    "hour, minute, given, late",
    [
        (8, 55, {}, ""),
        (8, 56, {}, "1 min"),
        (10, 34, {}, "99 min"),
        (10, 35, {}, "1 h 40 min"),
        (13, 30, {"session": Session.PM}, "5 min"),
        (10, 35, {"is_today": False}, ""),
    ],
)
def test_a_missing_register_is_late_from_the_time_it_closed(
    hour: int, minute: int, given: dict[str, object], late: str
) -> None:
    moment = datetime(2026, 11, 24, hour, minute, tzinfo=UTC)
    assert today_words.since_close(report(**given), moment, USUAL) == late


def test_in_summer_the_clock_is_londons(monkeypatch: pytest.MonkeyPatch) -> None:
    moment = datetime(2026, 9, 8, 8, 0, tzinfo=UTC)
    assert today_words.since_close(report(), moment, USUAL) == "5 min"


def test_what_stands_against_a_contact_is_read_before_the_call(
    screens: Screens, monkeypatch: pytest.MonkeyPatch
) -> None:
    noted = replace(WAITING, notes=("Zadie Testwick, mother: Do not contact: [court](x) order.",))
    waiting = report(queue=(noted,), unaccounted=1, reasons=Reasons(0, 0, 0, pd.DataFrame()))
    monkeypatch.setattr(today_view, "read", lambda _: waiting)
    said = words(screens.of("officer").open("today"))
    assert "### Before you ring" in said
    assert f"Do not contact\\: {plain('[court](x)')} order" in said
    assert "None: every earlier absence has its reason." in said


def test_with_nobody_waiting_the_page_says_when_to_look_again(
    screens: Screens, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(today_view, "read", lambda _: report())
    said = words(screens.of("officer").open("today"))
    assert "Nobody is waiting to be found." in said
    assert "Look again when the next register has been taken." in said


def test_the_day_by_which_a_reason_is_due_comes_with_its_authority(screens: Screens) -> None:
    said = words(screens.of("officer").open("today"))
    assert "due within 5 school days of the session" in said
    assert "SI 2024/208 reg 10(7)-(9)" in said
