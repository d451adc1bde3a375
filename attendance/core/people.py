"""The person who is signed in: name and position (both go into the register), roles and scopes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from attendance.rules.roles import Role


@dataclass(frozen=True, slots=True)
class Person:
    """Scopes hold year groups ("9") or forms ("9K") for the roles that need them; ``referred``
    the pupils that a referral in force lets a visiting Education Welfare Officer see."""

    username: str
    name: str
    position: str
    school_id: int
    roles: frozenset[Role]
    scopes: Mapping[Role, frozenset[str]] = field(default_factory=dict)
    referred: frozenset[int] = frozenset()

    @property
    def role_title(self) -> str:
        """The person's roles in words, for the masthead."""
        return ", ".join(sorted(role.title for role in self.roles))
