"""The first thing anybody sees in an empty database: try the demo school, or set up a school.

Setting up makes two accounts. The attendance officer's is the one that works with pupils; the
other (headteacher or system administrator) is the one that makes further accounts, because the
officer may not.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time
from typing import Any

import pandas as pd
import streamlit as st

from attendance.core.calendar import Closure, Term
from attendance.core.register_times import USUAL, RegisterTimes, check_times
from attendance.core.slots import school_year_of, year_name
from attendance.demo.calendar import terms_of
from attendance.errors import AttendanceError, Refused
from attendance.rules.roles import Role
from attendance.services import accounts, setup
from attendance.services.sign_in import issue_ticket
from attendance.ui import session
from attendance.ui.cache import engine
from attendance.ui.clock import now, today
from attendance.ui.show import plain

_PHASES = {
    "Secondary": "secondary",
    "Primary": "primary",
    "Special": "special",
    "Alternative provision": "alternative",
}
_MANAGERS = (Role.HEADTEACHER, Role.SYSTEM_ADMIN)
_TERM = ("Half term", "First day", "Last day")
_INSET = ("INSET or closed day", "Called")


@dataclass(frozen=True, slots=True)
class Answers:
    """What the form holds."""

    school: str
    urn: str
    phase: str
    terms: tuple[Term, ...]
    closures: tuple[Closure, ...]
    times: RegisterTimes
    people: tuple[accounts.NewUser, ...]


def show() -> None:
    """The two choices, or the form of the second."""
    with st.container(key="first_run"):
        st.markdown("# Attendance Desk")
        if st.session_state.get("setting_up"):
            _set_up()
        else:
            _choices()


def _choices() -> None:
    st.markdown("### There is no school here yet. Which would you like?")
    with st.container(key="choices", horizontal=True, gap="large"):
        with st.container(key="choice_demo"):
            st.markdown("## Try the demo school")
            st.markdown(
                "An invented secondary school of 1,200 pupils with two years of registers up to "
                "today, and an account for each role. It takes a few seconds; nothing is real."
            )
            is_demo_wanted = st.button("Try the demo school", type="primary", key="try_demo")
        with st.container(key="choice_school"):
            st.markdown("## Set up your school")
            st.markdown(
                "Your school’s name and URN, this year’s term dates, and the first two accounts. "
                "Have them ready: about five minutes. Registers are imported afterwards."
            )
            st.button("Set up your school", key="set_up", on_click=_start_setting_up)
    if is_demo_wanted:
        _make_demo()


def _start_setting_up() -> None:
    st.session_state["setting_up"] = True


def _stop_setting_up() -> None:
    st.session_state["setting_up"] = False


def _make_demo() -> None:
    with st.spinner("Making the demo school: pupils, two years of registers, accounts …"):
        setup.create_demo(engine(), today=today(), now=now())
    # Nothing of the address is lost: st.navigation() has already run.
    st.rerun()


def _set_up() -> None:
    st.markdown(f"### Set up your school for {year_name(school_year_of(today()))}")
    with st.form("set_up_form", border=False):
        answers = _ask()
        is_saved = st.form_submit_button("Set up the school and sign in", type="primary")
        trouble = st.container()
    st.button(
        "Back to the two choices",
        type="tertiary",
        icon=":material/arrow_back:",
        on_click=_stop_setting_up,
    )
    if is_saved:
        with trouble:
            _save(answers)


def _ask() -> dict[str, Any]:
    st.markdown("## The school")
    with st.container(horizontal=True):
        school = st.text_input("Name of the school", key="school_name", max_chars=100)
        urn = st.text_input(
            "URN",
            key="urn",
            max_chars=6,
            width=120,
            placeholder="Six digits",
        )
        phase = st.selectbox("Phase", list(_PHASES), key="phase", width=220)
    times = _ask_times()
    st.markdown("## This year’s terms")
    st.markdown(
        ":gray[These are usual dates, not yours: change each one to your school’s. Bank holidays "
        "are closed by themselves. INSET days can also come later, from your registers.]"
    )
    terms, insets = _ask_days()
    st.markdown("## The first two accounts")
    st.markdown(
        ":gray[A password has 12 to 72 characters and holds neither the name nor the username. "
        "Three or four words that nobody would guess are good.]"
    )
    officer, manager = st.columns(2, gap="large")
    with officer:
        one = _ask_person("officer", "You: the attendance officer", (Role.ATTENDANCE_OFFICER,))
    with manager:
        two = _ask_person("manager", "Who makes further accounts", _MANAGERS)
    return {
        "school": school, "urn": urn, "phase": phase, "terms": terms, "insets": insets,
        "times": times, "people": (one, two),
    }  # fmt: skip


def _ask_times() -> tuple[time, ...]:
    st.markdown("## The registers")
    st.markdown(
        ":gray[A pupil who comes while the register is open is late; after it has closed, absent. "
        "It is open for the same length of time morning and afternoon, and 30 minutes at most.]"
    )
    usual = (
        ("Morning opens", USUAL.am_opens), ("Morning closes", USUAL.am_closes),
        ("Afternoon opens", USUAL.pm_opens), ("Afternoon closes", USUAL.pm_closes),
    )  # fmt: skip
    with st.container(horizontal=True):
        return tuple(
            st.time_input(label, value, step=300, key=f"times_{place}", width=180)
            for place, (label, value) in enumerate(usual)
        )


def _checked_times(given: tuple[time, ...]) -> RegisterTimes:
    times = RegisterTimes(*given)
    check_times(times, today())
    return times


def _ask_days() -> tuple[pd.DataFrame, pd.DataFrame]:
    usual = [(t.name, t.first_day, t.last_day) for t in terms_of(school_year_of(today()))]
    left, right = st.columns([3, 2], gap="large")
    day = st.column_config.DateColumn(format="ddd D MMM YYYY", required=True)
    with left:
        terms = st.data_editor(
            pd.DataFrame(usual, columns=list(_TERM)),
            column_config={_TERM[0]: st.column_config.TextColumn(required=True),
                           _TERM[1]: day, _TERM[2]: day},
            hide_index=True, num_rows="dynamic", key="terms", height="content",
        )  # fmt: skip
    with right:
        empty = pd.DataFrame({_INSET[0]: pd.Series(dtype="datetime64[s]"),
                              _INSET[1]: pd.Series(dtype="str")})  # fmt: skip
        insets = st.data_editor(
            empty, column_config={_INSET[0]: day}, hide_index=True, num_rows="dynamic",
            key="insets", height="content",
        )  # fmt: skip
    return terms, insets


def _ask_person(key: str, heading: str, roles: tuple[Role, ...]) -> dict[str, Any]:
    st.markdown(f"#### {heading}")
    if len(roles) > 1:
        role = st.selectbox("Role", roles, format_func=lambda r: r.title, key=f"{key}_role")
    else:
        role = roles[0]
    # The manager's position depends on the role chosen, which a form tells only when it is sent.
    position = role.title if len(roles) == 1 else ""
    return {
        "role": role,
        "name": st.text_input(
            "Name", key=f"{key}_name", placeholder="As it stands beside amendments"
        ),
        "position": st.text_input("Position", key=f"{key}_position", value=position),
        "username": st.text_input("Username", key=f"{key}_username"),
        "password": st.text_input("Password", type="password", key=f"{key}_password"),
        "again": st.text_input("Password again", type="password", key=f"{key}_again"),
    }


def _save(raw: dict[str, Any]) -> None:
    try:
        answers = _checked(raw)
        setup.create_school(
            engine(), name=answers.school, urn=answers.urn, phase=answers.phase,
            terms=answers.terms, closures=answers.closures, times=answers.times,
            people=answers.people, now=now(),
        )  # fmt: skip
    except AttendanceError as error:
        st.error(plain(str(error)))
        return
    st.markdown(":gray[Signing you in …]")
    session.open_in_browser(issue_ticket(engine(), answers.people[0].username, now()))


def _checked(raw: dict[str, Any]) -> Answers:
    """The form's answers, or Refused for the first that will not do. Nothing is saved before."""
    people = tuple(_checked_person(one) for one in raw["people"])
    return Answers(
        school=_filled(raw["school"], "the name of the school"),
        urn=_checked_urn(raw["urn"]),
        phase=_PHASES[raw["phase"]],
        terms=_checked_terms(raw["terms"]),
        closures=_checked_insets(raw["insets"]),
        times=_checked_times(raw["times"]),
        people=accounts.checked_first_users(people),
    )


