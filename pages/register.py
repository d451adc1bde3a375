"""Placeholder."""

import streamlit as st

from attendance.ui.frame import open_page

person = open_page("register")
st.markdown("### Nothing here yet.")
