"""On track: who is heading for 10 %, and who can still recover?"""

import streamlit as st

from attendance.core.definitions import define
from attendance.ui import on_track_view, show
from attendance.ui.frame import open_page

person = open_page("on_track")

headline = st.container()
report = on_track_view.read(person)
if report.is_empty:
    on_track_view.nothing_to_show(person, report)
    st.stop()

with headline:
    show.headline(on_track_view.sentence(report), define("persistent_absence"))
on_track_view.calendar_note(person, report)

if report.is_band_only:
    on_track_view.draw_wording(report)
else:
    with st.container(key="on_track_choice", horizontal=True, vertical_alignment="center"):
        band = on_track_view.choose_band(report)
        length = on_track_view.choose_length()
        # Not beside the lists: the grid's own tools come up over whatever stands at its corner.
        place = st.container(width="content")
    chosen = on_track_view.draw(person, report, band, length)
    on_track_view.refer(person, place, chosen)

show.quiet(
    "Sessions are half days. Past 10\u202f%: 10 in 100 or more of a pupil’s own possible sessions "
    "missed so far. Pupils who have left are not listed here; Absence counts them too, so its "
    "number of persistently absent pupils can be a little higher. A record, not a verdict: nobody "
    "is on these lists for anything but the sessions they missed."
)
