"""Accounts and the browser sessions that belong to them."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError

from attendance.core.people import Person
from attendance.errors import NotFound
from attendance.rules.roles import Role
from attendance.store import users, web_sessions
from attendance.store.engine import Tx, read, write
from attendance.store.users import Account
from tests.store.build import NOW, school

TUTOR = {Role.TEACHER_FORM_TUTOR: frozenset({"9K", "9J"}), Role.DSL: frozenset[str]()}
MINUTE = timedelta(minutes=1)


def add(tx: Tx, school_id: int, username: str = "Tess", name: str = "Tess Invented") -> int:
    return users.add_user(tx, school_id, username, name, "Form Tutor", "$2b$hash", TUTOR, NOW)


def test_an_account_is_found_by_its_username_in_capitals_or_not(engine: Engine) -> None:
    school_id, _ = school(engine)
    with write(engine) as tx:
        user_id = add(tx, school_id)
    with read(engine) as tx:
        found = users.find_user(tx, "TESS")
        assert users.find_user(tx, "nobody") is None
        assert users.count_users(tx) == 1
    person = Person("tess", "Tess Invented", "Form Tutor", school_id, frozenset(TUTOR), TUTOR)
    assert found == Account(user_id, person, "$2b$hash", True, NOW)


def test_a_username_belongs_to_one_person_whatever_the_school(engine: Engine) -> None:
    here, _ = school(engine)
    there, _ = school(engine, urn="999002")
    with write(engine) as tx:
        add(tx, here)
    with pytest.raises(DBAPIError):
        with write(engine) as tx:
            add(tx, there, "tess")
    with read(engine) as tx:
        assert users.get_user(tx, here, "tess").person.name == "Tess Invented"
        with pytest.raises(NotFound, match="tess"):
            users.get_user(tx, there, "tess")
        with pytest.raises(NotFound, match="nobody"):
            users.get_user(tx, here, "nobody")


def test_an_account_can_be_disabled_renamed_and_given_other_roles(engine: Engine) -> None:
    school_id, _ = school(engine)
    with write(engine) as tx:
        user_id = add(tx, school_id)
        users.set_active(tx, user_id, False)
        users.set_password_hash(tx, user_id, "$2b$other")
        users.set_name(tx, user_id, "Tess Imagined", "Deputy Head")
        users.set_roles(tx, user_id, {Role.HEADTEACHER: frozenset()})
    with read(engine) as tx:
        account = users.get_user(tx, school_id, "tess")
    assert (account.active, account.password_hash) == (False, "$2b$other")
    assert (account.person.name, account.person.position) == ("Tess Imagined", "Deputy Head")
    assert account.person.roles == {Role.HEADTEACHER}
    assert account.person.scopes == {Role.HEADTEACHER: frozenset()}


def test_an_account_without_a_role_is_nobody_in_particular(engine: Engine) -> None:
    school_id, _ = school(engine)
    with write(engine) as tx:
        users.set_roles(tx, add(tx, school_id), {})
    with read(engine) as tx:
        assert users.get_user(tx, school_id, "tess").person.roles == frozenset()


def test_accounts_are_listed_by_name_and_by_school(engine: Engine) -> None:
    here, _ = school(engine)
    there, _ = school(engine, urn="999002")
    with write(engine) as tx:
        add(tx, here, "a", "Zed Invented")
        add(tx, here, "b", "Ann Invented")
        add(tx, there, "c", "Bob Invented")
    with read(engine) as tx:
        found = [account.person.username for account in users.list_users(tx, here)]
    assert found == ["b", "a"]


def test_a_ticket_is_good_once_and_before_it_expires(engine: Engine) -> None:
    school_id, _ = school(engine)
    with write(engine) as tx:
        user_id = add(tx, school_id)
        for ticket in ("one", "two"):
            web_sessions.add_ticket(tx, ticket, user_id, NOW + MINUTE)
        assert web_sessions.use_ticket(tx, "one", NOW) == user_id
        assert web_sessions.use_ticket(tx, "one", NOW) is None
        assert web_sessions.use_ticket(tx, "two", NOW + MINUTE) is None
        assert web_sessions.use_ticket(tx, "none", NOW) is None


def test_a_session_is_found_with_its_account_as_it_stands_now(engine: Engine) -> None:
    school_id, _ = school(engine)
    with write(engine) as tx:
        user_id = add(tx, school_id)
        web_sessions.add_session(tx, "token", user_id, NOW)
    with write(engine) as tx:
        users.set_active(tx, user_id, False)
        web_sessions.touch(tx, "token", NOW + MINUTE)
    with read(engine) as tx:
        found = web_sessions.find_session(tx, "token")
        assert web_sessions.find_session(tx, "other") is None
        account = users.find_user(tx, "tess")
    assert found == web_sessions.WebSession(account, NOW, NOW + MINUTE, None)
    assert not found.account.active
    assert found.account.person.scopes == TUTOR


def test_signing_out_ends_one_session_and_disabling_ends_them_all(engine: Engine) -> None:
    school_id, _ = school(engine)
    with write(engine) as tx:
        user_id, other = add(tx, school_id), add(tx, school_id, "olaf")
        for token in ("one", "two"):
            web_sessions.add_session(tx, token, user_id, NOW)
        web_sessions.add_session(tx, "olafs", other, NOW)
        web_sessions.revoke(tx, "one", NOW + MINUTE)
        web_sessions.revoke_all(tx, user_id, NOW + 2 * MINUTE)
    with read(engine) as tx:
        found = [web_sessions.find_session(tx, token) for token in ("one", "two", "olafs")]
    assert [each and each.revoked_at for each in found] == [NOW + MINUTE, NOW + 2 * MINUTE, None]


def test_when_each_account_was_last_seen_is_the_newest_of_its_sessions(engine: Engine) -> None:
    school_id, _ = school(engine)
    with write(engine) as tx:
        user_id = add(tx, school_id)
        add(tx, school_id, "olaf")
        web_sessions.add_session(tx, "one", user_id, NOW + MINUTE)
        web_sessions.add_session(tx, "two", user_id, NOW)
    with read(engine) as tx:
        assert web_sessions.last_seen(tx, school_id) == {user_id: NOW + MINUTE}
        assert web_sessions.last_seen(tx, school_id + 1) == {}


def test_old_tickets_and_sessions_are_forgotten(engine: Engine) -> None:
    school_id, _ = school(engine)
    with write(engine) as tx:
        user_id = add(tx, school_id)
        web_sessions.add_ticket(tx, "old", user_id, NOW)
        web_sessions.add_session(tx, "old", user_id, NOW)
        web_sessions.add_ticket(tx, "new", user_id, NOW + MINUTE)
        web_sessions.add_session(tx, "new", user_id, NOW + MINUTE)
        web_sessions.forget_before(tx, NOW + MINUTE)
        assert web_sessions.find_session(tx, "old") is None
        assert web_sessions.use_ticket(tx, "old", NOW - MINUTE) is None
        assert web_sessions.find_session(tx, "new") is not None
        assert web_sessions.use_ticket(tx, "new", NOW) == user_id
