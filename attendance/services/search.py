"""Finding a pupil among those a person may see.

A pupil outside a person's scope and one who does not exist are answered with the same sentence:
an address can be tried, and must not tell who is at the school.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from attendance.core.names import by_surname, called
from attendance.core.people import Person
from attendance.core.permissions import check, visible
from attendance.core.register import Register
from attendance.errors import NotFound
from attendance.rules.roles import Permission
from attendance.services.weeks import NO_SUCH_PUPIL

MOST_FOUND = 40


@dataclass(frozen=True, slots=True)
class Found:
    """One pupil of a search."""

    pupil_id: int
    name: str
    legal_name: str
    form: str
    year_group: int
    upn: str
    is_on_roll: bool


def search(person: Person, register: Register, text: str, today: date) -> list[Found]:
    """Pupils this person may see whose name, form, UPN or admission number holds every word of
    the text, in any order; at most MOST_FOUND, those on roll first."""
    check(person, Permission.PUPIL_RECORD)
    words = _folded(pd.Series([text])).iloc[0].split()
    shown = register.pupils[visible(person, Permission.PUPIL_RECORD, register.pupils)]
    if not words or shown.empty:
        return []
    hay = _haystack(shown)
    keep = np.ones(len(shown), dtype=np.bool_)
    for word in words:
        keep &= hay.str.contains(word, regex=False).to_numpy(dtype=np.bool_)
    found = by_surname(shown[keep])
    gone = has_left(found, today)
    ordered = pd.concat([found[~gone], found[gone]]).head(MOST_FOUND)
    ordered = ordered.assign(name=called(ordered), has_left=has_left(ordered, today))
    return [_found(row) for _, row in ordered.iterrows()]


def has_left(pupils: pd.DataFrame, today: date) -> npt.NDArray[np.bool_]:
    """(n,) True for pupils whose last day on roll is past."""
    days = pupils["last_day"]
    return np.array([isinstance(day, date) and day < today for day in days], dtype=np.bool_)


def row_for(
    person: Person, register: Register, *, pupil_id: int | None = None, upn: str | None = None
) -> int:
    """The register's line of a pupil this person may see; NotFound, the same, for all others."""
    row = register.row_of(pupil_id) if pupil_id is not None else _row_with_upn(register, upn)
    if row is None or not visible(person, Permission.PUPIL_RECORD, register.pupils.iloc[[row]])[0]:
        raise NotFound(NO_SUCH_PUPIL)
    return row


def _row_with_upn(register: Register, upn: str | None) -> int | None:
    rows = np.flatnonzero((register.pupils["upn"] == upn).to_numpy(dtype=np.bool_))
    return int(rows[0]) if upn and len(rows) else None


def _haystack(shown: pd.DataFrame) -> pd.Series[str]:
    parts = ["surname", "forename", "preferred_name", "form", "upn", "admission_number"]
    text = shown["surname"].astype(str)
    for name in parts[1:]:
        text = text + " " + shown[name].fillna("").astype(str)
    return _folded(text)


def _folded(text: pd.Series[str]) -> pd.Series[str]:
    """Small letters without accents, so that 'Chloe' finds 'Chloé'."""
    plain = text.str.normalize("NFKD").str.encode("ascii", "ignore").str.decode("ascii")
    return plain.str.casefold()


def _found(row: pd.Series[Any]) -> Found:
    legal = f"{row['forename']} {row['surname']}"
    return Found(
        pupil_id=int(row["pupil_id"]),
        name=str(row["name"]),
        legal_name="" if legal == row["name"] else legal,
        form=str(row["form"]),
        year_group=int(row["year_group"]),
        upn=row["upn"] or "",
        is_on_roll=not row["has_left"],
    )
