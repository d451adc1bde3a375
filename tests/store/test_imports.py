"""What was imported, and what an import held back for a person to decide."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import Engine

from attendance.errors import ChangedMeanwhile, NotFound
from attendance.store import imports
from attendance.store.engine import read, write
from attendance.store.imports import KEPT, OPEN, TAKEN, Batch, NewBatch, NewConflict
from tests.store.build import NOW, YEAR, school

PROBLEM = {"row": 3, "column": "AM", "says": "‘Q9’ is not a code.", "stops": False}
FILE = NewBatch(
    "autumn.csv", "ab" * 32, "wide grid", NOW, "officer", "Olive Testcase",
    date(2026, 9, 1), date(2026, 12, 18), 3, 10, 2, 1, [PROBLEM],
)  # fmt: skip


def test_an_import_is_found_again_by_the_bytes_of_its_file(engine: Engine) -> None:
    school_id, _ = school(engine)
    with write(engine) as tx:
        first = imports.add_batch(tx, school_id, FILE)
        second = imports.add_batch(tx, school_id, replace(FILE, file_name="again.csv"))
        imports.set_counts(tx, school_id, second, new_marks=1, changed=0, conflicts=4)
        other = imports.add_batch(tx, school_id, replace(FILE, sha256="cd" * 32, problems=()))
    with read(engine) as tx:
        found = imports.find_batch(tx, school_id, FILE.sha256)
        assert imports.find_batch(tx, school_id, "ef" * 32) is None
        assert [each.id for each in imports.list_batches(tx, school_id)] == [other, second, first]
    assert found == Batch(
        second, school_id, "again.csv", "ab" * 32, "wide grid", NOW, "officer", "Olive Testcase",
        date(2026, 9, 1), date(2026, 12, 18), 3, 1, 0, 4, [PROBLEM],
    )  # fmt: skip


def test_a_conflict_waits_until_a_person_decides_and_is_remembered(engine: Engine) -> None:
    school_id, (amina, bilal, _) = school(engine)
    later = NOW + timedelta(hours=1)
    with write(engine) as tx:
        batch_id = imports.add_batch(tx, school_id, FILE)
        held = [NewConflict(YEAR, amina, 170, "I", "N"), NewConflict(YEAR - 1, bilal, 9, "Y4", "L")]
        imports.add_conflicts(tx, school_id, batch_id, held)
        first, second = imports.list_conflicts(tx, school_id, OPEN)
        imports.decide_conflict(tx, school_id, first.id, KEPT, "Olive Testcase", later)
    with read(engine) as tx:
        decided = imports.get_conflict(tx, school_id, first.id)
        assert imports.list_conflicts(tx, school_id, OPEN) == [second]
        assert imports.list_conflicts(tx, school_id) == [decided, second]
        assert imports.list_conflicts(tx, school_id, school_year=YEAR) == [decided]
        assert imports.count_open_conflicts(tx, school_id) == 1
    assert (first.pupil_id, first.slot, first.ours, first.theirs) == (amina, 170, "I", "N")
    assert (first.state, first.decided_at, first.decided_by) == (OPEN, None, None)
    assert (decided.state, decided.decided_at) == (KEPT, later)


def test_the_second_to_decide_is_told_who_decided_first(engine: Engine) -> None:
    school_id, (amina, *_) = school(engine)
    with write(engine) as tx:
        batch_id = imports.add_batch(tx, school_id, FILE)
        imports.add_conflicts(tx, school_id, batch_id, [NewConflict(YEAR, amina, 170, "I", "N")])
        (held,) = imports.list_conflicts(tx, school_id)
        imports.decide_conflict(tx, school_id, held.id, TAKEN, "Hedda Sample", NOW)
    with pytest.raises(ChangedMeanwhile, match="Hedda Sample has already decided"):
        with write(engine) as tx:
            imports.decide_conflict(tx, school_id, held.id, KEPT, "Olive Testcase", NOW)


def test_a_conflict_that_is_not_there_is_not_found(engine: Engine) -> None:
    school_id, _ = school(engine)
    with pytest.raises(NotFound):
        with write(engine) as tx:
            imports.decide_conflict(tx, school_id, 42, KEPT, "Olive Testcase", NOW)
