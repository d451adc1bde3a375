"""How the Today page says and draws its report."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pandas as pd
import streamlit as st

from attendance.charts.parts import of
from attendance.core.names import plain
from attendance.core.people import Person
from attendance.core.register import Register
from attendance.core.register_times import USUAL, RegisterTimes
from attendance.core.slots import school_year_of
from attendance.core.today import Action
from attendance.rules.limits import limit_on
from attendance.rules.roles import Role
from attendance.services import accounts
from attendance.services.open_reasons import Reasons
from attendance.services.today import TodayReport, Waiting, today_report
from attendance.ui import index, show, today_words
from attendance.ui.cache import engine, live_register, remembered, worked_out
from attendance.ui.clock import now, today

_NOTHING = "–"


def read(person: Person) -> TodayReport | None:
    """The latest session of this school year, or of last year's before the first register."""
    register = live_register(person)
    report = _report(person, register, register)
    if report is not None:
        return report
    return _report(person, live_register(person, school_year_of(today()) - 1), register)


def _report(person: Person, register: Register, this_year: Register) -> TodayReport | None:
    # Contacts and characteristics move the register too, so what is read of them can be kept.
    return remembered(
        person,
        (register, this_year),
        ("today", today()),
        lambda: today_report(engine(), person, register, now(), this_year.calendar),
    )


def times_of(person: Person) -> RegisterTimes:
    """When the school's registers open and close, or the usual times where it has not said."""
    return accounts.school_of(engine(), person).times or USUAL


def no_register(person: Person) -> None:
    """Nothing to show: where to begin, for those who may; a kind word for the others."""
    show.headline("No register has been read yet.")
    if index.may_open(person, index.entry("imports")):
        st.markdown("Import your school’s register, and everyone to be found stands here.")
        st.page_link(index.page_of("imports"), label="Go to Imports", icon=":material/upload_file:")
    else:
        st.markdown(
            "As soon as the attendance officer has imported one, you will see here who is not "
            "accounted for. There is nothing for you to do."
        )


def queue(person: Person, report: TodayReport) -> None:
    """The pupils to act on; a click on a name opens the pupil's page."""
    st.markdown("### What to do, first things first")
    if not report.queue:
        show.empty(
            "Nobody is waiting to be found.",
            "Look again when the next register has been taken.",
        )
        return
    opens = index.may_open(person, index.entry("pupil"))
    table = worked_out((report,), "queue", lambda: _queue_table(person, report))
    config: dict[str, Any] = {
        name: st.column_config.TextColumn(width=width) for name, width in _WIDTHS.items()
    }
    config["Days"] = st.column_config.NumberColumn(width=_WIDTHS["Days"], help=_DAYS_HELP)
    if opens:
        config["Pupil"] = st.column_config.ButtonColumn(
            width=_WIDTHS["Pupil"], type="tertiary", alignment="left", key="open_pupil"
        )
    st.dataframe(
        table,
        hide_index=True,
        height="content",
        row_height=30,
        column_config=config,
        alt="Pupils who are not accounted for, with what to do about each",
    )
    clicked = st.session_state.get("open_pupil") if opens else None
    if clicked:
        _open_pupil(report.queue[clicked["row"]].pupil_id)
    show.quiet(_note(report))


_WIDTHS = {
    "Do": 80, "Known": 88, "Pupil": 134, "Form": 44, "Also absent": 84, "Days": 42, "Code": 42,
    "Ring": 174, "Number": 92, "Last in": 78,
}  # fmt: skip
_DAYS_HELP = "School days in a row without a session attended, today included"
_SIBLINGS = (
    "Brothers and sisters stand together: one call may do for both. "
    "Nothing is marked until somebody marks it."
)
_PROMPT = "Tell the DSL: today, before any call; the reason stays with the DSL. "
_VISIT = " A home visit is due from the third day in a row."
_OFFICE = "For the office"


def _note(report: TodayReport) -> str:
    prompt = "" if report.sees_reason else _PROMPT
    return prompt + _SIBLINGS + (_VISIT if report.sees_record else "")


