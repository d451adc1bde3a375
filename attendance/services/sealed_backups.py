"""Encrypted backups: made, and put back only when every byte is as it was written."""

from __future__ import annotations

import tempfile
from datetime import datetime
from pathlib import Path

from attendance.core.chain import ChainCheck
from attendance.core.heads import Head, check_heads, line_of, read_heads
from attendance.errors import CannotRead, Refused
from attendance.services import audit
from attendance.services.heads import chain_key
from attendance.services.setup import the_school
from attendance.store import amendments, sealed
from attendance.store.engine import Engine, read


def back_up(engine: Engine, file: Path, secret: bytes, now: datetime) -> ChainCheck:
    """Write an encrypted backup to a new file; the chain as it stood when it was begun.

    The plain copy lies, readable by its owner only, in a temporary folder until it is encrypted.
    Raises Refused when the file exists or cannot be written; then nothing is left behind.
    """
    if file.exists():
        raise Refused(f"{file} exists already. Choose another name: a backup is never overwritten.")
    check = audit.verify_chain(engine)
    head = line_of(Head(now, check.amendments, check.head), chain_key())
    unfinished = file.with_name(file.name + ".part")
    try:
        with tempfile.TemporaryDirectory() as folder:
            plain = Path(folder) / file.name
            audit.back_up(engine, plain, now)
            facts = {"database": engine.dialect.name, "head": head}
            sealed.seal(plain, unfinished, secret, facts)
        unfinished.rename(file)
    except OSError as error:
        raise Refused(f"The backup could not be written to {file}: {error.strerror}.") from None
    finally:
        unfinished.unlink(missing_ok=True)
    return check


def restore(engine: Engine, file: Path, secret: bytes) -> ChainCheck:
    """Replace the database by an encrypted backup and verify the chain, also against its head.

    Raises CannotRead or Refused, with nothing changed, for a file that was tampered with, is cut
    short, has another passphrase, is of another kind of database or of another schema. The chain is
    verified once it is in place: a Refused that begins with the file's name and "was restored" says
    that the database was replaced, by one whose amendments are not whole.
    """
    if not file.is_file():
        raise CannotRead(f"There is no file {file}.")
    with tempfile.TemporaryDirectory() as folder:
        plain = Path(folder) / file.name
        try:
            facts = sealed.unseal(file, plain, secret)
        except OSError as error:
            raise Refused(
                f"{file} could not be unpacked: {error.strerror}. Nothing was changed."
            ) from None
        if facts["database"] != engine.dialect.name:
            raise Refused(f"{file} holds a {facts['database']} database; this one is another kind.")
        check = audit.restore(engine, plain)
    school = the_school(engine)
    with read(engine) as tx:
        wrong = check_heads(read_heads(facts["head"]), amendments.all_rows(tx, school.id))
    if wrong:
        raise Refused(f"{file} was restored, but is not what its head says: {wrong[0]}")
    return check
