"""What each trigger is called, what it asks for and where that is done: the one table of words.

The order of work is here too: what cannot wait, what is overdue, what is due next, what the law
asks to be considered, and only then the school's own signals.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import IntEnum
from types import MappingProxyType

from attendance.core.pupil_words import SPACE
from attendance.core.trigger_findings import TRIGGERS, Finding, counted


class Weight(IntEnum):
    """What kind of asking it is, in the order of work."""

    CLOCK = 1  # something has to be done by a day
    LAW = 2  # a threshold of the law or of guidance: to be considered
    SIGNAL = 3  # the school's own choice: a person looks first
    GOOD = 4  # to be told to the pupil and the family
    STANDING = 5  # a statistic, or told elsewhere on the page: nothing new is asked


@dataclass(frozen=True, slots=True)
class Words:
    """``page`` is where the action is done. ``noun`` counts it in a sentence ('3 returns').

    ``is_urgent``: the same day, before all else. ``is_bulk``: so many that a list of everything
    holds them only once they are due.
    """

    title: str
    action: str
    weight: Weight
    page: str = "pupil"
    noun: str = ""
    is_urgent: bool = False
    is_bulk: bool = False


_CLOCK, _LAW, _SIGNAL = Weight.CLOCK, Weight.LAW, Weight.SIGNAL
_LOOK = "Look at the sessions and ask what has changed"
WORDS = MappingProxyType(
    {
        "unresolved_n": Words(
            "Reason not known yet", "Find the reason and enter it, by the day given",
            _CLOCK, "register", is_bulk=True,
        ),
        "overdue_n": Words(
            "Reason overdue: amend or enter O", "Amend each mark to its reason, or to O",
            _CLOCK, "register",
        ),
        "consecutive_absence": Words(
            "Still absent", "Make contact today", Weight.STANDING, is_bulk=True,
        ),
        "penalty_threshold": Words(
            "Threshold met: consider",
            "Consider what support comes first, and whether a notice is right", _LAW, "referrals",
        ),
        "third_notice": Words(
            "No third notice: consider another measure",
            "Consider with the local authority which other measure is right", _LAW, "referrals",
        ),
        "attendance_return": Words(
            "Attendance return due to the local authority", "Send the return",
            _CLOCK, "referrals", "return",
        ),
        "sickness_first_warning": Words(
            "Illness adds up: first warning", "Ask what would help, before a return is needed",
            _SIGNAL, is_bulk=True,
        ),
        "sickness_second_warning": Words(
            "Illness adds up: second warning", "Ask what would help, before a return is needed",
            _SIGNAL,
        ),
        "sickness_return": Words(
            "Sickness return to the local authority", "Send the return, unless it has been sent",
            _LAW, "referrals", "sickness return",
        ),
        "continuous_absence": Words(
            "Long absence: enquire jointly",
            "Enquire together with the local authority before anything else", _LAW,
        ),
        "leave_overrun": Words(
            "Not back from leave", "Find out where the pupil is", _CLOCK,
            noun="leave to follow up",
        ),
        "persistent_absence": Words(
            "Persistent absence", "See On track for what can still be missed",
            Weight.STANDING, "on_track", is_bulk=True,
        ),
        "severe_absence": Words(
            "Severe absence", "Agree a plan with the family and the local authority",
            Weight.STANDING, "on_track", is_bulk=True,
        ),
        "back_under_10": Words(
            f"Back under 10{SPACE}%", "Tell the pupil and the family that it was noticed",
            Weight.GOOD, is_bulk=True,
        ),
        "repeated_lateness": Words("Often late", _LOOK, _SIGNAL, is_bulk=True),
        "present_then_absent": Words(
            "In for the morning, absent in the afternoon", _LOOK, _SIGNAL, is_bulk=True,
        ),
        "sudden_change": Words("Much more absence than before", _LOOK, _SIGNAL, is_bulk=True),
        "siblings_absent": Words(
            "Absent together with a sibling", "One call may do for both", _SIGNAL, is_bulk=True,
        ),
        "absent_social_worker": Words(
            "Tell the social worker today", "Tell the social worker", _CLOCK, is_urgent=True,
        ),
        "absent_yot_worker": Words(
            "Tell the youth justice worker today", "Tell the youth justice worker",
            _CLOCK, is_urgent=True,
        ),
        "part_time_review": Words(
            "Part-time timetable: review is past", "Review it with the family; record the next day",
            _CLOCK, noun="review",
        ),
    }
)  # fmt: skip
_PLACE = {name: place for place, name in enumerate(TRIGGERS)}


def words_of(finding: Finding) -> Words:
    """The words for what was found."""
    return WORDS[finding.trigger]


def is_overdue(finding: Finding, on: date) -> bool:
    """Was something to be done before this day? Not what is told the same day: it may have been."""
    return finding.due is not None and finding.due < on and not words_of(finding).is_urgent


def is_listed(finding: Finding, on: date) -> bool:
    """Does it stand in the list of everything? What there is much of only once it is due."""
    is_due = finding.due is not None and finding.due <= on
    return is_due or not words_of(finding).is_bulk


def order_of_work(finding: Finding, on: date) -> tuple[int, int, int]:
    """To sort by: urgent, overdue, due (each by its day), then weights, the newest first."""
    words = words_of(finding)
    place = _PLACE[finding.trigger]
    if finding.due is not None:
        first = 0 if words.is_urgent else 1 if is_overdue(finding, on) else 2
        return first, finding.due.toordinal(), place
    return 2 + words.weight, -(finding.met_on or finding.since).toordinal(), place


def due_in_words(finding: Finding, on: date) -> str:
    """'20 Nov, overdue', 'today', '26 Nov' or ''."""
    if finding.due is None:
        return ""
    if finding.due == on:
        return "today"
    return short(finding.due, on) + (", overdue" if is_overdue(finding, on) else "")


def due_or_met(finding: Finding, on: date) -> str:
    """'20 Nov, overdue', 'today', 'met 23 Sep', or '' where nothing is due and nothing met."""
    if finding.due is None and finding.met_on is not None:
        return f"met {short(finding.met_on, on)}"
    return due_in_words(finding, on)


def rests_on(finding: Finding, on: date) -> str:
    """'51 sessions, 14 Sep to 27 Nov': how many, and the window or the days they lie on."""
    if not finding.sessions:
        return ""
    first = finding.window_from or finding.sessions[0][0]
    last = finding.window_to or finding.sessions[-1][0]
    days = short(first, on) if first == last else f"{short(first, on)} to {short(last, on)}"
    return f"{counted(len(finding.sessions), 'session')}, {days}"


def due_this_week(findings: Iterable[Finding], on: date) -> str:
    """'3 returns, 2 reviews; 1 overdue': what is to be sent, reviewed or followed up by Sunday;
    '' where there is nothing. Reasons (N) are counted elsewhere."""
    sunday = on + timedelta(days=6 - on.weekday())
    due = [one for one in findings if one.due and one.due <= sunday and words_of(one).noun]
    number = Counter(words_of(one).noun for one in due)
    late = sum(is_overdue(one, on) for one in due)
    said = ", ".join(_many(count, noun) for noun, count in number.items())
    if not late:
        return said
    if late == len(due):
        return f"{said}, overdue" if late == 1 else f"{said}, all overdue"
    return f"{said}; {late} overdue"


def short(day: date, on: date) -> str:
    """'20 Nov'; with its year when that is not this one."""
    return f"{day.day} {day:%b}" + (f" {day.year}" if day.year != on.year else "")


def _many(number: int, noun: str) -> str:
    head, _, tail = noun.partition(" to ")  # 'leave to follow up' is counted by its first word
    return counted(number, head) + (f" to {tail}" if tail else "")
