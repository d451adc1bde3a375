"""The school's own settings: as they stand on a day, their past, and changing one."""

from __future__ import annotations

from datetime import date, datetime

from attendance.core.people import Person
from attendance.core.permissions import check, reaches
from attendance.core.records import TriggerSettings
from attendance.core.settings import (
    DEFINITIONS,
    Setting,
    definition_of,
    trigger_settings,
    value_of,
)
from attendance.errors import NotAllowed, Refused
from attendance.rules.roles import Permission, grant
from attendance.store import events
from attendance.store import settings as store
from attendance.store.engine import Engine, Tx, read, write
from attendance.store.settings import SettingRow

# A role that only proposes reads the settings; it does not change them.
_MAY_CHANGE = ("approve", "apply")


def settings_on(tx: Tx, school_id: int, day: date) -> dict[str, Setting]:
    """Every setting by name, as it stands on a day: the school's value or the default."""
    rows = {row.setting: row for row in store.listed(tx, school_id) if row.valid_from <= day}
    return {each.name: _setting(each.name, rows.get(each.name)) for each in DEFINITIONS}


def triggers_on(tx: Tx, school_id: int, day: date) -> TriggerSettings:
    """The thresholds of the triggers, as they stand on a day."""
    return trigger_settings(settings_on(tx, school_id, day))


def school_settings(engine: Engine, person: Person, day: date) -> dict[str, Setting]:
    """The settings for whoever may read them. Raises NotAllowed."""
    check(person, Permission.CONFIGURE)
    with read(engine) as tx:
        return settings_on(tx, person.school_id, day)


def past_values(engine: Engine, person: Person) -> list[SettingRow]:
    """Every value that was ever set, newest first."""
    check(person, Permission.CONFIGURE)
    with read(engine) as tx:
        return list(reversed(store.listed(tx, person.school_id)))


def may_change(person: Person) -> bool:
    """Does a role of this person decide on settings, not only propose?"""
    found = reaches(person, Permission.CONFIGURE)
    return any(grant(role, Permission.CONFIGURE) in _MAY_CHANGE for role in found)


def change_setting(
    engine: Engine,
    person: Person,
    name: str,
    text: str,
    *,
    source: str,
    valid_from: date,
    review_on: date | None,
    now: datetime,
) -> None:
    """Set a value from a day on; an empty text takes it back. The change is logged.

    ``source`` says where the value comes from (a policy, a governors' decision). Raises NotAllowed
    and Refused; then nothing has changed.
    """
    if not may_change(person):
        raise NotAllowed("Settings are changed by the headteacher or the system administrator.")
    value = value_of(definition_of(name), text)
    if not source.strip():
        raise Refused(
            "Say where the value comes from: a policy, a decision, a letter and its date."
        )
    kept = "" if value is None else str(value)
    with write(engine) as tx:
        store.add(
            tx, person.school_id, name, kept,
            source=source.strip(), valid_from=valid_from, review_on=review_on, by=person, at=now,
        )  # fmt: skip
        detail = {"setting": name, "value": kept, "from": valid_from.isoformat()}
        events.append(
            tx, person.school_id, "setting changed", now, person.username, person.name,
            detail=detail,
        )  # fmt: skip


def _setting(name: str, row: SettingRow | None) -> Setting:
    definition = definition_of(name)
    if row is None or not row.value:
        return Setting(definition, definition.default)
    value = value_of(definition, row.value)
    return Setting(definition, value, row.source, row.valid_from, row.review_on, row.name)
