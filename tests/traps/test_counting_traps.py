r"""The worked traps of the definitions (1 to 11, 15 to 18), each with its exact numbers."""

from datetime import date
from fractions import Fraction

import numpy as np
import pandas as pd
import pytest

from attendance.core import quality
from attendance.core.calendar import Calendar, school_days_after
from attendance.core.figures import (
    code_counts,
    pooled,
    pupil_counts,
    with_absence_flags,
    with_rates,
)
from attendance.core.on_track import outlook_of
from attendance.core.pupil_words import caution, per_cent
from attendance.core.slots import SLOTS, first_slot_from
from attendance.core.views import View, seen_as
from attendance.errors import CannotRead
from attendance.rules.days import compulsory_school_age
from tests.build import OFF_ROLL, register
from tests.importers.draw import drawn as drawn_marks
from tests.importers.draw import long, said

TODAY = date(2026, 11, 24)
OCTOBER_2026, OCTOBER_2023 = date(2026, 10, 5), date(2023, 10, 2)


def line(*runs: tuple[str, int]) -> str:
    r"""line(("/", 3), ("N", 1)) -> '/\ /N': so many sessions of each code, in order."""
    marks = [code for code, sessions in runs for _ in range(sessions)]
    afternoons = ["\\" if code == "/" else code for code in marks[1::2]]
    return " ".join(am + pm for am, pm in zip(marks[::2], afternoons, strict=True))


def figures(*lines: str, **world: object) -> pd.DataFrame:
    """One row a pupil with counts, rates and both flags."""
    return with_absence_flags(with_rates(pupil_counts(register(*lines, **world))), TODAY)


def figure(marks: str, **world: object) -> pd.Series:
    return figures(marks, **world).iloc[0]


def to_mend(*lines: str, **world: object) -> set[tuple[str, int]]:
    """What the data-quality page finds on 24 November 2026: the kind and how many sessions."""
    found = quality.find(register(*lines, **world), quality.Facts(), TODAY)
    return {(each.kind, each.sessions) for each in found}


def group_of(rows: pd.DataFrame) -> pd.Series:
    return pooled(rows, np.array(["all"] * len(rows), dtype=object)).loc["all"]


@pytest.mark.parametrize(
    "missed, shown, is_persistent", [(38, "90.0 %", True), (37, "90.3 %", False)]
)
def test_trap_1_ten_per_cent_of_380_sessions_is_persistent_absence_and_one_fewer_is_not(
    missed, shown, is_persistent
):
    found = figure(line(("I", missed), ("/", 380 - missed)))
    assert (found["possible_sessions"], found["absent_sessions"]) == (380, missed)
    assert round(100 * found["attendance_rate"], 2) == (90.0 if is_persistent else 90.26)
    assert per_cent(found["attendance_rate"]) == shown.replace(" ", "\u202f")
    assert found["persistently_absent"] == is_persistent


def test_trap_2_37_of_371_shows_as_ten_per_cent_and_is_not_persistent_absence():
    # The afternoon of the 186th day is at the other school.
    found = figure(line(("I", 37), ("/", 334), ("D", 1)))
    assert (found["possible_sessions"], found["absent_sessions"]) == (371, 37)
    assert round(100 * found["absence_rate"], 3) == 9.973
    assert per_cent(found["absence_rate"]) == "10.0\u202f%"
    assert not found["persistently_absent"]


def test_trap_2_half_of_120_sessions_missed_is_severe_absence():
    found = figure(line(("I", 60), ("/", 60)))
    assert (found["possible_sessions"], found["severely_absent"]) == (120, True)
    assert not figure(line(("I", 59), ("/", 61)))["severely_absent"]


def test_trap_3_l_is_attended_and_u_is_unauthorised_and_both_are_late():
    found = figure(line(("/", 7), ("L", 2), ("U", 1)))
    assert (found["attendance_rate"], found["possible_sessions"]) == (0.9, 10)
    assert found["unauthorised_absence"] == 1
    assert (found["late_before_close"], found["late_after_close"]) == (2, 1)


def test_trap_4_d_y1_q_and_planned_closures_leave_the_denominator():
    found = figure(r"/\ /\ DD Y1Y1 Q#")
    assert (found["possible_sessions"], found["attended_sessions"]) == (4, 4)
    assert found["attendance_rate"] == 1


