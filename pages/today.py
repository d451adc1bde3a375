"""Today: who is not accounted for, and whose clock is running?"""

import streamlit as st

from attendance.ui import clocks_view, show, today_view, today_words
from attendance.ui.clock import now
from attendance.ui.frame import open_page

person = open_page("today")
report = today_view.read(person)
if report is None:
    today_view.no_register(person)
    st.stop()

moment, times = now(), today_view.times_of(person)
show.headline(today_words.sentence(report, moment, times))
show.strip(today_words.counts(report))
with st.container(key="body", horizontal=True, gap="large"):
    with st.container():
        with st.container(horizontal=True, vertical_alignment="center"):
            chosen = clocks_view.choose(person, report)
            kind = clocks_view.choose_kind(person) if chosen == clocks_view.DUE else ""
        if kind:
            clocks_view.draw(person, kind)
        else:
            today_view.queue(person, report)
    with st.container():
        today_view.before_ringing(report)
        today_view.missing_registers(person, report, moment, times)
        clocks_view.due_this_week(person)
        if report.reasons is not None:
            today_view.reasons(person, report.reasons)
