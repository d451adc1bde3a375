"""Settings: what is typed becomes a number within its limits, or a sentence says why not."""

from __future__ import annotations

from decimal import Decimal

import pytest

from attendance.core.records import TriggerSettings
from attendance.core.settings import (
    BY_NAME,
    TARGET,
    Setting,
    definition_of,
    trigger_settings,
    value_of,
)
from attendance.errors import Refused


@pytest.mark.parametrize(
    ("typed", "value"),
    [("95", "95"), (" 95.5 % ", "95.5"), ("50", "50"), ("100", "100"), ("", None), ("  ", None)],
)
def test_a_target_is_read_as_a_number_within_its_limits(typed: str, value: str | None) -> None:
    expected = None if value is None else Decimal(value)
    assert value_of(BY_NAME[TARGET], typed) == expected


@pytest.mark.parametrize("typed", ["49.9", "100.1", "95.55", "ninety", "NaN", "Infinity", "=1"])
def test_what_is_no_target_is_refused_with_the_setting_named(typed: str) -> None:
    with pytest.raises(Refused, match="attendance target"):
        value_of(BY_NAME[TARGET], typed)


def test_a_number_of_sessions_is_whole() -> None:
    with pytest.raises(Refused, match="a whole number"):
        value_of(BY_NAME["lateness_sessions"], "4.5")


def test_an_unknown_setting_is_refused_with_those_there_are() -> None:
    with pytest.raises(Refused, match="Choose one of target_attendance_percent"):
        definition_of("colour")


def test_the_triggers_take_the_schools_thresholds_and_the_defaults_for_the_rest() -> None:
    settings = {"lateness_sessions": Setting(BY_NAME["lateness_sessions"], Decimal(7))}
    assert trigger_settings(settings) == TriggerSettings(lateness_sessions=7)
