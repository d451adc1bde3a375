"""The facts of a referral: its sentences, its lists, and what is still missing from it."""

from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest

from attendance.core import referral_checklist as checking
from attendance.core.on_track import outlook_of
from attendance.core.referral import (
    Characteristic,
    Parent,
    Period,
    SessionFact,
    headline,
    in_window,
    standing,
)
from attendance.core.referral_checklist import State, checklist, gaps, gates
from attendance.core.referral_lines import (
    last_attended,
    longest_absence,
    session_facts,
    up_to,
)
from attendance.core.slots import SLOTS, Session, slot_of
from attendance.rules.codes import SYMBOL_OF
from attendance.rules.referral_checklist import referral_checklist
from tests.documents.packs import MADE_AT, pack, period

DAY = date(2026, 11, 24)
NOTHING_NOTED = pd.DataFrame(columns=["slot", "minutes_late", "comment"])
CHECKED = Parent(
    "Ms Lorna Oduyafield", "Mother", True, True, "01632 960001", "", "4 Imaginary Row",
    details_checked=MADE_AT.date() - timedelta(days=183),
)  # fmt: skip


def with_outlook(missed, possible, to_come):
    return pack(outlook=outlook_of(missed, possible, to_come, DAY))


def item(of_pack, key):
    return next(item for item in checklist(of_pack) if item.field.key == key)


def with_window(**counts):
    first, last = date(2026, 9, 14), DAY
    return pack(periods=(period(Period.WINDOW, "Last 10 school weeks", first, last, **counts),))


def line(*marks, year=2026, start=date(2026, 9, 7)):
    """A (540,) line with these codes from the start's morning on, and where a mark is expected."""
    first = slot_of(year, start, Session.AM)
    drawn = np.full(SLOTS, ord("-"), dtype=np.uint8)
    for offset, code in enumerate(marks):
        drawn[first + offset] = ord("-" if code == "-" else SYMBOL_OF[code])
    return drawn, np.ones(SLOTS, dtype=bool)


# Sentences


def test_the_headline_gives_sessions_per_cent_and_days():
    assert headline(pack()) == (
        "Missed 13 of 107 possible sessions (12.1\u202f%; 6.5 days) this school year to the "
        "morning of 24 November 2026."
    )
    afternoon = replace(with_outlook(2, 101, 277), to_session=Session.PM)
    assert "(2.0\u202f%; 1 day) this school year to the afternoon of" in headline(afternoon)


def test_a_pupil_with_no_possible_session_has_no_rate():
    none = with_outlook(0, 0, 370)
    assert headline(none) == (
        "No session has been possible this school year to the morning of 24 November 2026."
    )
    assert standing(none) == "Nothing can be said yet of persistent absence."
    empty = period(Period.THIS_YEAR, "This year", DAY, DAY, possible=0, attended=0)
    assert (empty.absence_rate, empty.attendance_rate) == (None, None)
    some = period(Period.THIS_YEAR, "This year", DAY, DAY)
    assert (some.absence_rate, some.attendance_rate) == (13 / 107, 94 / 107)


@pytest.mark.parametrize(
    "missed, possible, to_come, says",
    [
        (9, 100, 280, "Under 10\u202f% so far, so not persistently absent. Can miss 28 more of the "
                      "280 sessions to come and finish under 10\u202f%."),
        (10, 100, 280, "Persistently absent so far (10\u202f% or more of possible sessions "
                       "missed). Can miss 27 more of the 280 sessions to come and finish under "
                       "10\u202f%. 1 session attended in a row would bring the year so far under "
                       "10\u202f%."),
        (38, 100, 280, "Persistently absent so far (10\u202f% or more of possible sessions "
                       "missed). Cannot finish the year under 10\u202f% on the present calendar."),
        (50, 100, 280, "Severely absent so far (50\u202f% or more of possible sessions missed). "
                       "Cannot finish the year under 10\u202f% on the present calendar."),
        (3, 100, 0, "Under 10\u202f% so far, so not persistently absent. No session is known to "
                    "come this school year."),
    ],
)  # fmt: skip
def test_the_standing_is_said_in_words(missed, possible, to_come, says):
    assert standing(with_outlook(missed, possible, to_come)) == says


@pytest.mark.parametrize("unauthorised, met", [(9, False), (10, True), (11, True)])
def test_a_penalty_notice_is_considered_at_ten_unauthorised_sessions(unauthorised, met):
    says = in_window(with_window(unauthorised=unauthorised))
    assert ("threshold met: consider" in says) is met
    assert f"{unauthorised} unauthorised sessions (1 N, 4 O, 1 U)" in says


