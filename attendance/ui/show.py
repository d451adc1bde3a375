"""Small things that every page shows in the same way."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from html import escape

import streamlit as st

from attendance.core.people import Person
from attendance.errors import AttendanceError
from attendance.ui import index


@dataclass(frozen=True, slots=True)
class Count:
    """One figure of the strip: `17 unaccounted for`. The one that matters is strong; ``says`` is
    its definition (core.definitions)."""

    number: int | str
    word: str
    is_strong: bool = False
    says: str = ""


_MARKDOWN = re.compile(r"([\\`*_\[\]<>#$:~|!])")


def plain(text: str) -> str:
    """Text from a file or a form, for use inside Markdown: shown as it is, never as markup."""
    return _MARKDOWN.sub(r"\\\1", text)


def printed(text: str) -> str:
    """The words of a reference file, for Markdown: as they are, with ’ for an apostrophe."""
    return plain(text.replace("'", "\N{RIGHT SINGLE QUOTATION MARK}"))


def counted(number: int, singular: str) -> str:
    """'1 mark', '1,202 marks'."""
    return f"{number:,} {word(number, singular)}"


def word(number: int, singular: str) -> str:
    """The word as the number wants it."""
    return singular if number == 1 else f"{singular}s"


def listed(first: str, *others: tuple[int, str]) -> str:
    """'587 new marks, 2 held for you.': what there is none of is not said."""
    return ", ".join([first, *(f"{number:,} {words}" for number, words in others if number)]) + "."


def headline(sentence: str, says: str = "") -> None:
    """The one sentence under the head, in serif, that a head could read aloud; ``says`` is what
    its figures count, a hover away."""
    st.markdown(f"### {sentence}", help=plain(says) or None)


def strip(counts: Sequence[Count]) -> None:
    """The day's figures as one line between rules, each with its definition a hover away.

    One piece of HTML: five elements of their own cost the browser more than the rest of the head.
    """
    st.html(f'<div class="strip">{"".join(map(_figure, counts))}</div>')


def _figure(count: Count) -> str:
    number = f"{count.number:,}" if isinstance(count.number, int) else count.number
    word = escape(count.word)
    said = f"<b>{word}</b>" if count.is_strong else f"<span>{word}</span>"
    says = f' tabindex="0" data-says="{escape(count.says)}"' if count.says else ""
    return f"<p{says}><strong>{escape(number)}</strong> {said}</p>"


def quiet(text: str) -> None:
    """A note under a table: small and grey, but still readable (st.caption is not)."""
    st.markdown(f":small[:gray[{text}]]")


def empty(says: str, next_look: str = "") -> None:
    """Nothing to do or to show: say so kindly, and when to look again."""
    st.markdown(f"#### {says}")
    if next_look:
        st.markdown(f":gray[{next_look}]")


def to_imports(person: Person) -> None:
    """Where a school without a register begins, for whoever may import one."""
    imports = index.entry("imports")
    if index.may_open(person, imports):
        st.page_link(
            index.page_of("imports"), label="Go to Imports", icon=f":material/{imports.icon}:"
        )


@contextmanager
def refusals_here() -> Iterator[None]:
    """Around an action: what it refuses is said at this place of the page, in its own sentence.

    Without it the sentence stands at the foot of the page (`trouble`), and the rest is not drawn.
    """
    try:
        yield
    except AttendanceError as error:
        st.error(plain(str(error)))
