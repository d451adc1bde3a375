"""An invented pupil's referral, built from a real line of marks; every part can be replaced."""

from dataclasses import replace
from datetime import UTC, date, datetime

import numpy as np
import pandas as pd

from attendance.core.on_track import outlook_of
from attendance.core.referral import (
    AmendmentFact,
    Characteristic,
    CodeCount,
    Parent,
    Period,
    PeriodFigures,
    PupilIdentity,
    ReferralPack,
    Referrer,
    ReferringSchool,
    Sibling,
)
from attendance.core.referral_lines import last_attended, longest_absence, session_facts
from attendance.core.slots import SLOTS, Session, first_slot_from, slot_of
from attendance.core.strip import week_labels, year_strip_cells
from attendance.rules.codes import SYMBOL_OF

YEAR = 2026
MADE_AT = datetime(2026, 11, 24, 14, 5, tzinfo=UTC)
AM, PM = Session.AM, Session.PM
LAST = slot_of(YEAR, date(2026, 11, 24), AM)

TERMS = [
    (date(2026, 9, 2), date(2026, 10, 23)), (date(2026, 11, 2), date(2026, 12, 18)),
    (date(2027, 1, 5), date(2027, 2, 12)), (date(2027, 2, 22), date(2027, 3, 25)),
    (date(2027, 4, 12), date(2027, 5, 28)), (date(2027, 6, 7), date(2027, 7, 21)),
]  # fmt: skip

# (month, day, code, sessions): the rest of the days so far are present.
MARKS = [
    (9, 11, "I", (AM, PM)), (9, 14, "L", (AM,)), (9, 25, "O", (AM, PM)), (9, 29, "M", (AM,)),
    (10, 7, "Y1", (AM, PM)), (10, 9, "I", (AM, PM)), (10, 12, "I", (AM, PM)),
    (10, 15, "V", (AM, PM)), (11, 6, "O", (AM, PM)), (11, 11, "U", (AM,)), (11, 24, "N", (AM,)),
]  # fmt: skip
DETAILS = pd.DataFrame(
    [
        (slot_of(YEAR, date(2026, 9, 14), AM), 12, ""),
        (slot_of(YEAR, date(2026, 11, 11), AM), 45, "Said the bus left before breakfast club"),
        (slot_of(YEAR, date(2026, 11, 6), AM), None, '=HYPERLINK("http://example.invalid","x")'),
    ],
    columns=["slot", "minutes_late", "comment"],
)
AMENDMENTS = (
    AmendmentFact(
        date(2026, 9, 25), AM, "N", "O", "No reply to letter or calls by the fifth school day",
        datetime(2026, 10, 2, 8, 15, tzinfo=UTC), "Pomfret Quillfeather", "Attendance officer",
    ),
    AmendmentFact(
        date(2026, 11, 11), AM, "N", "U", "Signed in at reception at 9:40",
        datetime(2026, 11, 11, 10, 2, tzinfo=UTC), "Dorcas Fernsby", "Deputy head of year 9",
    ),
)  # fmt: skip


def open_sessions():
    is_open = np.zeros(SLOTS, dtype=bool)
    for first, last in TERMS:
        is_open[first_slot_from(YEAR, first) : first_slot_from(YEAR, last) + 2] = True
    return is_open


def line():
    """The pupil's 540 marks: present wherever MARKS says nothing, to the morning of LAST."""
    marks = np.full(SLOTS, ord("-"), dtype=np.uint8)
    so_far = open_sessions() & (np.arange(SLOTS) <= LAST)
    marks[so_far] = ord("/")
    for month, day, code, sessions in MARKS:
        for session in sessions:
            marks[slot_of(YEAR, date(2026, month, day), session)] = ord(SYMBOL_OF[code])
    return marks


def _strip():
    amendments = pd.DataFrame(
        [
            (slot_of(YEAR, a.day, a.session), a.original, a.amended, a.name, a.position, a.at,
             a.reason)
            for a in AMENDMENTS
        ],
        columns=["slot", "original", "amended", "name", "position", "at", "reason"],
    )  # fmt: skip
    everyone = np.ones(SLOTS, dtype=bool)
    return year_strip_cells(line(), everyone, open_sessions(), YEAR, LAST + 1, DETAILS, amendments)


