from datetime import date

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from attendance.core.on_track import (
    Band,
    on_track,
    outlook_at,
    outlook_of,
    sessions_until_reached,
)
from tests.build import register
from tests.core import oracle

TODAY = date(2026, 11, 20)


def test_seven_of_eighty_missed_leaves_thirty_of_the_three_hundred_still_to_come():
    found = outlook_of(7, 80, 300, TODAY)
    assert (found.headroom, found.needed_from_now) == (30, 0.9)
    assert found.recover_in == 0


def test_nineteen_of_two_hundred_missed_leaves_eighteen_of_one_hundred_and_eighty():
    assert outlook_of(19, 200, 180, TODAY).headroom == 18


def test_a_pupil_who_misses_exactly_the_headroom_finishes_under_and_one_more_does_not():
    found = outlook_of(7, 80, 300, TODAY)
    assert not oracle.is_persistent(7 + found.headroom, 380)
    assert oracle.is_persistent(7 + found.headroom + 1, 380)


@pytest.mark.parametrize(
    "missed, so_far, to_come, band",
    [
        (0, 0, 380, Band.NO_SESSIONS),
        (7, 100, 280, Band.UNDER),
        (8, 100, 280, Band.NEAR),
        (9, 100, 280, Band.NEAR),
        (10, 100, 280, Band.RECOVERABLE),
        (37, 100, 280, Band.RECOVERABLE),
        (38, 100, 280, Band.CANNOT_FINISH_UNDER),
        (49, 100, 280, Band.CANNOT_FINISH_UNDER),
        (50, 100, 280, Band.SEVERE),
        (10, 100, 0, Band.CANNOT_FINISH_UNDER),
    ],
)
def test_bands_begin_exactly_at_their_limits(missed, so_far, to_come, band):
    found = outlook_of(missed, so_far, to_come, TODAY)
    assert found.band == band
    assert found.band.words


def test_nothing_is_needed_of_a_pupil_who_could_miss_all_that_is_left():
    assert outlook_of(0, 370, 10, TODAY).needed_from_now == 0


def test_no_rate_is_asked_of_a_pupil_who_cannot_finish_under_ten_per_cent():
    assert outlook_of(60, 300, 80, TODAY).needed_from_now is None


def test_recovery_is_called_out_of_time_when_the_year_is_too_short():
    assert not outlook_of(60, 300, 80, TODAY).can_recover_in_time
    assert outlook_of(11, 100, 280, TODAY).can_recover_in_time


@settings(max_examples=500, deadline=None)
@given(st.integers(0, 400), st.integers(0, 400), st.integers(0, 400))
def test_the_arithmetic_agrees_with_trying_every_number(missed, attended, to_come):
    so_far = missed + attended
    found = outlook_of(missed, so_far, to_come, TODAY)
    assert found.headroom == oracle.headroom(missed, so_far, to_come)
    assert found.recover_in == oracle.sessions_in_a_row(missed, so_far)


@settings(max_examples=500, deadline=None)
@given(st.integers(0, 400), st.integers(0, 400))
def test_the_sessions_until_ten_per_cent_agree_with_missing_them_one_by_one(missed, attended):
    so_far = missed + attended
    found = int(sessions_until_reached(np.array([missed]), np.array([so_far]), TODAY)[0])
    more = 0
    while so_far + more > 0 and not oracle.is_persistent(missed + more, so_far + more):
        more += 1
    assert found == more


def test_unmarked_sessions_after_the_latest_register_are_still_to_come():
    drawn = register(r"/\ I\ /-", to_come=10)
    found = outlook_at(on_track(drawn, date(2026, 9, 9)), 0)
    assert (found.missed, found.possible_so_far, found.possible_to_come) == (1, 5, 11)


def test_a_mark_missing_before_the_latest_register_is_neither_missed_nor_to_come():
    drawn = register(r"/\ I- /\ ", r"/\ /\ /\ ", to_come=2)
    found = outlook_at(on_track(drawn, date(2026, 9, 9)), 0)
    assert (found.possible_so_far, found.possible_to_come) == (5, 2)


def test_the_past_is_read_as_it_stood_with_later_sessions_to_come():
    drawn = register(r"/\ II /\ D\ ##")
    found = outlook_at(on_track(drawn, date(2026, 9, 8)), 0)
    assert (found.missed, found.possible_so_far, found.possible_to_come) == (2, 4, 3)


def test_a_leaver_has_nothing_to_come():
    drawn = register(r"/\ II ..", r"/\ /\ /\ ", to_come=20)
    found = on_track(drawn, date(2026, 9, 9))
    assert found["possible_to_come"].tolist() == [0, 20]
