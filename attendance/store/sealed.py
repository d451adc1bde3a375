"""A backup's file, encrypted: nobody reads it, or changes a byte of it, without the passphrase.

MAGIC, four bytes of the header's length, the header (JSON: facts that may be read by anyone), a
tag of 16 bytes over all of these, then chunks of 1 MiB, each AES-256-GCM. The key is scrypt's, from
the passphrase and a salt made for this file, so a counter is a safe nonce. Every chunk is bound to
the header, to its place and to whether it is the last: a piece cut off, moved or added is found.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from attendance.errors import CannotRead, Refused

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

MAGIC = b"ATTENDANCE DESK BACKUP 1\n"
CHUNK, TAG, LONGEST_HEADER = 1 << 20, 16, 1 << 16
# RFC 7914; 64 MiB and a quarter of a second for each guess. Of the format: never read from a file.
SCRYPT = {"n": 1 << 16, "r": 8, "p": 1}
SHORTEST = 12
NOT_SEALED = (
    "{name} is not an encrypted backup of Attendance Desk. "
    "If it was made with --plain, restore it with --plain."
)
WRONG = "The passphrase or key is not the one {name} was made with, or its beginning was changed."
CHANGED = "{name} was changed or cut short after it was made. Restore another backup."


def seal(plain: Path, sealed: Path, secret: bytes, facts: dict[str, Any]) -> None:
    """Encrypt a file into a new one, with facts in its header (JSON values; no names of people).

    Raises Refused for a secret that is too short.
    """
    if len(secret) < SHORTEST:
        raise Refused(f"The passphrase is too short: it needs {SHORTEST} characters or more.")
    salt = os.urandom(16)
    header = json.dumps(facts | {"kdf": "scrypt", **SCRYPT, "salt": salt.hex()}).encode()
    start = MAGIC + len(header).to_bytes(4, "big") + header
    cipher = _cipher(secret, salt)
    bound = hashlib.sha256(start).digest()
    with plain.open("rb") as source, sealed.open("xb") as target:
        sealed.chmod(0o600)
        target.write(start + cipher.encrypt(b"\xff" * 12, b"", bound))
        for place, chunk, is_last in _chunks(source, CHUNK):
            target.write(cipher.encrypt(place.to_bytes(12, "big"), chunk, bound + is_last))


def unseal(sealed: Path, plain: Path, secret: bytes) -> dict[str, Any]:
    """Decrypt into a new file; the header's facts. Raises CannotRead, one sentence each."""
    from cryptography.exceptions import InvalidTag

    said = CannotRead(WRONG.format(name=sealed))
    with sealed.open("rb") as source, plain.open("xb") as target:
        plain.chmod(0o600)
        start, facts = _header(source, sealed)
        bound = hashlib.sha256(start).digest()
        cipher = _cipher(secret, bytes.fromhex(facts["salt"]))
        try:
            cipher.decrypt(b"\xff" * 12, source.read(TAG), bound)
            said = CannotRead(CHANGED.format(name=sealed))
            for place, chunk, is_last in _chunks(source, CHUNK + TAG):
                target.write(cipher.decrypt(place.to_bytes(12, "big"), chunk, bound + is_last))
        except (InvalidTag, ValueError):
            raise said from None
    return facts


def _header(source: BinaryIO, file: Path) -> tuple[bytes, dict[str, Any]]:
    start = source.read(len(MAGIC) + 4)
    if not start.startswith(MAGIC) or len(start) < len(MAGIC) + 4:
        raise CannotRead(NOT_SEALED.format(name=file))
    size = int.from_bytes(start[-4:], "big")
    header = source.read(size) if size <= LONGEST_HEADER else b""
    try:
        facts = json.loads(header)
        bytes.fromhex(facts["salt"])
    except (ValueError, KeyError, TypeError):
        raise CannotRead(CHANGED.format(name=file)) from None
    return start + header, facts


def _chunks(source: BinaryIO, size: int) -> Iterator[tuple[int, bytes, bytes]]:
    """(place, bytes, 1 for the last and else 0); an empty file is one empty last chunk."""
    place, chunk = 0, source.read(size)
    while following := source.read(size):
        yield place, chunk, b"\0"
        place, chunk = place + 1, following
    yield place, chunk, b"\1"


def _cipher(secret: bytes, salt: bytes) -> AESGCM:
    # Not at the top: the command line starts without it.
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM
    from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

    return AESGCM(Scrypt(salt=salt, length=32, **SCRYPT).derive(secret))
