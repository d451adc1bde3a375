"""The referral workbook: one pupil or several, as a local authority's officer will read it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from openpyxl import Workbook
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.worksheet import Worksheet

from attendance.core.referral import ReferralPack, to_moment
from attendance.core.referral_checklist import gaps
from attendance.documents.cells import (
    LINK,
    PER_CENT,
    WHOLE,
    Column,
    clean,
    put,
    set_up_page,
    table,
    title,
    widths_of,
)
from attendance.documents.package import new_workbook, set_properties, to_bytes
from attendance.documents.referral_lists import (
    write_amendments,
    write_chart,
    write_checklist,
    write_contacts,
    write_sessions,
)
from attendance.documents.referral_summary import made_by, write_summary
from attendance.errors import Refused
from attendance.rules.limits import limit_on

SHEETS = ("Summary", "Sessions", "Chart", "Amendments", "Contacts", "Checklist")
LONGEST_NAME = 31  # Excel's limit for the name of a sheet
_NOT_IN_A_NAME = re.compile(r"[\[\]:*?/\\'\x00-\x1f]")

CONTENTS = (
    Column("Pupil", 30),
    Column("Form", 10),
    Column("Possible sessions", 12, WHOLE, right=True),
    Column("Missed", 12, WHOLE, right=True),
    Column("Absence", 12, PER_CENT, right=True),
    Column("Still to add", 12, WHOLE, right=True),
    Column("First sheet", 34),
)
NOTES = (Column("Word", 26), Column("What it means here", 86), Column("Authority", 56))


def referral_workbook(packs: Sequence[ReferralPack]) -> bytes:
    """An .xlsx of one pupil's referral, or of several behind a sheet of contents.

    The same packs give the same bytes. Raises Refused when there is no pack.
    """
    if not packs:
        raise Refused("No pupil was chosen: choose at least one pupil to refer.")
    workbook = new_workbook()
    names = sheet_names(packs)
    if len(packs) > 1:
        _contents(workbook.create_sheet("Contents"), packs, names)
    for number, (pack, own) in enumerate(zip(packs, names, strict=True), start=1):
        _pupil(workbook, pack, own, number)
    _notes(workbook.create_sheet("Notes"), packs[0])
    _finish_pages(workbook, packs, names)
    first = packs[0]
    who = f"{first.referrer.name}, {first.referrer.position}, {first.school.name}"
    set_properties(workbook, clean(_title(packs)), clean(who), first.made_at)
    return to_bytes(workbook, first.made_at)


def _title(packs: Sequence[ReferralPack]) -> str:
    if len(packs) == 1:
        return f"Attendance referral: {packs[0].pupil.called}"
    return f"Attendance referrals: {len(packs)} pupils of {packs[0].school.name}"


def sheet_names(packs: Sequence[ReferralPack]) -> list[dict[str, str]]:
    """For each pupil the name of each of SHEETS: unique, safe and at most 31 characters long."""
    if len(packs) == 1:
        return [{sheet: sheet for sheet in SHEETS}]
    taken: set[str] = set()
    return [
        {sheet: f"{owner} {sheet}" for sheet in SHEETS}
        for owner in (_owner(pack, taken) for pack in packs)
    ]


def _owner(pack: ReferralPack, taken: set[str]) -> str:
    """'Fernsby D', or 'Fernsby D 2' for the next of that name; Excel takes no account of case."""
    room = LONGEST_NAME - max(len(sheet) for sheet in SHEETS) - 1
    plain = _NOT_IN_A_NAME.sub(" ", clean(f"{pack.pupil.surname} {pack.pupil.called[:1]}"))
    plain = " ".join(plain.split()) or "Pupil"
    for name in _numbered(plain, room):
        if name.casefold() not in taken:
            taken.add(name.casefold())
            return name
    raise AssertionError("there is always another number")


def _numbered(plain: str, room: int) -> Iterator[str]:
    yield plain[:room].strip()
    number = 2
    while True:
        end = f" {number}"
        yield plain[: room - len(end)].strip() + end
        number += 1


def _pupil(workbook: Workbook, pack: ReferralPack, own: dict[str, str], number: int) -> None:
    made = {sheet: workbook.create_sheet(own[sheet]) for sheet in SHEETS}
    write_summary(made["Summary"], pack)
    write_sessions(made["Sessions"], pack, number)
    write_chart(made["Chart"], pack)
    write_amendments(made["Amendments"], pack, number)
    write_contacts(made["Contacts"], pack, number)
    write_checklist(made["Checklist"], pack, number)


def _finish_pages(
    workbook: Workbook, packs: Sequence[ReferralPack], names: Sequence[dict[str, str]]
) -> None:
    owner = {
        own[sheet]: pack.pupil.called
        for pack, own in zip(packs, names, strict=True)
        for sheet in SHEETS
    }
    for sheet in workbook.worksheets:
        right = " · ".join(filter(None, (owner.get(sheet.title), packs[0].school.name)))
        set_up_page(sheet, "Confidential: pupil data", right)


def _contents(
    sheet: Worksheet, packs: Sequence[ReferralPack], names: Sequence[dict[str, str]]
) -> None:
    row = title(sheet, f"{len(packs)} pupils", made_by(packs[0]), widths_of(CONTENTS))
    rows = [
        (
            pack.pupil.called,
            pack.pupil.form,
            pack.outlook.possible_so_far,
            pack.outlook.missed,
            pack.outlook.missed / (pack.outlook.possible_so_far or 1),
            len(gaps(pack)),
            own["Summary"],
        )
        for pack, own in zip(packs, names, strict=True)
    ]
    table(sheet, row, CONTENTS, rows, "Contents")
    for below, own in enumerate(names, start=row + 1):
        link = sheet.cell(row=below, column=len(CONTENTS))
        place = f"'{own['Summary']}'!A1"
        link.hyperlink = Hyperlink(ref=link.coordinate, location=place)
        link.font = LINK


def _notes(sheet: Worksheet, pack: ReferralPack) -> None:
    """Definitions with their authority, so that nobody has to ask what a figure counts."""
    subtitle = f"{pack.school.name}. Figures to {to_moment(pack)}."
    row = title(sheet, "Notes", subtitle, widths_of(NOTES))
    end = table(sheet, row, NOTES, _definitions(pack), "Notes")
    put(sheet, end, 1, _NOT_THE_REGISTER, across=len(NOTES))


_NOT_THE_REGISTER = (
    "Drawn from the school's register with Attendance Desk. It is not the register itself, and not "
    "a certificate of attendance: the head signs that from the register."
)


def _definitions(pack: ReferralPack) -> list[tuple[str, str, str]]:
    persistent = limit_on("persistent_absence_percent", pack.to_day)
    severe = limit_on("severe_absence_percent", pack.to_day)
    window = limit_on("penalty_window_school_weeks", pack.to_day)
    return [
        ("Session", "Half a school day: morning (AM) or afternoon (PM).", "SI 2024/208 reg 10"),
        (
            "Possible sessions",
            "Sessions at which the pupil was on the roll and expected: present, approved activity, "
            "authorised or unauthorised. Closed days, codes that are not counted (D, Q, X, Y1 to "
            "Y7, Z, #) and sessions without a mark are left out.",
            "DfE pupil absence methodology",
        ),
        ("Attended", "Present, late before the register closed, or approved activity.", _TABLES),
        ("Absence", "Authorised and unauthorised together, of possible sessions.", _METHOD),
        (
            "Late after close (U)",
            "Arrived after the register closed: counted as unauthorised absence.",
            _TABLES,
        ),
        ("No mark", "Expected, and nothing entered: a gap to complete.", "SI 2024/208 reg 10"),
        (
            "Reason open (N)",
            "Absent, reason not yet established; counted as unauthorised until it is.",
            "SI 2024/208 reg 10(7) to (9)",
        ),
        (
            "Persistently absent",
            f"{persistent.title}: {persistent.value}\u202f%.",
            persistent.authority,
        ),
        ("Severely absent", f"{severe.title}: {severe.value}\u202f%.", severe.authority),
        ("Last 10 school weeks", f"{window.title}: {window.value} weeks.", window.authority),
        (
            "Amendment",
            "A change to a mark. The original, the amended mark, the reason, the moment, and the "
            "name and position of who made it are kept and cannot be changed.",
            "SI 2024/208 reg 6",
        ),
    ]


_TABLES = "SI 2024/208 reg 10, Tables 1 to 3"
_METHOD = "DfE pupil absence methodology"
