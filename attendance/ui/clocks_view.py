"""Whose clock is running and what has been met: a list on Today, a few lines on a pupil's page."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pandas as pd
import streamlit as st

from attendance.core.names import plain
from attendance.core.people import Person
from attendance.core.slots import school_year_of
from attendance.core.trigger_words import WORDS, Weight, due_in_words, is_overdue, rests_on, short
from attendance.services import clocks
from attendance.services.clocks import Clock, Clocks
from attendance.services.today import TodayReport
from attendance.ui import index, show
from attendance.ui.cache import engine, live_register, remembered
from attendance.ui.clock import today

WAITING, DUE = "waiting", "due"
_ALL = "all"
_ROW, _TALL = 30, 40
# Told in the first list, or on the page On track.
_ELSEWHERE = ("consecutive_absence", "persistent_absence", "severe_absence")


def read(person: Person) -> Clocks:
    """What is due and met today for the pupils whom this person reaches."""
    year = school_year_of(today())
    registers = (live_register(person, year - 1), live_register(person, year))
    # Records, settings and characteristics move the register too, so nothing old is kept.
    return remembered(
        person,
        registers,
        ("clocks", today()),
        lambda: clocks.clocks(engine(), person, registers, today()),
    )


def choose(person: Person, report: TodayReport) -> str:
    """Which list is shown: who is not accounted for (first), or what is due and met.

    Only the first for those who do not act on the second. The address carries it as `list`.
    """
    if not clocks.acts_on_clocks(person):
        return WAITING
    says = {
        WAITING: f"Not accounted for ({report.unaccounted:,})",
        DUE: f"Due and met ({len(read(person).listed):,})",
    }
    if "today_list" not in st.session_state:
        st.session_state["today_list"] = DUE if st.query_params.get("list") == DUE else WAITING
    chosen = st.segmented_control(
        "List", list(says), format_func=says.__getitem__, key="today_list",
        label_visibility="collapsed", required=True,
    )  # fmt: skip
    # Bound by hand: a binding would put the words and counts of the label into the address.
    if chosen != st.query_params.get("list", WAITING):
        st.query_params["list"] = str(chosen)
    return str(chosen)


def draw(person: Person) -> None:
    """The list of what is due and met, first things first; one kind of it when chosen."""
    found = read(person)
    kinds = [name for name in WORDS if name not in _ELSEWHERE and found.of_kind(name)]
    with st.container(key="due_head", horizontal=True, vertical_alignment="bottom"):
        st.markdown("### What is due, and what has been met")
        chosen = _choose_kind(found, kinds) if kinds else _ALL
    rows = found.listed if chosen == _ALL else found.of_kind(chosen)
    if chosen != _ALL:
        st.markdown(f"**{WORDS[chosen].action}.**")
    if rows:
        _table(person, found, rows, chosen)
    else:
        show.empty("No clock is running and no threshold is met.", "Look again tomorrow morning.")
    show.quiet(_note(found, rows, kinds, chosen))


def due_this_week(person: Person) -> None:
    """One line of what is to be sent and reviewed; nothing where there is nothing."""
    says = read(person).due_this_week if clocks.acts_on_clocks(person) else ""
    if says:
        st.markdown(f"### Due this week\n{says}.")


def of_pupil(person: Person, row: int) -> None:
    """What asks for action for the pupil in a line of this year's register."""
    pupil_id = int(live_register(person).pupils["pupil_id"].iloc[row])
    found = read(person)
    rows = found.of_pupil(pupil_id)
    asks = [one for one in rows if one.words.weight != Weight.STANDING]
    said = [_line(found, one) for one in asks] + _standing(found, rows)
    if not said:
        return
    title = "What asks for action" if asks else "What stands"
    rules = "\n".join(dict.fromkeys(f"- {plain(one.words.title)}: {plain(one.finding.rule)}"
                                    for one in rows))  # fmt: skip
    with st.container(key="asks", gap=None):
        st.markdown(f"**{title}**\n" + "\n".join(said), help=rules)
        opened = st.popover(
            "The sessions", icon=":material/event_note:", type="tertiary",
            on_change="rerun", key="asked_sessions",
        )  # fmt: skip
        if opened.open:
            with opened:
                _sessions(rows)


def _line(found: Clocks, one: Clock) -> str:
    due = due_in_words(one.finding, found.on)
    tone = "orange" if is_overdue(one.finding, found.on) or one.words.is_urgent else "gray"
    by = f" :{tone}[due {due}]" if due else ""
    return f"- **{plain(one.words.title)}**{by} · {plain(one.finding.says)}"


