"""The Imports page: what a file would change, before anything is saved."""

from __future__ import annotations

from pathlib import Path

import pytest

from attendance.services import imports
from attendance.store.engine import read
from attendance.store.imports import list_batches
from tests.screens import words

SAMPLES = Path(__file__).parents[2] / "data" / "samples"


def uploaded(page, name="wide_register.csv", data=None):
    """Drop a file on the page and run it."""
    content = (SAMPLES / name).read_bytes() if data is None else data
    return page.file_uploader[0].set_value((name, content, "text/csv")).run()


def batches(screens):
    with read(screens.engine) as tx:
        return list_batches(tx, 1)


def test_signed_out_nobody_sees_where_to_drop_a_file(screens):
    page = screens.of(None).open("imports")
    assert not page.file_uploader and "Imported so far" not in words(page)


@pytest.mark.parametrize("who", ["pastoral9", "tutor", "admin", "dsl", "head", "governor", "ewo"])
def test_only_the_officer_sees_where_to_drop_a_file(screens, who):
    page = screens.of(who).open("imports")
    assert not page.file_uploader
    assert "Your role does not open this page" in words(page)


def test_the_page_invites_a_file_and_says_that_nothing_was_imported_yet(screens):
    page = screens.of("officer").open("imports")
    assert "you see what would change before anything is saved" in words(page)
    assert "Nothing yet" in words(page)


def test_a_dropped_file_is_described_and_not_saved(screens):
    page = uploaded(screens.of("officer").open("imports"))
    said = words(page)
    assert "is a wide register, CSV, 2 Nov to 13 Nov 2026: 30 pupils" in said
    assert "587" in said and "30 new pupils" in said
    assert batches(screens) == []


def test_a_problem_names_its_row_once_and_does_not_say_that_anything_was_saved(screens):
    page = uploaded(screens.of("officer").open("imports"), "difficult/unknown_codes.csv")
    problems = page.table[-1].value
    where, found = problems.iloc[0]
    assert where == "Row 2, Mark" and found.startswith("Ada Bramblewick, 3 November")
    assert not problems.iloc[:, 1].str.contains("was saved|was not saved").any()
    assert "1 pupil, 10 new marks." in words(page)


def test_saving_says_what_was_done_and_the_same_file_again_is_nothing_new(screens):
    page = uploaded(screens.of("officer").open("imports"))
    page.button(key="save_import").click().run()
    assert "Saved: 587 new marks" in words(page)
    assert [batch.new_marks for batch in batches(screens)] == [587]
    again = uploaded(screens.open("imports"))
    assert "nothing new" in words(again)
    assert not [button for button in again.button if button.key == "save_import"]


@pytest.mark.parametrize("data", [b"", b"%PDF-1.7 not a register", b"name,age\nAda,7\n"])
def test_a_file_it_does_not_understand_is_one_sentence_and_saves_nothing(screens, data):
    page = uploaded(screens.of("officer").open("imports"), "other.csv", data)
    assert len(page.error) == 1 and page.error[0].value.endswith(".")
    assert "This file was not read, and nothing of it is saved." in words(page)
    assert not page.exception and batches(screens) == []


def test_hostile_names_are_shown_as_they_are(screens):
    data = (SAMPLES / "wide_register.csv").read_bytes()
    page = uploaded(screens.of("officer").open("imports"), "<script>*x*.csv", data)
    assert r"\<script\>\*x\*.csv is a wide register" in words(page)


def test_a_mark_amended_here_waits_for_a_decision(screens):
    officer = screens.of("officer")
    page = uploaded(officer.open("imports"))
    page.button(key="save_import").click().run()
    _amend(screens)
    changed = (
        (SAMPLES / "wide_register.csv")
        .read_bytes()
        .replace(b"7A,Year  7,#,#,/", b"7A,Year  7,#,#,O", 1)
    )
    page = uploaded(officer.open("imports"), data=changed)
    (listed,) = [t.value for t in page.dataframe if "In the file" in t.value.columns]
    assert listed.iloc[0].tolist() == [
        "Bramblewick, Ada", "7A", "Tue 3 Nov 2026, morning", "I", "O", "held for you to decide",
    ]  # fmt: skip
    page.button(key="save_import").click().run()
    page = officer.open("imports")
    assert "1 mark amended here that a file wants otherwise" in words(page)
    keep = next(button for button in page.button if button.label == "Keep ours")
    keep.click().run()
    assert "wants otherwise" not in words(page)


def _amend(screens):
    from datetime import UTC, date, datetime

    from attendance.core.amendments import MarkChange
    from attendance.core.slots import Session
    from attendance.services import accounts, registers

    person = accounts.find_person(screens.engine, "officer")
    register = registers.load_register(screens.engine, 1, 2026)
    ada = registers.pupil_named(screens.engine, person, "Z999499919101")
    change = MarkChange(ada, date(2026, 11, 3), Session.AM, "/", "I")
    moment = datetime(2026, 11, 24, 9, tzinfo=UTC)
    registers.amend_marks(screens.engine, person, register, [change], "Mum rang", moment)


def test_reading_is_done_once_however_often_the_page_runs(screens, monkeypatch):
    calls = []
    real = imports.read_file
    monkeypatch.setattr(imports, "read_file", lambda *a: calls.append(1) or real(*a))
    page = uploaded(screens.of("officer").open("imports"))
    page.run()
    assert len(calls) == 1
