"""How the Absence page asks and draws."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np
import pandas as pd
import streamlit as st

from attendance import charts
from attendance.charts.parts import per_cent
from attendance.charts.weekdays import absence_by_weekday
from attendance.core.absence import Period
from attendance.core.names import plain
from attendance.core.people import Person
from attendance.core.register import Register
from attendance.core.slots import SLOTS, moment_of
from attendance.core.views import View
from attendance.services import accounts
from attendance.services.absence import AbsenceReport, absence_report
from attendance.services.absence_scope import Asked, Choices, Split, choices, splits
from attendance.ui import filters, index, show
from attendance.ui.absence_words import FEW, NOT_SHOWN
from attendance.ui.cache import engine, live_register, remembered
from attendance.ui.drawing import draw

_SPLITS = {
    Split.YEARS: "By year group",
    Split.FORMS: "By form",
    Split.GROUPS: "By group of pupils",
}
_NOTHING = "–"
MOST_REASONS = 9
_RANGE_NOTE = (
    "The bar is the range in which a rate of so many sessions moves by chance alone; where two "
    "bars overlap, do not read a difference into them."
)
_ONE_VIEW_NOTE = (
    "Year groups and groups of pupils are shown in the school view only: held against this one, "
    "they could tell of a few pupils."
)
_HIDDEN_NOTE = (
    " A number of 1 to 9 pupils is not shown, nor a number from which it could be worked out."
)


def registers(person: Person) -> tuple[Register, Register]:
    """This school year's register and last year's; a year earlier before the first mark."""
    this = live_register(person)
    before = live_register(person, this.school_year - 1)
    if this.latest >= 0 or before.latest < 0:
        return this, before
    return before, live_register(person, this.school_year - 2)


def ask(person: Person, register: Register) -> Asked:
    """The filters, each in the page's address."""
    everything = choices(person, register, None)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        view = filters.choose(
            "View", "view", [View.DFE], lambda _: View.DFE.words, View.SCHOOL.words, width=270
        )
        period = _ask_period(everything)
        days = _ask_days(register) if period == Period.CUSTOM else None
        year = filters.year_group(everything.years) if len(everything.years) > 1 else None
        chosen = choices(person, register, year)
        form = filters.form(chosen.forms) if len(chosen.forms) > 1 else None
    return Asked(View(view or View.SCHOOL), period, days, year, form)


def _ask_period(open_to: Choices) -> Period:
    others = [period for period in open_to.periods if period != Period.YEAR]
    chosen = filters.choose(
        "Period",
        "period",
        others,
        lambda value: Period(value).words,
        Period.YEAR.words,
        width=180,
    )
    return Period(chosen or Period.YEAR)


def _ask_days(register: Register) -> tuple[date, date]:
    expected = np.flatnonzero(register.expected.any(axis=0))
    first = int(expected[0]) if len(expected) else 0
    last = register.latest if register.latest >= 0 else SLOTS - 1
    year = register.school_year
    return filters.period(moment_of(year, first)[0], moment_of(year, last)[0])


def read(
    person: Person, register: Register, before: Register, asked: Asked
) -> AbsenceReport | None:
    """The report for what was asked."""
    phase = accounts.school_of(engine(), person).phase
    return remembered(
        person,
        (register, before),
        (asked, phase),
        lambda: absence_report(engine(), person, register, before, asked, phase),
    )


def ask_split(person: Person, register: Register, asked: Asked) -> Asked:
    """By what the pupils are told apart: one row of choices above the chart."""
    open_to = splits(person, choices(person, register, asked.year_group), asked)
    if len(open_to) == 1:
        st.markdown(f"### {_SPLITS[open_to[0]]}")
        return replace(asked, split=open_to[0])
    chosen = st.segmented_control(
        "Tell pupils apart",
        open_to,
        default=open_to[0],
        required=True,
        format_func=_SPLITS.__getitem__,
        key="split",
        label_visibility="collapsed",
    )
    return replace(asked, split=Split(chosen))


def groups(person: Person, report: AbsenceReport) -> None:
    """Each group as a dot on its range, the same as a table, and the way to the pupils."""
    if report.split.empty:
        show.quiet(_ONE_VIEW_NOTE)
        return
    shown = report.split[_is_told(report)]
    drawn = pd.DataFrame(
        {
            "group": shown.index,
            "rate": shown["absence_rate"].astype("float64"),
            "low": shown["low"].astype("float64"),
            "high": shown["high"].astype("float64"),
            "n": shown["pupils"].astype("int64"),
            "comparator": shown["comparator"].astype("float64"),
        }
    ).reset_index(drop=True)
    few = drawn.index[shown["possible_sessions"].to_numpy() < report.small_base]
    drawn.loc[few, ["rate", "low", "high"]] = float("nan")
    if len(drawn):
        draw(charts.group_dots, drawn, comparator_name=report.against)
    _table(_groups_table(report), "Absence by group")
    _links(person, report)
    show.quiet(_RANGE_NOTE + (_HIDDEN_NOTE if report.is_suppressed else ""))


def _is_told(report: AbsenceReport) -> pd.Series:
    """Groups that are too small to be shown have no place on the chart; the table says so."""
    if "hides_pupils" in report.split:
        return ~report.split["hides_pupils"]
    return report.split["pupils"] > 0


def _groups_table(report: AbsenceReport) -> pd.DataFrame:
    return pd.DataFrame(
        [_group_row(report, str(name), row) for name, row in report.split.iterrows()]
    )


