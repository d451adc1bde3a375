"""On track: who is heading for 10 %, and who can still recover. Exact arithmetic only.

A standing has one row for each pupil of the whole school's register, in its order:

    pupil_id, upn, name, surname, form, year_group
    missed, possible_so_far, possible_to_come, headroom, needed_from_now, recover_in, band
    row_sessions int: sessions attended in a row to be back under 10 %; for a pupil under it,
        sessions missed in a row to reach it; row_day: the day of the last, NaT beyond this year
    spells int, recent_rate (0-1 or NaN), direction (1 better, -1 worse, 0 about the same)
    this_missed, this_possible, last_missed, last_possible: this half term and the one before
    on_roll bool: still on roll at the latest session
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cached_property

import numpy as np
import pandas as pd

from attendance.core.names import called
from attendance.core.on_track import Band, on_track, sessions_until_reached
from attendance.core.people import Person
from attendance.core.permissions import check, reaches, visible
from attendance.core.register import Register
from attendance.core.slots import Session, first_slot_from, moment_of
from attendance.core.spells import day_after, half_terms, recent_weeks, spells, week_number
from attendance.rules.roles import Permission, grant


class Section(StrEnum):
    """The lists of the page; a pupil may stand in two (severe, and past the line for good).

    PAST is everybody past 10 % so far, for a year of which the rest is not known.
    """

    NEAR = "near"
    RECOVERABLE = "recoverable"
    SEVERE = "severe"
    BEYOND = "beyond"
    PAST = "past"


@dataclass(frozen=True, slots=True)
class Chosen:
    """The filters: None is everybody."""

    year_group: int | None = None
    form: str | None = None
    pupil_ids: Collection[int] | None = None


@dataclass(frozen=True)
class OnTrackReport:
    """What one person sees. ``rows`` are the pupils chosen, on roll and within their reach.

    ``is_calendar_known``: the sessions to come are known to the end of the year, and there are
    some; without it nobody can be told what they can still miss.
    """

    rows: pd.DataFrame
    latest: tuple[date, Session] | None
    week: tuple[int, int]
    is_calendar_known: bool
    is_year_over: bool
    is_band_only: bool
    largest_headroom: int

    @property
    def is_empty(self) -> bool:
        return self.rows.empty or self.latest is None

    @cached_property
    def _sections(self) -> dict[Section, pd.DataFrame]:
        return {each: pick(self.rows).reset_index(drop=True) for each, pick in _SECTIONS.items()}

    def section(self, section: Section) -> pd.DataFrame:
        """The pupils of one list, in the order in which it is read."""
        return self._sections[section]

    def count(self, section: Section) -> int:
        return len(self.section(section))


def standing(register: Register, now_day: date) -> pd.DataFrame:
    """The whole school's standing at the end of a day (columns: see the module)."""
    last = first_slot_from(register.school_year, date.fromordinal(now_day.toordinal() + 1)) - 1
    frame = on_track(register, now_day)
    until = sessions_until_reached(
        frame["missed"].to_numpy(), frame["possible_so_far"].to_numpy(), now_day
    )
    in_a_row = np.where(frame["recover_in"] > 0, frame["recover_in"], until)
    parts = [
        _who(register),
        frame,
        recent_weeks(register, last)[["recent_rate", "direction"]],
        half_terms(register, last),
    ]
    return pd.concat(parts, axis=1).assign(
        row_sessions=in_a_row,
        row_day=day_after(register, last, in_a_row),
        spells=spells(register, last),
        on_roll=_still_on_roll(register, now_day),
    )


def filters_of(person: Person, whole: pd.DataFrame) -> tuple[list[int], list[str]]:
    """The year groups and forms that the person may choose from."""
    own = _within_reach(person, whole)
    return sorted({int(y) for y in own["year_group"]}), sorted(set(own["form"]), key=_form_order)


def on_track_report(
    person: Person, register: Register, whole: pd.DataFrame, chosen: Chosen
) -> OnTrackReport:
    """The standing narrowed to what the person may see and chose. Raises NotAllowed."""
    check(person, Permission.ON_TRACK)
    own = _within_reach(person, whole)
    rows = _chosen(own, chosen)
    year, latest = register.school_year, register.latest
    is_whole = _is_whole(register)
    is_more_to_come = bool((whole["possible_to_come"] > 0).any())
    return OnTrackReport(
        rows=rows.reset_index(drop=True),
        latest=moment_of(year, latest) if latest >= 0 else None,
        week=week_number(register, latest),
        is_calendar_known=is_whole and is_more_to_come,
        is_year_over=is_whole and not is_more_to_come,
        is_band_only=_is_band_only(person),
        largest_headroom=max(int(own["headroom"].max()) if len(own) else 0, 1),
    )


