"""Which pupil on our roll each pupil of a file is. Names alone are never a key."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from attendance.core.imports import ImportedPupil, Problem


@dataclass(frozen=True, slots=True)
class PupilMatch:
    """``pupil_ids`` has one entry for each pupil of the file: ours, or None.

    ``new`` are the file's keys to create; ``ambiguous`` its keys that point at two of our pupils
    and are not to be saved; ``missing`` our pupil ids that the file does not name.
    """

    pupil_ids: tuple[int | None, ...]
    new: tuple[int, ...]
    ambiguous: tuple[int, ...]
    missing: tuple[int, ...]
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class _Roll:
    by_upn: Mapping[str, int]
    by_number: Mapping[str, set[int]]
    upn_of: Mapping[int, str | None]
    name_of: Mapping[int, str]


def match_pupils(pupils: Sequence[ImportedPupil], known: pd.DataFrame) -> PupilMatch:
    """Match by UPN (a former UPN counts), else by admission number without leading zeros.

    ``known`` has the columns pupil_id, upn, former_upn, admission_number, surname, forename. The
    number decides only when one side has no UPN, or both have the same one.
    """
    roll = _roll(known)
    ids: list[int | None] = []
    ambiguous: list[int] = []
    problems: list[Problem] = []
    for pupil in pupils:
        found, says = _find(pupil, roll)
        ids.append(found)
        if says:
            ambiguous.append(pupil.key)
            problems.append(Problem(pupil.row, None, says))
        elif found is None:
            problems += _number_in_use(pupil, roll)
    _refuse_shared(pupils, ids, ambiguous, problems)
    unmatched = (pupil.key for pupil, found in zip(pupils, ids, strict=True) if found is None)
    matched = {found for found in ids if found is not None}
    return PupilMatch(
        pupil_ids=tuple(ids),
        new=tuple(key for key in unmatched if key not in ambiguous),
        ambiguous=tuple(ambiguous),
        missing=tuple(pupil_id for pupil_id in roll.upn_of if pupil_id not in matched),
        problems=tuple(problems),
    )


def bare_number(admission_number: str | None) -> str:
    """An admission number as it is compared: '004105', '4105' and '4105.0' are the same."""
    text = (admission_number or "").strip().removesuffix(".0").upper()
    return text.lstrip("0") or text


def _find(pupil: ImportedPupil, roll: _Roll) -> tuple[int | None, str | None]:
    by_upn = roll.by_upn.get(pupil.upn) if pupil.upn else None
    numbered = roll.by_number.get(bare_number(pupil.admission_number), set())
    if by_upn is not None:
        others = numbered - {by_upn}
        if others and by_upn not in numbered:
            return None, _points_at_two(pupil, roll, by_upn, min(others))
        return by_upn, None
    fits = [each for each in sorted(numbered) if not (pupil.upn and roll.upn_of[each])]
    if len(fits) > 1:
        return None, _points_at_two(pupil, roll, fits[0], fits[1])
    return (fits[0] if fits else None), None


def _number_in_use(pupil: ImportedPupil, roll: _Roll) -> list[Problem]:
    """A warning about a new pupil whose admission number one of ours has under another UPN."""
    others = roll.by_number.get(bare_number(pupil.admission_number), set())
    if not pupil.admission_number or not others:
        return []
    says = (
        f"Row {pupil.row}: {pupil.forename} {pupil.surname} is new by UPN {pupil.upn}, but the "
        f"admission number {pupil.admission_number} is {roll.name_of[min(others)]}’s here. If "
        "they are one pupil whose UPN changed, correct the UPN on the pupil’s record first."
    )
    return [Problem(pupil.row, None, says)]


def _points_at_two(pupil: ImportedPupil, roll: _Roll, one: int, other: int) -> str:
    return (
        f"{pupil.forename} {pupil.surname} (UPN {pupil.upn or 'none'}, admission number "
        f"{pupil.admission_number or 'none'}) could be {roll.name_of[one]} or "
        f"{roll.name_of[other]}. Nothing is saved for this pupil; correct the UPN or the "
        "admission number in the file or on the pupil’s record."
    )


def _refuse_shared(
    pupils: Sequence[ImportedPupil],
    ids: list[int | None],
    ambiguous: list[int],
    problems: list[Problem],
) -> None:
    """Two pupils of the file that reach one of ours: neither is saved."""
    claims: dict[int, list[int]] = {}
    for index, found in enumerate(ids):
        if found is not None:
            claims.setdefault(found, []).append(index)
    for indexes in (each for each in claims.values() if len(each) > 1):
        rows = " and ".join(str(pupils[index].row) for index in indexes)
        for index in indexes:
            ids[index] = None
            ambiguous.append(pupils[index].key)
        says = (
            f"Rows {rows} are two pupils in the file but one on our roll. Nothing is saved for "
            "them; correct the UPN or the admission number in one of the rows."
        )
        problems.append(Problem(pupils[indexes[0]].row, None, says))


def _roll(known: pd.DataFrame) -> _Roll:
    by_upn: dict[str, int] = {}
    by_number: dict[str, set[int]] = {}
    upn_of: dict[int, str | None] = {}
    name_of: dict[int, str] = {}
    for row in known.to_dict("records"):
        pupil_id = int(row["pupil_id"])
        upn, former, number = (_text(row[c]) for c in ("upn", "former_upn", "admission_number"))
        upn_of[pupil_id] = upn
        name_of[pupil_id] = f"{row['forename']} {row['surname']}"
        if former:
            by_upn.setdefault(former, pupil_id)
        if number:
            by_number.setdefault(bare_number(number), set()).add(pupil_id)
    # A present UPN wins over another pupil's former one.
    by_upn.update({upn: pupil_id for pupil_id, upn in upn_of.items() if upn})
    return _Roll(by_upn, by_number, upn_of, name_of)


def _text(value: object) -> str | None:
    return value.strip() or None if isinstance(value, str) else None
