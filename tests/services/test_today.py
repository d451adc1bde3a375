from dataclasses import replace
from datetime import UTC, date, datetime

import pandas as pd
import pytest

from attendance.core.slots import Session
from attendance.core.today import Action
from attendance.errors import NotAllowed
from attendance.rules.roles import Role
from attendance.services.today import today_report
from attendance.store import particulars, pupils, schools
from attendance.store.engine import write
from attendance.store.particulars import Characteristic, Contact
from tests.build import person, register

# Monday 7 September 2026, and Tuesday: the pupils are Amina, Bram, Cleo, Dov and Esi.
MORNING = datetime(2026, 9, 8, 9, 12, tzinfo=UTC)
TUESDAY = date(2026, 9, 8)
LINES = (r"/\ N-", r"NN N-", r"NN /-", r"/\ I-", r"/\ L-")
HOMES = (7, 7, None, 7, None)


@pytest.fixture
def school(sqlite_engine):
    with write(sqlite_engine) as tx:
        made = schools.add_school(tx, "Invented Academy", "999001", "secondary", MORNING)
        new = [pupils.NewPupil(f"Surname{n}", f"Name{n}") for n in range(8)]
        assert pupils.add_pupils(tx, made, new) == list(range(1, 9))
    return sqlite_engine


def drawn(*lines, homes=HOMES, **world):
    found = register(*(lines or LINES), **world)
    households = pd.Series((*homes, *[None] * 8)[: len(found)], dtype="object")
    found.pupils["household"] = households
    return found


def tell(engine, *facts):
    with write(engine) as tx:
        particulars.add_characteristics(tx, 1, facts)


def ring(engine, *contacts):
    with write(engine) as tx:
        ids = sorted({each.pupil_id for each in contacts})
        particulars.replace_contacts(tx, 1, ids, contacts)


def contact(pupil_id, priority=1, **given):
    usual = {"name": "Zadie Testwick", "relationship": "Mother", "phone": "07700 900001"}
    return Contact(
        pupil_id, priority, parental_responsibility=True, lives_with=True, **usual | given
    )


def report_for(engine, role=Role.ATTENDANCE_OFFICER, *scope, register=None, now=MORNING):
    return today_report(engine, person(role, *scope), register or drawn(), now)


def test_the_counts_of_the_latest_session_add_up_to_those_expected(school):
    found = report_for(school)
    assert (found.day, found.session, found.is_today) == (TUESDAY, Session.AM, True)
    assert (found.expected, found.present, found.explained) == (5, 2, 1)
    assert (found.unaccounted, found.not_taken, found.late) == (2, 0, 1)
    parts = found.present + found.explained + found.unaccounted + found.not_taken
    assert found.expected == parts


def test_one_household_is_counted_once_and_each_pupil_without_one_alone(school):
    assert report_for(school).households == 1
    apart = drawn(homes=(None, None, 3, None, None))
    assert report_for(school, register=apart).households == 2


def test_each_waiting_pupil_says_who_of_the_household_is_absent_too(school):
    queue = report_for(school).queue
    assert [(row.name, row.siblings) for row in queue] == [
        ("Bram Sampleton", "Amina, 9K; Dov, 9K"), ("Amina Testwick", "Bram, 9K; Dov, 9K"),
    ]  # fmt: skip


def test_a_sibling_outside_the_persons_reach_is_not_named(school):
    forms = ["9K", "9K", "9K", "7B", "9K"]
    apart = drawn(year_groups=[9, 9, 9, 7, 9], forms=forms)
    queue = report_for(school, Role.PASTORAL_DHOY, "9", register=apart).queue
    assert [row.siblings for row in queue] == ["Amina, 9K", "Bram, 9K"]


def test_a_waiting_pupil_carries_days_code_and_when_they_were_last_in(school):
    bram, amina = report_for(school).queue
    assert (bram.days, bram.code, bram.last_in) == (2, "N", None)
    assert (amina.days, amina.last_in) == (1, (date(2026, 9, 7), Session.PM))


def test_a_pupil_without_a_mark_in_a_taken_register_is_waiting_without_a_code(school):
    found = report_for(school, register=drawn(r"/\ --", r"/\ /-", r"/\ /-", r"/\ /-"))
    assert [(row.name, row.code) for row in found.queue] == [("Amina Testwick", "")]


def test_three_days_in_a_row_ask_for_a_home_visit(school):
    lines = (r"NN NN N-", r"/\ /\ N-", r"/\ /\ /-")
    wednesday = datetime(2026, 9, 9, 9, 0, tzinfo=UTC)
    found = report_for(school, register=drawn(*lines, homes=(None,) * 3), now=wednesday)
    assert [(row.action, row.days) for row in found.queue] == [
        (Action.HOME_VISIT, 3), (Action.CALL, 1),
    ]  # fmt: skip


