"""Fixtures for every layer. Each test has a database of its own, copied from an upgraded one."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from attendance.store.engine import open_engine, upgrade
from tests import postgres

BOTH = ["sqlite", "postgresql"]


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An upgraded, empty SQLite database to copy."""
    file = tmp_path_factory.mktemp("template") / "template.sqlite"
    made = open_engine(f"sqlite:///{file}")
    upgrade(made)
    made.dispose()
    return file


@pytest.fixture(scope="session")
def cluster() -> Iterator[postgres.Cluster]:
    """A private PostgreSQL with an upgraded template; skipped where there are no binaries."""
    binaries = postgres.find_binaries()
    if binaries is None:
        if os.environ.get("ATTENDANCE_TESTS_REQUIRE_POSTGRES"):
            pytest.fail("ATTENDANCE_TESTS_REQUIRE_POSTGRES is set, and there is no PostgreSQL.")
        pytest.skip("There is no PostgreSQL under /usr/lib/postgresql (apt install postgresql).")
    with postgres.Cluster(binaries) as running:
        template = open_engine(running.url(running.create_template()))
        upgrade(template)
        template.dispose()
        yield running


@pytest.fixture
def sqlite_engine(sqlite_template: Path, tmp_path: Path) -> Iterator[Engine]:
    """An upgraded, empty SQLite database."""
    file = tmp_path / "attendance.sqlite"
    shutil.copyfile(sqlite_template, file)
    opened = open_engine(f"sqlite:///{file}")
    yield opened
    opened.dispose()


@pytest.fixture
def postgresql_engine(cluster: postgres.Cluster) -> Iterator[Engine]:
    """An upgraded, empty PostgreSQL database."""
    name = cluster.create(postgres.TEMPLATE)
    opened = open_engine(cluster.url(name))
    yield opened
    opened.dispose()
    cluster.drop(name)


@pytest.fixture(params=BOTH)
def engine(request: pytest.FixtureRequest) -> Engine:
    """An upgraded, empty database: once on SQLite, once on PostgreSQL."""
    opened: Engine = request.getfixturevalue(f"{request.param}_engine")
    return opened


@pytest.fixture(params=BOTH)
def blank_engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """A database with nothing in it, not even tables, on each of the two."""
    if request.param == "sqlite":
        opened = open_engine(f"sqlite:///{tmp_path / 'blank.sqlite'}")
        yield opened
        opened.dispose()
    else:
        cluster: postgres.Cluster = request.getfixturevalue("cluster")
        name = cluster.create()
        opened = open_engine(cluster.url(name))
        yield opened
        opened.dispose()
        cluster.drop(name)
