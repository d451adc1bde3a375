"""Groups of pupils by what is recorded of them, for those who may know it."""

from datetime import date

import pytest

from attendance.rules.roles import Role
from attendance.services.cohorts import SOCIAL_CARE, SUPPORT_NEEDS, cohorts_for, pupils_in
from attendance.store import particulars
from attendance.store.engine import write
from attendance.store.particulars import Characteristic
from tests.build import person
from tests.store.build import school

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
    assert set(particulars.KINDS) - worded == {"part_time_timetable", "dual_registered"}


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
