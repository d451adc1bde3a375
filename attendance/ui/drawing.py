"""Charts on the page. Building and checking one costs 30-80 ms, so the chart of the same figures is
kept, its data as the bytes that are sent: by the very frames it was made of, and failing that by
what stands in them; never by who is looking at them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pandas as pd
import streamlit as st
from streamlit.dataframe_util import convert_anything_to_arrow_bytes

from attendance.charts import Theme
from attendance.ui.cache import worked_out


def theme() -> Theme:
    """The theme known when the page was loaded."""
    return "dark" if st.context.theme.type == "dark" else "light"


def draw(make: Callable[..., Any], *frames: pd.DataFrame, **words: Any) -> None:
    """Show the chart that ``make(*frames, theme=…, **words)`` gives, across the column.

    Hand over the frames of a report that is kept: of a frame made anew, every figure is compared.
    """
    shade = theme()
    spec = worked_out(
        frames,
        (make.__qualname__, shade, *sorted(words.items())),
        lambda: _spec(make, make.__qualname__, frames, shade, words),
    )
    # Streamlit takes the data out of the specification that it is given, but not out of its parts.
    st.vega_lite_chart(spec=dict(spec), width="stretch", theme=None)


@st.cache_data(max_entries=256, show_spinner=False)
def _spec(
    _make: Callable[..., Any],
    name: str,
    frames: tuple[pd.DataFrame, ...],
    shade: Theme,
    words: dict[str, Any],
) -> dict[str, Any]:
    spec: dict[str, Any] = _make(*frames, theme=shade, **words).to_dict()
    sets = spec.get("datasets", {})
    packed = {each: convert_anything_to_arrow_bytes(rows) for each, rows in sets.items()}
    return {**spec, "datasets": packed}
