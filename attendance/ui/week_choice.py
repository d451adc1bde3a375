"""Which weeks of the register are open, and in which mode: form, year or pupil; week; mode.

Everything chosen stands in the address: `?form=9K&week=2026-11-16`, `?year=9`, `?pupil=12`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import streamlit as st

from attendance.core.people import Person
from attendance.core.permissions import allows
from attendance.core.register import Register
from attendance.core.slots import school_year_of
from attendance.core.week_grid import monday_of
from attendance.rules.roles import Permission
from attendance.services import registers, weeks
from attendance.ui import filters
from attendance.ui.cache import engine, live_register, remembered
from attendance.ui.clock import LONDON, now, today

READ, TYPE = "Read and amend", "Type marks"
_ALL = ""
_CHANGES = (
    Permission.ENTER_SESSION_MARK,
    Permission.ENTER_REASON_CODE,
    Permission.AMEND_MARK,
)


@dataclass(frozen=True)
class Choice:
    """What is open. ``form`` or ``year_group`` is set, and ``pupil_id`` for one pupil's weeks."""

    register: Register
    form: str | None
    year_group: int | None
    pupil_id: int | None
    monday: date
    mode: str

    @property
    def key(self) -> str:
        """A grid's own: another group or week has another selection."""
        return f"grid_{self.form}_{self.year_group}_{self.pupil_id}_{self.monday}"


def choose(person: Person) -> Choice | None:
    """The row of filters; None where no form is open to this person in that school year."""
    if not registers.years_held(engine(), person.school_id):
        return None
    with st.container(key="week_choice", horizontal=True, vertical_alignment="bottom"):
        who = st.container(horizontal=True, width="content", vertical_alignment="bottom")
        with st.container(horizontal=True, width="content", vertical_alignment="bottom"):
            monday = _week(person)
        mode = _mode(person)
    register = live_register(person, school_year_of(monday + timedelta(days=4)))
    forms = remembered(
        person, (register,), "forms shown", lambda: weeks.forms_shown(person, register)
    )
    if not forms:
        return None
    with who:
        year, form, pupil_id = _who(person, register, forms)
    return Choice(register, form, year, pupil_id, monday, mode)


def report_of(person: Person, choice: Choice) -> weeks.WeekReport:
    """The weeks that are chosen."""
    facts = (choice.form, choice.year_group, choice.pupil_id, choice.monday)
    return remembered(
        person,
        (choice.register,),
        # A session is to come until its half of the day.
        ("weeks", *facts, today(), now().astimezone(LONDON).hour < 12),
        lambda: _report(person, choice),
    )


def _report(person: Person, choice: Choice) -> weeks.WeekReport:
    if choice.pupil_id is not None:
        return weeks.pupil_weeks(
            engine(), person, choice.register, choice.pupil_id, choice.monday, now()
        )
    return weeks.group_week(
        engine(),
        person,
        choice.register,
        form=choice.form,
        year_group=choice.year_group,
        monday=choice.monday,
        now=now(),
    )


def _who(
    person: Person, register: Register, forms: Mapping[str, int]
) -> tuple[int | None, str | None, int | None]:
    _follow_link_to_pupil(person, register)
    year = filters.year_group(sorted(set(forms.values())), labelled=True)
    within = [form for form, of_year in forms.items() if year in (None, of_year)]
    _settle_form(within, year)
    form = filters.form(within, labelled=True)
    pupils = remembered(
        person,
        (register,),
        ("pupils of", form, year),
        lambda: weeks.pupils_of(person, register, form, year),
    )
    return year, form, _pupil(pupils)


def _follow_link_to_pupil(person: Person, register: Register) -> None:
    """A link to one pupil opens the pupil's form with it."""
    linked = st.query_params.get("pupil", "")
    pupil_id = filters.number(linked)
    if pupil_id is None or st.session_state.get("pupil in address") == linked:
        return
    row = register.row_of(pupil_id)
    if row is not None and weeks.pupils_shown(person, register)[row]:
        st.session_state["form"] = str(register.pupils["form"].iloc[row])
        st.session_state["year"] = _ALL


def _settle_form(within: Sequence[str], year: int | None) -> None:
    """All forms of a year are a year group; all forms of the school are nobody's register."""
    asked = st.query_params.get("form")
    chosen = st.session_state.get("form", st.session_state.get("form kept"))
    if asked and asked != st.session_state.get("form in address"):
        chosen = asked
    if year is None and chosen not in within:
        st.session_state["form"] = within[0]


def _pupil(pupils: Mapping[int, str]) -> int | None:
    if not pupils:
        return None
    names = {str(pupil_id): name for pupil_id, name in pupils.items()}
    chosen = filters.choose(
        "Pupil", "pupil", list(names), names.__getitem__, "All pupils", 190, labelled=True
    )
    return int(chosen) if chosen else None


def _week(person: Person) -> date:
    years = registers.years_held(engine(), person.school_id) or [school_year_of(today())]
    st.button(
        "Earlier",
        key="week_before",
        icon=":material/chevron_left:",
        on_click=_move_week,
        args=(-1,),
        help="The week before",
    )
    day = filters.day(
        "Week of",
        "week",
        weeks.usual_week(live_register(person), now()),
        (date(years[0], 8, 1), date(max(years[-1], school_year_of(today())) + 1, 7, 31)),
    )
    st.button(
        "Later",
        key="week_after",
        icon=":material/chevron_right:",
        on_click=_move_week,
        args=(1,),
        help="The week after",
    )
    return monday_of(day)


def _move_week(weeks_on: int) -> None:
    monday = monday_of(st.session_state["week"]) + timedelta(weeks=weeks_on)
    st.session_state["week"] = monday


def _mode(person: Person) -> str:
    if not allows(person, *_CHANGES):
        return READ
    chosen = st.segmented_control(
        "Mode",
        [READ, TYPE],
        default=READ,
        required=True,
        key="mode",
        persist_state="session",
        label_visibility="collapsed",
    )
    return chosen or READ
