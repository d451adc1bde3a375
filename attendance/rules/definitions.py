"""What each figure on a screen counts, and under which rule: data/reference/definitions.csv."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType

DEFINITIONS_FILE = Path(__file__).parents[2] / "data" / "reference" / "definitions.csv"


@dataclass(frozen=True, slots=True)
class Definition:
    """One measure in words, and the rule it follows."""

    measure: str
    words: str
    rule: str


@cache
def definitions() -> Mapping[str, Definition]:
    """Every measure's definition by its name."""
    with DEFINITIONS_FILE.open(encoding="utf-8", newline="") as lines:
        rows = [Definition(**row) for row in csv.DictReader(lines)]
    return MappingProxyType({row.measure: row for row in rows})
