"""Each reason for a difference in exact sessions, and the combination that another figure shows."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from attendance.core.figures import pupil_counts
from attendance.core.reconcile import changed, fits, parts_of, touched_by, value_of, waterfall
from attendance.core.reconcile_words import REASONS, Measure, Method, cut_off, rounded
from attendance.core.register import BLANK, Register
from attendance.core.views import View, seen_as
from attendance.rules.codes import SYMBOL_OF
from tests.build import register

NINE = date(2012, 12, 25)
SIXTH_FORM = date(2009, 3, 1)
ELEVEN = date(2010, 11, 15)


def parts(drawn: Register):  # type: ignore[no-untyped-def]
    return parts_of(drawn, 0, drawn.latest)


def after(drawn: Register, *reasons: str) -> tuple[int, int]:
    """(absent, possible) sessions of everybody with some reasons applied."""
    attended, absent = changed(parts(drawn), reasons)
    return int(absent.sum()), int((attended + absent).sum())


def test_nothing_applied_is_our_own_school_view() -> None:
    drawn = register("/\\ NI X/ D- Y1Q", "/\\ /\\ /\\ /\\ /\\")
    counts = pupil_counts(drawn, 0, drawn.latest)
    assert after(drawn) == (2, 15)
    assert after(drawn) == (
        counts["absent_sessions"].sum(),
        counts["possible_sessions"].sum(),
    )


@pytest.mark.parametrize(
    "reason, absent, possible",
    [("x", 3, 16), ("d_attended", 2, 16), ("d_missed", 3, 16), ("y", 4, 17), ("open_n", 1, 14),
     ("blanks", 3, 16)],
)  # fmt: skip
def test_each_reading_of_marks_moves_the_sessions_it_is_about(
    reason: str, absent: int, possible: int
) -> None:
    drawn = register("/\\ NI X/ D- Y1Q", "/\\ /\\ /\\ /\\ /\\")
    assert after(drawn, reason) == (absent, possible)


def test_a_pupil_who_has_left_is_counted_here_and_not_by_who_lists_the_roll_of_today() -> None:
    drawn = register("NN /\\ .. ..", "/\\ /\\ /\\ /\\")
    assert after(drawn) == (2, 12)
    assert after(drawn, "leavers") == (0, 8)


def test_ages_outside_5_to_15_are_left_out() -> None:
    drawn = register("II", "/\\", born=[SIXTH_FORM, NINE])
    assert after(drawn) == (2, 4)
    assert after(drawn, "ages") == (0, 2)


def test_ages_and_year_11_together_are_the_dfe_comparable_view() -> None:
    lines = ["/\\ SS SS", "/\\ II /\\", "II /\\ /\\"]
    drawn = register(
        *lines,
        first_day=date(2027, 5, 28),
        born=[ELEVEN, NINE, SIXTH_FORM],
        year_groups=[11, 9, 13],
    )
    counts = pupil_counts(seen_as(drawn, View.DFE), 0, drawn.latest)
    expected = int(counts["absent_sessions"].sum()), int(counts["possible_sessions"].sum())
    assert after(drawn, "ages", "year_11") == expected == (2, 8)
    assert after(drawn, "year_11") == (4, 14)


def test_the_last_two_weeks_are_fourteen_days_and_not_fifteen() -> None:
    week = "/\\ " * 5
    drawn = register("II " + "/\\ " * 4 + week + "NN")  # 7 September to Monday 21 September
    assert after(drawn, "lag") == (2, 2)  # the last two weeks begin on the 8th
    assert after(register("II " + "/\\ " * 4 + week), "lag") == (0, 0)


def test_every_combination_is_what_the_engine_counts_of_a_register_changed_by_hand() -> None:
    lines = ["/\\ NI X/ D- Y1Q", "NN /\\ .. .. ..", "XX II /\\ DD --", "/\\ /\\ /\\ /\\ /\\"]
    drawn = register(*lines, born=[NINE, NINE, SIXTH_FORM, NINE])
    one = drawn.marks.copy()
    one[one == ord("X")] = ord(SYMBOL_OF["C"])
    one[one == ord("D")] = ord(SYMBOL_OF["C"])
    one[one == ord("N")] = BLANK
    by_hand = pupil_counts(replace(drawn, marks=one).only(np.array([1, 0, 1, 1], dtype=bool)))
    attended, absent = changed(parts(drawn), ("leavers", "x", "d_missed", "open_n"))
    kept = [0, 2, 3]
    assert absent[kept].tolist() == by_hand["absent_sessions"].tolist()
    assert attended[kept].tolist() == by_hand["attended_sessions"].tolist()
    assert (absent[1], attended[1]) == (0, 0)


def test_the_mean_of_percentages_is_not_the_pooled_rate() -> None:
    # Trap 9: 10 of 100 and 10 of 20 are 16.67 % pooled and 30 % as a mean.
    attended, absent = np.array([90, 10]), np.array([10, 10])
    on = date(2026, 11, 20)
    pooled = value_of(attended, absent, Measure.ABSENCE, Method.POOLED, on)
    mean = value_of(attended, absent, Measure.ABSENCE, Method.MEAN, on)
    assert (pooled.above, pooled.below, pooled.number) == (20, 120, Fraction(50, 3))
    assert mean.number == 30


def test_ten_per_cent_exactly_is_persistent_and_not_where_below_90_is_read() -> None:
    attended, absent = np.array([342, 343]), np.array([38, 37])
    on = date(2026, 11, 20)
    count = Measure.PERSISTENT_COUNT
    assert value_of(attended, absent, count, Method.POOLED, on).above == 1
    assert value_of(attended, absent, count, Method.BELOW, on).above == 0
    assert value_of(attended, absent, count, Method.WHOLE, on).above == 2  # 90.26 shows as 90
    assert value_of(attended, absent, count, Method.ONE_PLACE, on).above == 1


def test_nine_point_nine_seven_per_cent_is_persistent_only_where_rounding_comes_first() -> None:
    attended, absent = np.array([334]), np.array([37])
    on = date(2026, 11, 20)
    count = Measure.PERSISTENT_COUNT
    assert value_of(attended, absent, count, Method.POOLED, on).above == 0
    assert value_of(attended, absent, count, Method.ONE_PLACE, on).above == 1


def test_a_pupil_without_a_possible_session_has_no_rate() -> None:
    nobody = value_of(
        np.array([0]), np.array([0]), Measure.PERSISTENT, Method.WHOLE, date(2026, 9, 9)
    )
    assert (nobody.above, nobody.below, nobody.number) == (0, 0, None)


def test_the_waterfall_is_every_reason_alone_and_after_those_before_it() -> None:
    drawn = register("/\\ NI X/ D- Y1Q", "/\\ /\\ /\\ /\\ /\\")
    steps = {step.name: step for step in waterfall(parts(drawn), Measure.ABSENCE)}
    assert list(steps) == ["ours", *(reason.name for reason in REASONS), "mean"]
    assert (steps["ours"].alone.above, steps["ours"].alone.below) == (2, 15)
    assert (steps["x"].alone.above, steps["x"].pupils, steps["x"].sessions) == (3, 1, 1)
    together = steps["open_n"].together
    assert together is not None and (together.above, together.below) == (4, 18)
    assert steps["d_missed"].together is None  # D is one thing or the other


def test_the_reason_that_gives_the_other_figure_is_named() -> None:
    drawn = register("/\\ XX XX .. ..", "/\\ /\\ /\\ /\\ /I")  # 1 of 12; with X 5 of 16
    found = fits(parts(drawn), Measure.ABSENCE, Fraction("31.3"), 1)
    assert [(fit.reasons, fit.method) for fit in found] == [(("x",), Method.POOLED)]
    assert (found[0].value.above, found[0].value.below) == (5, 16)


def test_two_reasons_are_found_together_when_neither_does_alone() -> None:
    drawn = register("NI XX XX /\\ /\\", "/\\ /\\ /\\ /\\ /\\")  # X in and N out: 5 of 19
    found = fits(parts(drawn), Measure.ABSENCE, rounded(Fraction(500, 19), 1), 1)
    assert [fit.reasons for fit in found] == [("x", "open_n")]


def test_our_own_figure_needs_no_reason_and_one_cut_off_is_called_so() -> None:
    drawn = register("/\\ /\\ I/", "/\\ /\\ I/")  # 2 of 12 is 16.66…
    assert fits(parts(drawn), Measure.ABSENCE, Fraction("16.7"), 1)[0].reasons == ()
    cut = fits(parts(drawn), Measure.ABSENCE, Fraction("16.6"), 1)
    assert cut[0].reasons == () and cut[0].is_cut_off
    assert fits(parts(drawn), Measure.ABSENCE, Fraction("50"), 1) == []


@pytest.mark.parametrize(
    "number, decimals, up, down",
    [("9.95", 1, "10", "9.9"), ("9.949", 1, "9.9", "9.9"), ("91.5", 0, "92", "91")],
)
def test_halves_are_rounded_up_and_cutting_off_never_does(
    number: str, decimals: int, up: str, down: str
) -> None:
    assert rounded(Fraction(number), decimals) == Fraction(up)
    assert cut_off(Fraction(number), decimals) == Fraction(down)


MARKS = st.sampled_from(["/", "N", "I", "X", "D", "Y1", "-", "O", "B"])


@settings(max_examples=40, deadline=None)
@given(st.lists(st.lists(MARKS, min_size=6, max_size=6), min_size=2, max_size=4))
def test_what_a_reason_touches_is_what_it_moves(lines: list[list[str]]) -> None:
    drawn = register(
        *(" ".join(a + b for a, b in zip(x[::2], x[1::2], strict=True)) for x in lines)
    )
    if drawn.latest < 0:
        return
    made = parts(drawn)
    attended, absent = changed(made, ())
    for reason in ("x", "d_attended", "d_missed", "y", "open_n", "blanks"):
        now = changed(made, (reason,))
        moved = np.abs(now[0] - attended) + np.abs(now[1] - absent)
        assert moved.tolist() == touched_by(made, reason).tolist(), reason
