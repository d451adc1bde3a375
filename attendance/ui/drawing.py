"""Charts on the page. Building and checking one costs 30-80 ms, so a chart of the same figures is
kept: the key is the figures themselves, and never who is looking at them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pandas as pd
import streamlit as st

from attendance.charts import Theme


def theme() -> Theme:
    """The theme known when the page was loaded."""
    return "dark" if st.context.theme.type == "dark" else "light"


def draw(make: Callable[..., Any], *frames: pd.DataFrame, **words: Any) -> None:
    """Show the chart that ``make(*frames, theme=…, **words)`` gives, across the column."""
    spec = _spec(make, make.__qualname__, frames, theme(), words)
    st.vega_lite_chart(spec=spec, width="stretch", theme=None)


@st.cache_data(max_entries=256, show_spinner=False)
def _spec(
    _make: Callable[..., Any],
    name: str,
    frames: tuple[pd.DataFrame, ...],
    shade: Theme,
    words: dict[str, Any],
) -> dict[str, Any]:
    spec: dict[str, Any] = _make(*frames, theme=shade, **words).to_dict()
    return spec
