"""Is the database one that this program can use? Asked at the start, and every few seconds after.

The server starts and answers whatever the answer is, so that people read a sentence and not a
dead address, and so that it recovers by itself. Only before its first use is a database brought up
to date: one that changes under a running server is not touched.
"""

from __future__ import annotations

import time
from threading import Lock

from attendance.errors import Refused
from attendance.store.engine import Engine, is_current, upgrade

NOT_AS_IT_WAS = (
    "The database is not the one that was open before: it holds nothing, or an older Attendance "
    "Desk made it. Nothing was changed. Put the right file back; or, if this one is meant, have "
    "Attendance Desk started again, which brings it up to date."
)


class Readiness:
    """What is known of one process's database."""

    EVERY_SECONDS = 5.0

    def __init__(self) -> None:
        self._lock = Lock()
        self._used: Engine | None = None
        self._asked_at = 0.0

    def check(self, database: Engine) -> None:
        """Raise Refused or CannotRead, with the sentence to show, where it cannot be used."""
        if self._used is database and time.monotonic() - self._asked_at < self.EVERY_SECONDS:
            return
        with self._lock:
            if self._used is not database:
                upgrade(database)
            elif not is_current(database):
                raise Refused(NOT_AS_IT_WAS)
            self._used, self._asked_at = database, time.monotonic()


READINESS = Readiness()
