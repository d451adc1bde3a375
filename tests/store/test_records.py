"""Records beside the marks, and settings: kept, listed by pupil, taken back, each with who."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import Engine

from attendance.core.records import (
    ExpectedAbsence,
    Leave,
    NoticeState,
    PartTimePlan,
    PenaltyNotice,
    Records,
)
from attendance.errors import NotFound
from attendance.store import records, registers, settings
from attendance.store.engine import read, write
from tests.store.build import HEAD, NOW, OFFICER, school

MONDAY, FRIDAY = date(2026, 11, 23), date(2026, 11, 27)


def one_of_each(pupil_id: int) -> Records:
    return Records(
        (Leave(pupil_id, MONDAY, FRIDAY, "C", "A wedding"),),
        (ExpectedAbsence(pupil_id, MONDAY, FRIDAY, "I", MONDAY),),
        (PartTimePlan(pupil_id, MONDAY, FRIDAY),),
        (PenaltyNotice(pupil_id, "Zora Example", MONDAY, NoticeState.ISSUED),),
    )


def keep(engine: Engine, school_id: int, these: Records) -> list[int]:
    every = (
        *these.leaves,
        *these.expected_absences,
        *these.part_time_plans,
        *these.penalty_notices,
    )
    with write(engine) as tx:
        return [records.add(tx, school_id, one, OFFICER, NOW) for one in every]


def test_what_was_recorded_comes_back_as_it_was(engine: Engine) -> None:
    school_id, (amina, *_) = school(engine)
    keep(engine, school_id, one_of_each(amina))
    with read(engine) as tx:
        assert records.all_records(tx, school_id) == one_of_each(amina)
        (kept,) = records.listed(tx, school_id, Leave, [amina])
    assert (kept.name, kept.noted_at) == (OFFICER.name, NOW)


def test_the_records_of_another_pupil_or_school_are_not_listed(engine: Engine) -> None:
    school_id, (amina, bilal, *_) = school(engine)
    other, _ = school(engine, urn="999002")
    keep(engine, school_id, one_of_each(amina))
    with read(engine) as tx:
        assert records.listed(tx, school_id, Leave, [bilal]) == []
        assert records.all_records(tx, other) == Records()


def test_a_record_taken_back_is_gone_and_says_what_it_was(engine: Engine) -> None:
    school_id, (amina, *_) = school(engine)
    number = keep(engine, school_id, one_of_each(amina))[0]
    with write(engine) as tx:
        assert records.remove(tx, school_id, Leave, number) == one_of_each(amina).leaves[0]
    with read(engine) as tx:
        assert records.all_records(tx, school_id).leaves == ()
    with pytest.raises(NotFound, match="not there any more"), write(engine) as tx:
        records.remove(tx, school_id, Leave, number)


def test_a_record_of_another_school_cannot_be_taken_back(engine: Engine) -> None:
    school_id, (amina, *_) = school(engine)
    other, _ = school(engine, urn="999002")
    number = keep(engine, school_id, one_of_each(amina))[0]
    with pytest.raises(NotFound), write(engine) as tx:
        records.remove(tx, other, Leave, number)


def test_every_cache_learns_of_a_new_record(engine: Engine) -> None:
    school_id, (amina, *_) = school(engine)
    with read(engine) as tx:
        before = registers.position(tx, school_id)
    keep(engine, school_id, one_of_each(amina))
    with read(engine) as tx:
        assert registers.position(tx, school_id) != before


def test_a_new_value_of_a_setting_stands_beside_the_old_one(engine: Engine) -> None:
    school_id, _ = school(engine)
    other, _ = school(engine, urn="999002")
    for value, day in (("96", FRIDAY), ("95", MONDAY)):
        with write(engine) as tx:
            settings.add(
                tx, school_id, "target_attendance_percent", value,
                source="Governors' decision", valid_from=day, review_on=None, by=HEAD, at=NOW,
            )  # fmt: skip
    with read(engine) as tx:
        rows = settings.listed(tx, school_id)
        assert settings.listed(tx, other) == []
    assert [(row.value, row.valid_from) for row in rows] == [("95", MONDAY), ("96", FRIDAY)]
    assert rows[0].name == HEAD.name
