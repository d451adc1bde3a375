"""What an import asks though nothing in the file is wrong: have they left, is the school open?"""

from __future__ import annotations

from datetime import date

import pytest

from attendance.core.calendar import Closure
from attendance.services import imports, setup
from attendance.store import schools
from attendance.store.engine import write
from tests.build import term
from tests.services.test_imports import DAY, NOW, TWO_DAYS, grid, load, officer


@pytest.fixture
def school(engine):
    return setup.create_school(
        engine, name="Larkspur Fictional Academy", urn="999001", phase="secondary", now=NOW
    )


def warnings(engine, school, data: bytes) -> list[str]:
    result = imports.read_file(data, "next.csv")
    return [each.says for each in imports.preview_import(engine, officer(school), result).problems]


def closed_from_the_fourth(engine, school, *years: int) -> None:
    days = date(2026, 11, 4), date(2026, 11, 6)
    with write(engine) as tx:
        schools.replace_terms(tx, school, 2026, [term(date(2026, 9, 1), date(2026, 12, 18))])
        closure = Closure(*days, "inset", frozenset(years) or None, "Training")
        schools.replace_closures(tx, school, 2026, [closure])


def test_a_pupil_on_roll_of_whom_the_next_file_says_nothing_is_asked_about(engine, school):
    load(engine, school, grid(TWO_DAYS, TWO_DAYS))
    (says,) = warnings(engine, school, grid(TWO_DAYS, "- - - -", first=9))
    assert says.startswith("1 pupil is on roll and has no mark in this file: Quillfeather, Barnaby")
    assert "If somebody has left, record the last day on the pupil’s page" in says


def test_one_mark_of_the_pupil_is_enough_to_ask_nothing(engine, school):
    load(engine, school, grid(TWO_DAYS, TWO_DAYS))
    assert warnings(engine, school, grid(TWO_DAYS, "I - - -", first=9)) == []


def test_nobody_is_asked_about_who_was_never_on_roll(engine, school):
    load(engine, school, grid(TWO_DAYS))
    assert warnings(engine, school, grid(TWO_DAYS, "Z Z Z Z", first=9)) == []


def test_marks_on_a_day_that_the_schools_calendar_closes_are_said(engine, school):
    closed_from_the_fourth(engine, school)
    (says,) = warnings(engine, school, grid(f"{DAY} {DAY} {DAY}", f"{DAY} {DAY} # #"))
    assert says.startswith("2 marks are on Wednesday 4 November 2026, when the school’s calendar")


def test_a_planned_closure_on_a_closed_day_is_no_contradiction(engine, school):
    closed_from_the_fourth(engine, school)
    assert warnings(engine, school, grid(f"{DAY} {DAY} # #", f"{DAY} {DAY} # #")) == []


def test_a_day_closed_for_one_year_group_only_is_a_day_of_the_school(engine, school):
    closed_from_the_fourth(engine, school, 9)
    assert warnings(engine, school, grid(f"{DAY} {DAY} {DAY}")) == []


def test_a_calendar_read_off_registers_contradicts_no_file(engine, school):
    assert warnings(engine, school, grid(f"{DAY} {DAY} {DAY}", first=24)) == []


def test_the_last_columns_all_closed_are_a_planned_closure(engine, school):
    load(engine, school, grid(f"{DAY} {DAY} # #", f"{DAY} {DAY} # #"))
    with write(engine) as tx:
        calendar = schools.load_calendar(tx, school, 2026)
    assert "oooo##" in calendar.sessions


def test_of_many_closed_days_the_first_five_are_named_and_the_rest_counted(engine, school):
    closed_from_the_fourth(engine, school)
    with write(engine) as tx:
        schools.replace_terms(tx, school, 2026, [term(date(2026, 9, 1), date(2026, 10, 23))])
    week = grid(" ".join([DAY] * 5))
    assert len(warnings(engine, school, week)) == 5
    said = warnings(engine, school, grid(" ".join([DAY] * 12)))
    named = [says for says in said if "calendar is closed" in says]
    assert len(named) == 5
    assert "5 more days with marks are closed in the school’s calendar." in said
