"""The servers that tests run against. What is missing skips its tests, or fails them in CI."""

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar
from urllib.parse import urlsplit

import pytest

from kefu.storage.db import engine_of
from kefu.storage.migrate import migrate
from tests.house import House
from tests.servers import Nats, Postgres, ServerMissing, chromium_program

T = TypeVar("T")


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """A PostgreSQL server that is quick and forgets on a crash."""
    server = _or_skip(Postgres.started)
    yield server
    server.close()


@pytest.fixture
def durable_postgres() -> Iterator[Postgres]:
    """A PostgreSQL server of the test's own that keeps commits through `crash`."""
    server = _or_skip(lambda: Postgres.started(durable=True))
    yield server
    server.close()


@pytest.fixture
def postgres_url(postgres: Postgres) -> Iterator[str]:
    """The URL of an empty PostgreSQL database of the test's own."""
    url = postgres.create()
    yield url
    postgres.drop(url)


@pytest.fixture(scope="session")
def nats() -> Iterator[Nats]:
    """A NATS server; a test that stops it starts it again."""
    server = _or_skip(Nats.started)
    yield server
    server.close()


@pytest.fixture(scope="session")
def chromium() -> str:
    """The path of the machine's browser, for Playwright's `executable_path`."""
    return _or_skip(chromium_program)


def _or_skip(start: Callable[[], T]) -> T:
    try:
        return start()
    except ServerMissing as missing:
        if os.environ.get("CI"):
            pytest.fail(str(missing), pytrace=False)
        pytest.skip(str(missing))


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An SQLite database at the newest schema with people at the desk, to copy."""
    path = tmp_path_factory.mktemp("template") / "kefu.db"
    _furnished(f"sqlite:///{path}", path.parent)
    return path


@pytest.fixture(scope="session")
def postgres_template(postgres: Postgres, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The name of a PostgreSQL database like `sqlite_template`."""
    url = postgres.create()
    _furnished(url, tmp_path_factory.mktemp("template"))
    return urlsplit(url).path[1:]


@pytest.fixture(params=["sqlite", "postgres"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of a furnished desk's database, on each kind in turn."""
    if request.param == "sqlite":
        yield copy_of(request.getfixturevalue("sqlite_template"), tmp_path)
        return
    server: Postgres = request.getfixturevalue("postgres")
    url = server.create(request.getfixturevalue("postgres_template"))
    yield url
    server.drop(url)


@pytest.fixture
def house(database_url: str, tmp_path: Path) -> Iterator[House]:
    """A furnished desk on each kind of database, without a web server."""
    built = House(database_url, tmp_path)
    yield built
    built.database.close()


def copy_of(template: Path, folder: Path) -> str:
    """Return the URL of a copy of an SQLite database."""
    shutil.copy(template, folder / "kefu.db")
    return f"sqlite:///{folder}/kefu.db"


def _furnished(url: str, folder: Path) -> None:
    engine = engine_of(url)
    migrate(engine)
    engine.dispose()
    House(url, folder).database.close()
