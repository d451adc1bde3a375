"""Accounts: who they are, what they may do, and the rules for adding, changing and closing them.

Accounts are closed, never deleted: their names stand in the registers they amended. A system
administrator looks after the machine and sees no pupil, so that role is never joined to another;
and nobody changes their own account, so that nobody gives themselves more than they were given.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

import bcrypt

from attendance.core.people import Person
from attendance.core.permissions import check
from attendance.errors import NotAllowed, NotFound, Refused
from attendance.rules.roles import Permission, Role
from attendance.store import events, schools, users, web_sessions
from attendance.store.engine import Engine, Tx, read, write

SHORTEST_PASSWORD = 12
LONGEST_PASSWORD = 72  # bytes: bcrypt reads no further
DEMO_PASSWORD = "walk-to-school-week"
NEEDS_SCOPE = {Role.TEACHER_FORM_TUTOR: "forms", Role.PASTORAL_DHOY: "year groups"}

USERNAME = re.compile(r"[a-z0-9][a-z0-9._-]{1,39}")


@dataclass(frozen=True, slots=True)
class NewUser:
    """What an account is made of. `scope` holds year groups or forms, parted by commas."""

    username: str
    name: str
    position: str
    password: str
    role: Role
    scope: str = ""


@dataclass(frozen=True, slots=True)
class Account:
    """An account as the list shows it."""

    person: Person
    is_active: bool
    last_seen_at: datetime | None


# --- reading --------------------------------------------------------------------------------


def list_users(engine: Engine, by: Person | None) -> list[Account]:
    """Every account of the school, closed ones last. `by` None is the command line."""
    if by is not None:
        check(by, Permission.MANAGE_USERS)
    with read(engine) as tx:
        school_id = _school_id(tx, by)
        return _accounts(tx, school_id)


def demo_accounts(engine: Engine) -> list[Account]:
    """One account for each role while the database holds a demo school; otherwise none."""
    with read(engine) as tx:
        school = next((one for one in schools.list_schools(tx) if one.is_demo), None)
        everybody = _accounts(tx, school.id) if school else []
    found: dict[Role, Account] = {}
    for one in everybody:
        if one.is_active and len(one.person.roles) == 1:
            found.setdefault(next(iter(one.person.roles)), one)
    return [found[role] for role in Role if role in found]


def find_person(engine: Engine, username: str) -> Person:
    """The person behind an open account, for the command line's `--as`. Raises NotFound."""
    with read(engine) as tx:
        user = _user(tx, username)
    if not user.active:
        raise NotFound(f"The account ‘{user.person.username}’ is closed.")
    return user.person


def school_of(engine: Engine, person: Person) -> schools.School:
    """The school of a person who is signed in."""
    with read(engine) as tx:
        return schools.get_school(tx, person.school_id)


def _accounts(tx: Tx, school_id: int) -> list[Account]:
    seen = web_sessions.last_seen(tx, school_id)
    found = [
        Account(user.person, user.active, seen.get(user.user_id))
        for user in users.list_users(tx, school_id)
    ]
    return sorted(found, key=lambda one: not one.is_active)


def _scopes(scope: str) -> frozenset[str]:
    return frozenset(part.strip() for part in scope.split(",") if part.strip())


def _user(tx: Tx, username: str) -> users.Account:
    user = users.find_user(tx, username.strip().lower())
    if user is None:
        raise NotFound(f"There is no account called ‘{username}’.")
    return user


def _school_id(tx: Tx, by: Person | None) -> int:
    if by is not None:
        return by.school_id
    known = schools.list_schools(tx)
    if not known:
        raise NotFound("There is no school yet. Set one up first: python -m attendance school set.")
    return known[0].id


# --- changing -------------------------------------------------------------------------------


def add_user(engine: Engine, by: Person | None, new: NewUser, now: datetime) -> None:
    """Open an account. Raises Refused for a name, password or scope that will not do.

    `by` None is the command line or the first run: somebody who holds the machine itself.
    """
    _check_may_manage(by)
    checked = checked_user(new)
    password_hash = hash_password(checked.password)
    with write(engine) as tx:
        _add(tx, _school_id(tx, by), by, checked, password_hash, now)


def add_first_users(
    tx: Tx, school_id: int, ready: Iterable[tuple[NewUser, str]], now: datetime
) -> None:
    """The accounts of the first run with their password hashes, in the setting-up transaction."""
    for one, password_hash in ready:
        _add(tx, school_id, None, one, password_hash, now)


def checked_first_users(people: Iterable[NewUser]) -> tuple[NewUser, ...]:
    """The first accounts, tidied, or Refused for the first that will not do; saves nothing."""
    checked = tuple(checked_user(one) for one in people)
    if len({one.username for one in checked}) < len(checked):
        raise Refused("The two accounts need two different usernames.")
    return checked


