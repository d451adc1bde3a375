"""Rules in force: which rule made this figure?"""

import streamlit as st

from attendance.services.rules import rules_in_force
from attendance.ui import rules_view, show
from attendance.ui.frame import open_page

person = open_page("rules_in_force")

headline = st.container()
day, search = rules_view.choose()
report = rules_in_force(day, search)
with headline:
    show.headline(rules_view.sentence(report))
if report.found_nothing:
    show.empty("Nothing on this day holds those words.", "Try a code by itself, or fewer words.")
    st.stop()

rules_view.codes(report)
rules_view.limits(report)
rules_view.other_codes(report)
show.quiet(
    "Verified in the text: read in the regulation, or in DfE’s own methodology. Quoted by others: "
    "taken from guidance or pages that quote it. A mark is read by the rules of its own day, "
    "never by today’s. These are the files data/reference/codes.csv and limits.csv, which an "
    "attendance officer can check row by row."
)
