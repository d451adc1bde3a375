"""The one place that reads the clock.

ATTENDANCE_NOW, an ISO moment, starts this process at another moment (tests, pictures for the
README). Time goes on from there, so that sessions and tickets still run out.
"""

from __future__ import annotations

import os
import time
from datetime import UTC, datetime, timedelta
from functools import cache


def now() -> datetime:
    """This moment, in UTC."""
    start = os.environ.get("ATTENDANCE_NOW")
    if not start:
        return datetime.now(UTC)
    return datetime.fromisoformat(start) + timedelta(seconds=time.monotonic() - _first_asked(start))


@cache
def _first_asked(_start: str) -> float:
    return time.monotonic()