def disable_user(engine: Engine, by: Person | None, username: str, now: datetime) -> None:
    """Close an account and end its sessions at once."""
    _check_may_manage(by, username)
    with write(engine) as tx:
        user = _user_of(tx, by, username)
        users.set_active(tx, user.user_id, False)
        web_sessions.revoke_all(tx, user.user_id, now)
        _log(tx, by, user, "account_closed", {}, now)


def enable_user(engine: Engine, by: Person | None, username: str, now: datetime) -> None:
    """Open a closed account again."""
    _check_may_manage(by, username)
    with write(engine) as tx:
        user = _user_of(tx, by, username)
        users.set_active(tx, user.user_id, True)
        _log(tx, by, user, "account_opened", {}, now)


def end_sessions(engine: Engine, by: Person | None, username: str, now: datetime) -> None:
    """Sign a person out everywhere."""
    _check_may_manage(by)
    with write(engine) as tx:
        user = _user_of(tx, by, username)
        web_sessions.revoke_all(tx, user.user_id, now)
        _log(tx, by, user, "sessions_ended", {}, now)


def set_role(
    engine: Engine, by: Person | None, username: str, role: Role, scope: str, now: datetime
) -> None:
    """Give an account this role and scope in place of those it has; felt at the next click."""
    _check_may_manage(by, username)
    tidy = _checked_scope(role, scope)
    with write(engine) as tx:
        user = _user_of(tx, by, username)
        users.set_roles(tx, user.user_id, {role: _scopes(tidy)})
        _log(tx, by, user, "role_changed", {"role": role, "scope": tidy}, now)


def _user_of(tx: Tx, by: Person | None, username: str) -> users.Account:
    user = _user(tx, username)
    if by is not None and user.person.school_id != by.school_id:
        raise NotFound(f"There is no account called ‘{username}’.")
    return user


def _check_may_manage(by: Person | None, username: str = "") -> None:
    if by is None:
        return
    check(by, Permission.MANAGE_USERS)
    if by.username == username.strip().lower():
        raise NotAllowed("Nobody changes their own account. Ask the other person who may.")


def _add(
    tx: Tx, school_id: int, by: Person | None, new: NewUser, password_hash: str, now: datetime
) -> None:
    if users.find_user(tx, new.username) is not None:
        raise Refused(f"The username ‘{new.username}’ is taken. Choose another.")
    users.add_user(
        tx,
        school_id,
        new.username,
        new.name,
        new.position,
        password_hash,
        {new.role: _scopes(new.scope)},
        now,
    )
    user = _user(tx, new.username)
    _log(tx, by, user, "account_added", {"role": new.role, "scope": new.scope}, now)


def _log(
    tx: Tx, by: Person | None, user: users.Account, kind: str, detail: dict[str, str], now: datetime
) -> None:
    who = (by.username, by.name) if by else ("", "Command line or first run")
    whole = {"account": user.person.username, **detail}
    events.append(tx, user.person.school_id, kind, now, *who, detail=whole)


# --- the rules ------------------------------------------------------------------------------


def checked_user(new: NewUser) -> NewUser:
    """The account, tidied. Raises Refused, saying what to change."""
    username = new.username.strip().lower()
    if not USERNAME.fullmatch(username):
        raise Refused(
            "A username has 2 to 40 letters, digits, dots or hyphens and begins with a letter "
            "or digit."
        )
    name, position = " ".join(new.name.split()), " ".join(new.position.split())
    if not name or not position:
        raise Refused("Every account needs a name and a position: both go into the register.")
    check_password_rules(new.password, username=username, name=name)
    scope = _checked_scope(new.role, new.scope)
    return NewUser(username, name, position, new.password, new.role, scope)


def check_password_rules(password: str, *, username: str = "", name: str = "") -> None:
    """Raise Refused unless the password is 12 to 72 bytes long and holds no name of its owner."""
    if not SHORTEST_PASSWORD <= len(password.encode()) <= LONGEST_PASSWORD:
        raise Refused("A password has 12 to 72 characters. Three or four words are good.")
    if password != password.strip():
        raise Refused("A password neither begins nor ends with a space.")
    if len(set(password.lower())) < 5:
        raise Refused("That password repeats a few characters. Three or four words are good.")
    own = [part.lower() for part in (username, *name.split()) if len(part) > 2]
    if any(part in password.lower() for part in own):
        raise Refused("That password holds the name or the username. Choose other words.")


def hash_password(password: str) -> str:
    """The bcrypt hash as the database keeps it; takes about a quarter of a second on purpose."""
    return bcrypt.hashpw(password.encode(), bcrypt.gensalt()).decode()


def _checked_scope(role: Role, scope: str) -> str:
    wanted = NEEDS_SCOPE.get(role)
    if wanted is None:
        return ""
    parts = sorted(_scopes(scope))
    if not parts:
        raise Refused(f"{role.title}: say which {wanted}, parted by commas.")
    return ",".join(parts)
