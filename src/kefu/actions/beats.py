"""Heartbeats: each socket hears the head of what it follows, so a lost hint heals by itself."""

import asyncio
from typing import Any, Final
from uuid import UUID

from kefu.actions.live import Live, follow_owner
from kefu.agents import store as agents
from kefu.core import metrics
from kefu.core.clock import Clock, to_micros
from kefu.core.errors import StoreUnavailable
from kefu.customers import store as customers
from kefu.reads import inbox, thread
from kefu.realtime import hub as topics
from kefu.realtime.connection import Connection
from kefu.realtime.hub import Hub
from kefu.realtime.protocol import encode
from kefu.storage.db import Database

_CHUNK: Final = 500
_PREFIX: Final = "session:"


class Beats:
    """One round of heartbeats over the sockets of this process."""

    def __init__(
        self, database: Database, hub: Hub, live: Live, *, clock: Clock, every: float
    ) -> None:
        self._database = database
        self._hub = hub
        self._live = live
        self._clock = clock
        self._every = every

    async def turn(self) -> float:
        """Send a beat to every socket, start catching up where one is behind."""
        heads = await self._heads()
        moved = await self._database.read(inbox.newest)
        await self._end_dead_sessions()
        await self._find_owners()
        for number, connection in enumerate(self._hub.everyone()):
            self._beat(connection, heads, to_micros(moved) if moved else None)
            if number % 200 == 199:
                await asyncio.sleep(0)
        return self._every

    async def _heads(self) -> dict[UUID, tuple[int, int, int, int]]:
        ids = list(self._hub.watched())
        heads: dict[UUID, tuple[int, int, int, int]] = {}
        for at in range(0, len(ids), _CHUNK):
            heads |= await self._database.read(thread.heads, ids[at : at + _CHUNK])
        return heads

    def _beat(
        self,
        connection: Connection,
        heads: dict[UUID, tuple[int, int, int, int]],
        list_moved: int | None,
    ) -> None:
        told: dict[str, int] = {}
        for conversation_id, cursor in connection.cursors.items():
            head = heads.get(conversation_id)
            if head is None:
                continue
            told[str(conversation_id)] = head[0] if connection.side == "agent" else head[1]
            if cursor < head[0] and conversation_id not in connection.catching_up:
                metrics.catch_ups.labels("beat").inc()
                self._live.start_catch_up(connection, conversation_id)
        frame: dict[str, Any] = {"type": "beat", "heads": told}
        if connection.side == "agent":
            frame["list"] = list_moved
        connection.send(encode(frame))

    async def _find_owners(self) -> None:
        """Let a visitor's sockets follow the customer they became, if that hint was lost."""
        ownerless: dict[UUID, list[Connection]] = {}
        for connection in self._hub.everyone():
            names = connection.topics
            if not any(name.startswith(topics.OWNER) for name in names):
                for name in names:
                    if name.startswith(topics.VISITOR):
                        visitor_id = UUID(name.removeprefix(topics.VISITOR))
                        ownerless.setdefault(visitor_id, []).append(connection)
        ids = list(ownerless)
        for at in range(0, len(ids), _CHUNK):
            owners = await self._database.read(customers.owners, ids[at : at + _CHUNK])
            for visitor_id, owner in owners.items():
                for connection in ownerless[visitor_id]:
                    follow_owner(self._hub, connection, owner)
                    for conversation_id in await self._database.read(thread.open_of, owner):
                        if conversation_id not in connection.awaiting:
                            self._live.start_catch_up(connection, conversation_id)

    async def _end_dead_sessions(self) -> None:
        """Close sockets whose agent's session ended or ran out, and note who is here."""
        sessions = {
            topic.removeprefix(_PREFIX)
            for connection in self._hub.members(topics.EVERY_AGENT)
            for topic in connection.topics
            if topic.startswith(_PREFIX)
        }
        if not sessions:
            return
        ids = [UUID(session) for session in sessions]
        try:
            alive = await self._database.write(agents.here, ids, at=self._clock())
        except StoreUnavailable:
            return
        for session_id in set(ids) - alive:
            for connection in self._hub.members(topics.session_topic(session_id)):
                connection.close(1008, encode({"type": "bye", "code": "refused"}))
