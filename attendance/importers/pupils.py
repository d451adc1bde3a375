"""The pupils a file names: keys checked, names tidied, rows of one pupil brought together."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from attendance.core.imports import ImportedPupil, Problem
from attendance.core.matching import bare_number
from attendance.core.upn import read_upn
from attendance.importers.dates import read_date
from attendance.importers.headers import Column

IDENTITY = (
    Column.UPN,
    Column.NUMBER,
    Column.SURNAME,
    Column.FORENAME,
    Column.NAME,
    Column.PREFERRED,
    Column.YEAR,
    Column.FORM,
    Column.SEX,
    Column.BORN,
)
YEAR = re.compile(r"(?:nc )?(?:year|yr|y)?\.?\s*(\d{1,2})", re.IGNORECASE)
FORM_YEAR = re.compile(r"(?:year|yr|y)?\s*(\d{1,2})(?!\d)", re.IGNORECASE)
WORD = re.compile(r"[^\W\d_]+")
AS_TEXT = re.compile(r'="(.*)"')
SPACES = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class Who:
    """The identity cells of one row, in the order of IDENTITY, and the row they first stand in."""

    texts: tuple[str, ...]
    row: int

    def __getitem__(self, column: Column) -> str:
        return self.texts[IDENTITY.index(column)]


@dataclass(frozen=True, slots=True)
class Roll:
    """``key_of[i]`` is the pupil's key for the i-th Who, or -1 when its rows were refused."""

    pupils: tuple[ImportedPupil, ...]
    key_of: tuple[int, ...]
    problems: tuple[Problem, ...]


@dataclass(slots=True)
class _Gathering:
    """Pupils found so far, by UPN and by admission number."""

    pupils: list[ImportedPupil] = field(default_factory=list)
    by_upn: dict[str, int] = field(default_factory=dict)
    by_number: dict[str, int] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def say(self, row: int, column: Column | None, says: str) -> None:
        self.problems.append(Problem(row, column.value if column else None, says))


def roll_of(people: Sequence[Who]) -> Roll:
    """Bring the rows of each pupil together, by UPN, else by admission number."""
    found = _Gathering()
    key_of = [_key(who, found) for who in people]
    found.problems.extend(_namesakes(found.pupils))
    return Roll(tuple(found.pupils), tuple(key_of), tuple(found.problems))


def _key(who: Who, found: _Gathering) -> int:
    upn, number = _upn(who, found), _number(who[Column.NUMBER])
    bare = bare_number(number)
    if upn is None and not bare:
        name = " ".join(_names(who)[::-1]).strip() or "a pupil"
        says = (
            f"Row {who.row}: {name} has neither a UPN that can be used nor an admission number, "
            "and a name alone is never a key. The row is not saved; add the UPN to the export."
        )
        found.say(who.row, None, says)
        return -1
    key = found.by_upn.get(upn) if upn else found.by_number.get(bare)
    if key is None and upn and bare in found.by_number:
        key = found.by_number[bare]
        if found.pupils[key].upn:  # the same number under another UPN is another pupil
            says = (
                f"Row {who.row}: the admission number {number} also stands at another UPN "
                f"(row {found.pupils[key].row}). The two were kept apart by UPN; check the number."
            )
            found.say(who.row, Column.NUMBER, says)
            key, number, bare = None, None, ""
    if key is None:
        key = len(found.pupils)
        found.pupils.append(_pupil(key, who, upn, number))
    else:
        found.pupils[key] = _later(found.pupils[key], who, upn, number, found)
    if upn:
        found.by_upn[upn] = key
    if bare:
        found.by_number.setdefault(bare, key)
    return key


def _upn(who: Who, found: _Gathering) -> str | None:
    reading = read_upn(_plain(who[Column.UPN]))
    if reading.says and reading.upn:
        found.say(who.row, Column.UPN, f"Row {who.row}: {reading.says}.")
    elif reading.says and _number(who[Column.NUMBER]):
        says = (
            f"Row {who.row}: {reading.says}. The pupil is known by admission number "
            f"{_number(who[Column.NUMBER])} instead; correct the UPN."
        )
        found.say(who.row, Column.UPN, says)
    elif reading.says:
        found.say(who.row, Column.UPN, f"Row {who.row}: {reading.says}; correct it.")
    return reading.upn


