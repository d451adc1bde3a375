"""Placeholder."""

import streamlit as st

from attendance.ui.frame import open_page

person = open_page("absence")
st.markdown("### Nothing here yet.")
