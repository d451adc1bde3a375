"""Pupil: what is the story, and what next?"""

import streamlit as st

from attendance.ui import clocks_view, pupil_choice, pupil_view, records_view
from attendance.ui.cache import live_register
from attendance.ui.frame import open_page
from attendance.ui.pupil_choice import NobodyChosen

person = open_page("pupil", pupil_choice.title)

register = live_register(person)
chosen = pupil_choice.from_address(person, register)
if isinstance(chosen, NobodyChosen):
    pupil_choice.ask(person, register, chosen)
    st.stop()

record = pupil_view.read(person, chosen)
with st.container(key="identity", horizontal=True, vertical_alignment="center"):
    with st.container(horizontal=True, vertical_alignment="center"):
        pupil_view.identity(record.identity)
    with st.container(horizontal=True, width="content"):
        pupil_view.actions(person, record)
        records_view.button(person, chosen)
        pupil_choice.another()
pupil_view.headline(record)
clocks_view.of_pupil(person, chosen)
pupil_view.year(record)
pupil_view.weeks(record)
with st.container(key="pupil_thirds", horizontal=True, gap="large"):
    with st.container():
        pupil_view.reasons(record)
    with st.container():
        pupil_view.weekdays(record)
    with st.container():
        pupil_view.contacts(record)
        records_view.recorded(person, chosen)
        pupil_view.amendments(record)
pupil_view.enrolment(record)
