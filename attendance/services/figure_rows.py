"""A group's figures as one row of whole numbers, rates and flags."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import pandas as pd

from attendance.core.figures import ABSENT
from attendance.errors import Refused
from attendance.rules.limits import limit_on

COLUMNS = (
    "pupils", "possible_sessions", "attended_sessions", "authorised_absence",
    "unauthorised_absence", "late_before_close", "late_after_close", "unmarked",
    "attendance_rate", "absence_rate", "persistently_absent", "severely_absent",
)  # fmt: skip


def row_of(key: str, facts: Mapping[Any, Any]) -> dict[str, Any]:
    """Whole numbers as int, rates as float or None; persistent absence has no meaning in a week."""
    row: dict[str, Any] = {"key": key}
    for name in COLUMNS:
        value = facts.get(name)
        is_rate = name.endswith("_rate")
        row[name] = (
            None if value is None or pd.isna(value) else float(value) if is_rate else int(value)
        )
    return row


def never_split(rows: list[dict[str, Any]], by: str) -> list[dict[str, Any]]:
    """Of pupils aged 4 DfE has one overall rate, which it does not split by reason."""
    if by == "code":
        raise Refused("DfE does not split the absence of pupils aged 4 by code: leave --view out.")
    return [row | dict.fromkeys(ABSENT) for row in rows]


def with_small_base(rows: list[dict[str, Any]], on: date) -> list[dict[str, Any]]:
    """Add ``small_base`` to rows that have a rate: too few possible sessions to lean on it.

    The rate is given all the same: the law knows no least number of sessions.
    """
    few = int(limit_on("small_base_sessions", on).value)
    possible = [row.get("possible_sessions") for row in rows]
    return [
        row if n is None else row | {"small_base": 0 < n < few}
        for row, n in zip(rows, possible, strict=True)
    ]
