"""Uploads of one actor: one at a time, in the order they came; few may wait.

Fairness between people; `files/child.py` bounds what the uploads of all hold in memory.
"""

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


class UploadTurns:
    """The lines of uploads that wait, by actor; one that is empty is forgotten."""

    def __init__(self) -> None:
        self._lines: dict[UUID, _Line] = {}

    @asynccontextmanager
    async def of(self, actor_id: UUID) -> AsyncIterator[None]:
        """Hold an actor's turn. Raises Busy where too many of their uploads wait."""
        line = self._lines.setdefault(actor_id, _Line())
        if line.inside > MOST_WAITING:
            raise Busy(retry_after=10)
        line.inside += 1
        try:
            async with line.lock:
                yield
        finally:
            line.inside -= 1
            if line.inside == 0:
                del self._lines[actor_id]
