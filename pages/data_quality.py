"""Data quality: what is wrong in my data, and what do I do first?"""

import streamlit as st

from attendance.core.quality_kinds import Weight
from attendance.ui import quality_view, show
from attendance.ui.frame import open_page

person = open_page("data_quality")

register = quality_view.register_of(person)
if register.latest < 0:
    show.empty(
        "There is no register to look at yet.",
        "What is wrong in it stands here once a register has been imported.",
    )
    show.to_imports(person)
    st.stop()

headline = st.container()
report = quality_view.read(person, register)
with headline:
    show.headline(quality_view.sentence(report))
if report.lines:
    show.strip(quality_view.counts(report))
    worst = min(line.kind.weight for line in report.lines)
    for weight in Weight:
        quality_view.section(person, report, weight, is_first=weight == worst)
else:
    quality_view.nothing_found()
quality_view.looked_until(report)
