"""Register: what is marked, and what should it be?"""

import streamlit as st

from attendance.core.names import plain
from attendance.ui import mark_panel, review, show, typed_marks, week_choice
from attendance.ui.frame import open_page

person = open_page("register")

headline = st.container()
choice = week_choice.choose(person)
if choice is None:
    with headline:
        show.headline("No register is open to your account in this school year yet.")
    st.markdown(":gray[It is here once a register file of the year has been imported.]")
    show.to_imports(person)
    st.stop()

report = week_choice.report_of(person, choice)
typed_marks.put_stale_aside(person, choice.register)
with headline:
    show.headline(plain(report.sentence))
review.show_if_waiting()
if report.is_empty:
    review.say_what_happened()
    show.empty("Nobody of this group is on roll in this week.", "Choose another week.")
    st.stop()

if choice.mode == week_choice.TYPE and report.may_change.any():
    typed_marks.draw(choice)
else:
    mark_panel.read_and_amend(person, choice, report)
