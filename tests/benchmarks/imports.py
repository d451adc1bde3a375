"""A school's first import: `python -m tests.benchmarks.imports`.

1,500 pupils x 380 sessions, invented, as a wide CSV and as a wide XLSX, into an empty SQLite
database; then the same school with 2 % of the marks corrected. As the command line does it (a new
process: Python's own start is in its time) and in one process step by step. Each is a process of
its own, so that its peak memory is its own.
"""

from __future__ import annotations

import csv
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from datetime import date, timedelta
from io import StringIO
from pathlib import Path

import numpy as np
import numpy.typing as npt

from attendance.rules.roles import Role
from attendance.services import accounts, imports, setup
from attendance.store.engine import open_engine, upgrade
from tests.benchmarks.measure import NOW, table, timed, verdict
from tests.browser.conftest import ROOT
from tests.importers.draw import upn, xlsx_of
from tests.screens import DEMO_MOMENT

PUPILS, SESSIONS = 1500, 380
TARGETS_MS = {"csv": 3000.0, "xlsx": 5000.0}
TARGET_MB = 500.0
CORRECTED = 0.02
ABSENCES = np.array(["I", "M", "C", "O", "U", "N"])
HEADINGS = ["UPN", "Adm No", "Surname", "Forename", "Year", "Reg Group"]


