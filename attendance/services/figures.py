"""Figures by school, year group, form, pupil, week or code, over any days and in either view.

Of all pupils or of a cohort (``attendance.core.cohorts``). A row *by* year group or form gathers
the pupils whose latest placement it is, each with all their sessions of the cohort; ``form=9K`` as
a cohort counts the sessions at which 9K was the pupil's form.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

import numpy as np
import pandas as pd

from attendance.core.absence import by_week
from attendance.core.cohort_facts import Facts
from attendance.core.cohorts import BELOW_PUBLISHED_AGE, Cohort
from attendance.core.figures import (
    code_counts,
    pooled,
    pupil_counts,
    with_absence_flags,
    with_rates,
)
from attendance.core.on_track import on_track
from attendance.core.register import BLANK, Register
from attendance.core.slots import (
    SLOTS_A_WEEK,
    moment_of,
    school_year_of,
    year_name,
)
from attendance.core.views import View, census_terms_between
from attendance.errors import Refused
from attendance.rules.codes import CODE_OF
from attendance.services.cohorts import cohorts_asked, seen_in
from attendance.services.figure_rows import COLUMNS, never_split, row_of, with_small_base
from attendance.services.registers import lines_of_year, load_register, today_of, years_held
from attendance.services.spans import Span, days_of_spans, span_of, years_asked
from attendance.services.summary import Summary, summary
from attendance.store.engine import Engine

GROUPINGS = ("school", "year", "form", "pupil", "week", "code")


@dataclass(frozen=True, slots=True)
class FiguresReport:
    """``rows``: one dict a group, as the command line prints them. ``cohorts``: all of them at
    once; none is everybody. ``terms``: the census terms that the days reach into."""

    first_day: date
    last_day: date
    view: View
    rows: list[dict[str, Any]]
    cohorts: tuple[Cohort, ...] = ()

    @property
    def terms(self) -> list[str]:
        years = range(school_year_of(self.first_day), school_year_of(self.last_day) + 1)
        days = self.first_day, self.last_day
        return [
            f"{term.name} {year_name(year)}"
            for year in years
            for term in census_terms_between(year, *days)
        ]


def figures(
    engine: Engine,
    school_id: int,
    *,
    by: str,
    now: datetime,
    first_day: date | None = None,
    last_day: date | None = None,
    view: View = View.SCHOOL,
    cohorts: Iterable[str] = (),
) -> FiguresReport:
    """Count sessions of the whole school between two days, both included.

    ``cohorts``: 'name=value' each, of pupils who are in all of them, while they are. Raises
    UnknownCohort for one that is not known in these school years.

    Without ``last_day`` the count ends at the latest session that most of the school has marks
    for; without ``first_day`` it begins with that school year. Raises Refused when there is no
    register to count.
    """
    if by not in GROUPINGS:
        raise Refused(f"Figures can be had by {', '.join(GROUPINGS)}; not by {by}.")
    cohorts = tuple(cohorts)
    if by == "school" and not cohorts:
        return _whole_school(
            summary(engine, school_id, now=now, first_day=first_day, last_day=last_day, view=view)
        )
    registers = _registers(engine, school_id, first_day, last_day, now)
    spans = [span_of(r, view, first_day, last_day, now) for r in registers]
    start, end = days_of_spans(spans)
    found, facts = cohorts_asked(engine, school_id, registers, list(cohorts))
    if found:
        spans = [_of(span, r, found, facts) for span, r in zip(spans, registers, strict=True)]
    rows = _rows(spans, by) if by != "code" else _by_code(spans, engine, school_id)
    if view == View.DFE and BELOW_PUBLISHED_AGE in found:
        rows = never_split(rows, by)
    rows = with_small_base(rows, last_day or end)
    return FiguresReport(first_day or start, last_day or end, view, rows, found)


def _whole_school(found: Summary) -> FiguresReport:
    facts = with_rates(pd.DataFrame([found.counts])).iloc[0].to_dict()
    rows = with_small_base([row_of("school", facts)], found.last_day)
    return FiguresReport(found.first_day, found.last_day, found.view, rows)


@dataclass(frozen=True, slots=True)
class OnTrackRows:
    """core.on_track's columns for every pupil, with ``upn``, as it stood at the end of ``on``."""

    on: date
    rows: pd.DataFrame


def on_track_rows(engine: Engine, school_id: int, on: date | None, now: datetime) -> OnTrackRows:
    """The arithmetic of persistent absence for every pupil with a session by that day."""
    register = _registers(engine, school_id, None, on, now)[-1]
    day = on or max(today_of(now), moment_of(register.school_year, max(register.latest, 0))[0])
    frame = on_track(register, day)
    frame.insert(0, "upn", known_as(register.pupils))
    here = (frame["possible_so_far"] > 0) | (frame["possible_to_come"] > 0)
    return OnTrackRows(day, frame[here].sort_values("upn"))


