"""The parts of the page Why figures differ: what is asked, the figure by reasons, the pupils."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import Any

import numpy as np
import pandas as pd
import streamlit as st

from attendance.core.absence import Period
from attendance.core.people import Person
from attendance.core.reconcile_words import (
    BY_NAME,
    REASONS,
    Fit,
    Measure,
    Reconciliation,
    Step,
    base_in_words,
    cut_off,
    fit_in_words,
    in_words,
)
from attendance.core.register import Register
from attendance.core.slots import SLOTS, moment_of
from attendance.errors import NotAllowed
from attendance.services import reconcile, sign_in
from attendance.services.reconcile import Asked
from attendance.ui import filters, index, session, show
from attendance.ui.cache import engine, live_register, remembered
from attendance.ui.clock import now
from attendance.ui.show import plain

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_MOST_FITS = 6
_TALL, _ROW = 12, 30


def register_of(person: Person) -> Register:
    """This school year's register; last year's before the first mark of this one."""
    this = live_register(person)
    if this.latest >= 0:
        return this
    before = live_register(person, this.school_year - 1)
    return before if before.latest >= 0 else this


def ask(register: Register) -> Asked:
    """The measure, the period and the other system's figure."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        measure = filters.choose(
            "Measure", "measure", list(Measure)[1:], lambda one: Measure(one).words,
            Measure.ABSENCE.words, 270, labelled=True,
        )  # fmt: skip
        period = filters.choose(
            "Period", "period", list(Period)[1:], lambda one: Period(one).words,
            Period.YEAR.words, 180, labelled=True,
        )  # fmt: skip
        days = _days(register) if period == Period.CUSTOM else None
        theirs = st.text_input(
            "Their figure", key="theirs", placeholder="91.4", width=120, max_chars=12,
            help="As the other system shows it: every decimal counts",
        )  # fmt: skip
    chosen = Measure(measure or Measure.ABSENCE)
    return Asked(chosen, Period(period or Period.YEAR), days, theirs)


def _days(register: Register) -> tuple[date, date]:
    expected = np.flatnonzero(register.expected.any(axis=0))
    first = int(expected[0]) if len(expected) else 0
    last = register.latest if register.latest >= 0 else SLOTS - 1
    year = register.school_year
    return filters.period(moment_of(year, first)[0], moment_of(year, last)[0])


def read(person: Person, register: Register, asked: Asked) -> Reconciliation | None:
    """The figure and its reasons, within this person's reach."""
    return remembered(
        person,
        (register,),
        ("reconcile", asked),
        lambda: reconcile.reconcile(person, register, asked),
    )


def sentence(found: Reconciliation) -> str:
    """Our figure, and what gives theirs or what moves ours most."""
    ours = f"{in_words(found.ours, found.measure)} ({base_in_words(found.ours, found.measure)})"
    where = f" for {plain(found.who)}" if found.who else ""
    if not found.theirs:
        return f"Our figure{where} is {ours}{_moves_most(found)}."
    theirs = plain(found.theirs) + ("" if found.measure == Measure.PERSISTENT_COUNT else " %")
    if not found.fits:
        return f"No usual reason, nor two or three together, turns our {ours} into {theirs}."
    best = found.fits[0]
    if fit_in_words(best) == "no difference at all":
        return f"Their {theirs} is our figure{where}: {ours}."
    return f"Their {theirs} is our {ours} with: {plain(fit_in_words(best))}."


def _moves_most(found: Reconciliation) -> str:
    """', and “ages 5 to 15” moves it most, to 7.8 %'."""
    ours = found.ours.number or Fraction()
    moved = [s for s in found.steps[1:] if s.alone.number not in (None, ours)]
    if not moved:
        return "; none of the usual reasons moves it"
    most = max(moved, key=lambda step: abs((step.alone.number or ours) - ours))
    return f"; “{plain(most.title)}” moves it most, to {in_words(most.alone, found.measure)}"


def view_and_period(found: Reconciliation) -> None:
    """Which view, which days, which rule: the definition behind the figure."""
    rule = (
        "persistent absence is 10 % or more of a pupil’s own possible sessions, decided on whole "
        "sessions" if found.measure.is_of_pupils
        else "sessions are pooled over pupils, never averaged; D, X, Q, Y, Z, # and blanks are "
        "not possible sessions"
    )  # fmt: skip
    first = f"{found.first_day:%-d %B %Y}"
    show.quiet(f"School view, every pupil, {first} to {found.until}: {rule}. {_rounding(found)}")


def _rounding(found: Reconciliation) -> str:
    """'Rounded to a whole per cent it reads 8 %, …': rounding alone may be the difference."""
    number = found.ours.number
    if number is None or found.measure == Measure.PERSISTENT_COUNT:
        return ""
    whole, one, two = (in_words(found.ours, found.measure, places) for places in (0, 1, 2))
    cut = f"{float(cut_off(number, 1)):.1f} %"
    return f"It reads {whole} as a whole per cent, {one} or {two} with decimals, {cut} cut off."


def what_fits(found: Reconciliation) -> None:
    """Every combination with as few reasons that gives their figure."""
    if not found.theirs or not found.fits:
        return
    st.markdown("### What gives their figure")
    st.markdown("\n".join(f"- {_fit(fit, found)}" for fit in found.fits[:_MOST_FITS]))
    more = len(found.fits) - _MOST_FITS
    several = len(found.fits) > 1
    show.quiet(
        (f"And {more} more. " if more > 0 else "")
        + ("Several fit: ask which the other system does. " if several else "")
        + "A fit is no proof; a figure with two decimals tells more than one with one."
    )