SOCIAL_WORKER = Characteristic(1, "social_worker", date(2026, 1, 1))


@pytest.mark.parametrize(
    "role, action, reason",
    [
        (Role.ATTENDANCE_OFFICER, Action.TELL_DSL, ""),
        (Role.ADMIN_STAFF, Action.TELL_DSL, ""),
        (Role.DSL, Action.TELL_DSL, "Social worker"),
        (Role.HEADTEACHER, Action.TELL_DSL, "Social worker"),
    ],
)
def test_the_prompt_to_tell_the_dsl_gives_its_reason_to_dsl_and_head_only(
    school, role, action, reason
):
    tell(school, SOCIAL_WORKER)
    first = report_for(school, role).queue[0]
    assert (first.name, first.action, first.reason) == ("Amina Testwick", action, reason)


def test_a_tutor_gets_the_prompt_for_their_own_form(school):
    tell(school, SOCIAL_WORKER)
    first = report_for(school, Role.TEACHER_FORM_TUTOR, "9K").queue[0]
    assert (first.action, first.reason) == (Action.TELL_DSL, "")


@pytest.mark.parametrize(
    "fact, is_told",
    [
        (Characteristic(1, "looked_after", date(2026, 9, 8)), True),
        (Characteristic(1, "looked_after", date(2026, 9, 9)), False),
        (Characteristic(1, "social_worker", date(2026, 1, 1), TUESDAY), True),
        (Characteristic(1, "social_worker", date(2026, 1, 1), date(2026, 9, 7)), False),
        (Characteristic(1, "fsm", date(2026, 1, 1)), False),
    ],
)
def test_the_dsl_is_told_only_while_it_is_true(school, fact, is_told):
    tell(school, fact)
    actions = {row.pupil_id: row.action for row in report_for(school).queue}
    assert (actions[1] == Action.TELL_DSL) is is_told


def test_both_reasons_are_shown_where_both_are_true(school):
    tell(school, SOCIAL_WORKER, Characteristic(1, "looked_after", date(2026, 2, 1)))
    assert report_for(school, Role.DSL).queue[0].reason == "Social worker, Looked after"


def test_the_first_contact_with_a_number_is_the_one_to_ring(school):
    ring(school, contact(1, 1, phone=""), contact(1, 2, name="Yusuf Testwick", relationship=""))
    amina = report_for(school).queue[1]
    assert (amina.contact, amina.phone) == ("Yusuf Testwick", "07700 900001")


def test_somebody_not_to_be_contacted_is_never_offered_and_the_note_is_shown(school):
    barred = contact(1, 1, note="Do NOT contact: court order.")
    ring(school, barred, contact(1, 2, name="Yusuf Testwick", relationship="Father"))
    amina = report_for(school).queue[1]
    assert amina.contact == "Yusuf Testwick, father"
    assert amina.notes == ("Zadie Testwick, mother: Do NOT contact: court order.",)


def test_when_nobody_may_be_contacted_there_is_no_number_at_all(school):
    ring(school, contact(1, note="Do not contact: court order."))
    amina = report_for(school).queue[1]
    assert (amina.contact, amina.phone) == ("", "")
    assert len(amina.notes) == 1


def test_a_note_about_the_one_to_ring_is_shown_and_others_notes_are_not(school):
    ring(
        school, contact(1, 1, note="Text first."),
        contact(1, 2, name="Yusuf Testwick", note="Works nights."),
    )  # fmt: skip
    assert report_for(school).queue[1].notes == ("Zadie Testwick, mother: Text first.",)


def test_a_tutor_sees_no_contact_and_no_note(school):
    ring(school, contact(1, note="Do not contact: court order."), contact(1, 2))
    found = report_for(school, Role.TEACHER_FORM_TUTOR, "9K")
    assert not found.sees_contacts
    assert {(row.contact, row.phone, row.notes) for row in found.queue} == {("", "", ())}


def test_an_administrator_sees_names_and_numbers_and_nothing_of_the_record(school):
    ring(school, contact(1))
    lines = (r"NN NN N-", r"/\ /\ /-")
    wednesday = datetime(2026, 9, 9, 9, 0, tzinfo=UTC)
    three = drawn(*lines, homes=(None, None))
    found = report_for(school, Role.ADMIN_STAFF, register=three, now=wednesday)
    (row,) = found.queue
    assert (row.phone, row.days, row.last_in) == ("07700 900001", None, None)
    assert row.action == Action.CALL
    assert found.reasons is None


