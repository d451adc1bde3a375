"""Accounts: who a person is, what their roles reach, and whether they may still sign in.

A role without a scope has one row with scope "". Usernames are kept in small letters. What a
referral lets a visitor see is not kept here: Person.referred is filled by the caller.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import RowMapping, delete, func, insert, select, update

from attendance.core.people import Person
from attendance.errors import NotFound
from attendance.rules.roles import Role
from attendance.store.engine import Tx
from attendance.store.tables import user_account, user_role

Grants = Mapping[Role, frozenset[str]]
_account = user_account.c


@dataclass(frozen=True, slots=True)
class Account:
    """A person's account; the password only as its hash."""

    user_id: int
    person: Person
    password_hash: str
    active: bool
    created_at: datetime


def add_user(
    tx: Tx,
    school_id: int,
    username: str,
    name: str,
    position: str,
    password_hash: str,
    grants: Grants,
    at: datetime,
) -> int:
    """A new account with its roles, each with its scopes (none: an empty set); its id."""
    result = tx.execute(
        insert(user_account).returning(_account.id),
        {
            "school_id": school_id,
            "username": username.lower(),
            "name": name,
            "position": position,
            "password_hash": password_hash,
            "active": True,
            "created_at": at,
        },
    )
    user_id = int(result.scalar_one())
    set_roles(tx, user_id, grants)
    return user_id


def set_roles(tx: Tx, user_id: int, grants: Grants) -> None:
    """The roles of an account, in place of those it had."""
    tx.execute(delete(user_role).where(user_role.c.user_id == user_id))
    rows = [
        {"user_id": user_id, "role": str(role), "scope": scope}
        for role, scopes in grants.items()
        for scope in (scopes or {""})
    ]
    if rows:
        tx.execute(insert(user_role), rows)


def set_active(tx: Tx, user_id: int, active: bool) -> None:
    """Whether the account may sign in."""
    _change(tx, user_id, active=active)


def set_password_hash(tx: Tx, user_id: int, password_hash: str) -> None:
    """Another password."""
    _change(tx, user_id, password_hash=password_hash)


def set_name(tx: Tx, user_id: int, name: str, position: str) -> None:
    """Name and position as they go into amendments from now on."""
    _change(tx, user_id, name=name, position=position)


def find_user(tx: Tx, username: str) -> Account | None:
    """The account of a username, of whichever school, active or not; None where there is none."""
    query = _accounts().where(_account.username == username.lower())
    return next(iter(accounts_in(tx.execute(query).mappings())), None)


def get_user(tx: Tx, school_id: int, username: str) -> Account:
    """The account of a username at a school; raises NotFound."""
    account = find_user(tx, username)
    if account is None or account.person.school_id != school_id:
        raise NotFound(f"Nobody has the username {username}. The Users page lists who has one.")
    return account


def list_users(tx: Tx, school_id: int) -> list[Account]:
    """Every account of a school, by name."""
    query = _accounts().where(_account.school_id == school_id)
    found = accounts_in(tx.execute(query).mappings())
    return sorted(found, key=lambda account: (account.person.name, account.user_id))


def count_users(tx: Tx) -> int:
    """How many accounts there are, of any school: none means a first run."""
    return tx.execute(select(func.count()).select_from(user_account)).scalar_one()


def account_columns() -> list[Any]:
    """What ``accounts_in`` needs of user_account outer-joined with user_role."""
    return [
        _account.id.label("user_id"),
        _account.school_id,
        _account.username,
        _account.name,
        _account.position,
        _account.password_hash,
        _account.active,
        _account.created_at.label("account_created_at"),
        user_role.c.role,
        user_role.c.scope,
    ]


def accounts_in(rows: Iterable[RowMapping]) -> list[Account]:
    """Accounts from rows of which each holds one role and scope."""
    by_user: dict[int, list[RowMapping]] = {}
    for row in rows:
        by_user.setdefault(row["user_id"], []).append(row)
    return [_account_of(together) for together in by_user.values()]


def with_roles() -> Any:
    """user_account outer-joined with its roles."""
    return user_account.outerjoin(user_role, user_role.c.user_id == _account.id)


def _accounts() -> Any:
    return select(*account_columns()).select_from(with_roles()).order_by(_account.id)


def _account_of(rows: list[RowMapping]) -> Account:
    first = rows[0]
    scopes: dict[Role, frozenset[str]] = {}
    for row in rows:
        if row["role"] is not None:
            role = Role(row["role"])
            reached = {row["scope"]} - {""}
            scopes[role] = scopes.get(role, frozenset()) | reached
    person = Person(
        username=first["username"],
        name=first["name"],
        position=first["position"],
        school_id=first["school_id"],
        roles=frozenset(scopes),
        scopes=scopes,
    )
    return Account(
        first["user_id"],
        person,
        first["password_hash"],
        first["active"],
        first["account_created_at"],
    )


def _change(tx: Tx, user_id: int, **values: object) -> None:
    tx.execute(update(user_account).where(_account.id == user_id).values(**values))
