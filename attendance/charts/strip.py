"""The year strip: every session of a pupil's school year, one small rectangle each."""

from __future__ import annotations

from typing import Literal

import altair as alt
import pandas as pd

from attendance.charts.palette import Palette, Theme, palette
from attendance.charts.parts import (
    CELL,
    LEFT,
    SMALL,
    Layer,
    at_pixel,
    by_state,
    finish,
    of,
    x_on,
    y_on,
)

DAY = 2.22  # two sessions and a gap, so that morning and afternoon pair up
BOTTOM = 4 * DAY + 1 + CELL
HEIGHT = 245

WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri")
LETTERED = ("late", "activity", "authorised", "unauthorised", "no_reason", "not_counted")
MISSED = ("authorised", "unauthorised", "no_reason")


def year_strip(
    cells: pd.DataFrame,
    months: pd.DataFrame,
    breaks: pd.DataFrame,
    today_week: int | None = None,
    theme: Theme = "light",
    weeks: int | None = None,
) -> alt.LayerChart:
    """A pupil's year: x = week, y = Monday morning to Friday afternoon, one cell a session.

    cells: week (int from 0), weekday (0-4), session ('AM'/'PM'), day (date), code ('' = no mark),
    name (its meaning, or the state in words), state (palette.STATES), minutes_late (number or
    missing), amended (bool), amended_text.
    months: week, label. breaks: week_from, week_to (inclusive), label.
    today_week: where 'today' stands; None leaves it out.
    weeks: how many weeks the strip is wide; as many as there are cells for when not given.
    """
    colours = palette(theme)
    width = weeks or int(cells["week"].max()) + 1
    drawn = _drawn(cells, colours)
    x = alt.Scale(domain=[0, width], nice=False)
    layers = [
        _rectangles(drawn, x, colours),
        _letters(drawn, x),
        _amended_dots(drawn, x),
        _afternoons(colours),
        _break_names(breaks, x, colours),
        _months(months, today_week, x, colours),
        *_today(today_week, x, colours),
    ]
    return finish(layers, theme, description_of(cells), HEIGHT)


def description_of(cells: pd.DataFrame) -> str:
    """The strip in a sentence, for a screen reader."""
    missed = int(cells["state"].isin(MISSED).sum())
    late = int((cells["state"] == "late").sum())
    amended = int(cells["amended"].sum())
    return (
        f"Calendar of the school year, one cell a session: {of(missed, 'session', 'sessions')} "
        f"missed, {late} late, {of(amended, 'mark', 'marks')} amended."
    )


def _drawn(cells: pd.DataFrame, colours: Palette) -> pd.DataFrame:
    top = cells["weekday"] * DAY + (cells["session"] == "PM")
    half = cells["session"].map({"AM": "morning", "PM": "afternoon"})
    days = pd.to_datetime(cells["day"])
    return pd.DataFrame(
        {
            "week": cells["week"].astype(int),
            "right": cells["week"] + CELL,
            "middle": cells["week"] + CELL / 2,
            "y": top,
            "bottom": top + CELL,
            "centre": top + CELL / 2,
            "state": cells["state"].astype(str),
            "code": cells["code"].astype(str),
            "ink": cells["state"].map(colours.letter_of),
            "amended": cells["amended"].astype(bool),
            "when": days.dt.strftime("%A %-d %B %Y, ") + half,
            "mark": _mark_in_words(cells),
            "note": _notes(cells),
        }
    )


def _mark_in_words(cells: pd.DataFrame) -> pd.Series[str]:
    names = cells["name"].astype(str)
    return names.where(cells["code"] == "", cells["code"].astype(str) + "  " + names)


def _notes(cells: pd.DataFrame) -> pd.Series[str]:
    """Minutes late and the amendment; a dash where there is nothing to add."""
    late = cells["minutes_late"].map(
        lambda minutes: "" if pd.isna(minutes) else f"{of(minutes, 'minute', 'minutes')} late"
    )
    amended = cells["amended_text"].fillna("").astype(str)
    both = late.astype(str) + late.ne("").mul(amended.ne("")).map({True: "; ", False: ""}) + amended
    return both.where(both != "", "\N{EN DASH}")


