"""Placeholder."""

import streamlit as st

from attendance.ui.frame import open_page

person = open_page("rules_in_force")
st.markdown("### Nothing here yet.")
