"""What was imported, and the marks amended here that an import wanted to overwrite."""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    Column,
    Date,
    ForeignKey,
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
    own_id,
    school_key,
)

import_batch = Table(
    "import_batch",
    metadata,
    own_id(),
    school_key(),
    Column("file_name", Text, nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("format", String(40), nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("username", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("first_day", Date),
    Column("last_day", Date),
    Column("pupils", Integer, nullable=False),
    Column("new_marks", Integer, nullable=False),
    Column("changed", Integer, nullable=False),
    Column("conflicts", Integer, nullable=False),
    Column("problems", JSON, nullable=False),
    Index(None, "school_id", "sha256"),
)

import_conflict = Table(
    "import_conflict",
    metadata,
    own_id(),
    school_key(),
    Column("batch_id", Integer, ForeignKey("import_batch.id"), nullable=False),
    Column("school_year", Integer, nullable=False),
    Column("pupil_id", Integer, nullable=False),
    Column("slot", Integer, nullable=False),
    Column("ours", String(5), nullable=False),
    Column("theirs", String(5), nullable=False),
    Column("state", String(10), nullable=False),
    Column("decided_at", UtcDateTime),
    Column("decided_by", Text),
    of_a_pupil_of_the_school(),
    Index(None, "school_id", "state"),
)