def _y(field: str) -> alt.Y:
    # Only the mornings stand on the axis: of ten labels in a layered chart Vega drops every second.
    names = ", ".join(f"'{day} am'" for day in WEEKDAYS)
    axis = alt.Axis(
        values=[day * DAY + CELL / 2 for day in range(5)],
        labelExpr=f"[{names}][round(datum.value / {DAY})]",
        labelFontSize=SMALL,
        labelPadding=6,
        grid=False,
        minExtent=LEFT,
        maxExtent=LEFT,
        title=None,
    )
    scale = alt.Scale(domain=[-1.1, BOTTOM], reverse=True, nice=False)
    return y_on(field, scale, axis)


TOOLTIP = [
    alt.Tooltip("when:N", title="Session"),
    alt.Tooltip("mark:N", title="Mark"),
    alt.Tooltip("note:N", title="Note"),
]


def _rectangles(drawn: pd.DataFrame, x: alt.Scale, colours: Palette) -> Layer:
    return (
        alt.Chart(drawn)
        .mark_rect(strokeWidth=0.8, cornerRadius=1, aria=False)
        .encode(
            x=x_on("week", x),
            x2="right:Q",
            y=_y("y"),
            y2="bottom:Q",
            color=by_state(drawn, "fill", colours),
            stroke=by_state(drawn, "outline", colours),
            tooltip=TOOLTIP,
        )
    )


def _letters(drawn: pd.DataFrame, x: alt.Scale) -> Layer:
    spoken = "datum.when + ': ' + datum.mark"
    return (
        alt.Chart(drawn)
        .transform_filter(alt.FieldOneOfPredicate(field="state", oneOf=list(LETTERED)))
        .transform_calculate(spoken=spoken)
        .mark_text(fontSize=SMALL, fontWeight=700, baseline="middle")
        .encode(
            x=x_on("middle", x),
            y=_y("centre"),
            text="code:N",
            color=alt.Color("ink:N", scale=None),
            description="spoken:N",
            tooltip=TOOLTIP,
        )
    )


def _amended_dots(drawn: pd.DataFrame, x: alt.Scale) -> Layer:
    """At the top right; in the letter's colour, because white dots vanish on orange in dark."""
    return (
        alt.Chart(drawn)
        .transform_filter("datum.amended")
        .transform_calculate(spoken="datum.when + ', amended: ' + datum.note")
        .mark_point(size=15, filled=True, opacity=1, xOffset=-3.5, yOffset=3.5)
        .encode(
            x=x_on("right", x),
            y=_y("y"),
            color=alt.Color("ink:N", scale=None),
            description="spoken:N",
            tooltip=TOOLTIP,
        )
    )


def _afternoons(colours: Palette) -> Layer:
    places = pd.DataFrame({"centre": [day * DAY + 1 + CELL / 2 for day in range(5)]})
    return (
        alt.Chart(places)
        .mark_text(align="right", fontSize=SMALL, color=colours.quiet, text="pm", aria=False)
        .encode(x=at_pixel(-6), y=_y("centre"))
    )


def _break_names(breaks: pd.DataFrame, x: alt.Scale, colours: Palette) -> Layer:
    places = pd.DataFrame(
        {
            "middle": (breaks["week_from"] + breaks["week_to"] + CELL) / 2,
            "centre": BOTTOM / 2,
            "label": breaks["label"].astype(str),
        }
    )
    return (
        alt.Chart(places)
        .mark_text(angle=270, fontSize=SMALL, color=colours.quiet)
        .encode(x=x_on("middle", x), y=_y("centre"), text="label:N")
    )


def _months(months: pd.DataFrame, today_week: int | None, x: alt.Scale, colours: Palette) -> Layer:
    near = pd.Series(False, index=months.index)
    if today_week is not None:
        # 'today' and a month's name a week apart would run into one another at 1024 px.
        near = (months["week"] - today_week).abs() <= 1
    return _above(months.loc[~near, ["week", "label"]], x, colours.quiet, "normal")


def _today(today_week: int | None, x: alt.Scale, colours: Palette) -> list[Layer]:
    if today_week is None:
        return []
    today = pd.DataFrame({"week": [today_week], "label": ["today"]})
    return [_above(today, x, colours.accent, "bold")]


def _above(
    labels: pd.DataFrame, x: alt.Scale, colour: str, weight: Literal["normal", "bold"]
) -> Layer:
    return (
        alt.Chart(labels.assign(y=-0.75))
        .mark_text(align="left", fontSize=11, fontWeight=weight, color=colour)
        .encode(x=x_on("week", x), y=_y("y"), text="label:N")
    )
