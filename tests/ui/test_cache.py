"""The live register: kept while nothing changes, loaded again as soon as something does."""

from __future__ import annotations

from attendance.services import accounts
from attendance.store import registers
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
