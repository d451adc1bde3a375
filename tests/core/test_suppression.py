import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from attendance.core.suppression import KNOWN_BY_PUPILS, suppressed

TEN = 10


def split(*groups):
    """(pupils, persistently absent) a group; 100 sessions a pupil, 10 missed."""
    frame = pd.DataFrame(groups, columns=["pupils", "persistently_absent"])
    sessions = dict.fromkeys(KNOWN_BY_PUPILS, frame["pupils"] * 1.0)
    return frame.assign(**sessions)


def hidden(*groups):
    found = suppressed(split(*groups), TEN)
    return found["hides_pupils"].tolist(), found["hides_persistent"].tolist()


@pytest.mark.parametrize("pupils, is_hidden", [(0, False), (1, True), (9, True), (10, False)])
def test_nine_pupils_are_hidden_and_ten_are_shown(pupils, is_hidden):
    few, _ = hidden((pupils, 0), (5, 0), (6, 0), (500, 200))
    assert few == [is_hidden, True, True, False]


@pytest.mark.parametrize("persistent, is_hidden", [(0, False), (1, True), (9, True), (10, False)])
def test_nine_persistently_absent_pupils_are_hidden_and_ten_are_shown(persistent, is_hidden):
    _, few = hidden((100, persistent), (100, 4), (100, 3), (100, 60))
    assert few == [is_hidden, True, True, False]


def test_when_one_group_is_hidden_the_next_smallest_goes_with_it():
    assert hidden((300, 50), (9, 20), (40, 20), (200, 30))[0] == [False, True, True, False]
    assert hidden((300, 50), (90, 9), (40, 20), (200, 30))[1] == [False, True, True, False]


def test_two_hidden_groups_need_no_third():
    assert hidden((3, 0), (4, 0), (40, 20))[0] == [True, True, False]


def test_a_group_of_nobody_is_hidden_only_when_there_is_no_other():
    assert hidden((5, 0), (0, 0), (40, 20))[0] == [True, False, True]
    assert hidden((5, 0), (0, 0))[0] == [True, True]


def test_a_single_group_that_is_hidden_has_no_other_to_go_with_it():
    assert hidden((5, 0)) == ([True], [True])


def test_a_number_that_is_hidden_only_for_another_is_not_called_small():
    found = suppressed(split((5, 5), (40, 20), (500, 200)), TEN)
    assert found["hides_pupils"].tolist() == [True, True, False]
    assert found["few_pupils"].tolist() == [True, False, False]
    assert found["few_persistent"].tolist() == [True, False, False]
    found = suppressed(split((50, 5), (40, 20), (500, 200)), TEN)
    assert found["few_persistent"].tolist() == [True, False, False]
    assert found["hides_persistent"].tolist() == [True, True, False]


def test_what_is_hidden_is_not_there_at_all():
    found = suppressed(split((5, 2), (8, 1), (500, 200)), TEN)
    for name in (*KNOWN_BY_PUPILS, "pupils", "persistently_absent"):
        assert found[name].isna().tolist() == [True, True, False]


def test_a_groups_sessions_stay_when_only_its_persistently_absent_are_few():
    found = suppressed(split((100, 5), (100, 6), (100, 60)), TEN)
    assert found["pupils"].tolist() == [100, 100, 100]
    assert found["absence_rate"].isna().sum() == 0
    assert found["persistently_absent"].isna().tolist() == [True, True, False]


@given(st.lists(st.integers(0, 60), min_size=2, max_size=8))
def test_no_small_number_follows_from_the_total_and_the_others(pupils):
    found = suppressed(split(*((n, 0) for n in pupils)), TEN)
    shown = found["pupils"].dropna().tolist()
    assert not any(1 <= n < TEN for n in shown)
    assert len(pupils) - len(shown) != 1
