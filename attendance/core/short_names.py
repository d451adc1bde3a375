"""A few words for each code in force, where its whole meaning is too long: on a bar, in a list.

The meaning itself, with its authority, is in data/reference/codes.csv and is never shortened there.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from types import MappingProxyType

from attendance.rules.codes import reading_of

SHORT_NAMES: Mapping[str, str] = MappingProxyType(
    {
        "/": "Present",
        "\\": "Present",
        "L": "Late, before close",
        "K": "Arranged by the LA",
        "V": "Educational visit",
        "P": "Sporting activity",
        "W": "Work experience",
        "B": "Other approved activity",
        "D": "Dual registered",
        "C1": "Performance leave",
        "M": "Medical, dental",
        "J1": "Interview",
        "S": "Study leave",
        "X": "Not of school age",
        "C2": "Part-time timetable",
        "C": "Exceptional leave",
        "T": "Mobile child",
        "R": "Religious day",
        "I": "Illness",
        "E": "Suspended, excluded",
        "Q": "No access arranged",
        "Y1": "Transport not available",
        "Y2": "Travel disrupted",
        "Y3": "Part of school closed",
        "Y4": "School closed",
        "Y5": "In custody",
        "Y6": "Public health",
        "Y7": "Other cause",
        "G": "Holiday not granted",
        "N": "No reason yet",
        "O": "Other, unknown",
        "U": "After close",
    }
)


def short_name(code: str, day: date) -> str:
    """A few words for a mark of a day; the whole meaning where there are none (withdrawn codes)."""
    return SHORT_NAMES.get(code) or reading_of(code, day).name
