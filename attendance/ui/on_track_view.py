"""The parts of the On track page: filters, the sentence, the lists, and who is chosen."""

from __future__ import annotations

from datetime import date
from typing import Any

import pandas as pd
import streamlit as st

from attendance.core.people import Person
from attendance.core.register import Register
from attendance.core.scopes import REFERRED, scope_in_words
from attendance.core.week_grid import half_of_day
from attendance.rules.roles import Permission
from attendance.services.cohorts import cohorts_for, pupils_in
from attendance.services.on_track import (
    Chosen,
    OnTrackReport,
    Section,
    filters_of,
    in_words,
    on_track_report,
    standing,
)
from attendance.ui import filters, index, show
from attendance.ui import on_track_tables as tables
from attendance.ui.cache import engine, live_register, remembered, worked_out
from attendance.ui.clock import today

LENGTHS = ("10", "25", "50", "all")
BANDS = ("recover", "severe", "beyond")
SO_FAR = "so_far"  # the only lists there are while the rest of the year is not known


@st.cache_resource(max_entries=6, show_spinner=False)
def _standing(number: int, day: date, _register: Register) -> tuple[Register, pd.DataFrame]:
    # Keeping the register with its standing keeps its id from being given to another.
    return _register, standing(_register, day)


def whole_school(register: Register) -> pd.DataFrame:
    """Everybody's standing today: worked out once a change of the register, never narrowed."""
    return _standing(id(register), today(), register)[1]


def read(person: Person) -> OnTrackReport:
    """Draw the filters and read the report that they ask for."""
    register = live_register(person)
    whole = whole_school(register)
    years, forms = remembered(
        person, (register,), ("on track filters", today()), lambda: filters_of(person, whole)
    )
    base = st.container(key="on_track_base", horizontal=True, vertical_alignment="center")
    with base:
        place = st.container(width="stretch")
        year = filters.year_group(years) if len(years) > 1 else None
        form = filters.form(_forms_of(whole, forms, year)) if len(forms) > 1 else None
        groups = cohorts_for(person)
        group = filters.cohort(groups) if groups else None
    report = remembered(
        person,
        (register,),
        ("on track", today(), year, form, group),
        lambda: _report(person, register, whole, year, form, group),
    )
    with place:
        st.markdown(f":gray[{_base(person, report)}]")
    return report


def _report(
    person: Person,
    register: Register,
    whole: pd.DataFrame,
    year: int | None,
    form: str | None,
    group: str | None,
) -> OnTrackReport:
    ids = None if group is None else pupils_in(engine(), person, group, today())
    return on_track_report(person, register, whole, Chosen(year, form, ids))


def sentence(report: OnTrackReport) -> str:
    """Who is heading for 10 %, and who can still recover, in one sentence."""
    near = report.count(Section.NEAR)
    if not report.is_calendar_known:
        past = f"{_pupils(report.count(Section.PAST))} missed 10\u202f% or more so far"
        return f"{past}; {near} more {_are(near)} near it."
    can, beyond = report.count(Section.RECOVERABLE), report.count(Section.BEYOND)
    return (
        f"{_pupils(can, 'is', 'are')} past 10\u202f% and can still finish under it; "
        f"{beyond} no longer can; {near} more {_are(near)} near it."
    )


def nothing_to_show(person: Person, report: OnTrackReport) -> None:
    """Why the page is empty, and what would fill it."""
    if report.latest is None:
        show.empty("No register of this school year has been read yet.")
        if _may_import(person):
            st.page_link(
                index.page_of("imports"), label="Go to Imports", icon=":material/upload_file:"
            )
    elif scope_in_words(person, Permission.ON_TRACK) == REFERRED:
        show.empty(
            "No pupil is referred to you at the moment.",
            "When the school refers a pupil to you, that pupil stands here.",
        )
    else:
        show.empty("Nobody on roll is in this group.", "Choose another year, form or group.")


def calendar_note(person: Person, report: OnTrackReport) -> None:
    """What to do when nothing is known of the sessions to come."""
    if report.is_calendar_known:
        return
    if report.is_year_over:
        st.markdown("The school year is over: nobody has a session left.")
        return
    st.markdown(
        ":orange[**The rest of the school year is not known**], so nobody can be told what they "
        "can still miss. " + (_HOW_TO_GIVE_DATES if _may_import(person) else _WHO_GIVES_DATES)
    )


_HOW_TO_GIVE_DATES = (
    "Import a register with a column for every session of the year, or have the term dates set "
    "(`school set --calendar`; see the README)."
)
_WHO_GIVES_DATES = "Ask the attendance officer to give the term dates."


def _may_import(person: Person) -> bool:
    return index.may_open(person, index.entry("imports"))


def choose_band(report: OnTrackReport) -> str:
    """Which lists are shown; the address carries it as `band`."""
    if not report.is_calendar_known:
        return SO_FAR
    counts = {
        "recover": report.count(Section.NEAR) + report.count(Section.RECOVERABLE),
        "severe": report.count(Section.SEVERE),
        "beyond": report.count(Section.BEYOND),
    }
    words = {
        "recover": "Can finish under 10\u202f%",
        "severe": "Severe",
        "beyond": "Cannot finish under 10\u202f%",
    }
    if "band_choice" not in st.session_state:
        asked = st.query_params.get("band")
        st.session_state["band_choice"] = asked if asked in BANDS else BANDS[0]
    chosen = st.segmented_control(
        "List",
        BANDS,
        format_func=lambda band: f"{words[band]} ({counts[band]})",
        key="band_choice",
        label_visibility="collapsed",
        required=True,
    )
    # Bound by hand: a binding would put the words and counts of the label into the address.
    if chosen != st.query_params.get("band", BANDS[0]):
        st.query_params["band"] = str(chosen)
    return str(chosen)


