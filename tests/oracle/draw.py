"""Random schools: two school years, everything a register can hold, drawn from one seed.

Every pupil has a manner for each stretch of the year (in school, ill, away without leave, late,
out in the afternoon …), so that the rules about runs, weeks and shares are all reached; and now
and then any code at all, on any session, open or not.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from tests.oracle.law import BLANK, CODES
from tests.oracle.school import Pupil, School, Year

HALF_TERMS = (
    ((0, 9, 2), (0, 10, 21)), ((0, 11, 1), (0, 12, 18)), ((1, 1, 5), (1, 2, 12)),
    ((1, 2, 22), (1, 3, 27)), ((1, 4, 13), (1, 5, 27)), ((1, 6, 5), (1, 7, 21)),
)  # fmt: skip
# What a pupil does for a stretch: (codes and weights of a morning, of an afternoon), chance a week.
MANNERS: Sequence[tuple[dict[str, int], dict[str, int], int]] = (
    ({"/": 90, "L": 3, "I": 3, "V": 1, "M": 1, "U": 1, "N": 1},
     {"\\": 94, "I": 3, "M": 1, "N": 1, "C": 1}, 30),
    ({"O": 1}, {"O": 1}, 6),
    ({"G": 1}, {"G": 1}, 3),
    ({"O": 6, "G": 3, "N": 3, "U": 1}, {"O": 6, "G": 3, "N": 3, "U": 1}, 5),
    ({"I": 1}, {"I": 1}, 6),
    ({"I": 5, "/": 5, "I01": 1, "I02": 1}, {"I": 5, "\\": 5}, 3),
    ({"/": 1}, {"\\": 3, "O": 2, "N": 1, "C2": 1}, 4),
    ({"L": 3, "U": 2, "/": 5}, {"\\": 8, "L": 1}, 4),
    ({"N": 3, "/": 3, "O": 1}, {"N": 2, "\\": 3}, 4),
    ({"D": 3, "/": 1}, {"D": 3, "\\": 1, "X": 1}, 2),
    ({"Y4": 1, "Q": 1, "Y": 1, "#": 1, "Z": 1}, {"Y1": 1, "Y7": 1, "X": 1}, 1),
    ({"-": 3, "/": 1}, {"-": 3, "\\": 1}, 3),
    (dict.fromkeys(CODES, 1), dict.fromkeys(CODES, 1), 2),
    ({"T": 1, "E": 1, "C": 1, "S": 1}, {"T": 1, "E": 1, "R": 1, "J1": 1}, 2),
)  # fmt: skip
BIRTHDAYS = ((8, 31), (9, 1), (3, 31), (4, 1), (12, 31), (1, 1), (2, 28), (6, 25), (7, 1), (11, 15))


@dataclass(frozen=True)
class Noted:
    """What staff recorded, as plain values: see ``attendance.core.records`` for their meaning."""

    leaves: tuple[tuple[int, date, date, str], ...] = ()
    expected: tuple[tuple[int, date, date, str, date], ...] = ()
    plans: tuple[tuple[int, date, date, date | None], ...] = ()
    notices: tuple[tuple[int, str, date, str], ...] = ()
    social_worker: frozenset[int] = frozenset()
    yot_worker: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Thresholds:
    """The school's own thresholds, where no law gives one."""

    lateness_sessions: int = 5
    lateness_school_weeks: int = 4
    present_then_absent_days: int = 2
    present_then_absent_school_weeks: int = 4
    change_recent_weeks: int = 2
    change_baseline_weeks: int = 10
    change_points: int = 30


def school(chance: Random, first_year: int, size: int) -> School:
    """A school of ``size`` pupils in the registers of ``first_year`` and of the year after it."""
    today = date(first_year + 1, 8, 1) + timedelta(days=chance.randrange(30, 365))
    years = [
        _year(chance, first_year, date(2100, 1, 1)),
        _year(chance, first_year + 1, today if chance.random() < 0.6 else date(2100, 1, 1)),
    ]
    pupils = [_pupil(chance, years, number + 1) for number in range(size)]
    return School(years, pupils)


def day_to_ask(chance: Random, drawn: School) -> date:
    """A day of the second year, now and then of the first, a weekend among them."""
    first = drawn.years[-1 if chance.random() < 0.85 else 0].school_year
    return date(first, 8, 20) + timedelta(days=chance.randrange(0, 335))


def noted(chance: Random, drawn: School, on: date) -> Noted:
    """Records about some of the pupils, on the days around the one that is asked about."""

    def about(days_before: int, days_after: int) -> date:
        return on + timedelta(days=chance.randint(-days_before, days_after))

    leaves, expected, plans, notices = [], [], [], []
    ids = [pupil.pupil_id for pupil in drawn.pupils]
    for pupil_id in ids:
        if chance.random() < 0.2:
            first = about(50, 5)
            leaves.append((pupil_id, first, first + timedelta(days=chance.randint(0, 20)), "C"))
        for _ in range(chance.choice((0, 0, 0, 0, 1, 2))):
            first = about(30, 5)
            last = first + timedelta(days=chance.choice((10, 30, 60, 130)))
            code = chance.choice(("I", "I", "I", "C"))
            expected.append((pupil_id, first, last, code, first))
        if chance.random() < 0.1:
            first = about(60, 10)
            ends = chance.choice((None, first + timedelta(days=chance.randint(0, 90))))
            plans.append((pupil_id, first, first + timedelta(days=chance.randint(0, 60)), ends))
        for _ in range(chance.choice((0, 0, 0, 1, 2, 3))):
            parent = chance.choice(("Parent P", "Parent Q"))
            state = chance.choice(("issued", "paid", "unpaid", "prosecuted", "withdrawn"))
            notices.append((pupil_id, parent, about(1300, 30), state))
    return Noted(
        tuple(leaves), tuple(expected), tuple(plans), tuple(notices),
        frozenset(i for i in ids if chance.random() < 0.1),
        frozenset(i for i in ids if chance.random() < 0.1),
    )  # fmt: skip


