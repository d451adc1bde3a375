"""Pupils: who they are, when on roll, where they sat, what is true of them, whom to call."""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    Column,
    Date,
    Index,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from attendance.store.tables.base import (
    metadata,
    of_a_pupil_of_the_school,
    own_id,
    school_key,
)

pupil = Table(
    "pupil",
    metadata,
    own_id(),
    school_key(),
    Column("upn", String(13)),
    Column("former_upn", String(13)),
    Column("admission_number", String(20)),
    Column("surname", Text, nullable=False),
    Column("forename", Text, nullable=False),
    Column("preferred_name", Text, nullable=False),
    Column("sex", String(1), nullable=False),
    Column("birth_date", Date),
    Column("household", Integer),
    UniqueConstraint("school_id", "upn"),
    UniqueConstraint("school_id", "id"),
    Index(None, "school_id", "admission_number"),
)

enrolment = Table(
    "enrolment",
    metadata,
    own_id(),
    school_key(),
    Column("pupil_id", Integer, nullable=False),
    Column("first_day", Date, nullable=False),
    Column("last_day", Date),
    Column("inferred", Boolean, nullable=False),
    of_a_pupil_of_the_school(),
    UniqueConstraint("school_id", "pupil_id", "first_day"),
)

placement = Table(
    "placement",
    metadata,
    own_id(),
    school_key(),
    Column("pupil_id", Integer, nullable=False),
    Column("first_day", Date, nullable=False),
    Column("year_group", Integer, nullable=False),
    Column("form", Text, nullable=False),
    of_a_pupil_of_the_school(),
    UniqueConstraint("school_id", "pupil_id", "first_day"),
)

characteristic = Table(
    "characteristic",
    metadata,
    own_id(),
    school_key(),
    Column("pupil_id", Integer, nullable=False),
    Column("kind", String(30), nullable=False),
    Column("first_day", Date, nullable=False),
    Column("last_day", Date),
    Column("detail", Text, nullable=False),
    of_a_pupil_of_the_school(),
    Index(None, "school_id", "pupil_id"),
)

contact = Table(
    "contact",
    metadata,
    own_id(),
    school_key(),
    Column("pupil_id", Integer, nullable=False),
    Column("priority", Integer, nullable=False),
    Column("name", Text, nullable=False),
    Column("relationship", Text, nullable=False),
    Column("parental_responsibility", Boolean, nullable=False),
    Column("lives_with", Boolean, nullable=False),
    Column("phone", Text, nullable=False),
    Column("email", Text, nullable=False),
    Column("address", Text, nullable=False),
    Column("note", Text, nullable=False),
    of_a_pupil_of_the_school(),
    Index(None, "school_id", "pupil_id", "priority"),
)
