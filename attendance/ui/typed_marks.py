"""Typing marks: a grid under the keyboard, drafts that survive leaving the page, one Save.

The editor itself refuses nothing. Streamlit drops a pasted cell that fails a column's own check
without a word, so every code is checked here, and what cannot be saved is named with its place.
"""

from __future__ import annotations

import streamlit as st

from attendance.core import drafts
from attendance.core.amendments import MarkChange
from attendance.core.drafts import Cell, Draft
from attendance.core.names import called, plain
from attendance.core.people import Person
from attendance.core.register import Register
from attendance.core.slots import moment_of
from attendance.core.week_grid import SESSION_NAMES, Words, session_in_words
from attendance.services import marks
from attendance.services.weeks import WeekReport
from attendance.ui import mark_panel, register_grid, review, show, week_choice
from attendance.ui.cache import engine, live_register
from attendance.ui.clock import now
from attendance.ui.week_choice import Choice

_DRAFTS = "register_drafts"
_EDITOR = "register_editor"
_EARLIER = "register_earlier"
MOST_PROBLEMS = 8


def put_stale_aside(person: Person, register: Register) -> None:
    """Drop the drafts whose mark somebody else has changed, and say who was first."""
    kept: dict[Cell, Draft] = st.session_state.get(_DRAFTS, {})
    gone = drafts.stale(register, kept)
    if not gone:
        return
    st.session_state[_DRAFTS] = {c: draft for c, draft in kept.items() if c not in set(gone)}
    lost = [marks.change_of(cell, kept[cell]) for cell in gone]
    # What this person has saved a moment ago is what stands there now, and is no loss.
    lost = [change for change in lost if not _stands(register, change)]
    if lost:
        review.put_away()
        review.say(marks.who_was_first(engine(), person, lost), is_trouble=True)


def _stands(register: Register, change: MarkChange) -> bool:
    row = register.row_of(change.pupil_id)
    return row is not None and drafts.code_at(register, row, change.slot) == change.code


@st.fragment
def draw(choice: Choice) -> None:
    """The editor and what stands beside it. A fragment: a typed mark redraws no more than this."""
    person = review.person_now()
    register = live_register(person, choice.register.school_year)
    put_stale_aside(person, register)
    report = week_choice.report_of(person, choice)
    with st.container(key="body", horizontal=True, gap="large"):
        grid = st.container()
        with st.container():
            review.say_what_happened()
            beside = st.container()
            is_open = _open_columns(report)
            mark_panel.codes_in_force(report.monday)
    with grid:
        _keep(report, _editor(report, is_open))
    with beside:
        _beside(person, register, report)


def _open_columns(report: WeekReport) -> tuple[bool, ...]:
    """Which sessions are open to type in: today's, or all of the week where the person asks."""
    may = [bool(report.may_change[:, column].any()) for column in range(len(SESSION_NAMES))]
    year, slots = report.grid.school_year, report.grid.slots[0]
    is_today = [moment_of(year, int(slot))[0] == report.today for slot in slots]
    todays = [each and here for each, here in zip(may, is_today, strict=True)]
    if report.pupil_id is not None or not any(todays):
        return tuple(may)
    if may == todays:
        return tuple(todays)
    others_too = st.toggle(
        "Open the other days too",
        key=_EARLIER,
        help="Today’s sessions are open. The other days keep their colours until you open them.",
    )
    return tuple(may if others_too else todays)


def _editor(report: WeekReport, is_open: tuple[bool, ...]) -> Words:
    base, key = _base(report, is_open)
    opened = [name for name, each in zip(SESSION_NAMES, is_open, strict=True) if each]
    frame = register_grid.texts(report)
    for place, name in enumerate(SESSION_NAMES):
        if is_open[place]:
            frame[name] = base[:, place]
    edited = st.data_editor(
        register_grid.styler(report, frame),
        hide_index=True,
        key=key,
        column_config=register_grid.columns(report, opened),
        disabled=[register_grid.first_title(report), *(set(SESSION_NAMES) - set(opened))],
        row_height=register_grid.ROW_HEIGHT,
        height=register_grid.height_of(report),
    )
    typed = report.grid.codes.copy()
    values = edited[list(SESSION_NAMES)].fillna("").to_numpy(dtype=object)
    typed[:, list(is_open)] = values[:, list(is_open)]
    return typed


