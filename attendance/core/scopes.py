"""Whom a person reaches, in words for a sentence: 'Year 9', '9K', or everybody."""

from __future__ import annotations

from attendance.core.people import Person
from attendance.core.permissions import Reach, is_whole_school, reaches
from attendance.rules.roles import Permission

REFERRED = "those referred to you"


def scope_in_words(person: Person, permission: Permission) -> str:
    """'' for the whole school; else 'Year 9', 'Years 8 and 9', '9K', 'those referred to you'."""
    if is_whole_school(person, permission):
        return ""
    parts = []
    for role, far in sorted(reaches(person, permission).items()):
        names = sorted(person.scopes.get(role, frozenset()), key=lambda name: (len(name), name))
        if far == Reach.REFERRED:
            parts.append(REFERRED)
        elif names and far == Reach.OWN_YEAR:
            parts.append(f"Year{'s' if len(names) > 1 else ''} {listed(names)}")
        elif names:
            parts.append(listed(names))
    return listed(parts) if parts else "no pupils yet"


def listed(names: list[str]) -> str:
    """'7', '7 and 8', '7, 8 and 9'."""
    if len(names) < 2:
        return "".join(names)
    return f"{', '.join(names[:-1])} and {names[-1]}"