def in_words(row: pd.Series, is_calendar_known: bool = True) -> str:
    """One pupil's standing for a reader who sees wording only: days off, never arithmetic."""
    if not is_calendar_known:
        return "Past 10\u202f% so far" if _is_past(row) else "Near 10\u202f% so far"
    if row["headroom"] < 0:
        return "Past 10\u202f%: the next aim is fewer days off than last half term"
    days = _days(int(row["headroom"]))
    if _is_past(row):
        return f"Past 10\u202f% so far; can still finish under it with at most {days} off"
    return f"{days[:1].upper()}{days[1:]} off before 10\u202f% of the year"


def _who(register: Register) -> pd.DataFrame:
    pupils = register.pupils
    kept = pupils[["pupil_id", "upn", "surname", "form", "year_group"]]
    return kept.assign(name=called(pupils))


def _still_on_roll(register: Register, day: date) -> pd.Series:
    last = register.pupils["last_day"]
    return last.map(lambda left: not isinstance(left, date) or left >= day).astype(bool)


def _within_reach(person: Person, whole: pd.DataFrame) -> pd.DataFrame:
    seen = visible(person, Permission.ON_TRACK, whole)
    own: pd.DataFrame = whole[seen & whole["on_roll"].to_numpy()]
    return own


def _chosen(rows: pd.DataFrame, chosen: Chosen) -> pd.DataFrame:
    if chosen.year_group is not None:
        rows = rows[rows["year_group"] == chosen.year_group]
    if chosen.form is not None:
        rows = rows[rows["form"] == chosen.form]
    if chosen.pupil_ids is not None:
        rows = rows[rows["pupil_id"].isin(chosen.pupil_ids)]
    return rows


def _is_whole(register: Register) -> bool:
    """Does the calendar reach the end of the year? One read off the registers ends with their last
    column, which need not be where the school's year ends; given terms are taken at their word."""
    if not register.calendar.is_inferred:
        return True
    open_slots = np.flatnonzero(register.is_open.any(axis=0))
    july = first_slot_from(register.school_year, date(register.school_year + 1, 7, 1))
    return bool(len(open_slots) and open_slots[-1] >= july)


def _is_band_only(person: Person) -> bool:
    words = [grant(role, Permission.ON_TRACK) for role in reaches(person, Permission.ON_TRACK)]
    return bool(words) and all(word.endswith("band_only") for word in words)


def _is_past(row: pd.Series) -> bool:
    return row["band"] not in (Band.NEAR, Band.UNDER, Band.NO_SESSIONS)


def _days(sessions: int) -> str:
    whole, half = divmod(sessions, 2)
    number = f"{whole or ''}{'½' if half else ''}" or "no"
    return f"{number} more day{'' if sessions in (1, 2) else 's'}"


def _form_order(form: str) -> tuple[int, str]:
    digits = "".join(sign for sign in form if sign.isdigit())
    return (int(digits) if digits.isascii() and digits else 0, form)


def _near(rows: pd.DataFrame) -> pd.DataFrame:
    return rows[rows["band"] == Band.NEAR].sort_values(["headroom", "row_sessions", "surname"])


def _recoverable(rows: pd.DataFrame) -> pd.DataFrame:
    past = rows["band"].isin([Band.RECOVERABLE, Band.SEVERE]) & (rows["headroom"] >= 0)
    return rows[past].sort_values(["needed_from_now", "row_sessions", "surname"])


def _severe(rows: pd.DataFrame) -> pd.DataFrame:
    return rows[rows["band"] == Band.SEVERE].sort_values(["year_group", "form", "surname"])


def _beyond(rows: pd.DataFrame) -> pd.DataFrame:
    return rows[rows["headroom"] < 0].sort_values(["headroom", "surname"], ascending=[False, True])


def _past(rows: pd.DataFrame) -> pd.DataFrame:
    under = [Band.NEAR, Band.UNDER, Band.NO_SESSIONS]
    return rows[~rows["band"].isin(under)].sort_values(["row_sessions", "surname"])


_SECTIONS = {
    Section.PAST: _past,
    Section.NEAR: _near,
    Section.RECOVERABLE: _recoverable,
    Section.SEVERE: _severe,
    Section.BEYOND: _beyond,
}
