"""Changing marks: with their amendments or not at all, on SQLite and PostgreSQL alike."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import UTC, date, timedelta

import numpy as np
import pytest
from sqlalchemy import Engine, func, select, text
from sqlalchemy.exc import DBAPIError

from attendance.core import chain
from attendance.core.slots import SLOTS, Session, slot_of
from attendance.errors import ChangedMeanwhile
from attendance.store import amendments, imports, registers
from attendance.store.engine import read, write
from attendance.store.imports import NewBatch
from attendance.store.tables import amendment
from tests.store.build import DAY, HEAD, NOW, OFFICER, YEAR, amend, change, school

SLOT = slot_of(YEAR, DAY, Session.AM)


def mark(engine: Engine, school_id: int, pupil_id: int, slot: int = SLOT) -> str:
    with read(engine) as tx:
        return registers.load_line(tx, school_id, YEAR, pupil_id)[slot]


def is_intact(engine: Engine, school_id: int) -> bool:
    with read(engine) as tx:
        count, head = registers.head(tx, school_id)
        return chain.verify(amendments.all_rows(tx, school_id), head=head, count=count).intact


def lines(engine: Engine, school_id: int, ids: list[int], **marks: str) -> list[int]:
    """Import marks from the morning of DAY on: Amina="NN-" and so on, in order of ids."""
    drawn = np.full((len(marks), SLOTS), ord("-"), dtype=np.uint8)
    for row, symbols in enumerate(marks.values()):
        drawn[row, SLOT : SLOT + len(symbols)] = np.frombuffer(symbols.encode(), dtype=np.uint8)
    with write(engine) as tx:
        return amendments.import_marks(
            tx, school_id, YEAR, np.array(ids), drawn, OFFICER, "Imported from a.csv", NOW, 7
        )


def test_an_amendment_keeps_the_six_facts_the_law_asks_for(engine: Engine) -> None:
    school_id, (amina, *_) = school(engine)
    amend(engine, school_id, change(amina, "-", "N"))
    amend(engine, school_id, change(amina, "N", "I"), by=HEAD, reason="Mother rang", after=5)
    with read(engine) as tx:
        first, second = amendments.history(tx, school_id, amina)
    assert (second.original, second.amended, second.reason) == ("N", "I", "Mother rang")
    assert (second.name, second.position, second.username) == (HEAD.name, HEAD.position, "head")
    assert second.at == NOW + timedelta(minutes=5)
    assert second.at.tzinfo is UTC
    assert (second.day, second.session, second.slot) == (DAY, Session.AM, SLOT)
    assert (first.seq, second.seq) == (1, 2)
    assert second.previous_hash == first.hash
    assert first.previous_hash == chain.GENESIS
    assert mark(engine, school_id, amina) == "I"


def test_two_character_codes_are_amendments_of_the_code_not_of_our_symbol(engine: Engine) -> None:
    school_id, (amina, *_) = school(engine)
    amend(engine, school_id, change(amina, "-", "Y4"))
    amend(engine, school_id, change(amina, "Y4", "C1"))
    with read(engine) as tx:
        made = amendments.history(tx, school_id, amina)
    assert [(each.original, each.amended) for each in made] == [("-", "Y4"), ("Y4", "C1")]


def test_amendments_are_numbered_without_a_gap_in_each_school(engine: Engine) -> None:
    here, (amina, bilal, cerys) = school(engine)
    there, (dmitri, *_) = school(engine, urn="999002")
    assert amend(engine, here, change(amina, "-", "N"), change(bilal, "-", "N")) == [1, 2]
    assert amend(engine, there, change(dmitri, "-", "N")) == [1]
    with pytest.raises(ChangedMeanwhile):
        amend(engine, here, change(cerys, "-", "N"), change(amina, "-", "L"))
    assert amend(engine, here, change(cerys, "-", "N")) == [3]
    assert is_intact(engine, here)
    assert is_intact(engine, there)


def test_the_second_person_is_told_who_was_first_when_and_what_it_is_now(engine: Engine) -> None:
    school_id, (amina, bilal, *_) = school(engine)
    amend(engine, school_id, change(amina, "-", "N"))
    amend(engine, school_id, change(amina, "N", "M"), by=HEAD, after=10)
    with pytest.raises(ChangedMeanwhile) as told:
        amend(engine, school_id, change(bilal, "-", "L"), change(amina, "N", "I"), after=11)
    assert str(told.value) == (
        "Amina Example’s mark for 23 November 2026 AM is ‘M’ now, not ‘N’: Hedda Sample "
        "(Headteacher) amended it on 24 November 2026 at 09:40. Nothing was changed: "
        "look at the register again before you amend it."
    )
    assert mark(engine, school_id, amina) == "M"
    assert mark(engine, school_id, bilal) == "-"


def test_the_moment_of_a_conflict_is_told_in_london_time(engine: Engine) -> None:
    school_id, (amina, *_) = school(engine)
    amend(engine, school_id, change(amina, "-", "N"), after=-60 * 24 * 60)
    with pytest.raises(ChangedMeanwhile, match="25 September 2026 at 10:30"):
        amend(engine, school_id, change(amina, "-", "I"))


def test_nothing_is_changed_even_when_the_caller_swallows_the_conflict(engine: Engine) -> None:
    school_id, (amina, bilal, _) = school(engine)
    amend(engine, school_id, change(bilal, "-", "N"))
    wanted = [change(amina, "-", "L"), change(bilal, "-", "I")]
    with write(engine) as tx:
        try:
            amendments.change_marks(tx, school_id, wanted, OFFICER, "Rang", NOW)
        except ChangedMeanwhile:
            registers.bump_revision(tx, school_id)
    assert mark(engine, school_id, amina) == "-"
    assert is_intact(engine, school_id)


@pytest.mark.parametrize(
    ("others", "says"),
    [(0, "look"), (1, " 1 more of your marks has changed"), (2, " 2 more of your marks have")],
)
def test_every_mark_that_changed_meanwhile_is_counted(
    engine: Engine, others: int, says: str
) -> None:
    school_id, ids = school(engine)
    amend(engine, school_id, *(change(each, "-", "N") for each in ids))
    with pytest.raises(ChangedMeanwhile, match=says):
        amend(engine, school_id, *(change(each, "-", "I") for each in ids[: others + 1]))


def test_a_mark_that_an_import_put_there_is_told_as_the_import(engine: Engine) -> None:
    school_id, (amina, *_) = school(engine)
    batch = NewBatch(
        "autumn.csv", "0" * 64, "wide", NOW, "officer", OFFICER.name,
        date(2026, 7, 27), date(2026, 12, 18), 1, 1, 0, 0,
    )  # fmt: skip
    with write(engine) as tx:
        imports.add_batch(tx, school_id, batch)
    lines(engine, school_id, [amina], Amina="N")
    with pytest.raises(ChangedMeanwhile) as told:
        amend(engine, school_id, change(amina, "-", "I"))
    assert (
        "is ‘N’ now, not no mark: Olive Testcase imported autumn.csv on 24 November 2026 at 09:30."
    ) in str(told.value)


def test_a_pupil_without_a_line_has_no_mark_to_be_surprised_by(engine: Engine) -> None:
    school_id, (amina, *_) = school(engine)
    with pytest.raises(ChangedMeanwhile, match="has no mark now, not ‘N’. Nothing was changed"):
        amend(engine, school_id, change(amina, "N", "I"))


def test_amending_to_the_same_code_is_no_amendment(engine: Engine) -> None:
    school_id, (amina, *_) = school(engine)
    amend(engine, school_id, change(amina, "-", "N"))
    assert amend(engine, school_id, change(amina, "N", "N")) == []
    with read(engine) as tx:
        assert registers.position(tx, school_id)[0] == 1


@pytest.mark.parametrize("fact", ["reason", "name", "position"])
def test_an_amendment_without_a_fact_the_law_asks_for_is_not_kept(
    engine: Engine, fact: str
) -> None:
    school_id, (amina, *_) = school(engine)
    by, reason = OFFICER, " " if fact == "reason" else "Rang"
    if fact != "reason":
        by = replace(OFFICER, **{fact: ""})
    with pytest.raises(DBAPIError):
        amend(engine, school_id, change(amina, "-", "N"), by=by, reason=reason)
    assert mark(engine, school_id, amina) == "-"


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE amendment SET reason = 'Nicer'",
        "UPDATE amendment SET amended = 'P' WHERE seq = 1",
        "DELETE FROM amendment",
        "DELETE FROM amendment WHERE seq = 1",
    ],
)
def test_the_database_refuses_to_rewrite_an_amendment(engine: Engine, statement: str) -> None:
    school_id, (amina, *_) = school(engine)
    amend(engine, school_id, change(amina, "-", "N"))
    with pytest.raises(DBAPIError, match="it is never changed or deleted"):
        with engine.begin() as tx:
            tx.execute(text(statement))
    assert is_intact(engine, school_id)


def test_sqlite_refuses_to_replace_an_amendment_by_an_insert(sqlite_engine: Engine) -> None:
    school_id, (amina, *_) = school(sqlite_engine)
    amend(sqlite_engine, school_id, change(amina, "-", "N"))
    with pytest.raises(DBAPIError, match="it is never changed or deleted"):
        with sqlite_engine.begin() as tx:
            tx.execute(text("INSERT OR REPLACE INTO amendment SELECT * FROM amendment"))


def test_postgresql_refuses_to_empty_the_amendments(postgresql_engine: Engine) -> None:
    with pytest.raises(DBAPIError, match="it is never changed or deleted"):
        with postgresql_engine.begin() as tx:
            tx.execute(text("TRUNCATE amendment"))


def test_a_failure_between_mark_and_amendment_leaves_neither(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    school_id, (amina, *_) = school(engine)

    def fails(*_: object) -> str:
        raise RuntimeError("Pulled the plug")

    with monkeypatch.context() as broken:
        broken.setattr(amendments, "entry_hash", fails)
        with pytest.raises(RuntimeError, match="Pulled the plug"):
            amend(engine, school_id, change(amina, "-", "N"))
    assert mark(engine, school_id, amina) == "-"
    with read(engine) as tx:
        assert registers.head(tx, school_id) == (0, chain.GENESIS)
        assert tx.execute(select(func.count()).select_from(amendment)).scalar_one() == 0


def test_two_officers_at_once_lose_nothing_and_overwrite_nothing(engine: Engine) -> None:
    school_id, ids = school(engine, pupils_on_roll=5)
    codes = ["N", "I", "M", "L", "C"]
    won: list[tuple[int, str]] = []
    errors: list[BaseException] = []

    def officer(name: str) -> None:
        by = replace(OFFICER, username=name, name=name)
        for turn in range(40):
            pupil_id = ids[turn % 5]
            seen = mark(engine, school_id, pupil_id)
            code = codes[(codes.index(seen) + 1 if seen in codes else 0) % 5]
            try:
                won.append((amend(engine, school_id, change(pupil_id, seen, code), by=by)[0], code))
            except ChangedMeanwhile:
                pass
            except BaseException as error:
                errors.append(error)
                raise

    people = [threading.Thread(target=officer, args=(name,)) for name in ("Ann", "Ben")]
    for person in people:
        person.start()
    for person in people:
        person.join()
    assert not errors
    assert sorted(seq for seq, _ in won) == list(range(1, len(won) + 1))
    assert is_intact(engine, school_id)
    for pupil_id in ids:
        with read(engine) as tx:
            made = amendments.history(tx, school_id, pupil_id, YEAR, SLOT)
        assert all(b.original == a.amended for a, b in zip(made, made[1:], strict=False))
        assert mark(engine, school_id, pupil_id) == made[-1].amended


def test_an_import_of_new_marks_is_no_amendment_but_moves_the_revision(engine: Engine) -> None:
    school_id, (amina, bilal, _) = school(engine)
    with read(engine) as tx:
        before = registers.position(tx, school_id)
    assert lines(engine, school_id, [amina, bilal], Amina="NN", Bilal="-L") == []
    with read(engine) as tx:
        assert registers.position(tx, school_id) == (before[0], before[1] + 1)
        assert registers.load_line(tx, school_id, YEAR, bilal)[SLOT:].startswith("-L-")


def test_an_import_that_says_nothing_new_writes_nothing(engine: Engine) -> None:
    school_id, (amina, bilal, _) = school(engine)
    lines(engine, school_id, [amina, bilal], Amina="NN", Bilal="-L")
    with read(engine) as tx:
        before = registers.position(tx, school_id)
    assert lines(engine, school_id, [bilal, amina], Bilal="--", Amina="N") == []
    with read(engine) as tx:
        assert registers.position(tx, school_id) == before
        assert registers.load_line(tx, school_id, YEAR, bilal)[SLOT:].startswith("-L-")


def test_every_mark_that_an_import_overwrites_becomes_an_amendment_of_its_batch(
    engine: Engine,
) -> None:
    school_id, (amina, bilal, _) = school(engine)
    lines(engine, school_id, [amina, bilal], Amina="NNN", Bilal="///")
    assert lines(engine, school_id, [bilal, amina], Bilal="/L/I", Amina="I-C") == [1, 2, 3]
    with read(engine) as tx:
        made = amendments.history(tx, school_id, amina) + amendments.history(tx, school_id, bilal)
        assert registers.load_line(tx, school_id, YEAR, amina)[SLOT:].startswith("INC-")
    facts = [(each.slot - SLOT, each.original, each.amended, each.batch_id) for each in made]
    assert facts == [(0, "N", "I", 7), (2, "N", "C", 7), (1, "/", "L", 7)]
    assert {each.reason for each in made} == {"Imported from a.csv"}
    assert is_intact(engine, school_id)


def test_a_mark_is_a_persons_until_an_import_writes_it_again(engine: Engine) -> None:
    school_id, (amina, *_) = school(engine)
    lines(engine, school_id, [amina], Amina="NN")
    for session in Session:
        amend(engine, school_id, change(amina, "N", "I", session=session))
    with read(engine) as tx:
        assert list(amendments.by_person(tx, school_id, YEAR)) == [(amina, SLOT), (amina, SLOT + 1)]
    lines(engine, school_id, [amina], Amina="M")
    with read(engine) as tx:
        held = amendments.by_person(tx, school_id, YEAR)
        assert [(slot, each.amended) for (_, slot), each in held.items()] == [(SLOT + 1, "I")]
        assert amendments.by_person(tx, school_id, YEAR - 1) == {}


def test_amendments_are_found_by_mark_by_period_and_by_when_they_were_made(engine: Engine) -> None:
    school_id, (amina, bilal, cerys) = school(engine)
    tuesday = DAY + timedelta(days=1)
    amend(engine, school_id, change(amina, "-", "N"), change(cerys, "-", "N"))
    amend(engine, school_id, change(bilal, "-", "N", tuesday, Session.PM), after=60)
    with read(engine) as tx:

        def seqs(found: list[amendments.Amendment]) -> list[int]:
            return [each.seq for each in found]

        assert seqs(amendments.history(tx, school_id, amina, YEAR)) == [1]
        assert seqs(amendments.history(tx, school_id, amina, YEAR, SLOT + 1)) == []
        assert seqs(amendments.list_between(tx, school_id, DAY, DAY)) == [1, 2]
        assert seqs(amendments.list_between(tx, school_id, DAY, tuesday, [bilal, amina])) == [1, 3]
        hour = timedelta(hours=1)
        assert seqs(amendments.list_made(tx, school_id, NOW, NOW + hour)) == [1, 2]
        assert seqs(amendments.list_made(tx, school_id, NOW + hour, NOW + 2 * hour)) == [3]
