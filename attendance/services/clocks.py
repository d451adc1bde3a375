"""What asks for something to be done, as staff read it: findings with names, in order of work."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from types import MappingProxyType

from attendance.core.names import called
from attendance.core.people import Person
from attendance.core.permissions import allows, visible
from attendance.core.register import Register
from attendance.core.trigger_findings import Finding
from attendance.core.trigger_words import (
    Words,
    due_this_week,
    is_listed,
    is_overdue,
    order_of_work,
    words_of,
)
from attendance.rules.roles import Permission
from attendance.services.triggers import findings
from attendance.store.engine import Engine

# Beside the pupil's record, one of these: steps towards the authority are for those who take them,
# patterns for those who may see patterns.
_STEPS: tuple[Permission, ...] = (Permission.MANAGE_CASE, Permission.EVIDENCE_PACK)
_PATTERNS: tuple[Permission, ...] = (Permission.PATTERNS,)
_ONE_OF: Mapping[str, tuple[Permission, ...]] = MappingProxyType(
    {
        "penalty_threshold": _STEPS,
        "third_notice": _STEPS,
        "attendance_return": _STEPS,
        "continuous_absence": _STEPS,
        "leave_overrun": _STEPS,
        "repeated_lateness": _PATTERNS,
        "present_then_absent": _PATTERNS,
        "sudden_change": _PATTERNS,
        "siblings_absent": _PATTERNS,
    }
)


@dataclass(frozen=True, slots=True)
class Clock:
    """One finding of one pupil, with the name and form that staff know."""

    finding: Finding
    name: str
    form: str

    @property
    def pupil_id(self) -> int:
        return self.finding.pupil_id

    @property
    def words(self) -> Words:
        return words_of(self.finding)


@dataclass(frozen=True)
class Clocks:
    """All that the person may see on a day, in order of work."""

    on: date
    rows: tuple[Clock, ...]

    @cached_property
    def listed(self) -> tuple[Clock, ...]:
        """The list of everything: without what there is much of and that is not due yet."""
        return tuple(row for row in self.rows if is_listed(row.finding, self.on))

    @cached_property
    def overdue(self) -> int:
        return sum(is_overdue(row.finding, self.on) for row in self.listed)

    @cached_property
    def due_this_week(self) -> str:
        """'3 returns, 2 reviews', or ''."""
        return due_this_week((row.finding for row in self.rows), self.on)

    @cached_property
    def _by_pupil(self) -> dict[int, list[Clock]]:
        found: dict[int, list[Clock]] = {}
        for row in self.rows:
            found.setdefault(row.pupil_id, []).append(row)
        return found

    def of_kind(self, trigger: str) -> tuple[Clock, ...]:
        """Those of one trigger."""
        return tuple(row for row in self.rows if row.finding.trigger == trigger)

    def of_pupil(self, pupil_id: int) -> tuple[Clock, ...]:
        """Those of one pupil."""
        return tuple(self._by_pupil.get(pupil_id, ()))


def acts_on_clocks(person: Person) -> bool:
    """Is the list of what is due and met for this person? For those who manage cases."""
    return allows(person, Permission.MANAGE_CASE)


def clocks(engine: Engine, person: Person, registers: Sequence[Register], on: date) -> Clocks:
    """What stood on a day against the pupils whom the person reaches, first things first.

    ``registers``: the whole school's, oldest first, the last that of the day. Raises NotAllowed.
    """
    pupils = registers[-1].pupils
    names = dict(zip(pupils["pupil_id"].tolist(), called(pupils), strict=True))
    forms = dict(zip(pupils["pupil_id"].tolist(), pupils["form"], strict=True))
    reached = {needed: _ids(person, needed, registers[-1]) for needed in (_STEPS, _PATTERNS)}
    seen = [
        one
        for one in findings(engine, person, registers, on)
        if not _is_agreed(one)
        and (one.trigger not in _ONE_OF or one.pupil_id in reached[_ONE_OF[one.trigger]])
    ]
    seen.sort(key=lambda one: order_of_work(one, on))
    rows = (Clock(one, str(names[one.pupil_id]), str(forms[one.pupil_id])) for one in seen)
    return Clocks(on, tuple(rows))


def _is_agreed(finding: Finding) -> bool:
    """Afternoons off that a part-time timetable agreed (C2) are no pattern to ask about."""
    return finding.trigger == "present_then_absent" and all(
        code == "C2" for _, _, code in finding.sessions
    )


def _ids(person: Person, one_of: tuple[Permission, ...], register: Register) -> set[int]:
    pupils = register.pupils
    ids = pupils["pupil_id"].to_numpy()
    return {int(each) for needed in one_of for each in ids[visible(person, needed, pupils)]}