def thresholds(chance: Random) -> Thresholds:
    """The default ones, or others."""
    if chance.random() < 0.5:
        return Thresholds()
    numbers = ((1, 9), (1, 6), (1, 4), (1, 6), (1, 4), (3, 12), (5, 60))
    return Thresholds(*(chance.randint(*ends) for ends in numbers))


def _year(chance: Random, school_year: int, read_to: date) -> Year:
    terms = []
    for place, (start, end) in enumerate(HALF_TERMS):
        first = date(school_year + start[0], *start[1:]) + timedelta(days=chance.randint(-3, 3))
        last = date(school_year + end[0], *end[1:]) + timedelta(days=chance.randint(-3, 3))
        if place == 0 and chance.random() < 0.4:
            first = date(school_year, 8, chance.randint(1, 20))
        terms.append((first, last))
    empty = Year(school_year, "." * 540, terms)
    inside = empty.is_open(None)
    closures = [_closure(chance, terms) for _ in range(chance.randint(2, 7))]
    if chance.random() < 0.5:
        seen = [_seen(chance, day, read_to, inside[i]) for i, (day, _) in enumerate(empty.slots)]
        return Year(school_year, "".join(seen), (), closures)
    seen = ["o" if inside[i] and day <= read_to and chance.random() < 0.9 else "."
            for i, (day, _) in enumerate(empty.slots)]  # fmt: skip
    for _ in range(chance.randint(0, 6)):
        seen[chance.randrange(540)] = chance.choice("#o")
    return Year(school_year, "".join(seen), terms, closures)


def _seen(chance: Random, day: date, read_to: date, is_inside: bool) -> str:
    if day > read_to:
        return "."
    if is_inside:
        return "o" if chance.random() < 0.98 else chance.choice("#.")
    return "#" if chance.random() < 0.99 else "o"


def _closure(
    chance: Random, terms: Sequence[tuple[date, date]]
) -> tuple[date, date, frozenset[int] | None]:
    first, last = chance.choice(terms)
    start = first + timedelta(days=chance.randint(0, (last - first).days))
    end = start + timedelta(days=chance.choice((0, 0, 0, 1, 4)))
    groups = None if chance.random() < 0.5 else frozenset(chance.sample(range(14), 4))
    return start, end, groups


def _pupil(chance: Random, years: Sequence[Year], number: int) -> Pupil:
    first_year = years[0].school_year
    group = chance.choice((-1, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 10, 11, 12))
    groups = {first_year: group, first_year + 1: group + 1}
    born: date | None = None
    if chance.random() < 0.9:
        born = date(first_year - 5 - group, 9, 1) + timedelta(days=chance.randrange(365))
        if chance.random() < 0.3:
            month, day = chance.choice(BIRTHDAYS)
            born = date(first_year - chance.choice((4, 5, 6, 15, 16, 17)), month, day)
    held = years if chance.random() < 0.85 else [chance.choice(years)]
    lines = {year.school_year: _line(chance, year, groups[year.school_year]) for year in held}
    household = chance.randint(1, 60) if chance.random() < 0.5 else None
    return Pupil(number, born, groups, _spells(chance, first_year), lines, household)


def _spells(chance: Random, first_year: int) -> list[tuple[date, date | None]]:
    def some_day() -> date:
        return date(first_year, 8, 15) + timedelta(days=chance.randrange(720))

    long_ago = date(first_year - 2, 9, 1)
    manner = chance.random()
    if manner < 0.7:
        return [(long_ago, None)]
    if manner < 0.8:
        return [(some_day(), None)]
    if manner < 0.88:
        return [(long_ago, some_day())]
    left, back = sorted((some_day(), some_day()))
    if left == back:
        return [(long_ago, None)]
    return [(long_ago, left), (back, None)]


def _line(chance: Random, year: Year, group: int) -> list[str]:
    """540 codes: blank where nothing was entered, and now and then a mark where none belongs."""
    line = [BLANK] * 540
    opened = year.is_open(group)
    last = max((place for place, state in enumerate(year.seen) if state == "o"), default=539)
    weights = [chances for _, _, chances in MANNERS]
    steady = chance.random() < 0.3
    week = 0
    while week < 54:
        manner = MANNERS[0] if steady else chance.choices(MANNERS, weights)[0]
        length = chance.choice((1, 1, 1, 2, 3, 4, 6))
        for half, codes in enumerate(manner[:2]):
            places = range(10 * week + half, min(10 * (week + length), 540), 2)
            drawn = chance.choices(list(codes), list(codes.values()), k=len(places))
            for place, code in zip(places, drawn, strict=True):
                if opened[place] and place <= last:
                    line[place] = code
        week += length
    for _ in range(chance.choice((0, 0, 1, 3))):
        line[chance.randrange(540)] = chance.choice(CODES)
    return line
