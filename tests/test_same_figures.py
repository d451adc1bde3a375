"""The same pupil has the same figures on every screen, in every export and on the command line.

Some pupils of a demo school, chosen for what is easy to count in two ways: leavers, joiners, the
severely absent, part-time timetables, late marks, absences without a reason, sessions not possible.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from io import BytesIO
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from openpyxl import load_workbook
from sqlalchemy import Engine
from typer.testing import CliRunner

from attendance.cli import app
from attendance.core.people import Person
from attendance.core.pupil_facts import starts_by_weekday
from attendance.core.register import Register
from attendance.documents.referral_summary import FIGURES
from attendance.rules.codes import SYMBOL_OF
from attendance.services import accounts, on_track, pupils, referrals, setup
from attendance.services.absence import absence_report
from attendance.services.absence_scope import Asked
from attendance.services.registers import load_register
from attendance.store import particulars
from attendance.store.engine import open_engine, read

NOW = datetime(2026, 11, 24, 10, 12, tzinfo=UTC)
TODAY = date(2026, 11, 24)
LISTED = ["missed", "possible_so_far", "possible_to_come", "headroom", "recover_in", "band"]


@dataclass(frozen=True)
class Desk:
    """The demo school as its officer has it: both registers, and the command line."""

    engine: Engine
    officer: Person
    this: Register
    last: Register
    call: Callable[..., str]

    def json(self, *words: str) -> dict[str, dict[str, object]]:
        """The rows of a command, by UPN."""
        rows = json.loads(self.call(*words, "--json"))["rows"]
        return {row.get("upn") or row["key"]: row for row in rows}

    def row_of(self, upn: str) -> int:
        return int(np.flatnonzero(self.this.pupils["upn"] == upn)[0])


@pytest.fixture(scope="module")
def desk(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    file = tmp_path_factory.mktemp("same") / "school.sqlite"
    engine = open_engine(f"sqlite:///{shutil.copyfile(sqlite_template, file)}")
    # Large enough for the demo to have leavers and joiners.
    setup.create_demo(engine, today=TODAY, now=NOW, pupils=600)
    officer = accounts.find_person(engine, "officer")
    this, last = (load_register(engine, officer.school_id, year) for year in (2026, 2025))

    def call(*words: str) -> str:
        moment = {"ATTENDANCE_NOW": NOW.isoformat()}
        done = CliRunner().invoke(app, ["--database", f"sqlite:///{file}", *words], env=moment)
        assert (done.exit_code, done.stderr) == (0, "")
        return done.stdout

    yield Desk(engine, officer, this, last, call)
    engine.dispose()


@pytest.fixture(scope="module")
def chosen(desk: Desk) -> list[str]:
    """The UPNs of two pupils of each kind."""
    register, roll = desk.this, desk.this.pupils
    with read(desk.engine) as tx:
        facts = particulars.characteristics(tx, desk.officer.school_id)
    part_time = {fact.pupil_id for fact in facts if fact.kind == "part_time_timetable"}
    missed = on_track.standing(register, TODAY)[["missed", "possible_so_far"]]

    def has(code: str) -> pd.Series:
        return pd.Series((register.marks == ord(SYMBOL_OF[code])).any(axis=1))

    kinds = {
        "left": roll["last_day"].map(lambda day: isinstance(day, date) and day < TODAY),
        "joined": roll["first_day"].map(lambda day: day > date(2026, 9, 14)),
        "severe": 2 * missed["missed"] >= missed["possible_so_far"],
        "part-time": roll["pupil_id"].isin(part_time),
        "elsewhere": has("D") | has("B"),
        "not required": has("X"),
        "without a reason": has("N"),
        "late in both ways": has("L") & has("U"),
        "never absent": missed["missed"] == 0,
    }
    assert [kind for kind, who in kinds.items() if not who.any()] == []
    return list(dict.fromkeys(upn for who in kinds.values() for upn in roll.loc[who, "upn"][:2]))


@pytest.fixture(scope="module")
def workbooks(desk: Desk, chosen: list[str]) -> dict[str, dict[str, int]]:
    """What each pupil's referral workbook says of the year: UPN -> column -> number."""
    return {upn: in_workbook(desk, upn) for upn in chosen}


def test_the_pupil_page_the_list_and_the_command_line_say_the_same_of_the_year(desk, chosen):
    listed = on_track.standing(desk.this, TODAY).set_index("upn")
    printed = desk.json("on-track")
    starts = starts_by_weekday(desk.this, desk.this.latest)
    for upn in chosen:
        row = desk.row_of(upn)
        page = pupils.pupil_record(
            desk.engine, desk.officer, desk.this, desk.last, row, starts, NOW
        ).outlook
        own = {name: getattr(page, name) for name in LISTED}
        assert dict(listed.loc[upn, LISTED]) == own, upn
        assert {name: printed[upn][name] for name in LISTED} == own, upn


def test_figures_by_pupil_and_the_referral_workbook_count_the_same_sessions(desk, workbooks):
    printed, listed = desk.json("figures", "--by", "pupil"), desk.json("on-track")
    for upn, told in workbooks.items():
        row, own = printed[upn], listed[upn]
        assert (told["Possible"], told["Attended"]) == (
            row["possible_sessions"],
            row["attended_sessions"],
        ), upn
        assert (told["Authorised"], told["Unauthorised"]) == (
            row["authorised_absence"],
            row["unauthorised_absence"],
        ), upn
        assert (told["Late (L)"], told["Late after close (U)"]) == (
            row["late_before_close"],
            row["late_after_close"],
        ), upn
        missed = told["Authorised"] + told["Unauthorised"]
        assert (missed, told["Possible"]) == (own["missed"], own["possible_so_far"]), upn


def test_the_referral_has_as_many_open_n_as_stand_in_the_register(desk, workbooks):
    for upn, told in workbooks.items():
        marks = desk.this.marks[desk.row_of(upn)]
        assert told["Reason open (N)"] == (marks == ord("N")).sum(), upn


def test_absence_is_the_sum_over_all_pupils_leavers_too(desk):
    report = absence_report(desk.engine, desk.officer, desk.this, desk.last, Asked(), "secondary")
    assert report is not None
    rows = desk.json("figures", "--by", "pupil").values()
    (school,) = json.loads(desk.call("figures", "--json"))["rows"]
    for name, shown in {
        "possible_sessions": report.total.possible,
        "authorised_absence": report.total.authorised,
        "unauthorised_absence": report.total.unauthorised,
        "persistently_absent": report.total.persistent,
        "severely_absent": report.total.severe,
    }.items():
        assert sum(row[name] for row in rows) == school[name] == shown, name
    assert sum(row["possible_sessions"] > 0 for row in rows) == school["pupils"]
    assert school["pupils"] == report.total.pupils


def in_workbook(desk: Desk, upn: str) -> dict[str, int]:
    """'This year to date' as the referral workbook has it: column -> number."""
    pupil_id = int(desk.this.pupils["pupil_id"].iloc[desk.row_of(upn)])
    _, built = referrals.referral_file(desk.engine, desk.officer, [pupil_id], NOW)
    for sheet in load_workbook(BytesIO(built)).worksheets:
        rows = list(sheet.iter_rows(values_only=True))
        for head, *below in (rows[n:] for n in range(len(rows))):
            if head[0] == FIGURES[0]:
                (told,) = [row for row in below if row[0] == "This year to date"]
                return dict(zip(FIGURES, told, strict=False))
    raise AssertionError(f"no table of figures in the workbook of {upn}")
