"""Whole schools summed up from the database: `python -m tests.benchmarks.summary [pupils …]`.

Ours: ``services.summary`` on one school of 1,500 pupils x 380 sessions, then on 50 and on 200
schools of 1,000 (19 and 76 million marks), one after another in one process. Against it the better
of two ways with pandas to the same figures, ``read_sql`` and a groupby on one row a mark:

    SELECT pupil_id, code FROM mark WHERE school_id = ? AND school_year = ?       (our view)
    SELECT pupil_id, code FROM mark_row WHERE school_id = ? AND school_year = ?   (a table of rows)

Both read the same database, and their totals are compared. With many schools pandas is given ten
of them, and the rest is reckoned from those.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from attendance.core.figures import total_counts
from attendance.core.slots import SLOTS
from attendance.rules.codes import Category, reading_of
from attendance.services.registers import load_register, read_nameless
from attendance.services.summary import summaries, summary
from attendance.store.engine import Engine, open_engine, read, write
from tests.benchmarks.imports import SESSIONS
from tests.benchmarks.many_schools import FIRST_DAY, YEAR, build
from tests.benchmarks.measure import NOW, Spent, bar, table, timed, verdict
from tests.browser.conftest import ROOT

SIZES = ((1, 1500), (50, 1000), (200, 1000))
BY_PANDAS = 10
TARGET_TIMES, TARGET_MS, TARGET_ALL_MS = 100.0, 15.0, 1500.0
FLAT = 1.5
ABSENT = (Category.AUTHORISED, Category.UNAUTHORISED)
ROWS = "SELECT pupil_id, code FROM {table} WHERE school_id = {school} AND school_year = {year}"
MARK_ROWS = """
CREATE TABLE mark_row (
  school_id INTEGER, school_year INTEGER, pupil_id INTEGER, slot INTEGER, code TEXT,
  PRIMARY KEY (school_id, school_year, pupil_id, slot)
) WITHOUT ROWID
"""
FILL = "INSERT INTO mark_row SELECT school_id, school_year, pupil_id, slot, code FROM mark"


def by_pandas(engine: Engine, school_id: int, name: str) -> tuple[int, int]:
    """(possible sessions, absent sessions) of a school from one row a mark."""
    with read(engine) as tx:
        query = ROWS.format(table=name, school=school_id, year=YEAR)
        marks = pd.read_sql(query, tx.connection.driver_connection)
    by_pupil = marks.groupby(["pupil_id", "code"]).size().unstack(fill_value=0)
    codes = {code: reading_of(code, FIRST_DAY) for code in by_pupil}
    possible = by_pupil[[code for code, row in codes.items() if row.possible]].sum(axis=1)
    absent = by_pupil[[c for c, row in codes.items() if row.category in ABSENT]].sum(axis=1)
    return int(possible.sum()), int(absent.sum())


def by_lines(engine: Engine, ids: list[int]) -> tuple[int, int]:
    """The same from the lines, of all these schools."""
    found = [each.counts for each in summaries(engine, ids, now=NOW)]
    return sum(c["possible_sessions"] for c in found), sum(c["absent_sessions"] for c in found)


def measured(file: Path, number: int, size: int) -> dict[str, Any]:
    """Everything of one database, in a process of its own, so that its peak memory is its own."""
    engine = open_engine(f"sqlite:///{file}")
    ids = list(range(1, number + 1))
    summary(engine, 1, now=NOW)
    before = _peak()
    ours = timed(lambda: by_lines(engine, ids), 25 if number == 1 else 5)
    grown = _peak() - before
    # Ones: pages of zeros that nobody has written to are not there to be read.
    copied = timed(np.ones((number * size, SLOTS), dtype=np.uint8).copy, 9)
    some = ids[:BY_PANDAS]
    names = _pandas_ways(engine) if number == 1 else ["mark"]
    totals = by_lines(engine, some)
    rows = [timed(lambda name=name: _agree(engine, some, name, totals), 3) for name in names]
    parts = _parts(engine) if number == 1 else {}
    return {
        "ours": vars(ours), "copied": vars(copied), "grown": grown, "parts": parts,
        "pandas": {
            name: one.wall * number / len(some) for name, one in zip(names, rows, strict=True)
        },
    }  # fmt: skip


def _pandas_ways(engine: Engine) -> list[str]:
    with write(engine) as tx:
        tx.exec_driver_sql(MARK_ROWS)
        tx.exec_driver_sql(FILL)
    return ["mark", "mark_row"]


def _agree(engine: Engine, ids: list[int], name: str, totals: tuple[int, int]) -> None:
    found = np.array([by_pandas(engine, school_id, name) for school_id in ids]).sum(axis=0)
    assert tuple(found.tolist()) == totals, f"{found} is not {totals}"


def _parts(engine: Engine) -> dict[str, dict[str, float]]:
    register = load_register(engine, 1, YEAR)
    with read(engine) as tx:
        steps = {
            "read without names": lambda: read_nameless(tx, 1, YEAR, placed=False, born=False),
            "count in memory": lambda: total_counts(register),
            "read with names (pages)": lambda: load_register(engine, 1, YEAR),
        }
        return {name: vars(timed(step, 25)) for name, step in steps.items()}


def _peak() -> float:
    """Megabytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def in_process(*arguments: object) -> dict[str, Any]:
    """This module in a process of its own."""
    command = [sys.executable, "-m", "tests.benchmarks.summary", *map(str, arguments)]
    made = subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE)
    found: dict[str, Any] = json.loads(made.stdout)
    return found


