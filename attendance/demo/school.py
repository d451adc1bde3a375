"""The demo school as a whole: invented people, two school years, national-looking absence.

`build_demo` is pure: the same ``today``, size and seed give the same school.

What it is held to nationally, and how nearly, is in ``attendance.demo.targets``.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

import numpy as np
import pandas as pd

from attendance.core.calendar import Closure, Term
from attendance.core.records import Records
from attendance.core.slots import Session, school_year_of
from attendance.demo import history, marks
from attendance.demo.arrays import Ints, Marks, Rng
from attendance.demo.calendar import closures_of, first_school_day, school_days_of, terms_of
from attendance.demo.characteristics import Record, build_characteristics
from attendance.demo.contacts import build_contacts
from attendance.demo.history import DemoAmendment
from attendance.demo.people import build_pupils
from attendance.demo.planted import Planted, choose_planted
from attendance.demo.records import build_records, ethnicities
from attendance.demo.roll import Roll, build_roll
from attendance.demo.staff import DemoStaff, build_staff
from attendance.demo.traits import build_traits
from attendance.demo.year import Year, build_year

NAME = "Larkspur Fictional Academy"
URN = "999001"
PHASE = "secondary"
SNOW_DAY = (1, 20)  # the first school day from 20 January of the last full year


@dataclass(frozen=True)
class DemoSchool:
    """Everything to be saved; every frame's ``row`` is an index into ``pupils``.

    pupils: upn, admission_number, surname, forename, preferred_name, sex, birth_date, household.
    enrolments: row, first_day, last_day (None while on roll).
    placements: row, first_day, year_group, form.
    characteristics: row, kind, first_day, last_day (None), detail.
    contacts: row, priority, name, relationship, parental_responsibility, lives_with, phone,
    email, address, note.
    marks: (n, 540) storage symbols of each school year.
    details: row, slot, minutes_late (int or None), comment (str or None) of each school year.
    amendments: in the order they were made; ``marks`` already hold the amended marks.
    records: leave, expected absences, plans and notices, with ``row`` as their pupil_id.
    """

    name: str
    urn: str
    phase: str
    school_years: tuple[int, int]
    terms: list[tuple[int, Term]]
    closures: list[tuple[int, Closure]]
    staff: tuple[DemoStaff, ...]
    pupils: pd.DataFrame
    enrolments: pd.DataFrame
    placements: pd.DataFrame
    characteristics: pd.DataFrame
    contacts: pd.DataFrame
    marks: dict[int, Marks]
    details: dict[int, pd.DataFrame]
    amendments: list[DemoAmendment]
    records: Records
    planted: Planted


def build_demo(today: date, *, pupils: int = 1200, seed: int = 1) -> DemoSchool:
    """The demo school as it stands on ``today``, this morning's registers taken.

    ``pupils`` are on roll this school year; leavers come on top. Any day will do: in August this
    year has no marks yet, at a weekend the last are Friday's.
    """
    rng = np.random.default_rng([seed, 999])
    this_year = school_year_of(today)
    roll = build_roll(rng, this_year, today, pupils)
    people = build_pupils(rng, roll)
    household = people["household"].to_numpy(dtype=np.int64)
    record = build_characteristics(rng, roll, household, this_year, today)
    years = _years(rng, roll, record, household, this_year, today)
    planted = choose_planted(rng, years)
    lines, details, amended = _marks_of(rng, years, record, planted, today)
    both = (this_year - 1, this_year)
    contacts = build_contacts(rng, people, record.mask("looked_after"))
    facts = record.frame()
    # A generator of its own: what is recorded beside the marks never moves a mark.
    beside = np.random.default_rng([seed, 998])
    timetables = record.dated("part_time_timetable")
    return DemoSchool(
        name=NAME,
        urn=URN,
        phase=PHASE,
        school_years=both,
        terms=[(year, term) for year in both for term in terms_of(year)],
        closures=[(year, closure) for year in both for closure in closures_of(year)],
        staff=build_staff(_tutor_form(roll, today)),
        pupils=people,
        enrolments=_enrolments(roll),
        placements=_placements(roll),
        characteristics=pd.concat([facts, ethnicities(beside, record.starts)], ignore_index=True),
        contacts=contacts,
        marks=lines,
        details=details,
        amendments=sorted(amended, key=_when),
        records=build_records(beside, today, lines, timetables, contacts),
        planted=planted,
    )


def _years(
    rng: Rng, roll: Roll, record: Record, household: Ints, this_year: int, today: date
) -> tuple[Year, Year]:
    before, now = school_days_of(this_year - 1), school_days_of(this_year)
    groups = {days.school_year: roll.year_group(days.school_year) for days in (before, now)}
    there = {days.school_year: roll.ever_on_roll(days.days) for days in (before, now)}
    traits = build_traits(rng, record, groups, there)
    last_day: date = before.days[-1].item()
    first_day: date = now.days[0].item()
    return (
        build_year(roll, traits[this_year - 1], household, before, last_day),
        build_year(roll, traits[this_year], household, now, max(today, first_day)),
    )


def _marks_of(
    rng: Rng, years: tuple[Year, Year], record: Record, planted: Planted, today: date
) -> tuple[dict[int, Marks], dict[int, pd.DataFrame], list[DemoAmendment]]:
    """By school year the lines of marks and their details, and all the amendments."""
    lines: dict[int, Marks] = {}
    details: dict[int, pd.DataFrame] = {}
    amended: list[DemoAmendment] = []
    engagement: Ints | None = None
    for year in years:
        school_year = year.days.school_year
        work, engagement = marks.draw_year(
            rng, year, record, planted, engagement, _closed_days(year, today)
        )
        amended += _written_later(rng, year, work, today)
        lines[school_year] = marks.in_slots(work, year.days)
        details[school_year] = history.details(rng, year, lines[school_year])
    return lines, details, amended


def _closed_days(year: Year, today: date) -> list[int]:
    """The snow day, in the last full year only."""
    this_year = school_year_of(today)
    if year.days.school_year == this_year:
        return []
    return [year.days.index(date(this_year, *SNOW_DAY))]


def _written_later(rng: Rng, year: Year, work: Marks, today: date) -> list[DemoAmendment]:
    """Take back what is not known yet on ``today``; the amendments behind the marks that are."""
    this_year = school_year_of(today)
    marks.forget_the_future(rng, year, today, work)
    now = history.last_marked_day(work)
    if year.days.school_year == this_year or (today - year.days.days[-1].item()).days < 45:
        history.leave_open(rng, year, now, work)
    if now < 0:
        return []
    recent = max(now - history.LATELY, 0) if year.days.school_year == this_year else now
    made = history.amendments(rng, year, 0, recent, now, work, history.AMENDED_BEFORE)
    made += history.amendments(rng, year, recent, now, now, work, history.AMENDED_LATELY)
    return made


def _when(made: DemoAmendment) -> tuple[datetime, int, date, Session]:
    return made.at, made.row, made.day, made.session


def _tutor_form(roll: Roll, today: date) -> str:
    """The last form of Year 9, such as 9G."""
    day = max(today, first_school_day(school_year_of(today)))
    return max(form for form in roll.forms_on(day) if form.startswith("9"))


def _enrolments(roll: Roll) -> pd.DataFrame:
    rows = [(row, *spell) for row, spells in enumerate(roll.spells) for spell in spells]
    return pd.DataFrame(rows, columns=["row", "first_day", "last_day"])


def _placements(roll: Roll) -> pd.DataFrame:
    rows = [(row, *place) for row, places in enumerate(roll.placements) for place in places]
    return pd.DataFrame(rows, columns=["row", "first_day", "year_group", "form"])
