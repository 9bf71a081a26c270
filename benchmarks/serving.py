"""Processes under load, each on the server's core, each ended by its handle."""

import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
from msgspec import Struct

from benchmarks.machine import LOAD_CORE, SERVER_CORE, on_core
from tests.servers import Postgres


class Served(Struct, frozen=True):
    """A process and what it printed of itself: where it listens, or what it measured."""

    pid: int
    port: int = 0
    inbox: str = ""
    token: str = ""
    rate: float = 0.0

    @property
    def url(self) -> str:
        """The address of its sockets."""
        return f"ws://127.0.0.1:{self.port}/ws"


@contextmanager
def module(name: str, *arguments: str) -> Iterator[Served]:
    """Run a module of this package on the server's core until the block ends.

    It prints one line of JSON once it listens.
    """
    command = [sys.executable, "-m", f"benchmarks.{name}", *arguments]
    with on_core(SERVER_CORE):
        process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        line = process.stdout.readline()
        if not line:
            raise RuntimeError(f"benchmarks.{name} did not start")
        yield Served(process.pid, **json.loads(line))
    finally:
        process.terminate()
        process.communicate(timeout=20)


@contextmanager
def folder() -> Iterator[Path]:
    """Give a folder on the disk under test, removed at the end."""
    path = Path(tempfile.mkdtemp(prefix="kefu-bench-"))
    try:
        yield path
    finally:
        shutil.rmtree(path, ignore_errors=True)


@contextmanager
def desk(database_url: str = "", *, memory: bool = False) -> Iterator[Served]:
    """Run the desk on a database, a fresh SQLite file by default."""
    with folder() as place:
        url = database_url or f"sqlite:///{place}/kefu.db"
        with module("server", url, str(place), *(["--memory"] if memory else [])) as served:
            yield served


@contextmanager
def postgres() -> Iterator[Postgres]:
    """Run a PostgreSQL on the load's core that keeps what was committed."""
    with on_core(LOAD_CORE):
        server = Postgres.started(durable=True)
    try:
        yield server
    finally:
        server.close()


def postgres_settings(url: str, names: Sequence[str]) -> dict[str, Any]:
    """Return settings of the database as it runs."""
    with psycopg.connect(url) as connection:
        shown = {n: connection.execute(f"SHOW {n}".encode()).fetchone() for n in names}
        return {name: row[0] for name, row in shown.items() if row}
