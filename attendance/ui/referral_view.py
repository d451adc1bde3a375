"""The parts of the Referrals page: who is referred, what is still missing, and the workbook."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
import streamlit as st

from attendance.core.names import plain
from attendance.core.people import Person
from attendance.core.permissions import allows
from attendance.core.referral import Period, ReferralPack, headline, in_window, standing
from attendance.core.referral_checklist import ChecklistItem, State, checklist, gaps, gates
from attendance.core.slots import school_year_of, year_name
from attendance.errors import NotAllowed
from attendance.services import referrals, sign_in
from attendance.services.referral_pack import Registers
from attendance.services.registers import years_held
from attendance.ui import filters, index, session, show
from attendance.ui.cache import engine, live_register
from attendance.ui.clock import now, today

MOST = 30  # a workbook of more takes minutes to build, and nobody reads it
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_BY_HAND = ("log", "ask")
_SAID_BY_GATES = ("register_quality", "parents_checked")


def may_export(person: Person) -> bool:
    """May this person make a workbook at all, of whichever pupils?"""
    return all(allows(person, permission) for permission in referrals.NEEDED)


def choose(person: Person) -> tuple[Registers, list[int]]:
    """Which school year, and which pupils: the address carries both (`pupils=1,2,3`)."""
    with st.container(key="referral_choice", horizontal=True, vertical_alignment="top"):
        place = st.container(width="stretch")
        years = _choose_year(person)
        with place:
            names = referrals.pupils_to_choose(person, years.this)
            chosen = _choose_pupils(names, years.this.school_year)
    return years, chosen


def _choose_year(person: Person) -> Registers:
    this_year = school_year_of(today())
    held = [year for year in reversed(years_held(engine(), person.school_id)) if year <= this_year]
    names = {year_name(y) + (" to date" if y == this_year else ""): y for y in held or [this_year]}
    asked = st.selectbox(
        "School year", list(names), key="referral_year", bind="query-params", width=150
    )
    year = names[asked]
    last = live_register(person, year - 1)
    return Registers(live_register(person, year), last if last.latest >= 0 else None)


def _choose_pupils(names: Mapping[int, str], school_year: int) -> list[int]:
    # A pupil's own page links here with the name it has for itself: `pupil`.
    asked = _ids(st.query_params.get("pupils") or st.query_params.get("pupil", ""))
    known = [one for one in asked if one in names]
    key = f"referral_pupils_{school_year}"
    if key not in st.session_state:
        st.session_state[key] = known[:MOST]
    chosen = st.multiselect(
        "Pupils",
        list(names),
        format_func=lambda one: names.get(one, ""),
        placeholder="Type a name or a form",
        max_selections=MOST,
        key=key,
    )
    if len(known) > MOST:
        show.quiet(f"{len(known)} were chosen; a workbook holds {MOST} at most.")
    if len(known) < len(asked):
        show.quiet(
            "Some pupils in this address are not in the year groups of your account, or not in "
            "this school year’s register. They are left out."
        )
    return list(chosen)


def _ids(text: str) -> list[int]:
    found = (filters.number(part.strip()) for part in text.split(","))
    return list(dict.fromkeys(one for one in found if one is not None))


def keep_in_address(chosen: Sequence[int]) -> None:
    """Have the address name the pupils chosen, so that it can be kept or sent."""
    wanted = {"pupils": ",".join(map(str, chosen))} if chosen else {}
    for name in ("pupils", "pupil"):
        if name in st.query_params and name not in wanted:
            del st.query_params[name]
    st.query_params.update(wanted)


def has_registers(person: Person) -> bool:
    """Does the school have a register yet from which anybody could be referred?"""
    return bool(years_held(engine(), person.school_id))


def nothing_yet(person: Person) -> None:
    """A school without a register: where to begin."""
    show.headline("No register has been read yet.")
    st.markdown(":gray[Pupils can be referred once a register file is imported.]")
    show.to_imports(person)


def where_else() -> None:
    """The other way to choose, by ticking names on On track; and what the workbook will hold."""
    st.page_link(
        index.page_of("on_track"), label="Or tick pupils on On track, and bring them here",
        icon=":material/trending_up:",
    )  # fmt: skip
    st.markdown("#### What the workbook holds")
    with st.container(key="workbook_sheets", width=720):
        table = pd.DataFrame(_SHEETS, columns=["Sheet", "What is on it"])
        st.table(table, border="horizontal", hide_header=True, hide_index=True)
    show.quiet(
        "An Excel file for one pupil or several, at most 30. Nothing is sent: you download it, "
        "complete it and hand it to the local authority."
    )


_SHEETS = (
    ("**Summary**", "The pupil, the parents, brothers and sisters, and the figures by period"),
    ("**Sessions**", "Every absence: date, morning or afternoon, code, meaning, minutes, comment"),
    ("**Chart**", "Weekly attendance and the year at a glance, as pictures"),
    ("**Amendments**", "Every mark amended in the period: by whom, when and why"),
    ("**Contacts**", "What was done so far: empty where nothing is recorded, for you to fill in"),
    ("**Checklist**", "What local authorities ask for, with each gap named"),
)


def sentence(packs: Sequence[ReferralPack]) -> str:
    """How many are ready to go, and how many wait for something to be put right."""
    waiting = sum(any(gate.stops for gate in gates(pack)) for pack in packs)
    chosen = f"{len(packs)} pupil{'' if len(packs) == 1 else 's'} chosen"
    if not waiting:
        return f"{chosen}: nothing in the register stands in the way of a referral."
    if len(packs) == 1:
        return f"{chosen}: the register needs something put right before the referral goes."
    if waiting == len(packs):
        return f"{chosen}: for each of them something must be put right before a referral goes."
    return f"{chosen}: for {waiting} of them something must be put right before a referral goes."


def offer(person: Person, packs: Sequence[ReferralPack], ids: Sequence[int], year: int) -> None:
    """The download: the file is built, and the export logged, only when it is clicked."""
    many = "" if len(ids) == 1 else f" for {len(ids)} pupils"
    token = session.browser_token()

    def build() -> bytes:
        # The click may come long after the page was drawn: ask again who this is.
        clicker = sign_in.person_of(engine(), token, now()) if token else None
        if clicker is None or clicker.username != person.username:
            raise NotAllowed("Sign in again to download the workbook.")
        return referrals.referral_file(engine(), clicker, list(ids), now(), year)[1]

    st.download_button(
        f"Download the workbook{many}",
        data=build,
        file_name=referrals.file_name(packs, today()),
        mime=XLSX,
        type="primary",
        icon=":material/download:",
        key="download_referral",
        on_click="ignore",
    )
    show.quiet(
        "The workbook is built when you click; that takes a second or two a pupil. Who exported "
        "which pupils, and when, is logged. If no file comes, load this page again."
    )


def overview(packs: Sequence[ReferralPack], ids: Sequence[int]) -> None:
    """One row a pupil: the record in short, and what stands in the way."""
    table = pd.DataFrame([_overview_row(pack) for pack in packs])
    text, number = st.column_config.TextColumn, st.column_config.NumberColumn
    config: dict[str, Any] = {
        "Pupil": st.column_config.ButtonColumn(
            width=150, type="tertiary", alignment="left", key="open_referral"
        ),
        "Form": text(width=48),
        "Missed": text(width=84, alignment="right", help="Sessions missed of those possible"),
        "Unauthorised": number(width=88, help="Unauthorised sessions this school year"),
        "Last 10 weeks": text(width=92, alignment="right",
                              help="Unauthorised sessions in the last 10 school weeks"),
        "Put right first": text(width=104),
        "To add": number(width=70, help="Of what local authorities ask for, still to add"),
    }  # fmt: skip
    st.dataframe(table, hide_index=True, height="content", row_height=30, column_config=config,
                 alt="The pupils chosen, and what to put right first")  # fmt: skip
    clicked = st.session_state.get("open_referral")
    if clicked:
        pupil_id = str(ids[clicked["row"]])
        st.switch_page(index.page_of("pupil"), query_params={"pupil": pupil_id})


def _overview_row(pack: ReferralPack) -> dict[str, object]:
    year, window = pack.figures(Period.THIS_YEAR), pack.figures(Period.WINDOW)
    return {
        "Pupil": pack.pupil.called,
        "Form": pack.pupil.form,
        "Missed": f"{pack.outlook.missed} of {pack.outlook.possible_so_far}",
        "Unauthorised": year.unauthorised if year else 0,
        "Last 10 weeks": "–" if window is None else str(window.unauthorised),
        "Put right first": _how_much(pack),
        "To add": len(gaps(pack)),
    }


def one_pupil(pack: ReferralPack) -> None:
    """A pupil's referral: the record in words, then what to do, what is missing, what is there."""
    st.markdown(f"{plain(headline(pack))} {plain(standing(pack))}")
    window = in_window(pack)
    if window:
        st.markdown(f":gray[{plain(window)}]")
    left, right = st.columns(2, gap="large")
    found = gates(pack)
    with left:
        st.markdown("#### Put right first")
        stops = [f":orange[{show.printed(gate.says)}]" for gate in found if gate.stops]
        _lines(stops) if stops else st.markdown("Nothing.")
        st.markdown("#### To check or complete")
        own = [item for item in gaps(pack) if item.field.how not in _BY_HAND]
        _lines(
            [show.printed(gate.says) for gate in found if not gate.stops]
            + [_item(item) for item in own if item.field.key not in _SAID_BY_GATES]
        )
    with right:
        st.markdown("#### In the workbook")
        included = [item for item in checklist(pack) if item.state == State.INCLUDED]
        _lines([f"**{about}.** {fields}" for about, fields in _by_group(included).items()])


