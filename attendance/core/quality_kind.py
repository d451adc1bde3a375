"""What every kind of finding says of itself."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum, StrEnum


class Weight(IntEnum):
    """How much a finding matters, worst first."""

    FIGURES = 1
    DUTY = 2
    RECORD = 3

    @property
    def words(self) -> str:
        return _WEIGHTS[self]


_WEIGHTS = {
    Weight.FIGURES: "Changes your figures",
    Weight.DUTY: "The law or guidance asks for it",
    Weight.RECORD: "Makes records worse",
}


class About(StrEnum):
    """What a kind tells a reader of: decides who may see it."""

    REGISTERS = "registers"  # a form's or the school's registers; names nobody
    MARKS = "marks"  # a named pupil's marks
    ROLL = "roll"  # a named pupil's entry on the admission register
    CONTACTS = "contacts"  # whom the school can ring


class Place(StrEnum):
    """The page where it is mended."""

    REGISTER = "register"
    PUPIL = "pupil"
    IMPORTS = "imports"


@dataclass(frozen=True, slots=True)
class Kind:
    """``title`` heads a list, ``says`` is the sentence of one row, ``fix`` what to do."""

    name: str
    title: str
    says: str
    why: str
    authority: str
    fix: str
    weight: Weight
    about: About
    place: Place
