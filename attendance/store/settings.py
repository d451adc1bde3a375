"""The school's settings: a new value is a new row, and the rows before it stay."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import insert, select

from attendance.core.people import Person
from attendance.store.engine import Tx
from attendance.store.registers import bump_revision
from attendance.store.tables import setting

_setting = setting.c


@dataclass(frozen=True, slots=True)
class SettingRow:
    """A value as it was set; an empty one takes the setting back."""

    setting: str
    value: str
    source: str
    valid_from: date
    review_on: date | None
    set_at: datetime
    name: str


def add(
    tx: Tx,
    school_id: int,
    name: str,
    value: str,
    *,
    source: str,
    valid_from: date,
    review_on: date | None,
    by: Person,
    at: datetime,
) -> None:
    """Keep a new value, in force from a day on."""
    tx.execute(
        insert(setting).values(
            school_id=school_id,
            setting=name,
            value=value,
            source=source,
            valid_from=valid_from,
            review_on=review_on,
            set_at=at,
            username=by.username,
            name=by.name,
        )  # fmt: skip
    )
    bump_revision(tx, school_id)


def listed(tx: Tx, school_id: int) -> Sequence[SettingRow]:
    """Every value ever set, in the order in which they take effect."""
    query = select(
        _setting.setting, _setting.value, _setting.source, _setting.valid_from, _setting.review_on,
        _setting.set_at, _setting.name,
    ).where(_setting.school_id == school_id).order_by(_setting.valid_from, _setting.id)  # fmt: skip
    return [SettingRow(*row) for row in tx.execute(query)]
