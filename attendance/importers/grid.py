"""The form to which every layout is brought: one entry a cell, as parallel arrays."""

from __future__ import annotations

import re
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

import numpy as np
import numpy.typing as npt

from attendance.core.imports import Problem
from attendance.core.slots import Session
from attendance.importers.pupils import Roll

T = TypeVar("T", bound=Hashable)
Moment = tuple[date, Session]
Numbers = npt.NDArray[np.int64]

MINUTES = re.compile(
    r"\b(?P<before>\d{1,3})\s*(?:minutes?|mins?|m)\b\.?(?:\s*late)?\.?"
    r"|\blate\W{0,3}(?P<after>\d{1,3})\b(?:\s*(?:minutes?|mins?|m)\b\.?)?",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Note:
    """Minutes late and comment that stand with an entry (an index into Grid's arrays)."""

    entry: int
    minutes_late: int | None
    comment: str | None


@dataclass(frozen=True, slots=True)
class Stated:
    """What the file itself says of one pupil's totals, by the name of the total."""

    pupil: int
    row: int
    totals: dict[str, int]


@dataclass(frozen=True, slots=True)
class Grid:
    """Entries of a register file, not yet read as marks.

    ``pupil``, ``session``, ``text`` and ``row`` are as long as there are entries: pupil key, index
    into ``sessions``, index into ``texts``, and row number. ``columns`` names each session's
    column (wide), or has one name for all (long). ``blank_is_row`` is True when an entry without a
    mark still shows that the pupil was on roll.
    """

    layout: str
    roll: Roll
    sessions: tuple[Moment, ...]
    texts: Sequence[str]
    pupil: Numbers
    session: Numbers
    text: Numbers
    row: Numbers
    columns: tuple[str, ...]
    notes: tuple[Note, ...]
    stated: tuple[Stated, ...]
    problems: tuple[Problem, ...]
    blank_is_row: bool = False

    def column(self, session: int) -> str:
        return self.columns[session] if len(self.columns) > 1 else self.columns[0]


def number_texts(cells: Sequence[T]) -> tuple[list[T], Numbers]:
    """Distinct cells in order of appearance, and for each cell the index of its like."""
    seen: dict[T, int] = {}
    numbered = np.fromiter(
        (seen.setdefault(cell, len(seen)) for cell in cells), dtype=np.int64, count=len(cells)
    )
    return list(seen), numbered


def minutes_and_comment(text: str) -> tuple[int | None, str | None]:
    """'12 mins late. Bus' -> (12, 'Bus'); 'Late 12 min' -> (12, None)."""
    found = MINUTES.search(text)
    if not found:
        return None, text.strip() or None
    minutes = int(found["before"] or found["after"])
    rest = (text[: found.start()] + text[found.end() :]).strip(" .,;:-–\n\t")
    return minutes, rest or None
