from datetime import date

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from attendance.core.calendar import Calendar
from attendance.core.figures import (
    as_one_group,
    code_counts,
    is_counted,
    pooled,
    pupil_counts,
    total_counts,
    weekly_counts,
    with_absence_flags,
    with_rates,
)
from attendance.core.register import BLANK, assemble
from attendance.core.slots import SLOTS, Session, days_of, slot_of
from attendance.rules.codes import SYMBOL_OF
from tests.build import register, roll
from tests.core import oracle

TODAY = date(2026, 11, 20)


def totals(marks: str, **world) -> pd.Series:
    return with_rates(pupil_counts(register(marks, **world))).iloc[0]


def test_a_day_the_whole_school_is_closed_is_not_two_possible_sessions():
    assert totals(r"/\ Y4Y4 NN")["possible_sessions"] == 4


def test_late_before_close_is_attended_and_after_close_is_absent():
    found = totals(r"/\ /\ /\ /L LU")
    assert found["attendance_rate"] == 0.9
    assert found["unauthorised_absence"] == 1
    assert found["late_before_close"] + found["late_after_close"] == 3


def test_sessions_that_were_not_possible_leave_the_denominator():
    found = totals(r"/\ /\ DD Y1Y1 Q#")
    assert (found["possible_sessions"], found["attended_sessions"]) == (4, 4)


def test_j1_is_authorised_absence_and_k_attended_in_october_2026():
    found = totals(r"/\ /\ /\ VV KJ1", first_day=date(2026, 10, 5))
    assert (found["attendance_rate"], found["authorised_absence"]) == (0.9, 1)


def test_j_was_attended_in_october_2023_and_still_counts_so_when_used_in_2026():
    assert totals(r"/\ /\ /\ VV VJ", first_day=date(2023, 10, 2))["attendance_rate"] == 1
    assert totals(r"/\ /\ /\ VV VJ", first_day=date(2026, 10, 5))["attendance_rate"] == 1


def test_n_is_unauthorised_until_a_reason_is_known_and_the_total_stays():
    before = totals(r"/\ /\ /\ /\ /\ /\ /\ /\ NN NI")
    after = totals(r"/\ /\ /\ /\ /\ /\ /\ /\ II II")
    assert (before["unauthorised_absence"], before["authorised_absence"]) == (3, 1)
    assert (after["unauthorised_absence"], after["authorised_absence"]) == (0, 4)
    assert before["absence_rate"] == after["absence_rate"] == 0.2


def test_a_part_time_timetable_is_absence_and_x_is_not():
    c2 = totals(r"/C2 /C2 /C2 /C2 /C2")
    x = totals(r"/X /X /X /X /X")
    assert (c2["absence_rate"], c2["authorised_absence"]) == (0.5, 5)
    assert (x["absence_rate"], x["possible_sessions"]) == (0, 5)


def test_missing_marks_are_not_absences():
    found = totals(r"/\ /\ /\ /\ --")
    assert (found["possible_sessions"], found["attendance_rate"]) == (8, 1)
    assert found["unmarked"] == 2


def test_sessions_before_joining_and_after_leaving_are_never_possible():
    found = totals(r".. /\ II ..")
    assert (found["possible_sessions"], found["unmarked"]) == (4, 0)


def test_a_mark_on_a_closed_day_is_not_a_possible_session():
    drawn = register(r"/\ /\ /\ ")
    closed = drawn.is_open.copy()
    closed[:, slot_of(2026, date(2026, 9, 8), Session.AM)] = False
    shut = assemble(drawn.calendar, drawn.pupils, drawn.marks, drawn.on_roll, closed)
    assert pupil_counts(shut)["possible_sessions"].tolist() == [5]


def test_a_pupil_with_no_possible_session_has_no_rate_and_is_not_persistently_absent():
    found = with_absence_flags(with_rates(pupil_counts(register(r"DD DD"))), TODAY).iloc[0]
    assert np.isnan(found["absence_rate"])
    assert not found["persistently_absent"] and not found["severely_absent"]


@pytest.mark.parametrize(
    "missed, possible, persistent, severe",
    [
        (38, 380, True, False),
        (37, 380, False, False),
        (37, 371, False, False),
        (60, 120, True, True),
        (59, 120, True, False),
        (2, 20, True, False),
        (3, 30, True, False),
        (0, 1, False, False),
    ],
)
def test_persistent_absence_is_decided_on_whole_sessions(missed, possible, persistent, severe):
    counts = pd.DataFrame({"absent_sessions": [missed], "possible_sessions": [possible]})
    found = with_absence_flags(counts, TODAY).iloc[0]
    assert (found["persistently_absent"], found["severely_absent"]) == (persistent, severe)
    assert oracle.is_persistent(missed, possible) is persistent
    assert oracle.is_severe(missed, possible) is severe


