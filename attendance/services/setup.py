"""Setting up: an empty database, a new school, its calendar, the demo school."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime

from attendance.core.calendar import Closure, Term
from attendance.core.register_times import RegisterTimes, check_times
from attendance.core.slots import school_year_of
from attendance.errors import Refused
from attendance.services.accounts import (
    NewUser,
    add_first_users,
    checked_first_users,
    hash_password,
)
from attendance.store import schools
from attendance.store.engine import Engine, Tx, read, write

PHASES = ("secondary", "primary", "special", "alternative")


def is_empty(engine: Engine) -> bool:
    """True while no school has been set up."""
    with read(engine) as tx:
        return not schools.list_schools(tx)


def the_school(engine: Engine) -> schools.School:
    """The one school of this database; Refused while there is none."""
    with read(engine) as tx:
        found = schools.list_schools(tx)
    if not found:
        raise Refused(
            "There is no school in this database yet. Set it up first: "
            "python -m attendance school set --name … --urn … --phase …"
        )
    return found[0]


def create_school(
    engine: Engine,
    *,
    name: str,
    urn: str,
    phase: str,
    terms: Iterable[Term] = (),
    closures: Iterable[Closure] = (),
    times: RegisterTimes | None = None,
    people: Iterable[NewUser] = (),
    now: datetime,
) -> int:
    """A new school with its calendar, register times and first accounts, all or none; its id.

    Refused where the database holds a school already, or for the first fact that will not do.
    """
    _check_school(name, urn, phase)
    if times is not None:
        check_times(times, now.date())
    ready = [(one, hash_password(one.password)) for one in checked_first_users(people)]
    with write(engine) as tx:
        if schools.list_schools(tx):
            raise Refused("This database already holds a school: each school has its own.")
        school_id = schools.add_school(tx, _tidy(name), urn.strip(), phase, now)
        _save_calendar(tx, school_id, list(terms), list(closures))
        if times is not None:
            schools.set_times(tx, school_id, times)
        add_first_users(tx, school_id, ready, now)
    return school_id


def set_school(
    engine: Engine,
    *,
    name: str,
    urn: str,
    phase: str,
    terms: Iterable[Term] = (),
    closures: Iterable[Closure] = (),
    now: datetime,
) -> int:
    """Set the school up, or give the one that is there these facts and this calendar; its id."""
    if is_empty(engine):
        return create_school(
            engine, name=name, urn=urn, phase=phase, terms=terms, closures=closures, now=now
        )
    _check_school(name, urn, phase)
    school = the_school(engine)
    if school.is_demo:
        raise Refused("This database holds the demo school. Set your school up in another one.")
    with write(engine) as tx:
        schools.change_school(tx, school.id, _tidy(name), urn.strip(), phase)
        _save_calendar(tx, school.id, list(terms), list(closures))
    return school.id


def create_demo(
    engine: Engine, *, today: date, now: datetime, pupils: int = 1200, seed: int = 1
) -> int:
    """Fill an empty database with the invented demo school; its id."""
    # Not at the top: a real school's nightly import has no use for it.
    from attendance.demo.school import build_demo
    from attendance.services.demo_school import save_demo

    if not is_empty(engine):
        raise Refused(
            "This database already holds a school, so the demo was not added: "
            "no demo pupil or account may stand beside real ones."
        )
    demo = build_demo(today, pupils=pupils, seed=seed)
    with write(engine) as tx:
        return save_demo(tx, demo, now)


def _check_school(name: str, urn: str, phase: str) -> None:
    if len(_tidy(name)) < 3:
        raise Refused("Give the school's name.")
    if not (urn.strip().isdigit() and len(urn.strip()) == 6):
        raise Refused(
            f"A URN has six digits; ‘{urn}’ has not. It is on Get Information about Schools."
        )
    if phase not in PHASES:
        raise Refused(f"The phase is one of {', '.join(PHASES)}; not ‘{phase}’.")


def _tidy(name: str) -> str:
    return " ".join(name.split())


def _save_calendar(tx: Tx, school_id: int, terms: list[Term], closures: list[Closure]) -> None:
    """Terms and closures replace those of the school years they lie in, and no others."""
    by_year: dict[int, list[Term]] = defaultdict(list)
    for term in terms:
        if term.last_day < term.first_day:
            raise Refused(f"{term.name} ends before it begins: correct its dates.")
        by_year[school_year_of(term.first_day)].append(term)
    closed: dict[int, list[Closure]] = defaultdict(list)
    for closure in closures:
        closed[school_year_of(closure.first_day)].append(closure)
    for year, given in by_year.items():
        schools.replace_terms(tx, school_id, year, given)
    for year in {*by_year, *closed}:
        schools.replace_closures(tx, school_id, year, closed[year])
