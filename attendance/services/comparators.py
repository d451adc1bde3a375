"""What the school holds its own figures to: its target, and DfE's private expectation.

Both are settings with a source and a day they hold from. The expectation is for those who answer
for the school's settings, and never for governors.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from attendance.core.people import Person
from attendance.core.permissions import allows, is_suppressed
from attendance.core.settings import BASELINE, TARGET
from attendance.rules.roles import Permission
from attendance.services.settings import settings_on
from attendance.store.engine import Engine, read

_TITLES = {TARGET: "School target", BASELINE: "DfE’s private expectation of this school"}


@dataclass(frozen=True, slots=True)
class OwnComparator:
    """An attendance rate in per cent that the school set, and where it comes from."""

    title: str
    percent: Decimal
    source: str

    def points_over(self, absence_rate: float) -> Decimal:
        """Percentage points by which absence lies over what the rate leaves room for."""
        return Decimal(100 * absence_rate).quantize(Decimal("0.1")) - (100 - self.percent)


def own_comparators(engine: Engine, person: Person, day: date) -> tuple[OwnComparator, ...]:
    """Those that are set on a day and that this person may see."""
    is_leader = allows(person, Permission.CONFIGURE) and not is_suppressed(
        person, Permission.SCHOOL_DASHBOARD
    )
    names = (TARGET, BASELINE) if is_leader else (TARGET,)
    with read(engine) as tx:
        settings = settings_on(tx, person.school_id, day)
    return tuple(
        OwnComparator(_TITLES[name], value, settings[name].source)
        for name in names
        if (value := settings[name].value) is not None
    )
