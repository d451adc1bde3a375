"""Pupils: kept in bulk, found by number, on roll by date, described for a time, with contacts."""

from __future__ import annotations

from datetime import date

import pandas as pd
import pytest
from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError

from attendance.core.register import PUPIL_COLUMNS
from attendance.errors import NotFound
from attendance.store import particulars, pupils, registers, schools
from attendance.store.engine import read, write
from attendance.store.particulars import Characteristic, Contact
from attendance.store.pupils import Enrolment, NewPupil, Placement, Pupil
from tests.store.build import NOW, YEAR

SEPTEMBER = date(2026, 9, 1)
AMINA = NewPupil(
    "Example", "Amina", "A999000000001", "B999000000002", "0042", "Mina", "F", date(2013, 5, 6), 7
)
BILAL = NewPupil("Sample", "Bilal")


@pytest.fixture
def school_id(engine: Engine) -> int:
    with write(engine) as tx:
        return schools.add_school(tx, "Invented High School", "999001", "secondary", NOW)


def revision(engine: Engine, school_id: int) -> int:
    with read(engine) as tx:
        return registers.position(tx, school_id)[1]


def test_pupils_get_ids_in_the_order_they_were_given(engine: Engine, school_id: int) -> None:
    many = [NewPupil(f"Example{n}", "Cerys") for n in range(1200)]
    with write(engine) as tx:
        ids = pupils.add_pupils(tx, school_id, many)
        assert pupils.add_pupils(tx, school_id, []) == []
        kept = pupils.list_pupils(tx, school_id)
    assert [(each.id, each.surname) for each in kept] == [
        (pupil_id, person.surname) for pupil_id, person in zip(ids, many, strict=True)
    ]


def test_a_pupil_comes_back_as_given_and_can_be_corrected(engine: Engine, school_id: int) -> None:
    with write(engine) as tx:
        amina, bilal = pupils.add_pupils(tx, school_id, [AMINA, BILAL])
        pupils.change_pupils(tx, school_id, {})
        pupils.change_pupils(tx, school_id, {bilal: NewPupil("Sample", "Bilal", sex="M")})
    with read(engine) as tx:
        kept = pupils.get_pupil(tx, school_id, amina)
        assert pupils.get_pupil(tx, school_id, bilal).sex == "M"
        with pytest.raises(NotFound):
            pupils.get_pupil(tx, school_id + 1, amina)
    assert kept == Pupil(
        "Example", "Amina", "A999000000001", "B999000000002", "0042", "Mina", "F",
        date(2013, 5, 6), 7, amina,
    )  # fmt: skip


def test_a_pupil_is_found_by_the_upn_they_have_or_had(engine: Engine, school_id: int) -> None:
    with write(engine) as tx:
        amina, other = pupils.add_pupils(
            tx, school_id, [AMINA, NewPupil("Else", "Esther", former_upn="A999000000001")]
        )
    with read(engine) as tx:
        assert pupils.pupil_with_upn(tx, school_id, "A999000000001").id == amina
        assert pupils.pupil_with_upn(tx, school_id, "B999000000002").id == amina
        with pytest.raises(NotFound, match="C999000000003"):
            pupils.pupil_with_upn(tx, school_id, "C999000000003")
    assert other != amina


def test_a_pupil_without_a_upn_is_found_by_admission_number(engine: Engine, school_id: int) -> None:
    with write(engine) as tx:
        _, cerys = pupils.add_pupils(
            tx, school_id, [AMINA, NewPupil("Sample", "Cerys", admission_number="0043")]
        )
    with read(engine) as tx:
        assert pupils.pupil_with_upn(tx, school_id, "0043").id == cerys
        with pytest.raises(NotFound):
            pupils.pupil_with_upn(tx, school_id, "0042")  # Amina has a UPN


def test_two_pupils_of_a_school_cannot_share_a_upn(engine: Engine, school_id: int) -> None:
    with pytest.raises(DBAPIError):
        with write(engine) as tx:
            pupils.add_pupils(tx, school_id, [AMINA, AMINA])


def test_the_roll_is_one_row_a_pupil_with_what_is_unknown_left_as_none(
    engine: Engine, school_id: int
) -> None:
    with write(engine) as tx:
        amina, bilal, gone, later = pupils.add_pupils(
            tx, school_id, [AMINA, BILAL, NewPupil("Gone", "Dmitri"), NewPupil("New", "Esther")]
        )
        pupils.add_enrolments(tx, school_id, [])
        pupils.add_enrolments(
            tx,
            school_id,
            [
                Enrolment(bilal, date(2024, 9, 2), date(2025, 7, 22)),
                Enrolment(amina, date(2024, 9, 2), date(2026, 10, 2)),
                Enrolment(amina, date(2026, 11, 2), None, inferred=True),
                Enrolment(bilal, SEPTEMBER, date(2026, 9, 30)),
                Enrolment(gone, date(2025, 9, 1), date(2026, 7, 31)),
                Enrolment(later, date(2027, 8, 1)),
            ],
        )
        pupils.save_placements(tx, school_id, [])
        pupils.save_placements(
            tx,
            school_id,
            [
                Placement(amina, date(2025, 9, 1), 8, "8K"),
                Placement(amina, SEPTEMBER, 9, "9J"),
                Placement(amina, date(2027, 9, 1), 10, "10K"),
            ],
        )
        pupils.save_placements(tx, school_id, [Placement(amina, SEPTEMBER, 9, "9K")])
    with read(engine) as tx:
        roll = pupils.roll(tx, school_id, YEAR)
        last_year = pupils.roll(tx, school_id, YEAR - 1)
        assert pupils.placements(tx, school_id, amina)[1] == Placement(amina, SEPTEMBER, 9, "9K")
        assert pupils.placements(tx, school_id, bilal) == []
    assert roll.astype(object).to_numpy().tolist() == [
        [amina, "A999000000001", "0042", "Example", "Amina", "Mina", "F", date(2013, 5, 6), 7,
         9, "9K", date(2026, 11, 2), None],
        [bilal, None, None, "Sample", "Bilal", "", "", None, None,
         0, "", SEPTEMBER, date(2026, 9, 30)],
    ]  # fmt: skip
    assert list(last_year["pupil_id"]) == [amina, gone]
    assert list(last_year["form"]) == ["8K", ""]


