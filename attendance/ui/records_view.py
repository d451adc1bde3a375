"""On the pupil's page: what staff recorded beside the marks, and the dialog that records more."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pandas as pd
import streamlit as st

from attendance.core.names import plain
from attendance.core.people import Person
from attendance.core.records import (
    ExpectedAbsence,
    Leave,
    NoticeState,
    PartTimePlan,
    PenaltyNotice,
    Record,
)
from attendance.core.register import Register
from attendance.core.short_names import short_name
from attendance.rules.codes import Category, codes_on
from attendance.services import records, roll
from attendance.services.records import PupilRecords
from attendance.store.particulars import Contact
from attendance.store.records import Kept
from attendance.ui import show
from attendance.ui.cache import engine, live_register, remembered
from attendance.ui.clock import now, today
from attendance.ui.mark_panel import small_table

_DONE = "record_done"
_OPEN = "record_open"
_CONTACT_COLUMNS = {
    "name": "Name",
    "relationship": "Relationship",
    "phone": "Telephone",
    "email": "E-mail",
    "parental_responsibility": "Parental responsibility",
    "lives_with": "Lives with",
    "note": "Note",
}


@dataclass(frozen=True, slots=True)
class Pupil:
    """The pupil whose page is open, in the whole school's register of this year."""

    person: Person
    register: Register
    row: int

    @property
    def id(self) -> int:
        return int(self.register.pupils["pupil_id"].iloc[self.row])


def button(person: Person, row: int) -> None:
    """The way to the dialog, for whoever may record anything of this pupil."""
    pupil = Pupil(person, live_register(person), row)
    kinds = _kinds(pupil)
    if kinds and st.button("Record", icon=":material/edit_note:", key="record_more"):
        st.session_state[_OPEN] = pupil.id
    if kinds and st.session_state.get(_OPEN) == pupil.id:
        _dialog(pupil, kinds)


def recorded(person: Person, row: int) -> None:
    """What is recorded of the pupil, in lines; nothing where there is nothing to show."""
    pupil = Pupil(person, live_register(person), row)
    done = st.session_state.pop(_DONE, None)
    if done:
        st.toast(plain(done))
    lines = _lines(_read(pupil))
    if lines:
        st.markdown("**On record**")
        small_table([(when, says) for when, says, _ in lines])


def _close() -> None:
    st.session_state.pop(_OPEN, None)


@st.dialog("Record", width="large", on_dismiss=_close)
def _dialog(pupil: Pupil, kinds: dict[str, Callable[[Pupil], None]]) -> None:
    chosen = st.selectbox("What is it?", list(kinds), key="record_kind")
    with show.refusals_here():
        kinds[chosen](pupil)


def _kinds(pupil: Pupil) -> dict[str, Callable[[Pupil], None]]:
    """What this person may record of this pupil: the choice in words -> its form."""

    def may(kind: type[Record]) -> bool:
        return records.may_record(pupil.person, kind, pupil.register, pupil.row)

    every: list[tuple[str, bool, Callable[[Pupil], None]]] = [
        ("How long an absence is expected to last", may(ExpectedAbsence), _ask_expected),
        ("Leave of absence that was granted", may(Leave), _ask_leave),
        ("Part-time timetable and its review", may(PartTimePlan), _ask_plan),
        ("Penalty notice that was issued", may(PenaltyNotice), _ask_notice),
        ("Contacts", roll.may_change_contacts(pupil.person, pupil.register, pupil.row), _contacts),
        ("Last day at the school", roll.may_change_roll(
            pupil.person, pupil.register, pupil.row), _ask_leaving),
        ("Take back something recorded", bool(_lines(_read(pupil))), _take_back),
    ]  # fmt: skip
    return {words: form for words, is_allowed, form in every if is_allowed}


def _ask_expected(pupil: Pupil) -> None:
    with st.form("record_expected", border=False):
        first, last = _days("First day of the absence", "Expected last day")
        code = _code((Category.AUTHORISED, Category.UNAUTHORISED), "I")
        note = st.text_input("Note", placeholder="Who said so, and when")
        show.quiet("Illness of 15 school days, missed or expected, is to be told to the authority.")
        if st.form_submit_button("Keep it", type="primary"):
            _keep(pupil, ExpectedAbsence(pupil.id, first, last, code, today(), note.strip()))


def _ask_leave(pupil: Pupil) -> None:
    with st.form("record_leave", border=False):
        first, last = _days("First day of the leave", "Last day of the leave")
        code = _code((Category.AUTHORISED,), "C")
        note = st.text_input("Note", placeholder="Who granted it, and why")
        if st.form_submit_button("Keep it", type="primary"):
            _keep(pupil, Leave(pupil.id, first, last, code, note.strip()))


def _ask_plan(pupil: Pupil) -> None:
    with st.form("record_plan", border=False):
        first, review = _days("In force from", "To be reviewed on")
        note = st.text_input("Note", placeholder="Which sessions, agreed with whom")
        if st.form_submit_button("Keep it", type="primary"):
            _keep(pupil, PartTimePlan(pupil.id, first, review, None, note.strip()))


def _ask_notice(pupil: Pupil) -> None:
    with st.form("record_notice", border=False):
        parent = st.text_input("To which parent")
        issued = _day("Issued on", today())
        state = NoticeState(st.selectbox("It is", [str(each) for each in NoticeState]))
        show.quiet(
            "Notices count for each parent and each child, three years from the first. A withdrawn "
            "one does not count."
        )
        if st.form_submit_button("Keep it", type="primary"):
            _keep(pupil, PenaltyNotice(pupil.id, parent.strip(), issued, state))


