"""Rules in force: the codes and limits that the program goes by on a day, with their authority."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date
from decimal import Decimal

from attendance.rules.codes import NO_MARK, SYMBOL_OF, Category, Code, all_codes, codes_on
from attendance.rules.limits import Limit, limits_on

CONFIDENCE: Mapping[str, str] = {
    "verified": "Verified in the text",
    "secondary": "Quoted by others",
    "unverified": "Unverified: check",
    "own choice": "Our own default",
}
CATEGORIES: Mapping[Category, str] = {
    Category.PRESENT: "Present: possible and attended",
    Category.APPROVED_ACTIVITY: "Approved activity: possible, and counts as attended",
    Category.AUTHORISED: "Authorised absence: possible, not attended",
    Category.UNAUTHORISED: "Unauthorised absence: possible, not attended",
    Category.NOT_POSSIBLE: "Not a possible session: counts neither way",
    Category.ADMINISTRATIVE: "Administrative: not a session of the pupil",
}


@dataclass(frozen=True, slots=True)
class CodeRow:
    """A code as the page shows it."""

    code: str
    name: str
    notes: str
    since: str
    authority: str
    confidence: str


@dataclass(frozen=True, slots=True)
class LimitRow:
    """A limit as the page shows it."""

    title: str
    value: str
    since: str
    authority: str
    confidence: str


@dataclass(frozen=True, slots=True)
class OtherCode:
    """A code not in force on the day: the last day it was one or the first on which it will be,
    and how it counts where it stands."""

    code: str
    name: str
    day: str
    counted_as: str
    authority: str


@dataclass(frozen=True)
class RulesReport:
    """All of it for one day; the counts are of everything, whatever is searched for."""

    day: date
    codes: Mapping[Category, tuple[CodeRow, ...]]
    withdrawn: tuple[OtherCode, ...]
    to_come: tuple[OtherCode, ...]
    limits: tuple[LimitRow, ...]
    own_defaults: tuple[LimitRow, ...]
    codes_in_force: int
    limits_in_force: int
    verified: int

    @property
    def found_nothing(self) -> bool:
        lists = (self.withdrawn, self.to_come, self.limits, self.own_defaults)
        return not any(self.codes.values()) and not any(lists)


def first_day_known() -> date:
    """The earliest day for which any code is on record."""
    return min(code.valid_from for code in all_codes())


def rules_in_force(day: date, search: str = "") -> RulesReport:
    """What applied on a day, narrowed to the rows that hold every word of the search."""
    looking = _Search(search)
    in_force = [code for code in codes_on(day).values() if code.code != NO_MARK]
    limits = limits_on(day)
    law = [limit for limit in limits if not limit.is_own_choice]
    rows = {
        category: [_code_row(code) for code in in_force if code.category == category]
        for category in CATEGORIES
    }
    return RulesReport(
        day=day,
        codes={category: tuple(filter(looking.code, found)) for category, found in rows.items()},
        withdrawn=tuple(filter(looking.code, _withdrawn(day))),
        to_come=tuple(filter(looking.code, _to_come(day))),
        limits=tuple(filter(looking.limit, map(_limit_row, law))),
        own_defaults=tuple(
            filter(looking.limit, (_limit_row(one) for one in limits if one.is_own_choice))
        ),
        codes_in_force=len(in_force),
        limits_in_force=len(law),
        verified=sum(code.confidence == "verified" for code in in_force)
        + sum(limit.confidence == "verified" for limit in law),
    )


class _Search:
    """Rows that hold every word; what is itself a code finds that code and nothing else."""

    def __init__(self, text: str) -> None:
        self._words = text.casefold().split()
        one = text.strip().upper()
        self._code = one if one in SYMBOL_OF else None

    def code(self, row: CodeRow | OtherCode) -> bool:
        if self._code is not None:
            return row.code == self._code
        return self._has(row)

    def limit(self, row: LimitRow) -> bool:
        return self._code is None and self._has(row)

    def _has(self, row: CodeRow | OtherCode | LimitRow) -> bool:
        whole = " ".join(str(getattr(row, field.name)) for field in fields(row)).casefold()
        return all(word in whole for word in self._words)


def in_days_words(day: date) -> str:
    """'19 August 2024'."""
    return f"{day:%-d %B %Y}"


def value_in_words(value: Decimal, unit: str) -> str:
    """'10 per cent', '£160', '5 school days', '1 month'."""
    number = f"{value.normalize():f}"
    if unit == "pounds":
        return f"£{value:,.0f}"
    if unit == "school day":
        return f"school day {number}"
    if value == 1 and unit.endswith("s"):
        return f"{number} {unit.removesuffix('s')}"
    return f"{number} {unit}"


def _code_row(code: Code) -> CodeRow:
    notes = "the reason or nature is recorded with it" if code.needs_reason else ""
    return CodeRow(
        code.code, code.name, notes, in_days_words(code.valid_from), code.authority,
        CONFIDENCE.get(code.confidence, code.confidence),
    )  # fmt: skip


def _limit_row(one: Limit) -> LimitRow:
    return LimitRow(
        one.title, value_in_words(one.value, one.unit), in_days_words(one.valid_from),
        one.authority, CONFIDENCE.get(one.confidence, one.confidence),
    )  # fmt: skip


def _withdrawn(day: date) -> list[OtherCode]:
    """Codes that were in force once, and are no longer, the latest to go first."""
    gone = [
        (code.valid_to, code)
        for code in all_codes()
        if code.valid_to is not None and code.valid_to < day and code.code not in codes_on(day)
    ]
    gone.sort(key=lambda row: row[0], reverse=True)
    last = {code.code: (end, code) for end, code in reversed(gone)}
    return [_other(code, end) for end, code in gone if last[code.code][1] is code]


def _to_come(day: date) -> list[OtherCode]:
    """Codes that were not there yet on the day, the next to come first."""
    known = {code.code for code in all_codes() if code.valid_from <= day}
    rows = [code for code in all_codes() if code.code not in known]
    first = {code.code: code for code in sorted(rows, key=lambda c: c.valid_from, reverse=True)}
    coming = sorted(first.values(), key=lambda code: code.valid_from)
    return [_other(code, code.valid_from) for code in coming]


def _other(code: Code, day: date) -> OtherCode:
    counted = CATEGORIES[code.category].split(":")[0]
    return OtherCode(code.code, code.name, in_days_words(day), counted, code.authority)
