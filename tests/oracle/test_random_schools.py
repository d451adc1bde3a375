"""Counts and triggers, by the engine and by the oracle, on 20,000 random pupil-years."""

from collections import Counter
from random import Random

import pytest

from tests.oracle import draw, law, world
from tests.oracle.test_counts import assert_counts_agree
from tests.oracle.test_triggers import IN_ORDER, assert_findings_agree


@pytest.mark.parametrize("first_year", [2023, 2024, 2025])
def test_engine_and_oracle_agree_on_6700_random_pupil_years(first_year):
    met: Counter[str] = Counter()
    chance = Random(first_year)
    while met["pupil-years"] < 6700:
        school = draw.school(chance, first_year, 300)
        registers = world.registers(school)
        met += assert_counts_agree(school, registers)
        on = draw.day_to_ask(chance, school)
        noted, own = draw.noted(chance, school, on), draw.thresholds(chance)
        met += assert_findings_agree(school, registers, on, noted, own)
    assert {"-", *law.CODES} <= set(met)
    assert first_year == 2023 or set(IN_ORDER) <= set(met)
