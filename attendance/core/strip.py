"""A pupil's year as the cells of the year strip.

The strip starts with the week that holds the first weekday on or after 31 August, or earlier when
the register is open earlier, and is 47 weeks long, or longer when the register is open later.
Every pupil of a school year therefore stands on the same weeks.

cells: week (0 = the strip's first), weekday (0-4), session ('AM'/'PM'), day (date), slot, code
    ('' = no mark), name (the code's meaning, or the state in words), state, minutes_late (float,
    NaN where not recorded), comment, amended (bool), amended_text ('N → O, name, position').
months: week, label ('Sep'): the first week that has most of its days in the month.
breaks: week_from, week_to (inclusive), label: whole weeks closed between the first and the last
    open week.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import numpy.typing as npt
import pandas as pd

from attendance.core.slots import SLOTS, SLOTS_A_WEEK, first_slot_from, grid_start, moment_of
from attendance.rules.codes import CODE_OF, NO_MARK, Category, reading_of

WEEKS_SHOWN = 47
ARROW = "\N{RIGHTWARDS ARROW}"
# N is the one code that says nothing of the reason yet: SI 2024/208 reg 10(7).
NO_REASON_YET = "N"

WITHOUT_A_MARK = {
    "closed": "School closed",
    "off_roll": "Not on the roll",
    "to_come": "Still to come",
    "unmarked": "No mark yet",
    "unknown": "Not in the school's calendar yet",
}

STATE_OF = {
    Category.PRESENT: "present",
    Category.APPROVED_ACTIVITY: "activity",
    Category.AUTHORISED: "authorised",
    Category.UNAUTHORISED: "unauthorised",
    Category.NOT_POSSIBLE: "not_counted",
    Category.ADMINISTRATIVE: "closed",
}

Marks = npt.NDArray[np.uint8]
Flags = npt.NDArray[np.bool_]
Ints = npt.NDArray[np.int64]


@dataclass(frozen=True)
class YearStrip:
    """One pupil's strip: its frames, the Monday of week 0, how many weeks, and today's week."""

    cells: pd.DataFrame
    months: pd.DataFrame
    breaks: pd.DataFrame
    first_day: date
    weeks: int
    today_week: int | None


def year_strip_cells(
    marks: Marks,
    on_roll: Flags,
    is_open: Flags,
    school_year: int,
    frontier_slot: int,
    details: pd.DataFrame,
    amendments: pd.DataFrame,
) -> YearStrip:
    """The strip of one pupil's line (540 slots each of marks, on_roll and is_open).

    frontier_slot: the first slot still to come. details: slot, minutes_late, comment.
    amendments, oldest first: slot, original, amended, name, position, at, reason.
    """
    first, last = strip_weeks(school_year, is_open)
    slots = range(first * SLOTS_A_WEEK, (last + 1) * SLOTS_A_WEEK)
    late = dict(zip(details["slot"], details["minutes_late"], strict=True))
    comments = {
        slot: "" if pd.isna(comment) else str(comment)
        for slot, comment in zip(details["slot"], details["comment"], strict=True)
    }
    amended = _amendments_in_words(amendments)
    states = _states(school_year, on_roll, is_open, frontier_slot)
    rows = [
        _cell(school_year, slot, first, states[slot])
        | _what_is_marked(school_year, slot, int(marks[slot]), is_open[slot] and on_roll[slot])
        | {"minutes_late": late.get(slot), "comment": comments.get(slot, "")}
        | {"amended": slot in amended, "amended_text": amended.get(slot, "")}
        for slot in slots
    ]
    cells = pd.DataFrame(rows).astype({"minutes_late": float})
    today = (frontier_slot - 1) // SLOTS_A_WEEK - first
    return YearStrip(
        cells=cells,
        months=_months(school_year, first, last),
        breaks=closed_weeks(school_year, is_open, first),
        first_day=_monday(school_year, first),
        weeks=last - first + 1,
        today_week=today if 0 <= today <= last - first else None,
    )


def strip_weeks(school_year: int, is_open: Flags) -> tuple[int, int]:
    """The first and last week of the grid that the strip shows (both included)."""
    usual = first_slot_from(school_year, date(school_year, 8, 31)) // SLOTS_A_WEEK
    open_weeks = np.flatnonzero(is_open.reshape(-1, SLOTS_A_WEEK).any(axis=1))
    if not len(open_weeks):
        return usual, usual + WEEKS_SHOWN - 1
    return min(usual, int(open_weeks[0])), max(usual + WEEKS_SHOWN - 1, int(open_weeks[-1]))


def closed_weeks(school_year: int, is_open: Flags, first_week: int) -> pd.DataFrame:
    """The breaks: runs of whole closed weeks between open ones, counted from ``first_week``."""
    open_weeks = np.flatnonzero(is_open.reshape(-1, SLOTS_A_WEEK).any(axis=1))
    runs = [
        (int(before) + 1, int(after) - 1)
        for before, after in zip(open_weeks, open_weeks[1:], strict=False)
        if after - before > 1
    ]
    rows = [
        (start - first_week, end - first_week, _name_of_break(school_year, start, end))
        for start, end in runs
    ]
    return pd.DataFrame(rows, columns=["week_from", "week_to", "label"])


def week_labels(strip_first_day: date, weeks: int) -> list[str]:
    """'Week of 7 September 2026' for each week of a strip that starts on ``strip_first_day``."""
    days = (strip_first_day + timedelta(weeks=week) for week in range(weeks))
    return [f"Week of {day:%-d %B %Y}" for day in days]


def three_week_mean(attended: Ints, possible: Ints) -> npt.NDArray[np.float64]:
    """Attendance pooled over a week and its two neighbours; missing where the week has none.

    A single pupil's week is ten sessions, so one day off moves it by a fifth: last year is shown
    in its shape, not in its jumps. Weeks without possible sessions (breaks) are passed over.
    """
    weeks = np.flatnonzero(possible > 0)
    place = np.arange(len(weeks))
    first, after = np.maximum(place - 1, 0), np.minimum(place + 2, len(weeks))
    taken, offered = (
        np.concatenate([[0], np.cumsum(each[weeks])]) for each in (attended, possible)
    )
    mean = np.full(len(possible), np.nan)
    mean[weeks] = (taken[after] - taken[first]) / (offered[after] - offered[first])
    return mean


def _states(school_year: int, on_roll: Flags, is_open: Flags, frontier: int) -> list[str]:
    """What each slot is if it has no mark."""
    to_come = np.arange(SLOTS) >= frontier
    # A calendar read off the registers ends with their last column: that is not a school closed
    # until July, in which every school year ends.
    ends = max(np.flatnonzero(is_open), default=0)
    is_whole = ends >= first_slot_from(school_year, date(school_year + 1, 7, 1))
    is_known = ~to_come | (np.arange(SLOTS) <= ends) | is_whole
    states = np.select(
        [~is_known, ~is_open, ~on_roll, to_come],
        ["unknown", "closed", "off_roll", "to_come"],
        "unmarked",
    )
    return [str(state) for state in states]


def _cell(school_year: int, slot: int, first_week: int, state: str) -> dict[str, object]:
    day, session = moment_of(school_year, slot)
    return {
        "week": slot // SLOTS_A_WEEK - first_week,
        "weekday": day.weekday(),
        "session": str(session),
        "day": day,
        "slot": slot,
        "code": "",
        "name": WITHOUT_A_MARK[state],
        "state": "to_come" if state == "unknown" else state,
    }


def _what_is_marked(school_year: int, slot: int, mark: int, counts: bool) -> dict[str, object]:
    """Code, meaning and state of a mark; nothing where there is none or it is not counted."""
    if not counts or mark == ord(NO_MARK):
        return {}
    code = CODE_OF[chr(mark)]
    reading = reading_of(code, moment_of(school_year, slot)[0])
    state = STATE_OF[reading.category]
    if state == "present" and reading.late:
        state = "late"
    if code == NO_REASON_YET:
        state = "no_reason"
    return {"code": code, "name": reading.name, "state": state}


def _amendments_in_words(amendments: pd.DataFrame) -> dict[int, str]:
    """'N → O → I, who made the last, position' for each slot amended."""
    words = {}
    for slot, rows in amendments.groupby("slot", sort=False):
        marks = [rows["original"].iloc[0], *rows["amended"]]
        last = rows.iloc[-1]
        chain = f" {ARROW} ".join(str(mark) for mark in marks)
        words[int(str(slot))] = f"{chain}, {last['name']}, {last['position']}"
    return words


def _months(school_year: int, first: int, last: int) -> pd.DataFrame:
    """A week belongs to the month of its Wednesday, where most of its days are."""
    middles = [_monday(school_year, week) + timedelta(days=2) for week in range(first, last + 1)]
    rows = [
        (week, f"{day:%b}")
        for week, day in enumerate(middles)
        if week == 0 or day.month != middles[week - 1].month
    ]
    return pd.DataFrame(rows, columns=["week", "label"])


def _monday(school_year: int, week: int) -> date:
    return grid_start(school_year) + timedelta(weeks=week)


def _name_of_break(school_year: int, start: int, end: int) -> str:
    """By date: the calendar knows closures, not what people call them."""
    first, last = _monday(school_year, start), _monday(school_year, end) + timedelta(days=6)
    if first <= date(school_year, 12, 25) <= last:
        return "Christmas"
    # Easter Sunday falls from 22 March to 25 April, and the spring break lies about it.
    if date(school_year + 1, 3, 22) <= last and first <= date(school_year + 1, 4, 25):
        return "Easter"
    return "Half term"
