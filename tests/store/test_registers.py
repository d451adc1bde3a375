"""Lines: read whole, compared before they are set, and only ever changed with their amendment."""

from __future__ import annotations

import ast
from pathlib import Path

import numpy as np
import pytest
from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError

from attendance.core.slots import SLOTS
from attendance.rules.codes import NO_MARK
from attendance.store import amendments, registers
from attendance.store.engine import read, write
from attendance.store.registers import MarkDetail
from tests.store.build import NOW, OFFICER, YEAR, school


def test_a_school_year_is_read_as_one_array_in_order_of_pupil(engine: Engine) -> None:
    school_id, ids = school(engine)
    drawn = np.full((2, SLOTS), ord("N"), dtype=np.uint8)
    drawn[1] = ord("/")
    with write(engine) as tx:
        given = np.array([ids[2], ids[0]])
        amendments.import_marks(tx, school_id, YEAR, given, drawn, OFFICER, "Imported", NOW)
    with read(engine) as tx:
        pupil_ids, lines = registers.load_lines(tx, school_id, YEAR)
        assert registers.years_with_lines(tx, school_id) == [YEAR]
    assert pupil_ids.tolist() == [ids[0], ids[2]]
    assert (lines.shape, lines.dtype) == ((2, SLOTS), np.uint8)
    assert (lines == drawn[::-1]).all()


def test_a_school_year_without_registers_has_no_lines(engine: Engine) -> None:
    school_id, _ = school(engine)
    with read(engine) as tx:
        pupil_ids, lines = registers.load_lines(tx, school_id, YEAR)
        assert registers.years_with_lines(tx, school_id) == []
    assert (pupil_ids.shape, lines.shape) == ((0,), (0, SLOTS))


@pytest.mark.parametrize("slot", [0, 1, 270, 538, 539])
def test_a_mark_is_set_only_where_the_expected_one_is(engine: Engine, slot: int) -> None:
    school_id, (amina, *_) = school(engine)
    with write(engine) as tx:
        assert not registers.set_mark(tx, school_id, YEAR, amina, slot, "N", "I")
        assert registers.set_mark(tx, school_id, YEAR, amina, slot, "-", "N")
        assert not registers.set_mark(tx, school_id, YEAR, amina, slot, "-", "L")
        assert registers.set_mark(tx, school_id, YEAR, amina, slot, "N", "I")
        line = registers.load_line(tx, school_id, YEAR, amina)
    assert line == NO_MARK * slot + "I" + NO_MARK * (SLOTS - 1 - slot)


def test_a_line_of_another_length_is_refused_by_the_database(sqlite_engine: Engine) -> None:
    school_id, ids = school(sqlite_engine)
    with pytest.raises(DBAPIError, match="a_mark_for_every_slot"):
        with write(sqlite_engine) as tx:
            short = np.full((1, SLOTS - 1), ord("N"), dtype=np.uint8)
            registers.write_lines(tx, school_id, YEAR, np.array(ids[:1]), short)


def test_a_line_belongs_to_a_pupil_of_its_own_school(engine: Engine) -> None:
    school_id, _ = school(engine)
    _, (stranger, *_) = school(engine, urn="999002")
    with pytest.raises(DBAPIError):
        with write(engine) as tx:
            registers.set_mark(tx, school_id, YEAR, stranger, 0, "-", "N")


def test_minutes_late_and_comments_are_kept_beside_the_mark(engine: Engine) -> None:
    school_id, (amina, bilal, _) = school(engine)
    with write(engine) as tx:
        registers.write_details(tx, school_id, YEAR, [])
        registers.write_details(
            tx, school_id, YEAR, [MarkDetail(bilal, 5, None, "Bus"), MarkDetail(amina, 9, 12, None)]
        )
        registers.write_details(tx, school_id, YEAR, [MarkDetail(bilal, 5, 20, None)])
    with read(engine) as tx:
        assert registers.details(tx, school_id, YEAR) == [
            MarkDetail(amina, 9, 12, None),
            MarkDetail(bilal, 5, 20, "Bus"),
        ]
        assert registers.details(tx, school_id, YEAR, bilal) == [MarkDetail(bilal, 5, 20, "Bus")]
        assert registers.details(tx, school_id, YEAR - 1) == []


def test_a_school_that_is_not_there_stands_at_nought(engine: Engine) -> None:
    with read(engine) as tx:
        assert registers.position(tx, 42) == (0, 0)


def test_only_the_amendments_change_a_line() -> None:
    package = Path(registers.__file__).parents[1]
    writers = set()
    for file in package.rglob("*.py"):
        called = {
            node.attr if isinstance(node, ast.Attribute) else node.id
            for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
            if isinstance(node, ast.Attribute | ast.Name)
        }
        if called & {"set_mark", "write_lines", "register_line"}:
            writers.add(file.relative_to(package).as_posix())
    # The demo school is invented as a whole: its lines come with the amendments made in them.
    invented = {"services/demo_school.py"}
    assert writers - invented == {
        "store/amendments.py",
        "store/registers.py",
        "store/tables/registers.py",
    }
