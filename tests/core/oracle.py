"""A slow second opinion: plain loops over one pupil's marks, written from the definitions alone."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

NEW_LAW = date(2024, 8, 19)
PRESENT = {"/", "\\", "L"}
ACTIVITY_NOW = {"K", "V", "P", "W", "B"}
ACTIVITY_BEFORE = {"V", "P", "W", "B"}
AUTHORISED_NOW = {"C1", "M", "J1", "S", "C2", "C", "T", "R", "I", "E"}
AUTHORISED_BEFORE = {"C", "E", "F", "H", "I", "M", "R", "S", "T"}
UNAUTHORISED = {"G", "N", "O", "U"}
NOT_POSSIBLE = {"D", "X", "Q", "Y", "Y1", "Y2", "Y3", "Y4", "Y5", "Y6", "Y7", "Z", "#"}


def category(code: str, day: date) -> str:
    """What a mark of a day after August 2014 counts as; withdrawn codes keep their last meaning."""
    if code in PRESENT:
        return "present"
    if code in ACTIVITY_NOW or code == "J":
        return "approved_activity"
    if code in UNAUTHORISED:
        return "unauthorised_absence"
    if code in NOT_POSSIBLE:
        return "not_possible"
    assert code in AUTHORISED_NOW | AUTHORISED_BEFORE, code
    return "authorised_absence"


def count(sessions: list[tuple[date, str, bool]]) -> dict[str, int]:
    """``sessions`` of one pupil as (day, code or '-', counts for this pupil)."""
    totals = dict.fromkeys(
        (
            "possible_sessions", "attended_sessions", "absent_sessions", "present",
            "approved_activity", "authorised_absence", "unauthorised_absence", "not_possible",
            "late_before_close", "late_after_close", "illness", "no_reason", "unmarked",
        ),
        0,
    )  # fmt: skip
    for day, code, counts in sessions:
        if not counts:
            continue
        if code == "-":
            totals["unmarked"] += 1
            continue
        what = category(code, day)
        totals[what] += 1
        totals["late_before_close"] += code == "L"
        totals["late_after_close"] += code == "U"
        totals["illness"] += code == "I"
        totals["no_reason"] += code == "N"
        attended = what in ("present", "approved_activity")
        absent = what in ("authorised_absence", "unauthorised_absence")
        totals["possible_sessions"] += attended or absent
        totals["attended_sessions"] += attended
        totals["absent_sessions"] += absent
    return totals


def is_persistent(missed: int, possible: int) -> bool:
    return possible > 0 and Fraction(missed, possible) >= Fraction(1, 10)


def is_severe(missed: int, possible: int) -> bool:
    return possible > 0 and Fraction(missed, possible) >= Fraction(1, 2)


def headroom(missed: int, possible: int, to_come: int) -> int:
    """The most further sessions that can be missed with the year ending under 10 %, were there
    enough of them; found by trying, and negative when full attendance is not enough."""
    total = possible + to_come
    more = total
    while more > -total - 2:
        if Fraction(missed + more, 1) < Fraction(total, 10):
            return more
        more -= 1
    return more


def sessions_in_a_row(missed: int, possible: int) -> int:
    """Sessions attended in a row until the year to date is under 10 %; 0 if it already is."""
    if not is_persistent(missed, possible):
        return 0
    row = 0
    while Fraction(missed, possible + row) >= Fraction(1, 10):
        row += 1
    return row
