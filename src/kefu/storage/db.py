"""Connections and transactions: plain functions of a Connection, run in threads.

SQLite has one writer thread and a few readers over WAL; PostgreSQL has a pool. The event
loop never touches SQL.
"""

import sqlite3
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Concatenate, Final, ParamSpec, TypeVar

import msgspec
from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.exc import DBAPIError, IntegrityError, InterfaceError, OperationalError
from sqlalchemy.pool import QueuePool

from kefu.core.errors import StoreUnavailable
from kefu.core.settings import SettingRefused
from kefu.core.threads import off_loop

P = ParamSpec("P")
T = TypeVar("T")

READERS: Final = 3
POSTGRES_CONNECTIONS: Final = 8
CONTENDED_TRIES: Final = 3
_PATIENTLY: Final = "PRAGMA busy_timeout=5000"
_BRIEFLY: Final = "PRAGMA busy_timeout=200"
"""How long to wait for a lock: writers wait behind a checkpoint that waits for readers."""

_PRAGMAS: Final = (
    "PRAGMA journal_mode=WAL",
    "PRAGMA synchronous=FULL",
    "PRAGMA foreign_keys=ON",
    _PATIENTLY,
    "PRAGMA secure_delete=ON",
    "PRAGMA temp_store=MEMORY",
)
_PATIENCE: Final = {
    "connect_timeout": 5,
    "keepalives_idle": 10,
    "options": "-c lock_timeout=5s -c statement_timeout=15s -c timezone=UTC",
}
_AGAIN: Final = {"40P01", "40001"}
"""PostgreSQL's codes of a deadlock and of a snapshot that cannot go on."""

_UNAVAILABLE: Final = (OperationalError, InterfaceError)


class Database:
    """One database. `read` and `write` run a function of a Connection in one transaction.

    Both raise StoreUnavailable when the database is locked, full or out of reach; then
    nothing was stored, or (a connection lost during the commit) it is not known, and a
    repeated client key tells.
    """

    def __init__(self, url: str) -> None:
        self.engine = engine_of(url)
        self.is_sqlite = self.engine.dialect.name == "sqlite"
        readers = READERS if self.is_sqlite else POSTGRES_CONNECTIONS
        self._readers = ThreadPoolExecutor(readers, thread_name_prefix="kefu-read")
        writers = 1 if self.is_sqlite else POSTGRES_CONNECTIONS
        self._writers = ThreadPoolExecutor(writers, thread_name_prefix="kefu-write")
        self._aside = ThreadPoolExecutor(2, thread_name_prefix="kefu-aside")

    async def read(
        self,
        fn: Callable[Concatenate[Connection, P], T],
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> T:
        """Return fn(connection, ...), run against one snapshot."""
        return await off_loop(self._readers, self._run, False, fn, args, kwargs)

    async def write(
        self,
        fn: Callable[Concatenate[Connection, P], T],
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> T:
        """Return fn(connection, ...) after its transaction is on disk."""
        return await off_loop(self._writers, self._run, True, fn, args, kwargs)

    async def contended_write(
        self,
        fn: Callable[Concatenate[Connection, P], T],
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> T:
        """As `write`; run again, on what is there now, if another took a unique value first."""
        for _ in range(CONTENDED_TRIES - 1):
            try:
                return await self.write(fn, *args, **kwargs)
            except IntegrityError:
                continue
        return await self.write(fn, *args, **kwargs)

    async def aside(self, fn: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Return fn(...), run beside the event loop, for work that takes time but no table."""
        return await off_loop(self._aside, fn, *args, **kwargs)

    async def wipe(self) -> bool:
        """Empty SQLite's write-ahead log of old contents of rows; False while readers need it.

        Overwritten text is then gone from the database's files. PostgreSQL keeps old versions
        of rows until it vacuums, which is the operator's: True.
        """
        return await self.aside(self._empty_log) if self.is_sqlite else True

    def _empty_log(self) -> bool:
        connection = self.engine.raw_connection()
        cursor = connection.cursor()
        try:
            cursor.execute(_BRIEFLY)
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            is_busy = cursor.fetchall()[0][0]
        finally:
            cursor.execute(_PATIENTLY)
            connection.close()
        return not is_busy

    def write_now(
        self,
        fn: Callable[Concatenate[Connection, P], T],
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> T:
        """Return fn(connection, ...), committed, in the calling thread: for commands."""
        return self._run(True, fn, args, kwargs)

    def _run(self, writes: bool, fn: Callable[..., T], args: Any, kwargs: Any) -> T:
        try:
            return self._once(writes, fn, args, kwargs)
        except _UNAVAILABLE as error:
            raise StoreUnavailable(retry_after=2) from error

    def _once(self, writes: bool, fn: Callable[..., T], args: Any, kwargs: Any) -> T:
        """Run one transaction; again if its connection proves dead before the commit.

        A pooled connection may have died while it rested. That costs nothing to find out
        here, where asking each time would cost every transaction a round trip.
        """
        for tries_left in (1, 0):
            connection = self.engine.connect().execution_options(kefu_writes=writes)
            with connection:
                transaction = connection.begin()
                try:
                    result = fn(connection, *args, **kwargs)
                except _UNAVAILABLE as error:
                    if tries_left and (error.connection_invalidated or _is_again(error)):
                        continue
                    raise
                transaction.commit()
                return result
        raise AssertionError("one of the tries returns or raises")

    def close(self) -> None:
        """Wait for what runs, then close every connection."""
        self._writers.shutdown()
        self._readers.shutdown()
        self._aside.shutdown()
        self.engine.dispose()


def _is_again(error: DBAPIError) -> bool:
    return getattr(error.orig, "sqlstate", None) in _AGAIN


def engine_of(url: str) -> Engine:
    """Return the engine for a `sqlite:///` or `postgresql://` URL.

    Raises SettingRefused for another kind, or when the `postgres` extra is missing.
    """
    if url.startswith("sqlite:///"):
        return _sqlite(url)
    if url.startswith(("postgresql://", "postgres://")):
        return _postgres("postgresql+psycopg://" + url.split("://", 1)[1])
    raise SettingRefused(name="KEFU_DATABASE_URL", reason="must begin sqlite:/// or postgresql://")


def _sqlite(url: str) -> Engine:
    engine = create_engine(
        url,
        poolclass=QueuePool,
        hide_parameters=True,
        pool_size=READERS + 2,
        connect_args={"check_same_thread": False, "cached_statements": 256},
        **_JSON,
    )

    @event.listens_for(engine, "connect")
    def prepare(connection: sqlite3.Connection, record: object) -> None:
        connection.isolation_level = None
        for pragma in _PRAGMAS:
            connection.execute(pragma)

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        writes = connection.get_execution_options().get("kefu_writes")
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine


def _postgres(url: str) -> Engine:
    try:
        return create_engine(
            url,
            pool_size=2 * POSTGRES_CONNECTIONS,
            max_overflow=2,
            hide_parameters=True,
            connect_args=_PATIENCE,
            **_JSON,
        )
    except ModuleNotFoundError as error:
        raise SettingRefused(
            name="KEFU_DATABASE_URL",
            reason="PostgreSQL needs: pip install 'kefu[postgres]'",
        ) from error


def _dumps(value: object) -> str:
    return msgspec.json.encode(value).decode()


_JSON: Final[dict[str, Any]] = {
    "json_serializer": _dumps,
    "json_deserializer": msgspec.json.decode,
}
