"""Rules in force: every row once, in words, on its own day."""

from datetime import date
from decimal import Decimal

import pytest

from attendance.rules.codes import NO_MARK, codes_on
from attendance.services.rules import first_day_known, rules_in_force, value_in_words


@pytest.mark.parametrize(
    "value, unit, words",
    [
        ("10", "per cent", "10 per cent"),
        ("160", "pounds", "£160"),
        ("2500", "pounds", "£2,500"),
        ("1", "months", "1 month"),
        ("6", "school day", "school day 6"),
        ("380", "sessions", "380 sessions"),
    ],
)
def test_values_read_as_people_say_them(value, unit, words):
    assert value_in_words(Decimal(value), unit) == words


@pytest.mark.parametrize("day", [date(2010, 1, 1), date(2024, 8, 18), date(2024, 8, 19)])
def test_every_code_in_force_stands_once_and_no_mark_is_no_code(day):
    report = rules_in_force(day)
    shown = [row.code for rows in report.codes.values() for row in rows]
    assert sorted(shown) == sorted(set(codes_on(day)) - {NO_MARK})
    assert len(shown) == report.codes_in_force


def test_a_code_is_in_force_withdrawn_or_to_come_and_never_two_of_them():
    for day in (date(2010, 1, 1), date(2021, 6, 1), date(2024, 8, 18), date(2026, 11, 24)):
        report = rules_in_force(day)
        shown = [row.code for rows in report.codes.values() for row in rows]
        every = shown + [row.code for row in (*report.withdrawn, *report.to_come)]
        assert len(every) == len(set(every))


def test_h_was_withdrawn_after_18_august_2024_and_counts_as_authorised():
    h = next(row for row in rules_in_force(date(2024, 8, 19)).withdrawn if row.code == "H")
    assert (h.day, h.counted_as) == ("18 August 2024", "Authorised absence")
    assert "H" not in [row.code for row in rules_in_force(date(2024, 8, 18)).withdrawn]


def test_on_the_first_day_nothing_is_withdrawn_yet():
    report = rules_in_force(first_day_known())
    assert not report.withdrawn
    assert {"K", "Y1"} <= {row.code for row in report.to_come}
