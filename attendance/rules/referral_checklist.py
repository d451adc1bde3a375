"""What local authorities ask for in a referral, read from data/reference/referral_checklist.csv.

Each row is a field that at least one authority's own form or page asks for. ``how`` says where it
comes from: 'auto' from the register and the pupil's record, 'log' from what was done, 'ask' from
the person who refers, 'dsl' from the Designated Safeguarding Lead alone.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path

CHECKLIST_FILE = Path(__file__).parents[2] / "data" / "reference" / "referral_checklist.csv"
WAYS = ("auto", "log", "ask", "dsl")


@dataclass(frozen=True, slots=True)
class ChecklistField:
    """One thing asked for: its group, its words, where it comes from and who asks for it."""

    key: str
    group: str
    field: str
    how: str
    asked_for_by: str
    source: str


@cache
def referral_checklist() -> tuple[ChecklistField, ...]:
    """Every field, in the order of the file."""
    with CHECKLIST_FILE.open(encoding="utf-8", newline="") as lines:
        return tuple(ChecklistField(**row) for row in csv.DictReader(lines))
