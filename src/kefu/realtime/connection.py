"""One socket as the hub sees it: a bounded outbox, and a cursor for each conversation."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from typing import Final, Literal
from uuid import UUID

from kefu.core import metrics
from kefu.realtime.frames import Line

Side = Literal["customer", "agent"]
MOST_WAITING: Final = 512


class Connection:
    """A client's socket.

    A reader that falls MOST_WAITING frames behind is cut off and catches up by sequence
    when it returns; nobody waits for it. A cursor is the last event considered for this
    client. Lines reach a client in order: those of a conversation it is still to resume
    (`awaiting`) wait for that, and those that come during a catch-up wait for its end.
    """

    __slots__ = (
        "_closing",
        "_sent",
        "_waiting",
        "_wake",
        "awaiting",
        "catching_up",
        "cursors",
        "missed",
        "side",
        "topics",
    )

    def __init__(self, side: Side) -> None:
        self.side = side
        self.topics: set[str] = set()
        self.cursors: dict[UUID, int] = {}
        self.awaiting: set[UUID] = set()
        self.catching_up: dict[UUID, asyncio.Event] = {}
        self.missed: dict[UUID, int] = {}
        self._waiting: deque[str] = deque()
        self._wake = asyncio.Event()
        self._sent = asyncio.Event()
        self._closing: int | None = None

    def send(self, frame: str) -> None:
        """Queue a frame; never waits."""
        if self._closing:
            return
        if len(self._waiting) >= MOST_WAITING:
            metrics.sockets_behind.inc()
            self._waiting.clear()
            self.close(1013, '{"type":"bye","code":"slow","retry_after":1}')
            return
        self._waiting.append(frame)
        self._wake.set()

    async def stirred(self) -> list[str]:
        """Return the frames queued since the last call, once there is one or it is over.

        For readers that poll the log: the frames only tell them what to look at.
        """
        await self._wake.wait()
        self._wake.clear()
        queued = list(self._waiting)
        self._waiting.clear()
        return queued

    def close(self, code: int, last: str | None = None) -> None:
        """End the connection after what is queued, with a last frame."""
        if self._closing is None:
            if last:
                self._waiting.append(last)
            self._closing = code
            self._wake.set()
            self._sent.set()

    async def room(self) -> bool:
        """Wait until most of what is queued was sent; False once the connection is closing."""
        if len(self._waiting) > MOST_WAITING // 4 and not self._closing:
            self._sent.clear()
            await self._sent.wait()
        return not self._closing

    async def write(
        self, send: Callable[[str], Awaitable[None]], close: Callable[[int], Awaitable[None]]
    ) -> None:
        """Send what is queued until the connection is closed: the socket's writer task."""
        try:
            while True:
                while self._waiting:
                    await send(self._waiting.popleft())
                self._sent.set()
                if self._closing:
                    await close(self._closing)
                    return
                self._wake.clear()
                await self._wake.wait()
        finally:  # nobody may wait for room on a line that is gone
            self._closing = self._closing or 1006
            self._sent.set()

    def take(self, line: Line) -> bool:
        """Send a line if it is the next for this client; False if lines before it are missing."""
        conversation, seq = line.event.conversation_id, line.event.seq
        if conversation in self.awaiting:
            return True
        if conversation in self.catching_up:
            self.missed[conversation] = max(seq, self.missed.get(conversation, 0))
            return True
        cursor = self.cursors.get(conversation)
        if cursor is None:
            if self.side == "agent":
                return True
            cursor = 0
        if seq <= cursor:
            return True
        if seq > cursor + 1:
            return False
        self.cursors[conversation] = seq
        frame = line.for_agents if self.side == "agent" else line.for_customers
        if frame is not None:
            self.send(frame)
        return True
