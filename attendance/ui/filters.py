"""The filters that pages share: each stands in the address and stays as the person moves.

Every page that asks for a year group uses the same name for it in the address (`year`), and
likewise `form`, `cohort`, `from` and `to`, so that a link or a click keeps them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

import streamlit as st

_ALL = ""


def year_group(years: Sequence[int]) -> int | None:
    """One of the school's year groups, or None for all."""
    chosen = _choose("Year group", "year", [str(year) for year in years], "All years", "Year {}")
    return int(chosen) if chosen else None


def form(forms: Sequence[str]) -> str | None:
    """One of the forms, or None for all."""
    return _choose("Form", "form", forms, "All forms", "{}")


def cohort(cohorts: Mapping[str, str]) -> str | None:
    """A group of pupils (`fsm`, `sen_support` …: its name in words), or None for everybody."""
    chosen = st.selectbox(
        "Group",
        [_ALL, *cohorts],
        format_func=lambda kind: cohorts.get(kind, "All pupils"),
        key="cohort",
        bind="query-params",
        persist_state="session",
        label_visibility="collapsed",
        width=180,
    )
    return chosen or None


def period(first_day: date, last_day: date) -> tuple[date, date]:
    """First and last day, both included, within the days given."""
    with st.container(horizontal=True, width="content"):
        first = _day("From", "from", first_day, (first_day, last_day))
        last = _day("To", "to", last_day, (first_day, last_day))
    return min(first, last), max(first, last)


def _day(label: str, key: str, usual: date, within: tuple[date, date]) -> date:
    return st.date_input(
        label,
        usual,
        min_value=within[0],
        max_value=within[1],
        format="DD/MM/YYYY",
        key=key,
        bind="query-params",
        persist_state="session",
        width=130,
    )


def _choose(
    label: str, key: str, values: Sequence[str], all_of_them: str, pattern: str
) -> str | None:
    chosen = st.selectbox(
        label,
        [_ALL, *values],
        format_func=lambda value: pattern.format(value) if value else all_of_them,
        key=key,
        bind="query-params",
        persist_state="session",
        label_visibility="collapsed",
        width=140,
    )
    return chosen or None
