"""The parts of the Data quality page: what is wrong, worst first, and the way to mend it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

import pandas as pd
import streamlit as st

from attendance.core.people import Person
from attendance.core.quality_kinds import Kind, Place, Weight
from attendance.core.register import Register
from attendance.core.slots import Session, moment_of
from attendance.core.week_grid import monday_of
from attendance.services import quality
from attendance.services.quality import Line, QualityReport
from attendance.ui import filters, index, show
from attendance.ui.cache import engine, live_register, register_position, remembered
from attendance.ui.clock import now, today
from attendance.ui.show import Count, plain

_TALL = 13  # rows; a longer list scrolls in its own frame
_ROW = 30
# A list of headings between rules, not a pile of boxes.
_ONE_LINE = "details { border-width: 0 0 1px; border-radius: 0; } "
_COLUMNS = {
    "Pupil": 170,
    "Form": 60,
    "Sessions": 70,
    "Codes": 70,
    "First": 100,
    "Last": 100,
    "Session": 100,
}


def register_of(person: Person) -> Register:
    """This school year's register; last year's before the first mark of this one."""
    this = live_register(person)
    if this.latest >= 0:
        return this
    before = live_register(person, this.school_year - 1)
    return before if before.latest >= 0 else this


def read(person: Person, register: Register) -> QualityReport:
    """The findings of the year group and form that are chosen."""
    forms = quality.places(person, register)
    with st.container(horizontal=True):
        years = sorted(set(forms.values()))
        year = filters.year_group(years) if len(years) > 1 else None
        within = [form for form, of_year in forms.items() if year in (None, of_year)]
        form = filters.form(within) if len(within) > 1 else None
    # Files that were imported again without a change move no register, but the counters do.
    key = ("quality", today(), year, form, register_position(person))
    return remembered(
        person,
        (register,),
        key,
        lambda: quality.quality_report(
            engine(), person, register, now(), year_group=year, form=form
        ),
    )


def sentence(report: QualityReport) -> str:
    """What is wrong, and what comes first."""
    where = f" in {plain(report.who)}" if report.who else ""
    worst = report.of_weight(Weight.FIGURES)
    if not report.lines:
        return f"Nothing is wrong{where} that can be seen in the data."
    first = next(iter(worst or report.of_weight(Weight.DUTY) or report.of_weight(Weight.RECORD)))
    begin = f"begin with “{_lower(first.title)}”"
    if not worst:
        return f"No figure is wrong{where} that can be seen in the data; {begin}."
    number = sum(map(len, worst.values()))
    things = "1 finding changes" if number == 1 else f"{number:,} findings change"
    return f"{things} your figures{where}: {begin}."


def counts(report: QualityReport) -> list[Count]:
    """How many findings of each weight."""
    of = {weight: sum(map(len, report.of_weight(weight).values())) for weight in Weight}
    return [
        Count(of[Weight.FIGURES], "change your figures", is_strong=True),
        Count(of[Weight.DUTY], "asked for by law or guidance"),
        Count(of[Weight.RECORD], "make records worse"),
        Count(report.pupils, "pupils looked at"),
    ]


def looked_until(report: QualityReport) -> None:
    """Up to which session the marks were looked at."""
    if report.latest is None:
        return
    day, session = report.latest
    half = "morning" if session == Session.AM else "afternoon"
    show.quiet(
        f"Marks to the {half} of {day:%A} {day.day} {day:%B %Y}, the last session that most of "
        "the school has marks for. Nothing is changed here: each line leads to where it is mended."
    )


def nothing_found() -> None:
    """The kind empty state."""
    show.empty(
        "Every register is taken, and every mark fits its day and its pupil.",
        "Look again after the next import, and at the end of each week.",
    )


def section(person: Person, report: QualityReport, weight: Weight, *, is_first: bool) -> None:
    """The kinds of one weight, each with its list; nothing where there are none."""
    kinds = report.of_weight(weight)
    if not kinds:
        return
    st.markdown(f"### {weight.words}")
    with st.container(key=f"quality_{weight.value}", gap=None):
        st.html(f"<style>.st-key-quality_{weight.value} {_ONE_LINE}</style>")
        for place, (kind, lines) in enumerate(kinds.items()):
            with st.expander(_label(kind, lines), expanded=is_first and place == 0):
                _kind(person, report.school_year, kind, lines)


def _label(kind: Kind, lines: Sequence[Line]) -> str:
    """'X on pupils … · 3 pupils, 14 sessions, 3 Sep to 20 Nov'."""
    sessions = sum(line.finding.sessions for line in lines)
    whose = {line.finding.pupil_id for line in lines} - {None}
    parts = [_of(len(whose), "pupil")] if whose else []
    if sessions:
        parts.append(_of(sessions, "register" if kind.name == "missing_register" else "session"))
        first = min(line.first for line in lines if line.first)[0]
        last = max(line.last for line in lines if line.last)[0]
        parts.append(_short(first) if first == last else f"{_short(first)} to {_short(last)}")
    many = sum(line.finding.many for line in lines)
    parts += [_of(many, "line")] if many else []
    return f"**{plain(kind.title)}** :gray[{', '.join(parts)}]"


def _kind(person: Person, school_year: int, kind: Kind, lines: Sequence[Line]) -> None:
    st.markdown(f"**{plain(kind.fix)}**")
    show.quiet(f"{plain(kind.why)} Authority: {plain(kind.authority)}.")
    if kind.place == Place.IMPORTS:
        _sessions(school_year, lines)
        show.to_imports(person)
        return
    table = pd.DataFrame([_row(line) for line in lines])
    table = table.loc[:, [name for name in table if _says_something(table[name])]]
    if "Last" not in table:
        table = table.rename(columns={"First": "Session"})
    opened = "Pupil" if "Pupil" in table else "Form" if "Form" in table else "Year"
    config: dict[str, Any] = {
        name: st.column_config.TextColumn(width=width) for name, width in _COLUMNS.items()
    }
    config["Sessions"] = st.column_config.NumberColumn(width=_COLUMNS["Sessions"])
    config["More"] = st.column_config.TextColumn(width=300)
    key = f"open_{kind.name}"
    may_go = index.may_open(person, index.entry(kind.place))
    if may_go:
        config[opened] = st.column_config.ButtonColumn(
            width=170 if opened == "Pupil" else 80, type="tertiary", alignment="left", key=key,
            help="Open " + ("the pupil’s page" if kind.place == Place.PUPIL else "the register"),
        )  # fmt: skip
    st.dataframe(
        table, hide_index=True, row_height=_ROW, column_config=config, alt=kind.title,
        height="content" if len(table) <= _TALL else _ROW * (_TALL + 1),
    )  # fmt: skip
    clicked = st.session_state.get(key) if may_go else None
    if clicked:
        _open(lines[clicked["row"]])


def _says_something(column: pd.Series) -> bool:
    """Not empty in every line, and not one session in each."""
    told = {str(value) for value in column}
    return bool(told - {""}) and (column.name != "Sessions" or told != {"1"})


def _row(line: Line) -> dict[str, Any]:
    """One line of a list; a column that says nothing in any line is left out."""
    one = line.finding
    others = f"{', '.join(line.others)}." if line.others else ""
    same_day = line.first and line.last and line.first[0] == line.last[0]
    return {
        "Pupil": line.name,
        "Form": one.form,
        "Year": "" if one.form or one.pupil_id or not one.year_group else f"Year {one.year_group}",
        "Sessions": one.sessions or "",
        "Codes": " ".join(dict.fromkeys(code for code in one.codes if code)),
        "First": _moment(line.first),
        "Last": "" if same_day and one.sessions < 2 else _moment(line.last),
        "More": " ".join(part for part in (one.detail, others) if part),
    }


def _sessions(school_year: int, lines: Sequence[Line]) -> None:
    """The sessions that the whole school lacks, as text: no pupil and no form to open."""
    slots = [slot for line in lines for slot in line.finding.slots]
    said = [_moment(moment_of(school_year, slot)) for slot in slots]
    if said:
        st.markdown(plain("; ".join(said)) + ".")


def _open(line: Line) -> None:
    one, kind = line.finding, line.kind
    query: dict[str, str] = {}
    if one.pupil_id is not None:
        query["pupil"] = str(one.pupil_id)
    elif one.form:
        query["form"] = one.form
    elif one.year_group:
        query["year"] = str(one.year_group)
    if kind.place == Place.REGISTER and line.first:
        query["week"] = monday_of(line.first[0]).isoformat()
    st.switch_page(index.page_of(kind.place), query_params=query)


def _of(number: int, word: str, plural: Callable[[str], str] = "{}s".format) -> str:
    return f"{number:,} {word if number == 1 else plural(word)}"


def _moment(moment: tuple[date, Session] | None) -> str:
    return f"{_short(moment[0])} {moment[1].lower()}" if moment else ""


def _short(day: date) -> str:
    return f"{day.day} {day:%b}"


def _lower(title: str) -> str:
    """A title inside a sentence; a code at its head stays a capital."""
    word = title.split()[0]
    return title if len(word) < 3 or word.isupper() else title[0].lower() + title[1:]