def _base(report: WeekReport, is_open: tuple[bool, ...]) -> tuple[Words, str]:
    """What the editor starts from, and its key. Both stay while the register stays: an editor
    whose data or key changes forgets what is being typed."""
    codes = report.grid.codes
    facts = (report.of_whom, report.monday, is_open, tuple(codes.ravel()))
    kept = st.session_state.get(_EDITOR)
    if kept is None or kept[0] != facts or kept[3] not in st.session_state:
        base = drafts.with_drafts(report.grid, report.pupil_ids, _drafts())
        number = kept[1] + 1 if kept else 1
        kept = (facts, number, base, f"typed_{number}")
        st.session_state[_EDITOR] = kept
    return kept[2], kept[3]


def _drafts() -> dict[Cell, Draft]:
    kept: dict[Cell, Draft] = st.session_state.get(_DRAFTS, {})
    return kept


def _keep(report: WeekReport, typed: Words) -> None:
    st.session_state[_DRAFTS] = drafts.drafts_in(report.grid, report.pupil_ids, typed, _drafts())


def _beside(person: Person, register: Register, report: WeekReport) -> None:
    here = drafts.shown(report.grid, report.pupil_ids, _drafts())
    changes, problems = marks.check_typed(person, register, here, now())
    if not here:
        st.markdown("### Nothing typed yet")
        st.markdown(
            ":gray[Type a code and press Enter: the next pupil is ready. "
            "A block copied from a spreadsheet can be pasted.]"
        )
    else:
        # Nothing else may move while a person types: only this inner part comes and goes.
        with st.container(key=mark_panel.IN_SIGHT):
            marks_typed = "1 mark" if len(here) == 1 else f"{len(here)} marks"
            st.markdown(f"### {marks_typed} typed, not saved")
            _progress(report)
            _problems(register, report, problems)
            _buttons(register, changes, here)
    _elsewhere(len(_drafts()) - len(here))
    show.quiet("Saved marks can be amended, with a reason, for as long as the register is kept.")


def _progress(report: WeekReport) -> None:
    """How many are still to mark in the sessions that were typed in."""
    typed = drafts.with_drafts(report.grid, report.pupil_ids, _drafts())
    for column in range(typed.shape[1]):
        is_typed = (typed[:, column] != report.grid.codes[:, column]).any()
        left = int((report.grid.expected[:, column] & (typed[:, column] == "")).sum())
        if is_typed and left and report.pupil_id is None:
            day, session = moment_of(report.grid.school_year, report.grid.slot_at(0, column))
            pupils = "1 pupil" if left == 1 else f"{left} pupils"
            st.markdown(f"{session_in_words(day, session)}: {pupils} still to mark.")


def _problems(register: Register, report: WeekReport, problems: dict[Cell, str]) -> None:
    if not problems:
        return
    names = dict(zip(register.pupils["pupil_id"], called(register.pupils), strict=True))
    lines = []
    for cell, says in list(problems.items())[:MOST_PROBLEMS]:
        place = drafts.place_in_words(report.grid, report.pupil_ids, cell, names[cell.pupil_id])
        lines.append(f"- **{plain(place)}:** {plain(says)}")
    more = len(problems) - MOST_PROBLEMS
    count = "1 mark" if len(problems) == 1 else f"{len(problems)} marks"
    st.markdown(f":orange[**{count} cannot be saved.**] Mend or clear:")
    st.markdown("\n".join([*lines, *([f"- and {more} more"] if more > 0 else [])]))


def _buttons(register: Register, changes: list[MarkChange], here: dict[Cell, Draft]) -> None:
    with st.container(horizontal=True):
        words = "1 mark" if len(changes) == 1 else f"{len(changes)} marks"
        save = f"Save {words}"
        if changes and st.button(save, type="primary", icon=":material/save:", key="typed_save"):
            review.ask(register.school_year, changes, "")
        if st.button("Clear what I typed", key="typed_clear"):
            st.session_state[_DRAFTS] = {c: d for c, d in _drafts().items() if c not in here}
            # The editor's number is kept: under its old key the browser would bring it all back.
            st.session_state[_EDITOR] = (None, *st.session_state[_EDITOR][1:])
            st.rerun()


def _elsewhere(count: int) -> None:
    if count:
        marks_typed = "1 more mark is" if count == 1 else f"{count} more marks are"
        show.quiet(f"{marks_typed} typed in other weeks or forms and kept until you save there.")
