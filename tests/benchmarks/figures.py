"""Counting, against pandas on one row a mark: `python -m tests.benchmarks.figures`.

Both count the same sessions of the same database: ours from 540-symbol lines, pandas from the view
`mark` with read_sql and groupby. The other lines say what the pages' own steps cost.
"""

from __future__ import annotations

import tempfile
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd

from attendance.core import pupil_facts
from attendance.core.figures import pupil_counts
from attendance.core.on_track import on_track, outlook_at
from attendance.core.spells import half_terms, recent_weeks
from attendance.core.strip import YearStrip, strip_weeks
from attendance.demo.school import build_demo
from attendance.services.on_track import standing
from attendance.services.registers import load_register
from attendance.store import pupils, registers, schools
from attendance.store.engine import Engine, read
from tests.benchmarks.measure import NOW, PUPILS, Spent, demo_school, table, timed, verdict
from tests.screens import DEMO_DAY

DEMO_TARGET_MS = 10_000.0
PAGE_TARGET_MS = 2.0
YEAR = 2025
ROWS = "SELECT pupil_id, code FROM mark WHERE school_id = 1 AND school_year = 2025"
ABSENT = ("C", "C1", "C2", "E", "G", "H", "I", "J1", "K0", "M", "N", "O", "R", "S", "T", "U")


def by_rows(engine: Engine) -> pd.DataFrame:
    """Absences by pupil from one row a mark: what a spreadsheet-minded program does."""
    with read(engine) as tx:
        marks = pd.read_sql(ROWS, tx.connection.driver_connection)
    return marks.assign(absent=marks["code"].isin(ABSENT)).groupby("pupil_id")["absent"].sum()


def by_lines(engine: Engine) -> pd.DataFrame:
    """The same from the lines, the register read anew from the database."""
    return pupil_counts(load_register(engine, 1, YEAR))


def measured(engine: Engine) -> dict[str, Spent]:
    """Every step, warm."""
    register = load_register(engine, 1, YEAR)
    this_year = load_register(engine, 1, 2026)
    with read(engine) as tx:
        steps = {
            "  of it: lines": lambda: registers.load_lines(tx, 1, YEAR),
            "  of it: roll": lambda: pupils.roll(tx, 1, YEAR),
            "  of it: spells": lambda: pupils.spells(tx, 1),
            "  of it: calendar": lambda: schools.load_calendar(tx, 1, YEAR),
        }
        parts = {name: timed(step, 9) for name, step in steps.items()}
    return {
        "One row a mark, pandas": timed(lambda: by_rows(engine), 3),
        "Lines: load and count": timed(lambda: by_lines(engine), 9),
        "Count a register in memory": timed(lambda: pupil_counts(register), 9),
        "Load a register": timed(lambda: load_register(engine, 1, YEAR), 9),
        **parts,
        "On track, whole school": timed(lambda: standing(this_year, date(2026, 11, 24)), 9),
    }


def one_pupil(engine: Engine) -> Spent:
    """Every figure of one pupil's page, from registers that are in memory."""
    now, before = (load_register(engine, 1, year) for year in (2026, 2025))
    held = before.pupils["pupil_id"]
    row = int(now.pupils.index[now.pupils["pupil_id"].isin(held)][0])
    one = now.only(np.arange(len(now)) == row)
    last_year = before.only((held == one.pupils["pupil_id"].iloc[0]).to_numpy())
    first, last = strip_weeks(2026, one.is_open[0])
    strip = YearStrip(pd.DataFrame(), pd.DataFrame(), pd.DataFrame(), DEMO_DAY,
                      last - first + 1, None)  # fmt: skip

    def figures() -> None:
        pupil_facts.weekly_rates(strip, one, one.latest, last_year)
        recent_weeks(one, one.latest)
        half_terms(one, one.latest)
        pupil_facts.reasons(one, one.latest)
        pupil_facts.starts_by_weekday(one, one.latest)
        outlook_at(on_track(one, DEMO_DAY), 0)

    return timed(figures, 99)


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        build = timed(lambda: build_demo(DEMO_DAY, pupils=PUPILS, seed=1))
        opened: list[Engine] = []
        whole = timed(lambda: opened.append(demo_school(Path(folder) / "demo.sqlite")))
        spent = measured(opened[0])
        page = one_pupil(opened[0])
    pandas_ms = spent["One row a mark, pandas"].cpu
    rows = [(name, one.wall, one.cpu, f"1 : {pandas_ms / one.cpu:,.1f}", "")
            for name, one in spent.items()]  # fmt: skip
    rows += [
        ("One pupil's page figures", page.wall, page.cpu, "",
         f"{verdict(page.wall, PAGE_TARGET_MS)} {PAGE_TARGET_MS:.0f} ms"),
        ("Demo school: build", build.wall, build.cpu, "", ""),
        ("Demo school: schema, build, save", whole.wall, whole.cpu, "",
         f"{verdict(whole.wall, DEMO_TARGET_MS)} 10 s"),
    ]  # fmt: skip
    title = f"Figures of {PUPILS} pupils in {YEAR}/{YEAR % 100 + 1}, medians; now {NOW:%d %b %Y}"
    table(title, ("Step", "wall ms", "cpu ms", "pandas, times", ""), rows)


if __name__ == "__main__":
    main()
