"""A school, its years, terms and closures, and the two counters its caches follow."""

from __future__ import annotations

from sqlalchemy import (
    CHAR,
    Boolean,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
    Time,
)

from attendance.store.tables.base import UtcDateTime, metadata, own_id, school_key

school = Table(
    "school",
    metadata,
    own_id(),
    Column("name", Text, nullable=False),
    Column("urn", String(10), nullable=False, unique=True),
    Column("phase", String(20), nullable=False),
    Column("is_demo", Boolean, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("am_opens", Time),
    Column("am_closes", Time),
    Column("pm_opens", Time),
    Column("pm_closes", Time),
)

# seq numbers the amendments without a gap; revision moves with every other write that changes what
# a register shows. head is the hash of amendment seq.
school_seq = Table(
    "school_seq",
    metadata,
    Column("school_id", Integer, ForeignKey("school.id"), primary_key=True, autoincrement=False),
    Column("seq", Integer, nullable=False),
    Column("revision", Integer, nullable=False),
    Column("head", String(64), nullable=False),
)

school_year = Table(
    "school_year",
    metadata,
    school_key(primary_key=True),
    Column("school_year", Integer, primary_key=True, autoincrement=False),
    Column("sessions", CHAR(540), nullable=False),
    Column("terms_inferred", Boolean, nullable=False),
)

term = Table(
    "term",
    metadata,
    own_id(),
    school_key(),
    Column("school_year", Integer, nullable=False),
    Column("name", Text, nullable=False),
    Column("first_day", Date, nullable=False),
    Column("last_day", Date, nullable=False),
    Index(None, "school_id", "school_year"),
)

closure = Table(
    "closure",
    metadata,
    own_id(),
    school_key(),
    Column("first_day", Date, nullable=False),
    Column("last_day", Date, nullable=False),
    Column("kind", String(20), nullable=False),
    Column("years", Text),
    Column("name", Text, nullable=False),
    Index(None, "school_id", "first_day"),
)
