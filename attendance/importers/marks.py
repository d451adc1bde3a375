"""What a mark cell says, by the day and half of the session it stands in.

A mark is never turned into "present" because it could not be read: what is not a code of that day,
or a withdrawn one, is held and listed with what to do.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from enum import IntEnum
from functools import cache

from attendance.core.imports import NOTHING
from attendance.core.slots import Session
from attendance.errors import NotInForce
from attendance.rules.codes import SYMBOL_OF, codes_on, reading_of


class Kind(IntEnum):
    """What a cell shows about a pupil, beyond the mark it gives."""

    BLANK = 0  # nothing at all
    UNMARKED = 1  # on roll, and no mark
    MARK = 2  # a mark, or something written that was held


@dataclass(frozen=True, slots=True)
class MarkReading:
    """``symbol`` is the storage symbol, '-' when nothing is saved; ``says`` is for the officer."""

    symbol: int
    kind: Kind
    says: str | None = None
    minutes_late: int | None = None


SAYS_NOTHING = frozenset(
    ["-", "missing", "all should attend", "no mark", "no mark recorded", "unmarked", "not marked"]
)
DASHES = frozenset("–—‐‑−")
WITH_MINUTES = re.compile(r"([LU])[ :(]*(\d{1,3}) ?(?:m|min|mins|minutes)?\)?", re.IGNORECASE)
MORNING, AFTERNOON = "/", "\\"
LOOKS_LIKE = dict(
    zip(
        "АВСЕНІКМОРЅТХУЈΑΒΕΖΗΙΚΜΝΟΡΤΧΥ∕⁄⧸╱∖⧹╲0|",
        "ABCEHIKMOPSTXYJABEZHIKMNOPTXY////\\\\\\OI",
        strict=True,
    )
)
CHECK = "check the mark in the register"


@cache
def read_mark(text: str, day: date, session: Session) -> MarkReading:
    """Read one cell. ``day`` may be any day between two changes of the codes."""
    mark = text.strip()
    if not mark:
        return MarkReading(NOTHING, Kind.BLANK)
    if mark.casefold() in SAYS_NOTHING or mark in DASHES:
        return MarkReading(NOTHING, Kind.UNMARKED)
    known = _in_its_half(mark, session) or _known(mark, day)
    return known or _with_minutes(mark, day) or _held(mark, day)


def _in_its_half(mark: str, session: Session) -> MarkReading | None:
    """Present is / in the morning and \\ in the afternoon, whichever the file used."""
    if mark not in (MORNING, AFTERNOON):
        return None
    right = MORNING if session is Session.AM else AFTERNOON
    says = None
    if mark != right:
        says = f"‘{mark}’ in the {session} was read as ‘{right}’, present"
    return MarkReading(ord(SYMBOL_OF[right]), Kind.MARK, says)


def _known(mark: str, day: date) -> MarkReading | None:
    """A code of that day, one in lower case, or one withdrawn."""
    code = mark if mark in SYMBOL_OF else mark.upper()
    if not mark.isascii() or code not in SYMBOL_OF:  # ‘ı’.upper() is I
        return None
    notes = []
    if code != mark:
        notes.append(f"‘{mark}’ was read as the code {code}")
    if code not in codes_on(day):
        notes.append(_withdrawn(code, day))
    return MarkReading(ord(SYMBOL_OF[code]), Kind.MARK, "; ".join(notes) or None)


def _withdrawn(code: str, day: date) -> str:
    row = reading_of(code, day)
    category = row.category.value.replace("_", " ")
    when = (
        f"was withdrawn after {row.valid_to:%-d %B %Y}"
        if row.valid_to and row.valid_to < day
        else f"came in on {row.valid_from:%-d %B %Y}"
    )
    return (
        f"‘{code}’ {when}; it is kept and counts as {category}. "
        "Ask whether another code should replace it"
    )


def _with_minutes(mark: str, day: date) -> MarkReading | None:
    found = WITH_MINUTES.fullmatch(mark)
    if not found:
        return None
    known = _known(found[1].upper(), day)
    if known is None:
        return None
    minutes = int(found[2])
    says = f"‘{mark}’ was read as the code {found[1].upper()}, {minutes} minutes late"
    return MarkReading(known.symbol, Kind.MARK, says, minutes)


def _held(mark: str, day: date) -> MarkReading:
    shown = mark if len(mark) <= 40 else mark[:40] + "…"
    meant = _look_alike(mark, day)
    if meant:
        says = f"‘{shown}’ is {_name(mark)}, not {meant}; it is not saved. If {meant} is meant, "
        says += "type it in the register and export again"
    else:
        says = (
            f"‘{shown}’ is not an attendance code on {day:%-d %B %Y}; it is not saved. "
            f"If it is the school’s own code, {CHECK} and give the session a code"
        )
    return MarkReading(NOTHING, Kind.MARK, says)


def _look_alike(mark: str, day: date) -> str | None:
    """'the letter O' when the text only looks like a code, else None."""
    plain = unicodedata.normalize("NFKC", mark).upper()
    plain = "".join(LOOKS_LIKE.get(each, each) for each in plain)
    if plain == mark or not plain.isascii():
        return None
    try:
        reading_of(plain, day)
    except NotInForce:
        return None
    if plain.isalpha():
        return f"the letter {plain}" if len(plain) == 1 else f"the code {plain}"
    return f"the mark {plain}" if plain in (MORNING, AFTERNOON) else f"the code {plain}"


def _name(mark: str) -> str:
    odd = [each for each in mark if not each.isascii()] or [*mark]
    if odd[0] == "0":
        return "the digit zero"
    name = unicodedata.name(odd[0], "unusual character").lower()
    name = name.replace("solidus", "slash").replace("latin ", "").replace("vertical line", "bar")
    for script in ("cyrillic", "greek"):
        if name.startswith(script):
            return f"a {script.title()} {odd[0]}"
    for width in ("fullwidth", "halfwidth"):
        if name.startswith(width):
            return f"a {width.replace('width', '-width')} {name.removeprefix(width).strip()}"
    return f"the character ‘{name}’"
