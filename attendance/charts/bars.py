"""Bars and dots: reasons, weekdays, groups and year groups."""

from __future__ import annotations

import altair as alt
import pandas as pd

from attendance.charts.palette import Palette, Theme, palette
from attendance.charts.parts import (
    Layer,
    at_pixel,
    by_state,
    finish,
    in_days,
    of,
    per_cent,
    per_cent_axis,
    x_on,
    y_on,
)


def reasons_bars(reasons: pd.DataFrame, theme: Theme = "light") -> alt.LayerChart:
    """Sessions missed by code, in the order given.

    reasons: code, name (short), sessions (int), state (palette.STATES).
    """
    colours = palette(theme)
    drawn = reasons.assign(
        reason=[f"{row.code} {row.name}" for row in reasons.itertuples()],
        words=[in_days(int(sessions)) for sessions in reasons["sessions"]],
    )
    most = max(int(reasons["sessions"].max()), 1) if len(reasons) else 1
    base = alt.Chart(drawn).encode(
        y=alt.Y("reason:N", sort=None, axis=_names(170), scale=alt.Scale(paddingInner=0.45)),
        # Room at the right for '38 (19 days)', in a third of a narrow screen too.
        x=alt.X("sessions:Q", axis=None, scale=alt.Scale(domain=[0, most * 2.1], nice=False)),
    )
    bars = base.mark_bar(stroke=colours.text, strokeWidth=0.8).encode(
        color=by_state(drawn, "fill", colours),
        tooltip=[
            alt.Tooltip("reason:N", title="Reason"),
            alt.Tooltip("words:N", title="Sessions"),
        ],
    )
    ends = base.mark_text(align="left", dx=6, color=colours.text).encode(text="words:N")
    total = of(reasons["sessions"].sum(), "session", "sessions")
    listed = "; ".join(f"{row.code} {row.name}, {row.words}" for row in drawn.itertuples())
    return finish([bars, ends], theme, f"{total} missed, by reason. {listed}", _rows(len(drawn)))


def weekday_bars(weekday: pd.DataFrame, theme: Theme = "light") -> alt.LayerChart:
    """On which weekday absences began, with a tick for what is usual at the school.

    weekday: weekday (0-4), label ('Mon'), count (int), usual (number).
    """
    colours = palette(theme)
    drawn = weekday.assign(over=weekday[["count", "usual"]].max(axis=1))
    top = max(float(drawn["over"].max()), 1.0) * 1.25
    y = alt.Scale(domain=[0, top], nice=False)
    x = alt.X("label:N", sort=None, title=None, axis=alt.Axis(labelAngle=0, labelPadding=8))
    tooltip = [
        alt.Tooltip("label:N", title="Day"),
        alt.Tooltip("count:Q", title="Absences begun"),
        alt.Tooltip("usual:Q", title="Usual at this school", format=".1f"),
    ]
    base = alt.Chart(drawn).encode(x=x)
    layers = [
        base.mark_bar(color=colours.accent, width=alt.RelativeBandSize(band=0.4)).encode(
            y=y_on("count", y), tooltip=tooltip
        ),
        base.mark_tick(
            color=colours.last_year, thickness=2, width=alt.RelativeBandSize(band=0.6)
        ).encode(y=y_on("usual", y), tooltip=tooltip),
        base.mark_text(dy=-8, fontWeight=600).encode(y=y_on("over", y), text="count:Q"),
        _usual_word(drawn, x, y, colours),
    ]
    listed = ", ".join(f"{row.label} {row.count}" for row in drawn[["label", "count"]].itertuples())
    return finish(layers, theme, f"Day on which absences began: {listed}.", 120)


def _usual_word(drawn: pd.DataFrame, x: alt.X, y: alt.Scale, colours: Palette) -> Layer:
    """The word stands once, beneath a tick that has no bar behind it to cover it."""
    clear = drawn[(drawn["count"] == 0) & (drawn["usual"] > 0)].head(1)
    return (
        alt.Chart(clear)
        .mark_text(dy=10, fontSize=10.5, color=colours.quiet, text="usual", aria=False)
        .encode(x=x, y=y_on("usual", y))
    )


