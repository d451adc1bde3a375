"""What was written later: reasons still to be found, amendments made, minutes late, comments."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd

from attendance.core.slots import Session
from attendance.demo.arrays import BLANK, Bools, Ints, Marks, Rng, symbol
from attendance.demo.year import Year
from attendance.rules.codes import CODE_OF

LONDON = ZoneInfo("Europe/London")
OPEN_DAYS = 5  # an N is for five school days at most: 2024 Regulations, reg. 10(7)-(9)
STILL_OPEN = (0.9, 0.65, 0.6, 0.55, 0.5)  # of unexplained absences, by school days ago
ILLNESS_STILL_OPEN = (0.3, 0.12, 0.05, 0.03, 0.0)
OVERDUE = 4
LATELY = 15  # school days
AMENDED_LATELY, AMENDED_BEFORE = 34, 125  # pupil-days, half of them two sessions

NO_REASON_GIVEN = "No reason given after five school days"

Choice = tuple[str, float, int, int, tuple[str, ...]]
# Amended code: (original code, share, days later from, to, reasons).
CHOICES: dict[str, tuple[Choice, ...]] = {
    "I": (
        ("N", 0.9, 0, 3, ("Parent rang: unwell", "Parent e-mailed: high temperature",
                          "Reply to text: sickness", "Parent confirmed illness at the gate")),
        ("O", 0.1, 7, 10, ("Parent's letter explains the absence: illness",)),
    ),
    "O": (("N", 1.0, 5, 6, (NO_REASON_GIVEN, "Parent spoken to: no acceptable reason")),),
    "M": (
        ("N", 0.6, 0, 4, ("Appointment card seen", "Parent rang: dental appointment")),
        ("O", 0.4, 7, 10, ("Hospital letter received", "Appointment card brought in later")),
    ),
    "L": (("/", 1.0, 0, 0, ("Signed in at reception after the register started",
                            "Tutor marked present in error: arrived late")),),
}  # fmt: skip
SHARES = {"I": 0.5, "O": 0.28, "M": 0.12, "L": 0.10}
COMMENTS: dict[str, tuple[float, tuple[str, ...]]] = {
    "I": (0.12, ("Mum rang 8:40, high temperature", "Dad e-mailed: sickness bug",
                 "Gran rang 8:25, migraine", "Text reply: cold and cough",
                 "Carer rang 8:50, upset stomach")),
    "M": (0.35, ("Dentist 9:40", "Orthodontist", "Hospital, letter seen", "Optician 2:15")),
    "O": (0.03, ("No reply to text or call", "Mum rang: overslept", "Says missed the bus")),
    "C": (0.9, ("Funeral", "Family wedding, head agreed", "House move, head agreed")),
    "B": (1.0, ("Fictional College taster: bricklaying",)),
    "G": (0.1, ("Leave refused by letter", "Seen on holiday: returns Monday")),
}  # fmt: skip


class DemoAmendment(NamedTuple):
    """One mark that was changed: ``row`` is the pupil's, ``at`` is UTC, codes are DfE codes."""

    row: int
    day: date
    session: Session
    original: str
    amended: str
    reason: str
    at: datetime
    username: str


def leave_open(rng: Rng, year: Year, now: int, work: Marks) -> None:
    """Turn recent unexplained absences back into N; ``now`` is the last marked day's index."""
    for age in range(OPEN_DAYS):
        if now - age < 0:
            break
        day = work[:, now - age]
        for code, share in (("O", STILL_OPEN[age]), ("I", ILLNESS_STILL_OPEN[age])):
            open_rows = rng.random(len(day)) < share
            day[(day == symbol(code)) & open_rows[:, None]] = symbol("N")
    first = max(now - OPEN_DAYS - 7, 0)
    rows, days = np.nonzero(work[:, first : max(now - OPEN_DAYS, 0), 0] == symbol("O"))
    for pick in rng.permutation(len(rows))[:OVERDUE]:
        day = work[rows[pick], first + days[pick]]
        day[day == symbol("O")] = symbol("N")


