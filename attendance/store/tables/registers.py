"""The register's lines, and the amendments that are the only way to change a mark in one."""

from __future__ import annotations

from sqlalchemy import (
    CHAR,
    CheckConstraint,
    Column,
    Date,
    Index,
    Integer,
    String,
    Table,
    Text,
)

from attendance.store.tables.base import (
    UtcDateTime,
    metadata,
    of_a_pupil_of_the_school,
    school_key,
)

register_line = Table(
    "register_line",
    metadata,
    school_key(primary_key=True),
    Column("school_year", Integer, primary_key=True, autoincrement=False),
    Column("pupil_id", Integer, primary_key=True, autoincrement=False),
    Column("marks", CHAR(540), nullable=False),
    Column("version", Integer, nullable=False),
    of_a_pupil_of_the_school(),
    CheckConstraint("length(marks) = 540", name="a_mark_for_every_slot"),
)

mark_detail = Table(
    "mark_detail",
    metadata,
    school_key(primary_key=True),
    Column("school_year", Integer, primary_key=True, autoincrement=False),
    Column("pupil_id", Integer, primary_key=True, autoincrement=False),
    Column("slot", Integer, primary_key=True, autoincrement=False),
    Column("minutes_late", Integer),
    Column("comment", Text),
    of_a_pupil_of_the_school(),
)

# The view `mark` reads it; upgrade() fills it from data/reference/codes.csv.
code_symbol = Table(
    "code_symbol",
    metadata,
    Column("symbol", String(1), primary_key=True),
    Column("code", String(5), nullable=False, unique=True),
)

# No foreign key to the pupil: the log outlives what it speaks of. SI 2024/208 reg 6 names the six
# facts: original, amended, reason, when, who by name, and their position.
amendment = Table(
    "amendment",
    metadata,
    school_key(primary_key=True),
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("school_year", Integer, nullable=False),
    Column("pupil_id", Integer, nullable=False),
    Column("slot", Integer, nullable=False),
    Column("day", Date, nullable=False),
    Column("session", String(2), nullable=False),
    Column("original", String(5), nullable=False),
    Column("amended", String(5), nullable=False),
    Column("reason", Text, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("username", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("position", Text, nullable=False),
    Column("batch_id", Integer),
    Column("previous_hash", String(64), nullable=False),
    Column("hash", String(64), nullable=False),
    CheckConstraint("original <> amended", name="something_changed"),
    CheckConstraint(
        "trim(reason) <> '' AND trim(name) <> '' AND trim(position) <> ''",
        name="all_facts_given",
    ),
    Index(None, "school_id", "pupil_id", "school_year", "slot"),
    Index(None, "school_id", "day"),
)