def test_trap_5_in_october_2026_k_is_attended_and_j1_is_authorised_absence():
    found = figure(r"/\ /\ /\ VV KJ1", first_day=OCTOBER_2026)
    assert (found["attendance_rate"], found["authorised_absence"]) == (0.9, 1)


@pytest.mark.parametrize("first_day", [OCTOBER_2023, OCTOBER_2026])
def test_trap_5_j_is_attended_as_it_was_in_october_2023_even_in_october_2026(first_day):
    found = figure(r"/\ /\ /\ VV VJ", first_day=first_day)
    assert (found["attendance_rate"], found["approved_activity"]) == (1, 4)


def test_trap_5_j_in_october_2026_is_read_with_a_warning_and_in_october_2023_without():
    assert "‘J’ was withdrawn after 18 August 2024" in said(long("05/10/2026,AM,J"))
    assert "‘J’" not in said(long("02/10/2023,AM,J"))


def test_trap_5_j_in_a_register_of_october_2026_is_listed_to_be_mended():
    assert ("retired_code", 1) in to_mend(r"/\ /\ /\ VV VJ", first_day=OCTOBER_2026)
    assert ("retired_code", 1) not in to_mend(r"/\ /\ /\ VV VJ", first_day=OCTOBER_2023)


def test_trap_6_a_reason_for_n_moves_the_category_and_not_the_total():
    before = figure(line(("/", 16), ("N", 3), ("I", 1)))
    after = figure(line(("/", 16), ("I", 4)))
    shares = ["unauthorised_absence", "authorised_absence", "absent_sessions"]
    assert [100 * before[name] / 20 for name in shares] == [15, 5, 20]
    assert [100 * after[name] / 20 for name in shares] == [0, 20, 20]


def autumn_2026() -> Calendar:
    """7 September to 18 December 2026, half term 26 to 30 October, INSET 2 November."""
    start, end = (first_slot_from(2026, day) for day in (date(2026, 9, 7), date(2026, 12, 19)))
    away = range(*(first_slot_from(2026, day) for day in (date(2026, 10, 26), date(2026, 11, 3))))
    sessions = ["o" if start <= slot < end and slot not in away else "#" for slot in range(SLOTS)]
    return Calendar(2026, sessions="".join(sessions))


def test_trap_7_n_of_22_october_2026_is_due_on_6_november_by_school_days():
    # Counting working days would give 29 October, in the middle of the half term.
    thursday = date(2026, 10, 22)
    assert school_days_after(autumn_2026(), [thursday], 5) == [date(2026, 11, 6)]


def test_trap_8_a_part_time_timetable_is_absence():
    found = figure(line(("/", 5), ("C2", 5)))
    assert (found["attendance_rate"], found["authorised_absence"]) == (0.5, 5)
    assert found["severely_absent"]


def test_trap_8_x_of_a_four_year_old_is_no_absence():
    found = figure(line(("/", 5), ("X", 5)), year_groups=[0], born=[date(2022, 6, 1)])
    assert (found["possible_sessions"], found["attendance_rate"]) == (5, 1)


def test_trap_8_x_on_a_pupil_of_year_9_is_an_error_to_be_mended_and_on_a_four_year_old_none():
    half_days = line(("/", 5), ("X", 5))
    of_year_9 = to_mend(half_days, year_groups=[9], born=[date(2013, 1, 1)])
    aged_four = to_mend(half_days, year_groups=[0], born=[date(2022, 6, 1)])
    assert ("x_compulsory", 5) in of_year_9
    assert not any(kind == "x_compulsory" for kind, _ in aged_four)


def test_trap_9_a_group_pools_its_sessions_and_never_averages_its_pupils():
    rows = figures(line(("I", 10), ("/", 90)), line(("I", 10), ("/", 10)) + f" {OFF_ROLL * 2}" * 40)
    assert rows["possible_sessions"].tolist() == [100, 20]
    group = group_of(rows)
    assert round(100 * group["absence_rate"], 2) == 16.67
    assert 100 * rows["absence_rate"].mean() == 30  # what it must not be
    assert (group["persistently_absent"], group["pupils"]) == (2, 2)


