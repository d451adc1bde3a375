"""The sign-in form: streamlit-authenticator's, over our accounts and our own session.

Its cookie is replaced (see `session`), and so is its look-up of passwords: the database answers,
in the same time for a name that exists and one that does not.
"""

from __future__ import annotations

from typing import Any

import streamlit as st
from streamlit_authenticator.controllers import AuthenticationController
from streamlit_authenticator.models import AuthenticationModel
from streamlit_authenticator.views import Authenticate

from attendance.core.people import Person
from attendance.rules.roles import Role
from attendance.services import accounts
from attendance.services.sign_in import is_password_of, issue_demo_ticket, issue_ticket
from attendance.ui import session
from attendance.ui.cache import engine
from attendance.ui.clock import now

_FIELDS = {
    "Form name": "Sign in",
    "Username": "Username",
    "Password": "Password",
    "Login": "Sign in",
}


class SessionCookie:
    """The three things streamlit-authenticator asks of a cookie, done by the database session."""

    def get_cookie(self) -> dict[str, Any] | None:
        """Never signs anyone in by itself: the guard has read the session already."""
        return None

    def set_cookie(self) -> None:
        """The password was right: hand the browser its session."""
        username = st.session_state["username"]
        session.open_in_browser(issue_ticket(engine(), username, now()))

    def delete_cookie(self) -> None:
        """End the session."""
        session.sign_out()


class Accounts(AuthenticationModel):  # type: ignore[misc]  # the library has no types
    """The library's model, asking the database instead of a dictionary of everybody's hashes."""

    def check_credentials(self, username: str, password: str) -> bool:
        """Is this the password of an active account? Fills in what the library then reads."""
        if not is_password_of(engine(), username, password, now()):
            return False
        self.credentials["usernames"][username] = {"name": username}
        return True


class SignInForm(Authenticate):  # type: ignore[misc]  # the library has no types
    """The library's view without its cookie, e-mail, API key and configuration file."""

    # The library's own __init__ draws a component that writes cookies by script: not called.
    def __init__(self) -> None:
        self.attrs = {"login_sleep_time": 0}
        self.path = None
        self.api_key = None
        self.cookie_controller = SessionCookie()
        self.authentication_controller = AuthenticationController(
            {"usernames": {}}, auto_hash=False
        )
        self.authentication_controller.authentication_model = Accounts(
            {"usernames": {}}, auto_hash=False
        )


def show() -> None:
    """The form, what went wrong with the last attempt, and the demo school's accounts."""
    st.session_state["authentication_status"] = None
    with st.container(key="sign_in", horizontal=True):
        with st.container(key="sign_in_form_side"):
            st.markdown("# Attendance Desk")
            SignInForm().login(location="main", fields=_FIELDS, key="sign_in_form")
            if st.session_state["authentication_status"] is False:
                st.error("That username and password do not belong together. Check both.")
        if st.session_state["authentication_status"]:
            return
        people = accounts.demo_accounts(engine())
        if people:
            with st.container(key="demo_accounts"):
                _demo_accounts(people)


def _demo_accounts(people: list[accounts.Account]) -> None:
    st.markdown("### This is the demo school")
    st.markdown(":gray[Everybody in it is invented. Open it as one of these people:]")
    for one in sorted(people, key=_officer_first):
        _demo_account(one.person)
    st.markdown(f":gray[To type it yourself: their password is] **{accounts.DEMO_PASSWORD}**")


def _officer_first(one: accounts.Account) -> bool:
    return Role.ATTENDANCE_OFFICER not in one.person.roles


def _demo_account(one: Person) -> None:
    with st.container(key=f"demo_{one.username}", horizontal=True, vertical_alignment="center"):
        st.markdown(f"**{one.position}** :gray[{one.username}]", width="stretch")
        if st.button("Open", key=f"open_{one.username}", help=f"Sign in as {one.name}"):
            session.open_in_browser(issue_demo_ticket(engine(), one.username, now()))
