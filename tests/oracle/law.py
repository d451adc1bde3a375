"""The law's tables as an officer would copy them out: codes, limits, holidays, school age."""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache

PRESENT = {"/", "\\", "L"}
ACTIVITY = {"K", "V", "P", "W", "B", "J"}  # J only in registers of before 19 August 2024
AUTHORISED = {"C1", "M", "J1", "S", "C2", "C", "T", "R", "I", "E", "H", "F", "I01", "I02"}
UNAUTHORISED = {"G", "N", "O", "U"}
NOT_POSSIBLE = (
    {"D", "X", "Q", "Y", "Z", "#"}
    | {f"Y{n}" for n in range(1, 8)}
    | {f"X0{n}" for n in range(1, 10)}
)
CODES = sorted(PRESENT | ACTIVITY | AUTHORISED | UNAUTHORISED | NOT_POSSIBLE)
ILLNESS = {"I", "I01", "I02"}
BLANK = "-"

D_LEFT_ATTENDANCE = date(2011, 9, 1)
NATIONAL_FRAMEWORK = date(2024, 8, 19)

# England's bank holidays on weekdays, of the school years that the tests draw.
BANK_HOLIDAYS = {
    date(*day)
    for day in [
        (2010, 8, 30), (2010, 12, 27), (2010, 12, 28), (2011, 1, 3), (2011, 4, 22), (2011, 4, 25),
        (2011, 4, 29), (2011, 5, 2), (2011, 5, 30), (2011, 8, 29), (2011, 12, 26), (2011, 12, 27),
        (2012, 1, 2), (2012, 4, 6), (2012, 4, 9), (2012, 5, 7), (2012, 6, 4), (2012, 6, 5),
        (2023, 8, 28), (2023, 12, 25), (2023, 12, 26), (2024, 1, 1), (2024, 3, 29), (2024, 4, 1),
        (2024, 5, 6), (2024, 5, 27), (2024, 8, 26), (2024, 12, 25), (2024, 12, 26), (2025, 1, 1),
        (2025, 4, 18), (2025, 4, 21), (2025, 5, 5), (2025, 5, 26), (2025, 8, 25), (2025, 12, 25),
        (2025, 12, 26), (2026, 1, 1), (2026, 4, 3), (2026, 4, 6), (2026, 5, 4), (2026, 5, 25),
        (2026, 8, 31), (2026, 12, 25), (2026, 12, 28), (2027, 1, 1), (2027, 3, 26), (2027, 3, 29),
        (2027, 5, 3), (2027, 5, 31),
    ]
}  # fmt: skip
SPRING_BANK_HOLIDAY = {
    2010: date(2011, 5, 30), 2023: date(2024, 5, 27), 2024: date(2025, 5, 26),
    2025: date(2026, 5, 25), 2026: date(2027, 5, 31),
}  # fmt: skip
EASTER = {
    2023: date(2024, 3, 31), 2024: date(2025, 4, 20), 2025: date(2026, 4, 5),
    2026: date(2027, 3, 28),
}  # fmt: skip


def category(code: str, day: date) -> str:
    """What a session so coded counts as; a withdrawn code keeps the last meaning it had."""
    if code == "D" and day < D_LEFT_ATTENDANCE:
        return "approved_activity"
    return CATEGORY[code]


def _category(code: str) -> str:
    if code in PRESENT:
        return "present"
    if code in ACTIVITY:
        return "approved_activity"
    if code in AUTHORISED:
        return "authorised_absence"
    if code in UNAUTHORISED:
        return "unauthorised_absence"
    assert code in NOT_POSSIBLE, code
    return "not_possible"


CATEGORY = {code: _category(code) for code in CODES}


def school_year_of(day: date) -> int:
    return day.year if day.month >= 8 else day.year - 1


def age_on(born: date, day: date) -> int:
    years = day.year - born.year
    return years if (day.month, day.day) >= (born.month, born.day) else years - 1


@cache
def compulsory_age(born: date) -> tuple[date, date]:
    """Education Act 1996 s8, as rules.md writes it down."""
    five = (born.year + 5, born.month, born.day)
    for month, day in ((3, 31), (8, 31), (12, 31)):
        if (born.year + 5, month, day) >= five:
            start = date(born.year + 5, month, day)
            break
    end = date(born.year + (16 if born.month <= 8 else 17), 6, 30)
    while end.weekday() != 4:
        end -= timedelta(days=1)
    return start, end


def census_term(day: date) -> str:
    """The DfE census term of a day of a school year in EASTER."""
    year = school_year_of(day)
    if day <= date(year, 12, 31):
        return "autumn"
    if day <= EASTER[year]:
        return "spring"
    return "summer 1" if day < SPRING_BANK_HOLIDAY[year] else "summer 2"
