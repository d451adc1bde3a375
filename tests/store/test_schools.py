"""Schools, their terms and closures, and the sessions their registers have shown."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import Engine

from attendance.core.calendar import UNKNOWN, Calendar, Closure, Term
from attendance.core.chain import GENESIS
from attendance.core.register_times import USUAL
from attendance.errors import NotFound
from attendance.store import registers, schools
from attendance.store.engine import read, write
from tests.store.build import NOW, YEAR, school

AUTUMN = Term("Autumn", date(2026, 9, 1), date(2026, 12, 18))
SPRING = Term("Spring", date(2027, 1, 4), date(2027, 3, 25))
INSET = Closure(date(2026, 9, 1), date(2026, 9, 1), "inset", None, "INSET day")
TRIP = Closure(date(2027, 7, 5), date(2027, 7, 9), "closure", frozenset({10, 12}), "Study leave")


def test_a_new_school_starts_at_nought(engine: Engine) -> None:
    with write(engine) as tx:
        school_id = schools.add_school(tx, "Invented High School", "999001", "secondary", NOW)
        assert registers.position(tx, school_id) == (0, 0)
        assert registers.head(tx, school_id) == (0, GENESIS)


def test_schools_are_listed_as_they_were_set_up_and_can_be_renamed(engine: Engine) -> None:
    with write(engine) as tx:
        first = schools.add_school(tx, "Invented High School", "999001", "secondary", NOW)
        second = schools.add_school(tx, "Demo School", "999002", "primary", NOW, is_demo=True)
        schools.change_school(tx, first, "Imagined High School", "999003", "special")
    with read(engine) as tx:
        found = schools.list_schools(tx)
        assert schools.get_school(tx, second) == found[1]
    assert found == [
        schools.School(first, "Imagined High School", "999003", "special", False, NOW),
        schools.School(second, "Demo School", "999002", "primary", True, NOW),
    ]
    assert found[0].created_at.tzinfo is not None


def test_the_times_of_the_registers_come_back_as_they_were_given(engine: Engine) -> None:
    school_id, _ = school(engine)
    with write(engine) as tx:
        assert schools.get_school(tx, school_id).times is None
        schools.set_times(tx, school_id, USUAL)
    with read(engine) as tx:
        assert schools.get_school(tx, school_id).times == USUAL


def test_a_school_that_is_not_there_is_not_found(engine: Engine) -> None:
    with read(engine) as tx:
        with pytest.raises(NotFound):
            schools.get_school(tx, 42)


def test_a_school_year_without_a_calendar_has_an_empty_one(engine: Engine) -> None:
    school_id, _ = school(engine)
    with read(engine) as tx:
        assert schools.load_calendar(tx, school_id, YEAR) == Calendar(YEAR)
        assert registers.years_held(tx, school_id) == []


def test_terms_closures_and_sessions_come_back_as_they_were_given(engine: Engine) -> None:
    school_id, _ = school(engine)
    seen = "o#" + UNKNOWN[2:]
    with write(engine) as tx:
        schools.save_sessions(tx, school_id, YEAR, seen)
        schools.replace_terms(tx, school_id, YEAR, [SPRING, AUTUMN])
        schools.replace_closures(tx, school_id, YEAR, [TRIP, INSET])
        schools.save_sessions(tx, school_id, YEAR - 1, UNKNOWN)
    with read(engine) as tx:
        kept = schools.load_calendar(tx, school_id, YEAR)
        assert registers.years_held(tx, school_id) == [YEAR - 1, YEAR]
    assert kept == Calendar(YEAR, (AUTUMN, SPRING), (INSET, TRIP), seen)
    assert not kept.is_inferred


def test_replacing_one_years_calendar_leaves_the_other_years_alone(engine: Engine) -> None:
    school_id, _ = school(engine)
    # Both lie in the grid of 2026/27, which starts on 27 July 2026; only one in the school year.
    last_july = Closure(date(2026, 7, 27), date(2026, 7, 31), "closure", None, "Last summer")
    with write(engine) as tx:
        schools.add_closures(tx, school_id, [last_july, INSET])
        schools.replace_terms(tx, school_id, YEAR, [AUTUMN])
        schools.replace_closures(tx, school_id, YEAR, [])
        schools.replace_terms(tx, school_id, YEAR, [])
    with read(engine) as tx:
        assert schools.load_calendar(tx, school_id, YEAR) == Calendar(YEAR)
        assert schools.load_calendar(tx, school_id, YEAR - 1).closures == (last_july,)


def test_a_change_to_the_calendar_makes_caches_look_again(engine: Engine) -> None:
    school_id, _ = school(engine)
    with write(engine) as tx:
        _, before = registers.position(tx, school_id)
        schools.replace_terms(tx, school_id, YEAR, [AUTUMN])
        schools.add_closures(tx, school_id, [INSET])
        schools.save_sessions(tx, school_id, YEAR, UNKNOWN)
        assert registers.position(tx, school_id) == (0, before + 3)
