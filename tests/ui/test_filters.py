"""Filters stand in the address and stay as the person moves."""

from __future__ import annotations

from streamlit.testing.v1 import AppTest


def page(**query: str) -> AppTest:
    """Three filters, and what they answered."""

    def script() -> None:
        from datetime import date

        import streamlit as st

        from attendance.ui import filters

        first, last = filters.period(date(2026, 9, 1), date(2026, 11, 24))
        year = filters.year_group([7, 8, 9])
        st.markdown(f"{year} {filters.form(['7A', '9K'])} {first} {last}")

    app = AppTest.from_function(script)
    for key, value in query.items():
        app.query_params[key.rstrip("_")] = value
    return app.run()


def answer(app: AppTest) -> str:
    assert not app.exception
    return str(app.markdown[0].value)


def test_without_a_choice_a_filter_holds_everybody_and_the_address_stays_bare() -> None:
    app = page()
    assert answer(app) == "None None 2026-09-01 2026-11-24"
    assert dict(app.query_params) == {}


def test_an_address_chooses() -> None:
    app = page(year="9", form="9K", from_="2026-10-05")
    assert answer(app) == "9 9K 2026-10-05 2026-11-24"


def test_a_choice_goes_into_the_address_and_out_of_it() -> None:
    app = page(year="9")
    app = app.selectbox(key="year").select("7").run()
    assert answer(app).startswith("7 ")
    assert app.query_params["year"] == "7"
    app = app.selectbox(key="year").select("").run()
    assert "year" not in app.query_params


def test_an_address_that_names_nothing_here_is_ignored_and_mended() -> None:
    app = page(year="12", form="<b>", from_="yesterday", to="2031-01-01")
    assert answer(app) == "None None 2026-09-01 2026-11-24"
    assert dict(app.query_params) == {}


def test_a_period_the_wrong_way_round_is_turned() -> None:
    assert answer(page(from_="2026-11-02", to="2026-10-05")) == "None None 2026-10-05 2026-11-02"
