"""One rerun: settings, stylesheet, navigation by role, then the page."""

from __future__ import annotations

from base64 import b64encode
from functools import cache
from pathlib import Path

import streamlit as st

from attendance.core.people import Person
from attendance.ui import index, session
from attendance.ui.frame import signed_in_or_stop

HERE = Path(__file__).parent
PICTURES = HERE / "pictures"


@cache
def icon() -> str:
    """Our icon within the page itself: a file would need a session, which nobody has yet."""
    return "data:image/png;base64," + b64encode((PICTURES / "icon.png").read_bytes()).decode()


@cache
def stylesheet() -> str:
    """Ours, as the element that Streamlit keeps out of the page's flow."""
    return f"<style>{(HERE / 'style.css').read_text(encoding='utf-8')}</style>"


def home() -> None:
    """The bare address: go to the first page that this person's role opens."""
    person = signed_in_or_stop()
    st.switch_page(index.page_of(index.pages_for(person)[0].stem))


def navigation(person: Person | None) -> dict[str, list[st.Page]]:
    """Every address, so that a link survives sign-in; only the role's own pages are shown."""
    shown = index.pages_for(person) if person else ()
    start = st.Page(home, title="Attendance Desk", default=True, visibility="hidden")
    sections: dict[str, list[st.Page]] = {"Today": [start]}
    for one in index.INDEX:
        page = index.page_of(one.stem, visible=one in shown)
        sections.setdefault(one.section, []).append(page)
    return sections


def run() -> None:
    """One rerun. Who is signed in is asked of the database once, here, for the page as well."""
    st.set_page_config(page_icon=icon(), layout="wide", initial_sidebar_state=200)
    st.html(stylesheet())
    person = session.signed_in()
    if person:
        shade = "dark" if st.context.theme.type == "dark" else "light"
        st.logo(PICTURES / f"logo-{shade}.svg")
    page = st.navigation(navigation(person), position="sidebar" if person else "hidden")
    with session.found(person):
        page.run()