def _filled(text: str, what: str) -> str:
    if not text.strip():
        raise Refused(f"Write {what}.")
    return text.strip()


def _checked_urn(urn: str) -> str:
    if not (urn.strip().isascii() and urn.strip().isdigit() and len(urn.strip()) == 6):
        raise Refused("A URN has six digits. It stands on Get Information about Schools.")
    return urn.strip()


def _checked_person(one: dict[str, Any]) -> accounts.NewUser:
    if one["password"] != one["again"]:
        raise Refused(f"The two passwords for {one['name'] or one['role'].title} differ.")
    return accounts.NewUser(
        one["username"], one["name"], one["position"], one["password"], one["role"]
    )


def _checked_terms(rows: pd.DataFrame) -> tuple[Term, ...]:
    terms = sorted(
        (
            Term(str(name), _day(first), _day(last))
            for name, first, last in rows.itertuples(index=False)
        ),
        key=lambda term: term.first_day,
    )
    if not terms:
        raise Refused("Give at least one term with its first and last day.")
    for term in terms:
        if term.last_day < term.first_day:
            raise Refused(f"{term.name} ends before it begins.")
    for before, after in zip(terms, terms[1:], strict=False):
        if after.first_day <= before.last_day:
            raise Refused(f"{after.name} begins before {before.name} has ended.")
    return tuple(terms)


def _checked_insets(rows: pd.DataFrame) -> tuple[Closure, ...]:
    found = []
    for day, name in rows.itertuples(index=False):
        if not pd.isna(day):
            called = "INSET day" if pd.isna(name) or not str(name).strip() else str(name).strip()
            found.append(Closure(_day(day), _day(day), "inset", None, called))
    return tuple(found)


def _day(value: Any) -> date:
    if pd.isna(value):
        raise Refused("Every term needs its first and its last day.")
    return pd.Timestamp(value).date()
