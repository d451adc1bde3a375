"""Register: what is marked, and what should it be?"""

import streamlit as st

from attendance.core.names import plain
from attendance.ui import mark_panel, register_grid, review, show, typed_marks, week_choice
from attendance.ui.frame import open_page

person = open_page("register")

headline = st.container()
choice = week_choice.choose(person)
if choice is None:
    show.empty("No register is open to your account in this school year yet.", "")
    st.stop()

report = week_choice.report_of(person, choice)
typed_marks.put_stale_aside(person, choice.register)
with headline:
    show.headline(plain(report.sentence))
review.say_what_happened()
review.show_if_waiting(person)
if report.is_empty:
    show.empty("Nobody of this group is on roll in this week.", "Choose another week.")
    st.stop()

if choice.mode == week_choice.TYPE and report.may_change.any():
    typed_marks.draw(person, choice)
else:
    with st.container(key="body", horizontal=True, gap="large"):
        with st.container():
            cell = register_grid.choose_mark(report, choice.key)
        with st.container(key="mark_panel"):
            if cell is None:
                mark_panel.nothing_chosen(bool(report.may_change.any()))
            else:
                row, column = cell
                slot = report.grid.slot_at(row, column)
                mark_panel.draw(person, choice.register, report.pupil_ids[row], slot)
            mark_panel.codes_in_force(report.monday)
