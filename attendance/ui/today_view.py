"""How the Today page says and draws its report."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pandas as pd
import streamlit as st

from attendance.charts.parts import of
from attendance.core.names import plain
from attendance.core.people import Person
from attendance.core.slots import Session, school_year_of
from attendance.core.today import Action
from attendance.rules.roles import Role
from attendance.services.today import Reasons, TodayReport, Waiting, today_report
from attendance.ui import index, show
from attendance.ui.cache import engine, live_register
from attendance.ui.clock import LONDON, day_in_words, now, time_in_words, today

AFTERNOON = 13  # from this hour on, a morning register no longer says where a pupil is
_HALF = {Session.AM: "morning", Session.PM: "afternoon"}
_NOTHING = "–"


def read(person: Person) -> TodayReport | None:
    """The latest session of this school year, or of last year's before the first register."""
    register = live_register(person)
    report = today_report(engine(), person, register, now())
    if report is not None:
        return report
    before = live_register(person, school_year_of(today()) - 1)
    return today_report(engine(), person, before, now(), register.calendar)


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


def sentence(report: TodayReport, moment: datetime) -> str:
    """What the page says first, fit to be read aloud; ``moment`` in any time zone."""
    if report.is_today:
        there = moment.astimezone(LONDON)
        old = report.session == Session.AM and there.hour >= AFTERNOON
        by = " by this morning’s registers" if old else ""
        return f"At {time_in_words(moment)} {_standing(report, True, by)}"
    latest = f"he latest register is the {_HALF[report.session]} of {day_in_words(report.day)}"
    then = _standing(report, False)
    if report.is_school_day:
        return f"No register has been read for today yet. T{latest}: {then}"
    opens = f" and opens again on {day_in_words(report.opens_next)}" if report.opens_next else ""
    return f"School is closed today{opens}. T{latest}: {then}"


def _standing(report: TodayReport, is_now: bool, by: str = "") -> str:
    """'17 pupils of Year 9 in 15 households are not accounted for. Start with …'"""
    whose = f" of {report.who}" if report.who else ""
    one, many = ("is", "are") if is_now else ("was", "were")
    if not report.expected:
        return f"nobody{whose} {one} expected in school{by}."
    if report.unaccounted:
        homes = of(report.households, "household", "households")
        in_homes = f" in {homes}" if report.unaccounted > 1 else ""
        pupils = f"{of(report.unaccounted, 'pupil', 'pupils')}{whose}{in_homes}"
        verb = many if report.unaccounted > 1 else one
        first = f"Start with {plain(report.queue[0].name)}."
        return f"{pupils} {verb} not accounted for{by}. {first}"
    if report.not_taken:
        registers = of(len(report.missing), "register", "registers")
        return (
            f"everyone{whose} whose register has been taken {one} accounted for; {registers} "
            f"({of(report.not_taken, 'pupil', 'pupils')}) not taken."
        )
    return f"everyone{whose} {one} accounted for{by}."


def counts(report: TodayReport) -> list[show.Count]:
    """The first is the sum of the others."""
    in_school = f"in, {report.late:,} of them late" if report.late else "in"
    registers = of(len(report.missing), "register", "registers")
    missing = [show.Count(report.not_taken, f"in {registers} not taken")]
    return [
        show.Count(report.expected, "expected"),
        show.Count(report.present, in_school),
        show.Count(report.explained, "explained"),
        show.Count(report.unaccounted, "unaccounted for", is_strong=True),
        *(missing if report.not_taken else []),
    ]


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
    table = _queue_table(person, report)
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


def missing_registers(person: Person, report: TodayReport) -> None:
    """Forms whose register was not taken, and how many pupils that leaves unknown."""
    st.markdown("### Registers not taken")
    if not report.missing:
        st.markdown(":gray[All are in.]")
        return
    opens = index.may_open(person, index.entry("register"))
    for form, pupils in report.missing:
        says = f"{plain(form)}: {of(pupils, 'pupil', 'pupils')}"
        if opens:
            st.page_link(
                index.page_of("register"), label=says, query_params={"form": form},
                icon=":material/grid_on:",
            )  # fmt: skip
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
        shown = _reasons_table(found.pupils)
        config = {
            "Pupil": st.column_config.ButtonColumn(
                type="tertiary", alignment="left", key="open_without_reason"
            )
        }
        st.dataframe(shown, hide_index=True, column_config=config, row_height=28, width=440)
        clicked = st.session_state.get("open_without_reason")
    if clicked and index.may_open(person, index.entry("pupil")):
        _open_pupil(int(found.pupils["pupil_id"].iloc[clicked["row"]]))
    show.quiet(
        "A reason is due within 5 school days of the session, or the code becomes O "
        "(SI 2024/208, regulation 10)."
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
