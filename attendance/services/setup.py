"""Setting up: an empty database, a new school, the demo school."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from attendance.core.calendar import Closure, Term
from attendance.core.slots import school_year_of
from attendance.services.accounts import DEMO_PASSWORD, hash_password
from attendance.store import schools, users
from attendance.store.engine import Engine, read, write


def is_empty(engine: Engine) -> bool:
    """True while no school has been set up."""
    with read(engine) as tx:
        return not schools.list_schools(tx)


def create_school(
    engine: Engine,
    *,
    name: str,
    urn: str,
    phase: str,
    terms: Iterable[Term] = (),
    closures: Iterable[Closure] = (),
    now: datetime,
) -> int:
    """A new school with this year's calendar; its id."""
    given = list(terms)
    with write(engine) as tx:
        school_id = schools.add_school(tx, name, urn, phase, now)
        if given:
            schools.replace_terms(tx, school_id, school_year_of(given[0].first_day), given)
        schools.add_closures(tx, school_id, closures)
    return school_id


def create_demo(
    engine: Engine, *, today: date, now: datetime, pupils: int = 1200, seed: int = 1
) -> int:
    """Stand-in: the staff only."""
    from attendance.demo.school import NAME, PHASE, URN
    from attendance.demo.staff import build_staff

    password_hash = hash_password(DEMO_PASSWORD)
    with write(engine) as tx:
        school_id = schools.add_school(tx, NAME, URN, PHASE, now, is_demo=True)
        for one in build_staff("9K"):
            scopes = frozenset({one.scope} - {""})
            users.add_user(
                tx, school_id, one.username, one.name, one.position, password_hash,
                {one.role: scopes}, now,
            )  # fmt: skip
    return school_id