def to_open(packs: Sequence[ReferralPack]) -> int:
    """Whose referral is unfolded: the first that has something to put right, or the first."""
    waiting = [number for number, pack in enumerate(packs) if any(g.stops for g in gates(pack))]
    return waiting[0] if waiting else 0


def how_it_stands(pack: ReferralPack) -> str:
    """'Kez Oduya, 9K: 2 things to put right first', for the heading of one pupil."""
    much = _how_much(pack)
    return plain(f"{pack.pupil.called}, {pack.pupil.form}: {much.lower()} to put right first")


def _how_much(pack: ReferralPack) -> str:
    stopping = sum(gate.stops for gate in gates(pack))
    return {0: "Nothing", 1: "1 thing"}.get(stopping, f"{stopping} things")


def by_hand(pack: ReferralPack) -> None:
    """What local authorities ask for that only a person can add, the same for every pupil."""
    st.markdown("### What else a local authority asks for, and only you can add")
    rows = _by_group([item for item in gaps(pack) if item.field.how in _BY_HAND])
    with st.container(key="by_hand"):
        table = pd.DataFrame({"About": list(rows), "What to add": list(rows.values())})
        st.table(table, border="horizontal", hide_index=True)
    show.quiet(
        "Gathered from the published forms of seven local authorities; follow the form of your "
        "own. The workbook has an empty sheet of contacts and actions, and this list."
    )