def group_dots(
    groups: pd.DataFrame, theme: Theme = "light", comparator_name: str = "comparator"
) -> alt.LayerChart:
    """A rate for each group as a dot on its range, with how many pupils it rests on.

    groups, in the order shown: group, rate, low, high (0 to 1; missing = too few to tell),
    n (pupils), comparator (0 to 1 or missing; drawn as a tick).
    """
    colours = palette(theme)
    drawn = groups.assign(
        name=groups["group"] + " (" + groups["n"].map(lambda n: of(n, "pupil", "pupils")) + ")",
        words=_rates_in_words(groups["rate"]),
        range=[
            "" if pd.isna(low) else f"{per_cent(low)} to {per_cent(high)}"
            for low, high in zip(groups["low"], groups["high"], strict=True)
        ],
        against=_rates_in_words(groups["comparator"], "none"),
    )
    tooltip = [
        alt.Tooltip("name:N", title="Group"),
        alt.Tooltip("words:N", title="Absence"),
        alt.Tooltip("range:N", title="Likely range"),
        alt.Tooltip("against:N", title=comparator_name),
    ]
    base = alt.Chart(drawn).encode(
        y=alt.Y("name:N", sort=None, axis=_names(300), scale=alt.Scale(padding=0.5)),
        tooltip=tooltip,
    )
    x = _from_nought(groups[["rate", "high", "comparator"]].max().max(), 1.08)
    axis = per_cent_axis(title=None, tickCount=6)
    layers = [
        base.mark_rule(color=colours.accent, opacity=0.4, strokeWidth=6).encode(
            x=x_on("low", x, axis), x2="high:Q"
        ),
        base.mark_tick(color=colours.text, thickness=2, height=16).encode(
            x=x_on("comparator", x, axis)
        ),
        base.mark_point(color=colours.accent, filled=True, opacity=1, size=70).encode(
            x=x_on("rate", x, axis)
        ),
        base.transform_filter("!isValid(datum.rate)")
        .mark_text(align="left", color=colours.quiet, text="too few to tell")
        .encode(x=at_pixel(4)),
    ]
    listed = "; ".join(f"{row.name} {row.words}" for row in drawn.itertuples())
    heading = f"Sessions missed. Line: {comparator_name}"
    return finish(layers, theme, f"Absence by group: {listed}.", _rows(len(drawn), 28), heading)


def year_groups(
    years: pd.DataFrame, theme: Theme = "light", comparator_name: str = "National"
) -> alt.LayerChart:
    """Absence by year group as bars, each with a tick for the national figure.

    years: label ('Year 7'), rate (0 to 1 or missing), n (pupils), comparator (0 to 1 or missing).
    """
    colours = palette(theme)
    drawn = years.assign(
        words=_rates_in_words(years["rate"], ""),
        over=years[["rate", "comparator"]].max(axis=1),
        against=_rates_in_words(years["comparator"], "none"),
    )
    tooltip = [
        alt.Tooltip("label:N", title="Year"),
        alt.Tooltip("words:N", title="Absence"),
        alt.Tooltip("n:Q", title="Pupils", format=","),
        alt.Tooltip("against:N", title=comparator_name),
    ]
    scale = _from_nought(drawn["over"].max(), 1.2)
    axis = per_cent_axis(title=None, tickCount=4)
    base = alt.Chart(drawn).encode(
        x=alt.X("label:N", sort=None, title=None, axis=alt.Axis(labelAngle=0, labelPadding=8)),
        tooltip=tooltip,
    )
    layers = [
        base.mark_bar(color=colours.accent, width=alt.RelativeBandSize(band=0.6)).encode(
            y=y_on("rate", scale, axis)
        ),
        base.mark_tick(
            color=colours.last_year, thickness=3, width=alt.RelativeBandSize(band=0.9)
        ).encode(y=y_on("comparator", scale, axis)),
        base.mark_text(dy=-9, fontWeight=600).encode(y=y_on("over", scale, axis), text="words:N"),
    ]
    listed = "; ".join(drawn["label"] + " " + drawn["words"])
    description = f"Absence by year group, against {comparator_name}: {listed}."
    return finish(layers, theme, description, 180, f"Sessions missed. Line: {comparator_name}")


def _rates_in_words(rates: pd.Series[float], missing: str = "too few to tell") -> list[str]:
    return [missing if pd.isna(rate) else per_cent(rate) for rate in rates]


def _from_nought(highest: float, room: float) -> alt.Scale:
    top = 0.1 if pd.isna(highest) or highest == 0 else float(highest) * room
    return alt.Scale(domain=[0, top], nice=False)


def _names(limit: int) -> alt.Axis:
    return alt.Axis(title=None, labelLimit=limit, labelPadding=8, labelAlign="right", grid=False)


def _rows(count: int, step: int = 26) -> int:
    return max(count, 1) * step
