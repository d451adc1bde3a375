"""The pupil's page, part by part: who it is, what was missed, the year, and what was done."""

from __future__ import annotations

from datetime import date

import pandas as pd
import streamlit as st

from attendance import charts
from attendance.core import pupil_facts, pupil_words
from attendance.core.definitions import define
from attendance.core.names import plain
from attendance.core.people import Person
from attendance.core.permissions import allows
from attendance.core.pupil_facts import Ints
from attendance.core.register import Register
from attendance.core.slots import school_year_of
from attendance.rules.roles import Permission
from attendance.services import pupils
from attendance.services import weeks as weeks_service
from attendance.services.identity import Identity
from attendance.services.pupils import PupilRecord
from attendance.ui import index, show
from attendance.ui.cache import engine, live_register, remembered, worked_out
from attendance.ui.clock import now, today
from attendance.ui.drawing import draw, theme
from attendance.ui.mark_panel import NO_BREAK, amendment_in_words, moment, small_table
from attendance.ui.pupil_choice import open_pupil

MOST_AMENDMENTS = 4
_SEEN = "pupils_seen"
_TONES = {"tell": "violet", "waits": "orange", "plain": "gray"}
_KEY = (
    ("authorised", "I M C", "authorised"),
    ("unauthorised", "O U G", "unauthorised"),
    ("no_reason", "N", "no reason yet"),
    ("late", "L", "late"),
    ("activity", "V", "activity"),
    ("not_counted", "Y1", "not counted"),
)


def read(person: Person, row: int) -> PupilRecord:
    """The record of a line of this year's register; opening it is written in the log, once for
    each pupil in each browser session."""
    register = live_register(person)
    pupil_id = int(register.pupils["pupil_id"].iloc[row])
    seen = st.session_state.setdefault(_SEEN, set())
    if pupil_id not in seen:
        pupils.log_view(engine(), person, pupil_id, now())
        seen.add(pupil_id)
    starts = worked_out((register,), "usual starts", lambda: _usual_starts(register))
    last_year = live_register(person, school_year_of(today()) - 1)
    # Whatever is shown of a pupil moves the register when it changes, so the record can be kept.
    return remembered(
        person,
        (register, last_year),
        ("pupil", pupil_id, today()),
        lambda: pupils.pupil_record(engine(), person, register, last_year, row, starts, now()),
    )


def identity(one: Identity) -> None:
    """Who it is, and what staff must know first."""
    parts = [plain(one.legal_name)] if one.legal_name else []
    parts.append(f"**{plain(one.form)}**, Year {one.year_group}" if one.form else "no form")
    if one.age is not None:
        parts.append(f"age {one.age}")
    if one.upn:
        parts.append(f":gray[UPN {plain(one.upn)}]")
    if one.left_on:
        parts.append(f"left on {one.left_on:%-d %B %Y}")
    badges = [
        f":{_TONES[badge.tone]}-badge[{f':material/{badge.icon}: ' if badge.icon else ''}"
        f"{plain(badge.words)}]"
        for badge in one.badges
    ]
    st.markdown(" ".join([" · ".join(parts), *badges]), width="content")
    for sibling in one.siblings:
        # Not a page link: to the page that is open it would leave this pupil in the address.
        if st.button(
            f"{sibling.relation} {plain(sibling.first_name)}, {plain(sibling.form)}",
            icon=":material/group:",
            type="tertiary",
            key=f"sibling_{sibling.pupil_id}",
        ):
            open_pupil(sibling.pupil_id)


def actions(person: Person, record: PupilRecord) -> None:
    """What can be done next with this pupil."""
    pupil = {"pupil": str(record.identity.pupil_id)}
    week = weeks_service.usual_week(live_register(person), now())
    may_refer = index.may_open(person, index.entry("referrals"))
    may_amend = allows(person, Permission.AMEND_MARK)
    word = "Amend a mark" if may_amend else "The register"
    if st.button(word, icon=":material/edit:", key="to_register"):
        st.switch_page(index.page_of("register"), query_params={**pupil, "week": f"{week}"})
    if may_refer and st.button("Referral workbook", icon=":material/outbox:", key="to_referral"):
        st.switch_page(index.page_of("referrals"), query_params=pupil)


def headline(record: PupilRecord) -> None:
    """The sentence, and the one line of what it would take."""
    says = " ".join(define(measure) for measure in ("sessions_missed", "headroom"))
    show.headline(plain(record.headline), says)
    if record.plan:
        st.markdown(plain(record.plan))
    if record.caution:
        show.quiet(plain(record.caution))


def year(record: PupilRecord) -> None:
    """The year strip with its key, and the same as a table."""
    strip = record.strip
    with st.container(key="strip_key", horizontal=True, vertical_alignment="center"):
        st.markdown("**The year**", width="content")
        st.html(_key_in_html(), width="stretch")
        with st.popover("As a table", icon=":material/table:", type="tertiary"):
            _as_table(strip.cells)
    draw(
        charts.year_strip,
        strip.cells,
        strip.months,
        strip.breaks,
        today_week=strip.today_week,
        weeks=strip.weeks,
    )


