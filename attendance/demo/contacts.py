"""Whom the school may ring: one to three contacts a household, shared by brothers and sisters.

Telephone numbers are from the ranges Ofcom keeps for drama, mail ends in .invalid, and there is
no postcode area ZZ.
"""

from __future__ import annotations

from typing import TypedDict

import pandas as pd

from attendance.demo.arrays import Bools, Rng
from attendance.demo.names import BOYS, FIRST_PARTS, GIRLS, SECOND_PARTS

STREETS = ("Lane", "Row", "Close", "Mews", "Rise", "Yard", "Way", "Terrace")
POSTCODE = "ZZ99 9ZZ"
NOTES = (
    "Do not contact: court order, ask the DSL before any call.",
    "Do not contact at work before 3 pm.",
    "Do not contact: no parental responsibility, emergency only.",
    "Needs an interpreter; text first.",
)


class Contact(TypedDict):
    """One row of the contacts, but for the pupil's own row number and priority."""

    name: str
    relationship: str
    parental_responsibility: bool
    lives_with: bool
    phone: str
    email: str
    address: str
    note: str


def build_contacts(rng: Rng, pupils: pd.DataFrame, looked_after: Bools) -> pd.DataFrame:
    """One row a pupil and contact, in the order in which to ring.

    The whole household of a looked-after pupil lives with a foster carer.
    """
    fostered = set(pupils["household"][looked_after])
    families: dict[int, list[Contact]] = {}
    rows: list[dict[str, object]] = []
    for row, (home, surname) in enumerate(
        zip(pupils["household"].tolist(), pupils["surname"].tolist(), strict=True)
    ):
        family = families.setdefault(home, [])
        if not family:
            family.extend(_foster(rng) if home in fostered else _family(rng, surname))
        for priority, contact in enumerate(family, start=1):
            rows.append({"row": row, "priority": priority, **contact})
    return pd.DataFrame(rows)


def _foster(rng: Rng) -> list[Contact]:
    carer = GIRLS[int(rng.integers(len(GIRLS)))]
    return [_contact(rng, carer, _other(rng), "Foster carer", _address(rng), True)]


def _family(rng: Rng, surname: str) -> list[Contact]:
    mother = GIRLS[int(rng.integers(len(GIRLS)))]
    father = BOYS[int(rng.integers(len(BOYS)))]
    address = _address(rng)
    draw = rng.random()
    if draw < 0.07:  # brought up by somebody else
        relationship = ("Grandparent", "Carer", "Aunt")[int(rng.integers(3))]
        return [_contact(rng, mother, _other(rng), relationship, address, True)]
    first = _contact(rng, mother, surname, "Mother", address, True)
    if draw < 0.22:
        return [first]
    together = bool(rng.random() < 0.62)
    second_address = address if together else _address(rng)
    second = _contact(rng, father, surname, "Father", second_address, together)
    if draw < 0.7:
        return [first, second]
    grandmother = GIRLS[int(rng.integers(len(GIRLS)))]
    return [first, second, _contact(rng, grandmother, _other(rng), "Grandparent", "", False)]


def _contact(
    rng: Rng, forename: str, surname: str, relationship: str, address: str, lives_with: bool
) -> Contact:
    is_parent = relationship in ("Mother", "Father", "Carer")
    noted = rng.random() < (0.06 if is_parent and not lives_with else 0.01)
    return Contact(
        name=f"{forename} {surname}",
        relationship=relationship,
        parental_responsibility=is_parent,
        lives_with=lives_with,
        phone=_phone(rng),
        email=f"{forename}.{surname}@families.invalid".lower() if rng.random() < 0.8 else "",
        address=address,
        note=NOTES[int(rng.integers(len(NOTES)))] if noted else "",
    )


def _phone(rng: Rng) -> str:
    number = int(rng.integers(1000))
    return f"07700 900{number:03d}" if rng.random() < 0.88 else f"01632 960{number:03d}"


def _address(rng: Rng) -> str:
    street = f"{FIRST_PARTS[int(rng.integers(len(FIRST_PARTS)))]}"
    kind = STREETS[int(rng.integers(len(STREETS)))]
    return f"{int(rng.integers(1, 120))} {street} {kind}, Larkspur Fictional, {POSTCODE}"


def _other(rng: Rng) -> str:
    first = FIRST_PARTS[int(rng.integers(len(FIRST_PARTS)))]
    return first + SECOND_PARTS[int(rng.integers(len(SECOND_PARTS)))]
