"""The week grid: marks in the colours of their category, and always with their letters."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any, Literal

import numpy as np
import pandas as pd
import streamlit as st
from pandas.io.formats.style import Styler

from attendance.charts.palette import Palette, Theme, palette
from attendance.core.week_grid import SESSION_NAMES
from attendance.services.weeks import WeekReport
from attendance.ui.drawing import theme

DOT = "\N{BLACK CIRCLE}"
ROW_HEIGHT = 25
MOST_ROWS_SHOWN = 30
FILLED = ("late", "activity", "authorised", "unauthorised", "no_reason")
# What stands in a cell that has no mark and never will: a shape as well as a grey ground.
_CLOSED_SIGNS = {"closed": "#", "off_roll": "\N{EN DASH}"}
# Tuesday and Thursday are tinted, so that morning and afternoon pair up.
_TINTED = (2, 3, 6, 7)
_TINT: Mapping[Theme, str] = {"light": "#F6F4EF", "dark": "#1D2024"}


def choose_mark(report: WeekReport, key: str) -> tuple[int, int] | None:
    """Draw the weeks to read; the (row, column) of the cell that is selected, if it has a mark
    or awaits one."""
    picked = st.dataframe(
        styler(report, texts(report)),
        hide_index=True,
        on_select="rerun",
        selection_mode="single-cell",
        key=key,
        column_config=columns(report),
        row_height=ROW_HEIGHT,
        height=height_of(report),
    )
    for row, name in picked.selection.cells:
        if name in SESSION_NAMES and row < len(report.grid):
            column = SESSION_NAMES.index(name)
            return (row, column) if report.grid.expected[row, column] else None
    return None


def columns(report: WeekReport, open_names: Collection[str] = ()) -> dict[str, Any]:
    """Widths and alignment: the name takes what the ten sessions leave.

    ``open_names``: the sessions to type in. Their heads hold an icon too, and get the room for it
    as long as the ten still fit on a narrow screen.
    """
    wide = open_names if len(open_names) <= 2 else ()
    sessions: dict[str, Any] = {
        name: st.column_config.TextColumn(
            name, width=74 if name in wide else 56, alignment="center"
        )
        for name in SESSION_NAMES
    }
    return {first_title(report): st.column_config.TextColumn(width=150), **sessions}


def first_title(report: WeekReport) -> str:
    """What the rows are: pupils, or weeks of one."""
    return "Pupil" if report.pupil_id is None else "Week of"


def height_of(report: WeekReport) -> int | Literal["content"]:
    """As tall as its rows, up to a form's worth and some; a year group scrolls."""
    rows = len(report.grid)
    return "content" if rows <= MOST_ROWS_SHOWN + 6 else ROW_HEIGHT * MOST_ROWS_SHOWN + 36


def styler(report: WeekReport, frame: pd.DataFrame) -> Styler:
    """The texts of a grid in their colours."""
    css = _css_of(report)
    # Without a name of ours pandas gives a new one at each run: the browser then takes the grid
    # for another one, and an editor loses what is being typed in it.
    return frame.style.apply(lambda _: css, axis=None).set_uuid("marks")


def texts(report: WeekReport) -> pd.DataFrame:
    """What stands in the cells: codes, and signs where there is and will be none."""
    grid = report.grid
    text = np.where(report.amended & (grid.codes != ""), grid.codes + f" {DOT}", grid.codes)
    for state, sign in _CLOSED_SIGNS.items():
        text = np.where(grid.states == state, sign, text)
    frame = pd.DataFrame(text, columns=list(SESSION_NAMES))
    frame.insert(0, first_title(report), list(report.names))
    return frame


def _css_of(report: WeekReport) -> pd.DataFrame:
    """The look of each cell, as Styler wants it."""
    look = theme()
    colours = palette(look)
    rules = {state: _rule(state, colours) for state in np.unique(report.grid.states.astype(str))}
    css = np.vectorize(rules.get, otypes=[object])(report.grid.states)
    for column in _TINTED:
        bare = ~np.isin(report.grid.states[:, column].astype(str), [*FILLED, *_CLOSED_SIGNS])
        css[bare, column] += f"; background-color: {_TINT[look]}"
    frame = pd.DataFrame(css, columns=list(SESSION_NAMES))
    frame.insert(0, first_title(report), "font-weight: 600")
    return frame


def _rule(state: str, colours: Palette) -> str:
    if state in FILLED:
        fill = colours.fill_of(state)
        return f"background-color: {fill}; color: {colours.letter}; font-weight: 700"
    if state in _CLOSED_SIGNS:
        return f"background-color: {colours.closed}; color: {colours.quiet}"
    if state == "not_counted":
        return f"color: {colours.text}; font-weight: 600"
    return f"color: {colours.quiet}"
