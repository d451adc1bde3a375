"""The whole school in one row: the same figures as pupil by pupil, however the roll moved."""

from __future__ import annotations

from datetime import UTC, date, datetime

import numpy as np
import pytest
from sqlalchemy import Engine

from attendance.core.calendar import Closure, Term
from attendance.core.slots import SLOTS, first_slot_from
from attendance.core.views import View
from attendance.errors import Refused
from attendance.rules.codes import SYMBOL_OF
from attendance.services.figures import figures
from attendance.services.summary import summaries, summary
from attendance.store import amendments, pupils, schools
from attendance.store.engine import write
from attendance.store.pupils import Enrolment, NewPupil, Placement
from tests.services.school import person

# The codes change on 19 August 2024, in the third week of the year 2024/25.
YEARS = (2024, 2025)
NOW = datetime(2026, 5, 6, 16, 0, tzinfo=UTC)
LAST_MARKED = date(2026, 5, 5)
CODES = [SYMBOL_OF[code] for code in ("/", "\\", "L", "B", "I", "H", "J", "C1", "G", "N", "O", "U",
         "X", "D", "Y", "Y4", "#", "-")]  # fmt: skip
PUPILS = 60


def spells_of(pupil_id: int, at: int) -> list[Enrolment]:
    """Stayers, a joiner, leavers, rejoiners, and some whom only last year's registers showed."""
    start = date(2024, 8, 1)
    match at % 12:
        case 0:
            return [Enrolment(pupil_id, date(2025, 11, 3))]
        case 1:
            return [Enrolment(pupil_id, start, date(2026, 1, 16))]
        case 2:
            back = Enrolment(pupil_id, date(2026, 2, 9))
            return [Enrolment(pupil_id, start, date(2025, 10, 10)), back]
        case 3:
            return [Enrolment(pupil_id, start, date(2025, 7, 31))]
        case 4:
            return [Enrolment(pupil_id, start, inferred=True)]
        case 5:
            return [Enrolment(pupil_id, date(2026, 8, 1))]
    return [Enrolment(pupil_id, start)]


def calendar(tx, school_id: int) -> None:
    """Two years of terms, with closures of the school, and of two year groups."""
    for year in YEARS:
        terms = [
            Term("Summer school", date(year, 8, 5), date(year, 8, 30)),
            Term("All", date(year, 9, 2), date(year + 1, 7, 22)),
        ]
        schools.replace_terms(tx, school_id, year, terms)
    exams = frozenset({9, 11})
    schools.add_closures(
        tx,
        school_id,
        [
            Closure(date(2025, 12, 22), date(2026, 1, 2), "closure", None, "Christmas"),
            Closure(date(2026, 3, 2), date(2026, 3, 6), "closure", exams, "Exams"),
        ],
    )


@pytest.fixture
def school_id(engine: Engine) -> int:
    """Sixty pupils and every way of coming and going; drawn by chance with a fixed seed."""
    chance = np.random.default_rng(11)
    with write(engine) as tx:
        school = schools.add_school(tx, "Invented High School", "999001", "secondary", NOW)
        calendar(tx, school)
        born = [
            None if at % 9 == 0 else date(2009 + at % 7, 9, 1 + at % 28) for at in range(PUPILS)
        ]
        people = [
            NewPupil("Testwick", f"Amina{at}", f"A999{at:09d}", birth_date=born[at])
            for at in range(PUPILS)
        ]
        ids = pupils.add_pupils(tx, school, people)
        places = [Placement(each, date(2024, 8, 1), 7 + at % 5, "K") for at, each in enumerate(ids)]
        moved = [Placement(each, date(2025, 9, 1), 8 + at % 5, "L") for at, each in enumerate(ids)]
        pupils.save_placements(tx, school, [*places, *moved[::2]])
        spells = [spell for at, each in enumerate(ids) for spell in spells_of(each, at)]
        pupils.add_enrolments(tx, school, spells)
        for year in YEARS:
            lines = chance.choice([ord(code) for code in CODES], (PUPILS, SLOTS)).astype(np.uint8)
            # Somebody without a line, and those who left with the registers of the year before.
            kept = np.array([at % 12 not in ((4, 7) if year == 2025 else (5,))
                             for at in range(PUPILS)])  # fmt: skip
            lines[:, first_slot_from(2025, LAST_MARKED) + 2 :] = ord("-")
            lines[3, -20:-10] = ord(SYMBOL_OF["C1"])  # leave entered ahead
            amendments.import_marks(
                tx, school, year, np.array(ids)[kept], lines[kept], person(), "Imported", NOW
            )
    return school