def test_a_group_pools_sessions_and_never_averages_pupils():
    ten_of_100 = " ".join(["II"] * 5 + [r"/\ "] * 45)
    ten_of_20 = " ".join(["II"] * 5 + [r"/\ "] * 5)
    drawn = register(ten_of_100, ten_of_20 + " .." * 40)
    counts = with_absence_flags(pupil_counts(drawn), TODAY)
    group = pooled(counts, pd.Series(["all", "all"]).to_numpy()).loc["all"]
    assert group["absence_rate"] == pytest.approx(20 / 120)
    assert (group["persistently_absent"], group["pupils"]) == (2, 2)


def test_a_school_in_one_row_is_the_same_as_one_group():
    drawn = register("DD " * 20, r"/\ " * 20, "II II" + r" /\ " * 18, "UN L-" + r" /\ " * 18)
    counts = with_absence_flags(pupil_counts(drawn), TODAY)
    group = pooled(counts, pd.Series(["all"] * 4).to_numpy()).loc["all"]
    found = as_one_group(total_counts(drawn), TODAY)
    assert found == group.drop(["attendance_rate", "absence_rate"]).to_dict()
    assert (found["pupils"], found["persistently_absent"]) == (3, 1)


def test_a_pupil_without_a_possible_session_is_not_in_a_groups_base():
    drawn = register("DD " * 20, r"/\ " * 20, "II II" + r" /\ " * 18)
    counts = with_absence_flags(pupil_counts(drawn), TODAY)
    group = pooled(counts, pd.Series(["all"] * 3).to_numpy()).loc["all"]
    assert (group["persistently_absent"], group["pupils"]) == (1, 2)


def test_a_period_counts_its_first_and_its_last_session_and_no_other():
    drawn = register(r"I\ /\ /I")
    monday = slot_of(2026, date(2026, 9, 7), Session.AM)
    assert pupil_counts(drawn, monday + 1, monday + 4)["possible_sessions"].tolist() == [4]
    assert pupil_counts(drawn, monday, monday + 5)["absent_sessions"].tolist() == [2]


def test_codes_are_counted_as_they_stand_with_missing_marks_as_a_dash():
    assert code_counts(register(r"/\ I- ##", r"ZZ /\ ##")) == {
        "#": 4, "-": 1, "/": 2, "I": 1, "Z": 2, "\\": 2,
    }  # fmt: skip


def test_a_session_that_no_register_was_read_for_has_no_missing_mark():
    drawn = register(r"/\ ")
    term = Calendar(2026, sessions="." * SLOTS)
    opened = np.ones_like(drawn.is_open)
    unread = assemble(term, drawn.pupils, drawn.marks, drawn.on_roll, opened)
    assert pupil_counts(unread)["unmarked"].tolist() == [0]


CODES_2024 = [code for code in SYMBOL_OF if len(code) < 3 and code != "F"]


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_the_engine_agrees_with_plain_loops_on_any_register_of_any_year(data):
    school_year = data.draw(st.sampled_from([2019, 2023, 2024, 2026]))
    seed = data.draw(st.integers(0, 2**32 - 1))
    chance = np.random.default_rng(seed)
    codes = chance.choice(CODES_2024, size=(3, SLOTS))
    on_roll, is_open = chance.random((2, 3, SLOTS)) < 0.8
    first, last = sorted(chance.integers(0, SLOTS, 2).tolist())
    marks = np.vectorize(lambda code: ord(SYMBOL_OF[code]))(codes).astype(np.uint8)
    drawn = assemble(Calendar(school_year), roll(3), marks, on_roll, is_open)
    found = pupil_counts(drawn, first, last)
    days = days_of(school_year)
    for row in range(3):
        sessions = [
            (
                days[slot].item(),
                codes[row, slot],
                bool(on_roll[row, slot] and is_open[row, slot] and drawn.covered[slot]),
            )
            for slot in range(first, last + 1)
        ]
        assert found.iloc[row].to_dict() == oracle.count(sessions)


def test_weeks_and_single_sessions_add_up_to_the_same_totals():
    chance = np.random.default_rng(5)
    marks = chance.choice([ord(s) for s in SYMBOL_OF.values()], size=(4, SLOTS)).astype(np.uint8)
    everything = np.ones((4, SLOTS), dtype=bool)
    drawn = assemble(Calendar(2024), roll(4), marks, everything, everything)
    weeks = weekly_counts(drawn).sum(axis=1)
    for at, name in enumerate(["present", "approved_activity", "authorised_absence"]):
        singles = is_counted(drawn, name, 0, SLOTS - 1).sum(axis=1)
        assert singles.tolist() == weeks[:, at].tolist()
    assert (marks == BLANK).any()
