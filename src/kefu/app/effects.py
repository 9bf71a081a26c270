"""Every effect of the outbox: its name and the function it means. A newcomer starts here."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Connection

from kefu.actions import finish, holidays, remind, tidy
from kefu.actions.check_picture import CHECK_PICTURE, DROP_SEALED
from kefu.actions.inboxes import Inboxes
from kefu.actions.recompute import RECOMPUTE, recompute
from kefu.conversations.store import APPENDED, WIPE
from kefu.core import metrics
from kefu.core.clock import Clock
from kefu.core.errors import StoreUnavailable
from kefu.customers.exchange import ExchangeClient, ExchangeRefused
from kefu.fetch import Fetcher, FetchRefused
from kefu.files import rows
from kefu.files.blobs import Blobs
from kefu.storage.db import Database
from kefu.storage.outbox import Effect
from kefu.work.effects import Handler

SLOW: Final = (CHECK_PICTURE,)
"""Effects that take seconds of a processor: a loop of their own runs them, one at a time."""

SLOW_LEASE: Final = timedelta(minutes=5)


def effects(
    database: Database,
    inboxes: Inboxes,
    fetcher: Fetcher,
    blobs: Blobs,
    *,
    check_picture: Callable[[UUID, int], Awaitable[None]],
    follow: Callable[[Sequence[UUID]], Awaitable[None]],
    clock: Clock,
) -> Mapping[str, Handler]:
    """Return the handlers by name."""

    return {
        APPENDED: _reading(database, follow, clock),
        WIPE: _wiping(database),
        RECOMPUTE: _recomputing(database, clock),
        holidays.HOLIDAYS: _looking_up(database, fetcher, clock),
        remind.PUSH: _pushing(inboxes, fetcher, clock),
        tidy.DROP_CONTENT: _dropping(database, blobs, clock),
        **_of_pictures(database, blobs, check_picture),
    }


def _reading(
    database: Database, follow: Callable[[Sequence[UUID]], Awaitable[None]], clock: Clock
) -> Handler:
    async def appended(run: Sequence[Effect]) -> None:
        """Let the readers of the log see new events; one row a batch serves them all."""
        rows = [row for effect in run for row in effect.payload["events"]]
        if remind.is_wanted(rows):
            await database.write(_watch, rows, at=clock())
        if moved := {UUID(id_) for effect in run for id_ in effect.payload.get("moved", ())}:
            await follow(sorted(moved))

    return appended


def _watch(tx: Connection, rows: Sequence[Mapping[str, Any]], *, at: datetime) -> None:
    """Arm what waits for a customer who does not answer."""
    remind.watch(tx, rows, at=at)
    finish.watch(tx, rows, at=at)


def _pushing(inboxes: Inboxes, fetcher: Fetcher, clock: Clock) -> Handler:
    async def push(run: Sequence[Effect]) -> None:
        """Have the exchange's app tell a customer of an answer; its id makes repeats harmless."""
        for effect in run:
            row = effect.payload
            inbox = await inboxes.by_id(UUID(row["inbox"]))
            if inbox.exchange is None:
                continue
            client = ExchangeClient(inbox.exchange, fetcher, clock=clock)
            try:
                await client.notify(
                    row["uid"], "reply", row["reference"], row["language"], id=UUID(row["id"])
                )
            except (ExchangeRefused, FetchRefused) as final:
                metrics.refusals.labels(final.code).inc()

    return push


def _dropping(database: Database, blobs: Blobs, clock: Clock) -> Handler:
    async def drop_content(run: Sequence[Effect]) -> None:
        """Delete content that no file names any more and nobody gave again lately."""
        digests = [digest for effect in run for digest in effect.payload["digests"]]
        before = (clock() - tidy.UNTOUCHED).timestamp()
        for digest in await database.read(rows.unused, digests):
            if await database.aside(blobs.touched_at, digest) < before:
                await database.aside(blobs.delete, digest)

    return drop_content


def _wiping(database: Database) -> Handler:
    async def wipe(run: Sequence[Effect]) -> None:
        """Get redacted texts off the disk; readers of old versions may put it off."""
        if not await database.wipe():
            raise StoreUnavailable(retry_after=2)

    return wipe


def _looking_up(database: Database, fetcher: Fetcher, clock: Clock) -> Handler:
    async def look_up(run: Sequence[Effect]) -> None:
        """Bring the holidays of calendars up to date with their feeds."""
        for effect in run:
            await holidays.look_up(database, fetcher, effect.payload["key"], clock=clock)

    return look_up


def _recomputing(database: Database, clock: Clock) -> Handler:
    async def count_anew(run: Sequence[Effect]) -> None:
        """Count what is owed in open cases by calendars and policies that were changed."""
        for effect in run:
            after = effect.payload["after"]
            await database.write(recompute, UUID(after) if after else None, at=clock())

    return count_anew


def _of_pictures(
    database: Database, blobs: Blobs, check_picture: Callable[[UUID, int], Awaitable[None]]
) -> dict[str, Handler]:
    async def drop_sealed(run: Sequence[Effect]) -> None:
        """Delete sealed content whose key is gone; no other file can have the same."""
        for effect in run:
            for digest in effect.payload["digests"]:
                await database.aside(blobs.delete, digest)

    async def check_pictures(run: Sequence[Effect]) -> None:
        """Have the words in a picture put to the guard."""
        for effect in run:
            await check_picture(UUID(effect.payload["file"]), effect.attempts)

    return {DROP_SEALED: drop_sealed, CHECK_PICTURE: check_pictures}
