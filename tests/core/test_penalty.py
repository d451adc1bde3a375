"""The next penalty notice to a parent for a child: its number and amount, by date of issue."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from attendance.core.penalty import NoticeStep, notice_step
from attendance.core.records import NoticeState, PenaltyNotice

PN1 = PenaltyNotice(1, "P Fictional", date(2024, 10, 1), NoticeState.PAID)
PN2 = PenaltyNotice(1, "P Fictional", date(2026, 3, 1), NoticeState.UNPAID)
FIRST, UNTIL = NoticeStep(1, 160, 80, None), date(2027, 9, 30)


def test_the_first_is_160_or_80_pounds_the_second_160_and_there_is_no_third():
    assert notice_step([], date(2024, 10, 1)) == FIRST
    assert notice_step([PN1], date(2026, 3, 1)) == NoticeStep(2, 160, None, UNTIL)
    assert notice_step([PN1, PN2], date(2026, 11, 10)) == NoticeStep(None, None, None, UNTIL)


def test_a_withdrawn_notice_is_not_counted():
    withdrawn = replace(PN2, state=NoticeState.WITHDRAWN)
    assert notice_step([withdrawn, PN1], date(2026, 11, 10)) == NoticeStep(2, 160, None, UNTIL)


@pytest.mark.parametrize("on, number", [(date(2027, 9, 30), None), (date(2027, 10, 1), 1)])
def test_three_years_run_from_the_first_notices_day_of_issue(on, number):
    assert notice_step([PN1, PN2], on).number == number


def test_a_notice_after_the_three_years_begins_three_new_ones():
    later = replace(PN1, issued_on=date(2027, 10, 1))
    expected = NoticeStep(2, 160, None, date(2030, 9, 30))
    assert notice_step([later, PN2, PN1], date(2028, 1, 1)) == expected


def test_three_years_from_29_february_end_on_28_february():
    leap = replace(PN1, issued_on=date(2028, 2, 29))
    assert notice_step([leap], date(2031, 2, 28)).number == 2
    assert notice_step([leap], date(2031, 3, 1)) == FIRST


def test_a_notice_not_issued_yet_does_not_count():
    assert notice_step([PN1], date(2024, 9, 30)) == FIRST


@pytest.mark.parametrize(
    "on, pounds, early", [(date(2024, 8, 18), 120, 60), (date(2024, 8, 19), 160, 80)]
)
def test_amounts_follow_the_day_of_issue_and_earlier_notices_do_not_count(on, pounds, early):
    before = replace(PN1, issued_on=date(2024, 8, 18))
    assert notice_step([before], on) == NoticeStep(1, pounds, early, None)
