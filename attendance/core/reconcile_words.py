"""The words and shapes of a reconciliation: measures, reasons in their order, methods, results."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction


class Measure(StrEnum):
    """What the other system's figure is of."""

    ABSENCE = "absence_rate"
    ATTENDANCE = "attendance_rate"
    PERSISTENT = "persistent_absence_rate"
    PERSISTENT_COUNT = "persistent_absence_count"

    @property
    def words(self) -> str:
        return _MEASURES[self]

    @property
    def is_of_pupils(self) -> bool:
        return self in (Measure.PERSISTENT, Measure.PERSISTENT_COUNT)


_MEASURES = {
    Measure.ABSENCE: "Absence rate",
    Measure.ATTENDANCE: "Attendance rate",
    Measure.PERSISTENT: "Persistent absence, per cent of pupils",
    Measure.PERSISTENT_COUNT: "Persistent absence, number of pupils",
}


@dataclass(frozen=True, slots=True)
class Reason:
    """One usual difference. Of those with one ``instead_of``, only one can be true at a time."""

    name: str
    title: str
    why: str
    instead_of: str = ""


REASONS: tuple[Reason, ...] = (
    Reason(
        "leavers", "Leavers left out",
        "A list of the pupils on roll today leaves out everybody who has left; DfE and this "
        "program count them up to their last day.",
    ),
    Reason(
        "ages", "Only ages 5 to 15 on 31 August",
        "DfE publishes these ages; a sixth form or a nursery is counted apart.",
    ),
    Reason(
        "year_11", "Year 11’s second half of the summer term left out",
        "DfE drops it for pupils aged 15 at the start of the year.",
    ),
    Reason(
        "x", "X counted as possible and missed",
        "X is not a possible session; some systems count it as an absence.",
    ),
    Reason(
        "d_attended", "D counted as attended",
        "D has not been a possible session since September 2011; some reports still show it "
        "among present marks.", "d",
    ),
    Reason(
        "d_missed", "D counted as possible and missed",
        "A report that divides by every session of the school counts D so.", "d",
    ),
    Reason(
        "y", "Q and Y1 to Y7 counted as possible and missed",
        "They are not possible sessions; some systems count them as absences.",
    ),
    Reason(
        "open_n", "Open Ns left out",
        "N counts as unauthorised until the reason is known; some reports wait for the reason.",
    ),
    Reason(
        "blanks", "Missing marks counted as missed",
        "Here a blank is no possible session; some systems count it as an absence.",
    ),
    Reason(
        "lag", "The last two weeks left out",
        "DfE’s figures of recent weeks fall as registers settle, so it waits two weeks.",
    ),
)  # fmt: skip
BY_NAME = {reason.name: reason for reason in REASONS}


class Method(StrEnum):
    """How the counts become one number; the first is ours."""

    POOLED = "pooled"
    MEAN = "mean"
    WHOLE = "whole"
    ONE_PLACE = "one_place"
    BELOW = "below"

    @property
    def words(self) -> str:
        return _METHODS[self]


_METHODS = {
    Method.POOLED: "as here",
    Method.MEAN: "the mean of pupils’ percentages, not pooled",
    Method.WHOLE: "pupils’ attendance rounded to a whole per cent first",
    Method.ONE_PLACE: "pupils’ attendance rounded to one decimal first",
    Method.BELOW: "below 90 % attendance instead of 90 % or less",
}


@dataclass(frozen=True, slots=True)
class Value:
    """A figure as whole numbers: sessions, or pupils; ``number`` is exact and in per cent, but for
    a count. None where nothing was possible."""

    above: int
    below: int
    number: Fraction | None


@dataclass(frozen=True, slots=True)
class Step:
    """What one reason makes of the figure alone, and after all those before it."""

    name: str
    title: str
    why: str
    alone: Value
    together: Value | None
    pupils: int
    sessions: int


@dataclass(frozen=True, slots=True)
class Fit:
    """A combination of reasons, a method and a way to round that gives the other figure."""

    reasons: tuple[str, ...]
    method: Method
    is_cut_off: bool
    value: Value


def rounded(number: Fraction, decimals: int) -> Fraction:
    """To so many decimals, halves up."""
    scale = 10**decimals
    return Fraction((2 * number * scale + 1) // 2, scale)


def cut_off(number: Fraction, decimals: int) -> Fraction:
    """To so many decimals, without rounding."""
    scale = 10**decimals
    return Fraction(number * scale // 1, scale)


@dataclass(frozen=True, slots=True)
class Touched:
    """One pupil behind one reason, and how many sessions it moves."""

    reason: str
    pupil_id: int
    upn: str
    name: str
    form: str
    sessions: int


@dataclass(frozen=True, slots=True)
class Reconciliation:
    """What a reader or a workbook is given. ``who`` is '' for the whole school; ``theirs`` as it
    was typed ('' for nothing); ``fits`` fewest reasons first."""

    measure: Measure
    who: str
    first_day: date
    until: str
    steps: tuple[Step, ...]
    theirs: str
    fits: tuple[Fit, ...]
    pupils: tuple[Touched, ...]

    @property
    def ours(self) -> Value:
        return self.steps[0].alone


def in_words(value: Value, measure: Measure, decimals: int = 1) -> str:
    """'7.6 %', or '228 pupils'; '–' where nothing was possible."""
    if value.number is None:
        return "–"
    if measure == Measure.PERSISTENT_COUNT:
        return f"{value.above:,} pupil{'' if value.above == 1 else 's'}"
    return f"{float(rounded(value.number, decimals)):.{decimals}f} %"


def base_in_words(value: Value, measure: Measure) -> str:
    """'9,419 of 123,137 sessions'."""
    unit = "pupils" if measure.is_of_pupils else "sessions"
    return f"{value.above:,} of {value.below:,} {unit}"


def fit_in_words(fit: Fit) -> str:
    """'leavers left out, and open Ns left out; the mean of …; cut off, not rounded'."""
    titles = [BY_NAME[name].title for name in fit.reasons]
    plain = [t if t[:2] in _CODES else t[:1].lower() + t[1:] for t in titles]
    parts = [", and ".join(plain)] if plain else []
    parts += [fit.method.words] if fit.method != Method.POOLED else []
    parts += ["cut off and not rounded"] if fit.is_cut_off else []
    return "; ".join(parts) or "no difference at all"


_CODES = ("X ", "D ", "Q ", "Ye")
