"""Drains the outbox: claims effects, runs each lane in order, lanes side by side."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Final

from sqlalchemy import Connection

from kefu.core import metrics
from kefu.core.clock import Clock
from kefu.core.errors import KefuError, StoreUnavailable, for_log
from kefu.storage import outbox
from kefu.storage.db import Database
from kefu.storage.outbox import Effect

Handler = Callable[[Sequence[Effect]], Awaitable[None]]
IDLE_SECONDS: Final = 1.0
BUSY_SECONDS: Final = 0.1
log = logging.getLogger("kefu.effects")


class NameUnknown(KefuError):
    """An effect of a newer version; it waits for one that knows it."""

    code = "effect.unknown"


class Effects:
    """Runs effects by name. A handler takes a run of one lane and may see it twice.

    only, without: the names it leaves to others, so that slow ones hold up none.
    lease: how long a run may take before another worker takes it for dead.
    """

    def __init__(
        self,
        database: Database,
        handlers: Mapping[str, Handler],
        *,
        clock: Clock,
        only: Sequence[str] = (),
        without: Sequence[str] = (),
        at_once: int = outbox.BATCH,
        lease: timedelta = outbox.LEASE,
    ) -> None:
        self._database = database
        self._handlers = handlers
        self._clock = clock
        self._claim = partial(outbox.claim, only=only, without=without, limit=at_once, lease=lease)
        self._done: list[int] = []

    async def turn(self) -> float:
        """Run what is due; return how long to rest: a moment while there may be more."""
        done, self._done = self._done, []
        try:
            claimed = await self._database.write(self._settle, done, self._clock())
        except BaseException:
            self._done = done
            raise
        if not claimed:
            return IDLE_SECONDS
        finished = await asyncio.gather(*(self._run(run) for run in _runs(claimed)))
        self._done = [effect_id for ids in finished for effect_id in ids]
        return BUSY_SECONDS

    async def finish(self) -> None:
        """Forget what ran in the last turn: before a clean stop."""
        done, self._done = self._done, []
        if done:
            await self._database.write(outbox.finish, done)

    def _settle(self, tx: Connection, done: Sequence[int], at: datetime) -> list[Effect]:
        """Forget what ran and claim what may run now: one commit a turn."""
        if done:
            outbox.finish(tx, done)
        return self._claim(tx, at=at)

    async def _run(self, run: list[Effect]) -> list[int]:
        """Return ids that are done. A failure puts off its effect, and what follows in its lane."""
        handler = self._handlers.get(run[0].name)
        try:
            if handler is None:
                raise NameUnknown
            await handler(run)
        except Exception as error:  # noqa: BLE001 - logged in _put_off
            if len(run) > 1 and not isinstance(error, StoreUnavailable):
                return await self._one_by_one(run)
            await self._put_off(run, error)
            return []
        return [effect.id for effect in run]

    async def _one_by_one(self, run: list[Effect]) -> list[int]:
        """Run a failed run's effects singly, in order, up to the one that fails."""
        done: list[int] = []
        for number, effect in enumerate(run):
            ids = await self._run([effect])
            if not ids:
                behind = [later.id for later in run[number + 1 :]]
                await self._database.write(outbox.release, behind)
                break
            done += ids
        return done

    async def _put_off(self, run: list[Effect], error: Exception) -> None:
        name = run[0].name
        metrics.loop_failures.labels(f"effect-{name}").inc()
        code = error.code if isinstance(error, KefuError) else type(error).__name__
        if not isinstance(error, KefuError):
            log.error("%s failed: %s", name, code, exc_info=for_log(error))
        for effect in run:
            await self._database.write(outbox.put_off, effect, code, at=self._clock())


def _runs(claimed: Sequence[Effect]) -> list[list[Effect]]:
    """Return the claimed effects by name and lane, each in order: one call of a handler."""
    runs: dict[tuple[str, str], list[Effect]] = {}
    for effect in claimed:
        runs.setdefault((effect.name, effect.lane), []).append(effect)
    return list(runs.values())
