"""Settings: which thresholds are the school's own, and where do they come from?"""

import streamlit as st

from attendance.services import settings
from attendance.ui import settings_view, show
from attendance.ui.cache import engine
from attendance.ui.clock import now, today
from attendance.ui.frame import open_page

person = open_page("settings")

now_set = settings.school_settings(engine(), person, today())
may_change = settings.may_change(person)
show.headline(settings_view.in_a_sentence(now_set))
settings_view.say_what_was_done()

chosen = settings_view.choose(now_set, may_change=may_change)
settings_view.explain(may_change=may_change)
if chosen is not None:
    with st.container(width=480), show.refusals_here():
        asked = settings_view.ask(chosen)
        if asked:
            settings.change_setting(
                engine(), person, asked.name, asked.value,
                source=asked.source, valid_from=asked.valid_from, review_on=asked.review_on,
                now=now(),
            )  # fmt: skip
            settings_view.done(chosen.definition)
settings_view.past(settings.past_values(engine(), person))
