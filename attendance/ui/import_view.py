"""The parts of the Imports page: what a file is, what it changes, and what waits for a person."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

import pandas as pd
import streamlit as st

from attendance.core.imports import ImportResult, Problem
from attendance.core.people import Person
from attendance.core.register import Register
from attendance.core.slots import Session, moment_of
from attendance.errors import AttendanceError
from attendance.rules.codes import Category, reading_of
from attendance.services import accounts, conflicts, imports
from attendance.services.imports import ImportReport
from attendance.store.imports import Batch, Conflict
from attendance.ui import show
from attendance.ui.cache import engine, live_register
from attendance.ui.clock import LONDON, day_in_words, now, time_in_words

KINDS = ["csv", "xlsx", "txt", "tsv"]
MOST_ROWS = 200
_ROW = re.compile(r"Row \d+(?: \(([^()]*)\))?: (.*)", re.DOTALL)
CATEGORY_WORDS = {
    Category.PRESENT: "present",
    Category.APPROVED_ACTIVITY: "approved activity",
    Category.AUTHORISED: "authorised absence",
    Category.UNAUTHORISED: "unauthorised absence",
    Category.NOT_POSSIBLE: "not possible",
    Category.ADMINISTRATIVE: "closed or not yet on roll",
}


def invitation() -> str:
    """What stands at the head until a file has been read."""
    if st.session_state.get("register_file") is not None:
        return "This file was not read, and nothing of it is saved."
    return "Drop a register: you see what would change before anything is saved."


_LAYOUTS = (
    ("**Wide register**", "One row a pupil, one column a session", ":gray[as SIMS prints it]"),
    ("**Long table**", "One row a mark", ":gray[as Arbor exports it]"),
    ("**Daily table**", "One row a pupil and day", ":gray[as Go 4 Schools exports it]"),
)


def read_upload() -> ImportResult | None:
    """The file that was dropped, read once however often the page runs again; None without one."""
    uploaded = st.file_uploader(
        "Register file: Excel or CSV, one column a session or one row a mark",
        type=KINDS,
        key="register_file",
    )
    if uploaded is None:
        return None
    kept = st.session_state.get("register_read")
    if kept is None or kept[0] != uploaded.file_id:
        with st.spinner(f"Reading {uploaded.name}"):
            kept = (uploaded.file_id, _read(uploaded.getvalue(), uploaded.name))
        st.session_state["register_read"] = kept
    if isinstance(kept[1], AttendanceError):
        raise kept[1]
    return kept[1]


def _read(data: bytes, name: str) -> ImportResult | AttendanceError:
    try:
        return imports.read_file(data, name)
    except AttendanceError as refused:
        return refused


def sentence(report: ImportReport) -> str:
    """What the file is and what saving it would do, in one breath."""
    result = report.result
    name = show.plain(result.file_name)
    span = f"{_short(result.first_day)} to {_short(result.last_day)} {result.last_day.year}"
    if report.saved_before:
        when, who = _when(report.saved_before), show.plain(report.saved_before.name)
        return f"{name} was imported on {when} by {who}: nothing new."
    if report.changes_nothing:
        return f"{name} ({span}) says what the register already says: there is nothing to save."
    what = f"{name} is a {result.format}, {span}: {show.counted(len(result.pupils), 'pupil')}, "
    new = show.counted(report.new_marks, "new mark")
    return what + show.listed(
        new, (report.changed, "to replace"), (report.conflicts, "held for you")
    )


def figures(report: ImportReport) -> None:
    """Pupils and marks as one line, then the marks by what they count as."""
    counts = [
        show.Count(report.matched, show.word(report.matched, "pupil") + " known"),
        show.Count(report.new_pupils, show.word(report.new_pupils, "new pupil")),
        show.Count(len(report.missing), "on roll but not in the file"),
        show.Count(report.new_marks, show.word(report.new_marks, "new mark"), is_strong=True),
        show.Count(report.changed, "replaced, each recorded"),
        show.Count(report.conflicts, "amended here, held for you"),
        show.Count(report.unchanged, "unchanged"),
    ]
    show.strip([count for count in counts if count.number or count.is_strong])
    counted = [
        f"{report.by_category[category]:,} {words}"
        for category, words in CATEGORY_WORDS.items()
        if category in report.by_category
    ]
    missing = [f"{report.result.unmarked:,} without a mark"] if report.result.unmarked else []
    show.quiet("Marks in the file: " + ", ".join([*counted, *missing]) + ".")


def changes(report: ImportReport) -> None:
    """Each mark that would be replaced or is held, and who is not in the file."""
    if report.changes:
        st.markdown("#### What would change")
        rows = [
            {
                "Pupil": one.name,
                "Form": one.form,
                "Session": f"{one.day:%a %-d %b %Y}, {_half(one.session)}",
                "Now": one.ours,
                "In the file": one.theirs,
                "On saving": "held for you to decide" if one.is_held else "replaced, recorded",
            }
            for one in report.changes
        ]
        st.dataframe(pd.DataFrame(rows), hide_index=True)
        more = report.changed + report.conflicts - len(rows)
        if more > 0:
            show.quiet(f"The first {len(rows)} are listed; {more:,} more are counted above.")
    if report.missing:
        with st.expander(f"On roll in these days but not in the file: {len(report.missing):,}"):
            with st.container(height=240 if len(report.missing) > 80 else "content", border=False):
                st.markdown(show.plain("; ".join(report.missing)))
            show.quiet(
                "Their marks stay as they are. If somebody has left, record the last day on the "
                "pupil’s page, under Record."
            )


def what_it_reads() -> None:
    """Before a file is dropped: what may be dropped, and what never happens."""
    st.markdown("#### What it reads")
    with st.container(key="what_it_reads", width=720):
        st.table(pd.DataFrame(_LAYOUTS), border="horizontal", hide_header=True, hide_index=True)
    show.quiet(
        "Each pupil needs a UPN or an admission number. "
        "A dash or an empty cell says nothing and erases nothing. A mark that somebody amended "
        "here is held for you to decide, never overwritten. The same file twice changes nothing."
    )


def problems(found: Sequence[Problem]) -> None:
    """Each problem with its row and column; the sentence says what to do."""
    if not found:
        show.quiet("No problem was found in this file.")
        return
    st.markdown(f"#### {show.counted(len(found), 'thing')} to look at")
    frame = pd.DataFrame([(_where(one), _what(one)) for one in found[:MOST_ROWS]])
    with st.container(key="problems"):
        st.table(frame, border="horizontal", hide_header=True, hide_index=True)
    if len(found) > MOST_ROWS:
        show.quiet(f"The first {MOST_ROWS} of {len(found):,} are shown.")


def _where(problem: Problem) -> str:
    if problem.row is None:
        return "The whole file"
    column = f", {show.plain(problem.column)}" if problem.column else ""
    return f"Row {problem.row}{column}"


def _what(problem: Problem) -> str:
    """The sentence without its row, which stands before it: 'Ada Bramblewick, …: ‘6’ is …'."""
    found = _ROW.fullmatch(problem.says)
    if not found:
        return show.plain(problem.says)
    who, says = found.groups()
    return show.plain(f"{who}: {says}" if who else says[:1].upper() + says[1:])


def offer(person: Person, report: ImportReport) -> None:
    """The Save button; saving shows its progress and says what was done."""
    if report.changes_nothing or report.saved_before:
        return
    if report.result.stops:
        st.error("This file was not saved: mend what is listed below and export it again.")
        return
    if not st.button("Save this import", type="primary", key="save_import"):
        return
    bar = st.progress(0.0, "Saving")
    done = imports.save_import(
        engine(), person, report.result, now(), lambda share, words: bar.progress(share, words)
    )
    st.session_state["import_done"] = _said(done)
    st.rerun()


def said_before() -> None:
    """What the last save on this page did, once."""
    said = st.session_state.pop("import_done", None)
    if said:
        st.success(said)


def waiting(person: Person) -> None:
    """Marks amended here that a later file wants otherwise: keep ours, or take the file's."""
    held = conflicts.open_conflicts(engine(), person)
    if not held:
        return
    st.markdown(f"#### {show.counted(len(held), 'mark')} amended here that a file wants otherwise")
    for one in held[:20]:
        _one_conflict(person, one)
    if len(held) > 20:
        show.quiet(f"{len(held) - 20:,} more follow when these are decided.")


