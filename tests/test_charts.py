"""Charts through their specification: what is drawn, in which colours, and in which words."""

import json
import re
from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest

from attendance import charts
from attendance.charts.parts import in_days, per_cent
from attendance.charts.strip import LETTERED

BREAKS = pd.DataFrame([(8, 8, "Half term")], columns=["week_from", "week_to", "label"])
MONTHS = pd.DataFrame([(0, "Sep"), (4, "Oct"), (9, "Nov")], columns=["week", "label"])
MONDAY = date(2026, 8, 31)
THEMES = ("light", "dark")


def cells(**at):
    """Two present weeks and one cell for each state, in the third: cells(I=..) is not needed."""
    rows = [
        (week, weekday, session, MONDAY + timedelta(weeks=week, days=weekday), "/", "Present",
         "present", np.nan, False, "")
        for week in range(3) for weekday in range(5) for session in ("AM", "PM")
    ]  # fmt: skip
    frame = pd.DataFrame(
        rows,
        columns=["week", "weekday", "session", "day", "code", "name", "state", "minutes_late",
                 "amended", "amended_text"],
    )  # fmt: skip
    for row, state in enumerate(charts.STATES[1:]):
        code = "Y1" if state == "not_counted" else ("I" if state in LETTERED else "")
        frame.loc[row, ["code", "name", "state"]] = [code, state, state]
    frame.loc[0, "minutes_late"] = 1
    frame.loc[2, ["minutes_late", "amended", "amended_text"]] = [
        25, True, "N → I, Dorcas Fernsby, attendance officer",
    ]  # fmt: skip
    return frame


def weeks(rates=(1.0, 0.8, np.nan, 0.9)):
    return pd.DataFrame(
        {
            "week": range(len(rates)),
            "label": [
                f"Week of {MONDAY + timedelta(weeks=w):%-d %B %Y}" for w in range(len(rates))
            ],
            "rate_this": rates,
            "sessions": [10] * len(rates),
            "rate_last": [0.95] * len(rates),
        }
    )


def absence(rate=0.081):
    return pd.DataFrame(
        [
            (0, "Week of 31 August 2026", "This year", rate, 11873),
            (0, "Week of 1 September 2025", "Last year", 0.09, 11900),
        ],
        columns=["week", "label", "series", "absence_rate", "possible_sessions"],
    )


REASONS = pd.DataFrame(
    [("I", "Illness", 6, "authorised"), ("N", "No reason yet", 1, "no_reason")],
    columns=["code", "name", "sessions", "state"],
)
WEEKDAYS = pd.DataFrame(
    [(0, "Mon", 0, 1.2), (4, "Fri", 5, 2.0)], columns=["weekday", "label", "count", "usual"]
)
GROUPS = pd.DataFrame(
    [("All pupils", 0.083, 0.081, 0.085, 1198, 0.082), ("Looked after", *[np.nan] * 3, 1, np.nan)],
    columns=["group", "rate", "low", "high", "n", "comparator"],
)
YEARS = pd.DataFrame(
    [("Year 7", 0.061, 201, 0.068), ("Year 12", np.nan, 0, np.nan)],
    columns=["label", "rate", "n", "comparator"],
)

EVERY_CHART = {
    "year strip": lambda theme: charts.year_strip(cells(), MONTHS, BREAKS, 2, theme),
    "weekly line": lambda theme: charts.weekly_line(weeks(), BREAKS, theme),
    "absence by week": lambda theme: charts.absence_by_week(absence(), theme),
    "reasons": lambda theme: charts.reasons_bars(REASONS, theme),
    "weekdays": lambda theme: charts.weekday_bars(WEEKDAYS, theme),
    "groups": lambda theme: charts.group_dots(GROUPS, theme, "National, census"),
    "year groups": lambda theme: charts.year_groups(YEARS, theme, "National, census"),
}


def rows_of(spec):
    return [row for rows in spec["datasets"].values() for row in rows]


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("name", EVERY_CHART)
def test_every_chart_has_alt_text_stretches_and_uses_only_the_palette(name, theme):
    spec = EVERY_CHART[name](theme).to_dict()
    assert len(spec["description"]) > 20
    assert (spec["width"], spec["background"]) == ("container", "transparent")
    assert spec["config"]["font"].startswith("'Source Sans'")
    ours = set(re.findall(r"#[0-9A-F]{6}", repr(charts.palette(theme))))
    assert set(re.findall(r"#[0-9A-Fa-f]{6}", json.dumps(spec))) <= ours


@pytest.mark.parametrize("name", EVERY_CHART)
def test_every_mark_is_given_a_colour_so_that_none_is_vega_blue(name):
    for layer in EVERY_CHART[name]("light").to_dict()["layer"]:
        mark, encoding = layer["mark"], layer["encoding"]
        if mark["type"] != "text":
            assert "color" in mark or "color" in encoding, mark


@pytest.mark.parametrize("name", EVERY_CHART)
def test_every_chart_can_be_drawn_without_a_browser(name):
    picture = charts.png(EVERY_CHART[name]("light"), width=500, scale=1)
    assert picture[:8] == b"\x89PNG\r\n\x1a\n"
    assert int.from_bytes(picture[16:20], "big") == 500


