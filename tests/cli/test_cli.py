"""The command line as a school calls it: one document out, one sentence when it refuses."""

from __future__ import annotations

import json
import subprocess
import sys
from io import BytesIO
from pathlib import Path

import openpyxl
import pytest
from typer.testing import CliRunner

from attendance.cli import app

ROOT = Path(__file__).parents[2]
SAMPLES = ROOT / "data" / "samples"
WIDE = str(SAMPLES / "wide_register.csv")
SCHOOL = ["school", "set", "--name", "Larkspur Fictional", "--urn", "999001"]
ADA, DAY = "Z999499919101", "2026-11-03"
PASSWORD = "three plain words"


@pytest.fixture
def url(sqlite_template, tmp_path):
    return f"sqlite:///{tmp_path / 'attendance.sqlite'}"


@pytest.fixture
def call(url):
    """call("figures") -> (exit code, stdout, stderr)."""

    def run(*words, stdin=None):
        done = CliRunner().invoke(app, ["--database", url, *map(str, words)], input=stdin)
        assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
        return done.exit_code, done.stdout, done.stderr

    return run


@pytest.fixture
def school(call):
    """A school with the sample register and an officer, pat."""
    assert call(*SCHOOL, "--phase", "secondary")[0] == 0
    assert call("import", WIDE)[0] == 0
    add_user(call)
    return call


def add_user(call, username="pat", role="attendance_officer", *more):
    facts = ["--name", "Fenella Invented", "--position", "Attendance Officer", "--role", role]
    return call("users", "add", username, *facts, "--password-stdin", *more, stdin=PASSWORD)


def document(answer):
    code, out, err = answer
    assert (code, err) == (0, "")
    return json.loads(out)


def refused(answer):
    """The one sentence on stderr of a command that refused with nothing changed."""
    code, out, err = answer
    assert (code, out) == (1, ""), (code, out, err)
    assert err.count("\n") == 1 and "Traceback" not in err
    return err


def amend(call, expected, code, *, upn=ADA, day=DAY, session="AM", who="pat", reason="Mum rang"):
    how = ["--expected", expected, "--reason", reason, "--as", who]
    return call("amend", upn, day, session, code, *how)


def test_upgrade_makes_an_empty_database_and_again_does_nothing(call):
    for _ in range(2):
        assert call("upgrade") == (0, "The database is ready.\n", "")


def test_an_import_needs_a_school_first(call):
    assert "school set" in refused(call("import", WIDE))


def test_an_import_says_what_it_did_and_again_changes_nothing(call):
    call(*SCHOOL, "--phase", "secondary")
    first = document(call("import", WIDE, "--json"))
    assert {name: first[name] for name in first if name != "problems"} == {
        "file": "wide_register.csv", "format": "wide register, CSV", "pupils": 30, "marks": 587,
        "new_marks": 587, "changed": 0, "conflicts": 0, "saved": True,
    }  # fmt: skip
    assert set(first["problems"][0]) == {"row", "column", "says", "stops"}
    again = document(call("import", WIDE, "--json"))
    assert (again["new_marks"], again["changed"], again["saved"]) == (0, 0, False)


def test_a_dry_run_saves_nothing(call):
    call(*SCHOOL, "--phase", "secondary")
    report = document(call("import", WIDE, "--dry-run", "--json"))
    assert (report["new_marks"], report["saved"]) == (587, False)
    assert "no register yet" in refused(call("figures"))


def test_when_one_of_several_files_cannot_be_read_none_is_saved(call, tmp_path):
    call(*SCHOOL, "--phase", "secondary")
    (tmp_path / "notes.csv").write_text("just,notes\n1,2\n")
    refused(call("import", WIDE, tmp_path / "notes.csv"))
    refused(call("import", WIDE, tmp_path / "nowhere.csv"))
    assert "no register yet" in refused(call("figures"))


def test_several_files_give_a_list(call):
    call(*SCHOOL, "--phase", "secondary")
    reports = document(call("import", WIDE, SAMPLES / "wide_register.xlsx", "--json"))
    assert [report["new_marks"] for report in reports] == [587, 0]


