"""The roll in whole columns, for reading a school at a time: spells, and pupils without names.

Rows are taken as the database's own driver gives them (``portable.plain_rows``).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import numpy as np
import pandas as pd
from sqlalchemy import (
    ColumnElement,
    Date,
    Integer,
    Select,
    String,
    bindparam,
    cast,
    func,
    literal,
    select,
)

from attendance.core.register import NAMELESS_COLUMNS, OPEN_ENDED, Days, Ints, Spells
from attendance.store.engine import Tx
from attendance.store.portable import bounds_of, day_of, plain_rows
from attendance.store.tables import enrolment, placement, pupil

Place = tuple[int, str]
NOWHERE: Place = (0, "")
_EPOCH = date(1970, 1, 1).toordinal()


def _spells_in_strings() -> Select[*tuple[Any, ...]]:
    table = enrolment.c
    last_day: ColumnElement[date] = func.coalesce(table.last_day, literal(OPEN_ENDED, Date))
    columns = (table.pupil_id, table.first_day, last_day, cast(table.inferred, Integer))
    # A string a column instead of a row a spell: half the time.
    texts = (func.aggregate_strings(cast(each, String), " ") for each in columns)
    return select(*texts).where(table.school_id == bindparam("school_id"))


# Put together once: with hundreds of schools, that takes longer than reading the rows.
_SPELLS = _spells_in_strings()


def spell_columns(tx: Tx, school_id: int) -> Spells:
    """Every spell on roll, by pupil, then first day."""
    row = plain_rows(tx, _SPELLS, {"school_id": school_id})[0]
    numbers, firsts, lasts, inferred = ((text or "").split() for text in row)
    ids, first_days = np.array(numbers, dtype=np.int64), _as_days(firsts)
    # Rows come in any order, but in the same one in every column.
    order = np.lexsort((first_days, ids))
    was_inferred = np.array([each == "1" for each in inferred], dtype=np.bool_)
    return Spells(ids[order], first_days[order], _as_days(lasts)[order], was_inferred[order])


def _as_days(values: Sequence[str]) -> Days:
    """Each different day is read once: a school's pupils come and go on few."""
    read = {value: date.fromisoformat(value).toordinal() - _EPOCH for value in set(values)}
    return np.array([read[value] for value in values], dtype=np.int64).astype("datetime64[D]")


def places(tx: Tx, school_id: int, school_year: int) -> dict[int, Place]:
    """Year group and form by pupil id: the last placement that began by 31 July."""
    table = placement.c
    query = (
        select(table.pupil_id, table.year_group, table.form)
        .where(table.school_id == school_id, table.first_day <= bounds_of(school_year)[1])
        .order_by(table.pupil_id, table.first_day)
    )
    return {pupil_id: (year, form) for pupil_id, year, form in plain_rows(tx, query)}


def birth_dates(tx: Tx, school_id: int) -> dict[int, date | None]:
    """Dates of birth by pupil id, None where none is known."""
    query = select(pupil.c.id, pupil.c.birth_date).where(pupil.c.school_id == school_id)
    return {pupil_id: day_of(born) for pupil_id, born in plain_rows(tx, query)}


def nameless_roll(
    tx: Tx, school_id: int, school_year: int, ids: Ints, *, placed: bool, born: bool
) -> pd.DataFrame:
    """NAMELESS_COLUMNS for these pupils, one row each in this order.

    What is not asked for is not read: ``placed`` year group and form (else 0 and ""), ``born``
    dates of birth (else None).
    """
    values = (
        ids,
        _born(tx, school_id, ids) if born else np.full(len(ids), None),
        *(_placed(tx, school_id, school_year, ids) if placed else NOWHERE),
    )
    return pd.DataFrame(dict(zip(NAMELESS_COLUMNS, values, strict=True)))


def _born(tx: Tx, school_id: int, ids: Ints) -> pd.Series[Any]:
    born_on = birth_dates(tx, school_id)
    return pd.Series([born_on.get(key) for key in ids.tolist()], dtype="object")


def _placed(tx: Tx, school_id: int, school_year: int, ids: Ints) -> tuple[Ints, pd.Series[str]]:
    place_of = places(tx, school_id, school_year)
    where = [place_of.get(key, NOWHERE) for key in ids.tolist()]
    year_groups = np.array([year_group for year_group, _ in where], dtype=np.int64)
    return year_groups, pd.Series([form for _, form in where], dtype="str")
