"""What every table is made of: one metadata, one way to keep a moment, one way to name a school."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    Column,
    DateTime,
    Dialect,
    ForeignKey,
    ForeignKeyConstraint,
    Integer,
    MetaData,
)
from sqlalchemy.types import TypeDecorator

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


class UtcDateTime(TypeDecorator[datetime]):
    """A moment: refused without a time zone, kept as UTC, returned aware on every database."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """SQLite keeps no time zone, so every moment goes in as UTC."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"{value} has no time zone; the store keeps moments, not clock times.")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Comes back aware, in UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def school_key(*, primary_key: bool = False) -> Column[int]:
    """The school a row belongs to: in every key, so that schools can be spread over databases."""
    return Column(
        "school_id", Integer, ForeignKey("school.id"), primary_key=primary_key, nullable=False
    )


def of_a_pupil_of_the_school() -> ForeignKeyConstraint:
    """The pupil must be one of the same school, not merely any pupil."""
    return ForeignKeyConstraint(["school_id", "pupil_id"], ["pupil.school_id", "pupil.id"])


def own_id() -> Column[Any]:
    """A number the database gives."""
    return Column("id", Integer, primary_key=True)
