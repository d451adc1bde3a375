"""The roll in whole columns, for reading a school at a time: spells, and pupils without names.

Rows are taken as the database's own driver gives them (``portable.plain_rows``).
"""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import pandas as pd
from sqlalchemy import ColumnElement, Date, func, literal, select

from attendance.core.register import NAMELESS_COLUMNS, OPEN_ENDED, Ints, Spells
from attendance.store.engine import Tx
from attendance.store.portable import bounds_of, day_of, plain_rows
from attendance.store.tables import enrolment, placement, pupil

Place = tuple[int, str]
NOWHERE: Place = (0, "")


def spell_columns(tx: Tx, school_id: int) -> Spells:
    """Every spell on roll, by pupil, then first day."""
    table = enrolment.c
    # numpy takes a day more than ten times as fast as a None.
    last_day: ColumnElement[date] = func.coalesce(table.last_day, literal(OPEN_ENDED, Date))
    query = (
        select(table.pupil_id, table.first_day, last_day, table.inferred)
        .where(table.school_id == school_id)
        .order_by(table.pupil_id, table.first_day)
    )
    rows = plain_rows(tx, query)
    ids, first_days, last_days, inferred = zip(*rows, strict=True) if rows else ((),) * 4
    return Spells(
        np.array(ids, dtype=np.int64),
        np.array(first_days, dtype="datetime64[D]"),
        np.array(last_days, dtype="datetime64[D]"),
        np.array(inferred, dtype=np.bool_),
    )


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
