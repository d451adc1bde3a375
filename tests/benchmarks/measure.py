"""What every benchmark shares: medians of wall and CPU time, the demo school, one printed table.

Run by hand, never by pytest: a clock on a busy machine is no test. Each benchmark prints ratios
between things measured in the same run, and the load it ran under.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from statistics import median

from attendance.services import setup
from attendance.store.engine import Engine, open_engine, upgrade
from tests.screens import DEMO_DAY, DEMO_MOMENT

NOW = datetime.fromisoformat(DEMO_MOMENT).astimezone(UTC)
PUPILS = 1200


@dataclass(frozen=True)
class Spent:
    """Milliseconds of one piece of work: by the clock, and of this process's processor time.

    Medians, and ``least`` the fastest run by the clock: what it takes when nobody else is busy.
    """

    wall: float
    cpu: float
    least: float = 0.0


def timed(work: Callable[[], object], times: int = 1) -> Spent:
    """The medians of several runs."""
    walls, cpus = [], []
    for _ in range(times):
        wall, cpu = time.perf_counter(), time.process_time()
        work()
        walls.append((time.perf_counter() - wall) * 1000)
        cpus.append((time.process_time() - cpu) * 1000)
    return Spent(median(walls), median(cpus), min(walls))


def demo_school(file: Path) -> Engine:
    """The demo school of 1,200 pupils in a new SQLite file."""
    engine = open_engine(f"sqlite:///{file}")
    upgrade(engine)
    setup.create_demo(engine, today=DEMO_DAY, now=NOW, pupils=PUPILS)
    return engine


def table(title: str, headings: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    """Print rows under headings, the first column to the left and numbers to the right."""
    text = [[_cell(value) for value in row] for row in rows]
    widths = [max(map(len, column)) for column in zip(headings, *text, strict=True)]
    load = ", ".join(f"{each:.1f}" for each in os.getloadavg())
    print(f"\n{title}\n(load average {load} on {os.cpu_count()} processors)\n")
    for line in (list(headings), ["-" * width for width in widths], *text):
        first, *others = (
            cell.rjust(width) if at else cell.ljust(width)
            for at, (cell, width) in enumerate(zip(line, widths, strict=True))
        )
        print("  ".join([first, *others]))


def bar(value: float, most: float, width: int = 24) -> str:
    """A bar as long as its share of the most; something, however little, is a sliver."""
    eighths = max(1, round(8 * width * value / most))
    return "█" * (eighths // 8) + ["", *"▏▎▍▌▋▊▉"][eighths % 8]


def verdict(measured: float, target: float) -> str:
    """`under` or `OVER` the target."""
    return "under" if measured < target else "OVER"


def _cell(value: object) -> str:
    if isinstance(value, float):
        return f"{value:,.2f}" if value < 10 else f"{value:,.0f}"
    return str(value)
