"""The chain's head, published outside the database and the chain held to what was published."""

from __future__ import annotations

import os
from datetime import datetime
from pathlib import Path

from attendance.core.heads import Head, check_heads, line_of, read_heads
from attendance.errors import CannotRead, Refused
from attendance.services.audit import verify_chain
from attendance.services.setup import the_school
from attendance.store import amendments
from attendance.store.engine import Engine, read

FILE_NAME = "attendance-heads.txt"
FOLDER_SETTING = "ATTENDANCE_HEADS_FOLDER"
KEY_SETTING = "ATTENDANCE_CHAIN_KEY_FILE"
SHORTEST_KEY = 32


def publish(engine: Engine, folder: Path, now: datetime) -> tuple[Path, Head]:
    """Verify the chain and add its head to the folder's file; the file and what was added.

    Raises Refused when the chain is broken (a forged head is never published) or the file cannot
    be written.
    """
    check = verify_chain(engine)
    if not check.intact:
        raise Refused(f"The head was not published: {check.broken} Restore a backup first.")
    head = Head(now, check.amendments, check.head)
    line = line_of(head, chain_key())
    file = folder / FILE_NAME
    try:
        # Only ever added to: what is there already is somebody's proof.
        with file.open("a", encoding="ascii", newline="\n") as heads:
            heads.write(line + "\n")
            heads.flush()
            os.fsync(heads.fileno())
    except OSError as error:
        raise Refused(f"The head cannot be written to {file}: {error.strerror}.") from None
    return file, head


def broken_heads(engine: Engine, file: Path) -> list[str]:
    """A sentence for each head in a published file that the chain does not have; [] when none.

    Raises CannotRead for a file that is not one of published heads.
    """
    try:
        heads = read_heads(file.read_text(encoding="ascii"))
    except (OSError, UnicodeDecodeError):
        raise CannotRead(f"{file} cannot be read as a file of published heads.") from None
    school = the_school(engine)
    with read(engine) as tx:
        return check_heads(heads, amendments.all_rows(tx, school.id), chain_key())


def heads_folder(given: Path | None) -> Path:
    """The folder that was named, else the one of the setting; raises Refused when neither is."""
    named = given or (Path(os.environ[FOLDER_SETTING]) if os.environ.get(FOLDER_SETTING) else None)
    if named is None:
        raise Refused(f"Say where with --to FOLDER, or set {FOLDER_SETTING}.")
    return named


def chain_key() -> bytes | None:
    """The school's key for seals, from the file that the setting names; None without a setting."""
    named = os.environ.get(KEY_SETTING)
    if not named:
        return None
    try:
        key = Path(named).read_bytes().strip()
    except OSError as error:
        raise CannotRead(f"The key file {named} cannot be read: {error.strerror}.") from None
    if len(key) < SHORTEST_KEY:
        raise Refused(f"The key file {named} is too short: it needs {SHORTEST_KEY} bytes or more.")
    return key
