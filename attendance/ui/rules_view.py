"""The tables of the Rules in force page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

import pandas as pd
import streamlit as st

from attendance.core.names import plain
from attendance.services.rules import (
    CATEGORIES,
    CodeRow,
    LimitRow,
    OtherCode,
    RulesReport,
    first_day_known,
    in_days_words,
)
from attendance.ui import show
from attendance.ui.clock import today

CHECK = "Unverified: check"


def choose() -> tuple[date, str]:
    """The day and what is searched for; the address carries both."""
    with st.container(key="rules_choice", horizontal=True, vertical_alignment="bottom"):
        search = st.text_input(
            "Search", key="search", bind="query-params", placeholder="A code, or a word", width=320
        )
        day = st.date_input(
            "On", today(), key="on", bind="query-params", format="DD/MM/YYYY", width=150,
            min_value=first_day_known(), max_value=date(today().year + 2, 7, 31),
        )  # fmt: skip
    return (day if isinstance(day, date) else today()), search or ""


def sentence(report: RulesReport) -> str:
    """How much is in force on the day, and how much of it we have not read in the text itself."""
    verb = "were" if report.day < today() else "are"
    others = report.codes_in_force + report.limits_in_force - report.verified
    return (
        f"On {in_days_words(report.day)}, {report.codes_in_force} codes and "
        f"{report.limits_in_force} limits {verb} in force: {report.verified} checked in the law’s "
        f"own text, {others} taken from others who quote it."
    )


def codes(report: RulesReport) -> None:
    """The codes in force, by how they count."""
    for category, words in CATEGORIES.items():
        rows = report.codes[category]
        if rows:
            name, counts = words.split(": ")
            st.markdown(f"#### {name}: :gray[{counts}]")
            _table(f"codes_{category}", [_code(row) for row in rows], _CODE_WIDTHS)


def other_codes(report: RulesReport) -> None:
    """Codes that are withdrawn, and those not yet in force on the day."""
    note = "Where one still stands in a register it is counted as it was."
    _others("Withdrawn codes", note, "Withdrawn after", report.withdrawn)
    _others("Codes to come", "They were not codes yet on this day.", "From", report.to_come)


def limits(report: RulesReport) -> None:
    """The limits of law and guidance, and apart from them the program's own defaults."""
    if report.limits:
        st.markdown("### Limits of law and guidance")
        _table("limits", [_limit(row) for row in report.limits], _LIMIT_WIDTHS)
    if report.own_defaults:
        st.markdown("### Attendance Desk’s own defaults")
        show.quiet("Neither law nor guidance: choices of this program, which a school may change.")
        _table("own_defaults", [_limit(row) for row in report.own_defaults], _LIMIT_WIDTHS)


def _others(title: str, note: str, when: str, rows: Sequence[OtherCode]) -> None:
    if not rows:
        return
    st.markdown(f"### {title}")
    show.quiet(note)
    table = [
        {
            "Code": f"**{plain(row.code)}**",
            "Meaning": show.printed(row.name),
            when: row.day,
            "Counted as": row.counted_as,
            "Authority": show.printed(row.authority),
        }
        for row in rows
    ]
    _table(title.casefold().replace(" ", "_"), table, _OTHER_WIDTHS)


def _code(row: CodeRow) -> dict[str, str]:
    notes = f" :gray[{row.notes[:1].upper()}{row.notes[1:]}.]" if row.notes else ""
    return {
        "Code": f"**{plain(row.code)}**",
        "Meaning": f"{show.printed(row.name)}.{notes}" if notes else show.printed(row.name),
        "Since": row.since,
        "Authority": show.printed(row.authority),
        "How sure": _sure(row.confidence),
    }


def _limit(row: LimitRow) -> dict[str, str]:
    return {
        "What": show.printed(row.title),
        "Value": f"**{plain(row.value)}**",
        "Since": row.since,
        "Authority": show.printed(row.authority),
        "How sure": _sure(row.confidence),
    }


def _sure(confidence: str) -> str:
    return f":orange[**{confidence}**]" if confidence == CHECK else confidence


_CODE_WIDTHS = {"Code": 6, "Meaning": 37, "Since": 16, "Authority": 24, "How sure": 17}
_LIMIT_WIDTHS = {"What": 30, "Value": 13, "Since": 16, "Authority": 24, "How sure": 17}
_OTHER_WIDTHS = {"Code": 6, "Meaning": 29, "Day": 17, "Counted as": 18, "Authority": 30}


def _table(key: str, rows: Sequence[Mapping[str, str]], widths: Mapping[str, int]) -> None:
    """A table that wraps, with the same columns at the same place in every table of its kind."""
    with st.container(key=f"rules_{key}"):
        columns = "".join(
            f".st-key-rules_{key} th:nth-child({at}) {{ width: {width}%; }}"
            for at, width in enumerate(widths.values(), start=1)
        )
        st.html(
            f"<style>.st-key-rules_{key} table {{ table-layout: fixed; }} "
            f".st-key-rules_{key} :is(td, td *) {{ max-width: none !important; }} {columns}</style>"
        )
        st.table(pd.DataFrame(rows), border="horizontal", hide_index=True)
