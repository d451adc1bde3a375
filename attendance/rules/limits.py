"""Thresholds, time limits and amounts as they were on a given day (data/reference/limits.csv).

The table also holds a few defaults of this program, such as how few sessions make a small
base. Their authority says so and their confidence is 'own choice': see `Limit.is_own_choice`.

Before 2015/16 persistent absence was a fixed number of sessions in a term or year, which no
percentage of a pupil's own sessions expresses, so that limit has no row for those years.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path

from attendance.errors import NotInForce

LIMITS_FILE = Path(__file__).parents[2] / "data" / "reference" / "limits.csv"
OWN_CHOICE = "own choice"


@dataclass(frozen=True, slots=True)
class Limit:
    """One value of one limit, from valid_from to valid_to (both included; None is still)."""

    name: str
    title: str
    value: Decimal
    unit: str
    valid_from: date
    valid_to: date | None
    authority: str
    confidence: str

    @property
    def is_own_choice(self) -> bool:
        """Whether this program chose it, rather than law or guidance."""
        return self.confidence == OWN_CHOICE

    def is_in_force(self, day: date) -> bool:
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)


@cache
def all_limits() -> tuple[Limit, ...]:
    """Every row of the table, in the order of the file: repealed values included."""
    with LIMITS_FILE.open(encoding="utf-8", newline="") as lines:
        return tuple(_limit(row) for row in csv.DictReader(lines))


@cache
def limits_on(day: date) -> tuple[Limit, ...]:
    """The limits in force on a day, in the order of the file."""
    return tuple(row for row in all_limits() if row.is_in_force(day))


@cache
def limit_on(name: str, day: date) -> Limit:
    """The limit of that name on a day. Raises NotInForce when there was none."""
    for row in limits_on(day):
        if row.name == name:
            return row
    raise NotInForce(_why_not(name, day))


def _limit(row: Mapping[str, str]) -> Limit:
    return Limit(
        name=row["name"],
        title=row["title"],
        value=Decimal(row["value"]),
        unit=row["unit"],
        valid_from=date.fromisoformat(row["valid_from"]),
        valid_to=date.fromisoformat(row["valid_to"]) if row["valid_to"] else None,
        authority=row["authority"],
        confidence=row["confidence"],
    )


def _why_not(name: str, day: date) -> str:
    rows = [row for row in all_limits() if row.name == name]
    if not rows:
        return f"There is no limit called ‘{name}’ in data/reference/limits.csv."
    first = min(rows, key=lambda row: row.valid_from)
    return (
        f"There was no such limit on {day:%-d %B %Y} ({first.title}): "
        f"the earliest known is from {first.valid_from:%-d %B %Y}."
    )