def amendments(
    rng: Rng, year: Year, first: int, end: int, now: int, work: Marks, count: int
) -> list[DemoAmendment]:
    """About ``count`` pupil-days amended among the days [first, end), all before day ``now``."""
    result: list[DemoAmendment] = []
    for code, share in SHARES.items():
        rows, days = np.nonzero(work[:, first:end, 0] == symbol(code))
        wanted = round(count * share)
        for pick in rng.permutation(len(rows))[: wanted * 3]:
            made = _amend(rng, year, int(rows[pick]), first + int(days[pick]), now, work)
            result += made
            wanted -= bool(made)
            if wanted <= 0:
                break
    return result


def _amend(rng: Rng, year: Year, row: int, day: int, now: int, work: Marks) -> list[DemoAmendment]:
    """The amendments that led to the marks of one pupil's day; none if it is too soon."""
    code = CODE_OF[chr(work[row, day, 0])]
    options = CHOICES[code]
    shares = np.array([share for _, share, *_ in options])
    original, _, soonest, latest, reasons = options[int(rng.choice(len(options), p=shares))]
    written = day + int(rng.integers(soonest, latest + 1))
    if written >= min(now, len(year.days)):
        return []
    steps = [(original, code, written, reasons[int(rng.integers(len(reasons)))])]
    if original == "O":  # the register first said N, and O when the five days had passed
        steps.insert(0, ("N", "O", day + OPEN_DAYS, NO_REASON_GIVEN))
    whole_day = work[row, day, 1] == work[row, day, 0] and code != "L"
    sessions = tuple(Session) if whole_day else (Session.AM,)
    when: date = year.days.days[day].item()
    result = []
    for before, after, index, reason in steps:
        at = _moment(rng, year.days.days[index].item())
        username = _who(rng, int(year.year_group[row]))
        result += [
            DemoAmendment(row, when, session, before, after, reason, at, username)
            for session in sessions
        ]
    return result


def _moment(rng: Rng, day: date) -> datetime:
    """A time between 1:30 pm and 3:45 pm in London, as UTC: after both registers."""
    minutes = int(rng.integers(13 * 60 + 30, 15 * 60 + 45))
    local = datetime.combine(day, time(minutes // 60, minutes % 60), LONDON)
    return (local + timedelta(seconds=int(rng.integers(60)))).astimezone(UTC)


def _who(rng: Rng, year_group: int) -> str:
    draw = rng.random()
    return "officer" if draw < 0.65 else "admin" if draw < 0.8 else f"pastoral{year_group}"


def details(rng: Rng, year: Year, lines: Marks) -> pd.DataFrame:
    """Minutes late for every L and U, and comments on some absences: row, slot, and the two."""
    late_rows, late_slots = np.nonzero(np.isin(lines, [symbol("L"), symbol("U")]))
    before_close = lines[late_rows, late_slots] == symbol("L")
    minutes = np.where(
        before_close,
        rng.integers(1, 26, size=len(late_rows)),
        rng.integers(31, 110, size=len(late_rows)),
    )
    rows, slots, texts = _comments(rng, lines)
    return pd.DataFrame(
        {
            "row": [*late_rows.tolist(), *rows],
            "slot": [*late_slots.tolist(), *slots],
            "minutes_late": pd.Series([*minutes.tolist(), *[None] * len(rows)], dtype=object),
            "comment": pd.Series([*[None] * len(late_rows), *texts], dtype=object),
        }
    )


def _comments(rng: Rng, lines: Marks) -> tuple[list[int], list[int], list[str]]:
    """Rows, slots and texts; a run of one code has its comment on the first session."""
    rows: list[int] = []
    slots: list[int] = []
    texts: list[str] = []
    for code, (share, phrases) in COMMENTS.items():
        begins = lines == symbol(code)
        begins[:, 1:] &= lines[:, :-1] != symbol(code)
        found_rows, found_slots = np.nonzero(begins)
        kept: Bools = rng.random(len(found_rows)) < share
        choice: Ints = rng.integers(len(phrases), size=len(found_rows))
        rows += found_rows[kept].tolist()
        slots += found_slots[kept].tolist()
        texts += [phrases[k] for k in choice[kept]]
    return rows, slots, texts


def last_marked_day(work: Marks) -> int:
    """The index of the last day with any mark, -1 when the year has none yet."""
    marked = np.flatnonzero((work != BLANK).any(axis=(0, 2)))
    return int(marked[-1]) if len(marked) else -1
