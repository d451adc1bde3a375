"""The year strip's cells, from a line drawn as registers are drawn."""

from datetime import UTC, date, datetime

import numpy as np
import pandas as pd
import pytest

from attendance.core.slots import SLOTS, Session, first_slot_from, slot_of
from attendance.core.strip import three_week_mean, week_labels, year_strip_cells
from attendance.rules.codes import SYMBOL_OF

YEAR = 2026
TERMS = [
    (date(2026, 9, 2), date(2026, 10, 23)),
    (date(2026, 11, 2), date(2026, 12, 18)),
    (date(2027, 1, 5), date(2027, 2, 12)),
    (date(2027, 2, 22), date(2027, 3, 25)),
    (date(2027, 4, 12), date(2027, 5, 28)),
    (date(2027, 6, 7), date(2027, 7, 21)),
]
NO_DETAILS = pd.DataFrame(columns=["slot", "minutes_late", "comment"])
NO_AMENDMENTS = pd.DataFrame(
    columns=["slot", "original", "amended", "name", "position", "at", "reason"]
)


def slot(month, day, session=Session.AM):
    return slot_of(YEAR, date(YEAR if month >= 8 else YEAR + 1, month, day), session)


def open_in(terms, year=YEAR):
    is_open = np.zeros(SLOTS, dtype=bool)
    for first, last in terms:
        is_open[first_slot_from(year, first) : first_slot_from(year, last) + 2] = True
    return is_open


def strip_of(marks=None, *, on_roll=None, is_open=None, frontier=None, year=YEAR, **frames):
    """The strip of one pupil, given as {slot: code}; the frontier is 24 November, afternoon."""
    line = np.full(SLOTS, ord("-"), dtype=np.uint8)
    for where, code in (marks or {}).items():
        line[where] = ord(SYMBOL_OF[code])
    return year_strip_cells(
        line,
        np.ones(SLOTS, dtype=bool) if on_roll is None else on_roll,
        open_in(TERMS) if is_open is None else is_open,
        year,
        slot(11, 24, Session.PM) if frontier is None else frontier,
        frames.get("details", NO_DETAILS),
        frames.get("amendments", NO_AMENDMENTS),
    )


def cell(strip, where):
    return strip.cells.set_index("slot").loc[where]


@pytest.mark.parametrize(
    "code, state",
    [
        ("/", "present"), ("L", "late"), ("V", "activity"), ("I", "authorised"),
        ("O", "unauthorised"), ("U", "unauthorised"), ("N", "no_reason"), ("Y1", "not_counted"),
        ("#", "closed"),
    ],
)  # fmt: skip
def test_each_mark_has_the_state_of_its_category(code, state):
    shown = cell(strip_of({slot(9, 7): code}), slot(9, 7))
    assert (shown["code"], shown["state"]) == (code, state)
    assert shown["name"]


def test_a_mark_is_read_as_the_law_stood_on_the_day_of_the_session():
    year_open = open_in([(date(2023, 9, 4), date(2024, 7, 23))], year=2023)
    at = slot_of(2023, date(2024, 6, 12), Session.AM)
    strip = strip_of({at: "J"}, is_open=year_open, year=2023, frontier=SLOTS)
    assert cell(strip, at)["state"] == "activity"


def test_a_session_without_a_mark_is_unmarked_until_the_frontier_and_to_come_from_it():
    strip = strip_of()
    last, first_to_come = cell(strip, slot(11, 24)), cell(strip, slot(11, 24, Session.PM))
    assert (last["state"], last["name"]) == ("unmarked", "No mark yet")
    assert (first_to_come["state"], first_to_come["name"]) == ("to_come", "Still to come")
    assert strip.today_week == 12


def test_an_absence_entered_in_advance_is_shown_before_its_day():
    assert cell(strip_of({slot(12, 1): "C"}), slot(12, 1))["state"] == "authorised"


def test_a_closed_day_and_a_day_off_the_roll_show_no_mark():
    on_roll = np.arange(SLOTS) >= slot(9, 21)
    strip = strip_of({slot(9, 18): "/", slot(9, 21): "/", slot(10, 27): "/"}, on_roll=on_roll)
    assert cell(strip, slot(9, 18))[["code", "state"]].tolist() == ["", "off_roll"]
    assert cell(strip, slot(9, 21))["state"] == "present"
    assert cell(strip, slot(10, 27))[["code", "state"]].tolist() == ["", "closed"]