def test_a_head_of_year_counts_their_own_year_and_says_so(school):
    apart = drawn(year_groups=[9, 9, 7, 9, 7], forms=["9K", "9K", "7B", "9K", "7B"])
    found = report_for(school, Role.PASTORAL_DHOY, "9", register=apart)
    assert (found.who, found.expected) == ("Year 9", 3)


def test_a_visiting_officer_without_a_referral_sees_nobody(school):
    found = report_for(school, Role.EWO_VISITOR)
    assert (found.expected, found.queue) == (0, ())


def test_one_referred_pupil_without_a_mark_is_waiting_because_the_form_was_taken(school):
    half = drawn(r"/\ --", r"/\ /-", r"/\ /-")
    visitor = replace(person(Role.EWO_VISITOR), referred=frozenset({1}))
    found = today_report(school, visitor, half, MORNING)
    assert (found.who, found.expected) == ("those referred to you", 1)
    assert (found.unaccounted, found.not_taken) == (1, 0)


@pytest.mark.parametrize("role", [Role.GOVERNOR, Role.SYSTEM_ADMIN])
def test_a_governor_and_a_system_administrator_are_refused(school, role):
    with pytest.raises(NotAllowed):
        report_for(school, role)


def test_missing_registers_stand_in_the_order_of_year_and_form(school):
    forms = ["10A", "9K", "9K", "7B", "7B"]
    lines = (r"/\ --", r"/\ /-", r"/\ /-", r"/\ --", r"/\ --")
    apart = drawn(*lines, year_groups=[10, 9, 9, 7, 7], forms=forms)
    found = report_for(school, register=apart)
    assert (found.missing, found.not_taken) == ((("7B", 2), ("10A", 1)), 3)


def test_a_tutor_learns_that_the_whole_forms_register_is_missing(school):
    half = drawn(r"/\ --", r"/\ --", r"/\ --", r"/\ /-", forms=["9K"] * 3 + ["9L"])
    found = report_for(school, Role.TEACHER_FORM_TUTOR, "9K", register=half)
    assert (found.not_taken, found.unaccounted) == (3, 0)


def test_before_todays_register_the_latest_one_is_shown_as_what_it_is(school):
    found = report_for(school, register=drawn(r"/\ --", r"NN --"))
    assert (found.day, found.session) == (date(2026, 9, 7), Session.PM)
    assert (found.is_today, found.is_school_day) == (False, True)


def test_on_a_day_without_school_the_next_school_day_is_named(school):
    saturday = datetime(2026, 9, 5, 9, 0, tzinfo=UTC)
    last_week = drawn(r"/\ ", first_day=date(2026, 9, 4), to_come=2)
    found = report_for(school, register=last_week, now=saturday)
    assert (found.is_school_day, found.opens_next) == (False, date(2026, 9, 7))


def test_in_the_holidays_the_next_school_day_comes_from_the_new_years_calendar(school):
    june = drawn(r"/\ ", first_day=date(2026, 7, 20))
    autumn = drawn(r"/\ ").calendar
    august = datetime(2026, 8, 20, 9, 0, tzinfo=UTC)
    found = today_report(school, person(), june, august, autumn)
    assert (found.day, found.opens_next) == (date(2026, 7, 20), date(2026, 9, 7))


def test_without_any_register_there_is_no_report(school):
    assert report_for(school, register=drawn("--", "--")) is None


def test_reasons_to_be_found_are_counted_by_the_day_on_which_they_are_due(school):
    # Monday's N is due on the Monday after, Tuesday's on the Tuesday after.
    lines = (r"N\ NN /\ /\ /\ /\ /\ /\ ", r"/\ /\ /\ NN /\ /\ N\ NN")
    monday = datetime(2026, 9, 15, 16, 0, tzinfo=UTC)
    later = drawn(*lines, homes=(None, None), to_come=10)
    reasons = report_for(school, register=later, now=datetime(2026, 9, 16, 16, tzinfo=UTC)).reasons
    assert (reasons.overdue, reasons.due_today, reasons.later) == (3, 0, 4)
    reasons = report_for(school, register=later, now=monday).reasons
    assert (reasons.overdue, reasons.due_today, reasons.later) == (1, 2, 3)
    assert reasons.pupils.to_dict("list") == {
        "pupil_id": [1, 2], "name": ["Amina Testwick", "Bram Sampleton"], "form": ["9K", "9K"],
        "sessions": [3, 3], "first_day": [date(2026, 9, 7), date(2026, 9, 10)],
        "due": [date(2026, 9, 14), date(2026, 9, 17)],
    }  # fmt: skip


def test_the_session_on_screen_is_not_among_the_earlier_ones(school):
    assert report_for(school, register=drawn(r"/\ N-", r"/\ /-")).reasons.later == 0