@pytest.mark.parametrize("by", ["school", "year", "form", "pupil", "week"])
def test_every_grouping_pools_to_the_same_sessions(school, by):
    report = document(school("figures", "--by", by, "--json"))
    rows = report["rows"]
    assert (report["from"], report["to"], report["view"]) == ("2026-11-03", "2026-11-13", "school")
    assert sum(row["possible_sessions"] for row in rows) == 491
    assert sum(row["attended_sessions"] for row in rows) == 428
    assert sum(row["authorised_absence"] + row["unauthorised_absence"] for row in rows) == 63
    assert sum(row["unmarked"] for row in rows) == 3


def test_figures_by_pupil_are_keyed_by_upn_with_flags_of_nought_or_one(school):
    rows = document(school("figures", "--by", "pupil", "--json"))["rows"]
    by_upn = {row["key"]: row for row in rows}
    holiday = by_upn["R999499919104"]
    assert (holiday["pupils"], holiday["unauthorised_absence"]) == (1, 10)
    assert (holiday["persistently_absent"], holiday["severely_absent"]) == (1, 1)
    assert holiday["absence_rate"] == 10 / 18


def test_figures_of_two_days_count_both_and_no_other(school):
    (row,) = document(school("figures", "--from", DAY, "--to", "2026-11-04", "--json"))["rows"]
    days = document(school("figures", "--by", "week", "--from", DAY, "--to", DAY, "--json"))["rows"]
    assert row["possible_sessions"] < 30 * 4 and row["possible_sessions"] > 30 * 3
    assert days[0]["key"] == "2026-11-02"
    assert days[0]["persistently_absent"] is None


def test_the_dfe_view_leaves_out_the_sixth_former(school):
    (row,) = document(school("figures", "--view", "dfe", "--json"))["rows"]
    assert row["pupils"] == 29


@pytest.mark.parametrize("by", ["school", "year", "form", "pupil", "week"])
def test_a_cohort_is_counted_by_every_grouping_and_named(school, by):
    years = [row["key"] for row in document(school("figures", "--by", "year", "--json"))["rows"]]
    sessions = 0
    for year in years:
        asked = ["--cohort", f"Year={year}", "--cohort", "fsm=no"]
        report = document(school("figures", "--by", by, *asked, "--json"))
        assert report["cohort"] == [f"year={year}", "fsm=no"]
        sessions += sum(row["possible_sessions"] for row in report["rows"])
    assert len(years) > 1 and sessions == 491
    assert document(school("figures", "--json"))["cohort"] == []


def test_the_dfe_view_names_its_census_terms(school):
    report = document(school("figures", "--view", "dfe", "--json"))
    assert (report["view"], report["census_terms"]) == ("dfe", ["Autumn term 2026/27"])


def test_a_cohort_that_does_not_exist_is_wrong_use_and_says_which_there_are(school):
    code, out, err = school("figures", "--cohort", "hats=yes")
    assert (code, out) == (2, "") and "year, form, sex, sen" in " ".join(err.split())
    code, _, err = school("figures", "--cohort", "sex=X")
    assert code == 2 and "F or M" in err


def test_of_pupils_aged_4_dfe_has_one_rate_that_is_not_split(school):
    asked = ["--view", "dfe", "--cohort", "age=4"]
    (row,) = document(school("figures", *asked, "--json"))["rows"]
    assert (row["authorised_absence"], row["unauthorised_absence"]) == (None, None)
    assert "aged 4" in refused(school("figures", "--by", "code", *asked))


def test_a_rate_on_few_sessions_is_marked_as_on_a_small_base(school):
    (row,) = document(school("figures", "--json"))["rows"]
    assert row["small_base"] is False
    assert all(
        r["small_base"] for r in document(school("figures", "--by", "pupil", "--json"))["rows"]
    )


def test_figures_the_program_does_not_know_are_wrong_use(school):
    assert school("figures", "--by", "nonsense")[0] == 2
    assert school("figures", "--view", "mine")[0] == 2
    assert school("figures", "--from", "3/11/2026")[0] == 2
    assert school("nonsense")[0] == 2


def test_days_the_wrong_way_round_are_refused(school):
    said = refused(school("figures", "--from", "2026-11-06", "--to", "2026-11-03"))
    assert "first day is after the last" in said


def test_days_without_a_session_give_nought_and_no_rate(school):
    days = ["--from", "2026-12-24", "--to", "2026-12-25"]
    (row,) = document(school("figures", *days, "--json"))["rows"]
    assert (row["pupils"], row["possible_sessions"], row["attendance_rate"]) == (0, 0, None)
    assert document(school("figures", "--by", "form", *days, "--json"))["rows"] == []
    assert "No rows." in school("figures", "--by", "form", *days)[1]


