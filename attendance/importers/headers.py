"""Heading words of register exports, and what each column is.

Systems name the same column differently; the words below are those seen in exports and help
pages. A row is a heading row because of these words, never because of where it stands.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from enum import StrEnum


class Column(StrEnum):
    """What a column holds; the value is its name in words, for problems."""

    UPN = "UPN"
    NUMBER = "admission number"
    SURNAME = "surname"
    FORENAME = "forename"
    PREFERRED = "preferred name"
    NAME = "name"
    YEAR = "year group"
    FORM = "form"
    SEX = "sex"
    BORN = "date of birth"
    DATE = "date"
    SESSION = "session"
    MARK = "mark"
    MINUTES = "minutes late"
    NOTE = "note"
    AM = "AM mark"
    AM_MINUTES = "AM minutes late"
    AM_NOTE = "AM note"
    PM = "PM mark"
    PM_MINUTES = "PM minutes late"
    PM_NOTE = "PM note"
    POSSIBLE = "stated possible sessions"
    ATTENDED = "stated sessions attended"
    AUTHORISED = "stated authorised absence"
    UNAUTHORISED = "stated unauthorised absence"
    LATES = "stated lates"
    OTHER = "not used"


WORDS: dict[Column, str] = {
    Column.UPN: "upn|unique pupil number|pupil upn|student upn|current upn",
    Column.NUMBER: "adm no|adm number|admission no|admission number|adno|adm|student id|pupil id"
    "|student no|student number|pupil number|mis id|learner id|admissions number|admission id",
    Column.SURNAME: "surname|last name|legal last name|legal surname|family name|pupil surname"
    "|student surname|lastname",
    Column.FORENAME: "forename|first name|legal first name|legal forename|given name"
    "|pupil forename|student forename|firstname|first names|forenames",
    Column.PREFERRED: "preferred first name|preferred forename|preferred name|known as"
    "|chosen name|chosen first name",
    Column.NAME: "name|pupil name|student name|pupil|student|full name|learner|learner name"
    "|legal name|pupil full name",
    Column.YEAR: "year|year group|yr|nc year|national curriculum year|yeargroup|yr grp|year grp"
    "|curriculum year|year taught in",
    Column.FORM: "reg group|reg|form|registration form|registration group|tutor group|class"
    "|reg form|form group|tutor|reg grp|registration class",
    Column.SEX: "sex|gender|legal sex",
    Column.BORN: "dob|date of birth|birth date|d o b",
    Column.DATE: "date|session date|attendance date|mark date|register date|date of session",
    Column.SESSION: "session|roll call|am pm|ampm|session name|roll call session|session type"
    "|am or pm|half day|period",
    Column.MARK: "mark|code|attendance code|attendance mark|session mark|mark code|register mark"
    "|att code",
    Column.MINUTES: "minutes late|mins late|late minutes|late mins|minutes|min late",
    Column.NOTE: "note|notes|comment|comments|mark comment|attendance note|reason",
    Column.AM: "am|am mark|am code|morning|am session|morning mark",
    Column.AM_MINUTES: "am mins late|am minutes late|am late minutes|am minutes",
    Column.AM_NOTE: "am notes|am note|am comment|am comments",
    Column.PM: "pm|pm mark|pm code|afternoon|pm session|afternoon mark",
    Column.PM_MINUTES: "pm mins late|pm minutes late|pm late minutes|pm minutes",
    Column.PM_NOTE: "pm notes|pm note|pm comment|pm comments",
    Column.POSSIBLE: "possible|possible sessions|poss|possible attendances|sessions possible",
    Column.ATTENDED: "attended|attendances|sessions attended|att|actual attendances",
    Column.AUTHORISED: "auth abs|authorised|authorised absences|authorised absence|auth absences"
    "|auth",
    Column.UNAUTHORISED: "unauth abs|unauthorised|unauthorised absences|unauthorised absence"
    "|unauth absences|unauth",
    Column.LATES: "lates|late|total lates",
    Column.OTHER: "mark name|attend|attendance|attend percent|description|meaning|percent attend"
    "|present|mark description|day|week|title|attendance percent|percent|school|total",
}
COLUMN_OF = {word: column for column, words in WORDS.items() for word in words.split("|")}

WHO = (Column.UPN, Column.NUMBER, Column.SURNAME, Column.FORENAME, Column.NAME)
SPACES = re.compile(r"[^a-z0-9]+")


def column_of(text: str) -> Column | None:
    """What a heading cell names, or None."""
    if len(text) > 40:
        return None
    return COLUMN_OF.get(SPACES.sub(" ", text.lower().replace("%", " percent ")).strip())


def recognised_cells(row: Sequence[str]) -> int:
    """How many different columns a row names: what makes a row a heading row."""
    return len({column_of(cell) for cell in row} - {None})


def columns_in(row: Sequence[str]) -> dict[Column, int]:
    """The index of each column that a heading row names; the first when one is named twice."""
    found: dict[Column, int] = {}
    for index, cell in enumerate(row):
        column = column_of(cell)
        if column is not None:
            found.setdefault(column, index)
    return found


def names_pupils(columns: dict[Column, int]) -> bool:
    """True when a heading row has a pupil's key, or a name beside another known column."""
    keys = Column.UPN in columns or Column.NUMBER in columns
    return len(columns) >= 2 and (keys or any(column in columns for column in WHO))
