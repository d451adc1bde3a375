"""What a person sees when a page breaks: our own sentence as it stands, or an incident number."""

from __future__ import annotations

import logging
import secrets

import streamlit as st

from attendance.errors import AttendanceError
from attendance.ui.show import plain

_log = logging.getLogger("attendance.trouble")


def on_script_error(error: Exception) -> bool:
    """Show the error on the page instead of Streamlit's own; True says that it has been shown."""
    if isinstance(error, AttendanceError):
        st.error(plain(str(error)))
    else:
        _show_incident(error)
    return True


def _show_incident(error: Exception) -> None:
    number = secrets.randbelow(9000) + 1000
    _log.error("incident %d", number, exc_info=error)
    st.markdown("### Something went wrong; nothing was saved")
    st.markdown(
        "Load the page again. If it happens again, tell whoever looks after Attendance Desk: "
        f"**incident number {number}**. It stands in the server’s log with the cause."
    )
