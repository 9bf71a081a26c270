"""One at a time for each actor, in the order they came; few may wait."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final
from uuid import UUID

from kefu.core.errors import Busy

MOST_WAITING: Final = 8


class _Line:
    def __init__(self) -> None:
        self.lock = asyncio.Lock()
        self.inside = 0


class Turns:
    """The lines of those who wait, by id; one that is empty is forgotten."""

    def __init__(self) -> None:
        self._lines: dict[UUID, _Line] = {}

    @asynccontextmanager
    async def of(self, key: UUID) -> AsyncIterator[None]:
        """Hold the turn of a key. Raises Busy where too many wait for it."""
        line = self._lines.setdefault(key, _Line())
        if line.inside > MOST_WAITING:
            raise Busy(retry_after=10)
        line.inside += 1
        try:
            async with line.lock:
                yield
        finally:
            line.inside -= 1
            if line.inside == 0:
                del self._lines[key]
