"""The log of what people did that is not an amendment: views, exports, sign-ins, refusals.

It says who, when, which pupils and how far; never what was in the record.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, insert, select

from attendance.store.engine import Tx
from attendance.store.tables import event

_event = event.c


@dataclass(frozen=True, slots=True)
class Event:
    """One entry of the log; ``subjects`` are pupil ids."""

    id: int
    school_id: int
    at: datetime
    username: str
    name: str
    kind: str
    subjects: Sequence[int]
    detail: Mapping[str, Any]


def append(
    tx: Tx,
    school_id: int,
    kind: str,
    at: datetime,
    username: str,
    name: str,
    subjects: Sequence[int] = (),
    detail: Mapping[str, Any] | None = None,
) -> None:
    """Write what was done, in the transaction that does it."""
    tx.execute(
        insert(event),
        {
            "school_id": school_id,
            "at": at,
            "username": username,
            "name": name,
            "kind": kind,
            "subjects": list(subjects),
            "detail": dict(detail or {}),
        },
    )


def list_events(
    tx: Tx,
    school_id: int,
    *,
    kinds: Sequence[str] | None = None,
    since: datetime | None = None,
    username: str | None = None,
    pupil_id: int | None = None,
    limit: int = 1000,
) -> list[Event]:
    """The newest entries first, of some kinds, since a moment, by one person, about one pupil."""
    query = select(event).where(_event.school_id == school_id).order_by(_event.id.desc())
    if kinds is not None:
        query = query.where(_event.kind.in_(kinds))
    if since is not None:
        query = query.where(_event.at >= since)
    if username is not None:
        query = query.where(_event.username == username)
    found: list[Event] = []
    with tx.execute(query, execution_options={"yield_per": 1000}) as rows:
        for row in rows:
            if pupil_id is None or pupil_id in row.subjects:
                found.append(Event(*row))
            if len(found) == limit:
                break
    return found


def count_events(
    tx: Tx,
    school_id: int,
    kind: str,
    since: datetime,
    *,
    username: str | None = None,
    address: str | None = None,
) -> int:
    """How often something happened since a moment: to one username, or from one address.

    The address is looked for as ``detail["address"]``; lockout after refused sign-ins needs both.
    """
    query = select(func.count()).where(
        _event.school_id == school_id, _event.kind == kind, _event.at >= since
    )
    if username is not None:
        query = query.where(_event.username == username)
    if address is not None:
        query = query.where(_event.detail["address"].as_string() == address)
    return tx.execute(query).scalar_one()
