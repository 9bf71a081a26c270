"""One database of each kind for a whole module; its outbox and timers are emptied for each test."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Connection, delete

from kefu.storage import tables
from kefu.storage.db import Database
from tests.conftest import copy_of
from tests.servers import Postgres


@pytest.fixture(scope="module", params=["sqlite", "postgres"])
def kept_database(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Database]:
    if request.param == "sqlite":
        template: Path = request.getfixturevalue("sqlite_template")
        yield from _opened(copy_of(template, tmp_path_factory.mktemp("storage")))
        return
    server: Postgres = request.getfixturevalue("postgres")
    url = server.create(request.getfixturevalue("postgres_template"))
    yield from _opened(url)
    server.drop(url)


@pytest.fixture
def database(kept_database: Database) -> Database:
    """A furnished database in which nothing is due, on each kind in turn."""
    kept_database.write_now(_emptied)
    return kept_database


@pytest.fixture
def postgres_database(postgres: Postgres, postgres_template: str) -> Iterator[Database]:
    """A furnished PostgreSQL database of the test's own."""
    url = postgres.create(postgres_template)
    yield from _opened(url)
    postgres.drop(url)


def _opened(url: str) -> Iterator[Database]:
    database = Database(url)
    yield database
    database.close()


def _emptied(tx: Connection) -> None:
    tx.execute(delete(tables.outbox))
    tx.execute(delete(tables.timer))
