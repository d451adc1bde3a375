"""Users: who may sign in, and as what; opening, changing and closing accounts."""

import streamlit as st

from attendance.services import accounts
from attendance.ui import people, show
from attendance.ui.cache import engine
from attendance.ui.clock import now
from attendance.ui.frame import open_page

person = open_page("users")

everybody = accounts.list_users(engine(), person)
show.headline(people.in_a_sentence(everybody))
people.say_what_was_done()

with st.container(key="body", horizontal=True, gap="large"):
    table, form = st.container(), st.container(key="account_form")
with table:
    chosen = people.choose(everybody)
    show.quiet(
        "Choose a row to change a role or close an account. Accounts are closed, never deleted: "
        "their names stand in the registers they amended."
    )
with form, show.refusals_here():
    if chosen is None:
        new = people.ask_new()
        if new:
            accounts.add_user(engine(), person, new, now())
            people.done(f"{new.name} can sign in as ‘{new.username}’.")
    else:
        people.heading(chosen)
        changed = people.ask_role(chosen)
        if changed:
            accounts.set_role(engine(), person, chosen.person.username, *changed, now())
            people.done(f"{chosen.person.name} is now: {changed[0].title}.")
        if people.is_ending_sessions(chosen):
            accounts.end_sessions(engine(), person, chosen.person.username, now())
            people.done(f"{chosen.person.name} is signed out everywhere.")
        if people.is_closing(chosen):
            accounts.disable_user(engine(), person, chosen.person.username, now())
            people.done(f"The account of {chosen.person.name} is closed.")
        if people.is_opening(chosen):
            accounts.enable_user(engine(), person, chosen.person.username, now())
            people.done(f"The account of {chosen.person.name} is open again.")
