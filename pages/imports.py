"""Placeholder."""

import streamlit as st

from attendance.ui.frame import open_page

person = open_page("imports")
st.markdown("### Nothing here yet.")