def test_a_window_without_an_unauthorised_session_lists_no_codes_and_no_window_says_nothing():
    clear = replace(with_window(unauthorised=0), sessions=())
    assert in_window(clear).startswith("Last 10 school weeks: 0 unauthorised sessions. ")
    assert in_window(pack(periods=())) is None


def test_a_pupil_is_called_by_the_preferred_name_and_listed_by_the_legal_one():
    pupil = pack().pupil
    assert (pupil.called, pupil.legal_name) == ("Kez Oduyafield", "Keziah Oduyafield")
    assert replace(pupil, preferred_name="").called == "Keziah Oduyafield"
    assert replace(pupil, sex="").sex_in_words == ""


# From the line of marks


def test_sessions_list_every_absence_and_lates_after_close_but_no_other_late():
    marks, expected = line("/", "L", "I", "O", "U", "V", "Y1", "-", "N")
    facts = session_facts(marks, expected, 2026, NOTHING_NOTED)
    assert [(f.code, f.authorised_in_words) for f in facts] == [
        ("I", "Authorised"),
        ("O", "Unauthorised"),
        ("U", "Unauthorised"),
        ("N", "Unauthorised"),
    ]
    assert (facts[0].day, facts[0].session) == (date(2026, 9, 8), Session.AM)


def test_a_session_off_the_roll_or_on_a_closed_day_is_not_listed():
    marks, expected = line("I", "I")
    expected[slot_of(2026, date(2026, 9, 7), Session.AM)] = False
    assert len(session_facts(marks, expected, 2026, NOTHING_NOTED)) == 1


def test_minutes_and_comments_go_with_their_session():
    marks, expected = line("U", "U", "O")
    slot = slot_of(2026, date(2026, 9, 7), Session.AM)
    details = pd.DataFrame(
        {"slot": [slot, slot + 1], "minutes_late": [45, None], "comment": ["bus", None]}
    )
    facts = session_facts(marks, expected, 2026, details)
    assert [(f.minutes_late, f.comment) for f in facts] == [(45, "bus"), (None, ""), (None, "")]


def test_a_code_withdrawn_before_the_day_is_marked_as_such():
    marks, expected = line("H", "I")
    old, new = session_facts(marks, expected, 2026, NOTHING_NOTED)
    assert (old.code, old.authorised, old.is_withdrawn) == ("H", True, True)
    assert not new.is_withdrawn


def test_last_attended_is_the_day_of_the_last_session_attended():
    marks, expected = line("/", "/", "I", "V", "O", "-")
    assert last_attended(marks, expected, 2026) == date(2026, 9, 8)
    never, _ = line("I", "I")
    assert last_attended(never, expected, 2026) is None


def test_the_longest_absence_passes_over_closed_days_and_ends_with_a_session_attended():
    marks, expected = line("I", "I", "/", "O", "Y4", "-", "O", "I", "/", "I")
    assert longest_absence(marks, expected, 2026) == 3


def test_a_period_ends_with_its_own_slot():
    assert up_to(3).sum() == 4


# The checklist


def test_every_automatic_field_is_looked_at_and_nothing_else_is():
    automatic = {field.key for field in referral_checklist() if field.how == "auto"}
    assert automatic == set(checking._FOUND_BY)


def test_gaps_come_first_in_the_list():
    order = list(State)
    places = [order.index(item.state) for item in checklist(pack())]
    assert places == sorted(places)
    wanting = {item.state for item in gaps(pack())}
    assert wanting == {State.TO_ADD, State.NEEDS_DSL}


def test_what_was_done_is_always_still_to_add():
    for key in ("contacts", "meetings", "letters", "support"):
        assert item(pack(), key).state == State.TO_ADD


def test_a_complete_record_is_included_and_says_what_is_there():
    assert item(pack(), "upn").says == "X999000000001"
    assert item(pack(), "legal_name").says == "Keziah Oduyafield, known as Kez"
    assert item(pack(), "siblings").says == "Jonah Oduyafield"
    assert item(pack(), "birth_date").says == "4 March 2013"
    assert item(pack(), "parental_responsibility").says == "Ms Lorna Oduyafield, Mr Abel Sampleton"
    assert "longest absence 4 sessions in a row" in item(pack(), "last_attended").says


def test_what_is_not_recorded_is_named_as_a_gap():
    bare = pack(
        pupil=replace(pack().pupil, upn=None, birth_date=None, sex="", address="",
                      preferred_name=""),
        siblings=(), last_attended=None, periods=(),
    )  # fmt: skip
    for key in ("upn", "birth_date", "sex", "pupil_address", "siblings", "penalty_window",
                "school_age"):  # fmt: skip
        assert item(bare, key).state == State.TO_ADD, key
    assert item(bare, "legal_name").says == "Keziah Oduyafield"
    assert item(bare, "last_attended").says == "Has not attended this school year."


