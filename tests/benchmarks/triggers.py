"""All triggers of a school in memory: `python -m tests.benchmarks.triggers`.

The demo school with 1,500 pupils, on a day of this autumn with last year on the timeline, and at
the end of last year's 380 sessions with the same year once more before it. The ratio is to a
copy of the bytes that are looked at: marks, on roll and open, of every slot up to the day.
"""

from __future__ import annotations

import gc
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from statistics import median

from attendance.core.register import Register
from attendance.core.timeline import Timeline, join
from attendance.core.triggers import find
from attendance.services import setup
from attendance.services.records import load_records
from attendance.services.registers import load_register
from attendance.services.settings import triggers_on
from attendance.store.engine import Engine, open_engine, read, upgrade
from tests.benchmarks.measure import NOW, table, verdict
from tests.screens import DEMO_DAY

PUPILS, TIMES, TARGET_MS = 1500, 41, 30.0
YEAR_END = date(2026, 7, 31)


def milliseconds(work: Callable[[], object]) -> tuple[float, float]:
    """The least and the median of many runs, by this process's processor time."""
    spent = []
    for _ in range(TIMES):
        start = time.process_time_ns()
        work()
        spent.append((time.process_time_ns() - start) / 1e6)
    return min(spent), median(spent)


def school(file: Path) -> tuple[Engine, Register, Register]:
    """The demo school in a new SQLite file, and its registers of last year and of this year."""
    engine = open_engine(f"sqlite:///{file}")
    upgrade(engine)
    setup.create_demo(engine, today=DEMO_DAY, now=NOW, pupils=PUPILS)
    return engine, load_register(engine, 1, 2025), load_register(engine, 1, 2026)


def a_year_earlier(register: Register) -> Register:
    """The same marks as those of the school year before."""
    year = register.school_year - 1
    calendar = replace(register.calendar, school_year=year, terms=(), closures=())
    return replace(register, school_year=year, calendar=calendar)


def copied(timeline: Timeline, on: date) -> Callable[[], object]:
    """Copies all bytes that the triggers look at."""
    end = sum(day <= on for day in timeline.days.tolist())
    arrays = (timeline.marks, timeline.on_roll, timeline.is_open)
    return lambda: [each[:, :end].copy() for each in arrays]


def measured(years: Sequence[Register], on: date, engine: Engine) -> list[tuple[object, ...]]:
    """Rows of the table for one day."""
    with read(engine) as tx:
        records, settings = load_records(tx, 1, on), triggers_on(tx, 1, on)
    timeline = join(years)
    found = find(timeline, on, records, settings)
    sessions = sum(len(each.sessions) for each in found)
    least, usual = milliseconds(lambda: find(timeline, on, records, settings))
    joining = milliseconds(lambda: join(years))
    copy = milliseconds(copied(timeline, on))
    what = f"{len(found)} findings, {sessions} sessions"
    bar = f"{verdict(usual, TARGET_MS)} {TARGET_MS:.0f} ms"
    return [
        (f"All triggers on {on:%d %b %Y}", least, usual, f"{usual / copy[1]:,.0f}", what, bar),
        ("  joining two registers", *joining, f"{joining[1] / copy[1]:,.1f}", "", ""),
        ("  a copy of the bytes", *copy, "1", "", ""),
    ]


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        engine, last, this = school(Path(folder) / "demo.sqlite")
        gc.collect()
        gc.freeze()  # as the server does after its imports
        rows = measured((last, this), DEMO_DAY, engine)
        rows += measured((a_year_earlier(last), last), YEAR_END, engine)
    title = f"Triggers of {PUPILS} pupils, two school years, {TIMES} runs"
    table(title, ("Step", "least cpu ms", "median cpu ms", "copies", "", ""), rows)


if __name__ == "__main__":
    main()
