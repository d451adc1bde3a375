"""The workbook behind "Why figures differ": the figure by reasons, and the pupils behind each."""

from __future__ import annotations

from datetime import datetime

from openpyxl.worksheet.worksheet import Worksheet

from attendance.core.reconcile_words import (
    BY_NAME,
    Reconciliation,
    Step,
    Value,
    base_in_words,
    fit_in_words,
    in_words,
)
from attendance.documents.cells import (
    WHOLE,
    Column,
    clean,
    heading,
    put,
    set_up_page,
    table,
    title,
    widths_of,
)
from attendance.documents.cells import Value as Cell
from attendance.documents.package import new_workbook, set_properties, to_bytes

STEPS = (
    Column("Reason", 46),
    Column("Alone, of", 24),
    Column("Alone", 12, right=True),
    Column("With those above, of", 24),
    Column("With those above", 14, right=True),
    Column("Pupils behind it", 12, WHOLE, right=True),
    Column("Sessions", 12, WHOLE, right=True),
    Column("Why", 60),
)
PUPILS = (
    Column("Reason", 46),
    Column("UPN", 17),
    Column("Pupil", 32),
    Column("Form", 10),
    Column("Sessions", 12, WHOLE, right=True),
)
MOST_FITS = 12


def reconcile_workbook(
    found: Reconciliation, school: str, made_by: str, made_at: datetime
) -> bytes:
    """An .xlsx of two sheets; the same facts give the same bytes."""
    workbook = new_workbook()
    subtitle = (
        f"{school}{', ' + found.who if found.who else ''}, {found.first_day:%-d %B %Y} to "
        f"{found.until}. Made by {made_by}."
    )
    _figures(workbook.create_sheet("Figures"), found, subtitle)
    _pupils(workbook.create_sheet("Pupils"), found, subtitle)
    for sheet in workbook:
        set_up_page(sheet, f"{school}: why figures differ", "Confidential: pupil data")
    set_properties(workbook, "Why figures differ", clean(made_by), made_at)
    workbook.properties.subject = "Attendance figures reconciled"
    return to_bytes(workbook, made_at)


def _figures(sheet: Worksheet, found: Reconciliation, subtitle: str) -> None:
    row = title(sheet, f"Why figures differ: {found.measure.words}", subtitle, widths_of(STEPS))
    row = table(sheet, row, STEPS, [_step(step, found) for step in found.steps], "Reasons")
    if not found.theirs:
        return
    row = heading(sheet, row, f"What gives their figure, {found.theirs}", len(STEPS))
    said = [fit_in_words(fit) for fit in found.fits[:MOST_FITS]]
    for words in said or ["None of these reasons, nor two or three of them together."]:
        put(sheet, row, 1, words[:1].upper() + words[1:], across=len(STEPS))
        row += 1


def _step(step: Step, found: Reconciliation) -> list[Cell]:
    together: Value | None = step.together
    return [
        step.title,
        base_in_words(step.alone, found.measure),
        in_words(step.alone, found.measure, 2),
        base_in_words(together, found.measure) if together else "",
        in_words(together, found.measure, 2) if together else "",
        step.pupils,
        step.sessions,
        step.why,
    ]


def _pupils(sheet: Worksheet, found: Reconciliation, subtitle: str) -> None:
    row = title(sheet, "The pupils behind each reason", subtitle, widths_of(PUPILS))
    rows: list[list[Cell]] = [
        [BY_NAME[one.reason].title, one.upn, one.name, one.form, one.sessions]
        for one in found.pupils
    ]
    if rows:
        table(sheet, row, PUPILS, rows, "Pupils")
    else:
        put(sheet, row, 1, "No pupil is behind any of these reasons.", across=len(PUPILS))
