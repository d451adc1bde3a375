"""Why figures differ: who may see it, what is typed, and the workbook that is logged."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from io import BytesIO

import openpyxl
import pytest

from attendance.core.reconcile_words import Measure
from attendance.errors import NotAllowed, Refused
from attendance.rules.roles import Role
from attendance.services.figures import figures
from attendance.services.reconcile import Asked, read_theirs, reconcile, reconcile_file
from attendance.services.registers import load_register
from attendance.store import events
from attendance.store.engine import read
from tests.services.school import NOW, person, school

OFFICER = Role.ATTENDANCE_OFFICER


def logged(engine):  # type: ignore[no-untyped-def]
    with read(engine) as tx:
        return events.list_events(tx, 1, kinds=["export_reconcile"])


@pytest.mark.parametrize(
    "typed, measure, read_as",
    [
        ("91.4", Measure.ATTENDANCE, (Fraction("91.4"), 1)),
        (" 91,40 % ", Measure.ATTENDANCE, (Fraction("91.4"), 2)),
        ("100", Measure.ABSENCE, (Fraction(100), 0)),
        ("228", Measure.PERSISTENT_COUNT, (Fraction(228), 0)),
        ("", Measure.ABSENCE, None),
        ("  ", Measure.ABSENCE, None),
    ],
)
def test_a_figure_is_read_with_the_decimals_it_was_typed_with(typed, measure, read_as) -> None:
    assert read_theirs(typed, measure) == read_as


@pytest.mark.parametrize(
    "typed, measure",
    [("91.456", Measure.ABSENCE), ("100.1", Measure.ABSENCE), ("-1", Measure.ABSENCE),
     ("1e9", Measure.ABSENCE), ("²", Measure.ABSENCE), ("<b>", Measure.ABSENCE),
     ("22.5", Measure.PERSISTENT_COUNT)],
)  # fmt: skip
def test_what_is_no_figure_is_refused_with_an_example(typed, measure) -> None:
    with pytest.raises(Refused, match=r"^Their figure: (give|no rate)"):
        read_theirs(typed, measure)


@pytest.mark.parametrize(
    "role", [Role.GOVERNOR, Role.TEACHER_FORM_TUTOR, Role.ADMIN_STAFF, Role.EWO_VISITOR,
             Role.SYSTEM_ADMIN],
)  # fmt: skip
def test_only_who_sees_both_the_figures_and_the_pupils_may_ask(sqlite_engine, role) -> None:
    school(sqlite_engine)
    register = load_register(sqlite_engine, 1, 2026)
    with pytest.raises(NotAllowed):
        reconcile(person(role), register, Asked())
    with pytest.raises(NotAllowed):
        reconcile_file(sqlite_engine, person(role), register, Asked(), NOW)
    assert logged(sqlite_engine) == []


def test_a_deputy_gets_the_figure_and_the_pupils_of_their_own_year(sqlite_engine) -> None:
    school(sqlite_engine)
    register = load_register(sqlite_engine, 1, 2026)
    whole = reconcile(person(OFFICER), register, Asked())
    own = reconcile(person(Role.PASTORAL_DHOY, "10"), register, Asked())
    assert whole is not None and own is not None
    assert own.who == "Year 10" and {one.form for one in own.pupils} <= {"10A"}
    assert own.ours.below < whole.ours.below


def test_the_figure_is_the_one_that_every_other_screen_and_command_gives(sqlite_engine) -> None:
    school(sqlite_engine)
    register = load_register(sqlite_engine, 1, 2026)
    row = figures(sqlite_engine, 1, by="school", now=NOW).rows[0]
    asked = {measure: reconcile(person(OFFICER), register, Asked(measure)) for measure in Measure}
    attendance, count = asked[Measure.ATTENDANCE], asked[Measure.PERSISTENT_COUNT]
    assert attendance is not None and count is not None
    assert attendance.ours.above == row["attended_sessions"]
    assert attendance.ours.below == row["possible_sessions"]
    assert (count.ours.above, count.ours.below) == (row["persistently_absent"], row["pupils"])


def test_the_workbook_names_the_pupils_as_text_and_is_logged_before_it_is_given(
    sqlite_engine,
) -> None:
    school(sqlite_engine)
    register = load_register(sqlite_engine, 1, 2026)
    name, built = reconcile_file(sqlite_engine, person(OFFICER), register, Asked(), NOW)
    assert name == "Why figures differ 2026-11-24.xlsx"
    workbook = openpyxl.load_workbook(BytesIO(built))
    assert workbook.sheetnames == ["Figures", "Pupils"]
    cells = [cell for sheet in workbook for line in sheet.iter_rows() for cell in line]
    assert not [cell for cell in cells if cell.data_type == "f"]
    assert any("=HYPERLINK" in str(cell.value) for cell in cells)
    (event,) = logged(sqlite_engine)
    assert event.subjects and event.detail["rows"] > 0 and "HYPERLINK" not in str(event.detail)
    again = reconcile_file(sqlite_engine, person(OFFICER), register, Asked(), NOW)[1]
    assert again == built


def test_a_register_without_a_mark_has_nothing_to_reconcile(sqlite_engine) -> None:
    school(sqlite_engine)
    empty = replace(load_register(sqlite_engine, 1, 2026), latest=-1)
    assert reconcile(person(OFFICER), empty, Asked()) is None
    with pytest.raises(Refused, match="Nothing was marked"):
        reconcile_file(sqlite_engine, person(OFFICER), empty, Asked(), NOW)