def test_on_track_gives_the_arithmetic_of_every_pupil(school):
    report = document(school("on-track", "--on", "2026-11-13", "--json"))
    rows = {row["upn"]: row for row in report["rows"]}
    assert len(rows) == 30
    assert rows["R999499919104"] == {
        "upn": "R999499919104", "missed": 10, "possible_so_far": 18, "possible_to_come": 0,
        "headroom": -9, "needed_from_now": None, "recover_in": 83, "band": "severe",
    }  # fmt: skip


def test_an_amendment_is_in_the_history_with_all_six_facts_and_its_hash(school):
    assert amend(school, "/", "I")[0] == 0
    (made,) = document(school("history", ADA, "--json"))["amendments"]
    assert (made["original"], made["amended"], made["reason"]) == ("/", "I", "Mum rang")
    assert (made["name"], made["position"]) == ("Fenella Invented", "Attendance Officer")
    assert (made["day"], made["session"], len(made["hash"])) == (DAY, "AM", 64)
    assert document(school("history", ADA, DAY, "PM", "--json"))["amendments"] == []
    verified = document(school("audit", "verify", "--json"))
    assert verified == {"amendments": 1, "head": made["hash"], "intact": True}


def test_codes_may_be_typed_in_small_letters(school):
    assert amend(school, "/", "i") == (0, "/ is now I.\n", "")
    assert amend(school, "i", "m") == (0, "I is now M.\n", "")


def test_the_second_of_two_people_is_told_who_was_first(school):
    add_user(school, "sam")
    amend(school, "/", "I")
    said = refused(amend(school, "/", "M", who="sam"))
    assert "Fenella Invented" in said and "I" in said
    assert len(document(school("history", ADA, "--json"))["amendments"]) == 1


@pytest.mark.parametrize(
    "changes, said",
    [
        ({"code": "H"}, "withdrawn after 18 August 2024"),
        ({"code": "\\"}, "is ‘/’"),
        ({"code": "-"}, "never taken away"),
        ({"code": "ZZ"}, "is not an attendance code"),
        ({"expected": "ZZ"}, "no code that a mark can have"),
        ({"code": "Z"}, "not a mark of a pupil on roll"),
        ({"code": "#"}, "not a mark of a pupil on roll"),
        ({"reason": " "}, "Give the reason"),
        ({"day": "2026-11-02"}, "no session on Monday 2 November 2026"),
        ({"upn": "Z999499919199"}, "No pupil has the UPN"),
        ({"who": "nobody"}, "no account"),
        ({"day": "2026-11-07"}, "weekend"),
    ],
)
def test_an_amendment_that_cannot_be_is_one_sentence_and_changes_nothing(school, changes, said):
    asked = {"expected": "/", "code": "I"} | changes
    assert said in refused(amend(school, asked.pop("expected"), asked.pop("code"), **asked))
    assert document(school("audit", "verify", "--json"))["amendments"] == 0


def test_a_governor_cannot_amend_or_refer(school, tmp_path):
    add_user(school, "gov", "governor")
    assert "Your role does not allow this" in refused(amend(school, "/", "I", who="gov"))
    out = tmp_path / "referral.xlsx"
    refused(school("referral", ADA, "--out", out, "--as", "gov"))
    assert not out.exists()


def test_a_referral_is_a_workbook_with_the_amendment_in_it(school, tmp_path):
    amend(school, "/", "I")
    out = tmp_path / "referral.xlsx"
    assert school("referral", ADA, "N999499919102", "--out", out, "--as", "pat")[0] == 0
    book = openpyxl.load_workbook(BytesIO(out.read_bytes()))
    text = " ".join(
        str(cell.value) for sheet in book for row in sheet.iter_rows() for cell in row if cell.value
    )
    assert "Mum rang" in text and "Fenella Invented" in text
    assert out.stat().st_mode & 0o077 == 0


def test_a_referral_to_a_folder_that_is_not_there_builds_nothing(school, tmp_path):
    said = refused(school("referral", ADA, "--out", tmp_path / "no" / "r.xlsx", "--as", "pat"))
    assert "There is no folder" in said
    assert "is a folder" in refused(school("referral", ADA, "--out", tmp_path, "--as", "pat"))


