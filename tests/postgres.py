"""A private PostgreSQL for the tests: Debian's binaries, a temporary folder, a socket, no network.

Nothing is written for keeps (fsync is off), and it ends with the test session.
"""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from pathlib import Path
from types import TracebackType

import psycopg
from psycopg.sql import SQL, Identifier

BINARIES = Path("/usr/lib/postgresql")
NAME = "attendance"
TEMPLATE = "template_attendance"
SETTINGS = (
    "listen_addresses=",
    "fsync=off",
    "full_page_writes=off",
    "shared_buffers=16MB",
    "max_connections=100",
    "unix_socket_permissions=0777",
)


def find_binaries() -> Path | None:
    """The newest PostgreSQL's bin folder, None where there is none."""
    found = sorted(BINARIES.glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    return found[-1].parent if found else None


class Cluster:
    """A running server. ``url(name)`` is the address of one of its databases."""

    def __init__(self, binaries: Path) -> None:
        self._binaries = binaries
        self._folder = Path(tempfile.mkdtemp(prefix="attpg-"))
        self._server: subprocess.Popen[bytes] | None = None
        self._made = 0

    def __enter__(self) -> Cluster:
        user = _unprivileged_user()
        if user:
            shutil.chown(self._folder, user)
        self._folder.chmod(0o755)
        self._run("initdb", user)
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()
        shutil.rmtree(self._folder, ignore_errors=True)

    def start(self) -> None:
        """Start the server, and wait until it answers."""
        self._server = self._start(_unprivileged_user())
        self._wait()

    def stop(self) -> None:
        """Stop the server at once, as a power cut would."""
        if self._server is not None:
            self._server.send_signal(signal.SIGQUIT)
            self._server.wait(20)
            self._server = None

    def url(self, database: str) -> str:
        return f"postgresql://{NAME}@/{database}?host={self._folder}"

    def create(self, template: str = "template0") -> str:
        """A new database; its name."""
        self._made += 1
        name = f"test_{self._made}"
        self._admin(SQL("CREATE DATABASE {} TEMPLATE {}"), name, template)
        return name

    def create_template(self) -> str:
        """The database that others are copied from; the caller fills it once."""
        self._admin(SQL("CREATE DATABASE {}"), TEMPLATE)
        return TEMPLATE

    def drop(self, name: str) -> None:
        self._admin(SQL("DROP DATABASE {} WITH (FORCE)"), name)

    def _admin(self, statement: SQL, *names: str) -> None:
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            connection.execute(statement.format(*map(Identifier, names)))

    def _run(self, program: str, user: str | None) -> None:
        arguments = ["-D", str(self._folder / "data"), "-U", NAME, "-A", "trust"]
        subprocess.run(
            [str(self._binaries / program), *arguments, "-E", "UTF8", "--no-sync", "--locale=C"],
            **_as(user),
            cwd=self._folder,
            check=True,
            stdout=subprocess.DEVNULL,
        )

    def _start(self, user: str | None) -> subprocess.Popen[bytes]:
        settings = [part for setting in SETTINGS for part in ("-c", setting)]
        place = ["-D", str(self._folder / "data"), "-k", str(self._folder)]
        return subprocess.Popen(
            [str(self._binaries / "postgres"), *place, *settings],
            **_as(user),
            cwd=self._folder,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    def _wait(self) -> None:
        for _ in range(200):
            try:
                psycopg.connect(self.url("postgres")).close()
                return
            except psycopg.OperationalError:
                time.sleep(0.05)
        raise RuntimeError("The tests' PostgreSQL did not start.")


def _unprivileged_user() -> str | None:
    # PostgreSQL refuses to run as root.
    if os.geteuid() != 0:
        return None
    known = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in known else "nobody"


def _as(user: str | None) -> dict[str, object]:
    if user is None:
        return {}
    return {"user": user, "group": pwd.getpwnam(user).pw_gid, "extra_groups": []}
