"""What is found wrong in a register, each rule at its edge."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from attendance.core.calendar import Closure
from attendance.core.quality import Facts, Stray, find
from attendance.core.quality_kinds import KINDS, Weight
from attendance.core.register import BLANK, Register
from attendance.core.slots import Session, slot_of
from attendance.core.upn import check_letter
from tests.build import MONDAY, register

FULL = "/\\ " * 10
FRIDAY = date(2026, 9, 18)  # the last of the ten days that FULL draws
BORN = date(2012, 12, 25)
TWO_NUMBERS = dict.fromkeys(range(1, 10), 2)


def right(drawn: Register) -> Register:
    """The register with UPNs that fit, and birth dates where none was given."""
    pupils = drawn.pupils.copy()
    plain = [f"A999200{number:06d}" for number in pupils["pupil_id"]]
    pupils["upn"] = [check_letter(upn) + upn[1:] for upn in plain]
    pupils["birth_date"] = [
        born or date(2012, 1, n) for n, born in enumerate(pupils["birth_date"], 1)
    ]
    pupils["forename"] = [f"Pupil{number}" for number in pupils["pupil_id"]]
    return replace(drawn, pupils=pupils)


def found(
    drawn: Register, facts: Facts | None = None, on: date = FRIDAY, today: date = date(2027, 7, 31)
) -> list[tuple[str, int]]:
    """(kind, sessions) of each finding."""
    facts = facts or Facts()
    facts = replace(facts, numbers=facts.numbers or TWO_NUMBERS)
    return [(one.kind, one.sessions) for one in find(right(drawn), facts, on, today)]


def days(*marks: str) -> str:
    """Ten days, the given ones first and the rest present."""
    return " ".join([*marks, *["/\\"] * (10 - len(marks))])


def test_a_school_with_every_mark_in_place_has_no_finding() -> None:
    assert found(register(FULL, FULL, FULL)) == []


def test_a_school_without_a_register_has_no_finding_about_marks() -> None:
    assert found(register("", "")) == []


def test_a_form_none_of_whose_pupils_has_a_mark_did_not_take_its_register() -> None:
    two = [days("-\\"), days("-\\"), FULL, FULL, FULL]
    assert found(register(*two, forms=["9K", "9K", "9L", "9L", "9L"])) == [("missing_register", 1)]


def test_one_mark_in_the_form_and_the_others_are_single_marks_missing() -> None:
    two = [days("-\\"), days("/\\"), FULL, FULL, FULL]
    assert found(register(*two, forms=["9K", "9K", "9L", "9L", "9L"])) == [("missing_marks", 1)]


def test_a_session_without_marks_for_more_than_half_of_the_school_is_told_once() -> None:
    lines = [days("--"), days("--"), FULL]
    assert found(register(*lines, forms=["9K", "9L", "9M"])) == [("session_unmarked", 2)]


def test_a_session_with_marks_for_just_half_is_told_form_by_form() -> None:
    assert found(register(days("-\\"), FULL, forms=["9K", "9L"])) == [("missing_register", 1)]


def test_todays_session_that_nobody_has_marked_yet_is_not_missing() -> None:
    drawn = register(" ".join(["/\\"] * 9 + ["/-"]), " ".join(["/\\"] * 9 + ["/-"]))
    assert found(drawn) == []
    assert found(drawn, on=date(2026, 9, 21)) == [("session_unmarked", 1)]


def test_ten_blank_school_days_ask_whether_the_pupil_has_left_and_nine_do_not() -> None:
    ten, nine = " ".join(["--"] * 10), " ".join(["--"] * 9 + ["/\\"])
    assert found(register(ten, FULL, FULL, FULL)) == [("long_blank", 20)]
    assert found(register(nine, FULL, FULL, FULL)) == [("missing_marks", 18)]


def test_a_mark_before_the_first_day_on_roll_is_off_roll() -> None:
    drawn = register(days("..", "/\\"), FULL, FULL)
    drawn.marks[0, slot_of(2026, MONDAY, Session.AM)] = ord("/")
    assert found(drawn) == [("off_roll", 1)]


def test_z_before_the_first_day_is_how_it_should_be_and_on_roll_it_is_not() -> None:
    drawn = register(days(".."), FULL, FULL)
    drawn.marks[0, slot_of(2026, MONDAY, Session.AM)] = ord("Z")
    assert found(drawn) == []
    assert found(register(days("Z\\"), FULL, FULL)) == [("z_on_roll", 1)]


def test_a_mark_on_a_day_closed_to_one_year_group_is_found_for_that_year_group_only() -> None:
    inset = Closure(MONDAY, MONDAY, "inset", frozenset({9}), "Training")
    drawn = register(days("/\\"), days("/\\"), year_groups=[9, 10], closures=[inset])
    assert found(drawn) == [("closed_day", 2)]


def test_a_planned_closure_in_the_register_of_a_closed_day_is_no_finding() -> None:
    inset = Closure(MONDAY, MONDAY, "inset", None, "Training")
    assert found(register(days("##"), days("##"), closures=[inset])) == []


@pytest.mark.parametrize("code", ["H", "J", "Y", "F"])
def test_a_code_withdrawn_by_the_day_is_found_and_before_it_is_not(code: str) -> None:
    assert found(register(days(f"{code}\\"), FULL, FULL)) == [("retired_code", 1)]


def test_h_on_the_last_day_it_was_a_code_is_no_finding_and_a_day_later_it_is() -> None:
    # 18 August 2024 was a Sunday; the school below is open in August to stand at the edge.
    line = "/\\ " * 5
    friday = register("HH " + line, line + "/\\", line + "/\\", first_day=date(2024, 8, 16))
    assert found(friday, on=date(2024, 8, 23)) == []
    monday = register("HH " + line, line + "/\\", line + "/\\", first_day=date(2024, 8, 19))
    assert found(monday, on=date(2024, 8, 26)) == [("retired_code", 2)]


def test_a_sign_that_is_no_code_is_found() -> None:
    drawn = register(FULL, FULL)
    drawn.marks[0, slot_of(2026, MONDAY, Session.AM)] = ord("?")
    assert found(drawn) == [("unknown_code", 1)]


def test_present_of_the_other_half_is_found_in_both_halves() -> None:
    assert found(register(days("\\/"), FULL)) == [("wrong_half", 2)]


def test_x_is_found_on_the_first_day_of_compulsory_school_age_and_not_the_day_before() -> None:
    born = date(2021, 9, 3)  # five on 3 September 2026: of the age from 31 December 2026
    week = "XX " * 5
    others = "/\\ " * 5
    before = register(week, others, others, first_day=date(2026, 12, 14), born=[born, BORN, BORN])
    after = register(week, others, others, first_day=date(2027, 1, 4), born=[born, BORN, BORN])
    assert found(before, on=date(2026, 12, 18)) == []
    assert found(after, on=date(2027, 1, 8)) == [("x_compulsory", 10)]


def test_x_of_2020_to_2022_may_have_been_isolating() -> None:
    drawn = register("XX /\\", "/\\ /\\", "/\\ /\\", first_day=date(2021, 1, 11))
    assert found(drawn, on=date(2021, 1, 12)) == []


def test_where_no_birth_date_is_known_the_year_group_says_whether_x_can_be_right() -> None:
    drawn = register(days("XX"), days("XX"), FULL, year_groups=[9, 12, 9])
    kinds = [one.kind for one in find(drawn, Facts(numbers=TWO_NUMBERS), FRIDAY)]
    assert kinds.count("x_compulsory") == 1 and kinds.count("no_birth_date") == 3


def test_c2_needs_a_part_time_timetable_on_record_for_the_day() -> None:
    drawn = register(days("/C2", "/C2"), FULL)
    tuesday = date(2026, 9, 8)
    assert found(drawn) == [("c2_no_plan", 2)]
    assert found(drawn, Facts(part_time=((1, tuesday, None),))) == [("c2_no_plan", 1)]
    assert found(drawn, Facts(part_time=((1, MONDAY, tuesday),))) == []
    assert found(drawn, Facts(part_time=((2, MONDAY, None),))) == [("c2_no_plan", 2)]


def test_c2_of_a_sixth_former_is_outside_the_age_and_with_x_it_is_mixed() -> None:
    plan = Facts(part_time=((1, MONDAY, None),))
    born = [date(2009, 3, 1), BORN]
    assert found(register(days("/C2"), FULL, born=born), plan) == [("c2_age", 1)]
    assert found(register(days("/C2", "/X"), FULL, born=born), plan) == [
        ("c2_and_x", 2),
        ("c2_age", 1),
    ]


def test_one_pupil_present_while_the_others_are_shut_out_is_found_l_included() -> None:
    shut = days("Y4Y4")
    assert found(register(days("L\\"), shut, shut)) == [("present_when_shut", 2)]


def test_one_pupil_shut_out_while_the_others_are_present_is_found() -> None:
    assert found(register(days("Y4\\"), FULL, FULL)) == [("shut_alone", 1)]


def test_a_hash_for_one_pupil_and_for_one_half_of_the_day_are_two_kinds() -> None:
    assert found(register(days("##"), FULL, FULL)) == [("closed_alone", 2)]
    assert found(register(days("#\\"), FULL, FULL)) == [("half_closed", 2)]


def test_a_hash_for_a_whole_year_group_is_a_closure_the_calendar_does_not_know() -> None:
    drawn = register(days("##"), days("##"), FULL, FULL, FULL, year_groups=[12, 12, 9, 9, 9])
    assert found(drawn) == [("closure_not_in_calendar", 2)]


def test_d_and_b_by_turns_are_right_where_b_has_a_note() -> None:
    drawn = register(days("DB", "BD"), FULL)
    slots = (slot_of(2026, MONDAY, Session.PM), slot_of(2026, date(2026, 9, 8), Session.AM))
    assert found(drawn) == [("no_note", 2)]
    assert found(drawn, Facts(noted=frozenset({(1, slots[0])}))) == [("no_note", 1)]
    assert found(drawn, Facts(noted=frozenset((1, slot) for slot in slots))) == []


def test_n_is_overdue_once_its_fifth_school_day_is_past() -> None:
    drawn = register(days("N\\"), FULL)
    assert found(drawn, on=date(2026, 9, 14)) == []  # the fifth school day itself
    assert found(drawn, on=date(2026, 9, 15)) == [("overdue_n", 1)]


def test_e_is_found_from_the_sixth_school_day_on_and_another_mark_begins_anew() -> None:
    assert found(register(days(*["EE"] * 5), FULL)) == []
    assert found(register(days(*["EE"] * 6), FULL)) == [("long_suspension", 2)]
    assert found(register(days(*["EE"] * 3, "/\\", *["EE"] * 3), FULL)) == []


def test_present_at_a_session_to_come_is_found_and_leave_to_come_is_not() -> None:
    drawn = register(FULL, days(*["/\\"] * 9, "CC"), FULL)
    thursday = date(2026, 9, 17)
    assert found(drawn, on=thursday, today=thursday) == [("future_present", 2)] * 2
    assert found(drawn, on=thursday, today=FRIDAY) == []


def test_two_entries_with_one_name_and_birth_date_are_one_finding() -> None:
    drawn = right(register(FULL, FULL, FULL))
    pupils = drawn.pupils.assign(
        forename=["Bo", "BO", "Cy"], surname="Madeup", birth_date=[BORN, BORN, BORN]
    )
    findings = find(replace(drawn, pupils=pupils), Facts(numbers=TWO_NUMBERS), FRIDAY)
    assert [(one.kind, one.pupil_id, one.others) for one in findings] == [("duplicate", 1, (2,))]


def test_another_pupils_old_upn_and_one_upn_in_small_letters_are_duplicates() -> None:
    drawn = right(register(FULL, FULL))
    upn = drawn.pupils["upn"].iloc[0]
    old = Facts(numbers=TWO_NUMBERS, former_upns={2: upn})
    assert [one.kind for one in find(drawn, old, FRIDAY)] == ["duplicate"]
    same = replace(drawn, pupils=drawn.pupils.assign(upn=[upn, upn.lower()]))
    kinds = [one.kind for one in find(same, Facts(numbers=TWO_NUMBERS), FRIDAY)]
    assert kinds == ["duplicate", "bad_upn"]


def test_a_upn_is_held_to_its_check_letter_and_one_that_is_not_there_is_told_apart() -> None:
    drawn = right(register(FULL, FULL))
    upns = ["B" + drawn.pupils["upn"].iloc[0][1:], None]
    wrong = replace(drawn, pupils=drawn.pupils.assign(upn=pd_object(upns)))
    kinds = [one.kind for one in find(wrong, Facts(numbers=TWO_NUMBERS), FRIDAY)]
    assert kinds == ["bad_upn", "no_upn"]


def pd_object(values: list[str | None]) -> np.ndarray:
    return np.array(values, dtype=object)


@pytest.mark.parametrize(
    "numbers, kinds", [(0, ["no_contact"]), (1, ["one_contact"]), (2, []), (3, [])]
)
def test_two_people_to_ring_are_advised_and_none_is_against_guidance(
    numbers: int, kinds: list[str]
) -> None:
    assert [kind for kind, _ in found(register(FULL), Facts(numbers={1: numbers, 9: 1}))] == kinds


def test_a_leaver_is_not_asked_for_contacts() -> None:
    gone = days("/\\", "..")
    drawn = register(gone.replace("/\\ /\\", ".. ..", 1), FULL)
    drawn.on_roll[0, slot_of(2026, date(2026, 9, 8), Session.AM) :] = False
    drawn.marks[0, slot_of(2026, date(2026, 9, 8), Session.AM) :] = BLANK
    assert "no_contact" not in dict(found(drawn, Facts(numbers={2: 2})))


def test_spells_that_share_a_day_overlap_and_the_day_after_they_do_not() -> None:
    first = (1, date(2026, 9, 1), date(2026, 9, 10))
    assert found(register(FULL), Facts(spells=(first, (1, date(2026, 9, 10), None)))) == [
        ("overlap", 0)
    ]
    assert found(register(FULL), Facts(spells=(first, (1, date(2026, 9, 11), None)))) == []
    assert found(register(FULL), Facts(spells=((1, FRIDAY, MONDAY),))) == [("overlap", 0)]


def test_a_pupil_without_a_form_is_found_and_their_blanks_are_their_own() -> None:
    drawn = register(days("-\\"), FULL, FULL, forms=["", "9K", "9K"])
    assert found(drawn) == [("missing_marks", 1), ("no_form", 0)]


def test_what_changes_figures_comes_first_and_every_kind_says_all_it_should() -> None:
    assert [kind.weight for kind in KINDS] == sorted(kind.weight for kind in KINDS)
    assert {kind.weight for kind in KINDS} == set(Weight)
    for kind in KINDS:
        assert all((kind.title, kind.says, kind.why, kind.authority, kind.fix)), kind.name
    assert len({kind.name for kind in KINDS}) == len(KINDS)


def test_a_school_with_nobody_in_its_register_has_no_finding() -> None:
    nobody = register(FULL).only(np.array([False]))
    assert find(nobody, Facts(), FRIDAY) == []


def test_marks_of_a_pupil_who_is_on_no_roll_are_found_up_to_the_day() -> None:
    drawn = register(FULL)
    slots = tuple(slot_of(2026, day, Session.AM) for day in (MONDAY, date(2026, 9, 21)))
    stray = Stray(77, None, "Somebody Invented", "9K", slots, ("/", "N"))
    later = Stray(78, None, "Another Invented", "9K", slots[1:], ("N",))
    assert found(drawn, Facts(strays=(stray, later))) == [("off_roll", 1)]


def test_codes_that_only_the_school_knows_are_counted_as_the_import_said() -> None:
    (one,) = find(right(register(FULL)), Facts(numbers=TWO_NUMBERS, local_codes=3), FRIDAY)
    assert (one.kind, one.many) == ("local_code", 3)
