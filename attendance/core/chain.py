"""The amendments' hash chain: each entry's hash covers its facts and the hash before it.

hash = SHA-256, in hexadecimal, of the UTF-8 text
    previous hash, newline, JSON array of the CHAINED facts in order (no spaces, no ASCII escapes)
Days are ISO dates; moments are UTC with six decimals ("2026-11-20T08:40:00.000000+00:00"). Kept
this plain so that an auditor can check a school's register with a short script of their own.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

GENESIS = "0" * 64
CHAINED = (
    "school_id", "seq", "school_year", "pupil_id", "day", "session", "original", "amended",
    "reason", "at", "username", "name", "position", "batch_id",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class ChainCheck:
    """What verifying found: how many entries, the last hash, and the first break in words."""

    amendments: int
    head: str
    broken: str | None = None

    @property
    def intact(self) -> bool:
        return self.broken is None


def entry_hash(previous_hash: str, fields: Mapping[str, Any]) -> str:
    """The hash of one amendment; ``fields`` holds at least every name in CHAINED."""
    facts = json.dumps(
        [_plain(fields[name]) for name in CHAINED], ensure_ascii=False, separators=(",", ":")
    )
    return hashlib.sha256(f"{previous_hash}\n{facts}".encode()).hexdigest()


def verify(rows: Iterable[Mapping[str, Any]], *, head: str, count: int) -> ChainCheck:
    """Walk one school's amendments, in order of seq, against the published head and count.

    Each row holds CHAINED plus ``previous_hash`` and ``hash``. An edit, a deletion, an insertion,
    a reordering and a shortened tail each break the chain or miss the head.
    """
    last, seen = GENESIS, 0
    for row in rows:
        seen += 1
        if row["seq"] != seen:
            return ChainCheck(seen, last, f"Amendment {seen} is missing.")
        if row["previous_hash"] != last or row["hash"] != entry_hash(last, row):
            return ChainCheck(seen, last, f"Amendment {seen} is not as it was written.")
        last = row["hash"]
    if seen != count:
        return ChainCheck(seen, last, f"There are {seen} amendments; {count} were made.")
    if last != head:
        return ChainCheck(seen, last, "The last amendment is not the one recorded as last.")
    return ChainCheck(seen, last)


def _plain(value: object) -> object:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    if isinstance(value, date):
        return value.isoformat()
    return str(value) if value is not None and not isinstance(value, int) else value