def test_trap_10_a_pupil_without_a_possible_session_is_in_no_base():
    rows = figures(line(("D", 40)), line(("/", 40)), line(("I", 4), ("/", 36)))
    assert rows["possible_sessions"].tolist() == [0, 40, 40]
    group = group_of(rows)
    rate = Fraction(int(group["persistently_absent"]), int(group["pupils"]))
    assert rate == Fraction(1, 2)


def test_trap_10_a_joiner_who_missed_2_of_20_is_persistently_absent_on_a_small_base():
    found = figure(f"{OFF_ROLL * 2} " * 10 + line(("I", 2), ("/", 18)))
    assert (found["possible_sessions"], found["persistently_absent"]) == (20, True)
    assert caution(outlook_of(2, 20, 300, TODAY), TODAY).startswith("Only 20 sessions possible")
    assert caution(outlook_of(4, 40, 300, TODAY), TODAY) == ""


def test_trap_11_study_leave_after_the_may_half_term_is_not_in_year_11s_dfe_comparable_figure():
    # 155 days to Friday 28 May 2027, the spring bank holiday, then 25 days.
    marks = line(("I", 30), ("/", 280)) + " ## " + line(("S", 40), ("/", 10))
    drawn = register(marks, first_day=date(2026, 10, 26), year_groups=[11], born=[date(2011, 5, 1)])
    school = with_absence_flags(with_rates(pupil_counts(drawn)), TODAY).iloc[0]
    assert (school["absent_sessions"], school["possible_sessions"]) == (70, 360)
    assert per_cent(school["absence_rate"]) == "19.4\u202f%" and school["persistently_absent"]
    seen = pupil_counts(seen_as(drawn, View.DFE))
    dfe = with_absence_flags(with_rates(seen), TODAY).iloc[0]
    assert (dfe["absent_sessions"], dfe["possible_sessions"]) == (30, 310)
    assert round(100 * dfe["absence_rate"], 2) == 9.68 and not dfe["persistently_absent"]


@pytest.mark.parametrize(
    "born, first_day",
    [(date(2022, 3, 31), date(2027, 3, 31)), (date(2022, 4, 5), date(2027, 8, 31))],
)
def test_trap_15_school_age_begins_on_a_prescribed_day_and_not_with_the_next_term(born, first_day):
    assert compulsory_school_age(born)[0] == first_day


@pytest.mark.parametrize(
    "born, last_day",
    [(date(2010, 11, 15), date(2027, 6, 25)), (date(2011, 9, 1), date(2028, 6, 30))],
)
def test_trap_15_school_age_ends_in_june_of_the_school_year_and_not_of_the_year(born, last_day):
    assert compulsory_school_age(born)[1] == last_day


def test_extra_16_a_day_of_five_one_hour_lessons_makes_no_statutory_figure():
    joined = "02/11/2026,Lesson {},/"
    missed = "02/11/2026,Lesson {},O"
    rows = [(joined if number <= 3 else missed).format(number) for number in range(1, 6)]
    assert Fraction(sum(row.endswith("/") for row in rows), len(rows)) == Fraction(60, 100)
    with pytest.raises(CannotRead, match="‘Lesson 1’ is neither AM nor PM; lesson marks are not"):
        long(*rows)


def test_extra_17_a_pupil_present_at_1215_and_gone_at_115_is_present_for_the_session():
    read = long("02/11/2026,AM,/", "02/11/2026,PM,\\", "02/11/2026,P5,O")
    found = figure(drawn_marks(read))
    assert (found["possible_sessions"], found["attendance_rate"]) == (2, 1)
    # The lesson is told of by its row, and is no mark of the register.
    assert "Row 4: ‘P5’ is neither AM nor PM; lesson marks are not the register’s" in said(read)


def test_extra_18_missing_marks_are_neither_possible_nor_absent_and_are_counted_apart():
    drawn = register(line(("/", 8), ("-", 2)))
    found = with_rates(pupil_counts(drawn)).iloc[0]
    assert (found["possible_sessions"], found["attendance_rate"]) == (8, 1)
    assert found["unmarked"] == code_counts(drawn)["-"] == 2
    assert ("session_unmarked", 2) in to_mend(line(("/", 8), ("-", 2)))