def _weeks(strip):
    states = strip.cells.groupby("week")["state"]
    count = range(strip.weeks)
    missed = states.apply(
        lambda all_: all_.isin(["authorised", "unauthorised", "no_reason"]).sum()
    ).reindex(count)
    possible = missed + states.apply(
        lambda all_: all_.isin(["present", "late", "activity"]).sum()
    ).reindex(count)
    open_weeks = strip.cells[strip.cells["state"] != "closed"]["week"].unique()
    return pd.DataFrame(
        {
            "week": list(count),
            "label": week_labels(strip.first_day, strip.weeks),
            "rate_this": 1 - missed / possible.where(possible > 0),
            "sessions": possible,
            "rate_last": [0.93 - 0.001 * w if w in open_weeks else np.nan for w in count],
        }
    )


def period(which, name, first, last, **counts):
    usual = {
        "possible": 107, "attended": 94, "authorised": 7, "unauthorised": 6,
        "late_before_close": 1, "late_after_close": 1, "unmarked": 0, "open_n": 1,
    }  # fmt: skip
    return PeriodFigures(which, name, first, last, **(usual | counts))


def pack(**changes):
    """Keziah 'Kez' Oduyafield of 9K: everything the officer may see, one session still N."""
    marks, expected = line(), open_sessions()
    strip = _strip()
    usual = ReferralPack(
        school=ReferringSchool("Fable Hill Academy", "999999", "secondary", is_demo=True),
        referrer=Referrer("Pomfret Quillfeather", "Attendance officer"),
        made_at=MADE_AT,
        pupil=PupilIdentity(
            legal_forename="Keziah", surname="Oduyafield", preferred_name="Kez",
            upn="X999000000001", birth_date=date(2013, 3, 4), sex="F", year_group=9, form="9K",
            address="4 Imaginary Row, Fabletown, ZZ9 9ZZ", first_day=date(2024, 9, 3),
        ),
        parents=(
            Parent("Ms Lorna Oduyafield", "Mother", True, True, "01632 960001",
                   "lorna@example.invalid", "4 Imaginary Row, Fabletown, ZZ9 9ZZ"),
            Parent("Mr Abel Sampleton", "Father", True, False, "01632 960002", "", "",
                   "Ring after 4 pm"),
        ),
        siblings=(Sibling("Jonah Oduyafield", date(2015, 6, 2), 7, "7B", 9, 103),),
        support_needs=(Characteristic("SEN support", date(2025, 1, 6)),
                       Characteristic("Free school meals", date(2024, 9, 3))),
        social_care=None,
        to_day=date(2026, 11, 24),
        to_session=AM,
        periods=(
            period(Period.THIS_YEAR, "This year to date", date(2026, 9, 2), date(2026, 11, 24)),
            period(Period.LAST_YEAR, "Last year, 2025/26", date(2025, 9, 3), date(2026, 7, 21),
                   possible=376, attended=346, authorised=24, unauthorised=6, open_n=0),
            period(Period.WINDOW, "Last 10 school weeks", date(2026, 9, 14), date(2026, 11, 24),
                   possible=91, attended=80, authorised=5, unauthorised=6),
        ),
        outlook=outlook_of(13, 107, 279, date(2026, 11, 24)),
        codes=(CodeCount("/", "Present", "Attended", 91),
               CodeCount("I", "Illness", "Authorised", 6),
               CodeCount("O", "Absent in other or unknown circumstances", "Unauthorised", 4)),
        sessions=session_facts(marks, expected, YEAR, DETAILS),
        amendments=AMENDMENTS,
        last_attended=last_attended(marks, expected, YEAR),
        longest_absence=longest_absence(marks, expected, YEAR),
        strip=strip,
        weeks=_weeks(strip),
    )  # fmt: skip
    return replace(usual, **changes)
