"""One line and one button."""

import streamlit as st

st.write("An empty page")
st.button("Again")