def _fit(fit: Fit, found: Reconciliation) -> str:
    words = plain(fit_in_words(fit))
    value = f"{in_words(fit.value, found.measure, 2)}, {base_in_words(fit.value, found.measure)}"
    return f"**{words[:1].upper()}{words[1:]}**: {value}"


def steps(found: Reconciliation) -> None:
    """The figure, each reason alone, and one after another in a fixed order."""
    st.markdown("### From our figure, reason by reason")
    base = "Pupils" if found.measure.is_of_pupils else "Sessions"
    table = pd.DataFrame([_step(step, found) for step in found.steps])
    text = st.column_config.TextColumn
    config: dict[str, Any] = {
        "Reason": text(width=272),
        f"{base}, alone": text(width=106, alignment="right", help="With this reason and no other"),
        "Alone": text(width=66, alignment="right"),
        "Moves it by": text(width=72, alignment="right"),
        f"{base}, so far": text(width=106, alignment="right",
                                help="With this reason and those above it"),
        "So far": text(width=66, alignment="right"),
        "Behind it": text(width=62, alignment="right", help="Pupils whose sessions it moves"),
    }  # fmt: skip
    st.dataframe(
        table.rename(columns={"alone": f"{base}, alone", "so far": f"{base}, so far"}),
        hide_index=True, row_height=_ROW, height="content", column_config=config,
        alt="Our figure, and what each reason makes of it alone and after those above",
    )  # fmt: skip


def _step(step: Step, found: Reconciliation) -> dict[str, Any]:
    together = step.together
    return {
        "Reason": step.title,
        "alone": _over(step.alone.above, step.alone.below),
        "Alone": in_words(step.alone, found.measure, 2),
        "Moves it by": _moved(step, found),
        "so far": _over(together.above, together.below) if together else "–",
        "So far": in_words(together, found.measure, 2) if together else "–",
        "Behind it": f"{step.pupils:,}" if step.name in BY_NAME else "",
    }


def _over(above: int, below: int) -> str:
    return f"{above:,} / {below:,}"


def _moved(step: Step, found: Reconciliation) -> str:
    if step.alone.number is None or found.ours.number is None or step.name == "ours":
        return ""
    by = step.alone.number - found.ours.number
    if not by:
        return "–"
    if found.measure == Measure.PERSISTENT_COUNT:
        return f"{int(by):+,}"
    if abs(by) < Fraction(1, 200):
        return "under 0.01"
    return f"{float(by):+.2f}".replace("-", "\N{MINUS SIGN}")


def pupils(person: Person, found: Reconciliation) -> None:
    """Who is behind each reason, largest first; each name opens the pupil's page."""
    st.markdown("### The pupils behind each reason")
    with st.container(key="reconcile_reasons", gap=None):
        st.html(
            "<style>.st-key-reconcile_reasons details "
            "{ border-width: 0 0 1px; border-radius: 0; }</style>"
        )
        for reason in REASONS:
            own = [one for one in found.pupils if one.reason == reason.name]
            sessions = sum(one.sessions for one in own)
            count = f"{_of(len(own), 'pupil')}, {_of(sessions, 'session')}" if own else "nobody"
            with st.expander(f"**{plain(reason.title)}** :gray[{count}]"):
                show.quiet(plain(reason.why))
                if own:
                    _list(person, reason.name, sorted(own, key=lambda one: -one.sessions))


def _list(person: Person, name: str, own: list[Any]) -> None:
    table = pd.DataFrame(
        {
            "Pupil": [one.name for one in own],
            "Form": [one.form for one in own],
            "Sessions": [one.sessions for one in own],
        }
    )
    key = f"open_behind_{name}"
    opens = index.may_open(person, index.entry("pupil"))
    config: dict[str, Any] = {}
    if opens:
        config["Pupil"] = st.column_config.ButtonColumn(
            width=220, type="tertiary", alignment="left", key=key, help="Open the pupil’s page"
        )
    st.dataframe(
        table, hide_index=True, row_height=_ROW, column_config=config, width=520,
        height="content" if len(table) <= _TALL else _ROW * (_TALL + 1),
        alt="The pupils behind this reason",
    )  # fmt: skip
    clicked = st.session_state.get(key) if opens else None
    if clicked:
        one = own[clicked["row"]]
        st.switch_page(index.page_of("pupil"), query_params={"pupil": str(one.pupil_id)})


def offer(person: Person, register: Register, asked: Asked) -> None:
    """The workbook, built and logged when it is clicked."""
    if not reconcile.may_export(person):
        return
    token = session.browser_token()

    def build() -> bytes:
        # The click may come long after the page was drawn: ask again who this is.
        clicker = sign_in.person_of(engine(), token, now()) if token else None
        if clicker is None or clicker.username != person.username:
            raise NotAllowed("Sign in again to download the workbook.")
        return reconcile.reconcile_file(engine(), clicker, register, asked, now())[1]

    st.download_button(
        "Download the workbook", data=build, file_name=reconcile.file_name(now()), mime=XLSX,
        icon=":material/download:", key="download_reconcile", on_click="ignore",
    )  # fmt: skip
    show.quiet("It names pupils. Who exported which pupils, and when, is logged.")


def _of(number: int, word: str) -> str:
    return f"{number:,} {word}{'' if number == 1 else 's'}"
