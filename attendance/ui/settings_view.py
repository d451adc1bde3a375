"""The parts of the Settings page: the settings as they stand, the form, and the past values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import pandas as pd
import streamlit as st

from attendance.core.settings import BY_NAME, Definition, Setting
from attendance.store.settings import SettingRow
from attendance.ui import show
from attendance.ui.clock import today
from attendance.ui.show import plain

_DONE = "settings_done"
_GENERATION = "settings_generation"
DEFAULT = "Attendance Desk’s own default"
_LOOKS: dict[str, Any] = {
    "hide_index": True,
    "height": "content",
    "row_height": 32,
    "column_config": {
        name: st.column_config.TextColumn(width=width)
        for name, width in {
            "Setting": 330,
            "Value": 150,
            "Since": 100,
            "Comes from": 300,
            "Set by": 150,
            "Look again": 120,
        }.items()
    },
}


@dataclass(frozen=True, slots=True)
class Asked:
    """What the form holds once it is sent."""

    name: str
    value: str
    source: str
    valid_from: date
    review_on: date | None


def in_a_sentence(settings: Mapping[str, Setting]) -> str:
    """How many the school has set itself, and whether one waits to be looked at again."""
    own = [one for one in settings.values() if one.set_by]
    overdue = sum(one.is_overdue(today()) for one in own)
    verb = "is" if len(own) == 1 else "are"
    said = f"{len(own)} of {len(settings)} settings {verb} the school’s own"
    rest = f"; {overdue} waiting to be looked at again." if overdue else "."
    return said + (rest if own else ": the rest of this page shows what stands instead.")


def choose(settings: Mapping[str, Setting], *, may_change: bool) -> Setting | None:
    """The table of settings; the one whose row is selected."""
    rows = [_row(one) for one in settings.values()]
    table = pd.DataFrame(
        rows, columns=["Setting", "Value", "Since", "Comes from", "Set by", "Look again"]
    )
    if not may_change:
        st.dataframe(table, key="settings", **_LOOKS)
        return None
    key = f"settings_{st.session_state.get(_GENERATION, 0)}"
    picked = st.dataframe(table, key=key, on_select="rerun", selection_mode="single-row", **_LOOKS)
    selected = picked.selection.rows
    return list(settings.values())[selected[0]] if selected else None


def ask(one: Setting) -> Asked | None:
    """The form for a new value; what it holds once it is sent."""
    definition = one.definition
    st.markdown(f"## {plain(definition.title)}")
    st.markdown(f":gray[{plain(definition.help)}]")
    with st.form(f"setting_{definition.name}", border=False):
        value = st.text_input(
            f"Value, in {definition.unit}", "" if one.value is None else in_figures(one.value),
            help=f"{definition.lowest} to {definition.highest}; nothing takes the setting back",
        )  # fmt: skip
        source = st.text_input(
            "Where it comes from", placeholder="Attendance policy of September 2026, section 4"
        )
        valid_from = st.date_input("In force from", today(), format="DD/MM/YYYY")
        review_on = st.date_input("Look at it again on (if ever)", None, format="DD/MM/YYYY")
        is_sent = st.form_submit_button("Set it", type="primary")
    if not is_sent or not isinstance(valid_from, date):
        return None
    again = review_on if isinstance(review_on, date) else None
    return Asked(definition.name, value, source, valid_from, again)


def past(rows: Sequence[SettingRow]) -> None:
    """Every value that was ever set, newest first; nothing when there is none."""
    if not rows:
        return
    st.markdown("#### What was set before :gray[newest first]")
    told = [
        (
            BY_NAME[row.setting].title,
            row.value or "taken back",
            _day(row.valid_from),
            row.source,
            row.name,
            _day(row.set_at.date()),
        )
        for row in rows
    ]
    columns = ["Setting", "Value", "In force from", "Comes from", "Set by", "Set on"]
    st.dataframe(pd.DataFrame(told, columns=columns), hide_index=True, height="content")


def in_figures(value: Decimal) -> str:
    """`95.5`, `95`: never `95.0` or `1E+1`."""
    whole = value.to_integral_value()
    return f"{whole if value == whole else value:f}"


def done(definition: Definition) -> None:
    """Load the page again with nothing selected and a sentence."""
    st.session_state[_DONE] = f"{definition.title} is set."
    st.session_state[_GENERATION] = st.session_state.get(_GENERATION, 0) + 1
    st.rerun()


def say_what_was_done() -> None:
    """The sentence left by `done`, once."""
    sentence = st.session_state.pop(_DONE, None)
    if sentence:
        st.success(plain(sentence))


def explain(*, may_change: bool) -> None:
    """What settings can do, and who changes them."""
    law = (
        "No setting loosens the law: 10\u202f%, 50\u202f%, five school days and the rest "
        "stay as they are."
    )
    who = (
        "Choose a row to change it. Every value stays on record with its source."
        if may_change
        else "The headteacher and the system administrator change them."
    )
    show.quiet(f"{law} {who}")


def _row(one: Setting) -> tuple[str, ...]:
    value = "not set" if one.value is None else f"{in_figures(one.value)} {one.definition.unit}"
    source = one.source if one.set_by else DEFAULT if one.value is not None else ""
    again = _day(one.review_on) if one.review_on else ""
    overdue = ", overdue" if one.is_overdue(today()) else ""
    since = _day(one.valid_from) if one.valid_from else ""
    return one.definition.title, value, since, source, one.set_by, again + overdue


def _day(day: date) -> str:
    return f"{day.day} {day:%b %Y}"
