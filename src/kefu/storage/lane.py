"""Group commit: while one transaction is in flight the next batch gathers, without a timer."""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Sequence
from typing import Final, Generic, TypeVar

from kefu.core import metrics
from kefu.core.errors import Busy, KefuError, StoreUnavailable, for_log

Item = TypeVar("Item")
Result = TypeVar("Result")

LARGEST_BATCH: Final = 256
log = logging.getLogger("kefu.lane")


class Lane(Generic[Item, Result]):
    """A queue of writes committed together.

    commit(items, careful) stores a batch in one transaction and returns one result an item,
    in order; an item that cannot be stored has its KefuError for a result. The first try is
    quick and may fail as a whole; a failed batch is tried again with careful=True, then by
    halves, so that one bad item harms only itself. `room` bounds what waits: past it `put`
    raises Busy and the client keeps its message.
    """

    def __init__(
        self,
        name: str,
        commit: Callable[[Sequence[Item], bool], Awaitable[Sequence[Result | KefuError]]],
        *,
        room: int = 2_000,
    ) -> None:
        self.name = name
        self._commit = commit
        self._room = room
        self._waiting: list[tuple[Item, asyncio.Future[Result]]] = []
        self._task: asyncio.Task[None] | None = None
        metrics.lane_waiting.labels(name).set_function(lambda: self.waiting)

    @property
    def waiting(self) -> int:
        """How many writes wait for a commit."""
        return len(self._waiting)

    async def put(self, item: Item) -> Result:
        """Return the item's result after its batch is committed. Raises what kept it out."""
        if len(self._waiting) >= self._room:
            raise Busy(retry_after=1)
        future: asyncio.Future[Result] = asyncio.get_running_loop().create_future()
        self._waiting.append((item, future))
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._drain(), name=f"lane-{self.name}")
        return await future

    async def drained(self) -> None:
        """Return when nothing waits any more: for a clean stop."""
        while self._task is not None and not self._task.done():
            await asyncio.wait([self._task])

    async def _drain(self) -> None:
        while self._waiting:
            batch = self._waiting[:LARGEST_BATCH]
            del self._waiting[:LARGEST_BATCH]
            started = time.perf_counter()
            await self._store(batch, careful=False)
            metrics.batch_seconds.labels(self.name).observe(time.perf_counter() - started)
            metrics.batch_size.labels(self.name).observe(len(batch))

    async def _store(
        self, batch: Sequence[tuple[Item, asyncio.Future[Result]]], *, careful: bool
    ) -> None:
        """Settle every future of the batch. Outermost loop of writes: nothing escapes it."""
        try:
            results = await self._commit([item for item, _ in batch], careful)
        except StoreUnavailable as error:
            _refuse(batch, error)
        except Exception as error:  # noqa: BLE001 - told to every sender, by type
            metrics.batch_failures.labels(self.name).inc()
            log.warning("batch of %d failed: %s", len(batch), type(error).__name__)
            await self._again(batch, error, careful=careful)
        else:
            _settle(batch, results)

    async def _again(
        self,
        batch: Sequence[tuple[Item, asyncio.Future[Result]]],
        error: Exception,
        *,
        careful: bool,
    ) -> None:
        if not careful:
            await self._store(batch, careful=True)
        elif len(batch) > 1:
            half = len(batch) // 2
            await self._store(batch[:half], careful=True)
            await self._store(batch[half:], careful=True)
        else:
            log.error("a write was refused: %s", type(error).__name__, exc_info=for_log(error))
            _refuse(batch, error if isinstance(error, KefuError) else KefuError())


def _settle(
    batch: Sequence[tuple[Item, asyncio.Future[Result]]],
    results: Sequence[Result | KefuError],
) -> None:
    for (_, future), result in zip(batch, results, strict=True):
        if future.done():
            continue
        if isinstance(result, KefuError):
            future.set_exception(result)
        else:
            future.set_result(result)


def _refuse(batch: Sequence[tuple[Item, asyncio.Future[Result]]], error: KefuError) -> None:
    for _, future in batch:
        if not future.done():
            future.set_exception(error)
