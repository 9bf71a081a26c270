"""Drains the outbox: claims effects, runs each lane in order, lanes side by side."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from itertools import groupby
from typing import Final

from kefu.core import metrics
from kefu.core.clock import Clock
from kefu.core.errors import KefuError, StoreUnavailable
from kefu.storage import outbox
from kefu.storage.db import Database
from kefu.storage.outbox import Effect

Handler = Callable[[Sequence[Effect]], Awaitable[None]]
IDLE_SECONDS: Final = 1.0
log = logging.getLogger("kefu.effects")


class Effects:
    """Runs effects by name. A handler takes a run of one lane and may see it twice."""

    def __init__(
        self, database: Database, handlers: Mapping[str, Handler], *, clock: Clock
    ) -> None:
        self._database = database
        self._handlers = handlers
        self._clock = clock

    async def turn(self) -> float:
        """Run what is due; return how long to rest: nothing while there is more."""
        claimed = await self._database.write(outbox.claim, at=self._clock())
        if not claimed:
            return IDLE_SECONDS
        runs = _runs(claimed)
        done = await asyncio.gather(*(self._run(lanes) for lanes in runs))
        await self._database.write(outbox.finish, [i for ids in done for i in ids])
        return 0.0

    async def _run(self, lanes: list[list[Effect]]) -> list[int]:
        """Return ids that are done. A failure puts off its lane; others go on."""
        run = [effect for lane in lanes for effect in lane]
        handler = self._handlers.get(run[0].name)
        if handler is None:
            return await self._put_off(run, "unknown_name")
        try:
            await handler(run)
        except Exception as error:
            if len(lanes) > 1 and not isinstance(error, StoreUnavailable):
                done = [await self._run([lane]) for lane in lanes]
                return [i for ids in done for i in ids]
            if isinstance(error, KefuError):
                return await self._put_off(run, error.code)
            log.exception("%s failed: %s", run[0].name, type(error).__name__)
            return await self._put_off(run, type(error).__name__)
        return [effect.id for effect in run]

    async def _put_off(self, run: list[Effect], code: str) -> list[int]:
        metrics.loop_failures.labels(f"effect-{run[0].name}").inc()
        for effect in run:
            await self._database.write(outbox.put_off, effect, code, at=self._clock())
        return []


def _runs(claimed: Sequence[Effect]) -> list[list[list[Effect]]]:
    """Return the lanes of each handler call: what only reads the log goes in one call."""
    order = sorted(claimed, key=lambda effect: (effect.name, effect.lane, effect.id))
    together: dict[str, list[list[Effect]]] = {}
    apart = []
    for (name, lane), effects in groupby(order, key=lambda effect: (effect.name, effect.lane)):
        if lane.startswith("log:"):
            together.setdefault(name, []).append(list(effects))
        else:
            apart.append([list(effects)])
    return [*together.values(), *apart]
