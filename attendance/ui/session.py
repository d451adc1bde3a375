"""The browser's side of a signed-in session: its cookie, and the steps that set and clear it.

The cookie is HttpOnly, so the page can neither read nor write it. A one-time ticket is handed to
a few lines of script, which post it to `/auth/open`; that route answers with the cookie and the
page loads again at the address it had.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar

import streamlit as st

from attendance.core.people import Person
from attendance.errors import AttendanceError
from attendance.services import sign_in
from attendance.ui.cache import engine
from attendance.ui.clock import now
from attendance.ui.readiness import READINESS

COOKIE = "attendance_desk"
HEADER = "X-Attendance-Desk"
OPEN = "/auth/open"
CLOSE = "/auth/close"
_WHOSE = "whose_tab"
_FOUND: ContextVar[Person | None] = ContextVar("found", default=None)

_HAND_OVER = """<script>
fetch({address}, {{method: "POST", headers: {{{header}: "1"}}, body: {body},
                  credentials: "same-origin", cache: "no-store"}})
  .finally(() => window.location.reload());
</script>"""


def base_path() -> str:
    """What stands before every address of this server: "" or "/desk"."""
    base = str(st.get_option("server.baseUrlPath") or "").strip("/")
    return f"/{base}" if base else ""


def browser_token() -> str | None:
    """The session token this browser sent when the page was opened, if any."""
    # Under AppTest the context is a stand-in whose answers are not strings.
    token = st.context.cookies.get(COOKIE)
    return token if isinstance(token, str) else None


def signed_in() -> Person | None:
    """The person behind this browser, as the database has it at this moment.

    Raises Refused or CannotRead, with a sentence to show, when the database cannot be used.
    """
    READINESS.check(engine())
    token = browser_token()
    person = sign_in.person_of(engine(), token, now()) if token else None
    _forget_what_another_left(person)
    return person


@contextmanager
def found(person: Person | None) -> Iterator[None]:
    """Around the page of one rerun, by the script that has just asked who is signed in."""
    before = _FOUND.set(person)
    try:
        yield
    finally:
        _FOUND.reset(before)


def of_this_rerun() -> Person | None:
    """``signed_in()``, asked once a rerun: anew wherever the main script has not just asked."""
    return _FOUND.get() or signed_in()


def _forget_what_another_left(person: Person | None) -> None:
    """A tab that lost its connection comes back with the cookie of whoever has signed in since.

    What the one before had typed, chosen or dropped in it is not theirs.
    """
    before = st.session_state.get(_WHOSE)
    if person is None or before == person.username:
        return
    if before is not None:
        st.session_state.clear()
    st.session_state[_WHOSE] = person.username


def open_in_browser(ticket: str) -> None:
    """Have the browser exchange the ticket for its cookie and load the page again."""
    _post(OPEN, ticket)


def sign_out() -> None:
    """End the session in the database, then have the browser forget its cookie.

    A database that takes no writes does not keep anybody in: the browser forgets all the same.
    """
    token = browser_token()
    if token:
        with suppress(AttendanceError):
            sign_in.close_session(engine(), token, now())
    _post(CLOSE, "")


def _post(route: str, body: str) -> None:
    with st.container(key="hand_over"):
        st.html(
            _HAND_OVER.format(
                address=json.dumps(base_path() + route),
                header=json.dumps(HEADER),
                body=json.dumps(body),
            ),
            unsafe_allow_javascript=True,
        )
