"""The admission register: who may be there twice, what is missing, whom the school can ring."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date

import numpy as np
import numpy.typing as npt

from attendance.core.quality_finding import Finding, Roll
from attendance.core.register import OPEN_ENDED
from attendance.core.upn import are_right, read_upn
from attendance.rules.limits import limit_on

Mask = npt.NDArray[np.bool_]


def find(
    roll: Roll,
    here: Mask,
    numbers: Mapping[int, int],
    former_upns: Mapping[int, str],
    spells: Iterable[tuple[int, date, date | None]],
) -> list[Finding]:
    """Findings about the pupils ``here`` (n,) on roll now; spells of any pupil of the year."""
    rows = np.flatnonzero(here).tolist()
    return [
        *_duplicates(roll, rows, former_upns),
        *_overlaps(roll, spells),
        *_what_is_missing(roll, rows),
        *_contacts(roll, rows, numbers),
    ]


def _what_is_missing(roll: Roll, rows: list[int]) -> list[Finding]:
    pupils = roll.register.pupils
    upns, born = pupils["upn"].tolist(), pupils["birth_date"].tolist()
    right = are_right(upns)
    found = []
    for row in rows:
        upn = upns[row]
        if not isinstance(upn, str) or not upn:
            found.append(roll.finding("no_upn", row))
        elif not right[row]:
            found.append(roll.finding("bad_upn", row, detail=_said_of(upn)))
        if not isinstance(born[row], date):
            found.append(roll.finding("no_birth_date", row))
        if not roll.forms[row] or not roll.years[row]:
            found.append(roll.finding("no_form", row))
    return found


def _capitals(upn: object) -> str:
    return upn.upper() if isinstance(upn, str) else ""


def _said_of(upn: str) -> str:
    says = read_upn(upn).says or "it has small letters or spaces"
    return f"{says[0].upper()}{says[1:]}."


def _contacts(roll: Roll, rows: list[int], numbers: Mapping[int, int]) -> list[Finding]:
    advised = int(limit_on("emergency_contacts", date.max).value)
    ids = roll.ids
    return [
        roll.finding("one_contact" if numbers.get(ids[row]) else "no_contact", row)
        for row in rows
        if numbers.get(ids[row], 0) < advised
    ]


def _duplicates(roll: Roll, rows: list[int], former_upns: Mapping[int, str]) -> list[Finding]:
    """Pupils with one name and birth date, with one UPN but for capitals, or with another's old
    UPN: one finding a group, told of its first."""
    pupils = roll.register.pupils
    surnames, forenames = pupils["surname"].tolist(), pupils["forename"].tolist()
    born, upns = pupils["birth_date"].tolist(), pupils["upn"].tolist()
    ids = roll.ids
    same: dict[tuple[str, object], list[int]] = defaultdict(list)
    for row in rows:
        if isinstance(born[row], date):
            name = surnames[row].casefold(), forenames[row].casefold(), born[row]
            same["The same name and birth date.", name].append(row)
        for upn in {_capitals(upns[row]), former_upns.get(ids[row], "").upper()} - {""}:
            same["The same UPN, now or before.", upn].append(row)
    found: dict[tuple[int, ...], Finding] = {}
    for (says, _), group in same.items():
        if len(group) > 1:
            others = [ids[row] for row in group[1:]]
            made = roll.finding("duplicate", group[0], detail=says, others=others)
            found.setdefault(tuple(group), made)
    return list(found.values())


def _overlaps(roll: Roll, spells: Iterable[tuple[int, date, date | None]]) -> list[Finding]:
    """Spells in order of first day; one that begins before the last one is over, or ends first."""
    rows = {pupil_id: row for row, pupil_id in enumerate(roll.ids)}
    found: dict[int, Finding] = {}
    until: dict[int, date] = {}
    for pupil_id, first, last in sorted(spells, key=lambda spell: spell[:2]):
        end = last or OPEN_ENDED
        wrong = end < first or first <= until.get(pupil_id, date.min)
        until[pupil_id] = max(end, until.get(pupil_id, date.min))
        if wrong and pupil_id in rows and pupil_id not in found:
            said = f"The spell from {first:%-d %B %Y}."
            found[pupil_id] = roll.finding("overlap", rows[pupil_id], detail=said)
    return list(found.values())
