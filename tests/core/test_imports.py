"""What importing a file would change: planned, never guessed, and the same twice."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import numpy as np
import pytest

from attendance.core.imports import (
    NOTHING,
    ImportPlan,
    ImportResult,
    Marks,
    Mask,
    Problem,
    categories_of,
    codes_of,
    lines_of,
    plan_import,
    session_slots,
)
from attendance.core.slots import SLOTS, Session, slot_of
from attendance.rules.codes import SYMBOL_OF, Category
from tests.build import marks_of

MONDAY = date(2026, 9, 7)
FIRST = slot_of(2026, MONDAY, Session.AM)


def file_of(*lines: str, days: Sequence[date] = (MONDAY, date(2026, 9, 8))) -> ImportResult:
    """A file with these lines of two days of marks, '-' where it says nothing."""
    codes = [[code for day in line.split() for code in marks_of(day)] for line in lines]
    marks = np.array([[ord(SYMBOL_OF[code]) for code in line] for line in codes], dtype=np.uint8)
    return ImportResult(
        file_name="register.csv",
        format="wide register, CSV",
        sha256="0" * 64,
        first_day=days[0],
        last_day=days[-1],
        pupils=(None,) * len(lines),  # type: ignore[arg-type]
        sessions=tuple((day, half) for day in days for half in Session),
        marks=marks,
        session_state="o" * marks.shape[1],
        first_on_roll=(None,) * len(lines),
        last_on_roll=(None,) * len(lines),
        not_on_roll=(False,) * len(lines),
        unmarked=0,
    )


def ours_of(*lines: str) -> Marks:
    """The lines we hold, with these two days of marks in the week of the file."""
    held = np.full((len(lines), SLOTS), NOTHING, dtype=np.uint8)
    held[:, FIRST : FIRST + 4] = file_of(*lines).marks
    return held


def amended(held: Marks, *places: tuple[int, int]) -> Mask:
    mask = np.zeros(held.shape, dtype=np.bool_)
    for pupil, slot in places:
        mask[pupil, FIRST + slot] = True
    return mask


def plan(file: ImportResult, held: Marks, *places: tuple[int, int]) -> ImportPlan:
    return plan_import(file, 2026, held, amended(held, *places))


def test_marks_for_sessions_without_one_are_new() -> None:
    planned = plan(file_of(r"/\ NN"), ours_of("-- --"))
    assert (planned.new_marks, planned.unchanged, len(planned.changed)) == (4, 0, 0)


def test_a_mark_that_differs_is_a_change_and_names_both() -> None:
    planned = plan(file_of(r"/\ IN"), ours_of(r"/\ NN"))
    assert list(planned.changed) == [(0, FIRST + 2, "N", "I")]
    assert (planned.new_marks, planned.unchanged) == (0, 3)


def test_a_dash_says_nothing_and_erases_nothing() -> None:
    held = ours_of(r"/\ NN")
    planned = plan(file_of("-- --"), held)
    assert np.array_equal(planned.marks, held)
    assert (planned.new_marks, planned.unchanged, len(planned.changed)) == (0, 0, 0)


def test_importing_the_same_file_again_changes_nothing() -> None:
    file = file_of(r"/\ NN", r"C2\ L-")
    again = plan(file, plan(file, ours_of("-- --", r"IN --")).marks)
    assert (again.new_marks, len(again.changed), len(again.conflicts)) == (0, 0, 0)
    assert again.unchanged == 7


def test_a_mark_amended_here_that_the_file_contradicts_is_a_conflict_and_stays() -> None:
    held = ours_of(r"/\ IN")
    planned = plan(file_of(r"/\ NN"), held, (0, 2))
    assert list(planned.conflicts) == [(0, FIRST + 2, "I", "N")]
    assert np.array_equal(planned.marks, held)


def test_a_mark_amended_here_that_the_file_agrees_with_is_no_conflict() -> None:
    planned = plan(file_of(r"/\ IN"), ours_of(r"/\ IN"), (0, 2))
    assert (len(planned.conflicts), planned.unchanged) == (0, 4)


def test_a_mark_amended_here_to_none_is_not_filled_in_again() -> None:
    planned = plan(file_of(r"/\ NN"), ours_of(r"/\ -N"), (0, 2))
    assert (planned.new_marks, list(planned.conflicts)) == (0, [(0, FIRST + 2, "-", "N")])


@pytest.mark.parametrize("kept, raised", [("N", 0), ("O", 1)])
def test_a_conflict_already_decided_is_not_raised_again_with_the_same_mark(
    kept: str, raised: int
) -> None:
    held = ours_of(r"/\ IN")
    planned = plan_import(
        file_of(r"/\ NN"), 2026, held, amended(held, (0, 2)), {(0, FIRST + 2): kept}
    )
    assert len(planned.conflicts) == raised
    assert np.array_equal(planned.marks, held)


def test_a_file_of_two_school_years_is_planned_a_year_at_a_time() -> None:
    file = file_of(r"/\ NN", days=(date(2026, 7, 20), date(2026, 9, 8)))
    assert file.school_years == (2025, 2026)
    for year, day in ((2025, date(2026, 7, 20)), (2026, date(2026, 9, 8))):
        sessions, slots = session_slots(file, year)
        assert slots.tolist() == [slot_of(year, day, half) for half in Session]
        assert len(sessions) == 2
        assert (lines_of(file, year) != NOTHING).sum() == 2


def test_a_year_that_the_file_does_not_hold_has_nothing_to_plan() -> None:
    planned = plan_import(file_of(r"/\ NN"), 2024, ours_of("-- --"), amended(ours_of("-- --")))
    assert (planned.new_marks, planned.by_category) == (0, {})


def test_marks_are_counted_by_the_category_of_their_day() -> None:
    days = (date(2024, 8, 16), date(2024, 8, 19))  # J was an approved activity, then nothing
    assert categories_of(file_of(r"J\ J1-", days=days)) == {
        Category.PRESENT: 1,
        Category.APPROVED_ACTIVITY: 1,
        Category.AUTHORISED: 1,
    }


def test_codes_are_counted_as_the_dfe_writes_them() -> None:
    file = file_of(r"Y4Y4 C2-")
    assert codes_of(file) == {"Y4": 2, "C2": 1}
    assert file.mark_count == 3


def test_a_result_stops_only_when_a_problem_does() -> None:
    file = file_of(r"/\ NN")
    assert not file.stops
    problems = (Problem(2, None, "Listed."), Problem(None, None, "Nothing.", stops=True))
    assert ImportResult(
        **{name: getattr(file, name) for name in file.__slots__} | {"problems": problems}
    ).stops