def weeks(record: PupilRecord) -> None:
    """Attendance each week, above the same columns as the strip."""
    this, before = record.weeks_title
    said = f" :blue[**This year**:] {this}." if this else ""
    st.markdown(f"**Attendance each week.**{said} :gray[{before}]")
    rates, strip = record.weeks, record.strip
    draw(charts.weekly_line, rates, strip.breaks, number_of_weeks=strip.weeks)


def reasons(record: PupilRecord) -> None:
    """Sessions missed by reason."""
    found = record.reasons
    if found.empty:
        st.markdown("**No session missed**")
        show.quiet("Nothing to explain this year.")
        return
    st.markdown(pupil_words.reasons_title(found))
    draw(charts.reasons_bars, found)


def weekdays(record: PupilRecord) -> None:
    """On which days absences began, against the whole school's share of days."""
    begun = record.weekdays
    if begun["count"].sum() == 0:
        return
    st.markdown(pupil_words.weekday_title(begun))
    draw(charts.weekday_bars, begun)


def amendments(record: PupilRecord) -> None:
    """The amendments of the year, newest first."""
    if record.amendments is None:
        return
    st.markdown("**Marks amended this year**")
    if not record.amendments:
        show.quiet("None: every mark stands as it was first recorded.")
        return
    rows = [
        (
            moment(entry.at),
            f"{entry.day:%a %-d %b} {str(entry.session).lower()}: {amendment_in_words(entry)}",
        )
        for entry in record.amendments
    ]
    small_table(rows[:MOST_AMENDMENTS])
    if len(rows) > MOST_AMENDMENTS:
        with st.popover(f"All {len(rows)} amendments", icon=":material/history:"):
            small_table(rows)


def contacts(record: PupilRecord) -> None:
    """Whom to call, in order; what forbids a call stands first."""
    if record.contacts is None:
        return
    st.markdown("**Contacts**")
    if not record.contacts:
        show.quiet("None kept. Schools hold two emergency contacts for each pupil, as advised.")
        return
    rows = []
    for one in record.contacts:
        has = "parental responsibility"
        responsible = has if one.parental_responsibility else f"no {has}"
        home = ", lives there" if one.lives_with else ""
        note = f"  \n:material/info: **{plain(one.note)}**" if one.note else ""
        says = f"**{plain(one.name)}**, {plain(one.relationship.lower())} · {responsible}{home}"
        phone = plain(one.phone).replace(" ", NO_BREAK) or "no number"
        rows.append((phone, says + note))
    small_table(rows)


def enrolment(record: PupilRecord) -> None:
    """On roll since when, and in which forms."""
    spells = []
    for one in record.enrolments:
        until = f" to {_day(one.last_day)}" if one.last_day else ""
        spells.append(f"On roll from {_day(one.first_day)}{until}")
    forms = [f"{plain(one.form)} from {_day(one.first_day)}" for one in record.placements]
    show.quiet("; ".join(spells) + ". " + "; ".join(forms) + ".")


def _usual_starts(register: Register) -> Ints:
    """The whole school's profile, which is the same for everybody who asks."""
    return pupil_facts.starts_by_weekday(register, register.latest)


def _day(day: date) -> str:
    return f"{day:%-d %b %Y}"


def _key_in_html() -> str:
    colours = charts.palette(theme())
    chips = [
        f'<span style="background:{colours.fill_of(state)};color:{colours.letter_of(state)};'
        f"outline:1px solid {colours.outline_of(state)};border-radius:2px;padding:0 .35em;"
        f'font-weight:700;font-size:.88em">{letters}</span> {words}'
        for state, letters, words in _KEY
    ]
    return (
        '<div style="display:flex;flex-wrap:wrap;gap:.1rem .8rem;font-size:12.5px">'
        + "".join(f"<span>{chip}</span>" for chip in chips)
        + "<span>● amended</span></div>"
    )


def _as_table(cells: pd.DataFrame) -> None:
    frame = worked_out((cells,), "as a table", lambda: _told(cells))
    if frame.empty:
        st.markdown("Every session so far is marked present.")
        return
    st.dataframe(frame, hide_index=True, row_height=27, width=720, height=400)


def _told(cells: pd.DataFrame) -> pd.DataFrame:
    """The sessions that are not simply present, the latest first."""
    told = cells[(cells["code"] != "") & ((cells["state"] != "present") | cells["amended"])]
    frame = pd.DataFrame(
        {
            "Day": [f"{day:%a %-d %b %Y}" for day in told["day"]],
            "Session": told["session"].str.lower().to_numpy(),
            "Code": told["code"].to_numpy(),
            "Meaning": told["name"].to_numpy(),
            "Minutes late": ["" if pd.isna(m) else f"{m:.0f}" for m in told["minutes_late"]],
            "Amended": told["amended_text"].to_numpy(),
        }
    )
    return frame.iloc[::-1]