def _number(text: str) -> str | None:
    """An admission number as text; a spreadsheet's '4105.0' is '4105'."""
    return _plain(text).strip().removesuffix(".0") or None


def _plain(text: str) -> str:
    """The text inside ="004101", which some systems write so that Excel keeps the zeros."""
    found = AS_TEXT.fullmatch(text.strip())
    return found[1] if found else text


def _pupil(key: int, who: Who, upn: str | None, number: str | None) -> ImportedPupil:
    surname, forename = _names(who)
    form = _tidy(who[Column.FORM])
    born = read_date(who[Column.BORN]) if who[Column.BORN].strip() else None
    return ImportedPupil(
        key=key,
        upn=upn,
        admission_number=number,
        surname=surname,
        forename=forename,
        preferred_name=_tidy(who[Column.PREFERRED]),
        sex=_sex(who[Column.SEX]),
        birth_date=born.day if born else None,
        year_group=year_group_of(who[Column.YEAR], form),
        form=form,
        row=who.row,
    )


def _later(
    before: ImportedPupil, who: Who, upn: str | None, number: str | None, found: _Gathering
) -> ImportedPupil:
    """The pupil after one more row: the last form and year group count."""
    now = _pupil(before.key, who, upn, number)
    if (now.surname, now.forename) != (before.surname, before.forename) and now.surname:
        says = (
            f"Row {who.row}: {now.forename} {now.surname} has the same "
            f"{'UPN' if upn else 'admission number'} as {before.forename} {before.surname} in row "
            f"{before.row}, so they were read as one pupil. If they are two, correct the export."
        )
        found.say(who.row, Column.UPN if upn else Column.NUMBER, says)
    return replace(
        before,
        upn=before.upn or upn,
        admission_number=before.admission_number or number,
        form=now.form or before.form,
        year_group=before.year_group if now.year_group is None else now.year_group,
    )


def _names(who: Who) -> tuple[str, str]:
    """(surname, forename), from their own columns or from one 'SURNAME, Forename'."""
    surname, forename = _tidy(who[Column.SURNAME]), _tidy(who[Column.FORENAME])
    name = _tidy(who[Column.NAME])
    if not surname and name:
        surname, comma, rest = name.partition(",")
        forename = forename or rest.strip()
        if not comma:
            first, _, last = name.rpartition(" ")
            surname, forename = last, forename or first
    return _proper(surname.strip()), forename


def _proper(surname: str) -> str:
    """'O'THISTLEDOWN' as O'Thistledown; a surname in mixed case is left as it is."""
    if not surname.isupper() or len(surname) < 2:
        return surname
    return WORD.sub(lambda word: word.group().capitalize(), surname)


def _tidy(text: str) -> str:
    return SPACES.sub(" ", text).strip()


def _sex(text: str) -> str:
    first = text.strip()[:1].upper()
    return first if first in ("F", "M") else ""


def year_group_of(text: str, form: str = "") -> int | None:
    """'Year  7', 'Y7', '7' -> 7; 'Reception' -> 0; 'Nursery' -> -1; else from the form's number."""
    word = _tidy(text).lower()
    if word in ("r", "reception", "year r", "yr r", "rec"):
        return 0
    if word.startswith(("nursery", "n1", "n2")):
        return -1
    found = YEAR.fullmatch(word) or (FORM_YEAR.match(form) if not word else None)
    year = int(found[1]) if found else None
    return year if year is not None and year <= 14 else None


def _namesakes(pupils: Sequence[ImportedPupil]) -> list[Problem]:
    """Warn of pupils of one name who are told apart by admission number only."""
    by_name: dict[tuple[str, str], list[ImportedPupil]] = {}
    for pupil in pupils:
        name = (pupil.surname.casefold(), pupil.forename.casefold())
        by_name.setdefault(name, []).append(pupil)
    problems = []
    for same in by_name.values():
        if len(same) > 1 and not all(pupil.upn for pupil in same) and same[0].surname:
            numbers = " and ".join(str(pupil.admission_number or pupil.upn) for pupil in same)
            says = (
                f"{len(same)} pupils are called {same[0].forename} {same[0].surname}; they were "
                f"told apart by number ({numbers}). Check that each is the right pupil."
            )
            problems.append(Problem(same[1].row, Column.NUMBER.value, says))
    return problems
