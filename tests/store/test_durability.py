"""Acknowledged means kept: the program is killed outright while it amends, again and again."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import Engine

from attendance.core import chain
from attendance.rules.codes import SYMBOL_OF
from attendance.store import amendments, registers
from attendance.store.engine import read
from tests.store.build import YEAR, school

ROOT = Path(__file__).parents[2]
AMENDS_FOR_EVER = """
import sys
from attendance.store import registers
from attendance.store.engine import open_engine, read
from tests.store.build import amend, change, turn_of
engine = open_engine(sys.argv[1])
school_id, pupil_id = int(sys.argv[2]), int(sys.argv[3])
with read(engine) as tx:
    turn, _ = registers.position(tx, school_id)
while True:
    (turn,) = amend(engine, school_id, turn_of(pupil_id, turn))
    print(turn, flush=True)
"""


@pytest.mark.parametrize("acknowledged_before", [1, 7, 23, 40])
def test_what_was_acknowledged_before_a_kill_is_kept_whole(
    sqlite_engine: Engine, acknowledged_before: int
) -> None:
    school_id, (amina, *_) = school(sqlite_engine)
    last = 0
    for _ in range(2):
        last = kill_after(sqlite_engine, school_id, amina, last + acknowledged_before)
        with read(sqlite_engine) as tx:
            count, head = registers.head(tx, school_id)
            rows = list(amendments.all_rows(tx, school_id))
            line = registers.load_line(tx, school_id, YEAR, amina)
        # One more may have been committed and not yet acknowledged.
        assert count in (last, last + 1)
        assert chain.verify(rows, head=head, count=count).intact
        now = {row["slot"]: SYMBOL_OF[str(row["amended"])] for row in rows}
        assert {slot: symbol for slot, symbol in enumerate(line) if symbol != "-"} == now
        last = count


def kill_after(engine: Engine, school_id: int, pupil_id: int, last: int) -> int:
    """Amend in another process, kill -9 it once ``last`` is acknowledged; the last it said."""
    command = [sys.executable, "-c", AMENDS_FOR_EVER]
    with subprocess.Popen(
        [*command, str(engine.url), str(school_id), str(pupil_id)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    ) as officer:
        assert officer.stdout is not None
        said = 0
        for line in officer.stdout:
            said = int(line)
            if said >= last:
                officer.send_signal(signal.SIGKILL)
                break
        rest = [line for line in officer.stdout.read().splitlines(keepends=True) if "\n" in line]
    assert officer.returncode == -signal.SIGKILL
    return int(rest[-1]) if rest else said
