"""A loop that lives as long as the process: supervised, measured, woken or on time."""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable

from kefu.core import metrics
from kefu.core.errors import StoreUnavailable, for_log

log = logging.getLogger("kefu.work")


class Loop:
    """Runs `turn` again and again: when woken, and after the seconds it returned at the latest.

    A turn that fails is logged and tried again after a pause; the loop never dies of it.
    """

    def __init__(self, name: str, turn: Callable[[], Awaitable[float]]) -> None:
        self.name = name
        self._turn = turn
        self._woken = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self.turned_at = time.time()

    def start(self) -> None:
        """Begin to run."""
        self._task = asyncio.create_task(self._run(), name=f"loop-{self.name}")

    def wake(self) -> None:
        """Run a turn soon."""
        self._woken.set()

    async def stop(self) -> None:
        """End after the turn that runs now."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def _run(self) -> None:
        """Outermost loop: nothing a turn raises escapes it."""
        while True:
            try:
                pause = await self._turn()
                self.turned_at = time.time()
                metrics.loop_alive.labels(self.name).set(self.turned_at)
            except StoreUnavailable:
                pause = self._failed("the database is unavailable", None)
            except Exception as error:  # noqa: BLE001 - logged in _failed
                pause = self._failed(type(error).__name__, error)
            await self._wait(pause)

    def _failed(self, what: str, error: Exception | None) -> float:
        metrics.loop_failures.labels(self.name).inc()
        log.error("%s: %s", self.name, what, exc_info=for_log(error))
        return 2.0

    async def _wait(self, pause: float) -> None:
        try:
            async with asyncio.timeout(pause):
                await self._woken.wait()
        except TimeoutError:
            pass
        self._woken.clear()
