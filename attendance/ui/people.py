"""The parts of the Users page: the table of accounts, and the forms that change them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import pandas as pd
import streamlit as st

from attendance.core.people import Person
from attendance.rules.roles import Role
from attendance.services.accounts import NEEDS_SCOPE, Account, NewUser
from attendance.ui.clock import LONDON, now, time_in_words
from attendance.ui.show import plain

_DONE = "users_done"
_GENERATION = "users_generation"


def in_a_sentence(everybody: Sequence[Account]) -> str:
    """How many may sign in, and how many of them ever have."""
    is_open = [one for one in everybody if one.is_active]
    never = sum(one.last_seen_at is None for one in is_open)
    people = "1 person" if len(is_open) == 1 else f"{len(is_open)} people"
    return f"{people} may sign in" + (f"; {never} never have." if never else ".")


def choose(everybody: Sequence[Account]) -> Account | None:
    """The table of accounts; the one whose row is selected."""
    rows = [
        (
            one.person.name,
            one.person.position,
            one.person.username,
            ", ".join(role.title for role in sorted(one.person.roles)),
            scopes_in_words(one.person),
            _when(one.last_seen_at) if one.is_active else "account closed",
        )
        for one in everybody
    ]
    columns = ["Name", "Position", "Username", "Role", "Years or forms", "Last seen"]
    picked = st.dataframe(
        pd.DataFrame(rows, columns=columns),
        hide_index=True,
        on_select="rerun",
        selection_mode="single-row",
        # A new key after each change: nobody stays selected.
        key=f"accounts_{st.session_state.get(_GENERATION, 0)}",
        height="content" if len(rows) <= 24 else 640,
        row_height=29,
    )
    selected = picked.selection.rows
    return everybody[selected[0]] if selected else None


def scopes_in_words(person: Person) -> str:
    """The year groups and forms that the person's roles reach: `9, 10`."""
    return ", ".join(sorted(set().union(*person.scopes.values()), key=lambda one: (len(one), one)))


def ask_new() -> NewUser | None:
    """The form for a new account; what it holds once it is sent."""
    st.markdown("### Add an account")
    with st.form(f"new_account_{st.session_state.get(_GENERATION, 0)}", border=False):
        name = st.text_input("Name", placeholder="As it stands beside amendments")
        position = st.text_input("Position", placeholder="Form tutor, 9G")
        username = st.text_input("Username")
        role = _role_box()
        scope = _scope_box()
        password = st.text_input(
            "First password",
            type="password",
            placeholder="12 characters or more",
            help="12 to 72 characters; hand it over in person",
        )
        is_sent = st.form_submit_button("Add the account", type="primary")
    return NewUser(username, name, position, password, role, scope) if is_sent else None


def heading(one: Account) -> None:
    """Whose account it is."""
    st.markdown(f"### {plain(one.person.name)}")
    st.markdown(f":gray[{plain(one.person.position)} · {plain(one.person.username)}]")


def ask_role(one: Account) -> tuple[Role, str] | None:
    """Another role or scope for this account, once it is sent."""
    with st.form(f"role_of_{one.person.username}", border=False):
        role = _role_box(min(one.person.roles, default=Role.TEACHER_FORM_TUTOR))
        scope = _scope_box(scopes_in_words(one.person))
        is_sent = st.form_submit_button("Change the role", type="primary")
    return (role, scope) if is_sent else None


def is_ending_sessions(one: Account) -> bool:
    """Sign this person out everywhere?"""
    return one.is_active and st.button("Sign out everywhere", key=f"end_{one.person.username}")


def is_closing(one: Account) -> bool:
    """Close this account?"""
    return one.is_active and st.button("Close the account", key=f"close_{one.person.username}")


def is_opening(one: Account) -> bool:
    """Open this closed account again?"""
    return not one.is_active and st.button(
        "Open the account again", key=f"reopen_{one.person.username}"
    )


def done(sentence: str) -> None:
    """Load the page again, with the sentence on it and nobody selected."""
    st.session_state[_DONE] = sentence
    st.session_state[_GENERATION] = st.session_state.get(_GENERATION, 0) + 1
    st.rerun()


def say_what_was_done() -> None:
    """The sentence left by `done`, once."""
    sentence = st.session_state.pop(_DONE, None)
    if sentence:
        st.success(plain(sentence))


def _role_box(role: Role = Role.TEACHER_FORM_TUTOR) -> Role:
    roles = list(Role)
    return st.selectbox("Role", roles, index=roles.index(role), format_func=lambda r: r.title)


def _scope_box(scope: str = "") -> str:
    needed = "; ".join(f"{role.title}: {what}" for role, what in NEEDS_SCOPE.items())
    return st.text_input(
        "Years or forms", scope, placeholder="9, 10 or 9G", help=f"Parted by commas. {needed}."
    )


def _when(moment: datetime | None) -> str:
    if moment is None:
        return "never"
    there, today = moment.astimezone(LONDON), now().astimezone(LONDON).date()
    if there.date() == today:
        return f"today, {time_in_words(moment)}"
    return f"{there.day} {there:%b %Y}"
