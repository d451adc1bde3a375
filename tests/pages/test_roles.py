"""Whatever a role asks of a page, the browser is sent nobody outside its reach.

Every pupil and every contact is given a name that occurs nowhere else, and every message to the
browser is searched for it: tables, charts, tooltips and what stands in closed panels.
"""

from __future__ import annotations

import re

import pandas as pd
import pytest
from sqlalchemy import text
from streamlit.testing.v1 import local_script_runner

from attendance.core.people import Person
from attendance.services import accounts
from attendance.services.pupils import pupil_record
from attendance.services.registers import load_register
from attendance.ui import session
from attendance.ui.clock import now
from attendance.ui.index import INDEX
from tests.screens import Screens, words

STEMS = [one.stem for one in INDEX]
NARROW = ("tutor", "pastoral9", "governor", "ewo", "itadmin")
CANARY = re.compile(rb"Zzcan(\d{5})x")
CONTACT = re.compile(rb"Zzcon(\d{5})x")
REASONS = (b"Looked after", b"looked_after", b"Child in need", b"Virtual school", b"social_worker")


class Sent:
    """Everything that was sent to the browser since the last question."""

    def __init__(self) -> None:
        self.raw = b""

    def names(self, of: re.Pattern[bytes] = CANARY) -> set[int]:
        return {int(number) for number in of.findall(self.raw)}


@pytest.fixture
def sent(screens: Screens, monkeypatch: pytest.MonkeyPatch) -> Sent:
    found = Sent()
    usual = local_script_runner.parse_tree_from_messages

    def keep(messages):  # type: ignore[no-untyped-def]
        found.raw = b"".join(message.SerializeToString() for message in messages)
        return usual(messages)

    monkeypatch.setattr(local_script_runner, "parse_tree_from_messages", keep)
    with screens.engine.begin() as tx:
        number = "substr('0000' || {}, -5) || 'x'"
        tx.execute(text(f"UPDATE pupil SET surname = 'Zzcan' || {number.format('id')}"))
        tx.execute(text(f"UPDATE contact SET name = 'Zzcon' || {number.format('pupil_id')}"))
    return found


def pupils(screens: Screens) -> pd.DataFrame:
    return load_register(screens.engine, 1, 2026).pupils


def reached(screens: Screens, username: str) -> set[int]:
    """The ids of the pupils of this demo account, read off its year or form."""
    roll = pupils(screens)
    scopes = set().union(*accounts.find_person(screens.engine, username).scopes.values())
    return set(roll["pupil_id"][roll["year_group"].astype(str).isin(scopes)]) | set(
        roll["pupil_id"][roll["form"].isin(scopes)]
    )


def questions(outside: pd.Series) -> list[dict[str, str]]:
    pupil, upn = str(outside["pupil_id"]), str(outside["upn"])
    form, year = str(outside["form"]), str(outside["year_group"])
    return [
        {},
        {"pupil": pupil, "pupils": pupil},
        {"upn": upn},
        {"form": form, "year": year, "split": "forms"},
        {"pupil": "²", "year": "-1", "form": "' OR 1=1 --", "week": "9999-12-31"},
        {"pupil": "9" * 5000, "pupils": "9" * 5000, "upn": "<script>", "cohort": "looked_after"},
    ]


@pytest.mark.parametrize("username", NARROW)
@pytest.mark.parametrize("stem", STEMS)
def test_no_address_sends_a_role_anybody_outside_its_reach(
    screens: Screens, sent: Sent, stem: str, username: str
) -> None:
    roll, within = pupils(screens), reached(screens, username)
    outside = roll[~roll["pupil_id"].isin(within)].iloc[0]
    screens.of(username)
    for asked in questions(outside):
        page = screens.open(stem, **asked)
        assert not page.exception, asked
        assert sent.names() <= within, asked
        assert sent.names(CONTACT) <= (within if username == "pastoral9" else set()), asked