def _standing(found: Clocks, rows: Sequence[Clock]) -> list[str]:
    """Statistics of which nothing new is asked, in one line: severe absence is persistent too."""
    names = {one.finding.trigger for one in rows}
    told = [
        f"{one.words.title.lower()} since {short(one.finding.since, found.on)}"
        for one in rows
        if one.words.weight == Weight.STANDING
        and not (one.finding.trigger == "persistent_absence" and "severe_absence" in names)
    ]
    return [f"- :gray[Also {' and '.join(told)}]"] if told else []


def _sessions(rows: Sequence[Clock]) -> None:
    told = [
        (one.words.title, f"{day:%a} {day.day} {day:%b %Y}", half.lower(), code)
        for one in rows
        for day, half, code in reversed(one.finding.sessions)
    ]
    if not told:
        st.markdown("None: it does not rest on marks.")
        return
    table = pd.DataFrame(told, columns=["For", "Day", "Session", "Code"])
    st.dataframe(table, hide_index=True, row_height=27, width=560, height=360)


def _choose_kind(found: Clocks, kinds: list[str]) -> str:
    says = {_ALL: f"First things first ({len(found.listed):,})"}
    says |= {name: f"{WORDS[name].title} ({len(found.of_kind(name)):,})" for name in kinds}
    chosen: str = st.selectbox(
        "Kind", list(says), format_func=says.__getitem__, key="due_kind",
        label_visibility="collapsed", width=360,
    )  # fmt: skip
    return chosen


def _note(found: Clocks, rows: Sequence[Clock], kinds: list[str], chosen: str) -> str:
    if chosen != _ALL:
        return "Rule: " + "; ".join(dict.fromkeys(plain(one.finding.rule) for one in rows)) + "."
    kept = [
        f"{plain(WORDS[name].title)} ({len(found.of_kind(name)):,})"
        for name in kinds
        if WORDS[name].is_bulk
    ]
    apart = f"In lists of their own, above: {', '.join(kept)}. " if kept else ""
    return f"{apart}Persistent and severe absence stand on On track."


_WIDTHS = {
    "What": 218, "Pupil": 134, "Form": 44, "Since": 58, "Due": 98, "Rests on": 172, "Rule": 150,
    "Found": 400,
}  # fmt: skip


def _table(person: Person, found: Clocks, rows: Sequence[Clock], chosen: str) -> None:
    table = pd.DataFrame([_row(found, one) for one in rows])
    table = table.drop(columns=["Found"] if chosen == _ALL else ["What", "Rests on", "Rule"])
    if not table["Due"].any():
        table = table.drop(columns="Due")
    config: dict[str, Any] = {
        name: st.column_config.TextColumn(width=width) for name, width in _WIDTHS.items()
    }
    config["Rests on"] = st.column_config.TextColumn(
        width=_WIDTHS["Rests on"], help="How many sessions, and the first and last day counted"
    )
    opens = {"Pupil": "due_pupil", "What": "due_what"}
    if index.may_open(person, index.entry("pupil")):
        for name, key in opens.items():
            config[name] = st.column_config.ButtonColumn(
                width=_WIDTHS[name], type="tertiary", alignment="left", key=key
            )
    st.dataframe(
        table, hide_index=True, row_height=_ROW, column_config=config,
        height="content" if len(table) <= _TALL else _ROW * (_TALL + 1),
        alt="What is due and what has been met, with the pupil and the rule",
    )  # fmt: skip
    _open_clicked(person, rows)


def _row(found: Clocks, one: Clock) -> dict[str, str]:
    finding = one.finding
    return {
        "What": one.words.title,
        "Pupil": one.name,
        "Form": one.form,
        "Since": short(finding.since, found.on),
        "Due": due_in_words(finding, found.on),
        "Found": finding.says,
        "Rests on": rests_on(finding, found.on),
        "Rule": finding.rule,
    }


def _open_clicked(person: Person, rows: Sequence[Clock]) -> None:
    pupil, what = (st.session_state.get(key) for key in ("due_pupil", "due_what"))
    if pupil:
        _go("pupil", rows[pupil["row"]])
    if what:
        one = rows[what["row"]]
        page = one.words.page
        _go(page if index.may_open(person, index.entry(page)) else "pupil", one)


def _go(page: str, one: Clock) -> None:
    query = {"pupil": str(one.pupil_id)}
    if page == "register":
        since = one.finding.since
        query["week"] = (since - timedelta(days=since.weekday())).isoformat()
    st.switch_page(index.page_of(page), query_params=query)