def test_minutes_late_and_comments_stand_on_their_session_only():
    details = pd.DataFrame(
        {
            "slot": [slot(9, 14), slot(9, 16)],
            "minutes_late": [12, None],
            "comment": ["Bus broke down", None],
        }
    )
    strip = strip_of({slot(9, 14): "L", slot(9, 15): "L"}, details=details)
    assert cell(strip, slot(9, 14))[["minutes_late", "comment"]].tolist() == [12, "Bus broke down"]
    for bare in (slot(9, 15), slot(9, 16)):
        assert pd.isna(cell(strip, bare)["minutes_late"])
        assert cell(strip, bare)["comment"] == ""


def test_a_mark_amended_twice_shows_all_three_codes_and_who_was_last():
    at = datetime(2026, 10, 2, 9, tzinfo=UTC)
    amendments = pd.DataFrame(
        [
            (slot(9, 25), "N", "O", "Dorcas Fernsby", "Tutor", at, "No reply"),
            (slot(9, 25), "O", "I", "Pomfret Quillfeather", "Attendance officer", at, "Note came"),
        ],
        columns=list(NO_AMENDMENTS.columns),
    )
    strip = strip_of({slot(9, 25): "I"}, amendments=amendments)
    shown = cell(strip, slot(9, 25))
    assert shown["amended"]
    assert shown["amended_text"] == "N → O → I, Pomfret Quillfeather, Attendance officer"
    assert strip.cells["amended"].sum() == 1


def test_the_strip_runs_from_31_august_for_47_weeks_with_each_month_at_its_first_week():
    strip = strip_of()
    assert (strip.first_day, strip.weeks) == (date(2026, 8, 31), 47)
    assert strip.cells.iloc[0][["week", "weekday", "session"]].tolist() == [0, 0, "AM"]
    assert strip.cells.iloc[-1][["week", "weekday", "session"]].tolist() == [46, 4, "PM"]
    assert strip.cells.iloc[-1]["day"] == date(2027, 7, 23)
    assert list(strip.months.itertuples(index=False, name=None)) == [
        (0, "Sep"), (5, "Oct"), (9, "Nov"), (13, "Dec"), (18, "Jan"), (22, "Feb"), (26, "Mar"),
        (31, "Apr"), (35, "May"), (39, "Jun"), (44, "Jul"),
    ]  # fmt: skip


def test_a_school_that_opens_in_august_and_closes_late_has_a_longer_strip():
    strip = strip_of(is_open=open_in([(date(2026, 8, 24), date(2027, 7, 28))]))
    assert (strip.first_day, strip.weeks) == (date(2026, 8, 24), 49)


def test_breaks_are_whole_closed_weeks_named_by_their_date():
    breaks = strip_of().breaks
    assert list(breaks.itertuples(index=False, name=None)) == [
        (8, 8, "Half term"), (16, 17, "Christmas"), (24, 24, "Half term"), (30, 31, "Easter"),
        (39, 39, "Half term"),
    ]  # fmt: skip


def test_where_no_calendar_is_known_the_rest_of_the_year_is_not_called_closed():
    so_far = [TERMS[0], (date(2026, 11, 2), date(2026, 11, 24))]
    strip = strip_of(is_open=open_in(so_far))
    later, half_term = cell(strip, slot(3, 1)), cell(strip, slot(10, 27))
    assert (later["state"], later["name"]) == ("to_come", "Not in the school's calendar yet")
    assert half_term["state"] == "closed"


def test_a_school_with_no_session_at_all_still_has_a_strip_without_breaks():
    strip = strip_of(is_open=np.zeros(SLOTS, dtype=bool), frontier=SLOTS)
    assert len(strip.cells) == 470
    assert set(strip.cells["state"]) == {"closed"}
    assert strip.breaks.empty
    assert strip.today_week is None


def test_weeks_are_named_by_their_monday():
    assert week_labels(date(2026, 8, 31), 2) == [
        "Week of 31 August 2026",
        "Week of 7 September 2026",
    ]


def test_three_weeks_are_pooled_over_sessions_and_a_break_is_passed_over():
    mean = three_week_mean(np.array([10, 4, 0, 10]), np.array([10, 8, 0, 10]))
    assert mean.round(4).tolist()[:2] == [0.7778, 0.8571]
    assert np.isnan(mean).tolist() == [False, False, True, False]
    assert mean[3] == pytest.approx(14 / 18)
