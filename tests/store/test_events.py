"""The log: who did what, about whom and when; never rewritten."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError

from attendance.store import events
from attendance.store.engine import read, write
from attendance.store.events import Event
from tests.store.build import NOW, school

HOUR = timedelta(hours=1)


@pytest.fixture
def school_id(engine: Engine) -> int:
    here, (amina, bilal, _) = school(engine)
    with write(engine) as tx:
        events.append(tx, here, "view", NOW, "head", "Hedda Sample", [amina])
        events.append(tx, here, "export", NOW + HOUR, "officer", "Olive", [bilal, amina], {"n": 2})
        for minute in range(3):
            at = NOW + minute * HOUR
            seen = {"address": "10.0.0.1" if minute else "10.0.0.2"}
            events.append(tx, here, "refused", at, "tess", "", detail=seen)
    return here


def test_an_event_comes_back_as_it_was_written(engine: Engine, school_id: int) -> None:
    with read(engine) as tx:
        (found,) = events.list_events(tx, school_id, kinds=["export"])
    facts = (school_id, NOW + HOUR, "officer", "Olive", "export", [2, 1], {"n": 2})
    assert found == Event(found.id, *facts)


def test_events_are_found_by_kind_person_pupil_and_time_newest_first(
    engine: Engine, school_id: int
) -> None:
    with read(engine) as tx:

        def kinds(**asked: object) -> list[str]:
            return [each.kind for each in events.list_events(tx, school_id, **asked)]

        assert kinds() == ["refused", "refused", "refused", "export", "view"]
        assert kinds(limit=2) == ["refused", "refused"]
        assert kinds(kinds=["view", "export"]) == ["export", "view"]
        assert kinds(username="head") == ["view"]
        assert kinds(pupil_id=1) == ["export", "view"]
        assert kinds(pupil_id=2, limit=1) == ["export"]
        assert kinds(since=NOW + HOUR) == ["refused", "refused", "export"]
        assert events.list_events(tx, school_id + 1) == []


def test_refusals_are_counted_for_a_name_and_for_an_address(engine: Engine, school_id: int) -> None:
    with read(engine) as tx:
        assert events.count_events(tx, school_id, "refused", NOW) == 3
        assert events.count_events(tx, school_id, "refused", NOW + HOUR, username="tess") == 2
        assert events.count_events(tx, school_id, "refused", NOW, username="head") == 0
        assert events.count_events(tx, school_id, "refused", NOW, address="10.0.0.1") == 2
        assert events.count_events(tx, school_id, "view", NOW, address="10.0.0.1") == 0


@pytest.mark.parametrize("statement", ["UPDATE event SET name = 'Nobody'", "DELETE FROM event"])
def test_the_database_refuses_to_rewrite_the_log(
    engine: Engine, school_id: int, statement: str
) -> None:
    with pytest.raises(DBAPIError, match="it is never changed or deleted"):
        with engine.begin() as tx:
            tx.execute(text(statement))
    with read(engine) as tx:
        assert len(events.list_events(tx, school_id)) == 5
