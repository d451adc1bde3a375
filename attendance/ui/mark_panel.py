"""Beside the grid: the selected mark in words, its history, the form to amend it, the codes."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

import pandas as pd
import streamlit as st

from attendance.core.amendments import Amendment
from attendance.core.names import first_names, plain
from attendance.core.people import Person
from attendance.core.permissions import visible
from attendance.core.register import Register
from attendance.core.short_names import short_name
from attendance.core.strip import ARROW
from attendance.core.week_grid import session_in_words
from attendance.errors import AttendanceError
from attendance.rules.codes import NO_MARK, Category, codes_on
from attendance.rules.roles import Permission
from attendance.services import marks
from attendance.services.marks import MarkReport
from attendance.services.weeks import WeekReport
from attendance.ui import index, register_grid, review, show
from attendance.ui.cache import engine
from attendance.ui.clock import LONDON, now, time_in_words
from attendance.ui.week_choice import Choice

# On a narrow screen what holds this container stays in sight beneath the grid (style.css).
IN_SIGHT = "in_sight"
NO_BREAK = "\N{NO-BREAK SPACE}"
_GROUPS = {
    Category.PRESENT: "Present",
    Category.APPROVED_ACTIVITY: "Approved activity elsewhere",
    Category.AUTHORISED: "Authorised absence",
    Category.UNAUTHORISED: "Unauthorised absence",
    Category.NOT_POSSIBLE: "Unable or not due to attend: not counted",
}


def read_and_amend(person: Person, choice: Choice, report: WeekReport) -> None:
    """The grid, and beside it the mark that is selected in it."""
    with st.container(key="body", horizontal=True, gap="large"):
        with st.container():
            cell = register_grid.choose_mark(report, choice.key)
        with st.container():
            review.say_what_happened()
            if cell:
                row, column = cell
                slot = report.grid.slot_at(row, column)
                with st.container(key=IN_SIGHT):
                    draw(person, choice.register, report.pupil_ids[row], slot)
            else:
                nothing_chosen(bool(report.may_change.any()))
            codes_in_force(report.monday)


def draw(person: Person, register: Register, pupil_id: int, slot: int) -> None:
    """Everything about one mark, and the form to change it where the person may."""
    report = marks.mark(engine(), person, register, pupil_id, slot, now())
    st.markdown(f"### {plain(report.name)}, {session_in_words(report.day, report.session)}")
    st.markdown(_in_words(report))
    _link_to_record(person, register, pupil_id)
    if report.history is not None:
        _history(report)
    if report.choices:
        _form(person, register, report)
    elif report.why_not:
        show.quiet(f"Amending it: {plain(report.why_not)}")


def nothing_chosen(may_change: bool) -> None:
    """What to do before a mark is selected."""
    st.markdown("### Choose a mark")
    does = "to see its history and amend it" if may_change else "to see what it means"
    st.markdown(f":gray[Click a cell of the grid, or move to it with the arrow keys, {does}.]")


def codes_in_force(day: date) -> None:
    """The codes of a day by what they count as; each with its meaning one click away."""
    st.markdown("### Codes in force")
    codes = [code for code in codes_on(day).values() if code.code != NO_MARK]
    rows = [("**L**", "Late, before the register closed"), ("**N**", "No reason yet")]
    for category, words in _GROUPS.items():
        listed = [c.code for c in codes if c.category == category and c.code not in ("L", "N")]
        rows.append((f"**{plain(' '.join(_runs(sorted(listed))))}**", words))
    order = (2, 0, 3, 4, 5, 1, 6)
    with st.container(key="codes_in_force"):
        small_table([rows[place] for place in order])
    with st.popover("Each code and its meaning", icon=":material/list:"):
        small_table([(f"**{plain(c.code)}**", plain(c.name)) for c in codes])


def _in_words(report: MarkReport) -> str:
    said = plain(report.meaning)
    words = f"**{plain(report.code)}**  {said}." if report.code != NO_MARK else f"{said}."
    amended = sum(entry.original != NO_MARK for entry in report.history or ())
    if amended:
        times = {1: "once", 2: "twice"}.get(amended, f"{amended} times")
        words += f" Amended {times}."
    if report.detail and report.detail.minutes_late is not None:
        words += f" {report.detail.minutes_late} minutes late."
    if report.detail and report.detail.comment:
        words += f" Note: {plain(report.detail.comment)}"
    return f":gray[{report.day:%-d %B %Y}.] {words}"


def _link_to_record(person: Person, register: Register, pupil_id: int) -> None:
    row = register.row_of(pupil_id)
    if (
        row is None
        or not visible(person, Permission.PUPIL_RECORD, register.pupils.iloc[[row]]).any()
    ):
        return
    name = first_names(register.pupils.iloc[[row]]).iloc[0]
    st.page_link(
        index.page_of("pupil"),
        label=f"{plain(str(name))}’s record",
        icon=":material/person:",
        query_params={"pupil": str(pupil_id)},
    )


def _history(report: MarkReport) -> None:
    if not report.history:
        show.quiet("Never amended: it stands as it was first recorded.")
        return
    first = report.history[0]
    rows = []
    if first.original != NO_MARK:
        rows.append(("First", f"**{plain(first.original)}** as the register was taken or imported"))
    rows += [(moment(entry.at), amendment_in_words(entry)) for entry in report.history]
    with st.container(key="mark_history"):
        small_table(rows)


def amendment_in_words(entry: Amendment) -> str:
    """'N → I by Priya Nair, Attendance Officer. Reason: …', inert for Markdown."""
    is_first = entry.original == NO_MARK
    change = "" if is_first else f"{plain(entry.original)} {ARROW} "
    return (
        f"**{change}{plain(entry.amended)}** {'entered ' if is_first else ''}by "
        f"{plain(entry.name)}, {plain(entry.position)}. Reason: {plain(entry.reason)}"
    )


def moment(at: datetime) -> str:
    """'18 Nov, 8:40 am', in London."""
    return f"{at.astimezone(LONDON):%-d %b}, {time_in_words(at)}".replace(" ", NO_BREAK)


def _form(person: Person, register: Register, report: MarkReport) -> None:
    title = "Amend this mark" if report.code != NO_MARK else "Enter this mark"
    st.markdown(f"### {title}")
    with st.form(f"amend_{report.pupil_id}_{report.slot}_{review.saves()}", border=False):
        with st.container(horizontal=True, key="amend_fields"):
            code = st.selectbox(
                "Code",
                list(report.choices),
                index=None,
                format_func=lambda each: f"{each}  {short_name(each, report.day)}",
                placeholder="The code it should be",
                filter_mode="prefix",
            )
            span = st.selectbox("For", report.spans, format_func=lambda each: each.words)
            reason = st.text_input("Reason", placeholder="What changed, and who told you")
        is_sent = st.form_submit_button("See what changes", type="primary", width="stretch")
    if not is_sent:
        return
    if code is None:
        st.error("Choose the code that the mark should be.")
        return
    try:
        changes = marks.proposed(person, register, report.pupil_id, span.slots, code, now())
    except AttendanceError as error:
        st.error(plain(str(error)))
        return
    review.ask(register.school_year, changes, reason)


def _runs(codes: list[str]) -> list[str]:
    """'Y1 Y2 … Y7' -> 'Y1 to Y7'."""
    ys = [code for code in codes if code[0] == "Y" and len(code) > 1]
    others = [code for code in codes if code not in ys]
    return [*others, f"{ys[0]} to {ys[-1]}"] if len(ys) > 2 else codes


def small_table(rows: Iterable[tuple[str, str]]) -> None:
    """A list between rules; its texts are Markdown."""
    frame = pd.DataFrame(rows, columns=["Code", "Meaning"])
    st.table(frame, border="horizontal", hide_header=True, hide_index=True)
