"""Referrals: is the pack complete, and what goes to the local authority?"""

import streamlit as st

from attendance.services import referrals
from attendance.ui import referral_view, show
from attendance.ui.cache import engine
from attendance.ui.clock import now
from attendance.ui.frame import open_page

person = open_page("referrals")
if not referral_view.may_export(person):
    referral_view.for_visitor(person)
    st.stop()
if not referral_view.has_registers(person):
    referral_view.nothing_yet(person)
    st.stop()

headline = st.container()
years, chosen = referral_view.choose(person)
referral_view.keep_in_address(chosen)
if not chosen:
    with headline:
        show.headline("Choose the pupils to refer; you see what is missing before anything goes.")
    referral_view.where_else()
    st.stop()

with show.refusals_here():
    packs = referrals.referral_packs(engine(), person, years, chosen, now())
    with headline:
        show.headline(referral_view.sentence(packs))
    referral_view.overview(packs, chosen)
    referral_view.offer(person, packs, chosen, years.this.school_year)
    unfolded = referral_view.to_open(packs)
    for number, pack in enumerate(packs):
        with st.expander(referral_view.how_it_stands(pack), expanded=number == unfolded):
            referral_view.one_pupil(pack)
    referral_view.by_hand(packs[0])
