"""A pupil's record: what each role may see of it, and that opening it is logged."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from attendance.core.amendments import MarkChange
from attendance.core.pupil_facts import starts_by_weekday
from attendance.errors import NotAllowed, NotFound
from attendance.rules.roles import Role
from attendance.services import pupils, search
from attendance.services.registers import amend_marks
from attendance.services.weeks import NO_SUCH_PUPIL
from attendance.store import events
from attendance.store import pupils as store_pupils
from attendance.store.engine import read, write
from attendance.store.pupils import Enrolment
from tests.services.school import (
    AM,
    AMINA,
    BRAM,
    CLEO,
    FIRST,
    MONDAY,
    NOW,
    PM,
    SCRIPT,
    TUESDAY,
    mark,
    person,
    registers_of,
    school,
)

DEPUTY = person(Role.PASTORAL_DHOY, "9")


@pytest.fixture
def engine(sqlite_engine):
    school(sqlite_engine)
    return sqlite_engine


def record_of(engine, pupil_id=AMINA, who=None):
    who = who or person()
    register, last_year = registers_of(engine)
    row = search.row_for(who, register, pupil_id=pupil_id)
    starts = starts_by_weekday(register, register.latest)
    return pupils.pupil_record(engine, who, register, last_year, row, starts, NOW)


def found(engine, text, who=None):
    register, _ = registers_of(engine)
    return [one.pupil_id for one in search.search(who or person(), register, text, TUESDAY)]


@pytest.mark.parametrize(
    "text, ids",
    [
        ("testwick", [CLEO, AMINA]),
        ("mina", [AMINA]),
        ("amina", [AMINA]),
        ("9K", [BRAM, AMINA]),
        ("9k mina", [AMINA]),
        ("cleo", [CLEO]),
        ("A999000000002", [BRAM]),
        ("004711", [BRAM]),
        ("<script>", [SCRIPT]),
        ("=HYPER", [SCRIPT]),
        (".*", []),
        ("nobody", []),
        ("  ", []),
    ],
)
def test_a_pupil_is_found_by_name_form_upn_or_admission_number(engine, text, ids):
    assert found(engine, text) == ids


def test_nobody_out_of_reach_is_found(engine):
    assert found(engine, "testwick", DEPUTY) == [AMINA]
    assert found(engine, "testwick", person(Role.EWO_VISITOR)) == []
    assert found(engine, "testwick", replace(person(Role.EWO_VISITOR), referred={CLEO})) == [CLEO]


@pytest.mark.parametrize("role", [Role.GOVERNOR, Role.ADMIN_STAFF, Role.SYSTEM_ADMIN])
def test_roles_without_pupil_records_search_for_nobody(engine, role):
    with pytest.raises(NotAllowed):
        found(engine, "testwick", person(role))


@pytest.mark.parametrize("pupil_id", [CLEO, 999])
def test_a_pupil_out_of_reach_is_answered_like_one_who_does_not_exist(engine, pupil_id):
    with pytest.raises(NotFound) as refused:
        record_of(engine, pupil_id, DEPUTY)
    assert str(refused.value) == NO_SUCH_PUPIL


def test_a_pupil_is_found_by_upn_and_nobody_by_none(engine):
    register, _ = registers_of(engine)
    assert register.pupils["pupil_id"][search.row_for(person(), register, upn="A999000000002")] == 2
    for upn in ("", None, "A999000000099"):
        with pytest.raises(NotFound):
            search.row_for(person(), register, upn=upn)


def test_the_record_says_first_what_was_missed(engine):
    record = record_of(engine)
    assert record.headline.startswith(
        "Missed 1 of 2 sessions (0.5 day) to the morning of 24 November."
    )
    assert record.caution.startswith("Only 2 sessions possible so far")
    assert record.reasons["code"].tolist() == ["N"]
    assert record.weekdays["count"].tolist() == [1, 0, 0, 0, 0]


def test_the_pupil_is_called_by_the_preferred_name_and_the_legal_one_is_kept_beside(engine):
    one = record_of(engine).identity
    assert (one.name, one.first_name, one.legal_name) == ("Mina Testwick", "Mina", "Amina Testwick")
    assert (one.age, one.form, one.year_group) == (13, "9K", 9)
    assert record_of(engine, BRAM).identity.legal_name == ""
    assert record_of(engine, BRAM).identity.age is None


def test_a_sibling_is_shown_to_those_who_may_open_that_record_too(engine):
    (sister,) = record_of(engine).identity.siblings
    assert (sister.relation, sister.first_name, sister.form) == ("sister", "Cléo", "10A")
    assert record_of(engine, who=DEPUTY).identity.siblings == ()


@pytest.mark.parametrize(
    "who, words",
    [
        (person(), "Tell the DSL of any absence"),
        (DEPUTY, "Tell the DSL of any absence"),
        (person(Role.TEACHER_FORM_TUTOR, "9K"), "Tell the DSL of any absence"),
        (person(Role.DSL), "Has a social worker"),
        (person(Role.HEADTEACHER), "Has a social worker"),
    ],
)
def test_why_to_tell_the_dsl_is_for_the_dsl_and_the_head(engine, who, words):
    badges = [badge.words for badge in record_of(engine, who=who).identity.badges]
    assert badges == [words]


def test_an_absence_today_without_a_reason_is_told_today(engine):
    mark(engine, AMINA, TUESDAY, PM, "N")
    badges = [badge.words for badge in record_of(engine).identity.badges]
    assert badges == ["Tell the DSL today", "No reason yet this afternoon"]


def test_an_absence_that_is_explained_is_told_today_too(engine):
    mark(engine, AMINA, TUESDAY, PM, "I")
    badges = [badge.words for badge in record_of(engine).identity.badges]
    assert badges == ["Tell the DSL today"]


def test_contacts_are_for_those_whom_the_table_lets_see_them(engine):
    assert [one.name for one in record_of(engine).contacts] == ["Zora Testwick"]
    assert record_of(engine, who=person(Role.TEACHER_FORM_TUTOR, "9K")).contacts is None


def test_amendments_stand_newest_first_and_first_marks_are_none(engine):
    assert record_of(engine).amendments == ()
    register, _ = registers_of(engine)
    for was, code in (("N", "O"), ("O", "I")):
        change = MarkChange(AMINA, MONDAY, AM, was, code)
        amend_marks(engine, person(), register, [change], f"To {code}", NOW)
    record = record_of(engine)
    assert [entry.amended for entry in record.amendments] == ["I", "O"]
    cells = record.strip.cells
    assert cells[cells["amended"]]["amended_text"].tolist() == [
        "N → O → I, Pat Invented, Attendance officer"
    ]


def test_a_visitor_sees_only_the_record_that_was_referred(engine):
    visitor = replace(person(Role.EWO_VISITOR), referred=frozenset({AMINA}))
    record = record_of(engine, who=visitor)
    assert record.contacts and record.identity.badges == ()
    with pytest.raises(NotFound):
        record_of(engine, BRAM, visitor)


def test_a_pupil_without_a_mark_has_a_page_too(engine):
    register, last_year = registers_of(engine)
    blank = replace(register, marks=np.full_like(register.marks, ord("-")), latest=-1)
    record = pupils.pupil_record(
        engine, person(), blank, last_year, 1, np.zeros(5, dtype=np.int64), NOW
    )
    assert record.headline.startswith("No session has been possible")
    assert record.reasons.empty


@pytest.mark.parametrize("last_day, has_left", [(MONDAY, True), (TUESDAY, False)])
def test_a_pupil_has_left_from_the_day_after_the_last_one_on_roll(engine, last_day, has_left):
    with write(engine) as tx:
        spells = [Enrolment(BRAM, FIRST, last_day)]
        store_pupils.replace_enrolments(tx, 1, [BRAM], spells)
    mark(engine, BRAM, MONDAY, AM, "I")
    record = record_of(engine, BRAM)
    assert ("before leaving on 23 November 2026" in record.headline) is has_left
    assert (record.identity.left_on == last_day) is has_left
    register, _ = registers_of(engine)
    (one,) = search.search(person(), register, "bram", TUESDAY)
    assert one.is_on_roll is not has_left


def test_the_weekly_line_of_a_pupil_who_left_weeks_ago_speaks_of_the_weeks_on_the_register(
    engine, monkeypatch
):
    recent = {"recent_possible": 0, "before_possible": 20, "before_missed": 2}
    monkeypatch.setattr(pupils, "recent_weeks", lambda *_: pd.DataFrame([recent]))
    this, _ = record_of(engine, BRAM).weeks_title
    assert this == "90.0\N{NARROW NO-BREAK SPACE}% over the weeks on the register"


def test_opening_a_record_is_written_in_the_log(engine):
    pupils.log_view(engine, DEPUTY, AMINA, NOW)
    with read(engine) as tx:
        (seen,) = events.list_events(tx, 1, kinds=["view_pupil"])
    assert (seen.username, seen.name, list(seen.subjects)) == ("pat", "Pat Invented", [AMINA])


def test_a_record_of_this_year_is_drawn_beside_last_years(engine):
    register, _ = registers_of(engine)
    record = pupils.pupil_record(
        engine, person(), register, register, 0, np.ones(5, dtype=np.int64), NOW
    )
    assert record.weeks_title[1].startswith("Last year, mean of 3 weeks: 50.0")
    assert (TUESDAY - record.strip.first_day).days // 7 == record.strip.today_week