def test_a_parent_without_an_address_is_named():
    assert item(pack(), "parent_addresses").says == "No address for Mr Abel Sampleton."
    assert item(pack(parents=(CHECKED,)), "parent_addresses").state == State.INCLUDED
    assert item(pack(parents=()), "parent_addresses").says == "No parent is listed."
    assert item(pack(parents=()), "parental_responsibility").state == State.TO_ADD


def test_a_reader_who_may_not_see_parents_or_needs_is_sent_to_a_colleague():
    hidden = pack(parents=None, support_needs=None)
    for key in ("parents", "parental_responsibility", "support_needs"):
        assert item(hidden, key).says == "Ask a colleague who may see it."
    assert item(pack(), "support_needs").says == "2 recorded; see the summary."


def test_safeguarding_reads_the_same_for_every_pupil_unless_the_reader_may_see_it():
    cared_for = pack(social_care=(Characteristic("Looked after"),))
    assert item(cared_for, "social_care").says == "1 recorded; see the summary."
    assert item(pack(), "social_care").says == "Ask the Designated Safeguarding Lead."
    assert item(cared_for, "safeguarding") == item(pack(), "safeguarding")


def test_the_referrers_telephone_and_email_are_included_once_known():
    reached = replace(pack().referrer, phone="01632 960009", email="desk@example.invalid")
    assert item(pack(referrer=reached), "referrer_reach").state == State.INCLUDED
    assert item(pack(), "referrer_reach").state == State.TO_ADD


def test_leave_papers_are_asked_for_only_when_the_register_has_leave():
    assert item(pack(), "leave_request").state == State.NOT_APPLICABLE
    leave = SessionFact(DAY, Session.AM, "G", "Holiday not granted", authorised=False)
    assert item(pack(sessions=(leave,)), "leave_request").state == State.TO_ADD


# What to put right first


def says(of_pack, stops):
    return [gate.says for gate in gates(of_pack) if gate.stops is stops]


def test_an_open_n_a_missing_mark_or_a_withdrawn_code_stops_the_request():
    old = SessionFact(DAY, Session.AM, "H", "Holiday", authorised=True, is_withdrawn=True)
    broken = replace(with_window(open_n=2, unmarked=1), sessions=(old,))
    assert says(broken, stops=True) == [
        "2 sessions coded N in the last 10 school weeks: settle the reason first.",
        "1 session without a mark in the last 10 school weeks: complete the register.",
        "Withdrawn codes are still in the register (H): amend them.",
    ]
    assert item(broken, "register_quality").state == State.TO_ADD
    clear = replace(with_window(open_n=0, unmarked=0), parents=(CHECKED,))
    assert says(clear, stops=True) == []
    assert item(clear, "register_quality").says == "None."


def test_no_parent_or_nobody_responsible_stops_it():
    assert "No parent is listed" in " ".join(says(pack(parents=()), stops=True))
    nobody = replace(CHECKED, has_parental_responsibility=False)
    assert "Nobody listed" in " ".join(says(pack(parents=(nobody,)), stops=True))


@pytest.mark.parametrize("days, warns", [(182, False), (183, False), (184, True), (None, True)])
def test_parents_details_older_than_six_months_are_to_be_checked(days, warns):
    when = None if days is None else MADE_AT.date() - timedelta(days=days)
    parent = replace(CHECKED, details_checked=when)
    found = " ".join(says(pack(parents=(parent,)), stops=False))
    assert ("not recorded as checked" in found) is warns
    assert (item(pack(parents=(parent,)), "parents_checked").state == State.TO_ADD) is warns


def test_sessions_outside_compulsory_school_age_stop_it():
    young = pack(pupil=replace(pack().pupil, birth_date=date(2021, 12, 1)))
    assert says(young, stops=True)[-1] == (
        "13 sessions listed when the pupil was not of compulsory school age: leave them out of "
        "any penalty or certificate."
    )
    undated = pack(pupil=replace(pack().pupil, birth_date=None))
    assert not any("school age" in gate.says for gate in gates(undated))
    assert item(young, "school_age").says == "Not at 13 sessions listed."
    assert item(pack(), "school_age").state == State.INCLUDED


def test_what_stops_it_stands_before_what_is_to_be_checked():
    order = [gate.stops for gate in gates(pack())]
    assert order == sorted(order, reverse=True)
    assert "contact or action" in gates(pack())[-1].says
    assert not any("parent" in gate.says.lower() for gate in gates(pack(parents=None)))
