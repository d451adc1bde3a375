"""Absence by day of the week: a group's rate each day, with a tick for last year's."""

from __future__ import annotations

import altair as alt
import pandas as pd

from attendance.charts.palette import Theme, palette
from attendance.charts.parts import finish, per_cent, per_cent_axis, y_on


def absence_by_weekday(days: pd.DataFrame, theme: Theme = "light") -> alt.LayerChart:
    """Bars for Monday to Friday.

    days: label ('Mon'), rate (0 to 1 or missing), missed and possible (sessions), comparator (last
    year's rate or missing; drawn as a tick).
    """
    colours = palette(theme)
    drawn = days.assign(
        words=_in_words(days["rate"], ""),
        over=days[["rate", "comparator"]].max(axis=1),
        before=_in_words(days["comparator"], "not known"),
    )
    highest = drawn["over"].max()
    scale = alt.Scale(
        domain=[0, 0.1 if pd.isna(highest) or highest == 0 else 1.25 * float(highest)], nice=False
    )
    axis = per_cent_axis(title=None, tickCount=4)
    base = alt.Chart(drawn).encode(
        x=alt.X("label:N", sort=None, title=None, axis=alt.Axis(labelAngle=0, labelPadding=8)),
        tooltip=[
            alt.Tooltip("label:N", title="Day"),
            alt.Tooltip("words:N", title="Sessions missed"),
            alt.Tooltip("missed:Q", title="Missed", format=","),
            alt.Tooltip("possible:Q", title="Possible", format=","),
            alt.Tooltip("before:N", title="Last year"),
        ],
    )
    layers = [
        base.mark_bar(color=colours.accent, width=28).encode(y=y_on("rate", scale, axis)),
        base.mark_tick(color=colours.last_year, thickness=3, width=44).encode(
            y=y_on("comparator", scale, axis)
        ),
        base.mark_text(dy=-9, fontWeight=600).encode(y=y_on("over", scale, axis), text="words:N"),
    ]
    listed = "; ".join(drawn["label"] + " " + drawn["words"])
    return finish(layers, theme, f"Absence by day of the week: {listed}.", 150)


def _in_words(rates: pd.Series[float], missing: str) -> list[str]:
    return [missing if pd.isna(rate) else per_cent(rate) for rate in rates]
