"""A governor sees no week and no day of the week that tells of fewer than ten pupils."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd
import pytest
from sqlalchemy import Engine

from attendance.rules.roles import Role
from attendance.services.absence import AbsenceReport, absence_report
from attendance.services.absence_scope import Asked
from tests.build import person, register

THIS_YEAR, LAST_YEAR = date(2026, 9, 7), date(2025, 9, 8)
IN, ILL, CLOSED = r"/\ " * 5, r"II /\ /\ /\ /\ ", "## " * 5
OFF = ".. " * 5


def report(database: Engine, this: list[str], before: list[str], role: Role) -> AbsenceReport:
    found = absence_report(
        database,
        person(role),
        register(*this, first_day=THIS_YEAR),
        register(*before, first_day=LAST_YEAR),
        Asked(),
        "secondary",
    )
    assert found is not None
    return found


def seen(report: AbsenceReport, series: str = "This year") -> list[bool]:
    weeks = report.weeks[report.weeks["series"] == series]
    assert (weeks["absence_rate"].isna() == weeks["possible_sessions"].isna()).all()
    return list(weeks["absence_rate"].notna())


@pytest.mark.parametrize("pupils, is_seen", [(9, False), (10, True)])
def test_a_school_of_nine_pupils_shows_a_governor_no_week_and_no_day(
    sqlite_engine: Engine, pupils: int, is_seen: bool
) -> None:
    lines = [ILL] + [IN] * (pupils - 1)
    found = report(sqlite_engine, lines, lines, Role.GOVERNOR)
    assert seen(found) == seen(found, "Last year") == [is_seen]
    shown = ["missed", "possible", "rate", "morning", "afternoon", "comparator"]
    assert found.weekdays[shown].notna().all(axis=None) == is_seen
    assert found.weekdays[shown].isna().all(axis=None) != is_seen
    assert found.weekdays["label"].tolist() == ["Mon", "Tue", "Wed", "Thu", "Fri"]


def test_an_officer_sees_them_all_the_same(sqlite_engine: Engine) -> None:
    found = report(sqlite_engine, [ILL] * 3, [IN] * 3, Role.ATTENDANCE_OFFICER)
    assert seen(found) == [True]
    assert found.weekdays.notna().all(axis=None)


@pytest.mark.parametrize("early, weeks", [(9, [False, False, True]), (10, [True] * 3)])
def test_a_week_for_nine_pupils_is_hidden_with_the_next_smallest(
    sqlite_engine: Engine, early: int, weeks: list[bool]
) -> None:
    """The first week was for a few; the second for thirty; the third for thirty-one."""
    lines = [ILL + IN + IN] * early + [OFF + IN + IN] * (30 - early) + [OFF + OFF + IN]
    assert seen(report(sqlite_engine, lines, [IN * 3] * 31, Role.GOVERNOR)) == weeks


def test_last_years_week_for_a_few_is_hidden_too(sqlite_engine: Engine) -> None:
    before = [ILL + IN + IN] * 3 + [OFF + IN + IN] * 27
    found = report(sqlite_engine, [IN * 3] * 30, before, Role.GOVERNOR)
    assert seen(found) == [True] * 3
    assert seen(found, "Last year") == [False, False, True]


@pytest.mark.parametrize("pupils, is_seen", [(9, False), (10, True)])
def test_a_day_on_which_only_a_few_were_expected_is_hidden_with_another(
    sqlite_engine: Engine, pupils: int, is_seen: bool
) -> None:
    """On Monday only some year groups were in; the others had their planned closure."""
    some, others = r"II /\ /\ /\ /\ ", r".. /\ /\ /\ /\ "
    found = report(
        sqlite_engine, [some] * pupils + [others] * 20, [IN] * 30, Role.GOVERNOR
    ).weekdays
    assert found["rate"].notna().tolist() == [is_seen, is_seen, True, True, True]
    assert pd.isna(found["missed"][0]) is not is_seen
    assert np.isfinite(found["comparator"]).all()


def test_a_half_day_for_everybody_hides_nothing(sqlite_engine: Engine) -> None:
    found = report(sqlite_engine, [r"/# /\ /\ /\ /\ "] * 12, [IN] * 12, Role.GOVERNOR)
    assert found.weekdays["rate"].notna().all()
