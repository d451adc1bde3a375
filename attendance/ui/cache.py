"""What the process keeps between reruns: the engine, and one live register a school year.

A register is never kept for a length of time: each rerun reads the school's sequence number
and loads the register again when it has moved. What a person may see is narrowed afterwards.
"""

from __future__ import annotations

from functools import cache

from attendance.store.engine import Engine, open_engine


@cache
def engine() -> Engine:
    """The database of this process (ATTENDANCE_DATABASE_URL)."""
    return open_engine()
