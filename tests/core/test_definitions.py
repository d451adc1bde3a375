"""Every measure says what it counts, for whom, over which days and under which rule."""

from __future__ import annotations

from datetime import date

import pytest

from attendance.core.definitions import define
from attendance.core.views import View
from attendance.rules.definitions import definitions


@pytest.mark.parametrize("measure", list(definitions()))
def test_every_measure_has_words_and_a_rule(measure: str) -> None:
    found = definitions()[measure]
    assert len(found.words) > 20 and found.rule
    assert not found.words.endswith(".") and not found.rule.endswith(".")


def test_a_definition_names_view_days_base_and_rule() -> None:
    said = define(
        "absence_rate",
        view=View.DFE,
        first_day=date(2026, 9, 2),
        last_day=date(2026, 11, 24),
        base="123,179 possible sessions",
    )
    assert said == (
        "Authorised and unauthorised absence over possible sessions, pooled over the pupils. "
        "DfE-comparable view: ages 5 to 15, 2 September 2026 to 24 November 2026. "
        "Out of 123,179 possible sessions. Rule: DfE absence methodology s3."
    )


def test_without_days_the_view_stands_alone() -> None:
    assert "School view: every pupil. Rule: " in define("headroom")
    assert "School view: every pupil to 4 May 2026." in define(
        "headroom", last_day=date(2026, 5, 4)
    )


def test_a_measure_that_nobody_defined_is_a_mistake() -> None:
    with pytest.raises(KeyError):
        define("popularity")
