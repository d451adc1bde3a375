"""Where people are signed in: one-time tickets and browser sessions, kept only as hashes.

How long a session lasts is not decided here: the caller compares the moments with its limits.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, delete, func, insert, select, update

from attendance.store.engine import Tx
from attendance.store.tables import sign_in_ticket, user_account, web_session
from attendance.store.users import Account, account_columns, accounts_in, with_roles

_session = web_session.c


@dataclass(frozen=True, slots=True)
class WebSession:
    """A browser's session and whose it is, as the account stands now."""

    account: Account
    created_at: datetime
    last_seen_at: datetime
    revoked_at: datetime | None


def add_ticket(tx: Tx, ticket_hash: str, user_id: int, expires_at: datetime) -> None:
    """A ticket that can be exchanged once for a session."""
    tx.execute(
        insert(sign_in_ticket),
        {
            "ticket_hash": ticket_hash,
            "user_id": user_id,
            "expires_at": expires_at,
            "used": False,
        },
    )


def use_ticket(tx: Tx, ticket_hash: str, now: datetime) -> int | None:
    """Whose ticket it is, once and before it expires; None ever after."""
    ticket = sign_in_ticket.c
    result = tx.execute(
        update(sign_in_ticket)
        .where(ticket.ticket_hash == ticket_hash, ticket.used.is_(False), ticket.expires_at > now)
        .values(used=True)
        .returning(ticket.user_id)
    )
    return result.scalar_one_or_none()


def add_session(tx: Tx, token_hash: str, user_id: int, now: datetime) -> None:
    """A browser signs in."""
    tx.execute(
        insert(web_session),
        {"token_hash": token_hash, "user_id": user_id, "created_at": now, "last_seen_at": now},
    )


def find_session(tx: Tx, token_hash: str) -> WebSession | None:
    """The session with its account and roles, in one query; revoked ones too."""
    query = (
        select(_session.created_at, _session.last_seen_at, _session.revoked_at, *account_columns())
        .select_from(with_roles().join(web_session, _session.user_id == user_account.c.id))
        .where(_session.token_hash == token_hash)
    )
    rows = tx.execute(query).mappings().all()
    if not rows:
        return None
    row = rows[0]
    return WebSession(
        accounts_in(rows)[0], row["created_at"], row["last_seen_at"], row["revoked_at"]
    )


def last_seen(tx: Tx, school_id: int) -> dict[int, datetime]:
    """When each account of a school was last seen, by user id; absent where never."""
    query = (
        select(_session.user_id, func.max(_session.last_seen_at))
        .join(user_account, user_account.c.id == _session.user_id)
        .where(user_account.c.school_id == school_id)
        .group_by(_session.user_id)
    )
    return {row[0]: row[1] for row in tx.execute(query)}


def touch(tx: Tx, token_hash: str, now: datetime) -> None:
    """The browser was seen."""
    tx.execute(
        update(web_session).where(_session.token_hash == token_hash).values(last_seen_at=now)
    )


def revoke(tx: Tx, token_hash: str, now: datetime) -> None:
    """Signed out."""
    _revoke(tx, now, _session.token_hash == token_hash)


def revoke_all(tx: Tx, user_id: int, now: datetime) -> None:
    """Signed out everywhere: the account was disabled, or its password or role changed."""
    _revoke(tx, now, _session.user_id == user_id)


def forget_before(tx: Tx, moment: datetime) -> None:
    """Delete tickets that expired and sessions last seen before a moment."""
    tx.execute(delete(sign_in_ticket).where(sign_in_ticket.c.expires_at < moment))
    tx.execute(delete(web_session).where(_session.last_seen_at < moment))


def _revoke(tx: Tx, now: datetime, which: ColumnElement[bool]) -> None:
    tx.execute(
        update(web_session).where(which, _session.revoked_at.is_(None)).values(revoked_at=now)
    )
