"""Attendance Desk as a web application: `streamlit run app.py`."""

from __future__ import annotations

import gc
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pandas  # noqa: F401  # before the freeze below
import streamlit as st
from starlette.middleware import Middleware
from streamlit.runtime import get_instance

import attendance.charts  # noqa: F401  # before the freeze below: it brings Altair
from attendance.errors import AttendanceError
from attendance.ui.cache import engine
from attendance.ui.files import remember_who_is_sent_what
from attendance.ui.readiness import READINESS
from attendance.ui.trouble import keep_content_out_of_the_log, log_sentence, on_script_error
from attendance.ui.web import Guard, routes


@asynccontextmanager
async def lifespan(_app: st.App) -> AsyncIterator[None]:
    """Bring the database up to date before the first visitor, or say in the log why not."""
    keep_content_out_of_the_log()
    remember_who_is_sent_what(get_instance().media_file_mgr)
    try:
        READINESS.check(engine())
    except AttendanceError as error:
        # The server answers all the same: each page says so too, and tries again.
        log_sentence(error)
    # Streamlit collects all garbage after every rerun; what is imported by now is not garbage.
    gc.collect()
    gc.freeze()
    yield


app = st.App(
    "attendance/ui/main.py",
    lifespan=lifespan,
    routes=routes(),
    middleware=[Middleware(Guard)],
    on_script_error=on_script_error,
)
