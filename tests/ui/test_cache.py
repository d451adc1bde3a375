"""The live register: kept while nothing changes, loaded again as soon as something does."""

from __future__ import annotations

from datetime import UTC, datetime
from unittest.mock import patch

import numpy as np
import pytest

from attendance.core.amendments import MarkChange
from attendance.core.register import BLANK, Register
from attendance.core.slots import moment_of
from attendance.rules.codes import CODE_OF
from attendance.services import accounts
from attendance.services import registers as service
from attendance.services.registers import load_register
from attendance.store import amendments, registers
from attendance.store.engine import write
from attendance.ui.cache import LiveRegisters
from tests.screens import Screens


def test_a_register_is_loaded_once_while_the_schools_counters_stand_still(
    screens: Screens,
) -> None:
    live = LiveRegisters()
    school_id = accounts.find_person(screens.engine, "officer").school_id
    first = live.get(screens.engine, school_id, 2026)
    assert live.get(screens.engine, school_id, 2026) is first
    assert live.get(screens.engine, school_id, 2025) is not first
    assert len(first.pupils) > 0


def test_a_register_is_loaded_again_once_a_counter_has_moved(screens: Screens) -> None:
    live = LiveRegisters()
    school_id = accounts.find_person(screens.engine, "officer").school_id
    before = live.get(screens.engine, school_id, 2026)
    with write(screens.engine) as tx:
        registers.bump_revision(tx, school_id)
    after = live.get(screens.engine, school_id, 2026)
    assert after is not before
    assert live.get(screens.engine, school_id, 2026) is after


def test_after_an_amendment_only_the_lines_that_it_changed_are_read(screens: Screens) -> None:
    live = LiveRegisters()
    school_id = accounts.find_person(screens.engine, "officer").school_id
    before = live.get(screens.engine, school_id, 2026)
    was = before.marks.copy()
    row, slot = (int(each) for each in np.argwhere(before.marks == ord("/"))[0])
    amend(screens, before, row, slot, "L")
    with patch.object(service, "read_register", side_effect=AssertionError):
        after = live.get(screens.engine, school_id, 2026)
    assert chr(after.marks[row, slot]) == "L"
    assert (before.marks == was).all(), "somebody may still be reading the older register"
    same_as_read_anew(after, load_register(screens.engine, school_id, 2026))
    assert live.get(screens.engine, school_id, 2026) is after


@pytest.mark.parametrize("school_year", [2025, 2026])
def test_an_amendment_of_one_year_leaves_the_other_years_register_right(
    screens: Screens, school_year: int
) -> None:
    live = LiveRegisters()
    school_id = accounts.find_person(screens.engine, "officer").school_id
    both = {year: live.get(screens.engine, school_id, year) for year in (2025, 2026)}
    row, slot = (int(each) for each in np.argwhere(both[school_year].marks == ord("/"))[0])
    amend(screens, both[school_year], row, slot, "I")
    for year in both:
        now = live.get(screens.engine, school_id, year)
        same_as_read_anew(now, load_register(screens.engine, school_id, year))


def test_a_first_mark_has_the_whole_register_read_again(screens: Screens) -> None:
    live = LiveRegisters()
    school_id = accounts.find_person(screens.engine, "officer").school_id
    with write(screens.engine) as tx:
        ids, lines = registers.load_lines(tx, school_id, 2026)
        registers.write_lines(tx, school_id, 2026, ids[:1], np.full_like(lines[:1], BLANK))
    before = live.get(screens.engine, school_id, 2026)
    row, slot = before.row_of(int(ids[0])), before.latest
    assert row is not None
    amend(screens, before, row, slot, "I")
    with patch.object(service, "read_register", wraps=service.read_register) as read_whole:
        after = live.get(screens.engine, school_id, 2026)
    assert read_whole.call_count == 1
    assert chr(after.marks[row, slot]) == "I"


def amend(screens: Screens, register: Register, row: int, slot: int, code: str) -> None:
    """An amendment as somebody else would make it, in another process."""
    person = accounts.find_person(screens.engine, "officer")
    day, session = moment_of(register.school_year, slot)
    expected = CODE_OF[chr(register.marks[row, slot])]
    pupil_id = int(register.pupils["pupil_id"].iloc[row])
    change = MarkChange(pupil_id, day, session, expected, code)
    at = datetime(2026, 11, 24, 10, 12, tzinfo=UTC)
    with write(screens.engine) as tx:
        amendments.change_marks(tx, person.school_id, [change], person, "Seen late", at)


def same_as_read_anew(one: Register, other: Register) -> None:
    for name in ("marks", "on_roll", "is_open", "covered"):
        assert (getattr(one, name) == getattr(other, name)).all(), name
    assert one.latest == other.latest
    assert one.pupils.equals(other.pupils)