def for_visitor(person: Person) -> None:
    """The Education Welfare Officer's view: the pupils referred, each one click away."""
    rows = referrals.referred_to(person, live_register(person))
    if rows.empty:
        show.headline("No pupil is referred to you at the moment.")
        st.markdown(":gray[When the school refers a pupil to you, that pupil stands here.]")
        return
    count = f"{len(rows)} pupil is" if len(rows) == 1 else f"{len(rows)} pupils are"
    show.headline(f"{count} referred to you.")
    for pupil_id, name, form in zip(rows["pupil_id"], rows["name"], rows["form"], strict=True):
        st.page_link(
            index.page_of("pupil"), label=f"{plain(name)}, {plain(form)}",
            query_params={"pupil": str(pupil_id)}, icon=":material/person:",
        )  # fmt: skip
    show.quiet("The school’s attendance officer hands over the workbook.")


def _by_group(items: Sequence[ChecklistItem]) -> dict[str, str]:
    """'Pupil' -> 'Date of birth. Sex.': the fields of each group of the checklist."""
    groups: dict[str, list[str]] = {}
    for item in items:
        groups.setdefault(show.printed(item.field.group), []).append(item.field.field + ".")
    return {group: show.printed(" ".join(fields)) for group, fields in groups.items()}


def _item(item: ChecklistItem) -> str:
    return f"**{show.printed(item.field.field)}.** :gray[{show.printed(item.says)}]"


def _lines(lines: Sequence[str]) -> None:
    st.markdown("\n".join(f"- {line}" for line in lines))
