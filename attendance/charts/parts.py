"""What the charts share: finish, per cent in words, and the week axis they line up on."""

from __future__ import annotations

from typing import Any, TypeAlias, cast

import altair as alt
import pandas as pd

from attendance.charts.palette import FONT, Palette, Theme, palette

# What encode() gives back: Altair's own signature for it is Any.
Layer: TypeAlias = Any

# The year strip and the weekly line keep this much for their labels, so that their weeks stand
# above one another at any width.
LEFT = 72
CELL = 0.93
THIN_SPACE = "\N{NARROW NO-BREAK SPACE}"

SMALL, ORDINARY = 10.5, 12


def per_cent(rate: float, places: int = 1) -> str:
    """0.0812 -> '8.1 %', with a space that does not break; nothing is rounded before."""
    return f"{100 * rate:.{places}f}{THIN_SPACE}%"


def x_on(field: str, scale: alt.Scale, axis: alt.Axis | None = None) -> alt.X:
    """A quantitative x on a scale that several layers share."""
    return alt.X(f"{field}:Q", scale=scale, axis=axis)


def y_on(field: str, scale: alt.Scale, axis: alt.Axis | None = None) -> alt.Y:
    """A quantitative y on a scale that several layers share."""
    return alt.Y(f"{field}:Q", scale=scale, axis=axis)


def at_pixel(x: float) -> Any:
    """A fixed x. Altair's own constructor is untyped; alt.value() costs 30 ms in checking."""
    fixed: Any = alt.XValue
    return fixed(x)


def finish(
    layers: list[Layer], theme: Theme, description: str, height: int, heading: str = ""
) -> alt.LayerChart:
    """Size, alt text, fonts and a bare frame: no colour or font of Altair's own is left.

    Show it with ``st.altair_chart(chart, width="stretch", theme=None)``: Streamlit's theme would
    lay its own fonts and colours over these. ``heading`` says what the values are, level above
    the axis, so that nobody tilts the head.
    """
    # All at once: each properties() or configure() copies the whole chart again.
    chart = alt.layer(
        *layers,
        height=height,
        width="container",
        description=description,
        title=heading or alt.Undefined,
        background="transparent",
        padding={"left": 0, "right": 2, "top": 4, "bottom": 2},
        autosize={"type": "fit-x", "contains": "padding"},
        config={"font": FONT, "view": {"stroke": None}, **_plain(palette(theme))},
    )
    return cast(alt.LayerChart, chart)


def _plain(colours: Palette) -> dict[str, Any]:
    return {
        "axis": {
            "labelColor": colours.quiet,
            "titleColor": colours.quiet,
            "labelFontSize": ORDINARY,
            "titleFontSize": ORDINARY,
            "titleFontWeight": "normal",
            "gridColor": colours.rule,
            "domain": False,
            "ticks": False,
        },
        "text": {"color": colours.text, "fontSize": ORDINARY},
        "title": {
            "color": colours.quiet,
            "fontSize": ORDINARY,
            "fontWeight": "normal",
            "anchor": "start",
            "frame": "bounds",
            "offset": 10,
        },
        "legend": {
            "labelColor": colours.text,
            "labelFontSize": ORDINARY,
            "titleColor": colours.quiet,
            "titleFontSize": ORDINARY,
            "titleFontWeight": "normal",
        },
    }


def by_state(frame: pd.DataFrame, kind: str, colours: Palette) -> alt.Color | alt.Stroke:
    """The fill, outline or letter colour of each state in the frame, without a legend."""
    states = sorted(frame["state"].unique())
    pick = {"fill": colours.fill_of, "outline": colours.outline_of, "letter": colours.letter_of}
    scale = alt.Scale(domain=states, range=[pick[kind](state) for state in states])
    channel = alt.Stroke if kind == "outline" else alt.Color
    return channel("state:N", scale=scale, legend=None)


def per_cent_axis(values: list[float] | None = None, **more: Any) -> alt.Axis:
    """An axis that reads '90 %'."""
    expression = f"format(100 * datum.value, '~r') + '{THIN_SPACE}%'"
    chosen: dict[str, Any] = {} if values is None else {"values": values}
    return alt.Axis(labelExpr=expression, **chosen, **more)


def of(count: float, one: str, many: str) -> str:
    """'1 session', '2 sessions'."""
    return f"{count:,.0f} {one if count == 1 else many}"


def in_days(sessions: int) -> str:
    """6 -> '6 (3 days)'; a day is two sessions."""
    days = sessions / 2
    return f"{sessions:,} ({days:,g} {'day' if days <= 1 else 'days'})"
