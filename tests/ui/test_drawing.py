"""A chart of the same figures is built once, and never shown for others."""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st
from streamlit.testing.v1 import AppTest

BUILT: list[list[int]] = []


class Chart:
    def __init__(self, frame: pd.DataFrame, title: str) -> None:
        self.spec = {"mark": "bar", "title": title, "data": {"values": frame.to_dict("records")}}

    def to_dict(self) -> dict[str, Any]:
        return self.spec


def make(frame: pd.DataFrame, theme: str, title: str) -> Chart:
    BUILT.append(frame["n"].tolist())
    return Chart(frame, f"{title} {theme}")


def page(numbers: list[int], title: str) -> None:
    # AppTest runs the text of this function by itself, so its imports stand in it.
    import pandas as pd

    from attendance.ui.drawing import draw
    from tests.ui.test_drawing import make

    draw(make, pd.DataFrame({"n": numbers}), title=title)


def shown(*numbers: int, title: str = "Absence") -> str:
    app = AppTest.from_function(page, kwargs={"numbers": list(numbers), "title": title}).run()
    assert not app.exception
    return str(app.main.children[0].proto.spec)


def test_the_same_figures_are_drawn_once_and_others_anew() -> None:
    st.cache_data.clear()
    BUILT.clear()
    assert "Absence light" in shown(1, 2)
    assert "Absence light" in shown(1, 2)
    assert BUILT == [[1, 2]]
    shown(1, 3)
    assert BUILT == [[1, 2], [1, 3]]


def test_other_words_are_another_chart() -> None:
    st.cache_data.clear()
    BUILT.clear()
    assert "Absence light" in shown(1)
    assert "Lateness light" in shown(1, title="Lateness")
    assert len(BUILT) == 2
