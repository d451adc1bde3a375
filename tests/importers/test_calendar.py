from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from attendance.core.calendar import Closure, Term
from attendance.errors import CannotRead
from attendance.importers.calendar import read_calendar

DATA = Path(__file__).parents[2] / "data"
HEADING = "kind,first_day,last_day,years,name\n"
TERM = "term,2026-09-02,2026-10-23,,Autumn 1\n"


def calendar(rows: str) -> tuple[tuple[Term, ...], tuple[Closure, ...]]:
    return read_calendar((HEADING + rows).encode(), "calendar.csv")


def test_a_term_an_inset_day_and_a_closure_for_some_years_are_read() -> None:
    terms, closures = calendar(
        TERM + 'inset,2026-09-02,,,Training\nclosure,12/10/2026,,"7,8",Open\n'
    )
    assert terms == (Term("Autumn 1", date(2026, 9, 2), date(2026, 10, 23)),)
    assert closures == (
        Closure(date(2026, 9, 2), date(2026, 9, 2), "inset", None, "Training"),
        Closure(date(2026, 10, 12), date(2026, 10, 12), "closure", frozenset({7, 8}), "Open"),
    )


@pytest.mark.parametrize("path", ["samples/school_calendar.csv", "templates/school_calendar.csv"])
def test_the_example_calendars_are_read(path: str) -> None:
    terms, closures = read_calendar((DATA / path).read_bytes(), path)
    assert terms and closures


@pytest.mark.parametrize(
    "rows, says",
    [
        (TERM + "holiday,2026-09-02,,,x", "Row 3: the kind is ‘holiday’"),
        (TERM + "inset,soon,,,x", "Row 3: ‘soon’ is not a date"),
        (TERM + "inset,2026-09-03,2026-09-02,,x", "Row 3: the last day"),
        (TERM + "inset,2026-09-03,,all,x", "Row 3: ‘all’ is not a list of year groups"),
        (TERM + "term,2026-10-23,2026-12-18,,Autumn 2", "overlap"),
        ("inset,2026-09-03,,,x", "no row of kind term"),
    ],
)
def test_a_calendar_with_a_mistake_is_refused_by_row(rows: str, says: str) -> None:
    with pytest.raises(CannotRead, match=says):
        calendar(rows)


def test_a_calendar_without_headings_or_in_excel_is_refused() -> None:
    with pytest.raises(CannotRead, match="no heading row"):
        read_calendar(TERM.encode(), "calendar.csv")
    with pytest.raises(CannotRead, match="as CSV"):
        read_calendar(b"PK\x03\x04", "calendar.xlsx")