SPANS = [
    {},
    {"last_day": date(2025, 10, 3)},
    {"first_day": date(2026, 3, 2), "last_day": date(2026, 3, 6)},
    {"first_day": date(2025, 3, 3), "last_day": date(2026, 2, 20)},
    {"first_day": date(2024, 8, 12), "last_day": date(2024, 9, 6)},
    {"last_day": date(2026, 7, 31)},
    {"first_day": date(2026, 5, 25), "last_day": date(2026, 7, 31)},
]


@pytest.mark.parametrize("view", View)
def test_a_summary_is_the_sum_of_its_pupils(engine: Engine, school_id: int, view: View) -> None:
    for days in SPANS:
        found = summary(engine, school_id, now=NOW, view=view, **days)
        report = figures(engine, school_id, by="pupil", now=NOW, view=view, **days)
        named = ["possible_sessions", "attended_sessions", "authorised_absence", "unmarked",
                 "unauthorised_absence", "late_before_close", "late_after_close",
                 "persistently_absent", "severely_absent"]  # fmt: skip
        sums = {name: sum(row[name] for row in report.rows) for name in named}
        sums["pupils"] = sum(row["possible_sessions"] > 0 for row in report.rows)
        assert {name: found.counts[name] for name in sums} == sums, days
        assert (found.first_day, found.last_day) == (report.first_day, report.last_day)


def test_the_sample_has_what_it_is_to_try(engine: Engine, school_id: int) -> None:
    this_year = summary(engine, school_id, now=NOW).counts
    dfe = summary(engine, school_id, now=NOW, view=View.DFE).counts
    assert 0 < dfe["possible_sessions"] < this_year["possible_sessions"]
    assert this_year["unmarked"] > 0 and this_year["persistently_absent"] > 0
    week = {"first_day": date(2026, 3, 2), "last_day": date(2026, 3, 6)}
    open_to = figures(engine, school_id, by="year", now=NOW, **week).rows
    assert [row["key"] for row in open_to] == ["7", "8", "10", "12"]


def test_a_pupil_put_on_roll_by_last_years_registers_alone_is_not_counted_as_missing(
    engine: Engine, school_id: int
) -> None:
    report = figures(engine, school_id, by="pupil", now=NOW)
    assert "A999000000004" not in [row["key"] for row in report.rows]
    assert "A999000000007" in [row["key"] for row in report.rows]


def test_a_school_without_a_register_has_no_summary(engine: Engine) -> None:
    with write(engine) as tx:
        empty = schools.add_school(tx, "Empty School", "999009", "secondary", NOW)
    with pytest.raises(Refused, match="import one first"):
        summary(engine, empty, now=NOW)


def test_schools_are_summed_up_one_after_another_and_stay_apart(
    engine: Engine, school_id: int
) -> None:
    with write(engine) as tx:
        other = schools.add_school(tx, "Small School", "999002", "primary", NOW)
        schools.replace_terms(tx, other, 2025, [Term("All", date(2025, 9, 1), date(2025, 9, 5))])
    both = list(summaries(engine, [school_id, other], now=NOW))
    assert [each.school_id for each in both] == [school_id, other]
    assert both[0] == summary(engine, school_id, now=NOW)
    assert set(both[1].counts.values()) == {0}
