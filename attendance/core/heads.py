"""Heads of the amendments' chain, published outside the database, and the chain held to them.

A chain in a database is no proof against whoever can write to that database: they can make the
whole of it anew. They cannot change what the school has kept elsewhere. One line a publication:
    moment, number of amendments, hash of the last, and, where the school has a key, a seal
parted by single spaces. The seal is HMAC-SHA256, in hexadecimal, of the three words before it, so
that a file of heads cannot be made anew without the key. The chain's own hash has no key: old
chains stay valid, and an auditor needs no secret to check one.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from attendance.core.chain import GENESIS
from attendance.errors import CannotRead


@dataclass(frozen=True, slots=True)
class Head:
    """What was published at one moment; ``seal`` is None where there was no key."""

    at: datetime
    count: int
    head: str
    seal: str | None = None

    @property
    def words(self) -> str:
        """The part of the line that the seal covers."""
        moment = self.at.astimezone(UTC).isoformat(timespec="seconds")
        return f"{moment} {self.count} {self.head}"


def line_of(head: Head, key: bytes | None = None) -> str:
    """The line to publish, without its end; sealed when there is a key."""
    return f"{head.words} {_seal(head, key)}" if key else head.words


def read_heads(text: str) -> tuple[Head, ...]:
    """The heads of a published file, in its order; raises CannotRead, naming the line."""
    heads = []
    for number, line in enumerate(text.splitlines(), 1):
        if line.strip():
            heads.append(_read_line(line, number))
    if not heads:
        raise CannotRead("The file of published heads holds none.")
    return tuple(heads)


def check_heads(
    heads: Sequence[Head], rows: Iterable[Mapping[str, Any]], key: bytes | None = None
) -> list[str]:
    """A sentence for each published head that is not the chain's at its count; [] when all are.

    ``rows`` are a school's amendments in order of seq. With a key, a head without its seal counts
    as forged.
    """
    wanted = {head.count for head in heads}
    found = {0: GENESIS}
    for count, row in enumerate(rows, 1):
        if count in wanted:
            found[count] = row["hash"]
    return [said for head in heads if (said := _wrong(head, found, key))]


def _wrong(head: Head, found: Mapping[int, str], key: bytes | None) -> str | None:
    when = f"The head published at {head.words.split()[0]}"
    if key and not hmac.compare_digest(head.seal or "", _seal(head, key)):
        return f"{when} does not have the seal of the school’s key."
    if head.count not in found:
        return f"{when} counts {head.count} amendments; there are fewer now."
    if found[head.count] != head.head:
        return f"{when} is not the hash of amendment {head.count}: what was written is changed."
    return None


def _seal(head: Head, key: bytes) -> str:
    return hmac.new(key, head.words.encode(), hashlib.sha256).hexdigest()


def _read_line(line: str, number: int) -> Head:
    try:
        moment, count, head, *seal = line.split()
        at = datetime.fromisoformat(moment)
        if at.tzinfo is None or len(head) != 64 or len(seal) > 1 or int(count) < 0:
            raise ValueError
        return Head(at, int(count), head, seal[0] if seal else None)
    except ValueError:
        raise CannotRead(f"Line {number} of the published heads is not one of ours.") from None