def test_the_strip_and_the_weekly_line_stand_on_the_same_weeks():
    strip = charts.year_strip(cells(), MONTHS, BREAKS, 2, weeks=47).to_dict()
    line = charts.weekly_line(weeks(), BREAKS).to_dict()
    x_strip = strip["layer"][0]["encoding"]["x"]["scale"]["domain"]
    x_line = line["layer"][0]["encoding"]["x"]["scale"]["domain"]
    assert x_strip == x_line == [0, 47]
    axes = [strip["layer"][0]["encoding"]["y"]["axis"], line["layer"][2]["encoding"]["y"]["axis"]]
    assert axes[0]["minExtent"] == axes[1]["minExtent"] == axes[0]["maxExtent"]


def test_a_cell_says_its_session_its_code_and_who_amended_it():
    told = rows_of(charts.year_strip(cells(), MONTHS, BREAKS).to_dict())
    amended = next(row for row in told if row.get("amended"))
    assert amended["when"] == "Tuesday 1 September 2026, morning"
    assert amended["mark"] == "I  authorised"
    assert amended["note"] == "25 minutes late; N → I, Dorcas Fernsby, attendance officer"
    first = next(row for row in told if row.get("y") == 0 and row["week"] == 0)
    assert first["note"] == "1 minute late"
    assert {row["note"] for row in told if row.get("state") == "present"} == {"–"}


def test_the_strip_counts_what_it_shows_in_its_alt_text():
    assert charts.year_strip(cells(), MONTHS, BREAKS).to_dict()["description"] == (
        "Calendar of the school year, one cell a session: 3 sessions missed, 1 late, "
        "1 mark amended."
    )


def test_a_month_gives_way_to_today_beside_it():
    def labels(today):
        spec = charts.year_strip(cells(), MONTHS, BREAKS, today).to_dict()
        return {row["label"] for row in rows_of(spec) if row.get("y") == -0.75}

    assert labels(None) == {"Sep", "Oct", "Nov"}
    assert labels(3) == {"Sep", "Nov", "today"}


def test_the_line_stops_in_a_week_without_a_possible_session():
    spec = charts.weekly_line(weeks(), BREAKS).to_dict()
    shown = [row for row in rows_of(spec) if "rate_this" in row]
    assert len(shown) == 47
    assert [row["rate_this"] for row in shown[:5]] == [1.0, 0.8, None, 0.9, None]
    assert spec["description"] == (
        "Attendance each week, 3 weeks so far. Latest 90.0\u202f%; lowest 80.0\u202f%, "
        "Week of 7 September 2026."
    )


@pytest.mark.parametrize(
    "lowest, foot", [(0.68, 0.66), (0.67, 0.56), (0.5, 0.46), (0.2, 0.16), (0.0, -0.02)]
)
def test_the_axis_widens_when_a_week_falls_lower_and_always_shows_ten_per_cent(lowest, foot):
    spec = charts.weekly_line(weeks([1.0, lowest]), BREAKS).to_dict()
    y = spec["layer"][2]["encoding"]["y"]
    assert y["scale"]["domain"] == pytest.approx([foot, 1.02])
    assert {0.9, 1.0} <= set(y["axis"]["values"])
    assert min(y["axis"]["values"]) >= foot


def test_a_year_without_marks_says_so():
    none = weeks([np.nan, np.nan]).assign(rate_last=np.nan)
    says = charts.weekly_line(none, BREAKS).to_dict()["description"]
    assert says == "Attendance each week: no week has been marked yet."
    says = charts.absence_by_week(absence(np.nan)).to_dict()["description"]
    assert says == "Absence each week: no week has been marked yet."


def test_reasons_are_told_in_sessions_and_days():
    spec = charts.reasons_bars(REASONS).to_dict()
    assert {row["words"] for row in rows_of(spec)} == {"6 (3 days)", "1 (0.5 day)"}
    assert "7 sessions missed" in spec["description"]
    assert "0 sessions missed" in charts.reasons_bars(REASONS.head(0)).to_dict()["description"]


def test_a_group_too_small_to_tell_has_no_rate():
    spec = charts.group_dots(GROUPS).to_dict()
    told = {row["name"]: row["words"] for row in rows_of(spec)}
    assert told == {
        "All pupils (1,198 pupils)": "8.3\u202f%",
        "Looked after (1 pupil)": "too few to tell",
    }


def test_the_comparator_is_named_on_the_chart():
    for name in ("groups", "year groups"):
        title = EVERY_CHART[name]("light").to_dict()["title"]
        assert title == "Sessions missed. Line: National, census"


@pytest.mark.parametrize(
    "sessions, words", [(1, "1 (0.5 day)"), (2, "2 (1 day)"), (3, "3 (1.5 days)")]
)
def test_two_sessions_are_a_day(sessions, words):
    assert in_days(sessions) == words


def test_a_rate_is_rounded_only_when_it_is_shown():
    assert per_cent(0.09949) == "9.9\u202f%"
