"""What a person sees when a page breaks: our own sentence as it stands, or an incident number.

The log gets the kind of error and the places it came through, never its text: that may hold a
pupil's name, or what was being written to the database.
"""

from __future__ import annotations

import logging
import secrets
import traceback
from typing import Any

import streamlit as st

from attendance.errors import AttendanceError
from attendance.ui.show import plain

_log = logging.getLogger("attendance.trouble")
_LINES = logging.Formatter("%(asctime)s %(message)s")
# What the database says of the kind of failure; its text may hold a row.
_KINDS = ("errno", "sqlite_errorname", "sqlstate")


def on_script_error(error: Exception) -> bool:
    """Show the error on the page instead of Streamlit's own; True says that it has been shown."""
    if isinstance(error, AttendanceError):
        st.error(plain(str(error)))
    else:
        _show_incident(error)
    return True


def _show_incident(error: Exception) -> None:
    number = log_incident(error)
    st.markdown("### Something went wrong; nothing was saved")
    st.markdown(
        "Load the page again. If it happens again, tell whoever looks after Attendance Desk: "
        f"**incident number {number}**. It stands in the server’s log with the cause."
    )


def log_incident(error: Exception) -> int:
    """Write the error in the log; the number by which it is found there."""
    number = secrets.randbelow(900_000) + 100_000
    _log.error("incident %d\n%s", number, where_from(error))
    return number


def log_sentence(error: AttendanceError) -> None:
    """Write in the log what a person would be told; only where it can name no pupil."""
    _log.error("%s", error)


def where_from(error: BaseException | None) -> str:
    """The kind of an error and of those behind it, each with the places it came through."""
    parts: list[str] = []
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        kind = type(error)
        facts = [f" {name}={value}" for name in _KINDS if (value := getattr(error, name, None))]
        parts.append(f"{kind.__module__}.{kind.__qualname__}{''.join(facts)}\n")
        parts += traceback.format_tb(error.__traceback__)
        hidden = None if error.__suppress_context__ else error.__context__
        error = error.__cause__ or hidden
    return "".join(parts).rstrip()


def keep_content_out_of_the_log() -> None:
    """Have every logger of this process write errors as `where_from` does, Streamlit's too.

    Called once, before the first visitor.
    """
    usual = logging.getLogRecordFactory()

    def factory(*args: Any, **kwargs: Any) -> logging.LogRecord:
        record = usual(*args, **kwargs)
        if record.exc_info:
            record.exc_text = where_from(record.exc_info[1])
            record.exc_info = None
        return record

    logging.setLogRecordFactory(factory)
    if not _log.handlers:
        handler = logging.StreamHandler()
        handler.setFormatter(_LINES)
        _log.addHandler(handler)
