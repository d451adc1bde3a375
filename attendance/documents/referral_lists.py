"""The lists of a referral: sessions, amendments, the chart, what was done, and the checklist."""

from __future__ import annotations

from collections.abc import Sequence

from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from attendance.charts import png, weekly_line, year_strip
from attendance.core.referral import ReferralPack, SessionFact, to_moment, which_year
from attendance.core.referral_checklist import State, checklist, gates
from attendance.documents.cells import (
    ATTENTION,
    DATE,
    DATE_TIME,
    LABEL,
    STRONG,
    Column,
    Value,
    fit_height,
    heading,
    put,
    table,
    title,
    widths_of,
)
from attendance.documents.package import picture

SESSIONS = (
    Column("Date", 15, "ddd d mmm yyyy"),
    Column("Session", 9),
    Column("Code", 7),
    Column("Meaning", 48),
    Column("Counted as", 15),
    Column("Minutes late", 9, right=True),
    Column("Comment", 46),
)
AMENDMENTS = (
    Column("Session amended", 16, "ddd d mmm yyyy"),
    Column("AM or PM", 9),
    Column("Original", 10),
    Column("Amended", 10),
    Column("Reason", 56),
    Column("Made at", 18, DATE_TIME),
    Column("By", 24),
    Column("Position", 24),
)
CONTACTS = (
    Column("Date", 13, DATE),
    Column("Time", 9, "h:mm"),
    Column("By whom", 22),
    Column("How", 18),
    Column("With whom", 22),
    Column("What was said or done", 48),
    Column("Outcome", 28),
    Column("Next step and date", 26),
)
CHECKLIST = (
    Column("State", 14),
    Column("Group", 17),
    Column("Asked for", 46),
    Column("What is here, or what to do", 44),
    Column("Asked for by", 18),
    Column("Source", 38),
)
CHANNELS = (
    "Telephone call", "Text message", "E-mail", "Letter", "Meeting in school", "Home visit",
    "Other",
)  # fmt: skip
BLANK_CONTACTS = 16
CHART_WIDTH = 1000
CHART_COLUMNS = [11.2] * 12  # as wide as the pictures


def write_sessions(sheet: Worksheet, pack: ReferralPack, number: int) -> None:
    """Every absence, and every late arrival after the register closed, one row a session."""
    subtitle = (
        f"Every absence {which_year(pack)} to {to_moment(pack)}, late arrivals after the register "
        "closed (U) among them. One row is one session: half a day."
    )
    row = title(sheet, f"{pack.pupil.called}: sessions missed", subtitle, widths_of(SESSIONS))
    rows = [_session(fact) for fact in pack.sessions]
    end = table(sheet, row, SESSIONS, rows, f"Sessions_{number}", blank_rows=not rows)
    if not rows:
        put(sheet, end - 1, 1, "No session has been missed.", LABEL, across=len(SESSIONS))


def _session(fact: SessionFact) -> tuple[Value, ...]:
    name = f"{fact.name} (code withdrawn: to be amended)" if fact.is_withdrawn else fact.name
    return (
        fact.day, str(fact.session), fact.code, name, fact.authorised_in_words,
        fact.minutes_late, fact.comment,
    )  # fmt: skip


def write_amendments(sheet: Worksheet, pack: ReferralPack, number: int) -> None:
    """The register's history: original, amended, reason, when, who and in which position."""
    subtitle = (
        "Amendments to this pupil's marks, as the register keeps them "
        "(SI 2024/208 regulation 6), oldest first."
    )
    row = title(sheet, f"{pack.pupil.called}: amendments", subtitle, widths_of(AMENDMENTS))
    rows = [
        (a.day, str(a.session), a.original, a.amended, a.reason, a.at, a.name, a.position)
        for a in pack.amendments
    ]
    end = table(sheet, row, AMENDMENTS, rows, f"Amendments_{number}", blank_rows=not rows)
    if not rows:
        put(sheet, end - 1, 1, "No mark has been amended.", LABEL, across=len(AMENDMENTS))


def write_contacts(sheet: Worksheet, pack: ReferralPack, number: int) -> None:
    """Headings and empty rows: authorities ask above all what was tried, when and by whom."""
    subtitle = (
        "Fill in what was tried, when, by whom and with what outcome: first-day contact, letters, "
        "meetings, home visits, support offered and taken up."
    )
    row = title(sheet, f"{pack.pupil.called}: contacts and actions", subtitle, widths_of(CONTACTS))
    table(sheet, row, CONTACTS, [], f"Contacts_{number}", blank_rows=BLANK_CONTACTS)
    for below in range(row + 1, row + BLANK_CONTACTS + 1):
        sheet.row_dimensions[below].height = 24
    _validate(sheet, row + 1, row + BLANK_CONTACTS)


