"""What a person asks to be changed in the register, and what is then recorded of it for good.

SI 2024/208 reg 6: an amendment keeps the original entry, the amended entry, the reason, when it
was made, and the name and position of the person who made it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from attendance.core.slots import Session, school_year_of, slot_of


class Amender(Protocol):
    """Whoever changes a mark; ``attendance.core.people.Person`` is one."""

    @property
    def username(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def position(self) -> str: ...


@dataclass(frozen=True, slots=True)
class MarkChange:
    """One mark to change: the code the person saw there (``-`` for none) and the code it becomes.

    Codes are DfE's, never the store's symbols.
    """

    pupil_id: int
    day: date
    session: Session
    expected: str
    code: str

    @property
    def school_year(self) -> int:
        """The school year whose register holds the session."""
        return school_year_of(self.day)

    @property
    def slot(self) -> int:
        """The session's slot; raises OutsideTheYear at a weekend."""
        return slot_of(self.school_year, self.day, self.session)


@dataclass(frozen=True, slots=True)
class NewAmendment:
    """An amendment not yet numbered and chained. ``at`` is aware; codes are DfE's."""

    school_year: int
    pupil_id: int
    slot: int
    day: date
    session: Session
    original: str
    amended: str
    reason: str
    at: datetime
    username: str
    name: str
    position: str
    batch_id: int | None = None


@dataclass(frozen=True, slots=True)
class Amendment:
    """An amendment as it is kept: numbered from 1 in each school, chained to the one before."""

    school_id: int
    seq: int
    school_year: int
    pupil_id: int
    slot: int
    day: date
    session: Session
    original: str
    amended: str
    reason: str
    at: datetime
    username: str
    name: str
    position: str
    batch_id: int | None
    previous_hash: str
    hash: str
