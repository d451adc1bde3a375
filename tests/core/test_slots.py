from datetime import date

import numpy as np
import pytest

from attendance.core.slots import (
    SLOTS,
    OutsideTheYear,
    Session,
    days_of,
    first_slot_from,
    grid_start,
    moment_of,
    school_year_of,
    slot_of,
    year_name,
)


def test_the_grid_starts_on_the_monday_on_or_before_1_august():
    assert grid_start(2026) == date(2026, 7, 27)
    assert grid_start(2022) == date(2022, 8, 1)


def test_31_july_2028_needs_the_54th_week():
    slot = slot_of(2027, date(2028, 7, 31), Session.PM)
    assert slot == 531
    assert slot >= 53 * 10


@pytest.mark.parametrize("school_year", range(2000, 2040))
def test_every_weekday_of_every_school_year_has_a_slot_and_comes_back_from_it(school_year):
    days = np.arange(f"{school_year}-08-01", f"{school_year + 1}-08-01", dtype="datetime64[D]")
    for day in days[np.is_busday(days)]:
        for session in Session:
            slot = slot_of(school_year, day.item(), session)
            assert moment_of(school_year, slot) == (day.item(), session)
            assert days_of(school_year)[slot] == day


def test_a_weekend_has_no_session():
    with pytest.raises(OutsideTheYear, match="Saturday 12 September 2026 is at a weekend"):
        slot_of(2026, date(2026, 9, 12), Session.AM)


@pytest.mark.parametrize("day", [date(2026, 7, 24), date(2027, 8, 9)])
def test_a_day_off_the_grid_is_refused(day):
    with pytest.raises(OutsideTheYear, match="is not in the school year 2026/27"):
        slot_of(2026, day, Session.AM)


@pytest.mark.parametrize("slot", [-1, SLOTS])
def test_a_slot_off_the_grid_is_refused(slot):
    with pytest.raises(OutsideTheYear):
        moment_of(2026, slot)


def test_a_school_year_begins_on_1_august():
    assert school_year_of(date(2026, 7, 31)) == 2025
    assert school_year_of(date(2026, 8, 1)) == 2026
    assert year_name(2026) == "2026/27"
    assert year_name(1999) == "1999/00"


def test_the_first_slot_from_a_weekend_is_the_monday_after():
    monday = slot_of(2026, date(2026, 9, 14), Session.AM)
    assert first_slot_from(2026, date(2026, 9, 12)) == monday
    assert first_slot_from(2026, date(2026, 9, 13)) == monday
    assert first_slot_from(2026, date(2026, 9, 14)) == monday


def test_the_first_slot_is_clipped_to_the_grid():
    assert first_slot_from(2026, date(2020, 1, 1)) == 0
    assert first_slot_from(2026, date(2030, 1, 1)) == SLOTS
