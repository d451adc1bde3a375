"""What it means, in a sentence, when the database itself fails: not reached, read-only, busy, full.

Our own mistakes (a table that is not there, a key given twice) are none of these: they stay loud.
"""

from __future__ import annotations

from sqlalchemy.exc import DBAPIError, OperationalError

from attendance.errors import AttendanceError, CannotRead, Refused

_LATER = "Load the page again in a moment; if this stays, tell whoever looks after Attendance Desk."
OUT_OF_REACH = (
    "The database cannot be opened. Check that it is running, that its address is right "
    f"and that this computer may use it. Nothing was changed. {_LATER}"
)
FILE_OUT_OF_REACH = (
    "The database cannot be opened. Check that its file is where it was, that it is a database "
    "of Attendance Desk, and that this program may read and write the file and its folder. "
    f"Nothing was changed. {_LATER}"
)
FILE_GONE = (
    "The file of the database is no longer where it was, so nothing can be shown or saved. "
    "Put it back, or restore the last backup, and load the page again."
)
READ_ONLY = (
    "The database can only be read at the moment, and nothing was changed. Registers and figures "
    "can be looked at; saving, signing in and opening a pupil’s record (which is always recorded) "
    "cannot be done until this program may write the database’s file and folder again."
)
NOT_READ = f"The database did not answer: it is busy or out of reach. Nothing was changed. {_LATER}"
NOT_SAVED = (
    "The database could not save this, and nothing was changed. "
    "It may be busy, full or out of reach: wait a moment and save again."
)
DAMAGED = (
    "The file of the database is damaged, and nothing was changed. "
    "Restore the last backup, and keep the damaged file for whoever looks after Attendance Desk."
)
_SQLITE_ERROR, _SQLITE_READONLY, _SQLITE_CANTOPEN = 1, 8, 14
_SQLITE_CORRUPT, _SQLITE_NOT_A_DATABASE = 11, 26
_POSTGRESQL_READ_ONLY = "25006"


def not_opened(error: DBAPIError, is_file: bool) -> AttendanceError:
    """Why no connection was made."""
    if _sqlite(error) == _SQLITE_CORRUPT:
        return CannotRead(DAMAGED)
    return CannotRead(FILE_OUT_OF_REACH if is_file else OUT_OF_REACH)


def not_read(error: DBAPIError) -> AttendanceError | None:
    """Why reading failed half-way; None for a mistake of ours."""
    if _sqlite(error) in (_SQLITE_CORRUPT, _SQLITE_NOT_A_DATABASE):
        return CannotRead(DAMAGED)
    if _sqlite(error) in (_SQLITE_READONLY, _SQLITE_CANTOPEN):
        return CannotRead(FILE_OUT_OF_REACH)
    return CannotRead(NOT_READ) if _is_the_databases_own(error) else None


def not_saved(error: DBAPIError) -> AttendanceError | None:
    """Why nothing was saved; None for a mistake of ours."""
    if _sqlite(error) in (_SQLITE_CORRUPT, _SQLITE_NOT_A_DATABASE):
        return CannotRead(DAMAGED)
    if _is_read_only(error):
        return Refused(READ_ONLY)
    return Refused(NOT_SAVED) if _is_the_databases_own(error) else None


def _is_read_only(error: DBAPIError) -> bool:
    is_refused = getattr(error.orig, "sqlstate", None) == _POSTGRESQL_READ_ONLY
    return is_refused or _sqlite(error) == _SQLITE_READONLY


def _is_the_databases_own(error: DBAPIError) -> bool:
    # SQLite says "no such table" with the same class: that is our bug.
    return isinstance(error, OperationalError) and _sqlite(error) != _SQLITE_ERROR


def _sqlite(error: DBAPIError) -> int | None:
    """SQLite's primary code: the low byte of the extended one."""
    code = getattr(error.orig, "sqlite_errorcode", None)
    return None if code is None else int(code) & 0xFF