def test_accounts_are_added_listed_changed_and_closed(school):
    add_user(school, "deputy", "pastoral_dhoy", "--scope", "9,10")
    assert school("users", "role", "deputy", "teacher_form_tutor", "--scope", "9K")[0] == 0
    assert school("users", "disable", "deputy")[0] == 0
    rows = {row["username"]: row for row in document(school("users", "list", "--json"))["rows"]}
    assert rows["deputy"]["roles"] == {"teacher_form_tutor": ["9K"]}
    assert (rows["deputy"]["active"], rows["pat"]["active"]) == (False, True)
    assert "closed" in refused(amend(school, "/", "I", who="deputy"))


@pytest.mark.parametrize(
    "password", ["", "short", "x" * 73, "aaaaaaaaaaaaaa", "fenella words here"]
)
def test_a_weak_password_is_refused(call, password):
    call(*SCHOOL, "--phase", "secondary")
    facts = ["--name", "Fenella Invented", "--position", "Officer", "--role", "dsl"]
    refused(call("users", "add", "fen", *facts, "--password-stdin", stdin=password))


def test_an_unknown_role_is_wrong_use(school):
    assert add_user(school, "sam", "wizard")[0] == 2


def test_a_school_needs_a_urn_and_a_known_phase(call):
    words = ["school", "set", "--name", "Larkspur", "--urn"]
    assert "six digits" in refused(call(*words, "12", "--phase", "secondary"))
    assert call(*words, "999001", "--phase", "nursery")[0] == 2


def test_a_calendar_decides_what_is_to_come(school):
    calendar = str(SAMPLES / "school_calendar.csv")
    assert school(*SCHOOL, "--phase", "secondary", "--calendar", calendar)[0] == 0
    rows = document(school("on-track", "--on", "2026-11-13", "--json"))["rows"]
    assert max(row["possible_to_come"] for row in rows) > 200
    (whole,) = document(school("figures", "--json"))["rows"]
    assert (whole["possible_sessions"], whole["unmarked"]) == (491, 3)


def test_the_demo_goes_into_an_empty_database_only(call, school):
    assert "already holds a school" in refused(call("demo", "--pupils", "60"))


def test_the_demo_school_is_ready_to_be_counted(call):
    assert call("demo", "--pupils", "60", "--seed", "3", "--until", "2026-11-20")[0] == 0
    report = document(call("figures", "--json"))
    assert report["to"] == "2026-11-20"
    assert 55 <= report["rows"][0]["pupils"] <= 75
    assert document(call("audit", "verify", "--json"))["intact"]
    assert "demo school" in refused(call(*SCHOOL, "--phase", "secondary"))


def test_a_backup_brings_everything_back(school, tmp_path):
    amend(school, "/", "I")
    file = tmp_path / "night.backup"
    assert school("backup", file, "--plain")[0] == 0
    amend(school, "I", "M")
    assert school("restore", file, "--plain")[0] == 0
    (made,) = document(school("history", ADA, "--json"))["amendments"]
    assert made["amended"] == "I"
    assert "exists already" in refused(school("backup", file, "--plain"))


def test_a_file_that_is_no_backup_is_not_restored(school, tmp_path):
    (tmp_path / "no.backup").write_bytes(b"not a database")
    refused(school("restore", tmp_path / "no.backup", "--plain"))
    refused(school("restore", tmp_path / "missing.backup"))
    assert document(school("figures", "--json"))["rows"][0]["pupils"] == 30


def test_a_tampered_amendment_is_found_and_the_exit_code_says_so(school, url):
    from sqlalchemy import create_engine, text

    amend(school, "/", "I")
    with create_engine(url).begin() as tx:
        for name in tx.execute(text("SELECT name FROM sqlite_master WHERE type = 'trigger'")).all():
            tx.execute(text(f"DROP TRIGGER {name[0]}"))
        tx.execute(text("UPDATE amendment SET amended = 'M'"))
    code, out, _ = school("audit", "verify", "--json")
    assert (code, json.loads(out)["intact"]) == (1, False)


def test_an_address_that_is_no_database_is_one_sentence():
    done = CliRunner().invoke(app, ["--database", "mysql://x/y", "upgrade"])
    assert done.exit_code == 1 and "SQLite or PostgreSQL" in done.stderr


def test_history_wants_both_day_and_session(school):
    assert school("history", ADA, DAY)[0] == 2


def test_the_command_runs_as_a_module(url):
    done = subprocess.run(
        [sys.executable, "-m", "attendance", "--database", url, "upgrade"],
        cwd=ROOT, capture_output=True, text=True,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")
