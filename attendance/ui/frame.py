"""The frame around every page: the guard, the masthead, the demo banner and signing out."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from attendance.core.people import Person
from attendance.services import accounts, setup
from attendance.ui import clock, first_run, index, session, sign_in
from attendance.ui.cache import engine
from attendance.ui.show import plain


def open_page(stem: str, title: Callable[[Person], str] | None = None) -> Person:
    """Let in whoever may open this page, draw its head, and say who it is.

    The first statement of every page. Nobody signed in: only the sign-in form (in an empty
    database, only the first-run choices). A role that does not open the page: a page that says
    so. `title` says what stands in the head instead of the index's (a pupil's name): it is asked
    after the guard, never before.
    """
    person = signed_in_or_stop()
    one = index.entry(stem)
    if not index.may_open(person, one):
        _closed(person, one)
    _masthead(person, title(person) if title else one.title)
    _sign_out_button(person)
    return person


def signed_in_or_stop() -> Person:
    """The person who is signed in; otherwise show how to, and end this run."""
    person = session.of_this_rerun()
    if person is not None:
        return person
    st.set_page_config(page_title="Sign in · Attendance Desk")
    if setup.is_empty(engine()):
        first_run.show()
    else:
        sign_in.show()
    st.stop()


def _masthead(person: Person, title: str) -> None:
    st.set_page_config(page_title=f"{title} · Attendance Desk")
    school = accounts.school_of(engine(), person)
    moment = f"{clock.day_in_words(clock.today())}, {clock.time_in_words(clock.now())}"
    with st.container(key="masthead", horizontal=True, vertical_alignment="bottom", gap="small"):
        st.markdown(f"# {plain(title)}", width="stretch")
        demo = ":orange-badge[Demo: all invented] " if school.is_demo else ""
        st.markdown(
            f"{demo}**{plain(school.name)}** "
            f":gray[· {moment} · {person.role_title} ·] **{plain(person.name)}**",
            width="content",
        )


def _sign_out_button(person: Person) -> None:
    with st.sidebar, st.container(key="sign_out"):
        if st.button("Sign out", icon=":material/logout:", key="sign_out_button"):
            session.sign_out()
            st.stop()


def _closed(person: Person, one: index.Entry) -> None:
    _masthead(person, one.title)
    _sign_out_button(person)
    st.markdown("### Your role does not open this page")
    st.markdown(
        f"You are signed in as {plain(person.name)} ({person.role_title}). "
        "If you need this page for your work, ask the headteacher to change your role."
    )
    first = index.pages_for(person)[0]
    st.page_link(
        index.page_of(first.stem), label=f"Go to {first.title}", icon=f":material/{first.icon}:"
    )
    st.stop()
