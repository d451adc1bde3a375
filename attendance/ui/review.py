"""Before anything is saved: each change in words, the reason once, one Save.

A review is kept in the browser's session until it is saved or put away, so that the page draws
its dialog again after every rerun.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

import pandas as pd
import streamlit as st

from attendance.core.amendments import MarkChange
from attendance.core.names import called, plain
from attendance.core.people import Person
from attendance.core.register import Register
from attendance.core.short_names import SHORT_NAMES
from attendance.core.strip import ARROW
from attendance.core.week_grid import PRESENT_MARKS
from attendance.errors import AttendanceError, ChangedMeanwhile
from attendance.rules.codes import NO_MARK, reading_of
from attendance.services import registers
from attendance.ui import session, show
from attendance.ui.cache import engine, live_register
from attendance.ui.clock import now

_REVIEW = "register_review"
_SAID = "register_said"
_SAVES = "register_saves"
TAKEN = "Register taken"


@dataclass(frozen=True)
class Review:
    """Changes of one school year that wait to be saved."""

    school_year: int
    changes: tuple[MarkChange, ...]
    reason: str


def ask(school_year: int, changes: Sequence[MarkChange], reason: str) -> None:
    """Show these changes in the dialog at the next run."""
    if not changes:
        say("Nothing changes: the mark is that code already.")
    else:
        st.session_state[_REVIEW] = Review(school_year, tuple(changes), reason)
    st.rerun()


def say(sentence: str, *, is_trouble: bool = False) -> None:
    """Leave a sentence for the next run."""
    st.session_state[_SAID] = (sentence, is_trouble)


def say_what_happened() -> None:
    """The sentence left by the last run, once."""
    sentence, is_trouble = st.session_state.pop(_SAID, ("", False))
    if sentence:
        (st.error if is_trouble else st.success)(plain(sentence))


def show_if_waiting() -> None:
    """Open the dialog while a review waits."""
    waiting = st.session_state.get(_REVIEW)
    if waiting is not None:
        _dialog(waiting)


def person_now() -> Person:
    """Who is signed in at this moment. A fragment or a dialog runs again without its page, and so
    without the page's guard: it must ask anew, or a closed account could go on saving."""
    person = session.signed_in()
    if person is None:
        st.rerun()
    return person


def saves() -> int:
    """How often this browser's session has saved: a form with it in its key starts empty again."""
    count: int = st.session_state.get(_SAVES, 0)
    return count


def put_away() -> None:
    """Nothing waits to be saved any more."""
    st.session_state.pop(_REVIEW, None)


@st.dialog("What changes", width="medium", on_dismiss=put_away)
def _dialog(review: Review) -> None:
    person = person_now()
    register = live_register(person, review.school_year)
    _listed(register, review.changes)
    is_first = all(change.expected == NO_MARK for change in review.changes)
    reason = st.text_input(
        "Reason",
        review.reason or (TAKEN if is_first else ""),
        placeholder="What changed, and who told you",
        help="Kept with every one of these amendments, with your name and position.",
        key="review_reason",
    )
    with st.container(horizontal=True):
        if st.button(_save_words(len(review.changes)), type="primary", key="review_save"):
            _save(person, register, review, reason)
        if st.button("Back", key="review_back"):
            put_away()
            st.rerun()
    show.quiet(
        f"Recorded with your name and position: {plain(person.name)}, {plain(person.position)}. "
        "What stood before is kept with it for good."
    )


def _save(person: Person, register: Register, review: Review, reason: str) -> None:
    try:
        registers.amend_marks(engine(), person, register, review.changes, reason, now())
    except ChangedMeanwhile as error:
        say(str(error), is_trouble=True)
    except AttendanceError as error:
        st.error(plain(str(error)))
        return
    else:
        st.session_state[_SAVES] = saves() + 1
        saved = len(review.changes)
        say("1 mark is saved." if saved == 1 else f"{saved} marks are saved.")
    put_away()
    st.rerun()


def _save_words(count: int) -> str:
    return "Save 1 change" if count == 1 else f"Save {count} changes"


def _listed(register: Register, changes: Sequence[MarkChange]) -> None:
    names = dict(zip(register.pupils["pupil_id"], called(register.pupils), strict=True))
    rows = [
        (
            f"**{plain(names.get(change.pupil_id, ''))}**",
            f"{change.day:%a %-d %b} {str(change.session).lower()}",
            f"{_meaning(change.expected, change.day)} {ARROW} {_meaning(change.code, change.day)}",
        )
        for change in changes
    ]
    frame = pd.DataFrame(rows, columns=["Pupil", "Session", "Change"])
    height: Literal["content"] | int = "content" if len(rows) <= 10 else 420
    with st.container(key="review_list"):
        st.table(frame, border="horizontal", hide_header=True, hide_index=True, height=height)


def _meaning(code: str, day: date) -> str:
    return "no mark" if code == NO_MARK else f"**{plain(code)}** {plain(_name(code, day))}"


def _name(code: str, day: date) -> str:
    return SHORT_NAMES["/"] if code in PRESENT_MARKS else reading_of(code, day).name
