"""An application with nothing in it: what Streamlit itself costs on this machine."""

from __future__ import annotations

import gc
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import streamlit as st


@asynccontextmanager
async def lifespan(_app: st.App) -> AsyncIterator[None]:
    """What our own application does before its first visitor."""
    gc.collect()
    gc.freeze()
    yield


app = st.App("main.py", lifespan=lifespan)
