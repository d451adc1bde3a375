"""Every page of the program: where it stands, what it is called and who may open it.

The one table behind the navigation, the guard and the links. A page may be opened by whoever
holds one of its permissions; a page with none is for everybody who is signed in.
"""

from __future__ import annotations

from copy import copy
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from urllib.parse import urlencode

import streamlit as st

from attendance.core.people import Person
from attendance.core.permissions import allows
from attendance.rules.roles import Permission

PAGES_FOLDER = Path(__file__).parents[2] / "pages"


@dataclass(frozen=True, slots=True)
class Entry:
    """One page: `stem` is its file, its address and its name in the guard."""

    stem: str
    title: str
    icon: str
    section: str
    permissions: tuple[Permission, ...] = ()


INDEX: tuple[Entry, ...] = (
    Entry("today", "Today", "today", "Today", (Permission.LOG_CONTACT,)),
    Entry(
        "register",
        "Register",
        "grid_on",
        "Today",
        (Permission.PUPIL_RECORD, Permission.ENTER_SESSION_MARK),
    ),
    Entry("pupil", "Pupil", "person", "Pupils", (Permission.PUPIL_RECORD,)),
    Entry("on_track", "On track", "trending_up", "Pupils", (Permission.ON_TRACK,)),
    Entry(
        "absence",
        "Absence",
        "bar_chart",
        "Pupils",
        (Permission.SCHOOL_DASHBOARD, Permission.YEAR_DASHBOARD),
    ),
    Entry(
        "referrals",
        "Referrals",
        "outbox",
        "Work",
        (Permission.REFER_TO_EWO, Permission.EVIDENCE_PACK),
    ),
    Entry("reconcile", "Why figures differ", "difference", "Reports", (Permission.PATTERNS,)),
    Entry("rules_in_force", "Rules in force", "gavel", "Reports"),
    Entry("imports", "Imports", "upload_file", "Administration", (Permission.IMPORT_MARKS,)),
    Entry(
        "data_quality",
        "Data quality",
        "fact_check",
        "Administration",
        (Permission.IMPORT_MARKS, Permission.AMEND_MARK, Permission.UNDO_IMPORT),
    ),
    Entry("settings", "Settings", "tune", "Administration", (Permission.CONFIGURE,)),
    Entry("users", "Users", "group", "Administration", (Permission.MANAGE_USERS,)),
)


def entry(stem: str) -> Entry:
    """The index's entry for a page file; raises KeyError for a page that is not in the index."""
    return _BY_STEM[stem]


_BY_STEM = {one.stem: one for one in INDEX}


def may_open(person: Person, one: Entry) -> bool:
    """Does a role of this person open the page?"""
    return not one.permissions or any(allows(person, needed) for needed in one.permissions)


def pages_for(person: Person) -> tuple[Entry, ...]:
    """The pages this person may open, in the order of the navigation."""
    return tuple(one for one in INDEX if may_open(person, one))


def page_of(stem: str, *, visible: bool = True) -> st.Page:
    """The page as Streamlit knows it, for st.page_link, st.switch_page and st.navigation."""
    # A copy: which of its pages may be run, st.navigation notes in the object it is given.
    return copy(_page(stem, visible))


@cache
def _page(stem: str, visible: bool) -> st.Page:
    one = entry(stem)
    return st.Page(
        PAGES_FOLDER / f"{stem}.py",
        title=one.title,
        icon=f":material/{one.icon}:",
        url_path=stem,
        visibility="visible" if visible else "hidden",
    )


def address_of(stem: str, **query: str) -> str:
    """The page's address with its filters, as a link in a table: `/pupil?upn=…`."""
    base = str(st.get_option("server.baseUrlPath") or "").strip("/")
    path = f"/{base}/{entry(stem).stem}" if base else f"/{entry(stem).stem}"
    return f"{path}?{urlencode(query)}" if query else path