def _group_row(report: AbsenceReport, name: str, row: pd.Series) -> dict[str, str]:
    hides = bool(row.get("hides_pupils", False))
    is_thin = not hides and row["possible_sessions"] < report.small_base
    hides_persistent = bool(row.get("hides_persistent", False))
    share = None
    if not hides_persistent and not is_thin:
        share = row["persistently_absent"] / row["pupils"]
    return {
        "Group": name,
        "Pupils": _number(row, "pupils"),
        "Missed": _number(row, "absent_sessions"),
        "Possible": _number(row, "possible_sessions"),
        "Absence": "too few to tell" if is_thin else _rate(row["absence_rate"]),
        "Pupils missing 10\u202f% or more": _number(row, "persistently_absent"),
        "Of the pupils": _rate(share),
        report.against.capitalize(): _rate(row["comparator"]),
    }


def _number(row: pd.Series, name: str) -> str:
    """A whole number; or why it is not there."""
    if not pd.isna(row[name]):
        return f"{row[name]:,.0f}"
    small = {"pupils": "few_pupils", "persistently_absent": "few_persistent"}
    return FEW if name in small and row[small[name]] else "not shown"


def _table(rows: pd.DataFrame, says: str, words: int = 1) -> None:
    """The twin of a chart; all but the first columns, of words, are figures."""
    config = {name: st.column_config.TextColumn(alignment="right") for name in rows.columns[words:]}
    with st.popover("As a table", type="tertiary"):
        st.dataframe(
            rows,
            hide_index=True,
            width="content",
            height="content",
            row_height=28,
            column_config=config,
            alt=says,
        )


def _links(person: Person, report: AbsenceReport) -> None:
    """From a figure to the pupils behind it."""
    if report.is_suppressed or not index.may_open(person, index.entry("on_track")):
        return
    with st.container(horizontal=True, gap="small", vertical_alignment="center"):
        st.markdown(":gray[The pupils:]", width="content")
        for label, query in _addresses(report):
            st.page_link(
                index.page_of("on_track"), label=label, query_params=query, width="content"
            )


MOST_LINKS = 12


def _addresses(report: AbsenceReport) -> list[tuple[str, dict[str, str]]]:
    asked = report.asked
    here = {"year": str(asked.year_group or ""), "form": asked.form or ""}
    kept = {name: value for name, value in here.items() if value}
    found = [(plain(report.who), kept)]
    names = [str(name) for name in report.split.index]
    if asked.split == Split.YEARS:
        found += [(name, {"year": name.removeprefix("Year ")}) for name in names]
    if asked.split == Split.FORMS and len(names) <= MOST_LINKS:
        found += [(plain(name), {**kept, "form": name}) for name in names]
    return found


def weeks(report: AbsenceReport) -> None:
    """This year's line and last year's."""
    st.markdown("### Week by week")
    draw(charts.absence_by_week, report.weeks)
    wide = report.weeks.pivot(index=["week", "label"], columns="series", values=["absence_rate"])
    possible = report.weeks[report.weeks["series"] == "This year"]["possible_sessions"]
    rates = {series: wide["absence_rate"].get(series) for series in ("This year", "Last year")}
    table = pd.DataFrame({"Week": [label for _, label in wide.index]})
    for series, values in rates.items():
        if values is not None:
            table[series] = [_rate(value) for value in values]
    table["Possible sessions this year"] = [_whole(number) for number in possible]
    _table(table, "Absence week by week")
    _hidden_times(report, report.weeks["absence_rate"], "weeks")


def weekdays(report: AbsenceReport) -> None:
    """The shape of the week."""
    st.markdown("### By day of the week")
    drawn = report.weekdays
    draw(absence_by_weekday, drawn)
    table = pd.DataFrame(
        {
            "Day": drawn["label"],
            "Morning": drawn["morning"].map(_rate),
            "Afternoon": drawn["afternoon"].map(_rate),
            "Day as a whole": drawn["rate"].map(_rate),
            "Missed": drawn["missed"].map(_whole),
            "Possible": drawn["possible"].map(_whole),
            "Last year": drawn["comparator"].map(_rate),
        }
    )
    _table(table, "Absence by day of the week")
    _hidden_times(report, drawn["rate"], "days")


def reasons(report: AbsenceReport) -> None:
    """What the sessions were missed for; the rarest stand in the table only."""
    if report.reasons is None:
        return
    st.markdown("### By reason")
    found = report.reasons
    drawn = found.head(MOST_REASONS)[["code", "short", "sessions", "state"]]
    draw(charts.reasons_bars, drawn.rename(columns={"short": "name"}))
    total = int(found["sessions"].sum())
    table = pd.DataFrame(
        {
            "Code": found["code"],
            "Meaning": found["name"],
            "Sessions": found["sessions"].map("{:,}".format),
            "Of all missed": (found["sessions"] / max(total, 1)).map(per_cent),
        }
    )
    _table(table, "Sessions missed by reason", words=2)


def _hidden_times(report: AbsenceReport, rates: pd.Series, times: str) -> None:
    if report.is_suppressed and rates.isna().any():
        show.quiet(NOT_SHOWN.format(times=times))


def _whole(value: Any) -> str:
    return _NOTHING if pd.isna(value) else f"{value:,.0f}"


def _rate(value: Any) -> str:
    return _NOTHING if pd.isna(value) else per_cent(float(value))
