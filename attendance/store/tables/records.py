"""What staff record about pupils beside their marks, and the school's own settings."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Column, Date, Index, Integer, String, Table, Text
from sqlalchemy.sql.schema import SchemaItem

from attendance.store.tables.base import (
    UtcDateTime,
    metadata,
    of_a_pupil_of_the_school,
    own_id,
    school_key,
)


def _record(name: str, *columns: SchemaItem) -> Table:
    """A table of records, each of one pupil, with who noted it and when."""
    return Table(
        name,
        metadata,
        own_id(),
        school_key(),
        Column("pupil_id", Integer, nullable=False),
        *columns,
        Column("note", Text, nullable=False),
        Column("noted_at", UtcDateTime, nullable=False),
        Column("username", Text, nullable=False),
        Column("name", Text, nullable=False),
        of_a_pupil_of_the_school(),
        Index(None, "school_id", "pupil_id"),
    )


leave_of_absence = _record(
    "leave_of_absence",
    Column("first_day", Date, nullable=False),
    Column("last_day", Date, nullable=False),
    Column("code", String(5), nullable=False),
    CheckConstraint("last_day >= first_day", name="ends_after_it_begins"),
)

expected_absence = _record(
    "expected_absence",
    Column("first_day", Date, nullable=False),
    Column("last_day", Date, nullable=False),
    Column("code", String(5), nullable=False),
    Column("noted_on", Date, nullable=False),
    CheckConstraint("last_day >= first_day", name="ends_after_it_begins"),
)

part_time_plan = _record(
    "part_time_plan",
    Column("first_day", Date, nullable=False),
    Column("review_on", Date, nullable=False),
    Column("last_day", Date),
)

penalty_notice = _record(
    "penalty_notice",
    Column("parent", Text, nullable=False),
    Column("issued_on", Date, nullable=False),
    Column("state", String(12), nullable=False),
)

# Never changed: a new value is a new row, so that a figure of any day can name its setting.
setting = Table(
    "setting",
    metadata,
    own_id(),
    school_key(),
    Column("setting", String(60), nullable=False),
    Column("value", Text, nullable=False),
    Column("source", Text, nullable=False),
    Column("valid_from", Date, nullable=False),
    Column("review_on", Date),
    Column("set_at", UtcDateTime, nullable=False),
    Column("username", Text, nullable=False),
    Column("name", Text, nullable=False),
    Index(None, "school_id", "setting"),
)
