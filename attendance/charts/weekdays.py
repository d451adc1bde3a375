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
        before=_in_words(days["comparator"], "not known"),
    )
    highest = days[["rate", "comparator"]].max().max()
    top = 0.1 if pd.isna(highest) or highest == 0 else 1.1 * float(highest)
    scale = alt.Scale(domain=[0, top], nice=False)
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
        base.mark_bar(color=colours.accent, width=42).encode(y=y_on("rate", scale, axis)),
        base.mark_tick(color=colours.last_year, thickness=3, width=58).encode(
            y=y_on("comparator", scale, axis)
        ),
        # In the foot of the bar, where no tick can come between a figure and what it belongs to.
        base.transform_filter(f"datum.rate > {top / 6}")
        .mark_text(dy=-9, fontWeight=600, color=colours.page)
        .encode(y=alt.datum(0), text="words:N"),
    ]
    listed = "; ".join(drawn["label"] + " " + drawn["words"])
    description = f"Absence by day of the week: {listed}."
    return finish(layers, theme, description, 150, "Sessions missed. Line: last year")


def _in_words(rates: pd.Series[float], missing: str) -> list[str]:
    return [missing if pd.isna(rate) else per_cent(rate) for rate in rates]
