"""The definition that stands one hover away from every figure: what, whom, when, which rule."""

from __future__ import annotations

from datetime import date

from attendance.core.views import View
from attendance.rules.definitions import definitions


def define(
    measure: str,
    *,
    view: View = View.SCHOOL,
    first_day: date | None = None,
    last_day: date | None = None,
    base: str = "",
) -> str:
    """One text for a hover: the measure's words, the view, the days, the base and the rule.

    ``base`` says of how many: '123,179 possible sessions of 1,212 pupils'. Raises KeyError for a
    measure that data/reference/definitions.csv does not hold.
    """
    found = definitions()[measure]
    days = _days(first_day, last_day)
    parts = [f"{found.words}.", f"{view.words}{days}."]
    parts += [f"Out of {base}."] if base else []
    return " ".join([*parts, f"Rule: {found.rule}."])


def _days(first_day: date | None, last_day: date | None) -> str:
    if last_day is None:
        return ""
    until = f" to {last_day.day} {last_day:%B %Y}"
    return until if first_day is None else f", {first_day.day} {first_day:%B %Y}{until}"
