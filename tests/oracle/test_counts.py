"""The engine's counts and the oracle's; on 20,000 pupil-years, see ``test_random_schools``."""

from collections import Counter
from fractions import Fraction
from random import Random

import numpy as np
from hypothesis import given, settings

from attendance.core.figures import COUNT_COLUMNS, pooled, pupil_counts, with_absence_flags
from attendance.core.register import Register
from attendance.core.views import View, seen_as
from tests.oracle import counts as oracle
from tests.oracle import draw, law, strategies
from tests.oracle.school import School
from tests.oracle.world import pupils_of, registers


def assert_counts_agree(school: School, drawn: list[Register]) -> Counter[str]:
    """Both views of every register, pupil by pupil; returns what was met on the way."""
    met: Counter[str] = Counter()
    for year, register in zip(school.years, drawn, strict=True):
        covered = school.is_covered(year)
        held = pupils_of(school, year)
        sessions = [oracle.sessions_of(school, year, pupil, covered) for pupil in held]
        expected = [oracle.counts(own) for own in sessions]
        found = pupil_counts(register)
        assert list(found.columns) == list(COUNT_COLUMNS)
        assert found.to_dict("records") == expected
        met.update(code for own in sessions for _, code in own)
        met["pupil-years"] += len(held)
        if year.school_year in law.SPRING_BANK_HOLIDAY and year.school_year > 2020:
            whole = list(zip(held, sessions, expected, strict=True))
            assert_published_view_agrees(register, year.school_year, whole)
            assert_flags_agree(found, expected, year.school_year)
    return met


def assert_published_view_agrees(register, school_year, whole):
    seen = seen_as(register, View.DFE)
    kept = []
    for pupil, sessions, totals in whole:
        own = oracle.published(pupil, school_year, sessions)
        if own is not None:
            kept.append((pupil.pupil_id, totals if own == sessions else oracle.counts(own)))
    assert seen.pupils["pupil_id"].tolist() == [pupil_id for pupil_id, _ in kept]
    assert pupil_counts(seen).to_dict("records") == [totals for _, totals in kept]


def assert_flags_agree(found, expected, school_year):
    flagged = with_absence_flags(found, law.date(school_year + 1, 7, 31))
    assert flagged["persistently_absent"].tolist() == [oracle.is_persistent(t) for t in expected]
    assert flagged["severely_absent"].tolist() == [oracle.is_severe(t) for t in expected]
    group = pooled(flagged, np.array(["all"] * len(flagged), dtype=object))
    if len(flagged):
        whole, row = oracle.pooled(expected), group.loc["all"]
        for name in ("pupils", "persistently_absent", "severely_absent"):
            assert row[name] == whole[name]
        if whole["absence_rate"] is not None:
            missed, possible = int(row["absent_sessions"]), int(row["possible_sessions"])
            assert Fraction(missed, possible) == whole["absence_rate"]


def test_the_engine_counts_as_plain_loops_do_across_1_september_2011_when_d_changed():
    met: Counter[str] = Counter()
    chance = Random(2010)
    while met["pupil-years"] < 1000:
        school = draw.school(chance, 2010, 280)
        met += assert_counts_agree(school, registers(school))
    assert {"-", *law.CODES} <= set(met)


@settings(max_examples=100, deadline=None)
@given(strategies.schools())
def test_the_engine_counts_as_plain_loops_do_on_any_small_school(school):
    assert_counts_agree(school, registers(school))
