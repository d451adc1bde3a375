"""A whole school in one row, and many schools one after another, counted without names.

The same spans, sessions and definitions as ``services.figures``; what a row of a school does not
need (names, numbers, forms) is not read. A school is forgotten before the next one is read.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime

import numpy as np

from attendance.core.figures import as_one_group, total_counts
from attendance.core.register import Ints
from attendance.core.views import View
from attendance.services.registers import read_nameless, years_held_in
from attendance.services.spans import Span, days_of_spans, span_of, years_asked
from attendance.store.engine import Engine, Tx, read


@dataclass(frozen=True, slots=True)
class Summary:
    """``counts``: COUNT_COLUMNS of attendance.core.figures pooled over the school, ``pupils`` with
    a possible session, and how many are ``persistently_absent`` and ``severely_absent``."""

    school_id: int
    first_day: date
    last_day: date
    view: View
    counts: dict[str, int]


def summary(
    engine: Engine,
    school_id: int,
    *,
    now: datetime,
    first_day: date | None = None,
    last_day: date | None = None,
    view: View = View.SCHOOL,
) -> Summary:
    """A school between two days, both included; from the start of its year to now without them.

    Read from one snapshot. Raises Refused when there is no register to count.
    """
    with read(engine) as tx:
        spans = _spans(tx, school_id, first_day, last_day, view, now)
    start, end = days_of_spans(spans)
    counts = as_one_group(_by_pupil(spans), end)
    return Summary(school_id, first_day or start, last_day or end, view, counts)


def summaries(
    engine: Engine, school_ids: Iterable[int], *, now: datetime, view: View = View.SCHOOL
) -> Iterator[Summary]:
    """Each school's newest year, one school in memory at a time."""
    for school_id in school_ids:
        yield summary(engine, school_id, now=now, view=view)


def _spans(
    tx: Tx,
    school_id: int,
    first_day: date | None,
    last_day: date | None,
    view: View,
    now: datetime,
) -> list[Span]:
    years = years_asked(years_held_in(tx, school_id), first_day, last_day, now)
    # DfE's view is of ages, and where no date of birth is known the year group tells it.
    is_dfe = view == View.DFE
    registers = (read_nameless(tx, school_id, year, placed=is_dfe, born=is_dfe) for year in years)
    return [span_of(register, view, first_day, last_day, now) for register in registers]


def _by_pupil(spans: list[Span]) -> Ints:
    """(pupils, len(COUNTS)) over all the spans."""
    counts = [total_counts(span.register, span.first_slot, span.last_slot) for span in spans]
    ids = [span.register.pupils["pupil_id"].to_numpy(dtype=np.int64) for span in spans]
    if len(spans) == 1:
        return counts[0]
    known, rows = np.unique(np.concatenate(ids), return_inverse=True)
    added = np.zeros((len(known), counts[0].shape[1]), dtype=np.int64)
    np.add.at(added, rows, np.concatenate(counts))
    return added