def known_as(pupils: pd.DataFrame) -> pd.Series:
    """UPNs; the admission number of a pupil whose file had no UPN."""
    return pupils["upn"].where(pupils["upn"].notna(), pupils["admission_number"])


def _registers(
    engine: Engine, school_id: int, first_day: date | None, last_day: date | None, now: datetime
) -> list[Register]:
    years = years_asked(years_held(engine, school_id), first_day, last_day, now)
    return [load_register(engine, school_id, year) for year in years]


def _of(span: Span, register: Register, cohorts: tuple[Cohort, ...], facts: Facts) -> Span:
    whole = replace(register, covered=span.register.covered)
    seen = seen_in(whole, cohorts, facts, span.view)
    return replace(span, register=seen, is_everybody=False)


def _by_code(spans: list[Span], engine: Engine, school_id: int) -> list[dict[str, Any]]:
    totals: Counter[str] = Counter()
    for span in spans:
        totals.update(code_counts(span.register, span.first_slot, span.last_slot))
        if span.view == View.SCHOOL and span.is_everybody:
            totals.update(_not_on_roll(span, engine, school_id))
    return [{"key": code, "sessions": n} for code, n in sorted(totals.items())]


def _not_on_roll(span: Span, engine: Engine, school_id: int) -> Counter[str]:
    """Marks that a register gave pupils who are not on roll this year: Z, for who is to join."""
    ids, lines = lines_of_year(engine, school_id, span.register.school_year)
    others = ~np.isin(ids, span.register.pupils["pupil_id"].to_numpy(dtype=np.int64))
    marks = lines[others, span.first_slot : span.last_slot + 1]
    return Counter(CODE_OF[chr(mark)] for mark in marks[marks != BLANK].tolist())


def _rows(spans: list[Span], by: str) -> list[dict[str, Any]]:
    if by == "week":
        return _weeks(spans)
    counts = _pupils(spans)
    if by == "pupil":
        groups = with_rates(counts.assign(pupils=1)).set_index("upn")
    elif counts.empty and by == "school":
        return [row_of("school", dict.fromkeys(COLUMNS[:-4] + COLUMNS[-2:], 0))]
    else:
        column = {"year": "year_group", "form": "form"}.get(by)
        keys = counts[column] if column else pd.Series("school", index=counts.index)
        groups = pooled(counts.drop(columns=["pupil_id", "year_group"]), keys.to_numpy())
    return [row_of(str(key), facts) for key, facts in groups.to_dict("index").items()]


def _pupils(spans: list[Span]) -> pd.DataFrame:
    """One row a pupil over all spans, with the newest placement, counts and absence flags."""
    frames = [_pupils_of(span) for span in spans]
    merged = pd.concat(frames, ignore_index=True)
    names = ["pupil_id", "upn", "year_group", "form"]
    newest = merged[names].drop_duplicates("pupil_id", keep="last").set_index("pupil_id")
    sums = merged.drop(columns=names[1:]).groupby("pupil_id").sum()
    on = moment_of(spans[-1].register.school_year, max(spans[-1].last_slot, 0))[0]
    counts = with_absence_flags(newest.join(sums).reset_index(), on)
    flags = ["persistently_absent", "severely_absent"]
    counts[flags] = counts[flags].astype(int)
    return counts.sort_values(["year_group", "form", "upn"])


def _pupils_of(span: Span) -> pd.DataFrame:
    """Only pupils with a session in the span, marked or missing."""
    counts = pupil_counts(span.register, span.first_slot, span.last_slot)
    pupils = span.register.pupils
    named = pupils[["pupil_id", "year_group", "form"]].assign(upn=known_as(pupils))
    frame = pd.concat([named, counts], axis=1)
    expected = span.register.expected[:, span.first_slot : span.last_slot + 1]
    return frame.iloc[np.flatnonzero(expected.any(axis=1))]


def _weeks(spans: list[Span]) -> list[dict[str, Any]]:
    """One row a week by its Monday; the week of 1 August may have days in two school years."""
    frames, pupils = [], defaultdict[str, set[int]](set)
    for span in spans:
        weeks = by_week(span.register, span.first_slot, span.last_slot)
        weeks["key"] = weeks["first_day"].dt.strftime("%Y-%m-%d")
        frames.append(weeks.drop(columns=["week", "first_day"]))
        for key, week in zip(weeks["key"], weeks["week"].to_numpy() * SLOTS_A_WEEK, strict=True):
            inside = max(week, span.first_slot), min(week + SLOTS_A_WEEK - 1, span.last_slot)
            counts = pupil_counts(span.register, *inside)
            counted = counts["possible_sessions"].to_numpy() > 0
            pupils[key].update(span.register.pupils["pupil_id"][counted])
    groups = with_rates(pd.concat(frames).groupby("key").sum())
    return [
        row_of(str(key), facts | {"pupils": len(pupils[str(key)])})
        for key, facts in groups.to_dict("index").items()
    ]
