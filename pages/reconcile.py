"""Why figures differ: which reason turns our figure into another system's?"""

import streamlit as st

from attendance.ui import reconcile_view, show
from attendance.ui.frame import open_page

person = open_page("reconcile")

register = reconcile_view.register_of(person)
headline = st.container()
asked = reconcile_view.ask(register)
with show.refusals_here():
    found = reconcile_view.read(person, register, asked)
    if found is None:
        show.empty(
            "No session has been marked in this period.",
            "Choose another period, or look again when a register has been read on Imports.",
        )
        show.to_imports(person)
        st.stop()
    with headline:
        show.headline(reconcile_view.sentence(found))
    reconcile_view.view_and_period(found)
    reconcile_view.what_fits(found)
    reconcile_view.steps(found)
    reconcile_view.pupils(person, found)
    reconcile_view.offer(person, register, asked)
