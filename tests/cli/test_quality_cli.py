"""`python -m attendance quality`: one row a session, by UPN, and never a name."""

from __future__ import annotations

import json

from tests.cli.test_cli import SCHOOL, WIDE, call, document, school, url

__all__ = ["call", "school", "url"]
KEYS = {"kind", "upn", "form", "day", "session", "code", "says", "fix"}


def test_quality_lists_each_session_with_what_is_wrong_and_what_to_do(school) -> None:
    found = document(school("quality", "--on", "2026-11-20", "--json"))
    assert found["on"] == "2026-11-20"
    assert found["rows"] and all(set(row) == KEYS for row in found["rows"])
    assert {"no_contact"} <= {row["kind"] for row in found["rows"]}
    assert all(row["says"] and row["fix"] for row in found["rows"])


def test_quality_prints_lines_a_person_can_read(school) -> None:
    code, out, err = school("quality")
    assert (code, err) == (0, "")
    assert "Ask home, and add the contact" in out


def test_quality_of_a_day_before_the_first_register_finds_no_marks(school) -> None:
    found = document(school("quality", "--on", "2026-08-03", "--json"))
    assert not [row for row in found["rows"] if row["day"]]


def test_quality_without_a_register_refuses_with_a_sentence(call) -> None:
    call(*SCHOOL, "--phase", "secondary")
    code, out, err = call("quality", "--json")
    assert (code, out) == (1, "") and err.startswith("There is no register yet")


def test_no_name_of_a_pupil_is_printed(school) -> None:
    rows = json.dumps(document(school("quality", "--json"))["rows"])
    with open(WIDE, encoding="cp1252") as lines:
        assert "Bramblewick" in lines.read()
    assert "Bramblewick" not in rows
