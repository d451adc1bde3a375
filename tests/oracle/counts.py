"""Sessions counted one by one, in the school's view and in the one held to DfE's figures."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

from tests.oracle.law import (
    BLANK,
    ILLNESS,
    SPRING_BANK_HOLIDAY,
    age_on,
    category,
)
from tests.oracle.school import Pupil, School, Year

COUNTED = (
    "possible_sessions", "attended_sessions", "absent_sessions", "present", "approved_activity",
    "authorised_absence", "unauthorised_absence", "not_possible", "late_before_close",
    "late_after_close", "illness", "no_reason", "unmarked",
)  # fmt: skip
OF_THEIR_OWN = {"L": "late_before_close", "U": "late_after_close", "N": "no_reason"}
OF_THEIR_OWN |= dict.fromkeys(ILLNESS, "illness")


def counts(sessions: list[tuple[date, str]]) -> dict[str, int]:
    """``sessions``: the day and the code (or ``-``) of each session that is the pupil's own."""
    totals = dict.fromkeys(COUNTED, 0)
    for day, code in sessions:
        if code == BLANK:
            totals["unmarked"] += 1
            continue
        totals[category(code, day)] += 1
        if code in OF_THEIR_OWN:
            totals[OF_THEIR_OWN[code]] += 1
    totals["attended_sessions"] = totals["present"] + totals["approved_activity"]
    totals["absent_sessions"] = totals["authorised_absence"] + totals["unauthorised_absence"]
    totals["possible_sessions"] = totals["attended_sessions"] + totals["absent_sessions"]
    return totals


def sessions_of(
    school: School, year: Year, pupil: Pupil, covered: list[bool]
) -> list[tuple[date, str]]:
    """The pupil's own sessions of a year; one without a mark only where a register was taken."""
    line = pupil.lines[year.school_year]
    return [
        (year.slots[place][0], line[place])
        for place in school.own(pupil, year)
        if line[place] != BLANK or covered[place]
    ]


def age_at_the_start(pupil: Pupil, school_year: int) -> int:
    """On 31 August before the year; where no birth date is known, the year group's usual age."""
    if pupil.born is None:
        return pupil.year_groups[school_year] + 4
    return age_on(pupil.born, date(school_year, 8, 31))


def published(
    pupil: Pupil, school_year: int, sessions: list[tuple[date, str]]
) -> list[tuple[date, str]] | None:
    """The sessions that DfE publishes: none (None) outside ages 5 to 15, and for those aged 15
    none of the second half of the summer term."""
    age = age_at_the_start(pupil, school_year)
    if not 5 <= age <= 15:
        return None
    if age < 15:
        return sessions
    return [(day, code) for day, code in sessions if day < SPRING_BANK_HOLIDAY[school_year]]


def is_persistent(totals: dict[str, int]) -> bool:
    possible = totals["possible_sessions"]
    return possible > 0 and Fraction(totals["absent_sessions"], possible) >= Fraction(10, 100)


def is_severe(totals: dict[str, int]) -> bool:
    possible = totals["possible_sessions"]
    return possible > 0 and Fraction(totals["absent_sessions"], possible) >= Fraction(50, 100)


def pooled(rows: list[dict[str, int]]) -> dict[str, int | Fraction | None]:
    """A group: its sessions added up; pupils without a possible session are in no base."""
    in_base = [row for row in rows if row["possible_sessions"] > 0]
    possible = sum(row["possible_sessions"] for row in in_base)
    absent = sum(row["absent_sessions"] for row in in_base)
    return {
        "pupils": len(in_base),
        "persistently_absent": sum(is_persistent(row) for row in in_base),
        "severely_absent": sum(is_severe(row) for row in in_base),
        "absence_rate": Fraction(absent, possible) if possible else None,
    }
