from fractions import Fraction
from itertools import product

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from attendance.core.suppression import KNOWN_BY_PUPILS, shown_together, suppressed

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
    _, few = hidden((100, persistent), (100, 6), (100, 5), (100, 60))
    assert few == [is_hidden, True, True, False]


def test_when_one_group_is_hidden_the_next_smallest_goes_with_it():
    assert hidden((300, 50), (9, 0), (40, 20), (200, 30))[0] == [False, True, True, False]
    assert hidden((300, 50), (90, 9), (40, 20), (200, 30))[1] == [False, True, True, False]


def test_two_hidden_groups_that_are_few_together_need_a_third():
    assert hidden((3, 0), (4, 0), (40, 20), (60, 20))[0] == [True, True, True, False]
    assert hidden((5, 0), (6, 0), (40, 20), (60, 20))[0] == [True, True, False, False]


def test_a_group_of_nobody_gives_nothing_away():
    assert hidden((5, 0), (0, 0), (40, 20), (60, 20))[0] == [True, False, True, False]


def test_where_all_but_a_few_are_persistently_absent_the_few_are_not_told_apart():
    assert hidden((50, 45), (100, 30), (100, 40))[1] == [True, True, False]


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
    found = suppressed(split((6, 6), (9, 9), (500, 200)), TEN)
    for name in (*KNOWN_BY_PUPILS, "pupils", "persistently_absent"):
        assert found[name].isna().tolist() == [True, True, False]


def test_a_groups_sessions_stay_when_only_its_persistently_absent_are_few():
    found = suppressed(split((100, 5), (100, 6), (100, 60)), TEN)
    assert found["pupils"].tolist() == [100, 100, 100]
    assert found["absence_rate"].isna().sum() == 0
    assert found["persistently_absent"].isna().tolist() == [True, True, False]


def reachable(shown, cells):
    """Every group of cells whose number follows from the shown ones: an attacker with fractions.

    Tries all groups of cells, and asks of each whether it is a sum of multiples of shown rows.
    """
    for picked in product([0, 1], repeat=cells):
        if any(picked) and rank([*shown, picked]) == rank(shown):
            yield picked


def rank(rows):
    rows = [[Fraction(value) for value in row] for row in rows]
    found = 0
    for column in range(len(rows[0]) if rows else 0):
        at = next((r for r in range(found, len(rows)) if rows[r][column]), None)
        if at is None:
            continue
        rows[found], rows[at] = rows[at], rows[found]
        for r in range(found + 1, len(rows)):
            times = rows[r][column] / rows[found][column]
            rows[r] = [x - times * y for x, y in zip(rows[r], rows[found], strict=True)]
        found += 1
    return found


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(0, 25), min_size=6, max_size=6), st.data())
def test_no_attacker_reaches_a_small_count_from_overlapping_cohorts(sizes, data):
    rows = data.draw(
        st.lists(st.lists(st.booleans(), min_size=6, max_size=6), min_size=1, max_size=7)
    )
    figures = np.array([[True] * 6, *rows])
    shown = shown_together(figures, TEN, np.array(sizes))
    for group in reachable(figures[shown].astype(int).tolist(), 6):
        assert not 1 <= np.dot(group, sizes) < TEN


def test_a_cross_of_two_cohorts_is_hidden_where_a_parent_less_it_is_few():
    # Columns: in both, in the first only, in the second only, in neither.
    figures = np.array([[1, 1, 1, 1], [1, 1, 0, 0], [1, 0, 1, 0], [1, 0, 0, 0]], dtype=bool)
    assert shown_together(figures, TEN, np.array([30, 12, 40, 90])).all()
    few_in_one = shown_together(figures, TEN, np.array([30, 3, 40, 90]))
    assert few_in_one.tolist() == [True, True, True, False]


def test_a_week_that_only_a_few_more_pupils_have_a_session_in_is_not_counted_beside_it():
    last_week, this_week = [True] * 100, [True] * 97 + [False] * 3
    assert shown_together(np.array([last_week, this_week]), TEN).tolist() == [True, False]
    without_ten = [True] * 90 + [False] * 10
    assert shown_together(np.array([last_week, without_ten]), TEN).tolist() == [True, True]


def test_a_split_whose_groups_overlap_by_one_pupil_is_not_shown_whole():
    everyone, fsm = [True] * 60, [True] * 31 + [False] * 29
    others = [False] * 30 + [True] * 30
    shown = shown_together(np.array([everyone, fsm, others]), TEN)
    assert shown.tolist() == [True, True, False]


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 40), st.integers(0, 40)), min_size=2, max_size=4))
def test_no_attacker_reaches_a_small_count_from_a_split_and_its_total(drawn):
    groups = [(max(pair), min(pair)) for pair in drawn]
    few, few_persistent = hidden(*groups)
    count = len(groups)
    sizes = [p - a for p, a in groups] + [a for _, a in groups]
    shown = []
    if not 1 <= sum(sizes) < TEN:
        shown.append([1] * 2 * count)
    if not 1 <= sum(sizes[count:]) < TEN and not 1 <= sum(sizes[:count]) < TEN:
        shown.append([0] * count + [1] * count)
    one = [[int(at == row) for at in range(count)] for row in range(count)]
    shown += [one[row] * 2 for row in range(count) if not few[row]]
    shown += [[0] * count + one[row] for row in range(count) if not few_persistent[row]]
    for group in reachable(shown, 2 * count):
        assert not 1 <= np.dot(group, sizes) < TEN


def test_what_would_take_too_long_to_search_is_not_shown():
    small = np.full(16, 5, dtype=np.int64)
    pairs = np.zeros((15, 16), dtype=np.bool_)
    pairs[np.arange(15), np.arange(15)] = True
    pairs[:, 15] = True
    assert shown_together(pairs, TEN, small).tolist() == [True] * 12 + [False] * 3
