"""The facts of a referral, before anybody decides whether they become a workbook or a letter.

What the reader may not see is None, and then no document says that there was anything to see.
Moments are aware; codes are DfE's; counts are whole sessions.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

import pandas as pd

from attendance.core.on_track import Band, Outlook
from attendance.core.slots import Session, school_year_of, year_name
from attendance.core.strip import YearStrip
from attendance.rules.limits import limit_on


class Period(StrEnum):
    """The periods that every referral gives figures for."""

    THIS_YEAR = "this_year"
    LAST_YEAR = "last_year"
    WINDOW = "window"


@dataclass(frozen=True, slots=True)
class ReferringSchool:
    name: str
    urn: str
    phase: str
    is_demo: bool = False


@dataclass(frozen=True, slots=True)
class Referrer:
    """Who makes the referral, with the position that goes beside every name."""

    name: str
    position: str
    phone: str = ""
    email: str = ""


@dataclass(frozen=True, slots=True)
class PupilIdentity:
    legal_forename: str
    surname: str
    preferred_name: str
    upn: str | None
    birth_date: date | None
    sex: str
    year_group: int
    form: str
    address: str
    first_day: date | None = None
    last_day: date | None = None
    admission_number: str | None = None

    @property
    def legal_name(self) -> str:
        return f"{self.legal_forename} {self.surname}"

    @property
    def called(self) -> str:
        """The name the pupil goes by, with the surname."""
        return f"{self.preferred_name or self.legal_forename} {self.surname}"

    @property
    def sex_in_words(self) -> str:
        return {"F": "Female", "M": "Male"}.get(self.sex, "")


@dataclass(frozen=True, slots=True)
class Parent:
    name: str
    relationship: str
    has_parental_responsibility: bool
    lives_with: bool
    phone: str = ""
    email: str = ""
    address: str = ""
    note: str = ""
    details_checked: date | None = None


@dataclass(frozen=True, slots=True)
class Sibling:
    """A brother or sister at this school; figures None where the reader may not see them."""

    name: str
    birth_date: date | None
    year_group: int
    form: str
    missed: int | None = None
    possible: int | None = None


@dataclass(frozen=True, slots=True)
class Characteristic:
    """Something true of the pupil that this reader may see, and since when."""

    words: str
    since: date | None = None
    detail: str = ""


@dataclass(frozen=True, slots=True)
class PeriodFigures:
    """Sessions of a period. Late after the register closed is counted in unauthorised too."""

    period: Period
    name: str
    first_day: date
    last_day: date
    possible: int
    attended: int
    authorised: int
    unauthorised: int
    late_before_close: int
    late_after_close: int
    unmarked: int
    open_n: int

    @property
    def missed(self) -> int:
        return self.authorised + self.unauthorised

    @property
    def absence_rate(self) -> float | None:
        """Missed of possible, 0 to 1; None when nothing was possible."""
        return self.missed / self.possible if self.possible else None

    @property
    def attendance_rate(self) -> float | None:
        return self.attended / self.possible if self.possible else None


@dataclass(frozen=True, slots=True)
class CodeCount:
    code: str
    name: str
    counted_as: str
    sessions: int


@dataclass(frozen=True, slots=True)
class SessionFact:
    """An absence, or a late arrival after the register closed."""

    day: date
    session: Session
    code: str
    name: str
    authorised: bool
    is_withdrawn: bool = False
    minutes_late: int | None = None
    comment: str = ""

    @property
    def authorised_in_words(self) -> str:
        return "Authorised" if self.authorised else "Unauthorised"


@dataclass(frozen=True, slots=True)
class AmendmentFact:
    """The six facts that SI 2024/208 reg 6 keeps of every amendment, and the session."""

    day: date
    session: Session
    original: str
    amended: str
    reason: str
    at: datetime
    name: str
    position: str


@dataclass(frozen=True, slots=True)
class ReferralPack:
    """Everything a referral says of one pupil. ``made_at`` is aware; ``to_day`` and
    ``to_session`` are the last session counted. Sessions and amendments are oldest first."""

    school: ReferringSchool
    referrer: Referrer
    made_at: datetime
    pupil: PupilIdentity
    parents: tuple[Parent, ...] | None
    siblings: tuple[Sibling, ...] | None
    support_needs: tuple[Characteristic, ...] | None
    social_care: tuple[Characteristic, ...] | None
    to_day: date
    to_session: Session
    periods: tuple[PeriodFigures, ...]
    outlook: Outlook
    codes: tuple[CodeCount, ...]
    sessions: tuple[SessionFact, ...]
    amendments: tuple[AmendmentFact, ...]
    last_attended: date | None
    longest_absence: int
    strip: YearStrip | None = None
    weeks: pd.DataFrame | None = None

    def figures(self, period: Period) -> PeriodFigures | None:
        """The figures of one of the periods, or None when the pack has none."""
        return next((found for found in self.periods if found.period == period), None)


def to_moment(pack: ReferralPack) -> str:
    """'the morning of 24 November 2026': where the figures end."""
    half = "morning" if pack.to_session == Session.AM else "afternoon"
    return f"the {half} of {pack.to_day:%-d %B %Y}"


def which_year(pack: ReferralPack) -> str:
    """'this school year', or for a referral about an earlier one 'in the school year 2025/26'."""
    year = school_year_of(pack.to_day)
    if year == school_year_of(pack.made_at.date()):
        return "this school year"
    return f"in the school year {year_name(year)}"


def headline(pack: ReferralPack) -> str:
    """Sessions missed this year in one sentence, with per cent and days."""
    missed, possible = pack.outlook.missed, pack.outlook.possible_so_far
    if not possible:
        return f"No session has been possible {which_year(pack)} to {to_moment(pack)}."
    days = missed / 2
    return (
        f"Missed {missed} of {possible} possible sessions ({100 * missed / possible:.1f}\u202f%; "
        f"{days:g} {'day' if days == 1 else 'days'}) {which_year(pack)} to {to_moment(pack)}."
    )


def standing(pack: ReferralPack) -> str:
    """Persistent and severe absence, and what can still be missed, in words."""
    outlook = pack.outlook
    if outlook.band == Band.NO_SESSIONS:
        return "Nothing can be said yet of persistent absence."
    return f"{_so_far(outlook, pack.to_day)} {_from_now(outlook, pack.to_day)}"


def in_window(pack: ReferralPack) -> str | None:
    """Unauthorised sessions in the rolling window of penalty notices; None without a window."""
    window = pack.figures(Period.WINDOW)
    if window is None:
        return None
    limit = limit_on("penalty_threshold_sessions", pack.to_day)
    codes = [
        fact.code
        for fact in pack.sessions
        if not fact.authorised and window.first_day <= fact.day <= window.last_day
    ]
    split = ", ".join(f"{codes.count(code)} {code}" for code in sorted(set(codes)))
    met = window.unauthorised >= int(limit.value)
    many = "" if window.unauthorised == 1 else "s"
    return (
        f"{window.name}: {window.unauthorised} unauthorised session{many}"
        f"{f' ({split})' if split else ''}. A penalty notice is considered at {limit.value}: "
        f"{'threshold met: consider, support first' if met else 'threshold not met'}."
    )


def _so_far(outlook: Outlook, on: date) -> str:
    severe = int(limit_on("severe_absence_percent", on).value)
    persistent = int(limit_on("persistent_absence_percent", on).value)
    if outlook.band == Band.SEVERE:
        return f"Severely absent so far ({severe}\u202f% or more of possible sessions missed)."
    if 100 * outlook.missed >= persistent * outlook.possible_so_far:
        return (
            f"Persistently absent so far ({persistent}\u202f% or more of possible sessions missed)."
        )
    return f"Under {persistent}\u202f% so far, so not persistently absent."


def _from_now(outlook: Outlook, on: date) -> str:
    persistent = int(limit_on("persistent_absence_percent", on).value)
    if not outlook.possible_to_come:
        return "No session is known to come this school year."
    if outlook.headroom < 0:
        return f"Cannot finish the year under {persistent}\u202f% on the present calendar."
    can_miss = (
        f"Can miss {outlook.headroom} more of the {outlook.possible_to_come} sessions to come "
        f"and finish under {persistent}\u202f%."
    )
    if not outlook.recover_in:
        return can_miss
    row = f"{outlook.recover_in} session{'' if outlook.recover_in == 1 else 's'}"
    return (
        f"{can_miss} {row} attended in a row would bring the year so far under {persistent}\u202f%."
    )
