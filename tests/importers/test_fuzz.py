"""Damaged bytes end in a sentence for the officer or in a register; never in anything else."""

from __future__ import annotations

import contextlib
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from attendance.errors import AttendanceError
from attendance.importers.read import read_register

SAMPLES = Path(__file__).parents[2] / "data" / "samples"
FILES = sorted(path for path in SAMPLES.rglob("*") if path.suffix in (".csv", ".xlsx"))
BYTES = {path.name: path.read_bytes() for path in FILES if 0 < path.stat().st_size < 60_000}

EDITS = st.lists(
    st.tuples(st.floats(0, 1), st.integers(0, 40), st.binary(max_size=12)), min_size=1, max_size=6
)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(name=st.sampled_from(sorted(BYTES)), edits=EDITS)
def test_a_damaged_sample_raises_only_attendance_errors(
    name: str, edits: list[tuple[float, int, bytes]]
) -> None:
    data = BYTES[name]
    for place, cut, insert in edits:
        at = int(place * len(data))
        data = data[:at] + insert + data[at + cut :]
    with contextlib.suppress(AttendanceError):
        read_register(data, name)


CELLS = st.sampled_from(
    ["UPN", "Adm No", "Name", "Date", "Session", "Mark", "AM", "PM", "/", "\\", "N", "02/11/2026",
     "Mon", "w/c 02/11/2026", "Z999499919101", "", "-", "#", "Total", "02/11/2026 AM", "7A", "=1",
     "11/04/2026", "2 Nov", "Possible", "9", "１", "²"]
)  # fmt: skip


@settings(max_examples=250, deadline=None)
@given(rows=st.lists(st.lists(CELLS, max_size=9), min_size=1, max_size=8))
def test_any_mixture_of_register_words_raises_only_attendance_errors(rows: list[list[str]]) -> None:
    text = "\n".join(",".join(row) for row in rows)
    with contextlib.suppress(AttendanceError):
        read_register(text.encode(), "mixture.csv")
