"""Small schools that Hypothesis can shrink: a few weeks, one to three pupils, runs of one code."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import strategies as st

from tests.oracle.draw import BIRTHDAYS, Noted
from tests.oracle.law import BLANK, CODES
from tests.oracle.school import Pupil, School, Year, slots_of

FIRST_DAYS = [date(2025, 9, 1), date(2024, 8, 5), date(2024, 7, 8), date(2025, 5, 12)]
# The first is what Hypothesis shrinks to.
DAYS_OUT = ["oo", "##", "..", "o#", "#o"]
RUNS = ["/", "O", "I", "N", "U", "L", "G", "C2", "X", "D", "Y1", BLANK, *CODES]


class Case:
    """A school, the day it is asked about and what staff noted; shown as short as can be."""

    def __init__(self, school: School, on: date, noted: Noted) -> None:
        self.school, self.on, self.noted = school, on, noted

    def __repr__(self) -> str:
        return "\n".join(map(repr, [*self.school.years, *self.school.pupils, self.on, self.noted]))


@st.composite
def cases(draw: st.DrawFn) -> Case:
    """A school, a day among its weeks or soon after, and what staff noted about those days."""
    school = draw(schools())
    read = [
        day
        for year in school.years
        for (day, _), state in zip(year.slots, year.seen, strict=True)
        if state == "o"
    ]
    first, last = (min(read), max(read)) if read else (date(2025, 9, 8), date(2025, 9, 8))
    on = last - timedelta(days=draw(st.integers(-12, (last - first).days)))
    return Case(school, on, draw(records(school, on)))


@st.composite
def schools(draw: st.DrawFn) -> School:
    """Two school years of which some weeks, from a day of the first or second, are in registers."""
    first_day = draw(st.sampled_from(FIRST_DAYS)) + timedelta(days=draw(st.integers(0, 9)))
    weeks = draw(st.integers(1, 16))
    days = [
        day
        for day in (first_day + timedelta(days=n) for n in range(7 * weeks))
        if day.weekday() < 5
    ]
    out = draw(st.dictionaries(st.sampled_from(days), st.sampled_from(DAYS_OUT), max_size=6))
    weeks_out = draw(st.sets(st.integers(0, weeks), max_size=2))
    state = {
        day: ".." if (day - first_day).days // 7 in weeks_out else out.get(day, "oo")
        for day in days
    }
    closures = draw(st.lists(_closure(days), max_size=1))
    years = [_year(school_year, state, closures) for school_year in (2024, 2025)]
    if first_day.year == 2024:
        years = [_year(school_year, state, closures) for school_year in (2023, 2024)]
    size = draw(st.integers(1, 3))
    pupils = [draw(_pupil(number + 1, years, days)) for number in range(size)]
    return School(years, pupils)


@st.composite
def records(draw: st.DrawFn, school: School, on: date) -> Noted:
    """A leave, an expected absence, a plan and some notices, near the day asked about."""

    def about(least: int, most: int) -> date:
        return on + timedelta(days=draw(st.integers(least, most)))

    pupil_id = draw(st.sampled_from([pupil.pupil_id for pupil in school.pupils]))
    first = about(-40, 2)
    later = first + timedelta(days=draw(st.integers(0, 30)))
    kind = draw(st.sampled_from(["none", "leave", "expected", "plan", "notices", "workers"]))
    if kind == "leave":
        return Noted(leaves=((pupil_id, first, later, "C"),))
    if kind == "expected":
        return Noted(expected=((pupil_id, first, later, "I", first),))
    if kind == "plan":
        return Noted(plans=((pupil_id, first, later, None),))
    if kind == "notices":
        issued = sorted(about(-1200, 0) for _ in range(draw(st.integers(1, 4))))
        states = [draw(st.sampled_from(["issued", "withdrawn"])) for _ in issued]
        pairs = zip(issued, states, strict=True)
        return Noted(notices=tuple((pupil_id, "Parent P", day, state) for day, state in pairs))
    if kind == "workers":
        return Noted(social_worker=frozenset({pupil_id}), yot_worker=frozenset({pupil_id}))
    return Noted()


def _year(
    school_year: int,
    state: dict[date, str],
    closures: list[tuple[date, date, frozenset[int] | None]],
) -> Year:
    seen = [state.get(day, "..")[half == "PM"] for day, half in slots_of(school_year)]
    return Year(school_year, "".join(seen), (), closures)


@st.composite
def _closure(draw: st.DrawFn, days: list[date]) -> tuple[date, date, frozenset[int] | None]:
    first = draw(st.sampled_from(days))
    groups = draw(st.sampled_from([None, frozenset({8, 9}), frozenset({10})]))
    return first, first + timedelta(days=draw(st.integers(0, 3))), groups


@st.composite
def _pupil(draw: st.DrawFn, number: int, years: list[Year], days: list[date]) -> Pupil:
    first_year = years[0].school_year
    group = draw(st.sampled_from([8, 9, 10, -1, 0, 11]))
    groups = {first_year: group, first_year + 1: group + 1}
    born = None
    if draw(st.booleans()):
        month, day = draw(st.sampled_from(BIRTHDAYS))
        born = date(first_year - 4 - group, month, day)
    runs = draw(st.lists(st.tuples(st.sampled_from(RUNS), st.integers(1, 44)), max_size=12))
    entered = [code for code, length in runs for _ in range(length)]
    slots = [(day, half) for day in days for half in ("AM", "PM")]
    marks = dict(zip(slots, entered, strict=False))
    lines = {year.school_year: [marks.get(slot, BLANK) for slot in year.slots] for year in years}
    if draw(st.booleans()):
        lines.pop(draw(st.sampled_from([first_year, first_year + 1])))
    left = draw(st.one_of(st.none(), st.sampled_from(days)))
    spells: list[tuple[date, date | None]] = [(date(first_year - 2, 9, 1), left)]
    if left is not None and draw(st.booleans()):
        spells.append((left + timedelta(days=draw(st.integers(1, 20))), None))
    return Pupil(number, born, groups, spells, lines, draw(st.sampled_from([None, 1])))
