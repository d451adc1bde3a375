"""What a person sees when a page breaks."""

from __future__ import annotations

import logging

import pytest
from streamlit.testing.v1 import AppTest

from tests.screens import words


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
