"""Groups of pupils by what is recorded of them, for those who may know it."""

from datetime import date

import pytest

from attendance.core.cohort_facts import Facts
from attendance.core.cohorts import NAMES, Cohort, UnknownCohort
from attendance.errors import NotAllowed
from attendance.rules.roles import Role
from attendance.services.cohorts import (
    SOCIAL_CARE,
    SUPPORT_NEEDS,
    cohort_choices,
    cohort_names_for,
    cohort_register,
    cohorts_for,
    pupils_in,
)
from attendance.services.figures import figures
from attendance.store import particulars, pupils
from attendance.store.engine import write
from attendance.store.particulars import Characteristic
from attendance.store.pupils import Placement
from tests.build import person, register
from tests.services.school import AMINA, BRAM, FIRST, MONDAY, NOW, TUESDAY
from tests.services.school import school as drawn_school
from tests.store.build import school

PLAIN = {"year", "form", "sex", "new", "age"}
SOCIAL = {"looked_after", "social_worker", "yot_worker"}

DAY = date(2026, 11, 24)


@pytest.mark.parametrize(
    "role, kinds",
    [
        (Role.ATTENDANCE_OFFICER, set(SUPPORT_NEEDS)),
        (Role.PASTORAL_DHOY, set(SUPPORT_NEEDS)),
        (Role.DSL, {*SUPPORT_NEEDS, *SOCIAL_CARE}),
        (Role.HEADTEACHER, {*SUPPORT_NEEDS, *SOCIAL_CARE}),
        (Role.TEACHER_FORM_TUTOR, {"sen_support", "ehcp"}),
        (Role.ADMIN_STAFF, set()),
        (Role.GOVERNOR, set()),
        (Role.EWO_VISITOR, set()),
        (Role.SYSTEM_ADMIN, set()),
    ],
)
def test_each_role_filters_by_what_it_may_know(role, kinds):
    assert set(cohorts_for(person(role, "9"))) == kinds


def test_every_kind_the_store_keeps_has_its_words_or_is_about_the_timetable():
    worded = {*SUPPORT_NEEDS, *SOCIAL_CARE}
    others = {"part_time_timetable", "dual_registered", "ethnicity"}
    assert set(particulars.KINDS) - worded == others


def test_every_kind_the_store_keeps_can_be_a_cohort():
    assert set(particulars.KINDS) - set(NAMES) == {"sen_support"}  # sen=support


@pytest.mark.parametrize(
    "role, names",
    [
        (Role.ATTENDANCE_OFFICER, set(NAMES) - SOCIAL),
        (Role.PASTORAL_DHOY, set(NAMES) - SOCIAL),
        (Role.DSL, set(NAMES)),
        (Role.HEADTEACHER, set(NAMES)),
        (Role.TEACHER_FORM_TUTOR, {*PLAIN, "sen", "ehcp"}),
        (Role.GOVERNOR, PLAIN),
    ],
)
def test_each_role_asks_figures_for_what_it_may_know(role, names):
    assert set(cohort_names_for(person(role, "9"))) == names


def test_a_cohort_that_a_role_may_not_know_of_is_refused():
    drawn = register(r"/\ ")
    tutor = person(Role.TEACHER_FORM_TUTOR, "9K")
    with pytest.raises(NotAllowed, match="Free school meals is not something"):
        cohort_register(tutor, drawn, [Cohort("fsm", "yes")], Facts())
    assert len(cohort_register(tutor, drawn, [Cohort("sex", "F")], Facts())) == 1


def test_a_choice_of_one_is_no_choice():
    drawn = register(r"/\ ", r"/\ ", forms=["9K", "9L"])
    offered = cohort_choices(person(Role.TEACHER_FORM_TUTOR, "9K"), [drawn], Facts())
    assert "year" not in offered
    assert offered["form"] == ("9K", "9L")


def test_figures_of_a_cohort_follow_what_the_store_keeps_by_date(engine):
    school_id = drawn_school(engine)
    with write(engine) as tx:
        particulars.add_characteristics(
            tx,
            school_id,
            [
                Characteristic(AMINA, "fsm", TUESDAY),
                Characteristic(BRAM, "fsm", FIRST, MONDAY),
                Characteristic(AMINA, "ethnicity", FIRST, None, "WBRI"),
            ],
        )
        pupils.save_placements(tx, school_id, [Placement(BRAM, TUESDAY, 9, "9L")])

    def possible(*cohorts, by="school"):
        report = figures(engine, school_id, by=by, now=NOW, cohorts=cohorts)
        assert [f"{each.name}={each.value}" for each in report.cohorts] == list(cohorts)
        return {row["key"]: row["possible_sessions"] for row in report.rows}

    # Amina has a mark on Monday and one on Tuesday, the others one on Tuesday.
    assert possible() == {"school": 5}
    assert possible("fsm=yes") == {"school": 1}
    assert possible("fsm=no") == {"school": 4}
    assert possible("form=9L", by="form") == {"9L": 2}
    assert possible("form=9K", "ethnicity=WBRI") == {"school": 2}
    with pytest.raises(UnknownCohort, match="It can be WBRI"):
        possible("ethnicity=BAFR")


def test_a_group_is_who_is_in_it_on_the_day_and_hidden_from_who_may_not_know(sqlite_engine):
    school_id, (one, two, three) = school(sqlite_engine)
    with write(sqlite_engine) as tx:
        particulars.add_characteristics(
            tx,
            school_id,
            [
                Characteristic(one, "looked_after", date(2026, 9, 1)),
                Characteristic(two, "looked_after", date(2026, 9, 1), date(2026, 11, 23)),
                Characteristic(three, "looked_after", date(2026, 11, 25)),
            ],
        )
    dsl = person(Role.DSL, school_id=school_id)
    officer = person(Role.ATTENDANCE_OFFICER, school_id=school_id)
    assert pupils_in(sqlite_engine, dsl, "looked_after", DAY) == {one}
    assert pupils_in(sqlite_engine, officer, "looked_after", DAY) == frozenset()
