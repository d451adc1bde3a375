"""The filters that pages share: each stands in the address and stays as the person moves.

Every page that asks for a year group uses the same name for it in the address (`year`), and
likewise `form`, `cohort`, `from` and `to`, so that a link or a click keeps them. (Streamlit's own
`bind="query-params"` writes the words of the option, `year=Year+9`; ours writes `year=9`.)
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date

import streamlit as st

_ALL = ""
_NUMBER = re.compile(r"[0-9]{1,18}")


def number(text: str) -> int | None:
    """The whole number that an address gives, or None for anything else that was typed there."""
    return int(text) if _NUMBER.fullmatch(text) else None


def year_group(years: Sequence[int], *, labelled: bool = False) -> int | None:
    """One of the school's year groups, or None for all."""
    chosen = choose(
        "Year group",
        "year",
        [str(year) for year in years],
        lambda value: f"Year {value}",
        "All years",
        labelled=labelled,
    )
    return int(chosen) if chosen else None


def form(forms: Sequence[str], *, labelled: bool = False) -> str | None:
    """One of the forms, or None for all."""
    return choose("Form", "form", forms, str, "All forms", labelled=labelled)


def cohort(cohorts: Mapping[str, str]) -> str | None:
    """A group of pupils (`fsm`, `sen_support` …: its name in words), or None for everybody."""
    return choose("Group", "cohort", list(cohorts), cohorts.__getitem__, "All pupils", width=180)


def choose(
    label: str,
    key: str,
    values: Sequence[str],
    in_words: Callable[[str], str],
    all_in_words: str,
    width: int = 140,
    *,
    labelled: bool = False,
) -> str | None:
    """A choice of one value or all (None), in the address under `key`.

    `labelled`: beside a control whose label is seen, so that all of the row stands in line.
    """
    _take_from_address(key, lambda text: text if text in values else None)
    if st.session_state.get(key, _ALL) not in values:
        st.session_state[key] = _ALL
    chosen = st.selectbox(
        label,
        [_ALL, *values],
        format_func=lambda value: in_words(value) if value else all_in_words,
        key=key,
        label_visibility="visible" if labelled else "collapsed",
        width=width,
    )
    _put_in_address(key, chosen)
    return chosen or None


def period(first_day: date, last_day: date) -> tuple[date, date]:
    """First and last day, both included, within the days given."""
    with st.container(horizontal=True, width="content"):
        first = day("From", "from", first_day, (first_day, last_day))
        last = day("To", "to", last_day, (first_day, last_day))
    return min(first, last), max(first, last)


def day(label: str, key: str, usual: date, within: tuple[date, date]) -> date:
    """A day within two others, in the address under `key` unless it is the usual one."""
    _take_from_address(key, _date_or_none)
    kept = st.session_state.get(key)
    if not isinstance(kept, date) or not within[0] <= kept <= within[1]:
        st.session_state[key] = usual
    chosen = st.date_input(
        label,
        min_value=within[0],
        max_value=within[1],
        format="DD/MM/YYYY",
        key=key,
        width=130,
    )
    result = chosen if isinstance(chosen, date) else usual
    _put_in_address(key, "" if result == usual else result.isoformat())
    return result


def _date_or_none(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _take_from_address(key: str, read: Callable[[str], str | date | None]) -> None:
    """An address that says something new wins over what was chosen before, here or elsewhere."""
    # Streamlit forgets a widget's value when the person changes page: we keep our own, and give
    # it back at every rerun, for the same widget on another page is a new one that starts afresh.
    kept = st.session_state.get(key, st.session_state.get(f"{key} kept"))
    if kept is not None:
        st.session_state[key] = kept
    asked = st.query_params.get(key)
    if asked is not None and asked != st.session_state.get(f"{key} in address"):
        value = read(asked)
        if value is not None:
            st.session_state[key] = value


def _put_in_address(key: str, value: str) -> None:
    st.session_state[f"{key} kept"] = st.session_state[key]
    if value:
        st.query_params[key] = value
    elif key in st.query_params:
        del st.query_params[key]
    st.session_state[f"{key} in address"] = value
