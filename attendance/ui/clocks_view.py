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
from attendance.core.trigger_words import (
    WORDS,
    Weight,
    due_or_met,
    is_overdue,
    rests_on,
    short,
)
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


def choose_kind(person: Person) -> str:
    """Everything, first things first, or one trigger only."""
    found = read(person)
    says = {_ALL: f"First things first ({len(found.listed):,})"}
    for name in _kinds(found):
        says[name] = f"{WORDS[name].title} ({len(found.of_kind(name)):,})"
    chosen: str = st.selectbox(
        "Kind", list(says), format_func=says.__getitem__, key="due_kind",
        label_visibility="collapsed", width=330,
    )  # fmt: skip
    return chosen


def draw(person: Person, kind: str) -> None:
    """The list of what is due and met, in order of work; one kind of it when chosen."""
    found = read(person)
    st.markdown("### What is due, and what has been met")
    if kind != _ALL:
        st.markdown(f"{WORDS[kind].action}.")
    rows = found.listed if kind == _ALL else found.of_kind(kind)
    if rows:
        _table(person, found, rows, kind)
    else:
        show.empty("No clock is running and no threshold is met.", "Look again tomorrow morning.")
    show.quiet(_note(found, rows, kind))


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
    stands = _standing(found, rows)
    if not asks:
        if stands:
            st.markdown(f":small[:gray[{stands[:1].upper()}{stands[1:]}.]]", help=_rules(rows))
        return
    with st.container(key="asks", horizontal=True, vertical_alignment="center"):
        st.markdown("**What asks for action**", help=_rules(rows), width="content")
        opened = st.popover(
            "The sessions", icon=":material/event_note:", type="tertiary",
            on_change="rerun", key="asked_sessions",
        )  # fmt: skip
        if opened.open:
            with opened:
                _sessions(rows)
    lines = [_line(found, one) for one in asks]
    st.markdown("\n".join(lines + ([f"- :gray[Also {stands}.]"] if stands else [])))


def _rules(rows: Sequence[Clock]) -> str:
    said = (f"- {one.words.title}: {plain(one.finding.rule)}" for one in rows)
    return "\n".join(dict.fromkeys(said))


def _line(found: Clocks, one: Clock) -> str:
    """The sentence says when it is due; only what is late is said twice."""
    due = one.finding.due
    late = due and is_overdue(one.finding, found.on)
    by = f" :orange[due {short(due, found.on)}, overdue]" if due and late else ""
    return f"- **{one.words.title}**{by} · {plain(one.finding.says)}"


def _standing(found: Clocks, rows: Sequence[Clock]) -> str:
    """Statistics of which nothing new is asked, in one line: severe absence is persistent too."""
    names = {one.finding.trigger for one in rows}
    told = [
        f"{one.words.title.lower()} since {short(one.finding.since, found.on)}"
        for one in rows
        if one.words.weight == Weight.STANDING
        and not (one.finding.trigger == "persistent_absence" and "severe_absence" in names)
    ]
    return " and ".join(told)


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


def _kinds(found: Clocks) -> list[str]:
    return [name for name in WORDS if name not in _ELSEWHERE and found.of_kind(name)]


def _note(found: Clocks, rows: Sequence[Clock], kind: str) -> str:
    if kind != _ALL:
        return "Rule: " + "; ".join(dict.fromkeys(plain(one.finding.rule) for one in rows)) + "."
    kept = [
        f"{WORDS[name].title} ({len(found.of_kind(name)):,})"
        for name in _kinds(found)
        if WORDS[name].is_bulk
    ]
    apart = f"In lists of their own, above: {', '.join(kept)}. " if kept else ""
    return f"{apart}Persistent and severe absence stand on On track."


_WIDTHS = {
    "What": 206, "Pupil": 128, "Form": 44, "Since": 52, "Due or met": 96, "Rests on": 164,
    "Rule": 90, "Found": 440,
}  # fmt: skip
_HELP = {
    "Since": "The first day concerned",
    "Due or met": "By when something is to be done, or the day on which the rule was met",
    "Rests on": "How many sessions, and the first and last day counted",
    "Rule": "The authority; in full beneath the list of one kind, and on the pupil’s page",
}
_LONG, _SHORT = "Working together to improve school attendance (August 2024)", "Working together"


def _table(person: Person, found: Clocks, rows: Sequence[Clock], kind: str) -> None:
    table = pd.DataFrame([_row(found, one) for one in rows])
    table = table.drop(columns=["Found"] if kind == _ALL else ["What", "Rests on", "Rule"])
    config: dict[str, Any] = {
        name: st.column_config.TextColumn(width=width, help=_HELP.get(name))
        for name, width in _WIDTHS.items()
    }
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
        "Due or met": due_or_met(finding, found.on),
        "Found": finding.says,
        "Rests on": rests_on(finding, found.on),
        "Rule": finding.rule.replace(_LONG, _SHORT),
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