def days() -> list[date]:
    """The weekdays of 190 days from September 2025, breaks left out."""
    first = date(2025, 9, 1)
    weekdays = [first + timedelta(days=n) for n in range(330)]
    is_break = {date(2025, 10, 27), date(2025, 12, 22), date(2025, 12, 29), date(2026, 2, 16),
                date(2026, 3, 30), date(2026, 4, 6), date(2026, 5, 25)}  # fmt: skip
    open_days = [
        day
        for day in weekdays
        if day.weekday() < 5 and day - timedelta(days=day.weekday()) not in is_break
    ]
    return open_days[: SESSIONS // 2]


def marks(random: np.random.Generator) -> npt.NDArray[np.str_]:
    """(PUPILS, SESSIONS) codes: present, with 7 % missed and 3 % late."""
    drawn = np.tile(np.array(["/", "\\"], dtype="<U2"), (PUPILS, SESSIONS // 2))
    chance = random.random(drawn.shape)
    drawn[chance < 0.10] = "L"
    missed = chance < 0.07
    drawn[missed] = random.choice(ABSENCES, missed.sum())
    return drawn


def rows(drawn: npt.NDArray[np.str_]) -> list[list[str]]:
    """The heading row and one row a pupil."""
    heads = [f"{day:%a %d/%m/%Y} {half}" for day in days() for half in ("AM", "PM")]
    lines = [
        [upn(at), f"{4101 + at:06d}", f"Testwick{at % 97}", f"Amina{at % 89}", str(7 + at % 5),
         f"{7 + at % 5}{'ABCDEFGHIJ'[at % 50 // 5]}", *line]
        for at, line in enumerate(drawn.tolist())
    ]  # fmt: skip
    return [[*HEADINGS, *heads], *lines]


def write_files(folder: Path) -> None:
    """first.csv and first.xlsx, and second.* with the corrections."""
    random = np.random.default_rng(1)
    first = marks(random)
    second = first.copy()
    corrected = random.random(first.shape) < CORRECTED
    second[corrected] = np.where(second[corrected] == "I", "N", "I")
    for name, drawn in (("first", first), ("second", second)):
        lines = rows(drawn)
        text = StringIO()
        csv.writer(text).writerows(lines)
        (folder / f"{name}.csv").write_text(text.getvalue())
        (folder / f"{name}.xlsx").write_bytes(xlsx_of(lines))


def empty_school(file: Path) -> None:
    """A database with a school and an officer, and nobody on roll."""
    engine = open_engine(f"sqlite:///{file}")
    upgrade(engine)
    officer = accounts.NewUser(
        "officer", "Pat Invented", "Attendance Officer", "Long enough for 2026!",
        Role.ATTENDANCE_OFFICER,
    )  # fmt: skip
    setup.create_school(
        engine, name="Invented High School", urn="999001", phase="secondary",
        people=[officer], now=NOW,
    )  # fmt: skip
    engine.dispose()


def in_process(file: Path, database: Path) -> dict[str, float]:
    """Read, preview and save in this process: milliseconds each, and peak megabytes."""
    engine = open_engine(f"sqlite:///{database}")
    person = accounts.find_person(engine, "officer")
    found = []
    read = timed(lambda: found.append(imports.read_file(file.read_bytes(), file.name)))
    preview = timed(lambda: imports.preview_import(engine, person, found[0]))
    save = timed(lambda: imports.save_import(engine, person, found[0], NOW))
    steps = {"read": read, "preview": preview, "save": save}
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    cpu = sum(step.cpu for step in steps.values())
    return {**{name: step.wall for name, step in steps.items()}, "cpu": cpu, "peak": peak}


def by_steps(file: Path, database: Path) -> dict[str, float]:
    """``in_process`` in a process of its own."""
    command = [sys.executable, "-m", "tests.benchmarks.imports", str(file), str(database)]
    made = subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE)
    found: dict[str, float] = json.loads(made.stdout)
    return found


def by_command(file: Path, database: Path) -> dict[str, float]:
    """`python -m attendance import`: wall, processor and peak."""
    url = f"sqlite:///{database}"
    command = [sys.executable, "-m", "attendance", "--database", url, "import", str(file)]
    environment = {**os.environ, "ATTENDANCE_NOW": DEMO_MOMENT}
    start = time.perf_counter()
    process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL)
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise RuntimeError(f"The import of {file.name} ended with {process.returncode}.")
    wall = (time.perf_counter() - start) * 1000
    return {"wall": wall, "cpu": (used.ru_utime + used.ru_stime) * 1000,
            "peak": used.ru_maxrss / 1024}  # fmt: skip


def measured(folder: Path, kind: str) -> list[tuple[object, ...]]:
    """The table's rows for one format: first import and corrected file, both ways."""
    lines: list[tuple[object, ...]] = []
    for way in ("steps", "command"):
        database = folder / f"{kind}-{way}.sqlite"
        empty_school(database)
        for name in ("first", "second"):
            file = folder / f"{name}.{kind}"
            target = TARGETS_MS[kind] if name == "first" else None
            lines.append(_row(file, database, way, target))
    return lines


def _row(file: Path, database: Path, way: str, target: float | None) -> tuple[object, ...]:
    if way == "steps":
        took = by_steps(file, database)
        parts = [took[name] for name in ("read", "preview", "save")]
        whole, what = sum(parts), "in process"
    else:
        took = by_command(file, database)
        parts, whole, what = ["", "", ""], took["wall"], "command line"
    is_under = verdict(whole, target) if target else ""
    return (f"{file.name}, {what}", *parts, whole, took["cpu"], target or "", is_under,
            took["peak"], verdict(took["peak"], TARGET_MB))  # fmt: skip


def main() -> None:
    if len(sys.argv) == 2:
        write_files(Path(sys.argv[1]))
        return
    if len(sys.argv) == 3:
        print(json.dumps(in_process(*map(Path, sys.argv[1:]))))
        return
    with tempfile.TemporaryDirectory() as folder:
        # In a process of its own: on Linux a child's peak memory begins with its parent's.
        subprocess.run(
            [sys.executable, "-m", "tests.benchmarks.imports", folder], cwd=ROOT, check=True
        )
        lines = [row for kind in TARGETS_MS for row in measured(Path(folder), kind)]
    title = f"{PUPILS:,} pupils x {SESSIONS} sessions; second has {CORRECTED:.0%} corrected"
    headings = ("File", "read ms", "preview ms", "save ms", "whole ms", "cpu ms", "target ms", "",
                "peak MB", f"< {TARGET_MB:.0f}")  # fmt: skip
    table(title, headings, lines)


if __name__ == "__main__":
    main()
