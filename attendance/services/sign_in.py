"""Signing in, and the session behind a browser.

A session token and a ticket are kept as their SHA-256, a password as its bcrypt hash: nobody who
reads the database can sign in with what stands there. A session ends 30 minutes after it was last
seen, 10 hours after it began, when the account is closed, or when its person signs out; role and
scope are read anew at every check. (Lockout after wrong passwords: not here yet.)
"""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta

import bcrypt

from attendance.core.people import Person
from attendance.errors import NotFound, Refused
from attendance.services.accounts import (
    DEMO_PASSWORD,
    LONGEST_PASSWORD,
    USERNAME,
    demo_accounts,
)
from attendance.store import events, schools, users, web_sessions
from attendance.store.engine import Engine, Tx, read, write, write_in_passing

IDLE = timedelta(minutes=30)
LONGEST = timedelta(hours=10)
TICKET_LIFE = timedelta(seconds=30)
# "Last seen" is written at most this often: a rerun then costs a read, not a write.
SEEN_EVERY = timedelta(seconds=30)
UNKNOWN_NAME = "A name that no account has"

# The hash of a password nobody has, so that an unknown name takes as long as a known one.
_NOBODYS_HASH = "$2b$12$/AdODoFvhr7FKWZct.WvfeRUu/tqiI1Qpe2bay8KVm0lCyjK9aRVm"


def is_password_of(engine: Engine, username: str, password: str, now: datetime) -> bool:
    """True when this is the password of an active account; the answer is logged.

    Takes one bcrypt check and one entry in the log whatever the answer, so its time does not tell
    whether the name exists. A name that does not is not kept: people type passwords there.
    """
    tidy = username.strip().lower()
    with read(engine) as tx:
        user = users.find_user(tx, tidy) if USERNAME.fullmatch(tidy) else None
    found = user.password_hash if user else _NOBODYS_HASH
    is_right = _matches(password, found) and user is not None and user.active
    with write(engine) as tx:
        if user is None:
            _log_unknown(tx, now)
        else:
            kind = "sign_in" if is_right else "sign_in_refused"
            who = user.person
            events.append(tx, who.school_id, kind, now, who.username, who.name)
    return is_right


def _log_unknown(tx: Tx, now: datetime) -> None:
    for school in schools.list_schools(tx)[:1]:
        events.append(tx, school.id, "sign_in_refused", now, "", UNKNOWN_NAME)


def _matches(password: str, password_hash: str) -> bool:
    given = password.encode()
    # bcrypt refuses more than 72 bytes: check the first 72 for the time it takes, then say no.
    is_same = bcrypt.checkpw(given[:LONGEST_PASSWORD], password_hash.encode())
    return is_same and len(given) <= LONGEST_PASSWORD


def issue_ticket(engine: Engine, username: str, now: datetime) -> str:
    """A ticket that opens one session for this account within 30 seconds.

    Only for a browser whose password has just been checked. Raises NotFound without such an
    account.
    """
    ticket = secrets.token_urlsafe(32)
    with write(engine) as tx:
        user = users.find_user(tx, username)
        if user is None:
            raise NotFound(f"There is no account called ‘{username}’.")
        web_sessions.add_ticket(tx, _digest(ticket), user.user_id, now + TICKET_LIFE)
    return ticket


def issue_demo_ticket(engine: Engine, username: str, now: datetime) -> str:
    """A ticket for one of the demo school's accounts, whose password is printed anyway.

    Raises Refused for every other account.
    """
    if not is_password_of(engine, username, DEMO_PASSWORD, now) or username not in {
        one.person.username for one in demo_accounts(engine)
    }:
        raise Refused("That account needs its own password. Type it into the form.")
    return issue_ticket(engine, username, now)


def open_session(engine: Engine, ticket: str, now: datetime) -> str:
    """Exchange a ticket for a session token. Raises Refused when it is used, old or unknown."""
    token = secrets.token_urlsafe(32)
    with write(engine) as tx:
        user_id = web_sessions.use_ticket(tx, _digest(ticket), now)
        if user_id is None:
            raise Refused("That sign-in has run out. Sign in again.")
        web_sessions.add_session(tx, _digest(token), user_id, now)
    return token


def person_of(engine: Engine, token: str, now: datetime) -> Person | None:
    """Who is behind a session token, with today's roles; None when the session has ended."""
    with read(engine) as tx:
        found = web_sessions.find_session(tx, _digest(token))
    if found is None or not _is_live(found, now):
        return None
    if now - found.last_seen_at >= SEEN_EVERY:
        # Nobody is kept waiting, or out, because this could not be noted.
        write_in_passing(engine, lambda tx: web_sessions.touch(tx, _digest(token), now))
    return found.account.person


def _is_live(found: web_sessions.WebSession, now: datetime) -> bool:
    return (
        found.account.active
        and found.revoked_at is None
        and now - found.last_seen_at < IDLE
        and now - found.created_at < LONGEST
    )


def close_session(engine: Engine, token: str, now: datetime) -> None:
    """Sign out: the token opens nothing from now on, whoever holds a copy of it."""
    with write(engine) as tx:
        web_sessions.revoke(tx, _digest(token), now)


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
