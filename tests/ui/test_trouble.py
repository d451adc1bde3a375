"""What a person sees when a page breaks."""

from __future__ import annotations

import io
import logging

import pytest
from streamlit.testing.v1 import AppTest

from attendance.ui import trouble
from tests.screens import words

PUPIL = "Cleo Madeupham"


def broken(kind: str) -> AppTest:
    def script(kind: str) -> None:
        from attendance.errors import Refused
        from attendance.ui.trouble import on_script_error

        ours = Refused("A URN has six digits.")
        on_script_error(ours if kind == "ours" else RuntimeError("secret of the pupil"))

    return AppTest.from_function(script, kwargs={"kind": kind}).run()


def test_our_own_sentence_is_shown_as_it_stands() -> None:
    assert [error.value for error in broken("ours").error] == ["A URN has six digits."]


def test_anything_else_is_an_incident_number_that_stands_in_the_log(
    caplog: pytest.LogCaptureFixture,
) -> None:
    with caplog.at_level(logging.ERROR):
        page = broken("a bug")
    assert "Something went wrong; nothing was saved" in words(page)
    assert "secret" not in words(page)
    number = caplog.records[-1].args[0]  # type: ignore[index]
    assert f"incident number {number}" in words(page)
    assert "RuntimeError" in caplog.text
    assert "secret" not in caplog.text


def raised() -> Exception:
    """A failure of the database while saving Cleo, as the store passes it on."""
    try:
        try:
            raise OSError(28, f"no space for {PUPIL}")
        except OSError as error:
            raise ValueError(f"[parameters: ('{PUPIL}',)]") from error
    except ValueError as error:
        return error


def test_where_an_error_came_from_is_told_without_its_text() -> None:
    told = trouble.where_from(raised())
    assert PUPIL not in told
    assert "test_trouble.py" in told
    assert "builtins.ValueError" in told and "builtins.OSError errno=28" in told


def test_an_error_that_is_its_own_cause_is_told_once() -> None:
    error = ValueError("x")
    error.__cause__ = error
    assert trouble.where_from(error) == "builtins.ValueError"


def test_no_logger_writes_the_text_of_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(logging, "_logRecordFactory", logging.getLogRecordFactory())
    monkeypatch.setattr(trouble, "_log", logging.getLogger("attendance.trouble.test"))
    trouble.keep_content_out_of_the_log()
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    other = logging.getLogger("streamlit.error_util.test")
    other.addHandler(handler)
    other.propagate = False
    other.error("Uncaught app execution", exc_info=raised())
    other.warning("an ordinary line")
    assert PUPIL not in written.getvalue()
    assert "builtins.OSError errno=28" in written.getvalue()
    assert written.getvalue().endswith("an ordinary line\n")
