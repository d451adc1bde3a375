"""Lines over the weeks of a school year: one pupil's attendance, or a group's absence."""

from __future__ import annotations

import altair as alt
import pandas as pd

from attendance.charts.palette import Palette, Theme, palette
from attendance.charts.parts import (
    CELL,
    LEFT,
    THIN_SPACE,
    Layer,
    finish,
    of,
    per_cent,
    per_cent_axis,
    x_on,
    y_on,
)

WEEKS = 47
USUAL_LOWEST = 0.66
TOP = 1.02
TEN_PER_CENT = 0.9


def weekly_line(
    weeks: pd.DataFrame,
    breaks: pd.DataFrame,
    theme: Theme = "light",
    number_of_weeks: int = WEEKS,
    height: int = 120,
) -> alt.LayerChart:
    """A pupil's attendance each week, above the same weeks as the year strip's columns.

    weeks: week (int from 0), label ('Week of 7 September 2026'), rate_this and rate_last (0 to 1,
    missing where nothing was possible or has come), sessions (possible this year).
    breaks: week_from, week_to, label: the bands in which the lines stop.
    number_of_weeks: the strip's width, so that both share an x. The lines are named in the
    heading above the chart ("This year" in the accent, "Last year" grey): names beside them
    collided on narrow screens.
    """
    colours = palette(theme)
    drawn = _every_week(weeks, number_of_weeks)
    lowest = _lowest(drawn)
    x = alt.Scale(domain=[0, number_of_weeks], nice=False)
    y = alt.Scale(domain=[lowest, TOP], nice=False, zero=False)
    axis = _attendance_axis(lowest, colours)
    layers = [
        _bands(breaks, x, colours),
        _ten_per_cent(colours, y, axis),
        _line(drawn, "rate_last", colours.last_year, 1.6, x, y, axis),
        _line(drawn, "rate_this", colours.accent, 2.4, x, y, axis),
        _points(drawn, colours, x, y, axis),
    ]
    return finish(layers, theme, _weekly_description(weeks), height)


def _weekly_description(weeks: pd.DataFrame) -> str:
    rates = weeks.dropna(subset=["rate_this"])
    if rates.empty:
        return "Attendance each week: no week has been marked yet."
    lowest = rates.sort_values("rate_this").iloc[0]
    return (
        f"Attendance each week, {of(len(rates), 'week', 'weeks')} so far. "
        f"Latest {per_cent(rates['rate_this'].iloc[-1])}; "
        f"lowest {per_cent(lowest['rate_this'])}, {lowest['label']}."
    )


def _every_week(weeks: pd.DataFrame, number_of_weeks: int) -> pd.DataFrame:
    """A row for every week, with nothing in it where the frame has none: there the line stops."""
    whole = pd.DataFrame({"week": range(number_of_weeks)}).merge(
        weeks.reset_index(drop=True), on="week", how="left"
    )
    return whole.assign(
        middle=whole["week"] + CELL / 2,
        label=whole["label"].fillna(""),
        this_year=_in_words(whole["rate_this"]),
        last_year=_in_words(whole["rate_last"]),
    )


def _in_words(rates: pd.Series[float]) -> pd.Series[str]:
    return rates.map(lambda rate: "\N{EN DASH}" if pd.isna(rate) else per_cent(rate)).astype(str)


def _lowest(drawn: pd.DataFrame) -> float:
    """The foot of the axis: 66 %, or lower in whole tens when a week falls below 68 %."""
    least = drawn[["rate_this", "rate_last"]].min().min()
    if pd.isna(least) or least >= USUAL_LOWEST + 0.02:
        return USUAL_LOWEST
    return max(int(least * 10) / 10 - 0.04, -0.02)


def _attendance_axis(lowest: float, colours: Palette) -> alt.Axis:
    # Every ten per cent while there is room for the labels; 90 % is always one of them.
    values = [0.5, 0.6, 0.7, 0.8, 0.9, 1.0] if lowest > 0.44 else [0.0, 0.3, 0.6, 0.9, 1.0]
    values = [value for value in values if value >= lowest]
    at_ten = "abs(datum.value - 0.9) < 0.001"
    percent = f"format(100 * datum.value, '.0f') + '{THIN_SPACE}%'"
    return alt.Axis(
        values=values,
        labelExpr=f"{at_ten} ? '10{THIN_SPACE}% missed' : {percent}",
        labelColor={"condition": {"test": at_ten, "value": colours.waits}, "value": colours.quiet},
        labelFontSize=11,
        labelOverlap=False,
        labelPadding=6,
        minExtent=LEFT,
        maxExtent=LEFT,
        title=None,
    )


def _bands(breaks: pd.DataFrame, x: alt.Scale, colours: Palette) -> Layer:
    # One band a week, with the strip's own gap between them.
    weeks = [
        week
        for first, last in zip(breaks["week_from"], breaks["week_to"], strict=True)
        for week in range(int(first), int(last) + 1)
    ]
    places = pd.DataFrame({"week": weeks, "right": [week + CELL for week in weeks]}, dtype=float)
    return (
        alt.Chart(places)
        .mark_rect(color=colours.closed, opacity=0.6, aria=False)
        .encode(x=x_on("week", x), x2="right:Q")
    )


