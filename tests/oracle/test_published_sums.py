"""DfE's own sums, added up again from its counts by code and from its published rates.

``published_sums.csv``: rows of DfE's daily-register totals (sessions by code, and the sums that it
published beside them), 2022/23 and 2023/24, under the Open Government Licence v3.0.
"""

import csv
from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest

from attendance.rules.codes import Category, reading_of
from attendance.rules.comparators import all_comparators

FILE = Path(__file__).parent / "published_sums.csv"
WITH_SUMS = list(csv.DictReader(FILE.read_text(encoding="utf-8").splitlines()))
CODES = ("/", "\\", *"LIMRSTHECBDJPVWGUON")
ROWS = pytest.mark.parametrize(
    "row", WITH_SUMS, ids=lambda row: f"{row['academic_year']} {row['area']} {row['school_type']}"
)


def sums(row: dict[str, str]) -> dict[str, int]:
    """Sessions by what our table of codes says each code counted as in that school year."""
    day = date(int(row["academic_year"][:4]), 11, 1)
    totals = dict.fromkeys(Category, 0)
    totals["late"] = 0
    for code in CODES:
        reading = reading_of(code, day)
        totals[reading.category] += int(row[code])
        totals["late"] += int(row[code]) if reading.late else 0
    return totals


@ROWS
def test_attendance_is_the_present_and_those_at_an_approved_activity(row):
    found = sums(row)
    assert found[Category.PRESENT] == int(row["present_sessions"])
    assert found[Category.APPROVED_ACTIVITY] == int(row["approved_educational_activity"])
    attended = found[Category.PRESENT] + found[Category.APPROVED_ACTIVITY]
    assert attended == int(row["overall_attendance"])


@ROWS
def test_unauthorised_absence_is_g_u_o_and_n(row):
    assert sums(row)[Category.UNAUTHORISED] == int(row["unauthorised_absence"])
    assert sum(int(row[code]) for code in "GUON") == int(row["unauthorised_absence"])


@ROWS
def test_late_is_l_and_u(row):
    assert sums(row)["late"] == int(row["late_sessions"]) == int(row["L"]) + int(row["U"])


@ROWS
def test_possible_sessions_are_those_attended_and_those_missed_with_leave_or_without(row):
    authorised, unauthorised = int(row["authorised_absence"]), int(row["unauthorised_absence"])
    assert authorised + unauthorised == int(row["overall_absence"])
    possible = int(row["overall_attendance"]) + authorised + unauthorised
    assert possible == int(row["possible_sessions"])


@pytest.mark.parametrize("row", [row for row in WITH_SUMS if row["X"] in {"", "0"}])
def test_authorised_absence_is_its_eight_codes_of_before_august_2024(row):
    # Not on rows with sessions coded X: until 2022/23 DfE held the coronavirus X in authorised.
    assert sums(row)[Category.AUTHORISED] == int(row["authorised_absence"])


@pytest.mark.parametrize("row", [row for row in WITH_SUMS if row["school_type"] != "Total"])
def test_a_rate_is_a_share_of_the_possible_sessions(row):
    # DfE weights its totals of all schools by the type of school; the rows of one type are plain.
    possible = int(row["possible_sessions"])
    for sessions, rate in [
        ("overall_attendance", "attendance_perc"),
        ("overall_absence", "overall_absence_perc"),
        ("authorised_absence", "authorised_absence_perc"),
        ("unauthorised_absence", "unauthorised_absence_perc"),
    ]:
        share = Fraction(100 * int(row[sessions]), possible)
        assert abs(share - Fraction(row[rate])) < Fraction(1, 10**8)


def published() -> dict[tuple[object, ...], dict[tuple[str, str], Fraction]]:
    """The national figures of one phase, period and series, by measure and group."""
    tables: dict[tuple[object, ...], dict[tuple[str, str], Fraction]] = {}
    for row in all_comparators():
        key = (row.academic_year, row.period, row.phase, row.series, row.as_at)
        tables.setdefault(key, {})[row.measure, row.group] = Fraction(row.value)
    return tables


def test_every_national_absence_rate_is_its_authorised_and_its_unauthorised_part():
    compared = 0
    for rates in published().values():
        if ("authorised_absence", "") in rates and ("overall_absence", "") in rates:
            parts = rates["authorised_absence", ""] + rates["unauthorised_absence", ""]
            assert abs(rates["overall_absence", ""] - parts) <= Fraction(11, 1000)  # rounded to 2
            compared += 1
    assert compared == 54


def test_the_national_shares_of_absence_add_up_and_g_u_o_and_n_are_the_unauthorised_part():
    compared = 0
    for rates in published().values():
        shares = {code: rate for (name, code), rate in rates.items() if name == "share_of_absence"}
        if shares:
            assert abs(sum(shares.values()) - 100) <= Fraction(5, 1000)
            unauthorised = sum(shares[code] for code in "GUON") * rates["overall_absence", ""] / 100
            assert abs(unauthorised - rates["unauthorised_absence", ""]) <= Fraction(2, 1000)
            compared += 1
    assert compared == 8
