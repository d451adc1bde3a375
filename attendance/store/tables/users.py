"""Who may sign in, where they are signed in, and the log of what is not an amendment."""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
)

from attendance.store.tables.base import UtcDateTime, metadata, own_id, school_key

# The sign-in form asks for a name and a password, not for a school: names are unique everywhere.
user_account = Table(
    "user_account",
    metadata,
    own_id(),
    school_key(),
    Column("username", Text, nullable=False, unique=True),
    Column("name", Text, nullable=False),
    Column("position", Text, nullable=False),
    Column("password_hash", Text, nullable=False),
    Column("active", Boolean, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
)

user_role = Table(
    "user_role",
    metadata,
    Column("user_id", Integer, ForeignKey("user_account.id"), primary_key=True),
    Column("role", String(30), primary_key=True),
    Column("scope", String(60), primary_key=True),
)

web_session = Table(
    "web_session",
    metadata,
    Column("token_hash", String(64), primary_key=True),
    Column("user_id", Integer, ForeignKey("user_account.id"), nullable=False, index=True),
    Column("created_at", UtcDateTime, nullable=False),
    Column("last_seen_at", UtcDateTime, nullable=False),
    Column("revoked_at", UtcDateTime),
)

sign_in_ticket = Table(
    "sign_in_ticket",
    metadata,
    Column("ticket_hash", String(64), primary_key=True),
    Column("user_id", Integer, ForeignKey("user_account.id"), nullable=False),
    Column("expires_at", UtcDateTime, nullable=False),
    Column("used", Boolean, nullable=False),
)

event = Table(
    "event",
    metadata,
    own_id(),
    school_key(),
    Column("at", UtcDateTime, nullable=False),
    Column("username", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("kind", String(40), nullable=False),
    Column("subjects", JSON, nullable=False),
    Column("detail", JSON, nullable=False),
    Index(None, "school_id", "kind", "at"),
)