def _ten_per_cent(colours: Palette, y: alt.Scale, axis: alt.Axis) -> Layer:
    line = pd.DataFrame({"rate": [TEN_PER_CENT]})
    return (
        alt.Chart(line)
        .mark_rule(color=colours.waits, strokeDash=[4, 3], strokeWidth=1.2, aria=False)
        .encode(y=y_on("rate", y, axis))
    )


def _line(
    drawn: pd.DataFrame,
    field: str,
    colour: str,
    width: float,
    x: alt.Scale,
    y: alt.Scale,
    axis: alt.Axis,
) -> Layer:
    return (
        alt.Chart(drawn)
        .mark_line(
            color=colour, strokeWidth=width, invalid="break-paths-show-path-domains", aria=False
        )
        .encode(x=x_on("middle", x), y=y_on(field, y, axis))
    )


def _points(
    drawn: pd.DataFrame, colours: Palette, x: alt.Scale, y: alt.Scale, axis: alt.Axis
) -> Layer:
    return (
        alt.Chart(drawn)
        .transform_filter("isValid(datum.rate_this)")
        .mark_point(color=colours.accent, filled=True, opacity=1, size=34)
        .encode(
            x=x_on("middle", x),
            y=y_on("rate_this", y, axis),
            tooltip=[
                alt.Tooltip("label:N", title="Week"),
                alt.Tooltip("this_year:N", title="This year"),
                alt.Tooltip("sessions:Q", title="Possible sessions"),
                alt.Tooltip("last_year:N", title="Last year"),
            ],
        )
    )


def absence_by_week(
    frame: pd.DataFrame, theme: Theme = "light", height: int = 190
) -> alt.LayerChart:
    """A group's absence rate each week, this year against last.

    frame: week (int from 0), label, series ('This year' or 'Last year'), absence_rate (0 to 1,
    missing in a break: the line stops there), possible_sessions.
    """
    colours = palette(theme)
    drawn = frame.assign(words=_in_words(frame["absence_rate"]))
    x, y = _absence_axes(drawn)
    layers = [
        _absence_line(drawn, "Last year", colours.last_year, 1.6, x, y),
        _absence_line(drawn, "This year", colours.accent, 2.4, x, y),
        _absence_points(drawn, colours, x, y),
    ]
    return finish(layers, theme, _absence_description(frame), height)


def _absence_description(frame: pd.DataFrame) -> str:
    this_year = frame[(frame["series"] == "This year") & frame["absence_rate"].notna()]
    if this_year.empty:
        return "Absence each week: no week has been marked yet."
    latest = this_year.sort_values("week").iloc[-1]
    return (
        f"Absence each week against last year. Latest {per_cent(latest['absence_rate'])} of "
        f"{of(latest['possible_sessions'], 'possible session', 'possible sessions')}, "
        f"{latest['label']}."
    )


def _absence_axes(drawn: pd.DataFrame) -> tuple[alt.X, alt.Y]:
    labels = drawn.drop_duplicates("week").set_index("week")["label"]
    names = ", ".join(f"'{week}': '{_short(str(label))}'" for week, label in labels.items())
    axis = alt.Axis(
        labelExpr=f"({{{names}}})[datum.value] || ''",
        title=None,
        grid=False,
        labelFlush=False,
        labelPadding=8,
        tickCount=9,
    )
    x = x_on("week", alt.Scale(nice=False, zero=False, padding=6), axis)
    rates = per_cent_axis(title=None, tickCount=5)
    return x, y_on("absence_rate", alt.Scale(zero=True), rates)


def _short(label: str) -> str:
    """'Week of 7 September 2026' -> '7 Sep': what an axis has room for."""
    words = label.removeprefix("Week of ").split()
    return f"{words[0]} {words[1][:3]}" if len(words) > 1 else label


def _absence_line(
    drawn: pd.DataFrame, series: str, colour: str, width: float, x: alt.X, y: alt.Y
) -> Layer:
    return (
        alt.Chart(drawn)
        .transform_filter(alt.FieldEqualPredicate(field="series", equal=series))
        .mark_line(color=colour, strokeWidth=width, invalid="break-paths-show-path-domains")
        .encode(x=x, y=y)
    )


def _absence_points(drawn: pd.DataFrame, colours: Palette, x: alt.X, y: alt.Y) -> Layer:
    series = alt.Color(
        "series:N",
        scale=alt.Scale(
            domain=["This year", "Last year"], range=[colours.accent, colours.last_year]
        ),
        legend=alt.Legend(
            title="Sessions missed:",
            titleOrient="left",
            titleAnchor="middle",
            orient="top",
            offset=8,
            direction="horizontal",
        ),
    )
    return (
        alt.Chart(drawn)
        .transform_filter("isValid(datum.absence_rate)")
        .mark_point(filled=True, opacity=1, size=26)
        .encode(
            x=x,
            y=y,
            color=series,
            tooltip=[
                alt.Tooltip("series:N", title=" "),
                alt.Tooltip("label:N", title="Week"),
                alt.Tooltip("words:N", title="Absence"),
                alt.Tooltip("possible_sessions:Q", title="Possible sessions", format=","),
            ],
        )
    )
