"""From a register file to the register: previewed, saved once, corrected, held."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from attendance.core.amendments import MarkChange
from attendance.core.slots import Session
from attendance.errors import AttendanceError, ChangedMeanwhile, NotAllowed
from attendance.rules.roles import Role
from attendance.services import conflicts, figures, imports, registers, setup
from attendance.store import events, pupils
from attendance.store import registers as lines
from attendance.store.engine import read
from tests.build import person

SAMPLES = Path(__file__).parents[2] / "data" / "samples"
NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
HEAD = "UPN,Surname,Forename,Reg Group,Year"
ADA, BEN = "Z999499919101,Bramblewick,Ada,7A,7", "N999499919102,Quillfeather,Barnaby,7A,7"
MONDAY = date(2026, 11, 2)
DAY = "/ \\"
TWO_DAYS = f"{DAY} {DAY}"


@pytest.fixture
def school(engine):
    return setup.create_school(
        engine, name="Larkspur Fictional Academy", urn="999001", phase="secondary", now=NOW
    )


def officer(school):
    return person(Role.ATTENDANCE_OFFICER, school_id=school)


def grid(*rows: str, first: int = 2) -> bytes:
    """A wide register of November 2026: grid(f"{DAY} I I") is one pupil's two days."""
    width = len(rows[0].split(" "))
    days = [date(2026, 11, first + at // 2) for at in range(width)]
    heads = [f"{day:%d/%m/%Y} {'AM' if at % 2 == 0 else 'PM'}" for at, day in enumerate(days)]
    body = [f"{who},{row.replace(' ', ',')}" for who, row in zip((ADA, BEN), rows, strict=False)]
    return "\n".join([",".join([HEAD, *heads]), *body]).encode()


def load(engine, school, data: bytes, name: str = "register.csv", who=None):
    result = imports.read_file(data, name)
    return imports.save_import(engine, who or officer(school), result, NOW)


def marks(engine, school, upn_row: int = 0, count: int = 4) -> str:
    found = registers.load_register(engine, school, 2026)
    row = found.marks[upn_row]
    start = (MONDAY - date(2026, 7, 27)).days // 7 * 10
    return "".join(chr(mark) for mark in row[start : start + count])


@pytest.mark.parametrize(
    "name",
    ["wide_register.csv", "wide_register.xlsx", "long_register.csv", "daily_register.csv"],
)
def test_a_sample_register_gives_the_counts_of_an_independent_reader(engine, school, name):
    expected = json.loads((SAMPLES / "expected.json").read_text(encoding="utf-8"))[name]
    load(engine, school, (SAMPLES / name).read_bytes(), name)
    by_code = figures.figures(engine, school, by="code", now=NOW).rows
    assert {row["key"]: row["sessions"] for row in by_code} == expected["codes"]
    (whole,) = figures.figures(engine, school, by="school", now=NOW).rows
    assert whole["pupils"] == expected["pupils"]
    assert whole["possible_sessions"] == expected["possible"]
    assert whole["attended_sessions"] == expected["attended"]
    assert round(100 * whole["attendance_rate"], 2) == expected["attendance_pct"]
    assert whole["unmarked"] == expected["categories"]["missing"]


def test_the_same_file_again_changes_nothing_and_says_when_it_was_imported(engine, school):
    data = grid(f"{DAY} I I")
    assert load(engine, school, data).saved
    again = load(engine, school, data)
    assert (again.new_marks, again.changed, again.saved) == (0, 0, False)
    assert "imported on 24 November 2026 by Pat Invented" in again.problems[0].says
    assert len(conflicts.past_imports(engine, officer(school))) == 1


def test_the_same_register_in_another_format_changes_nothing(engine, school):
    for name in ("wide_register.csv", "wide_register.xlsx"):
        report = load(engine, school, (SAMPLES / name).read_bytes(), name)
    assert (report.new_marks, report.changed, report.new_pupils) == (0, 0, 0)
    assert report.unchanged == 587


def test_a_corrected_file_changes_only_the_corrected_marks_and_records_each(engine, school):
    load(engine, school, grid(f"{DAY} N N", TWO_DAYS))
    report = load(engine, school, grid(f"{DAY} I I", TWO_DAYS))
    assert (report.new_marks, report.changed, report.unchanged) == (0, 2, 6)
    assert marks(engine, school) == r"/\II"
    register = registers.load_register(engine, school, 2026)
    made = registers.mark_history(engine, officer(school), register, 1)
    assert [(one.original, one.amended, one.session) for one in made] == [
        ("N", "I", "AM"),
        ("N", "I", "PM"),
    ]
    assert made[0].batch_id and "register.csv" in made[0].reason


def test_a_dash_in_a_file_erases_nothing(engine, school):
    load(engine, school, grid(f"{DAY} I I"))
    report = load(engine, school, grid(f"{DAY} - -"))
    assert (report.changed, marks(engine, school)) == (0, r"/\II")


def test_a_preview_writes_nothing(engine, school):
    result = imports.read_file(grid(f"{DAY} I I"), "register.csv")
    report = imports.preview_import(engine, officer(school), result)
    assert (report.new_marks, report.new_pupils, report.saved) == (4, 1, False)
    assert registers.years_held(engine, school) == []


def amend(engine, school, expected, code, at=Session.AM, day=3):
    register = registers.load_register(engine, school, 2026)
    change = MarkChange(1, date(2026, 11, day), at, expected, code)
    registers.amend_marks(engine, officer(school), register, [change], "Parent rang", NOW)


def test_a_mark_amended_here_is_held_and_not_overwritten(engine, school):
    load(engine, school, grid(f"{DAY} N N"))
    amend(engine, school, "N", "M")
    report = load(engine, school, grid(f"{DAY} O O"))
    assert (report.changed, report.conflicts) == (1, 1)
    assert marks(engine, school) == r"/\MO"
    (held,) = conflicts.open_conflicts(engine, officer(school))
    assert (held.ours, held.theirs, held.state) == ("M", "O", "open")


def test_keeping_our_mark_is_remembered_when_the_file_comes_again_unchanged(engine, school):
    load(engine, school, grid(f"{DAY} N N"))
    amend(engine, school, "N", "M")
    load(engine, school, grid(f"{DAY} O N"))
    (held,) = conflicts.open_conflicts(engine, officer(school))
    conflicts.decide_conflict(engine, officer(school), held.id, take_theirs=False, now=NOW)
    report = load(engine, school, grid(f"{DAY} O N I I"))
    assert (report.conflicts, report.new_marks) == (0, 2)
    assert marks(engine, school) == r"/\MN"


def test_taking_the_files_mark_is_an_amendment_by_the_person_who_decided(engine, school):
    load(engine, school, grid(f"{DAY} N N"))
    amend(engine, school, "N", "M")
    load(engine, school, grid(f"{DAY} O N"))
    (held,) = conflicts.open_conflicts(engine, officer(school))
    conflicts.decide_conflict(engine, officer(school), held.id, take_theirs=True, now=NOW)
    assert marks(engine, school) == r"/\ON"
    with pytest.raises(ChangedMeanwhile):
        conflicts.decide_conflict(engine, officer(school), held.id, take_theirs=False, now=NOW)


def test_a_file_that_agrees_with_the_amendment_is_no_conflict(engine, school):
    load(engine, school, grid(f"{DAY} N N"))
    amend(engine, school, "N", "I")
    report = load(engine, school, grid(f"{DAY} I N"))
    assert (report.changed, report.conflicts) == (0, 0)


def test_sessions_still_to_come_are_the_schools_calendar(engine, school):
    load(engine, school, grid(f"{TWO_DAYS} - - # # - -", f"{TWO_DAYS} - - # # - -"))
    rows = figures.on_track_rows(engine, school, date(2026, 11, 3), NOW).rows
    assert rows["possible_so_far"].tolist() == [4, 4]
    assert rows["possible_to_come"].tolist() == [4, 4]


def test_columns_to_come_are_not_unmarked_whatever_the_day(engine, school):
    load(engine, school, grid(f"{TWO_DAYS} - - - -", f"{TWO_DAYS} - - - -"))
    later = datetime(2027, 7, 20, 12, tzinfo=UTC)
    report = figures.figures(engine, school, by="school", now=later, last_day=date(2027, 7, 20))
    assert (report.rows[0]["possible_sessions"], report.rows[0]["unmarked"]) == (8, 0)


def test_who_is_in_last_years_register_only_is_not_on_roll_this_year(engine, school):
    this_year = grid(TWO_DAYS)
    for data in (grid(DAY, DAY).replace(b"02/11/2026", b"03/11/2025"), this_year):
        load(engine, school, data)
    report = figures.figures(engine, school, by="school", now=NOW)
    assert (report.rows[0]["pupils"], report.rows[0]["unmarked"]) == (1, 0)
    assert list(figures.on_track_rows(engine, school, None, NOW).rows["upn"]) == [ADA[:13]]
    again = imports.preview_import(engine, officer(school), imports.read_file(this_year, "a.csv"))
    assert len(again.missing) == 0


def test_a_week_across_two_school_years_is_one_row(engine, school):
    data = (
        grid(TWO_DAYS).replace(b"02/11/2026", b"31/07/2025").replace(b"03/11/2026", b"01/08/2025")
    )
    load(engine, school, data)
    asked = {"first_day": date(2025, 7, 1), "last_day": date(2025, 8, 31)}
    (week,) = figures.figures(engine, school, by="week", now=NOW, **asked).rows
    assert (week["key"], week["pupils"], week["possible_sessions"]) == ("2025-07-28", 1, 4)
    assert week["attendance_rate"] == 1


def test_the_z_of_a_pupil_who_is_yet_to_join_is_counted_by_code(engine, school):
    load(engine, school, grid(DAY, "Z Z"))
    rows = figures.figures(engine, school, by="code", now=NOW).rows
    assert {row["key"]: row["sessions"] for row in rows} == {"/": 1, "\\": 1, "Z": 2}


def test_an_earlier_file_brings_the_first_day_on_roll_forward(engine, school):
    load(engine, school, grid(TWO_DAYS, first=9))
    load(engine, school, grid(TWO_DAYS, first=2))
    with read(engine) as tx:
        (spell,) = pupils.spells(tx, school)
    assert (spell.first_day, spell.last_day) == (MONDAY, None)


def test_a_leaver_who_comes_back_has_two_spells(engine, school):
    load(engine, school, grid(f"{TWO_DAYS}  ", f"{TWO_DAYS} {DAY}"))
    load(engine, school, grid(TWO_DAYS, TWO_DAYS, first=9))
    with read(engine) as tx:
        spells = [s for s in pupils.spells(tx, school) if s.pupil_id == 1]
    assert [(s.first_day.day, s.last_day and s.last_day.day) for s in spells] == [(2, 3), (9, None)]


def test_a_pupil_who_moves_form_keeps_the_old_one_until_the_file_begins(engine, school):
    load(engine, school, grid(TWO_DAYS))
    load(engine, school, grid(TWO_DAYS, first=9).replace(b"7A,7", b"7B,7"))
    with read(engine) as tx:
        placed = [(p.form, p.first_day) for p in pupils.placements(tx, school)]
    assert placed == [("7A", MONDAY), ("7B", date(2026, 11, 9))]


def test_what_a_file_leaves_out_about_a_pupil_stays(engine, school):
    load(engine, school, grid(DAY))
    renamed = grid(DAY, first=9).replace(b"Bramblewick,Ada", b"Bramblewick-Fable,Ada")
    load(engine, school, renamed)
    with read(engine) as tx:
        (pupil,) = pupils.list_pupils(tx, school)
    assert (pupil.surname, pupil.upn) == ("Bramblewick-Fable", "Z999499919101")


def test_minutes_late_and_comments_come_with_their_marks(engine, school):
    name = "wide_register.xlsx"
    load(engine, school, (SAMPLES / name).read_bytes(), name)
    with read(engine) as tx:
        known = lines.details(tx, school, 2026)
    assert sum(detail.minutes_late or 0 for detail in known) == 121


def test_an_import_is_logged_with_counts_and_no_names(engine, school):
    load(engine, school, grid(DAY))
    with read(engine) as tx:
        (event,) = events.list_events(tx, school, kinds=["import"])
    assert event.detail == {"file": "register.csv", "new": 2, "changed": 0}


@pytest.mark.parametrize("role", [role for role in Role if role != Role.ATTENDANCE_OFFICER])
def test_only_the_officer_imports(engine, school, role):
    with pytest.raises(NotAllowed):
        load(engine, school, grid(DAY), who=person(role, school_id=school))
    assert registers.years_held(engine, school) == []


def test_a_failure_in_the_middle_of_saving_leaves_nothing_behind(engine, school, monkeypatch):
    def fail(*_):
        raise RuntimeError("the disk is gone")

    monkeypatch.setattr(imports.events, "append", fail)
    with pytest.raises(RuntimeError):
        load(engine, school, grid(DAY))
    with read(engine) as tx:
        assert pupils.list_pupils(tx, school) == []
    assert registers.years_held(engine, school) == []


@pytest.mark.parametrize("data", [b"", b"hello", b"%PDF-1.7", b"\x00\x01\x02", b"a,b\n1,2\n"])
def test_a_file_that_is_no_register_is_one_sentence(engine, school, data):
    with pytest.raises(AttendanceError) as caught:
        load(engine, school, data)
    assert str(caught.value).endswith(".")
