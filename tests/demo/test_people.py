import re
from datetime import date

import pandas as pd
import pytest

from attendance.demo.people import CHECK_LETTERS, upn
from attendance.rules.roles import Role
from tests.demo.measure import TODAY, demo, year_groups

WEIGHTS = range(2, 14)
DRAMA = re.compile(r"07700 900\d{3}|01632 960\d{3}")


def on_roll(school, day):
    spells = school.enrolments
    last = pd.to_datetime(spells["last_day"].fillna(date(2100, 1, 1)))
    now = (pd.to_datetime(spells["first_day"]) <= pd.Timestamp(day)) & (pd.Timestamp(day) <= last)
    return spells.loc[now, "row"]


def test_1200_pupils_are_on_roll_and_the_leavers_come_on_top():
    school = demo()
    assert abs(len(on_roll(school, TODAY)) - 1200) <= 12
    assert len(school.pupils) > 1350


def test_every_upn_is_different_has_the_right_check_letter_and_an_unallocated_authority():
    upns = demo().pupils["upn"]
    assert upns.is_unique
    for number in upns:
        assert re.fullmatch(r"[A-HJ-NP-RT-Z]999\d{9}", number)
        total = sum(int(d) * w for d, w in zip(number[1:], WEIGHTS, strict=True))
        assert CHECK_LETTERS[total % 23] == number[0]


def test_the_check_letter_agrees_with_a_known_upn():
    assert upn(4999, 19, 101) == "Z999499919101"


def test_nobody_can_be_rung_or_written_to_by_mistake():
    contacts = demo().contacts
    assert all(DRAMA.fullmatch(phone) for phone in contacts["phone"])
    assert all(email == "" or email.endswith(".invalid") for email in contacts["email"])
    assert all(address == "" or address.endswith("ZZ99 9ZZ") for address in contacts["address"])


def test_every_pupil_has_one_to_three_contacts_and_the_first_can_be_rung():
    contacts = demo().contacts
    assert contacts.groupby("row").size().reindex(range(len(demo().pupils))).between(1, 3).all()
    assert (contacts["note"].str.startswith("Do not contact")).any()


def test_brothers_and_sisters_share_surname_and_contacts():
    pupils, contacts = demo().pupils, demo().contacts
    family = pupils.groupby("household").filter(lambda home: len(home) > 1)
    assert 0.28 < len(family) / len(pupils) < 0.42
    assert (family.groupby("household")["surname"].nunique() == 1).all()
    assert (family.groupby("household")["forename"].nunique() > 1).all()
    phones = contacts.groupby("row")["phone"].agg(tuple)
    shared = phones.loc[family.index].groupby(family["household"].to_numpy()).nunique()
    assert (shared == 1).all()


def test_birth_dates_are_right_for_the_year_group():
    school = demo()
    groups = year_groups(school, 2026)
    for row, born in school.pupils["birth_date"].items():
        if groups[row]:
            start = date(2026 - int(groups[row]) - 5, 9, 1)
            assert start <= born < date(start.year + 1, 9, 1)


def test_there_is_somebody_of_every_role_with_a_position_and_a_name():
    staff = demo().staff
    assert {person.role for person in staff} == set(Role)
    assert len({person.username for person in staff}) == len(staff)
    assert all(person.name and person.position for person in staff)


def test_the_deputy_of_year_9_and_the_tutor_have_their_scopes():
    school = demo()
    by_name = {person.username: person for person in school.staff}
    assert by_name["pastoral9"].scope == "9"
    assert by_name["tutor"].scope in set(school.placements["form"])


@pytest.mark.parametrize(
    ("kind", "low", "high"),
    [("fsm", 0.21, 0.31), ("sen_support", 0.10, 0.16), ("ehcp", 0.025, 0.055), ("eal", 0.14, 0.22),
     ("social_worker", 0.015, 0.045), ("young_carer", 0.015, 0.025)],
)  # fmt: skip
def test_characteristics_are_as_common_as_nationally(kind, low, high):
    school = demo()
    share = (school.characteristics["kind"] == kind).sum() / len(school.pupils)
    assert low < share < high


def test_a_few_pupils_have_part_time_timetables_and_dual_registration_with_dates():
    kinds = demo().characteristics.groupby("kind")
    timetables = kinds.get_group("part_time_timetable")
    assert 3 <= len(timetables) <= 10
    assert timetables["last_day"].notna().all()
    assert 3 <= len(kinds.get_group("dual_registered")) <= 5


def test_one_pupil_left_and_came_back():
    spells = demo().enrolments.groupby("row").size()
    assert (spells == 2).sum() == 1


def test_each_pupil_moves_up_a_year_group_every_september():
    school = demo()
    places = school.placements.sort_values(["row", "first_day"])
    step = places.groupby("row")["year_group"].diff().dropna()
    assert set(step) <= {0, 1}
    assert (step == 1).sum() > 3000


def test_some_pupils_changed_form_within_a_year():
    places = demo().placements.sort_values(["row", "first_day"])
    same_year = places.groupby(["row", "year_group"])["form"].nunique()
    assert 1 <= (same_year > 1).sum() < 40


def test_placements_are_never_before_the_first_day_on_roll():
    school = demo()
    first = school.enrolments.groupby("row")["first_day"].min()
    placed = school.placements.groupby("row")["first_day"].min()
    assert (placed == first).all()


def test_all_names_are_different_enough_to_be_told_apart():
    pupils = demo().pupils
    names = pupils["surname"] + " " + pupils["forename"]
    assert names.nunique() > 0.99 * len(names)
