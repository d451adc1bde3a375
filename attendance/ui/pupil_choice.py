"""Which pupil's page is open: from the address (`?upn=…`, `?pupil=…`), or by searching."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd
import streamlit as st

from attendance.core.names import called, plain
from attendance.core.people import Person
from attendance.core.register import Register
from attendance.errors import NotFound
from attendance.services import search
from attendance.services.search import MOST_FOUND, Found
from attendance.ui import filters, show
from attendance.ui.cache import live_register
from attendance.ui.clock import today


@dataclass(frozen=True)
class NobodyChosen:
    """No pupil: ``says`` is why the address opened none, '' where none was asked for."""

    says: str = ""


def title(person: Person) -> str:
    """What stands in the head: the pupil's name once one is open."""
    register = live_register(person)
    row = from_address(person, register)
    if isinstance(row, NobodyChosen):
        return "Pupil"
    return str(called(register.pupils.iloc[[row]]).iloc[0])


def from_address(person: Person, register: Register) -> int | NobodyChosen:
    """The register's line of the pupil in the address."""
    upn, pupil = st.query_params.get("upn"), st.query_params.get("pupil")
    if not upn and not pupil:
        return NobodyChosen()
    pupil_id = filters.number(pupil or "")
    try:
        return search.row_for(person, register, pupil_id=pupil_id, upn=upn)
    except NotFound as error:
        return NobodyChosen(str(error))


def ask(person: Person, register: Register, nobody: NobodyChosen) -> None:
    """The search box and what it finds; in a school without a register, where to begin."""
    if register.pupils.empty and not nobody.says:
        show.headline("No register has been read yet.")
        st.markdown(":gray[Each pupil has a record here once a register file is imported.]")
        show.to_imports(person)
        return
    show.headline("Which pupil?")
    if nobody.says:
        st.error(plain(nobody.says))
    text = st.text_input(
        "Search",
        key="pupil_search",
        placeholder="Name, form, UPN or admission number",
        label_visibility="collapsed",
        width=420,
        icon=":material/search:",
    )
    if not text.strip():
        show.quiet("Every word you type must be found: “9K amina” finds the Aminas of 9K.")
        return
    found = search.search(person, register, text, today())
    if not found:
        show.empty(
            f"No pupil is called “{plain(text)}” in the registers that your account opens.",
            "Try fewer letters: the beginning of a surname, or the form.",
        )
        return
    if len(found) == 1:
        open_pupil(found[0].pupil_id)
    _results(found)


def open_pupil(pupil_id: int) -> None:
    """Show this pupil's page now."""
    st.query_params.clear()
    st.query_params["pupil"] = str(pupil_id)
    st.rerun()


def another() -> None:
    """The way from a pupil's page to another's."""
    if st.button("Another pupil", icon=":material/search:", key="another_pupil"):
        st.query_params.clear()
        st.rerun()


def _results(found: list[Found]) -> None:
    frame = pd.DataFrame(
        [
            (
                one.name,
                one.form if one.is_on_roll else f"{one.form}, left",
                one.legal_name,
                one.upn,
            )
            for one in found
        ],
        columns=["Pupil", "Form", "Legal name", "UPN"],
    )
    picked = st.dataframe(
        frame,
        hide_index=True,
        on_select="rerun",
        selection_mode="single-cell",
        key=f"found_{hash(tuple(one.pupil_id for one in found))}",
        row_height=29,
        height="content" if len(found) <= 20 else 600,
        width=760,
        column_config={
            "Pupil": st.column_config.TextColumn(width=220),
            "Legal name": st.column_config.TextColumn(width=200),
        },
    )
    for row, _ in picked.selection.cells:
        open_pupil(found[row].pupil_id)
    show.quiet("Click a pupil to open the record. Opening a record is written in the log.")
    if len(found) == MOST_FOUND:
        show.quiet(f"The first {MOST_FOUND} are shown. Type more to find fewer.")
