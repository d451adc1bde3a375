"""One SQLite file, and no other in its place, for as long as an engine lives.

A connection goes on writing into a file that was deleted or moved, and what it saves is lost; and
a new connection makes an empty file where there is none; one made while the file was read-only
stays so for ever. So each use of a connection asks whether its file is still the one at the
address, as it was; and a file that has once been there is never made anew.
"""

from __future__ import annotations

import os
import stat
from contextlib import suppress
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, event
from sqlalchemy.exc import DisconnectionError

from attendance.errors import CannotRead
from attendance.store.failures import FILE_GONE

_EFFECTIVE = os.access in os.supports_effective_ids
_FILE = "attendance_file"
# Device, inode, and whether this program may write it.
Identity = tuple[int, int, bool]


class SameFile:
    """The file of one engine."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._was_there = False

    def watch(self, engine: Engine) -> None:
        """Ask whenever a connection is made, and whenever one is used again."""
        event.listen(engine, "do_connect", self._before)
        event.listen(engine, "connect", self._after)
        event.listen(engine, "checkout", self._again)

    def _before(self, *_: Any) -> None:
        found = self._identity()
        if self._was_there and found is None:
            raise CannotRead(FILE_GONE)
        if found and found[2]:
            self._free_what_lies_beside()

    def _free_what_lies_beside(self) -> None:
        """SQLite gives its -wal and -shm the mode of the database: read-only ones stay behind."""
        for suffix in ("-wal", "-shm"):
            beside = self._path.with_name(self._path.name + suffix)
            if beside.exists() and not os.access(beside, os.W_OK, effective_ids=_EFFECTIVE):
                with suppress(OSError):
                    beside.chmod(stat.S_IMODE(self._path.stat().st_mode))

    def _after(self, _connection: Any, record: Any) -> None:
        record.info[_FILE] = self._identity()

    def _again(self, _connection: Any, record: Any, _proxy: Any) -> None:
        found = self._identity()
        self._was_there = self._was_there or found is not None
        if found is None or found != record.info[_FILE]:
            raise DisconnectionError("The file is another one now.")

    def _identity(self) -> Identity | None:
        try:
            found = self._path.stat()
        except OSError:
            return None
        may_write = os.access(self._path, os.W_OK, effective_ids=_EFFECTIVE)
        return found.st_dev, found.st_ino, may_write
