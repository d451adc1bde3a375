"""Weeks of the register and one mark of them, as each role may see them."""

from datetime import UTC, date, datetime

import pytest

from attendance.core.amendments import MarkChange
from attendance.core.drafts import Cell, Draft
from attendance.core.slots import slot_of
from attendance.errors import NotAllowed, NotFound
from attendance.rules.roles import Role
from attendance.services import marks, weeks
from attendance.services.registers import amend_marks
from tests.services.school import (
    AM,
    AMINA,
    BRAM,
    CLEO,
    MONDAY,
    NOW,
    PM,
    TUESDAY,
    person,
    registers_of,
    school,
)

SLOT = slot_of(2026, MONDAY, AM)


@pytest.fixture
def engine(sqlite_engine):
    """These read what the store's own tests hold on both databases."""
    school(sqlite_engine)
    return sqlite_engine


def form_week(engine, who=None, form="9K", now=NOW):
    register, _ = registers_of(engine)
    return weeks.group_week(engine, who or person(), register, form=form, monday=MONDAY, now=now)


def mark_of(engine, who=None, pupil_id=AMINA, slot=SLOT):
    register, _ = registers_of(engine)
    return marks.mark(engine, who or person(), register, pupil_id, slot, NOW)


def test_a_form_is_listed_by_surname_under_the_names_pupils_go_by(engine):
    week = form_week(engine)
    assert week.names == ("Bram Sampleton", "Mina Testwick")
    assert week.sentence.startswith("9K has 2 on roll. One pupil has no reason yet.")


def test_a_whole_year_group_is_open_to_the_officer(engine):
    register, _ = registers_of(engine)
    week = weeks.group_week(engine, person(), register, year_group=9, monday=MONDAY, now=NOW)
    assert len(week.grid) == 3 and week.of_whom == "Year 9"


def test_a_first_mark_is_no_amendment_and_a_changed_one_is(engine):
    register, _ = registers_of(engine)
    assert not form_week(engine).amended.any()
    amend_marks(
        engine, person(), register, [MarkChange(AMINA, MONDAY, AM, "N", "I")], "Telephoned", NOW
    )
    assert form_week(engine).amended.tolist()[1][:2] == [True, False]
    assert not form_week(engine, person(Role.ADMIN_STAFF)).amended.any()


@pytest.mark.parametrize(
    "who, forms",
    [
        (person(), {"9K": 9, "9L": 9, "10A": 10}),
        (person(Role.PASTORAL_DHOY, "10"), {"10A": 10}),
        (person(Role.TEACHER_FORM_TUTOR, "9L"), {"9L": 9}),
        (person(Role.ADMIN_STAFF), {"9K": 9, "9L": 9, "10A": 10}),
        (person(Role.EWO_VISITOR), {}),
    ],
)
def test_each_role_opens_the_forms_it_reaches(engine, who, forms):
    register, _ = registers_of(engine)
    assert weeks.forms_shown(who, register) == forms


def test_a_governor_opens_no_register(engine):
    register, _ = registers_of(engine)
    with pytest.raises(NotAllowed):
        weeks.forms_shown(person(Role.GOVERNOR), register)


def test_a_form_out_of_reach_has_nobody_in_it(engine):
    assert form_week(engine, person(Role.PASTORAL_DHOY, "10")).is_empty


def test_one_pupils_half_term_is_a_row_a_week(engine):
    register, _ = registers_of(engine)
    week = weeks.pupil_weeks(engine, person(), register, AMINA, MONDAY, NOW)
    assert week.names == (
        "2 Nov", "9 Nov", "16 Nov", "23 Nov", "30 Nov", "7 Dec", "14 Dec",
    )  # fmt: skip
    assert week.sentence.startswith("Mina Testwick missed 1 of 2 sessions")


@pytest.mark.parametrize("pupil_id", [CLEO, 999])
def test_a_pupil_out_of_reach_is_answered_like_one_who_does_not_exist(engine, pupil_id):
    register, _ = registers_of(engine)
    who = person(Role.PASTORAL_DHOY, "9")
    with pytest.raises(NotFound, match="^" + weeks.NO_SUCH_PUPIL.replace(".", r"\.")):
        weeks.pupil_weeks(engine, who, register, pupil_id, MONDAY, NOW)
    with pytest.raises(NotFound, match="^" + weeks.NO_SUCH_PUPIL.replace(".", r"\.")):
        marks.mark(engine, who, register, pupil_id, SLOT, NOW)


def test_an_administrator_takes_registers_and_opens_no_pupils_record(engine):
    register, _ = registers_of(engine)
    who = person(Role.ADMIN_STAFF)
    assert weeks.pupils_of(who, register, form="9K") == {}
    assert mark_of(engine, who).history is None
    with pytest.raises(NotFound):
        weeks.pupil_weeks(engine, who, register, AMINA, MONDAY, NOW)


