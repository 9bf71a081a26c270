"""Drains the outbox: claims effects, runs each lane in order, lanes side by side."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from itertools import groupby
from typing import Final

from kefu.core import metrics
from kefu.core.clock import Clock
from kefu.core.errors import KefuError
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
        by_name: dict[str, list[Effect]] = {}
        lanes: list[list[Effect]] = []
        for effect in claimed:
            by_name.setdefault(effect.name, []).append(effect)
        for effects in by_name.values():
            effects.sort(key=lambda effect: (effect.lane, effect.id))
            lanes += [list(run) for _, run in groupby(effects, key=lambda effect: effect.lane)]
        done = await asyncio.gather(*(self._run(lane) for lane in _merged(lanes)))
        await self._database.write(outbox.finish, [i for ids in done for i in ids])
        return 0.0

    async def _run(self, run: list[Effect]) -> list[int]:
        """Return ids that are done. A failure puts off the run; others go on."""
        try:
            await self._handlers[run[0].name](run)
        except KeyError:
            return await self._put_off(run, "unknown_name")
        except KefuError as error:
            return await self._put_off(run, error.code)
        except Exception as error:
            log.exception("%s failed: %s", run[0].name, type(error).__name__)
            return await self._put_off(run, type(error).__name__)
        return [effect.id for effect in run]

    async def _put_off(self, run: list[Effect], code: str) -> list[int]:
        metrics.loop_failures.labels(f"effect-{run[0].name}").inc()
        for effect in run:
            await self._database.write(outbox.put_off, effect, code, at=self._clock())
        return []


def _merged(lanes: list[list[Effect]]) -> list[list[Effect]]:
    """Return runs to call handlers with: what only reads the log goes in one call."""
    together: dict[str, list[Effect]] = {}
    apart = []
    for lane in lanes:
        if lane[0].lane.startswith("log:"):
            together.setdefault(lane[0].name, []).extend(lane)
        else:
            apart.append(lane)
    return [*together.values(), *apart]