def choose_length() -> int | None:
    """How many rows of each list; None is all of them."""
    chosen = st.selectbox(
        "Length",
        LENGTHS,
        format_func=lambda length: "Show all" if length == "all" else f"Show {length}",
        key="length",
        bind="query-params",
        label_visibility="collapsed",
        width=110,
    )
    return None if chosen == "all" else int(chosen)


def draw(person: Person, report: OnTrackReport, band: str, length: int | None) -> list[int]:
    """The lists of a band; the ids of the pupils whose rows are ticked."""
    if band == "beyond":
        show.quiet(
            "Full attendance from now on would not bring these pupils under 10\u202f%. Another "
            "goal helps more: fewer sessions missed than last half term."
        )
    chosen: list[int] = []
    for section in _SECTIONS_OF[band]:
        chosen += _list(person, report, section, length)
    return chosen


_SECTIONS_OF = {
    "recover": (Section.NEAR, Section.RECOVERABLE),
    "severe": (Section.SEVERE,),
    "beyond": (Section.BEYOND,),
    SO_FAR: (Section.NEAR, Section.PAST),
}


def draw_wording(report: OnTrackReport) -> None:
    """For a form tutor: who, and how many days off before 10 %; no arithmetic."""
    parts = (Section.NEAR, Section.RECOVERABLE, Section.BEYOND)
    rows = pd.concat([report.section(part) for part in parts])
    if rows.empty:
        show.empty("Nobody in your form is near 10\u202f%.", "Look again next week.")
        return
    said = [in_words(row, report.is_calendar_known) for _, row in rows.iterrows()]
    table = pd.DataFrame({"Pupil": rows["name"], "Where things stand": said})
    if rows["form"].nunique() > 1:
        table.insert(1, "Form", rows["form"])
    config: dict[str, Any] = {"Pupil": tables.open_column("wording")}
    st.dataframe(table, hide_index=True, height="content", row_height=30, column_config=config,
                 alt="Pupils of your form near or past 10\u202f%")  # fmt: skip
    _open_clicked("wording", rows.reset_index(drop=True))


def refer(person: Person, place: Any, chosen: list[int]) -> None:
    """The button that takes the chosen pupils to Referrals, for those who may refer."""
    if not index.may_open(person, index.entry("referrals")):
        return
    words = _how_many(len(chosen))
    with place:
        if st.button(words, type="primary", disabled=not chosen, key="refer"):
            st.switch_page(
                index.page_of("referrals"), query_params={"pupils": ",".join(map(str, chosen))}
            )


def _list(person: Person, report: OnTrackReport, section: Section, length: int | None) -> list[int]:
    rows = report.section(section)
    shown = rows.head(length) if length else rows
    few = f" :gray[{len(shown)} of {len(rows)}]" if len(shown) < len(rows) else ""
    table = tables.Table(section, report.is_calendar_known)
    st.markdown(f"### {table.title}{few}")
    if rows.empty:
        st.markdown(":gray[Nobody.]")
        return []
    ids = [int(one) for one in shown["pupil_id"]]
    may_refer = index.may_open(person, index.entry("referrals"))
    options: dict[str, Any] = {}
    if may_refer:
        # Another list of pupils is another table: nobody stays ticked by position.
        key = f"{section}_{hash(tuple(ids))}"
        options = {"on_select": "rerun", "selection_mode": "multi-row", "key": key}
    picked = st.dataframe(
        worked_out((report,), (section, length), lambda: table.rows(shown)),
        hide_index=True,
        height="content" if len(shown) <= 50 else 900,
        row_height=29,
        column_config=table.columns(report.largest_headroom),
        alt=f"{table.title}: {len(shown)} pupils",
        **options,
    )
    _open_clicked(section, shown)
    return [ids[row] for row in picked.selection.rows] if may_refer else []


def _open_clicked(key: str, rows: pd.DataFrame) -> None:
    clicked = st.session_state.get(f"open_{key}")
    if clicked:
        pupil_id = int(rows["pupil_id"].iloc[clicked["row"]])
        st.switch_page(index.page_of("pupil"), query_params={"pupil": str(pupil_id)})


def _forms_of(whole: pd.DataFrame, forms: list[str], year: int | None) -> list[str]:
    if year is None:
        return forms
    own = set(whole.loc[whole["year_group"] == year, "form"])
    return [form for form in forms if form in own]


def _base(person: Person, report: OnTrackReport) -> str:
    if report.latest is None:
        return ""
    day, session = report.latest
    week, weeks = report.week
    of_weeks = f" of {weeks}" if report.is_calendar_known else ""
    scope = scope_in_words(person, Permission.ON_TRACK)
    whose = f" {scope[:1].upper()}{scope[1:]}." if scope else ""
    return (
        f"To the {half_of_day(session)} of {day.day} {day:%B}, week {week}{of_weeks}; "
        f"{len(report.rows):,} pupils on roll.{whose}"
    )


def _how_many(count: int) -> str:
    words = f"Referral workbook for {count} pupil{'' if count == 1 else 's'}"
    return words if count else "Tick pupils to refer"


def _pupils(count: int, one: str = "has", many: str = "have") -> str:
    return f"{count:,} {'pupil' if count == 1 else 'pupils'} {one if count == 1 else many}"


def _are(count: int) -> str:
    return "is" if count == 1 else "are"