@pytest.mark.parametrize("hour, frontier", [(8, "unmarked"), (11, "unmarked"), (13, "unmarked")])
def test_this_afternoon_is_to_come_until_noon(engine, hour, frontier):
    now = datetime(2026, 11, 24, hour, tzinfo=UTC)
    states = form_week(engine, now=now).grid.states[0]
    assert states[1] == frontier
    assert states[3] == ("to_come" if hour < 12 else "unmarked")


@pytest.mark.parametrize(
    "now, monday",
    [
        (NOW, MONDAY),
        (datetime(2026, 11, 28, 9, tzinfo=UTC), MONDAY),
        (datetime(2026, 12, 22, 9, tzinfo=UTC), MONDAY),
    ],
)
def test_the_register_opens_at_this_week_or_in_a_holiday_at_the_last_one_marked(
    engine, now, monday
):
    register, _ = registers_of(engine)
    assert weeks.usual_week(register, now) == monday


def test_at_a_weekend_no_session_of_the_week_is_to_come(engine):
    now = datetime(2026, 11, 28, 9, tzinfo=UTC)
    assert "to_come" not in form_week(engine, now=now).grid.states


def test_a_mark_is_told_in_words_with_what_it_may_become(engine):
    report = mark_of(engine)
    assert (report.code, report.meaning) == ("N", "Reason for absence not yet established")
    assert "I" in report.choices and "N" not in report.choices
    assert "\\" not in report.choices and "#" not in report.choices and "H" not in report.choices
    assert [entry.amended for entry in report.history] == ["N"]


def test_a_tutor_is_offered_the_four_marks_of_a_register_for_an_empty_session_only(engine):
    tutor = person(Role.TEACHER_FORM_TUTOR, "9K")
    empty = mark_of(engine, tutor, BRAM, slot_of(2026, TUESDAY, PM))
    assert set(empty.choices) == {"\\", "L", "N"}
    marked = mark_of(engine, tutor)
    assert not marked.choices and "Your role does not allow this" in marked.why_not


def test_the_head_reads_a_history_and_changes_nothing(engine):
    report = mark_of(engine, person(Role.HEADTEACHER))
    assert report.history and not report.choices


def test_a_change_is_offered_for_the_session_the_day_and_the_spell(engine):
    register, _ = registers_of(engine)
    amend_marks(
        engine, person(), register, [MarkChange(AMINA, MONDAY, PM, "-", "N")], "Register", NOW
    )
    words = [span.words for span in mark_of(engine).spans]
    assert words == ["This session", "This day", "The spell, 2 sessions"]


def test_a_proposal_changes_what_it_says_and_checks_all_of_it(engine):
    register, _ = registers_of(engine)
    slots = mark_of(engine).spans[1].slots
    changes = marks.proposed(person(), register, AMINA, slots, "I", NOW)
    assert [(c.session, c.expected, c.code) for c in changes] == [(AM, "N", "I"), (PM, "-", "I")]
    with pytest.raises(NotAllowed):
        marks.proposed(person(Role.HEADTEACHER), register, AMINA, slots, "I", NOW)
    with pytest.raises(NotFound):
        marks.proposed(person(), register, 999, slots, "I", NOW)


def test_what_was_typed_is_parted_into_changes_and_sentences(engine):
    register, _ = registers_of(engine)
    typed = {
        Cell(2026, AMINA, SLOT): Draft("N", "i"),
        Cell(2026, BRAM, SLOT): Draft("-", "Ill"),
        Cell(2026, BRAM, slot_of(2026, TUESDAY, AM)): Draft("/", ""),
        Cell(2025, BRAM, 1): Draft("-", "N"),
    }
    changes, problems = marks.check_typed(person(), register, typed, NOW)
    assert changes == [MarkChange(AMINA, MONDAY, AM, "N", "I")]
    assert [says.split(":")[0] for says in problems.values()] == [
        "‘ILL’ is not an attendance code",
        "A mark is amended to another code and never taken away.",
    ]


def test_a_person_who_was_second_is_told_who_was_first(engine):
    register, _ = registers_of(engine)
    change = MarkChange(AMINA, MONDAY, AM, "N", "I")
    amend_marks(engine, person(name="Sunita Lantern"), register, [change], "Telephoned", NOW)
    lost = marks.change_of(Cell(2026, AMINA, SLOT), Draft("N", "o"))
    assert "Sunita Lantern" in marks.who_was_first(engine, person(), [lost])


def test_dates_of_another_school_year_have_their_own_register(engine):
    _, last_year = registers_of(engine)
    assert weeks.group_week(
        engine, person(), last_year, form="9K", monday=date(2025, 11, 24), now=NOW
    ).is_empty
