"""A clock that stands still: the demo school's day, so that pages say the same in any year."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, tzinfo

import pytest

from attendance.ui import clock

NOW = datetime(2026, 11, 24, 10, 12, tzinfo=UTC)
TODAY = date(2026, 11, 24)


class _Still(datetime):
    @classmethod
    def now(cls, tz: tzinfo | None = None) -> datetime:
        return NOW.astimezone(tz)


@pytest.fixture
def still_clock(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The screens' clock stands at 10:12 am on 24 November 2026."""
    monkeypatch.setattr(clock, "datetime", _Still)
    yield