def test_the_search_for_names_finds_those_within_reach(screens: Screens, sent: Sent) -> None:
    screens.of("pastoral9").open("register")
    assert sent.names() and sent.names() <= reached(screens, "pastoral9")


@pytest.mark.parametrize("username", ["officer", "admin", "pastoral9", "tutor"])
def test_the_prompt_to_tell_the_dsl_carries_no_reason(
    screens: Screens, sent: Sent, username: str
) -> None:
    roll = pupils(screens)
    known = roll["pupil_id"].tolist()
    within = reached(screens, username) or set(known)
    pupil_id = min(within)
    with screens.engine.begin() as tx:
        tx.execute(
            text(
                "INSERT INTO characteristic (school_id, pupil_id, kind, first_day, detail) "
                "VALUES (1, :p, 'social_worker', '2026-09-01', 'Child in need plan')"
            ),
            {"p": pupil_id},
        )
    screens.of(username)
    for stem in ("today", "register", "pupil", "on_track", "absence"):
        page = screens.open(stem, pupil=str(pupil_id))
        assert not any(reason in sent.raw for reason in REASONS), stem
        if stem == "pupil" and username != "admin":
            assert "Tell the DSL" in words(page)


@pytest.mark.parametrize("username", ["pastoral9", "tutor", "ewo"])
def test_a_pupil_out_of_reach_and_one_who_does_not_exist_are_answered_alike(
    screens: Screens, sent: Sent, username: str
) -> None:
    roll, within = pupils(screens), reached(screens, username)
    outside = roll[~roll["pupil_id"].isin(within)].iloc[0]
    screens.of(username)
    asked = ({"pupil": str(outside["pupil_id"])}, {"pupil": "999999"}, {"upn": outside["upn"]})
    said = [[one.value for one in screens.open("pupil", **each).error] for each in asked]
    assert said[0] and said[0] == said[1] == said[2]


@pytest.mark.parametrize("username, shown", [("pastoral9", True), ("tutor", False)])
def test_days_of_the_week_are_a_pattern_that_a_tutor_is_not_shown(
    screens: Screens, username: str, shown: bool
) -> None:
    register = load_register(screens.engine, 1, 2026)
    last_year = load_register(screens.engine, 1, 2025)
    person: Person = accounts.find_person(screens.engine, username)
    usual = pd.Series([5, 4, 3, 2, 1]).to_numpy()
    begun = 0
    for pupil_id in sorted(reached(screens, username))[:8]:
        row = register.row_of(pupil_id)
        assert row is not None
        record = pupil_record(screens.engine, person, register, last_year, row, usual, now())
        begun += int(record.weekdays["count"].sum())
    assert (begun > 0) is shown


def test_a_tab_that_comes_back_as_somebody_else_has_forgotten_what_was_typed(
    screens: Screens,
) -> None:
    page = screens.of("officer").open("rules_in_force")
    page.session_state["register_drafts"] = {"typed by": "the officer"}
    page = page.run()
    assert "register_drafts" in page.session_state
    screens.of("head")
    page = page.run()
    assert "register_drafts" not in page.session_state
    assert page.session_state[session._WHOSE] == "head"


def test_last_years_pupils_of_a_year_group_are_not_sent_to_this_years_deputy(screens):
    """Who was in Year 9 last year and is in Year 10 now is no longer the deputy's to see."""
    this = load_register(screens.engine, 1, 2026).pupils
    last = load_register(screens.engine, 1, 2025).pupils
    own = set(this.loc[this["year_group"] == 9, "pupil_id"])
    moved_on = last[(last["year_group"] == 9) & ~last["pupil_id"].isin(own)]
    page = screens.of("pastoral9").open("referrals", referral_year="2025/26")
    options = " ".join(str(option) for box in page.multiselect for option in box.options)
    assert options and len(moved_on)
    names = moved_on["forename"] + " " + moved_on["surname"]
    assert not [name for name in names if name in options]
