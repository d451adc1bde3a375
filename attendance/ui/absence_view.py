"""How the Absence page asks and draws."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date

import numpy as np
import pandas as pd
import streamlit as st

from attendance import charts
from attendance.charts.weekdays import absence_by_weekday
from attendance.core.absence import Period
from attendance.core.cohorts import Cohort
from attendance.core.names import plain
from attendance.core.people import Person
from attendance.core.register import Register
from attendance.core.slots import SLOTS, moment_of
from attendance.core.views import View
from attendance.services import accounts
from attendance.services.absence import AbsenceReport, absence_report
from attendance.services.absence_scope import (
    Asked,
    Choices,
    Split,
    as_seen_by,
    choices,
    reached,
    splits,
)
from attendance.services.cohorts import cohort_choices, facts_of
from attendance.ui import absence_tables as tables
from attendance.ui import filters, index, show
from attendance.ui.absence_words import NOT_SHOWN
from attendance.ui.cache import engine, live_register, remembered, worked_out
from attendance.ui.drawing import draw

_SPLITS = {
    Split.YEARS: "By year group",
    Split.FORMS: "By form",
    Split.GROUPS: "By group of pupils",
}
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
        cohorts = _ask_cohorts(person, register)
    return Asked(View(view or View.SCHOOL), period, days, year, form, cohorts=cohorts)


def _ask_cohorts(person: Person, register: Register) -> tuple[Cohort, ...]:
    """Up to two groups of pupils, who are then in both; none for who sees no small group."""
    if as_seen_by(person)[1]:
        return ()
    known = remembered(person, (register,), ("cohorts",), lambda: _cohorts_known(person, register))
    first = filters.choose("Group", "group", list(known), _words_of(known), "All pupils", 190)
    if not first:
        return ()
    others = {name: cohort for name, cohort in known.items() if cohort.name != known[first].name}
    second = filters.choose("And", "and", list(others), _words_of(others), "and nothing else", 190)
    return (known[first], others[second]) if second else (known[first],)


def _cohorts_known(person: Person, register: Register) -> dict[str, Cohort]:
    """'fsm=yes' -> the cohort; year groups and forms have filters of their own."""
    own = register.only(reached(person, register.pupils))
    found = cohort_choices(person, [own], facts_of(engine(), person.school_id))
    return {
        f"{name}={value}": Cohort(name, value)
        for name, values in found.items()
        if name not in ("year", "form")
        for value in values
    }


def _words_of(known: Mapping[str, Cohort]) -> Callable[[str], str]:
    return lambda name: known[name].words


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
    drawn = worked_out((report,), "group dots", lambda: tables.dots(report))
    if len(drawn):
        draw(charts.group_dots, drawn, comparator_name=report.against)
    table = worked_out((report,), "groups", lambda: tables.groups_table(report))
    _table(table, "Absence by group")
    _links(person, report)
    show.quiet(_RANGE_NOTE + (_HIDDEN_NOTE if report.is_suppressed else ""))


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
    # On track knows no such groups: it would list others than the figure counts.
    if report.is_suppressed or report.asked.cohorts:
        return
    if not index.may_open(person, index.entry("on_track")):
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
    table = worked_out((report,), "weeks", lambda: tables.weeks_table(report))
    _table(table, "Absence week by week")
    _hidden_times(report, report.weeks["absence_rate"], "weeks")


def weekdays(report: AbsenceReport) -> None:
    """The shape of the week."""
    st.markdown("### By day of the week")
    draw(absence_by_weekday, report.weekdays)
    table = worked_out((report,), "weekdays", lambda: tables.weekdays_table(report.weekdays))
    _table(table, "Absence by day of the week")
    _hidden_times(report, report.weekdays["rate"], "days")


def reasons(report: AbsenceReport) -> None:
    """What the sessions were missed for; the rarest stand in the table only."""
    if report.reasons is None:
        return
    st.markdown("### By reason")
    found = report.reasons
    draw(charts.reasons_bars, worked_out((report,), "bars", lambda: tables.bars(found)))
    table = worked_out((report,), "reasons", lambda: tables.reasons_table(found))
    _table(table, "Sessions missed by reason", words=2)


def _hidden_times(report: AbsenceReport, rates: pd.Series, times: str) -> None:
    if report.is_suppressed and rates.isna().any():
        show.quiet(NOT_SHOWN.format(times=times))
