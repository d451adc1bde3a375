"""The Absence page as each role finds it."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import numpy as np
import pandas as pd
import pytest
import streamlit as st
from sqlalchemy import update
from streamlit.testing.v1 import AppTest

from attendance.core.absence import Period
from attendance.core.figures import code_counts, pupil_counts
from attendance.core.settings import BASELINE
from attendance.core.slots import Session
from attendance.core.suppression import suppressed
from attendance.core.views import View
from attendance.rules.comparators import Comparator
from attendance.rules.roles import Role
from attendance.services.absence import AbsenceReport, Figure
from attendance.services.absence_scope import Asked
from attendance.services.accounts import find_person
from attendance.services.registers import load_register
from attendance.services.settings import change_setting
from attendance.store import particulars, schools, users
from attendance.store.engine import write
from attendance.store.particulars import Characteristic
from attendance.store.tables import placement
from attendance.ui import absence_tables, absence_view, absence_words, cache
from tests.screens import Screens, words

MORNING = datetime(2026, 11, 24, 10, 12, tzinfo=UTC)
ROLES = ["officer", "pastoral9", "dsl", "head", "tutor", "governor"]


@pytest.fixture(autouse=True)
def ten_past_ten(monkeypatch: pytest.MonkeyPatch) -> None:
    # What is kept between reruns belongs to one database, and each test has its own.
    st.cache_resource.clear()
    monkeypatch.setattr(cache, "now", lambda: MORNING)


def shown(page: AppTest) -> str:
    return words(page) + "\n".join(table.value.to_csv() for table in page.dataframe)


def number(text: str) -> int:
    return int(text.replace(",", ""))


@pytest.mark.parametrize("username", ROLES)
def test_the_page_says_the_figure_with_its_sessions_for_every_role(
    screens: Screens, username: str
) -> None:
    page = screens.of(username).open("absence")
    assert not page.exception
    assert re.search(
        r"### .+: [\d.]+\s% of sessions missed so far this year \([\d,]+ of [\d,]+ possible "
        r"sessions, to the morning of 24 November\)",
        words(page),
    )
    assert "The same point last year" in words(page)


def test_the_sessions_on_screen_are_those_of_an_independent_count(screens: Screens) -> None:
    register = load_register(screens.engine, 1, 2026)
    totals = pupil_counts(register, 0, register.latest).sum()
    said = words(screens.of("officer").open("absence"))
    found = re.search(r"\(([\d,]+) of ([\d,]+) possible sessions, to the morning of 24 Nov", said)
    assert found is not None
    assert number(found[1]) == totals["absent_sessions"]
    assert number(found[2]) == totals["possible_sessions"]


def test_the_tables_add_up_to_the_sentence(screens: Screens) -> None:
    page = screens.of("officer").open("absence")
    groups, reasons, weeks, days = (table.value for table in page.dataframe)
    missed = sum(map(number, groups["Missed"]))
    assert missed == sum(map(number, reasons["Sessions"])) == sum(map(number, days["Missed"]))
    possible = sum(map(number, groups["Possible"]))
    assert possible == sum(map(number, days["Possible"]))
    in_weeks = weeks["Possible sessions this year"]
    assert possible == sum(map(number, in_weeks[in_weeks != "–"]))
    register = load_register(screens.engine, 1, 2026)
    codes = code_counts(register, 0, register.latest)
    illness = reasons.loc[reasons["Code"] == "I", "Sessions"].iloc[0]
    assert number(illness) == codes["I"]


@pytest.mark.parametrize("split", ["years", "forms", "groups"])
@pytest.mark.parametrize("username", ["officer", "dsl", "head"])
def test_each_way_of_telling_pupils_apart_has_a_chart_and_its_table(
    screens: Screens, username: str, split: str
) -> None:
    page = screens.of(username).open("absence")
    page.session_state["split"] = split
    page.run()
    assert not page.exception
    assert len(page.dataframe) == 4


def test_a_form_with_a_strange_name_is_only_a_name(screens: Screens) -> None:
    with write(screens.engine) as tx:
        tx.execute(update(placement).values(form="[9](https://example.invalid) :red[x]"))
    page = screens.of("pastoral9").open("absence")
    assert not page.exception
    assert "[9](" not in words(page).replace("\\[", "")


def test_a_governor_is_shown_no_form_no_name_no_reason_and_no_small_number(
    screens: Screens,
) -> None:
    page = screens.of("governor").open("absence", form="9A", year="9", period="custom")
    assert not page.exception
    assert "Years 7 to 13" in words(page)
    assert "By reason" not in words(page)
    table = page.dataframe[0].value
    small = [str(number) for number in range(1, 10)]
    assert not table["Pupils"].isin(small).any()
    assert not table["Pupils missing 10\u202f% or more"].isin(small).any()
    register = load_register(screens.engine, 1, 2026)
    assert not any(name in shown(page) for name in register.pupils["surname"])


def test_a_governor_can_ask_for_the_dfe_comparable_view_without_groups(screens: Screens) -> None:
    page = screens.of("governor").open("absence", view="dfe")
    assert not page.exception
    # The small demo's views lie near one another, so the school's own is shown and says so.
    assert "This is the school view" in words(page)


def test_the_view_asked_for_needs_no_explanation() -> None:
    assert absence_words.other_view(report(), View.SCHOOL) == ""
    dfe = report(asked=Asked(view=View.DFE))
    assert absence_words.other_view(dfe, View.DFE) == ""
    assert absence_words.sentence(dfe).startswith("Year 9 (DfE-comparable view, ages 5 to 15): ")


def test_of_the_dfe_comparable_view_a_governor_reads_why_there_are_no_groups(
    screens: Screens, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = absence_view.read
    monkeypatch.setattr(
        absence_view,
        "read",
        lambda *given: replace(real(*given), split=pd.DataFrame()),
    )
    assert "shown in the school view only" in words(screens.of("governor").open("absence"))


def test_looked_after_children_are_no_group_on_the_officers_page(screens: Screens) -> None:
    pupil = int(load_register(screens.engine, 1, 2026).pupils["pupil_id"].iloc[0])
    with write(screens.engine) as tx:
        fact = Characteristic(pupil, "looked_after", date(2026, 1, 1))
        particulars.add_characteristics(tx, 1, [fact])
    for username, is_seen in (("officer", False), ("dsl", True)):
        page = screens.of(username).open("absence")
        page.session_state["split"] = "groups"
        page.run()
        assert ("Looked after" in shown(page)) is is_seen


def test_the_dfe_comparable_view_is_named_and_leaves_out_the_sixth_form(screens: Screens) -> None:
    page = screens.of("officer").open("absence", view="dfe")
    assert "Years 7 to 11" in words(page)
    assert page.selectbox[0].value == "dfe"


def test_a_form_chosen_in_the_address_is_the_one_shown(screens: Screens) -> None:
    register = load_register(screens.engine, 1, 2026)
    form = str(register.pupils["form"].iloc[0])
    page = screens.of("officer").open("absence", form=form)
    assert f"### {form}: " in words(page)
    assert "(other pupils)" in words(page)
    assert "England" not in words(page)


@pytest.mark.parametrize("period", [str(period) for period in Period])
def test_every_period_has_its_sentence(screens: Screens, period: str) -> None:
    page = screens.of("officer").open("absence", period=period)
    assert not page.exception
    assert " of sessions missed " in words(page)


def test_a_year_group_outside_ones_own_is_not_opened_by_the_address(screens: Screens) -> None:
    page = screens.of("pastoral9").open("absence", year="7")
    assert "### Year 9: " in words(page)


def test_without_marks_the_page_says_so_kindly(empty_screens: Screens) -> None:
    with write(empty_screens.engine) as tx:
        school = schools.add_school(tx, "Invented Academy", "999001", "secondary", MORNING)
        roles = {Role.ATTENDANCE_OFFICER: frozenset[str]()}
        users.add_user(tx, school, "pat", "Pat Invented", "Staff", "-", roles, MORNING)
    page = empty_screens.of("pat").open("absence")
    assert not page.exception
    assert "No session has been marked for these pupils in this period." in words(page)


def test_before_the_first_register_of_the_year_last_years_is_shown(
    screens: Screens, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cache, "now", lambda: datetime(2027, 8, 10, 9, 0, tzinfo=UTC))
    assert "to the morning of 24 November" in words(screens.of("officer").open("absence"))


def test_signed_out_and_for_an_administrator_there_is_no_figure(screens: Screens) -> None:
    for username in (None, "admin"):
        page = screens.of(username).open("absence")
        assert "sessions missed" not in words(page)
        assert not page.dataframe


# The sentences by themselves.


def figure(**given: object) -> Figure:
    usual: dict[str, object] = {
        "pupils": 200, "possible": 20_000, "missed": 1_600, "authorised": 1_000,
        "unauthorised": 600, "persistent": 40, "severe": 4,
        "until": (date(2026, 11, 20), Session.AM),
    }  # fmt: skip
    return Figure(**usual | given)  # type: ignore[arg-type]


NATIONAL = Comparator(
    "overall_absence", "secondary", "2025/26", "Year to date", "", Decimal("7.18"), "daily",
    True, date(2025, 11, 20), "DfE",
)  # fmt: skip


def report(**given: object) -> AbsenceReport:
    nothing = pd.DataFrame()
    usual: dict[str, object] = {
        "who": "Year 9", "asked": Asked(), "is_suppressed": False, "small_base": 40,
        "first_day": date(2026, 9, 2), "total": figure(), "before": None, "national": NATIONAL,
        "national_persistent": None, "split": nothing, "against": "", "weeks": nothing,
        "weekdays": nothing, "reasons": None, "own": (),
    }  # fmt: skip
    return AbsenceReport(**usual | given)  # type: ignore[arg-type]


def flat(text: str) -> str:
    return text.replace("\N{NARROW NO-BREAK SPACE}", " ")


def test_the_sentence_gives_rate_sessions_date_and_persistent_absence() -> None:
    assert flat(absence_words.sentence(report())) == (
        "Year 9: 8.0 % of sessions missed so far this year (1,600 of 20,000 possible sessions, "
        "to the morning of 20 November); 20.0 % of pupils are persistently absent (40 of 200)."
    )


def test_a_few_weeks_do_not_make_pupils_persistently_absent() -> None:
    said = absence_words.sentence(report(asked=Asked(period=Period.FOUR_WEEKS)))
    assert "in the last 4 school weeks" in said
    assert "persistently" not in said
    assert "missed 10\u202f% or more of their sessions (40 of 200)" in said


def test_other_dates_are_named_from_first_to_last() -> None:
    said = absence_words.sentence(report(asked=Asked(period=Period.CUSTOM)))
    assert "missed from 2 September to 20 November" in said


@pytest.mark.parametrize("possible, is_told", [(39, False), (40, True)])
def test_below_forty_sessions_there_is_too_little_to_tell(possible: int, is_told: bool) -> None:
    said = absence_words.sentence(report(total=figure(possible=possible, missed=4)))
    assert ("too few sessions" in said) is not is_told
    assert f"4 of {possible} possible sessions" in said


def test_hidden_numbers_are_called_fewer_than_ten() -> None:
    hidden = figure(pupils=None, possible=None, missed=None, persistent=None)
    said = absence_words.sentence(report(total=hidden))
    assert said == "Year 9: fewer than 10 pupils, so no figure is shown."
    few = absence_words.sentence(report(total=figure(persistent=None)))
    assert "fewer than 10 pupils are persistently absent" in few


def test_the_counts_under_the_sentence_hide_what_is_hidden() -> None:
    found = absence_words.counts(report(total=figure(persistent=None, severe=None)))
    assert [(count.number, count.word) for count in found][-1] == (
        "fewer than 10", "missed 10\u202f% or more",
    )  # fmt: skip


def test_last_year_at_the_same_point_comes_with_its_date_and_sessions() -> None:
    before = figure(until=(date(2025, 11, 21), Session.PM), missed=1_800)
    said = flat(absence_words.comparisons(report(before=before))[0])
    assert said == (
        "**The same point last year**, to the afternoon of 21 November 2025: 9.0 % (1,800 of "
        "20,000 possible sessions); 20.0 % of pupils were persistently absent (40 of 200)."
    )


def test_last_year_with_too_few_sessions_is_no_comparison() -> None:
    said = absence_words.comparisons(report(before=figure(possible=30, missed=3)))[0]
    assert said.endswith("too few to tell.")


def test_the_national_figure_names_its_series_its_year_and_its_date() -> None:
    said = flat(absence_words.comparisons(report())[1])
    assert said.startswith("**England, secondary schools, at this time last year:** 7.2 % of")
    assert "Pupil attendance in schools (daily registers), 2025/26 year to date" in said
    assert "published 20 November 2025, provisional; pupils aged 5 to 15" in said
    assert "No national figure for persistent absence was published by then" in said


def test_a_national_share_of_persistent_absence_stands_beside_the_rate() -> None:
    found = replace(NATIONAL, measure="persistent_absence", value=Decimal("22.3"))
    said = flat(absence_words.comparisons(report(national_persistent=found))[1])
    assert "7.2 % of sessions missed; 22.3 % of pupils persistently absent." in said


def test_the_like_for_like_view_is_pointed_out_only_in_the_other_one() -> None:
    pointed = "DfE-comparable view holds like against like"
    assert pointed in absence_words.comparisons(report())[1]
    assert pointed not in absence_words.comparisons(report(asked=Asked(view=View.DFE)))[1]


def test_without_a_national_figure_the_page_says_so_for_a_school_and_not_for_a_form() -> None:
    assert "No national figure" in absence_words.comparisons(report(national=None))[1]
    assert len(absence_words.comparisons(report(national=None, who="9K"))) == 1


def test_a_group_below_the_small_base_is_too_few_to_tell_in_the_table() -> None:
    split = pd.DataFrame(
        {
            "pupils": [1, 20], "possible_sessions": [39, 40], "absent_sessions": [4, 4],
            "absence_rate": [4 / 39, 0.1], "persistently_absent": [1, 1],
            "comparator": [np.nan, 0.08],
        },
        index=["Looked after", "EHC plan"],
    )  # fmt: skip
    table = absence_tables.groups_table(report(split=split, against="all together"))
    assert table["Absence"].map(flat).tolist() == ["too few to tell", "10.0 %"]
    assert table["Of the pupils"].map(flat).tolist() == ["–", "5.0 %"]
    assert table["All together"].map(flat).tolist() == ["–", "8.0 %"]


def test_only_a_small_number_is_called_fewer_than_ten_and_its_companion_is_not_shown() -> None:
    split = pd.DataFrame(
        {
            "pupils": [5, 40, 500], "possible_sessions": [400.0, 4000.0, 50000.0],
            "attended_sessions": 0.0, "absent_sessions": 40.0, "absence_rate": 0.1, "low": 0.0,
            "high": 1.0, "persistently_absent": [5, 30, 40], "comparator": 0.1,
        },
        index=["Year 7", "Year 8", "Year 9"],
    )  # fmt: skip
    table = absence_tables.groups_table(report(split=suppressed(split, 10), against="last year"))
    assert table["Pupils"].tolist() == ["fewer than 10", "not shown", "500"]
    assert table["Missed"].tolist() == ["not shown", "not shown", "40"]
    persistent = table["Pupils missing 10\u202f% or more"].tolist()
    assert persistent == ["fewer than 10", "not shown", "40"]
    assert table["Of the pupils"].map(flat).tolist() == ["–", "–", "8.0 %"]


def test_two_groups_in_the_address_are_counted_together(screens: Screens) -> None:
    page = screens.of("officer").open("absence", group="sex=F", **{"and": "fsm=yes"})
    assert not page.exception
    said = shown(page)
    assert r"Years 7 to 13, Sex\: girls, Free school meals\: yes: " in said


def test_a_governor_is_offered_no_group_of_pupils(screens: Screens) -> None:
    page = screens.of("governor").open("absence", group="fsm=yes")
    assert not page.exception
    assert "group" not in [box.key for box in page.selectbox]
    assert "Free school meals: yes" not in shown(page)


def test_the_schools_target_is_named_with_its_source_and_the_expectation_is_not_for_governors(
    screens: Screens,
) -> None:
    head = find_person(screens.engine, "head")
    change_setting(
        screens.engine, head, BASELINE, "93.1",
        source="DfE letter", valid_from=date(2026, 9, 1), review_on=None, now=MORNING,
    )  # fmt: skip
    for username, is_leader in (("head", True), ("governor", False)):
        said = shown(screens.of(username).open("absence"))
        assert "School target" in said and "Invented attendance policy" in said
        assert ("private expectation" in said) is is_leader


def test_a_group_is_held_against_no_figure_of_all_pupils_and_leads_to_no_list_of_others(
    screens: Screens,
) -> None:
    page = screens.of("officer").open("absence", group="fsm=yes")
    assert "No national figure is set against a group" in words(page)
    assert "The pupils:" not in words(page)
    assert "The pupils:" in words(screens.of("officer").open("absence"))
