"""Invented schools in numbers, for the benchmarks that count: names nobody reads, marks by numpy.

Saved by the store's own functions, so that what is read is what a school's database holds.
"""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import numpy as np

from attendance.core.calendar import Term
from attendance.core.register import BLANK, Ints, Marks
from attendance.core.slots import SLOTS, Session, first_slot_from, slot_of
from attendance.store import pupils, registers, schools
from attendance.store.engine import Engine, Tx, open_engine, upgrade, write
from attendance.store.pupils import Enrolment, NewPupil, Placement
from tests.benchmarks.imports import ABSENCES, SESSIONS, days
from tests.benchmarks.measure import NOW

YEAR = 2025
FIRST_DAY = date(2025, 9, 1)
# One pupil in fifty leaves in March.
LEAVER, ONE_IN, LAST_OF_LEAVER = 7, 50, date(2026, 3, 13)


def build(file: Path, number: int, size: int) -> Engine:
    """A new SQLite file with so many schools of so many pupils, 380 sessions marked for each."""
    engine = open_engine(f"sqlite:///{file}")
    upgrade(engine)
    chance = np.random.default_rng(1)
    for at in range(number):
        with write(engine) as tx:
            _save(tx, f"{at:06d}", draw(chance, size))
    return engine


def draw(chance: np.random.Generator, size: int) -> Marks:
    """(size, 540): present, with 7 % missed and 3 % late, on 190 days."""
    slots = session_slots()
    marks = np.tile(np.frombuffer(b"/\\" * (SESSIONS // 2), dtype=np.uint8), (size, 1))
    drawn = chance.random(marks.shape)
    marks[drawn < 0.10] = ord("L")
    missed = drawn < 0.07
    marks[missed] = chance.choice([ord(code) for code in ABSENCES], missed.sum())
    lines = np.full((size, SLOTS), BLANK, dtype=np.uint8)
    lines[:, slots] = marks
    lines[LEAVER::ONE_IN, first_slot_from(YEAR, LAST_OF_LEAVER + timedelta(days=1)) :] = BLANK
    return lines


def session_slots() -> Ints:
    """The slots of the 380 sessions."""
    return np.array([slot_of(YEAR, day, half) for day in days() for half in Session])


def _save(tx: Tx, urn: str, lines: Marks) -> None:
    school_id = schools.add_school(tx, f"Invented School {urn}", urn, "secondary", NOW)
    schools.replace_terms(tx, school_id, YEAR, _terms(days()))
    seen = np.full(SLOTS, ".")
    seen[session_slots()] = "o"
    schools.save_sessions(tx, school_id, YEAR, "".join(seen))
    people = [NewPupil("Testwick", f"Amina{at}", f"A{urn}{at:06d}") for at in range(len(lines))]
    ids = pupils.add_pupils(tx, school_id, people)
    # Most came in an earlier year; one in five joined in September.
    pupils.add_enrolments(tx, school_id, (_spell(each, at) for at, each in enumerate(ids)))
    places = [
        Placement(each, FIRST_DAY, 7 + at % 5, f"{7 + at % 5}K") for at, each in enumerate(ids)
    ]
    pupils.save_placements(tx, school_id, places)
    registers.write_lines(tx, school_id, YEAR, np.array(ids), lines)


def _spell(pupil_id: int, at: int) -> Enrolment:
    joined = FIRST_DAY if at % 5 == 0 else date(2025 - at % 5, 9, 2)
    return Enrolment(pupil_id, joined, LAST_OF_LEAVER if at % ONE_IN == LEAVER else None)


def _terms(school_days: list[date]) -> list[Term]:
    """Runs of weekdays with school: a break of over a weekend ends a term."""
    starts = [0] + [
        at for at in range(1, len(school_days)) if (school_days[at] - school_days[at - 1]).days > 3
    ]
    ends = [*(at - 1 for at in starts[1:]), len(school_days) - 1]
    return [
        Term(f"Term {number}", school_days[first], school_days[last])
        for number, (first, last) in enumerate(zip(starts, ends, strict=True), 1)
    ]
