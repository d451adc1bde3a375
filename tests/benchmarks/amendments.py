"""One mark amended with its audit entry: `python -m tests.benchmarks.amendments`.

Through the service, as the Register page does it: checked, compared, written, chained and
committed. SQLite with synchronous=FULL, and PostgreSQL where Debian's binaries are (with fsync on
here, unlike in the tests).
"""

from __future__ import annotations

import tempfile
from itertools import cycle
from pathlib import Path
from unittest.mock import patch

import numpy as np

from attendance.core.amendments import MarkChange
from attendance.core.slots import Session
from attendance.services import accounts, setup
from attendance.services.registers import amend_marks, load_register
from attendance.store.engine import Engine, open_engine, upgrade
from tests import postgres
from tests.benchmarks.measure import NOW, Spent, demo_school, table, timed, verdict
from tests.screens import DEMO_DAY

TARGET_MS = 10.0
TIMES = 100


def amend_one_mark(engine: Engine, times: int = TIMES) -> Spent:
    """The median of amending a mark of this morning to and fro."""
    person = accounts.find_person(engine, "officer")
    register = load_register(engine, person.school_id, 2026)
    row = int(np.flatnonzero(register.marks[:, register.latest] == ord("/"))[0])
    pupil_id = int(register.pupils["pupil_id"].iloc[row])
    codes = cycle([("/", "L"), ("L", "/")])

    def amend() -> None:
        expected, code = next(codes)
        change = MarkChange(pupil_id, DEMO_DAY, Session.AM, expected, code)
        amend_marks(engine, person, register, [change], "Came late, seen by the office", NOW)

    amend()
    return timed(amend, times)


def on_sqlite(folder: Path) -> Spent:
    """Amending in a SQLite file."""
    return amend_one_mark(demo_school(folder / "demo.sqlite"))


def on_postgresql() -> Spent | None:
    """Amending in PostgreSQL; None where there is none."""
    binaries = postgres.find_binaries()
    if binaries is None:
        return None
    durable = tuple(one for one in postgres.SETTINGS if "off" not in one)
    with patch.object(postgres, "SETTINGS", durable), postgres.Cluster(binaries) as cluster:
        engine = open_engine(cluster.url(cluster.create()))
        upgrade(engine)
        setup.create_demo(engine, today=DEMO_DAY, now=NOW, pupils=200)
        spent = amend_one_mark(engine)
        engine.dispose()
    return spent


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        measured = {"SQLite, synchronous=FULL": on_sqlite(Path(folder))}
    on_server = on_postgresql()
    if on_server is not None:
        measured["PostgreSQL, fsync on"] = on_server
    rows = [
        (name, spent.wall, spent.cpu, TARGET_MS, verdict(spent.wall, TARGET_MS))
        for name, spent in measured.items()
    ]
    headings = ("Database", "wall ms", "cpu ms", "target ms", "")
    table(f"One amendment with audit, median of {TIMES}", headings, rows)


if __name__ == "__main__":
    main()