def test_a_school_year_without_pupils_has_an_empty_roll_of_the_same_columns(
    engine: Engine, school_id: int
) -> None:
    with write(engine) as tx:
        empty = pupils.roll(tx, school_id, YEAR)
        (amina,) = pupils.add_pupils(tx, school_id, [AMINA])
        pupils.add_enrolments(tx, school_id, [Enrolment(amina, SEPTEMBER)])
        one = pupils.roll(tx, school_id, YEAR)
    assert len(empty) == 0
    assert list(empty.columns) == list(PUPIL_COLUMNS)
    pd.testing.assert_series_equal(empty.dtypes, one.dtypes)


def test_spells_are_replaced_for_the_pupils_named_and_no_others(
    engine: Engine, school_id: int
) -> None:
    with write(engine) as tx:
        amina, bilal = pupils.add_pupils(tx, school_id, [AMINA, BILAL])
        spells = [Enrolment(amina, SEPTEMBER), Enrolment(bilal, SEPTEMBER)]
        pupils.add_enrolments(tx, school_id, spells)
        left = Enrolment(bilal, SEPTEMBER, date(2026, 10, 9))
        pupils.replace_enrolments(tx, school_id, [bilal], [left])
    with read(engine) as tx:
        assert pupils.spells(tx, school_id) == [Enrolment(amina, SEPTEMBER), left]
        assert pupils.spells(tx, school_id, bilal) == [left]


def test_whatever_changes_what_a_register_shows_makes_caches_look_again(
    engine: Engine, school_id: int
) -> None:
    with write(engine) as tx:
        (amina,) = pupils.add_pupils(tx, school_id, [AMINA])
    seen = revision(engine, school_id)
    with write(engine) as tx:
        pupils.change_pupils(tx, school_id, {amina: BILAL})
        pupils.add_enrolments(tx, school_id, [Enrolment(amina, SEPTEMBER)])
        pupils.replace_enrolments(tx, school_id, [amina], [])
        pupils.save_placements(tx, school_id, [Placement(amina, SEPTEMBER, 9, "9K")])
        particulars.add_characteristics(tx, school_id, [Characteristic(amina, "fsm", SEPTEMBER)])
    assert revision(engine, school_id) == seen + 5


def test_a_characteristic_is_true_from_its_first_to_its_last_day(
    engine: Engine, school_id: int
) -> None:
    with write(engine) as tx:
        amina, bilal = pupils.add_pupils(tx, school_id, [AMINA, BILAL])
        plan = Characteristic(bilal, "ehcp", SEPTEMBER, date(2026, 10, 2), "SEMH")
        meals = Characteristic(amina, "fsm", SEPTEMBER)
        particulars.add_characteristics(tx, school_id, [plan, meals])
    with read(engine) as tx:
        assert particulars.characteristics(tx, school_id) == [meals, plan]
        assert particulars.characteristics(tx, school_id, [bilal]) == [plan]
        assert particulars.characteristics(tx, school_id, []) == []
    days = [date(2026, 8, 31), SEPTEMBER, date(2026, 10, 2), date(2026, 10, 3)]
    assert [plan.is_true_on(day) for day in days] == [False, True, True, False]
    assert [meals.is_true_on(day) for day in days] == [False, True, True, True]


def test_contacts_are_listed_in_the_order_they_are_called(engine: Engine, school_id: int) -> None:
    with write(engine) as tx:
        amina, bilal = pupils.add_pupils(tx, school_id, [AMINA, BILAL])
        aunt = Contact(amina, 2, "Aunt Example", "Aunt", False, False, phone="01632 960001")
        mother = Contact(amina, 1, "Mrs Example", "Mother", True, True, address="1 Invented Way")
        old = Contact(bilal, 1, "Mr Before", "Father", True, True)
        new = Contact(bilal, 1, "Mr Sample", "Father", True, True)
        particulars.replace_contacts(tx, school_id, [amina, bilal], [aunt, old, mother])
        particulars.replace_contacts(tx, school_id, [bilal], [new])
    with read(engine) as tx:
        assert particulars.contacts(tx, school_id) == [mother, aunt, new]
        assert particulars.contacts(tx, school_id, [bilal]) == [new]
