"""School years end to end: one slot after the other, each from the register of its school year."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import numpy as np

from attendance.core.slots import school_year_of
from attendance.core.timeline import join
from tests.build import register

JULY, SEPTEMBER = date(2026, 7, 20), date(2026, 9, 1)


def at(timeline, day):
    return int(np.searchsorted(timeline.days, np.datetime64(day)))


def test_the_days_are_all_weekdays_twice_from_a_monday_without_a_gap():
    line = join([register("/\\", first_day=JULY), register("/\\", first_day=SEPTEMBER)])
    days = line.days.tolist()
    assert days[0].weekday() == 0 and days[0::2] == days[1::2]
    steps = {(b - a, a.weekday()) for a, b in zip(days[0::2], days[2::2], strict=False)}
    one, three = timedelta(days=1), timedelta(days=3)
    assert steps == {(one, 0), (one, 1), (one, 2), (one, 3), (three, 4)}
    assert line.years.tolist() == [school_year_of(day) for day in days]


def test_a_slot_around_1_august_is_of_the_register_of_its_school_year():
    last_year = register("OO OO", first_day=date(2026, 7, 30))
    this_year = register("/\\ /\\ /\\", first_day=date(2026, 8, 3))
    this_year.marks[:, :10] = ord("X")  # 27 to 31 July, of which this register is not asked
    line = join([last_year, this_year])
    assert line.marks[0, at(line, date(2026, 7, 30))] == ord("O")
    assert line.marks[0, at(line, date(2026, 8, 3))] == ord("/")
    assert not line.held[at(line, date(2025, 7, 28))] and line.held[at(line, date(2026, 7, 30))]


def test_earlier_lines_are_matched_by_pupil_and_a_newcomer_was_off_roll():
    before = register("OO", "/\\", first_day=JULY)
    after = register("/\\", "//", "\\\\", first_day=SEPTEMBER)
    after.pupils["pupil_id"] = [2, 9, 1]
    line = join([before, after])
    july = at(line, JULY)
    assert line.pupils is after.pupils
    assert [chr(mark) for mark in line.marks[:, july]] == ["/", "-", "O"]
    assert line.on_roll[:, july].tolist() == [True, False, True]


def test_a_year_without_a_register_is_closed_and_off_roll():
    line = join([register("OO", first_day=date(2024, 9, 2)), register("/\\", first_day=SEPTEMBER)])
    gap = line.years == 2025
    assert gap.any() and not (line.held | line.any_open | line.on_roll[0])[gap].any()


def test_latest_is_the_last_registers_latest_complete_session():
    before, after = register("OO", first_day=JULY), register("/\\ /-", first_day=SEPTEMBER)
    assert join([before, after]).latest == at(join([before, after]), date(2026, 9, 2))
    assert join([before, register("", first_day=SEPTEMBER)]).latest == -1


def test_a_latest_session_of_the_days_that_two_grids_share_is_no_session_of_this_year() -> None:
    drawn = register("// //")
    assert join([replace(drawn, latest=0)]).latest == -1