def _queue_table(person: Person, report: TodayReport) -> pd.DataFrame:
    table = pd.DataFrame([_queue_row(row) for row in report.queue])
    if Role.DSL in person.roles:
        table["Do"] = table["Do"].replace(str(Action.TELL_DSL), "Yours today")
    if not report.sees_contacts:
        calls = {str(action): _OFFICE for action in (Action.CALL, Action.HOME_VISIT)}
        table["Do"] = table["Do"].replace(calls)
    unseen = [] if report.sees_record else ["Days", "Last in"]
    unseen += [] if report.sees_contacts else ["Ring", "Number"]
    unseen += ["Last in"] if report.sees_reason else ["Known"]
    return table.drop(columns=unseen, errors="ignore")


def _queue_row(row: Waiting) -> dict[str, object]:
    return {
        "Do": str(row.action),
        "Known": row.reason,
        "Pupil": row.name,
        "Form": row.form,
        "Also absent": row.siblings,
        "Days": row.days,
        "Code": row.code or _NOTHING,
        "Ring": row.contact or "see the notes",
        "Number": row.phone,
        "Last in": _last_in(row),
    }


def _last_in(row: Waiting) -> str:
    if row.last_in is None:
        return "not yet"
    day, session = row.last_in
    return f"{day.day} {day:%b} {session.lower()}"


def _open_pupil(pupil_id: int) -> None:
    st.switch_page(index.page_of("pupil"), query_params={"pupil": str(pupil_id)})


def missing_registers(
    person: Person, report: TodayReport, moment: datetime, times: RegisterTimes = USUAL
) -> None:
    """Forms whose register was not taken, how many pupils that leaves unknown, and for how long."""
    st.markdown("### Registers not taken")
    if not report.missing:
        st.markdown(":gray[None.]")
        return
    late = today_words.since_close(report, moment, times)
    opens = index.may_open(person, index.entry("register"))
    for form, pupils in report.missing:
        says = f"{plain(form)}: {of(pupils, 'pupil', 'pupils')}"
        says += f", :orange[{late} late]" if late else ""
        if opens:
            st.page_link(
                index.page_of("register"),
                label=says,
                query_params={"form": form},
                icon=":material/grid_on:",
            )
        else:
            st.markdown(says)


def before_ringing(report: TodayReport) -> None:
    """What stands against a contact: to be read before the call, never after it."""
    noted = [row for row in report.queue if row.notes]
    if not noted:
        return
    st.markdown("### Before you ring")
    for row in noted:
        st.markdown(f"**{plain(row.name)}.** {plain('; '.join(row.notes))}")


def reasons(person: Person, found: Reasons) -> None:
    """Earlier absences without a reason, by when one is due, and the pupils behind them."""
    st.markdown("### Reasons still to be found")
    total = found.overdue + found.due_today + found.later
    if not total:
        st.markdown(":gray[None: every earlier absence has its reason.]")
        return
    overdue = f":orange[**{found.overdue:,}** overdue]" if found.overdue else "**0** overdue"
    st.markdown(
        f"{overdue}, **{found.due_today:,}** due today, **{found.later:,}** later: "
        f"{of(total, 'session', 'sessions')} of {of(len(found.pupils), 'pupil', 'pupils')}."
    )
    with st.popover("The pupils", width="stretch"):
        shown = worked_out((found,), "pupils", lambda: _reasons_table(found.pupils))
        config = {
            "Pupil": st.column_config.ButtonColumn(
                type="tertiary", alignment="left", key="open_without_reason"
            )
        }
        st.dataframe(shown, hide_index=True, column_config=config, row_height=28, width=440)
        clicked = st.session_state.get("open_without_reason")
    if clicked and index.may_open(person, index.entry("pupil")):
        _open_pupil(int(found.pupils["pupil_id"].iloc[clicked["row"]]))
    limit = limit_on("unresolved_n_school_days", today())
    show.quiet(
        f"A reason is due within {limit.value} school days of the session, or the code becomes O "
        f"({limit.authority})."
    )


def _reasons_table(pupils: pd.DataFrame) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "Pupil": pupils["name"],
            "Form": pupils["form"],
            "Sessions": pupils["sessions"],
            "First": [_short(day) for day in pupils["first_day"]],
            "Due": [_short(day) for day in pupils["due"]],
        }
    )


def _short(day: date | None) -> str:
    return _NOTHING if day is None else f"{day.day} {day:%b}"
