"""Absence: how are we doing, for whom, against what?"""

import streamlit as st

from attendance.ui import absence_view, absence_words, show
from attendance.ui.frame import open_page

person = open_page("absence")
register, before = absence_view.registers(person)
asked = absence_view.ask(person, register)
above = st.container()
with st.container(key="halves", horizontal=True, gap="large"):
    with st.container():
        asked = absence_view.ask_split(person, register, asked)
        report = absence_view.read(person, register, before, asked)
        if report is not None:
            absence_view.groups(person, report)
            absence_view.reasons(report)
    with st.container():
        if report is not None:
            absence_view.weeks(report)
            absence_view.weekdays(report)
with above:
    if report is None:
        show.empty(
            "No session has been marked for these pupils in this period.",
            "Choose another period, or look again when a register has been read on Imports.",
        )
    else:
        show.headline(absence_words.sentence(report), absence_words.definitions(report))
        for line in absence_words.comparisons(report):
            st.markdown(line)
        if absence_words.other_view(report, asked.view):
            show.quiet(absence_words.other_view(report, asked.view))
        show.strip(absence_words.counts(report))