def _ask_leaving(pupil: Pupil) -> None:
    last_day = pupil.register.pupils["last_day"].iloc[pupil.row]
    known = last_day if isinstance(last_day, date) else None
    with st.form("record_leaving", border=False):
        day = _day("Last day on roll", known or today())
        show.quiet(
            "Only on a ground that the regulations give, and never backwards over a marked session."
        )
        is_kept = st.form_submit_button("Keep it", type="primary")
        is_back = known is not None and st.form_submit_button("Still on roll")
    if is_kept or is_back:
        given = None if is_back else day
        roll.set_leaving_day(engine(), pupil.person, pupil.register, pupil.id, given, now())
        _done("On roll again." if is_back else f"Last day on roll: {_short(day)}.")


def _contacts(pupil: Pupil) -> None:
    kept = roll.contacts_of(engine(), pupil.person, pupil.register, pupil.id)
    rows = [[getattr(one, name) for name in _CONTACT_COLUMNS] for one in kept]
    table = pd.DataFrame(rows, columns=list(_CONTACT_COLUMNS.values()))
    flags = ["Parental responsibility", "Lives with"]
    table[flags] = table[flags].astype(bool)
    with st.form("record_contacts", border=False):
        edited = st.data_editor(table, num_rows="dynamic", hide_index=True, key="contact_rows")
        show.quiet("In the order to call them. Two at least are advised; the note is seen by all.")
        is_sent = st.form_submit_button("Keep them", type="primary")
    if is_sent:
        addresses = {one.name: one.address for one in kept}
        changed = [_contact(row, addresses) for row in edited.to_dict("records")]
        roll.save_contacts(engine(), pupil.person, pupil.register, pupil.id, changed, now())
        _done("Contacts kept.")


def _contact(row: Mapping[Any, Any], addresses: dict[str, str]) -> Contact:
    texts = {
        name: "" if pd.isna(row[title]) else str(row[title])
        for name, title in _CONTACT_COLUMNS.items()
        if name not in ("parental_responsibility", "lives_with")
    }
    name = texts["name"].strip()
    return Contact(
        pupil_id=0,
        priority=0,
        name=name,
        relationship=texts["relationship"],
        parental_responsibility=row["Parental responsibility"] is True,
        lives_with=row["Lives with"] is True,
        phone=texts["phone"].strip(),
        email=texts["email"].strip(),
        address=addresses.get(name, ""),
        note=texts["note"],
    )


def _take_back(pupil: Pupil) -> None:
    for place, (when, says, kept) in enumerate(_lines(_read(pupil))):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(f"{when} {says}")
            if st.button("Take back", key=f"take_back_{place}"):
                kind = type(kept.record)
                records.remove_record(engine(), pupil.person, pupil.register, kind, kept.id, now())
                _done("Taken back; the log keeps that it was there.")


def _keep(pupil: Pupil, record: Record) -> None:
    records.add_record(engine(), pupil.person, pupil.register, record, now())
    _done("Kept.")


def _done(sentence: str) -> None:
    st.session_state[_DONE] = sentence
    _close()
    st.rerun()


def _read(pupil: Pupil) -> PupilRecords:
    # A new record moves the register, so what was read before can be kept until then.
    return remembered(
        pupil.person,
        (pupil.register,),
        ("records", pupil.id),
        lambda: records.pupil_records(engine(), pupil.person, pupil.register, pupil.id),
    )


def _lines(found: PupilRecords) -> list[tuple[str, str, Kept[Any]]]:
    """(when, what in words, the record), kind by kind."""
    every: list[Kept[Any]] = [
        *found.expected_absences, *found.leaves, *found.part_time_plans, *found.penalty_notices,
    ]  # fmt: skip
    return [(*_in_words(one.record), one) for one in every]


def _in_words(record: Record) -> tuple[str, str]:
    note = f" :gray[{plain(record.note)}]" if record.note else ""
    if isinstance(record, PartTimePlan):
        return _short(
            record.first_day
        ), f"Part-time timetable, review {_short(record.review_on)}{note}"
    if isinstance(record, PenaltyNotice):
        who = plain(record.parent)
        return _short(record.issued_on), f"Penalty notice to {who}, {record.state}{note}"
    what = "Leave granted" if isinstance(record, Leave) else "Expected to last"
    until = f"to {_short(record.last_day)}" if record.last_day != record.first_day else "that day"
    return _short(record.first_day), f"{what} {until} ({plain(record.code)}){note}"


def _days(first_words: str, last_words: str) -> tuple[date, date]:
    with st.container(horizontal=True):
        first = _day(first_words, today())
        last = _day(last_words, today() + timedelta(days=14 if "review" in last_words else 0))
    return first, last


def _day(words: str, usual: date) -> date:
    found = st.date_input(words, usual, format="DD/MM/YYYY")
    return found if isinstance(found, date) else usual


def _code(categories: tuple[Category, ...], usual: str) -> str:
    codes = [code.code for code in codes_on(today()).values() if code.category in categories]
    return st.selectbox(
        "Code",
        codes,
        index=codes.index(usual),
        format_func=lambda code: f"{code}  {short_name(code, today())}",
    )


def _short(day: date) -> str:
    return f"{day.day} {day:%b %Y}" if day.year != today().year else f"{day.day} {day:%b}"