def shown(found: dict[tuple[int, int], dict[str, Any]]) -> None:
    """The tables."""
    most = max(max(one["pandas"].values()) for one in found.values())
    rows: list[tuple[object, ...]] = []
    speed: list[tuple[object, ...]] = []
    for (number, size), one in found.items():
        ours, marks = Spent(**one["ours"]), number * size * SESSIONS
        name = f"{number} x {size:,} pupils, {marks / 1e6:.1f} M marks"
        best = min(one["pandas"].values())
        target = TARGET_MS if number == 1 else TARGET_ALL_MS
        for way, took in one["pandas"].items():
            rows.append((f"{name}: pandas, {way}", took, "", "", "", "", bar(took, most)))
        rows.append(
            (f"{name}: ours", ours.wall, ours.least, ours.cpu, f"{best / ours.wall:,.0f}",
             f"{verdict(TARGET_TIMES, best / ours.wall)}/{verdict(ours.wall, target)}",
             bar(ours.wall, most))
        )  # fmt: skip
        copied = Spent(**one["copied"])
        speed.append(
            (name, f"{ours.least * 1e6 / marks:.1f}", f"{ours.wall * 1e6 / marks:.1f}",
             f"{ours.wall / copied.wall:,.0f}", one["grown"], marks / 2**20,
             verdict(one["grown"], marks / 2**20 + 1))
        )  # fmt: skip
    table(
        "Whole-school summaries from the database, medians (verdicts: 100 times pandas / 15 ms, "
        "1.5 s)",
        ("Schools", "wall ms", "least", "cpu ms", "times", "", ""), rows,
    )  # fmt: skip
    table(
        "The same: cost of a mark, against a memory copy of the same lines, and growth of memory "
        "after the first school",
        ("Schools", "least ns/mark", "median", "copies", "grown MB", "< 1 byte/mark MB", ""),
        speed,
    )
    per_mark = [Spent(**one["ours"]).least / (n * size) for (n, size), one in found.items()]
    spread = max(per_mark) / min(per_mark)
    print(f"\nCost of a mark, dearest to cheapest: {spread:.2f} ({verdict(spread, FLAT)} {FLAT})")
    for name, part in next(iter(found.values()))["parts"].items():
        print(f"  1,500 pupils, {name}: {part['wall']:.2f} ms, least {part['least']:.2f}")


def main() -> None:
    if len(sys.argv) == 4:
        file, number, size = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
        if not file.exists():
            build(file, number, size).dispose()
            print("{}")
        else:
            print(json.dumps(measured(file, number, size)))
        return
    found = {}
    with tempfile.TemporaryDirectory() as folder:
        for number, size in SIZES:
            file = Path(folder) / f"{number}.sqlite"
            in_process(file, number, size)
            found[number, size] = in_process(file, number, size)
            print(f"{number} x {size} measured", file=sys.stderr, flush=True)
    shown(found)


if __name__ == "__main__":
    main()
