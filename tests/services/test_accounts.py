"""Signing in, sessions, and who may change whose account."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import bcrypt
import pytest
from sqlalchemy import Engine, select

from attendance.core.people import Person
from attendance.errors import NotAllowed, NotFound, Refused
from attendance.rules.roles import Role
from attendance.services import accounts, setup, sign_in
from attendance.services.accounts import NewUser
from attendance.store import events, users
from attendance.store.engine import read, write
from attendance.store.tables import sign_in_ticket, web_session

NOON = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)
PASSWORD = "plum kettle ladder frost"
OFFICER = NewUser(
    "olive", "Olive Testwick", "Attendance officer", PASSWORD, Role.ATTENDANCE_OFFICER
)
HEAD = NewUser("hugo", "Hugo Sampleton", "Headteacher", PASSWORD, Role.HEADTEACHER)
DEPUTY = NewUser("dov", "Dov Inventley", "Deputy head of Year 9", PASSWORD, Role.PASTORAL_DHOY, "9")


@pytest.fixture
def school(sqlite_engine: Engine, monkeypatch: pytest.MonkeyPatch) -> Engine:
    """A school with an officer and a head; their hashes made the quick way."""
    quick = bcrypt.gensalt(4)
    monkeypatch.setattr("attendance.services.accounts.bcrypt.gensalt", lambda: quick)
    setup.create_school(
        sqlite_engine,
        name="Madeup School",
        urn="999002",
        phase="secondary",
        people=(OFFICER, HEAD),
        now=NOON,
    )
    return sqlite_engine


def signed_in(school: Engine, username: str = "olive", at: datetime = NOON) -> str:
    return sign_in.open_session(school, sign_in.issue_ticket(school, username, at), at)


def head(school: Engine) -> Person:
    return accounts.find_person(school, "hugo")


# --- passwords


def test_the_right_password_of_an_open_account_is_accepted_whatever_the_names_case(
    school: Engine,
) -> None:
    assert sign_in.is_password_of(school, " Olive ", PASSWORD, NOON)


@pytest.mark.parametrize(
    "username, password",
    [
        ("olive", "plum kettle ladder Frost"),
        ("olive", ""),
        ("olive", PASSWORD + "x" * 80),
        ("nobody", PASSWORD),
        ("", ""),
    ],
)
def test_a_wrong_password_or_an_unknown_name_is_refused(
    school: Engine, username: str, password: str
) -> None:
    assert not sign_in.is_password_of(school, username, password, NOON)


def test_72_bytes_are_not_enough_when_the_password_typed_is_longer(school: Engine) -> None:
    long = ("abcdefgh " * 8)[:71] + "z"
    accounts.add_user(school, head(school), replace(DEPUTY, password=long), NOON)
    assert sign_in.is_password_of(school, "dov", long, NOON)
    assert not sign_in.is_password_of(school, "dov", long + "y", NOON)


def test_a_closed_account_is_refused_with_the_right_password(school: Engine) -> None:
    accounts.disable_user(school, head(school), "olive", NOON)
    assert not sign_in.is_password_of(school, "olive", PASSWORD, NOON)


def test_an_unknown_name_costs_as_much_checking_as_a_known_one(
    school: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    checked: list[bytes] = []
    monkeypatch.setattr(
        "attendance.services.sign_in.bcrypt.checkpw",
        lambda given, kept: bool(checked.append(kept)),
    )
    for username in ("olive", "nobody"):
        sign_in.is_password_of(school, username, PASSWORD, NOON)
    assert len(checked) == 2
    assert checked[1].startswith(b"$2b$12$")


def test_every_attempt_on_a_known_name_is_logged(school: Engine) -> None:
    sign_in.is_password_of(school, "olive", PASSWORD, NOON)
    sign_in.is_password_of(school, "olive", "wrong", NOON)
    with read(school) as tx:
        logged = events.list_events(tx, 1, kinds=["sign_in", "sign_in_refused"])
    assert [(one.kind, one.username) for one in logged] == [
        ("sign_in_refused", "olive"),
        ("sign_in", "olive"),
    ]


@pytest.mark.parametrize("typed", ["nobody", PASSWORD, "", "nul\0", "x" * 100_000, "ｏｌｉｖｅ"])
def test_an_attempt_on_an_unknown_name_is_logged_without_what_was_typed(
    school: Engine, typed: str
) -> None:
    assert not sign_in.is_password_of(school, typed, PASSWORD, NOON)
    with read(school) as tx:
        logged = events.list_events(tx, 1, kinds=["sign_in_refused"])
    assert [(one.username, one.name) for one in logged] == [("", sign_in.UNKNOWN_NAME)]


def test_an_unknown_name_in_an_empty_database_is_refused(sqlite_engine: Engine) -> None:
    assert not sign_in.is_password_of(sqlite_engine, "nobody", PASSWORD, NOON)


# --- tickets and sessions


def test_the_database_holds_neither_the_ticket_nor_the_token(school: Engine) -> None:
    ticket = sign_in.issue_ticket(school, "olive", NOON)
    token = sign_in.open_session(school, ticket, NOON)
    with read(school) as tx:
        kept = [*tx.execute(select(sign_in_ticket)), *tx.execute(select(web_session))]
    assert ticket not in str(kept) and token not in str(kept)


def test_a_ticket_opens_one_session_only(school: Engine) -> None:
    ticket = sign_in.issue_ticket(school, "olive", NOON)
    sign_in.open_session(school, ticket, NOON)
    with pytest.raises(Refused):
        sign_in.open_session(school, ticket, NOON)


@pytest.mark.parametrize("seconds, opens", [(29, True), (30, False), (31, False)])
def test_a_ticket_opens_a_session_for_30_seconds(school: Engine, seconds: int, opens: bool) -> None:
    ticket = sign_in.issue_ticket(school, "olive", NOON)
    later = NOON + seconds * SECOND
    if opens:
        assert sign_in.person_of(school, sign_in.open_session(school, ticket, later), later)
    else:
        with pytest.raises(Refused):
            sign_in.open_session(school, ticket, later)


def test_nobody_has_a_ticket_for_an_account_that_is_not_there(school: Engine) -> None:
    with pytest.raises(NotFound):
        sign_in.issue_ticket(school, "nobody", NOON)


@pytest.mark.parametrize(
    "idle, lives", [(timedelta(minutes=30) - SECOND, True), (timedelta(minutes=30), False)]
)
def test_a_session_ends_30_minutes_after_it_was_last_seen(
    school: Engine, idle: timedelta, lives: bool
) -> None:
    token = signed_in(school)
    assert (sign_in.person_of(school, token, NOON + idle) is not None) is lives


def test_being_seen_keeps_a_session_alive(school: Engine) -> None:
    token = signed_in(school)
    for minutes in (25, 50, 75):
        assert sign_in.person_of(school, token, NOON + timedelta(minutes=minutes))


@pytest.mark.parametrize("over, lives", [(-SECOND, True), (timedelta(0), False)])
def test_a_session_ends_10_hours_after_it_began_however_busy(
    school: Engine, over: timedelta, lives: bool
) -> None:
    token = signed_in(school)
    for minutes in range(20, 600, 20):
        assert sign_in.person_of(school, token, NOON + timedelta(minutes=minutes))
    end = NOON + timedelta(hours=10) + over
    assert (sign_in.person_of(school, token, end) is not None) is lives


def test_a_token_is_worth_nothing_after_signing_out(school: Engine) -> None:
    token = signed_in(school)
    sign_in.close_session(school, token, NOON + SECOND)
    assert sign_in.person_of(school, token, NOON + 2 * SECOND) is None


def test_signing_out_in_one_browser_leaves_the_other_signed_in(school: Engine) -> None:
    first, second = signed_in(school), signed_in(school)
    sign_in.close_session(school, first, NOON + SECOND)
    assert sign_in.person_of(school, second, NOON + 2 * SECOND) is not None


def test_closing_an_account_ends_its_sessions_at_once_and_for_good(school: Engine) -> None:
    token = signed_in(school)
    accounts.disable_user(school, head(school), "olive", NOON + SECOND)
    assert sign_in.person_of(school, token, NOON + 2 * SECOND) is None
    accounts.enable_user(school, head(school), "olive", NOON + 3 * SECOND)
    assert sign_in.person_of(school, token, NOON + 4 * SECOND) is None


def test_a_session_of_an_account_closed_by_any_other_way_is_over_too(school: Engine) -> None:
    token = signed_in(school)
    with write(school) as tx:
        account = users.find_user(tx, "olive")
        assert account is not None
        users.set_active(tx, account.user_id, False)
    assert sign_in.person_of(school, token, NOON + SECOND) is None


def test_another_role_is_felt_at_the_next_check(school: Engine) -> None:
    token = signed_in(school)
    accounts.set_role(school, head(school), "olive", Role.PASTORAL_DHOY, "10, 9", NOON)
    person = sign_in.person_of(school, token, NOON + SECOND)
    assert person is not None
    assert person.roles == {Role.PASTORAL_DHOY}
    assert person.scopes[Role.PASTORAL_DHOY] == {"9", "10"}


def test_a_person_can_be_signed_out_everywhere(school: Engine) -> None:
    tokens = [signed_in(school), signed_in(school)]
    accounts.end_sessions(school, head(school), "olive", NOON + SECOND)
    assert [sign_in.person_of(school, one, NOON + 2 * SECOND) for one in tokens] == [None, None]


def test_a_forged_token_is_nobody(school: Engine) -> None:
    assert sign_in.person_of(school, "forged", NOON) is None


# --- accounts


def test_the_list_says_who_was_last_seen_when(school: Engine) -> None:
    signed_in(school, at=NOON + SECOND)
    found = {one.person.username: one for one in accounts.list_users(school, head(school))}
    assert found["olive"].last_seen_at == NOON + SECOND
    assert found["hugo"].last_seen_at is None


def test_closed_accounts_come_last_in_the_list(school: Engine) -> None:
    accounts.disable_user(school, None, "hugo", NOON)
    assert [one.person.username for one in accounts.list_users(school, None)] == ["olive", "hugo"]


@pytest.mark.parametrize("username", ["olive"])
def test_only_who_manages_accounts_lists_adds_or_changes_them(
    school: Engine, username: str
) -> None:
    officer = accounts.find_person(school, username)
    for attempt in (
        lambda: accounts.list_users(school, officer),
        lambda: accounts.add_user(school, officer, DEPUTY, NOON),
        lambda: accounts.disable_user(school, officer, "hugo", NOON),
        lambda: accounts.enable_user(school, officer, "hugo", NOON),
        lambda: accounts.set_role(school, officer, "hugo", Role.GOVERNOR, "", NOON),
        lambda: accounts.end_sessions(school, officer, "hugo", NOON),
    ):
        with pytest.raises(NotAllowed):
            attempt()


def test_nobody_changes_their_own_account(school: Engine) -> None:
    with pytest.raises(NotAllowed):
        accounts.set_role(school, head(school), "Hugo", Role.ATTENDANCE_OFFICER, "", NOON)
    with pytest.raises(NotAllowed):
        accounts.disable_user(school, head(school), "hugo", NOON)


def test_an_account_change_is_logged_with_who_made_it(school: Engine) -> None:
    accounts.set_role(school, head(school), "olive", Role.DSL, "", NOON)
    with read(school) as tx:
        logged = events.list_events(tx, 1, kinds=["role_changed"])[0]
    assert (logged.username, logged.name) == ("hugo", "Hugo Sampleton")
    assert logged.detail == {"account": "olive", "role": "dsl", "scope": ""}


def test_the_first_accounts_are_made_once(school: Engine) -> None:
    with pytest.raises(Refused, match="already holds a school"):
        setup.create_school(
            school, name="Another", urn="999003", phase="primary",
            people=(replace(OFFICER, username="second"),), now=NOON,
        )  # fmt: skip


def test_a_school_whose_accounts_will_not_do_is_not_set_up(sqlite_engine: Engine) -> None:
    with pytest.raises(Refused):
        setup.create_school(
            sqlite_engine, name="Madeup School", urn="999002", phase="secondary",
            people=(OFFICER, replace(HEAD, password="short")), now=NOON,
        )  # fmt: skip
    assert setup.is_empty(sqlite_engine)


def test_two_first_accounts_need_two_names() -> None:
    with pytest.raises(Refused):
        accounts.checked_first_users((OFFICER, replace(HEAD, username="OLIVE")))


def test_a_taken_username_is_refused(school: Engine) -> None:
    with pytest.raises(Refused, match="taken"):
        accounts.add_user(school, head(school), replace(DEPUTY, username="Olive"), NOON)


@pytest.mark.parametrize(
    "change, says",
    [
        ({"username": "d"}, "username"),
        ({"username": "dov inventley"}, "username"),
        ({"username": "döv"}, "username"),
        ({"name": "  "}, "name and a position"),
        ({"position": ""}, "name and a position"),
        ({"scope": " , "}, "which year groups"),
        ({"password": "elevenchars"}, "12 to 72"),
        ({"password": "plum kettle ladder frost " * 3}, "12 to 72"),
        ({"password": "ü" * 37 + "abcd"}, "12 to 72"),
        ({"password": " plum kettle ladder"}, "space"),
        ({"password": "ababababababab"}, "repeats"),
        ({"password": "kettle Inventley frost"}, "the name"),
        ({"password": "kettle DOV ladder frost"}, "the name"),
    ],
)
def test_an_account_that_will_not_do_is_refused_with_what_to_change(
    school: Engine, change: dict[str, str], says: str
) -> None:
    with pytest.raises(Refused, match=says):
        accounts.add_user(school, head(school), replace(DEPUTY, **change), NOON)
    assert len(accounts.list_users(school, None)) == 2


@pytest.mark.parametrize("length", [12, 72])
def test_passwords_of_12_and_of_72_bytes_will_do(length: int) -> None:
    accounts.check_password_rules(("abcdefgh ijk" * 6)[:length])


def test_a_role_without_scope_keeps_none(school: Engine) -> None:
    accounts.add_user(school, head(school), replace(DEPUTY, role=Role.DSL, scope="9"), NOON)
    assert accounts.find_person(school, "dov").scopes == {Role.DSL: frozenset()}


def test_nobody_acts_as_a_closed_account_on_the_command_line(school: Engine) -> None:
    accounts.disable_user(school, None, "olive", NOON)
    with pytest.raises(NotFound, match="closed"):
        accounts.find_person(school, "olive")


# --- the demo school


def test_a_real_school_has_no_demo_accounts_and_no_demo_ticket(school: Engine) -> None:
    assert accounts.demo_accounts(school) == []
    with pytest.raises(Refused):
        sign_in.issue_demo_ticket(school, "olive", NOON)


def test_not_even_a_real_account_with_the_demos_password_opens_without_typing_it(
    school: Engine,
) -> None:
    accounts.add_user(school, head(school), replace(DEPUTY, password=accounts.DEMO_PASSWORD), NOON)
    with pytest.raises(Refused):
        sign_in.issue_demo_ticket(school, "dov", NOON)