def _validate(sheet: Worksheet, first: int, last: int) -> None:
    how = DataValidation("list", formula1=f'"{",".join(CHANNELS)}"', allow_blank=True)
    how.errorTitle, how.error = "How", "Choose one of the list, or Other."
    day = DataValidation("date", operator="greaterThan", formula1="36526", allow_blank=True)
    day.errorTitle, day.error = "Date", "Write a date, such as 24/11/2026."
    how.add(f"D{first}:D{last}")
    day.add(f"A{first}:A{last}")
    for validation in (how, day):
        sheet.add_data_validation(validation)


def write_chart(sheet: Worksheet, pack: ReferralPack) -> None:
    """The year strip and the weekly line as pictures, each with a caption and alt text."""
    row = title(sheet, f"{pack.pupil.called}: the year", f"To {to_moment(pack)}.", CHART_COLUMNS)
    strip = pack.strip
    if strip is None or pack.weeks is None:
        put(sheet, row, 1, "No register of this school year to draw.", LABEL, across=12)
        return
    drawn = year_strip(strip.cells, strip.months, strip.breaks, strip.today_week, weeks=strip.weeks)
    line = weekly_line(pack.weeks, strip.breaks, number_of_weeks=strip.weeks, height=150)
    row = heading(sheet, row, "Every session", 12)
    row = _caption(sheet, row, _STRIP_KEY)
    row = _drawing(sheet, row, png(drawn, width=CHART_WIDTH), drawn.description)
    row = heading(sheet, row, "Attendance each week", 12)
    row = _caption(sheet, row, _LINE_KEY)
    _drawing(sheet, row, png(line, width=CHART_WIDTH), line.description)


_STRIP_KEY = (
    "One cell a session. Pale: present. Letters are the register's codes: blue authorised, orange "
    "unauthorised, pink no reason yet (N), yellow late (L), green approved activity; outlined: not "
    "counted. Grey: closed. A dot marks an amended mark."
)
_LINE_KEY = (
    "Dark line and dots: this year. Grey line: last year, mean of three weeks. Dashed: 10\u202f% "
    "of possible sessions missed. The lines stop over holidays."
)


def _caption(sheet: Worksheet, row: int, text: str) -> int:
    put(sheet, row, 1, text, LABEL, across=12)
    fit_height(sheet, row, [sum(CHART_COLUMNS)], [text])
    return row + 1


def _drawing(sheet: Worksheet, row: int, drawn: bytes, alt: object) -> int:
    height = picture(sheet, row, drawn, CHART_WIDTH, str(alt))
    # A row is 15 points high unless told, and a point is 4/3 of a pixel.
    return row + height // 20 + 2


def write_checklist(sheet: Worksheet, pack: ReferralPack, number: int) -> None:
    """What to put right first, then every field that authorities ask for, gaps named first."""
    items = checklist(pack)
    wanting = sum(item.state in (State.TO_ADD, State.NEEDS_DSL) for item in items)
    subtitle = (
        f"{wanting} of {len(items)} things that local authorities ask for are still to add. "
        "Authorities differ: follow the form of your own."
    )
    row = title(
        sheet, f"{pack.pupil.called}: is the referral complete?", subtitle, widths_of(CHECKLIST)
    )
    row = heading(sheet, row, "Before it goes", len(CHECKLIST))
    for gate in gates(pack):
        put(sheet, row, 1, "Put right" if gate.stops else "Check", ATTENTION)
        put(sheet, row, 2, gate.says, STRONG if gate.stops else LABEL, across=5)
        row += 1
    rows = [
        (str(i.state), i.field.group, i.field.field, i.says, i.field.asked_for_by, i.field.source)
        for i in items
    ]
    table(sheet, row + 1, CHECKLIST, rows, f"Checklist_{number}")
    _colour_states(sheet, row + 2, [item.state for item in items])


def _colour_states(sheet: Worksheet, first: int, states: Sequence[State]) -> None:
    """Amber is for work that waits on staff; what is there is quiet."""
    for row, state in enumerate(states, start=first):
        waits = state in (State.TO_ADD, State.NEEDS_DSL)
        sheet.cell(row=row, column=1).font = ATTENTION if waits else LABEL
