"""Names and reasons that try to be something else: markup, a formula, a link, no text at all."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime

from sqlalchemy import Engine

from attendance.core.amendments import MarkChange
from attendance.core.slots import moment_of
from attendance.core.upn import check_letter
from attendance.rules.codes import CODE_OF
from attendance.services import accounts, imports, registers
from attendance.services.imports import ImportReport

NOW = datetime(2026, 11, 24, 10, 0, tzinfo=UTC)
FORM = "9Zz"
HOSTILE = {
    "script": "Zz<script>alert(1)</script>",
    "picture": "Zz<img src=x onerror=alert(1)>",
    "link": "Zz**x** [a](javascript:alert(1))",
    "remote": "Zz![](http://outside.invalid/x.png)",
    "latex": "Zz$x^2$ and $$y$$",
    "colour": "Zz:red[gone] :material/delete: :smile:",
    "backwards": "Zz\N{RIGHT-TO-LEFT OVERRIDE}gnikcarT",
    "invisible": "Zz\N{ZERO WIDTH SPACE}hid\N{ZERO WIDTH JOINER}den",
    "lines": "Zz\n# A heading\n- a list",
    "long": "Zz" + "x" * 4998,
    "link formula": '=HYPERLINK("http://outside.invalid/","Zz")',
    "command": "+cmd|' /C calc'!A0",
    "at": "@SUM(1+1)*cmd",
    "minus": "-2+3+cmd",
    "quotes": 'Zz "quoted, twice"',
    "entity": "Zz&lt;b&gt;&amp;",
    "nan": "nan",
    "None": "None",
    "NULL": "NULL",
    "code": "Zz`rm -rf` ~~gone~~ |cell|",
}


def upn(number: int) -> str:
    """A valid UPN of the unallocated LA 999."""
    digits = f"999466{number:06d}"
    return check_letter(f"?{digits}") + digits


def register_file() -> bytes:
    """A long table with a present mark, and some absences, for each of them."""
    text = io.StringIO()
    rows = csv.writer(text)
    rows.writerow("UPN Surname Forename Form Year Date Session Mark Comment".split())
    for number, name in enumerate(HOSTILE.values()):
        for day in (16, 17, 18, 19, 20, 23):
            for session in ("AM", "PM"):
                mark = "N" if day == 23 else "/" if session == "AM" else "\\"
                rows.writerow(
                    [upn(number), name, name, FORM, "9", f"{day}/11/2026", session, mark, name]
                )
    return text.getvalue().encode()


def import_them(engine: Engine) -> ImportReport:
    """Through a real file, as an officer does."""
    result = imports.read_file(register_file(), "=cmd <script>.csv")
    return imports.save_import(engine, accounts.find_person(engine, "officer"), result, NOW)


def amend_them(engine: Engine) -> dict[str, str]:
    """Amend a mark of each with a reason that is as hostile as the name: what was refused."""
    officer = accounts.find_person(engine, "officer")
    register = registers.load_register(engine, officer.school_id, 2026)
    ours = register.pupils["form"] == FORM
    refused = {}
    rows = ours.to_numpy().nonzero()[0]
    for row, (kind, reason) in zip(rows, HOSTILE.items(), strict=True):
        slot = max(s for s in range(540) if chr(register.marks[row, s]) == "N")
        day, session = moment_of(2026, slot)
        expected = CODE_OF[chr(register.marks[row, slot])]
        pupil_id = int(register.pupils["pupil_id"].iloc[row])
        change = MarkChange(pupil_id, day, session, expected, "I")
        try:
            registers.amend_marks(engine, officer, register, [change], reason, NOW)
        except Exception as error:
            refused[kind] = str(error)
    return refused
