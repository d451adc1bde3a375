"""Which columns of a wide register are sessions: dates and AM or PM over one, two or three rows."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from attendance.core.imports import Problem
from attendance.core.slots import Session
from attendance.importers.dates import WEEKDAY, WEEKDAYS, read_date, settle
from attendance.importers.headers import column_of
from attendance.importers.package import column_letters

AM_WORDS = frozenset("am a morning 1".split())
PM_WORDS = frozenset("pm p afternoon 2".split())
HALF = re.compile(
    r"(?<![a-z])(am|pm|a\.m\.|p\.m\.|morning|afternoon)(?![a-z])|(?<=\d)(am|pm)$", re.IGNORECASE
)
CLOCK = re.compile(r"(?<!\d)(\d{1,2}):(\d{2})(?::\d{2})?\b")
WEEK_OF = re.compile(r"\b(w/?c|week commencing|week beginning|w/?b)\b[:\s]*", re.IGNORECASE)
FILLER = re.compile(r"\b(registration|session|reg|roll ?call|register)\b[:\s]*", re.IGNORECASE)
JOINED = re.compile(r"\b(mon|tue|wed|thu|fri)(am|pm)\b", re.IGNORECASE)
ABOVE, BELOW = 2, 2


@dataclass(frozen=True, slots=True)
class Part:
    """What one heading cell says of a session: its date, its half of the day, its weekday."""

    date_text: str | None = None
    session: Session | None = None
    weekday: int | None = None
    is_week: bool = False

    def over(self, other: Part) -> Part:
        """This cell together with the one above or below it."""
        return Part(
            self.date_text or other.date_text,
            self.session or other.session,
            other.weekday if self.weekday is None else self.weekday,
            self.is_week or other.is_week,
        )


@dataclass(frozen=True, slots=True)
class SessionColumn:
    """A column that is a session; ``heading`` is what the file calls it, for problems."""

    index: int
    day: date
    session: Session
    heading: str


@dataclass(frozen=True, slots=True)
class SessionHeadings:
    """``last_row`` is the last index of the heading rows; ``held`` gives the columns that were not
    read, by index, and why."""

    columns: tuple[SessionColumn, ...]
    last_row: int
    held: Mapping[int, Problem]


def half_of(text: str) -> Session | None:
    """AM or PM from a session cell: 'AM', 'pm', 'Morning', 'AM Registration', '2'."""
    word = FILLER.sub("", text.strip().lower()).strip()
    if word in AM_WORDS:
        return Session.AM
    if word in PM_WORDS:
        return Session.PM
    found = HALF.search(text)
    return _session(found.group()) if found else None


def half_at(text: str) -> Session | None:
    """AM or PM from a clock time inside a text: before noon is AM."""
    found = CLOCK.search(text)
    return (Session.AM if int(found[1]) < 12 else Session.PM) if found else None


def without_time(text: str) -> str:
    """A date text without its clock time and without AM or PM."""
    text = CLOCK.sub(" ", text.replace("T", " ") if re.match(r"\d{4}-\d\d-\d\dT", text) else text)
    return HALF.sub(" ", text).strip(" ,-_()")


def heading_part(text: str) -> Part | None:
    """Read one heading cell; None when it says nothing of a session."""
    text = text.strip().replace("\n", " ").replace("_", " ")
    if not text or len(text) > 60:
        return None
    text = JOINED.sub(r"\1 \2", text)
    session = half_at(text) or half_of(text)
    is_week = bool(WEEK_OF.search(text))
    rest = without_time(FILLER.sub("", WEEK_OF.sub("", text)))
    named = WEEKDAY.search(rest)
    weekday = WEEKDAYS.index(named.group(1).lower()) if named else None
    bare = WEEKDAY.sub("", rest).strip(" ,-_()/")
    if not bare or half_of(bare):
        return Part(None, session, weekday) if session or named else None
    return Part(rest, session, weekday, is_week) if read_date(rest) else None


def session_headings(
    rows: Sequence[Sequence[str]], numbers: Sequence[int], heading: int, hints: Sequence[str]
) -> SessionHeadings | None:
    """The session columns around the heading row, or None when there are none.

    ``rows[heading]`` is the row with the known words; dates may also stand above or below it, and
    a date counts for the empty cells to its right (merged cells).
    """
    width = max(len(rows[heading]), *(len(row) for row in rows[heading : heading + 3]))
    block = _block(rows, heading)
    parts: dict[int, Part] = {}
    for at in block:
        for index, part in _row_parts(rows[at], rows[heading], width, len(block) > 1).items():
            parts[index] = part.over(parts[index]) if index in parts else part
    week = _week_in_titles(rows[:heading])
    if week and not any(part.date_text for part in parts.values()):
        parts = {
            index: part.over(week) for index, part in parts.items() if part.weekday is not None
        }
    whole = {index: part for index, part in parts.items() if part.date_text and part.session}
    if not whole:
        return None
    return _settled(whole, numbers[heading], max(block), hints)


def _week_in_titles(titles: Sequence[Sequence[str]]) -> Part | None:
    """The week that a title such as 'Week commencing 02/11/2026' gives to Mon AM, Mon PM ..."""
    parts = (heading_part(cell) for row in titles for cell in row if WEEK_OF.search(cell))
    return next((part for part in parts if part and part.is_week), None)


def has_dates_only(rows: Sequence[Sequence[str]], heading: int) -> bool:
    """True when the heading row names dates but nothing says AM or PM."""
    parts = [heading_part(cell) for cell in rows[heading]]
    return any(part and part.date_text for part in parts)


def _block(rows: Sequence[Sequence[str]], heading: int) -> list[int]:
    """Indexes of the rows which together make the headings."""
    above: list[int] = []
    for at in range(heading - 1, max(heading - 1 - ABOVE, -1), -1):
        if not _speaks_of_sessions(rows[at]):
            break
        above.insert(0, at)
    below: list[int] = []
    known = [index for index, cell in enumerate(rows[heading]) if column_of(cell)]
    for at in range(heading + 1, min(heading + 1 + BELOW, len(rows))):
        row = rows[at]
        has_pupil = any(index < len(row) and row[index].strip() for index in known[:2])
        if has_pupil or not _speaks_of_sessions(row):
            break
        below.append(at)
    return [*above, heading, *below]


def _speaks_of_sessions(row: Sequence[str]) -> bool:
    cells = [cell for cell in row if cell.strip()]
    parts = [heading_part(cell) for cell in cells]
    return bool(cells) and sum(part is not None for part in parts) * 2 > len(cells)


def _row_parts(
    row: Sequence[str], heading: Sequence[str], width: int, fills: bool
) -> dict[int, Part]:
    """The parts of one heading row by column, a date filled forward over the empty cells."""
    parts: dict[int, Part] = {}
    date_part: Part | None = None
    for index in range(width):
        text = row[index].strip() if index < len(row) else ""
        named = column_of(heading[index]) if index < len(heading) else None
        if named and not heading_part(heading[index]):
            date_part = None
            continue
        part = heading_part(text) if text else None
        if part:
            spans = part.date_text or part.weekday is not None
            date_part = part if spans and not part.session else None
            parts[index] = part
        elif text:
            date_part = None
        elif date_part and fills:
            parts[index] = date_part
    return parts


def _settled(
    parts: dict[int, Part], number: int, last_row: int, hints: Sequence[str]
) -> SessionHeadings:
    dates = settle({part.date_text or "" for part in parts.values()}, hints)
    columns: list[SessionColumn] = []
    held: dict[int, Problem] = {}
    for index, part in sorted(parts.items()):
        text = part.date_text or ""
        day = dates.days.get(text)
        says = dates.held.get(text)
        if day and part.is_week and part.weekday is not None:
            day += timedelta(days=part.weekday - day.weekday())
        elif day and part.weekday not in (None, day.weekday()):
            says = (
                f"‘{text}’ stands over {WEEKDAYS[part.weekday or 0].title()}, but "
                f"{day:%-d %B %Y} is a {day:%A}"
            )
        if day and not says and day.weekday() > 4:
            says = f"‘{text}’ is a {day:%A}, when a register has no session"
        if says:
            says = f"Column {column_letters(index)}: {says}. The column is not saved."
            held[index] = Problem(number, column_letters(index), says)
        elif day and part.session:
            heading = f"{day:%a} {day:%d/%m/%Y} {part.session}"
            columns.append(SessionColumn(index, day, part.session, heading))
    return SessionHeadings(tuple(columns), last_row, held)


def _session(word: str) -> Session:
    return Session.AM if word.lower() in ("am", "a.m.", "morning") else Session.PM
