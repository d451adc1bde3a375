"""The tables of the On track page: what stands in each column, and how wide it is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pandas as pd
import streamlit as st

from attendance.core.definitions import define
from attendance.core.pupil_words import per_cent, per_cent_up
from attendance.services.on_track import Section

_DASH = "–"
_ARROWS = {1: "↑", -1: "↓", 0: "→"}


@dataclass(frozen=True, slots=True)
class Table:
    """One list. Without a calendar nothing can be said of what is still to come."""

    section: Section
    is_calendar_known: bool

    @property
    def title(self) -> str:
        if not self.is_calendar_known and self.section == Section.NEAR:
            return "Near 10\u202f% so far"
        return _TITLES[self.section]

    def rows(self, rows: pd.DataFrame) -> pd.DataFrame:
        """The section's pupils as the table shows them."""
        looks_ahead = self.section in (Section.NEAR, Section.RECOVERABLE)
        return _ahead(rows) if looks_ahead and self.is_calendar_known else _so_far(rows)

    def columns(self, largest: int) -> dict[str, Any]:
        """The columns' widths (they fit 1024 px), heads and explanations."""
        return _columns(self.section, largest)


_TITLES = {
    Section.NEAR: "Not yet at 10\u202f%, nearest first",
    Section.RECOVERABLE: "Past 10\u202f%, can still finish under it, least needed first",
    Section.SEVERE: "Severe: half or more missed",
    Section.BEYOND: "Cannot finish under 10\u202f% on this calendar",
    Section.PAST: "10\u202f% or more missed so far, nearest first",
}


def _ahead(rows: pd.DataFrame) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "Pupil": rows["name"],
            "Form": rows["form"],
            "Missed": _missed(rows["missed"], rows["possible_so_far"]),
            "Can still miss": rows["headroom"].clip(upper=rows["possible_to_come"]),
            "Left": rows["possible_to_come"],
            "Needs": [
                _DASH if pd.isna(rate) else per_cent_up(rate) for rate in rows["needed_from_now"]
            ],
            "In a row": _in_a_row(rows),
            "4 weeks": _four_weeks(rows),
            "Absences": rows["spells"],
        }
    )


def _so_far(rows: pd.DataFrame) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "Pupil": rows["name"],
            "Form": rows["form"],
            "Missed": _missed(rows["missed"], rows["possible_so_far"]),
            "Per cent": [
                per_cent(missed / possible)
                for missed, possible in zip(rows["missed"], rows["possible_so_far"], strict=True)
            ],
            "Last half term": _missed(rows["last_missed"], rows["last_possible"]),
            "This half term": _missed(rows["this_missed"], rows["this_possible"]),
            "4 weeks": _four_weeks(rows),
            "Absences": rows["spells"],
        }
    )


def _columns(section: Section, largest: int) -> dict[str, Any]:
    in_a_row = {
        Section.NEAR: (
            "At 10\u202f% after",
            define("reach_in"),
        ),
        Section.RECOVERABLE: (
            "Under 10\u202f% after",
            define("recover_in"),
        ),
    }
    label, says = in_a_row.get(section, ("In a row", ""))
    number = st.column_config.NumberColumn
    return {
        "Pupil": open_column(section),
        "Form": _text(44),
        "Missed": _text(74, right=True, says=define("sessions_missed")),
        "Per cent": _text(64, right=True, says=define("absence_rate")),
        "Can still miss": st.column_config.ProgressColumn(
            width=102, format="%d", min_value=0, max_value=largest,
            help=define("headroom"),
        ),
        "Left": number("To come", width=58, help=define("sessions_to_come")),
        "Needs": _text(58, right=True, says=define("needed_from_now")),
        "In a row": _text(100, right=True, says=says, label=label),
        "Last half term": _text(100, right=True, says=define("sessions_missed")),
        "This half term": _text(100, right=True, says=define("sessions_missed")),
        "4 weeks": _text(
            74, right=True,
            says="↑ better than before, ↓ worse, → about the same. " + define("four_weeks"),
        ),
        "Absences": number(width=66, help=define("absences")),
    }  # fmt: skip


def open_column(key: str) -> Any:
    """The pupil's name: a click opens the pupil's page (`open_<key>` in the session state)."""
    return st.column_config.ButtonColumn(
        "Pupil", width=146, type="tertiary", alignment="left", key=f"open_{key}"
    )


def _text(
    width: int, *, right: bool = False, says: str | None = None, label: str | None = None
) -> Any:
    return st.column_config.TextColumn(
        label, width=width, alignment="right" if right else "left", help=says or None
    )


def _missed(missed: pd.Series, possible: pd.Series) -> list[str]:
    pairs = zip(missed, possible, strict=True)
    return [f"{one} of {of}" if of else _DASH for one, of in pairs]


def _in_a_row(rows: pd.DataFrame) -> list[str]:
    pairs = zip(rows["row_sessions"], rows["row_day"], strict=True)
    return [
        f"{sessions} ({day.day} {day:%b})" if not pd.isna(day) else "not this year"
        for sessions, day in pairs
    ]


def _four_weeks(rows: pd.DataFrame) -> list[str]:
    pairs = zip(rows["recent_rate"], rows["direction"], strict=True)
    return [_DASH if pd.isna(rate) else f"{_ARROWS[way]} {per_cent(rate)}" for rate, way in pairs]