def _one_conflict(person: Person, held: Conflict) -> None:
    day, session = moment_of(held.school_year, held.slot)
    who = _name(live_register(person, held.school_year), held.pupil_id)
    ours, theirs = (
        f"**{show.plain(code)}** {reading_of(code, day).name.lower()}"
        for code in (held.ours, held.theirs)
    )
    with st.container(horizontal=True, vertical_alignment="center", key=f"held_{held.id}"):
        when = f"{day_in_words(day)}, {_half(session)}"
        st.markdown(f"**{who}**, {when}: {ours} here, {theirs} in the file.")
        for words, take in (("Keep ours", False), ("Take the file’s", True)):
            if st.button(words, key=f"decide_{held.id}_{take}", width="content"):
                conflicts.decide_conflict(engine(), person, held.id, take_theirs=take, now=now())
                st.rerun()


def past(person: Person) -> None:
    """Every import so far, newest first."""
    batches = conflicts.past_imports(engine(), person)
    st.markdown("#### Imported so far")
    if not batches:
        is_demo = accounts.school_of(engine(), person).is_demo
        show.quiet(
            "Nothing yet: the demo school came with its registers. Try a file of yours, or one "
            "of those in data/samples."
            if is_demo
            else "Nothing yet. Export the register from your school’s system and drop it above."
        )
        return
    rows = [
        {
            "When": _when(batch),
            "File": batch.file_name,
            "From": _short(batch.first_day),
            "To": f"{batch.last_day:%-d %b %Y}" if batch.last_day else "",
            "Pupils": batch.pupils,
            "New marks": batch.new_marks,
            "Replaced": batch.changed,
            "Held": batch.conflicts,
            "By": batch.name,
        }
        for batch in batches
    ]
    st.dataframe(pd.DataFrame(rows), hide_index=True)


def _said(done: ImportReport) -> str:
    return "Saved: " + show.listed(
        show.counted(done.new_marks, "new mark"),
        (done.changed, "replaced with their amendments"),
        (done.conflicts, "held for you to decide"),
        (done.new_pupils, show.word(done.new_pupils, "new pupil")),
    )


def _name(register: Register, pupil_id: int) -> str:
    row = register.row_of(pupil_id)
    if row is None:
        return "A pupil no longer on roll"
    pupil = register.pupils.iloc[row]
    return show.plain(f"{pupil['preferred_name'] or pupil['forename']} {pupil['surname']}")


def _when(batch: Batch) -> str:
    return f"{batch.at.astimezone(LONDON):%-d %b %Y}, {time_in_words(batch.at)}"


def _half(session: Session) -> str:
    return "morning" if session == Session.AM else "afternoon"


def _short(day: date | None) -> str:
    return f"{day:%-d %b}" if day is not None else ""
