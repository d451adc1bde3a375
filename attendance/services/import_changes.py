"""What an import would change, mark by mark, for a person to read before it is saved."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import islice

import pandas as pd

from attendance.core.imports import Cells, ImportPlan, ImportResult
from attendance.core.slots import Session, moment_of
from attendance.rules.codes import CODE_OF

MOST_LISTED = 200


@dataclass(frozen=True, slots=True)
class ChangedMark:
    """One mark that the file would replace (or that is held: a person amended it here)."""

    name: str
    form: str
    day: date
    session: Session
    ours: str
    theirs: str
    is_held: bool


def changes_of(result: ImportResult, plans: Sequence[ImportPlan]) -> tuple[ChangedMark, ...]:
    """The first MOST_LISTED marks that are held or replaced, the held ones first."""
    held = (one for plan in plans for one in _marks(result, plan, plan.conflicts, is_held=True))
    replaced = (one for plan in plans for one in _marks(result, plan, plan.changed, is_held=False))
    return tuple(islice((one for some in (held, replaced) for one in some), MOST_LISTED))


def names_of(known: pd.DataFrame, pupil_ids: Sequence[int]) -> tuple[str, ...]:
    """'Surname, Forename' of pupils on our roll, in alphabetical order."""
    wanted = known[known["pupil_id"].isin(list(pupil_ids))]
    return tuple(sorted(wanted["surname"] + ", " + wanted["forename"]))


def _marks(
    result: ImportResult, plan: ImportPlan, cells: Cells, *, is_held: bool
) -> Iterator[ChangedMark]:
    for key, slot, ours, theirs in cells:
        pupil = result.pupils[key]
        day, session = moment_of(plan.school_year, slot)
        yield ChangedMark(
            f"{pupil.surname}, {pupil.forename}",
            pupil.form,
            day,
            session,
            CODE_OF[ours],
            CODE_OF[theirs],
            is_held,
        )
