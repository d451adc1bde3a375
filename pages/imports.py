"""Imports: did the file say what I think?"""

import streamlit as st

from attendance.services import imports
from attendance.ui import import_view, show
from attendance.ui.cache import engine
from attendance.ui.frame import open_page

person = open_page("imports")
headline = st.container()
import_view.said_before()
said = import_view.invitation()
with show.refusals_here():
    result = import_view.read_upload()
    if result is None:
        import_view.what_it_reads()
    else:
        report = imports.preview_import(engine(), person, result)
        said = import_view.sentence(report)
        import_view.figures(report)
        import_view.offer(person, report)
        import_view.changes(report)
        import_view.problems(report.problems)
with headline:
    show.headline(said)
with show.refusals_here():
    import_view.waiting(person)
import_view.past(person)
