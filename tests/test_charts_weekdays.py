"""Absence by day of the week, drawn."""

from __future__ import annotations

import pandas as pd
import pytest

from attendance.charts.palette import palette
from attendance.charts.weekdays import absence_by_weekday


def days(**given: object) -> pd.DataFrame:
    usual: dict[str, object] = {
        "label": ["Mon", "Tue", "Wed", "Thu", "Fri"],
        "rate": [0.08, 0.07, 0.07, 0.01, 0.1],
        "missed": [80, 70, 70, 10, 100],
        "possible": [1000] * 5,
        "comparator": [0.09, None, 0.08, 0.08, 0.1],
    }
    return pd.DataFrame(usual | given)


def test_each_day_is_read_out_with_its_rate() -> None:
    said = absence_by_weekday(days()).to_dict()["description"].replace("\u202f", " ")
    assert said == (
        "Absence by day of the week: Mon 8.0 %; Tue 7.0 %; Wed 7.0 %; Thu 1.0 %; Fri 10.0 %."
    )


def test_a_figure_stands_in_its_bar_only_where_the_bar_has_room_for_it() -> None:
    layers = absence_by_weekday(days()).to_dict()["layer"]
    (filters,) = [layer["transform"] for layer in layers if "transform" in layer]
    assert float(filters[0]["filter"].split(">")[1]) == pytest.approx(0.11 / 6)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_colours_are_the_houses_own_in_both_themes(theme: str) -> None:
    drawn = str(absence_by_weekday(days(), theme=theme).to_dict())  # type: ignore[arg-type]
    assert palette(theme).accent in drawn  # type: ignore[arg-type]
    assert palette(theme).last_year in drawn  # type: ignore[arg-type]


def test_a_week_without_marks_and_without_last_year_can_be_drawn() -> None:
    nothing = days(rate=[float("nan")] * 5, comparator=[float("nan")] * 5)
    assert absence_by_weekday(nothing).to_dict()["layer"]
