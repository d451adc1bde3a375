"""PostgreSQL's own programs for a dump and for putting it back."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

from sqlalchemy import Engine

from attendance.errors import Refused
from attendance.store.engine import PATIENCE_SECONDS

DEBIAN_FOLDER = Path("/usr/lib/postgresql")
_ONE_REVISION = re.compile(r"^COPY \S*alembic_version \(version_num\) FROM stdin;\n(\S+)\n", re.M)


def dump(engine: Engine, file: Path) -> None:
    """Write pg_dump's custom format; raises Refused with what pg_dump said."""
    command = ["--format=custom", "--no-owner", "--no-privileges", f"--file={file}", _where(engine)]
    done = _run("pg_dump", command, engine)
    if done.returncode:
        raise Refused(f"The backup could not be made. PostgreSQL says: {done.stderr.strip()}")
    file.chmod(0o600)


def restore(engine: Engine, file: Path) -> None:
    """Replace what the dump holds in one transaction; raises Refused with what pg_restore said."""
    command = [
        "--clean",
        "--if-exists",
        "--no-owner",
        "--no-privileges",
        "--single-transaction",
        f"--dbname={_where(engine)}",
        str(file),
    ]
    # Connections that wait in the pool know the tables that are about to be dropped.
    engine.dispose()
    done = _run("pg_restore", command, engine)
    if done.returncode:
        raise Refused(
            "The database could not be replaced, and is as it was. "
            f"PostgreSQL says: {done.stderr.strip()}"
        )


def revision_in(file: Path) -> str | None:
    """The schema's revision in a dump; None when it is not a dump of ours."""
    done = _run("pg_restore", ["--data-only", "--table=alembic_version", "--file=-", str(file)])
    found = _ONE_REVISION.search(done.stdout)
    return found.group(1) if found else None


def _where(engine: Engine) -> str:
    # The password goes by the environment: other users of the computer can read arguments.
    # URL.set() takes None for "leave it".
    address = engine.url._replace(drivername="postgresql", password=None)
    return address.render_as_string(hide_password=False)


def _run(
    program: str, arguments: list[str], engine: Engine | None = None
) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PGOPTIONS": f"-c lock_timeout={PATIENCE_SECONDS}s"}
    if engine is not None and engine.url.password:
        environment["PGPASSWORD"] = str(engine.url.password)
    return subprocess.run(
        [_find(program), *arguments], env=environment, capture_output=True, text=True, check=False
    )


def _find(program: str) -> str:
    # The newest first: an older pg_dump refuses a newer server.
    folders = sorted(DEBIAN_FOLDER.glob("*/bin"), key=lambda f: int(f.parent.name), reverse=True)
    path = os.pathsep.join([*map(str, folders), os.environ.get("PATH", "")])
    found = shutil.which(program, path=path)
    if found is None:
        raise Refused(
            f"{program} is not on this computer. Install PostgreSQL’s client programs first."
        )
    return found
