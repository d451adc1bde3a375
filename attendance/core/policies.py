"""Whether a mark can be amended: rules about the record, and the sentence for each refusal."""

from __future__ import annotations

from datetime import date

from attendance.core.amendments import MarkChange
from attendance.core.people import Person
from attendance.core.permissions import check, check_pupil, reaches
from attendance.core.register import Register
from attendance.core.slots import Session, year_name
from attendance.errors import NotAllowed, NotFound, Refused
from attendance.rules.codes import NO_MARK, SYMBOL_OF, Category, code_on
from attendance.rules.days import compulsory_school_age
from attendance.rules.roles import Permission, grant

SESSION_MARKS = frozenset({"/", "\\", "N", "L"})
LONGEST_REASON = 500


def check_reason(reason: str) -> str:
    """The reason without outer spaces; Refused when it says nothing or runs on.

    SI 2024/208 reg 6: the reason is part of every amendment.
    """
    said = " ".join(reason.split())
    if len(said) < 3:
        raise Refused("Give the reason: what changed, and who told you.")
    if len(said) > LONGEST_REASON:
        raise Refused(f"Shorten the reason: it has {len(said)} characters of {LONGEST_REASON}.")
    return said


def check_change(person: Person, register: Register, change: MarkChange, today: date) -> None:
    """Raise unless this person may make this change to this mark, and the mark can be changed.

    Compare-and-set on the expected mark is the store's; everything else is decided here.
    """
    row = _row(register, change)
    _check_person(person, register, change, row, today)
    _check_session(register, change, row)
    _check_code(register, change, row)
    _check_day(person, change, today)


def needed_permission(change: MarkChange) -> Permission:
    """What a person needs for this change: a first mark is entered, a later one amended."""
    if change.expected != NO_MARK:
        return Permission.AMEND_MARK
    is_plain = change.code in SESSION_MARKS
    return Permission.ENTER_SESSION_MARK if is_plain else Permission.ENTER_REASON_CODE


def _row(register: Register, change: MarkChange) -> int:
    if change.school_year != register.school_year:
        raise Refused(
            f"{change.day:%-d %B %Y} is not in the school year {year_name(register.school_year)}."
        )
    row = register.row_of(change.pupil_id)
    if row is None:
        raise NotFound("There is no such pupil in this school year's register.")
    return row


def _check_person(
    person: Person, register: Register, change: MarkChange, row: int, today: date
) -> None:
    permission = needed_permission(change)
    check_pupil(person, permission, register.pupils, row)
    grants = [grant(role, permission) for role in reaches(person, permission)]
    if change.day != today and all(word.endswith("same_day") for word in grants):
        raise NotAllowed(
            f"Administrators can amend a mark on its own day only; this one is of "
            f"{change.day:%-d %B %Y}. Ask the attendance officer."
        )


def _check_session(register: Register, change: MarkChange, row: int) -> None:
    when = f"{change.day:%A %-d %B %Y}, {_half(change.session)}"
    if not register.is_open[row, change.slot]:
        raise Refused(f"The school has no session on {when}, so there is no mark to amend.")
    if not register.on_roll[row, change.slot]:
        raise Refused(f"This pupil was not on roll on {when}, so there is no mark to amend.")


def _check_code(register: Register, change: MarkChange, row: int) -> None:
    if change.code == NO_MARK:
        raise Refused("A mark is amended to another code and never taken away.")
    if change.expected not in SYMBOL_OF:
        raise Refused(f"‘{change.expected}’ is no code that a mark can have now. Look again.")
    code = code_on(change.code, change.day)
    if code.category == Category.ADMINISTRATIVE:
        raise Refused(
            f"‘{change.code}’ is not a mark of a pupil on roll in a session of the school. A "
            "closure belongs in the school’s calendar, a first day in its roll."
        )
    if code.category == Category.PRESENT and change.code in _WRONG_HALF[change.session]:
        right = "/" if change.session == Session.AM else "\\"
        half = "morning" if change.session == Session.AM else "afternoon"
        raise Refused(f"The mark for present in the {half} is ‘{right}’, not ‘{change.code}’.")
    if change.code == "X":
        _check_x(register, change, row)


def _check_x(register: Register, change: MarkChange, row: int) -> None:
    born = register.pupils["birth_date"].iloc[row]
    if not isinstance(born, date):
        return
    first, last = compulsory_school_age(born)
    if first <= change.day <= last:
        raise Refused(
            "‘X’ is for pupils who are not of compulsory school age, and this pupil is until "
            f"{last:%-d %B %Y}. For an agreed part-time timetable the code is ‘C2’."
        )


def _check_day(person: Person, change: MarkChange, today: date) -> None:
    if change.day <= today:
        return
    check(person, Permission.PRE_ENTER_ABSENCE)
    code = code_on(change.code, change.day)
    # A visit or work experience is arranged ahead; being present is not.
    if code.attended and code.category != Category.APPROVED_ACTIVITY:
        raise Refused(f"{change.day:%-d %B %Y} is still to come: nobody is present yet.")


def _half(session: Session) -> str:
    return "morning" if session == Session.AM else "afternoon"


_WRONG_HALF = {Session.AM: frozenset({"\\"}), Session.PM: frozenset({"/"})}
