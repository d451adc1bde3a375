"""Hostile names and reasons are text wherever they are shown, kept or sent."""

from __future__ import annotations

import io
import json
import logging
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pytest
from streamlit.testing.v1 import AppTest
from typer.testing import CliRunner

from attendance import cli
from attendance.services import accounts, audit, referrals, registers
from attendance.store.engine import open_engine
from attendance.ui import trouble
from attendance.ui.index import INDEX
from tests.hostile import FORM, HOSTILE, NOW, amend_them, import_them, upn
from tests.screens import Screens, _screens

STEMS = [one.stem for one in INDEX]
USERS = {"users": "itadmin", "settings": "itadmin"}
# What would be markup, a link, a picture, a formula in LaTeX or a symbol, were it not escaped.
MARKUP = re.compile(
    r"(?<!\\)(<script|<img src=x|\]\(javascript|!\[\]\(http|\$x|\$y|:red\[gone|:material/delete:"
    r"|:smile:|\*\*x\*\*|`rm)"
)
HEADING = re.compile(r"^# A heading", re.MULTILINE)


@pytest.fixture(scope="session")
def hostile_file(demo_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo school with a form of hostile pupils, made once."""
    file = shutil.copyfile(demo_file, tmp_path_factory.mktemp("hostile") / "hostile.sqlite")
    engine = open_engine(f"sqlite:///{file}")
    report = import_them(engine)
    assert report.new_pupils == len(HOSTILE)
    refused = amend_them(engine)
    assert set(refused) == {"long"} and "Shorten the reason" in refused["long"]
    engine.dispose()
    return file


@pytest.fixture
def hostile(
    hostile_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Screens]:
    yield from _screens(shutil.copyfile(hostile_file, tmp_path / "h.sqlite"), monkeypatch)


def ids(screens: Screens) -> list[int]:
    school_id = accounts.find_person(screens.engine, "officer").school_id
    pupils = registers.load_register(screens.engine, school_id, 2026).pupils
    return [int(one) for one in pupils.loc[pupils["form"] == FORM, "pupil_id"]]


def read_as_markdown(page: AppTest) -> list[str]:
    """Every text of the page that a browser renders as Markdown."""
    kinds = (page.markdown, page.error, page.success, page.info, page.warning, page.title)
    found = [str(element.value) for kind in kinds for element in kind]
    found += [str(button.label) for button in page.button]
    found += [str(one.label) for one in page.expander]
    found += [str(cell) for table in page.table for cell in table.value.to_numpy().ravel()]
    return found


def inert(page: AppTest) -> None:
    assert not page.exception
    texts = read_as_markdown(page)
    assert [text for text in texts if MARKUP.search(text) or HEADING.search(text)] == []


@pytest.mark.parametrize("stem", STEMS)
def test_a_page_shows_hostile_names_as_they_are_written(hostile: Screens, stem: str) -> None:
    asked = {"form": FORM, "year": "9"}
    if stem == "referrals":
        asked = {"pupils": ",".join(map(str, ids(hostile)))}
    inert(hostile.of(USERS.get(stem, "officer")).open(stem, **asked))


@pytest.mark.parametrize("place", range(len(HOSTILE)), ids=list(HOSTILE))
def test_a_pupils_page_and_weeks_show_them_as_they_are_written(
    hostile: Screens, place: int
) -> None:
    user, pupil = hostile.of("officer"), str(ids(hostile)[place])
    for stem in ("pupil", "register"):
        inert(user.open(stem, pupil=pupil, week="2026-11-23"))


def test_the_workbook_holds_text_and_no_formula_or_link(hostile: Screens) -> None:
    officer = accounts.find_person(hostile.engine, "officer")
    _, data = referrals.referral_file(hostile.engine, officer, ids(hostile), NOW)
    book = openpyxl.load_workbook(io.BytesIO(data))
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    texts = [cell.value for cell in cells if isinstance(cell.value, str)]
    assert [cell.value for cell in cells if cell.data_type == "f"] == []
    # A link of our own leads within the workbook.
    links = [cell.hyperlink.target for cell in cells if cell.hyperlink]
    assert [target for target in links if target] == []
    assert any("HYPERLINK" in text for text in texts)
    assert any("None None" in text for text in texts) and any("nan nan" in text for text in texts)


def test_the_amendments_stand_as_they_were_given_and_the_chain_is_intact(hostile: Screens) -> None:
    assert audit.verify_chain(hostile.engine).intact
    officer = accounts.find_person(hostile.engine, "officer")
    register = registers.load_register(hostile.engine, officer.school_id, 2026)
    given = {
        entry.reason
        for pupil in ids(hostile)
        for entry in registers.mark_history(hostile.engine, officer, register, pupil)
    }
    assert given == {" ".join(one.split()) for kind, one in HOSTILE.items() if kind != "long"}


def test_the_servers_log_holds_no_name(
    hostile: Screens, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(logging, "_logRecordFactory", logging.getLogRecordFactory())
    trouble.keep_content_out_of_the_log()
    with caplog.at_level(logging.DEBUG):
        user = hostile.of("officer")
        for stem in ("today", "register", "pupil", "referrals", "imports"):
            user.open(stem, form=FORM, pupil=str(ids(hostile)[0]))
    assert "Zz<script" not in caplog.text and "HYPERLINK" not in caplog.text


def test_the_cli_reports_them_as_json(hostile: Screens) -> None:
    database = str(hostile.engine.url)
    told = CliRunner().invoke(cli.app, ["--database", database, "on-track", "--json"])
    assert told.exit_code == 0 and json.loads(told.stdout)
    told = CliRunner().invoke(cli.app, ["--database", database, "history", upn(0), "--json"])
    assert HOSTILE["script"] in str(json.loads(told.stdout))
