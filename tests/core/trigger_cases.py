"""What the trigger tests share: ask drawn registers for one trigger of their first pupil."""

from __future__ import annotations

from datetime import date, timedelta

from attendance.core.records import Records, TriggerSettings
from attendance.core.slots import Session
from attendance.core.timeline import join
from attendance.core.triggers import find
from tests.build import MONDAY

AM, PM = Session.AM, Session.PM
IN = "/\\"


def day(number: int) -> date:
    """The number-th weekday drawn from MONDAY, 0 the first."""
    return MONDAY + timedelta(days=number // 5 * 7 + number % 5)


def found(*registers, on, records=None, settings=None):
    """Every finding."""
    timeline = join(registers)
    return find(timeline, on, records or Records(), settings or TriggerSettings())


def one(trigger, *registers, on, pupil=1, **given):
    """The pupil's finding of that trigger, None where there is none."""
    hits = [
        each
        for each in found(*registers, on=on, **given)
        if each.trigger == trigger and each.pupil_id == pupil
    ]
    assert len(hits) <= 1, hits
    return hits[0] if hits else None


def days(*parts):
    """days((3, IN), (2, 'OO')) -> three days in school, two of O."""
    return " ".join(drawn for times, drawn in parts for _ in range(times))
