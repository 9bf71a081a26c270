"""After the commit: lines go to sockets here, hints to other processes, gaps are read again."""

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final
from uuid import UUID

from kefu.actions.seen import Seen
from kefu.conversations.states import Change
from kefu.core import metrics
from kefu.core.records import Agent, Event, Owner, Visitor
from kefu.reads import thread
from kefu.reads.public import public
from kefu.realtime import hub as topics
from kefu.realtime.bus import Bus, Hint
from kefu.realtime.connection import Connection
from kefu.realtime.frames import Line, agent_frame, public_frame
from kefu.realtime.hub import Hub
from kefu.realtime.protocol import encode
from kefu.storage.db import Database

PAGE: Final = 200
LIST_SECONDS: Final = 0.1


class Live:
    """The way from a commit to every screen that shows it, in this process and others."""

    def __init__(self, database: Database, hub: Hub, bus: Bus) -> None:
        self._database = database
        self._hub = hub
        self._bus = bus
        self._tasks: set[asyncio.Task[None]] = set()
        self._moved: set[UUID] = set()

    async def changed(
        self, changes: Iterable[Change], newcomers: Mapping[UUID, Visitor] | None = None
    ) -> None:
        """Tell everybody of committed changes."""
        hints = [
            self._joined(visitor_id, visitor.owner)
            for visitor_id, visitor in (newcomers or {}).items()
            if visitor.owner is not None
        ]
        lines = []
        for change in changes:
            owner = change.after.owner
            lines += [Line(event, public(event), owner) for event in change.events]
            hints.append(_moved(change))
        self._catch_up_all(self._hub.deliver(lines))
        self._list_moved(hints)
        await self._bus.publish(hints)

    async def seen(self, mark: Seen) -> None:
        """Tell the other side how far it was read."""
        hint = Hint("seen", mark.conversation_id, mark.owner, seq=mark.seq, by=mark.by)
        self._pass_on(hint)
        self._list_moved([hint])
        await self._bus.publish([hint])

    async def typing(
        self, conversation_id: UUID, owner: Owner, *, by: str, name: str | None, on: bool
    ) -> None:
        """Tell the other side that somebody is typing. Nothing is stored."""
        hint = Hint("typing", conversation_id, owner, by=by, name=name, on=on)
        self._pass_on(hint)
        await self._bus.publish([hint])

    async def joined(self, visitor_id: UUID, owner: Owner) -> None:
        """Let a browser's sockets follow the customer it now speaks for."""
        await self._bus.publish([self._joined(visitor_id, owner)])

    async def ended(self, topic: str) -> None:
        """Close the sockets of a visit or session that is over."""
        hint = Hint("ended", topic=topic)
        self._pass_on(hint)
        await self._bus.publish([hint])

    def _joined(self, visitor_id: UUID, owner: Owner) -> Hint:
        hint = Hint("joined", owner=owner, topic=topics.visitor_topic(visitor_id))
        self._pass_on(hint)
        return hint

    async def on_hints(self, hints: Sequence[Hint]) -> None:
        """Act on what another process did."""
        for hint in hints:
            if hint.kind != "event":
                self._pass_on(hint)
        await self._heal([hint for hint in hints if hint.kind == "event"])
        self._list_moved(hints)

    def _pass_on(self, hint: Hint) -> None:
        match hint.kind:
            case "seen" | "typing" if hint.conversation is not None:
                self._to_other_side(hint, hint.conversation)
            case "joined" if hint.owner is not None:
                for connection in self._hub.members(hint.topic):
                    follow_owner(self._hub, connection, hint.owner)
            case "ended":
                for connection in self._hub.members(hint.topic):
                    connection.close(1008, encode({"type": "bye", "code": "refused"}))

    def _to_other_side(self, hint: Hint, conversation_id: UUID) -> None:
        frame: dict[str, Any] = {
            "type": hint.kind,
            "conversation": conversation_id,
            "by": hint.by,
        }
        if hint.kind == "seen":
            frame["seq"] = hint.seq
        else:
            frame["on"] = hint.on
            if hint.name:
                frame["name"] = hint.name
        if hint.by == "customer":
            self._hub.send(topics.thread_topic(conversation_id), encode(frame))
        elif hint.owner is not None:
            self._hub.send(topics.owner_topic(hint.owner), encode(frame))

    def _list_moved(self, hints: Iterable[Hint]) -> None:
        """Remember which rows of the agents' lists moved; tell them together a moment later."""
        moved = {
            hint.conversation
            for hint in hints
            if hint.kind in ("event", "seen") and hint.conversation
        }
        if moved and not self._moved:
            asyncio.get_running_loop().call_later(LIST_SECONDS, self._tell_list)
        self._moved |= moved

    def _tell_list(self) -> None:
        moved, self._moved = self._moved, set()
        frame = encode({"type": "changed", "conversations": sorted(moved)})
        self._hub.send(topics.EVERY_AGENT, frame)

    async def _heal(self, hints: Sequence[Hint]) -> None:
        """Read once what this process's followers of moved conversations lack; deliver it."""
        marks: dict[UUID, int] = {}
        owners: dict[UUID, Owner] = {}
        for hint in hints:
            lacking = self._lacking(hint)
            if lacking is not None and hint.conversation and hint.owner:
                marks[hint.conversation] = lacking
                owners[hint.conversation] = hint.owner
        if not marks:
            return
        events = await self._database.read(thread.events_after_each, marks)
        lines = [Line(e, public(e), owners[e.conversation_id]) for e in events]
        self._catch_up_all(self._hub.deliver(lines))

    def _lacking(self, hint: Hint) -> int | None:
        """Return the line after which some follower here lacks something, or None."""
        if hint.conversation is None:
            return None
        cursors = [
            connection.cursors.get(hint.conversation, 0)
            for connection in self._hub.followers(hint.conversation, hint.owner)
            if hint.conversation not in connection.awaiting
        ]
        behind = [cursor for cursor in cursors if hint.seq - PAGE <= cursor < hint.seq]
        return min(behind, default=None)

    def _catch_up_all(self, behind: Iterable[tuple[Connection, UUID]]) -> None:
        for connection, conversation_id in behind:
            metrics.catch_ups.labels("gap").inc()
            self.start_catch_up(connection, conversation_id)

    def start_catch_up(self, connection: Connection, conversation_id: UUID) -> None:
        """Begin to send a connection what it lacks, without waiting for it."""
        connection.cursors.setdefault(conversation_id, 0)
        task = asyncio.create_task(self.catch_up(connection, conversation_id))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def catch_up(self, connection: Connection, conversation_id: UUID) -> None:
        """Send what came after the connection's cursor, in order, live lines last.

        One catch-up runs at a time; a resume meanwhile moves its cursor and waits for it.
        """
        if running := connection.catching_up.get(conversation_id):
            await running.wait()
            return
        done = connection.catching_up[conversation_id] = asyncio.Event()
        try:
            while await connection.room():
                after = connection.cursors.get(conversation_id)
                if after is None:  # no longer followed
                    return
                events = await self._database.read(
                    thread.events_after, conversation_id, after, limit=PAGE
                )
                if connection.cursors.get(conversation_id) != after:
                    continue
                _send(connection, conversation_id, events)
                missed = connection.missed.pop(conversation_id, 0)
                if len(events) < PAGE and missed <= connection.cursors[conversation_id]:
                    return
        finally:
            del connection.catching_up[conversation_id]
            done.set()


def _send(connection: Connection, conversation_id: UUID, events: Sequence[Event]) -> None:
    for event in events:
        connection.cursors[conversation_id] = event.seq
        if connection.side == "agent":
            connection.send(encode(agent_frame(event)))
        elif shown := public(event):
            connection.send(encode(public_frame(shown)))


def _moved(change: Change) -> Hint:
    return Hint("event", change.after.id, change.after.owner, seq=change.after.seq)


def follow_owner(hub: Hub, connection: Connection, owner: Owner) -> None:
    """Let a customer's socket follow this customer at this inbox, and no other."""
    wanted = topics.owner_topic(owner)
    for topic in [t for t in connection.topics if t.startswith(topics.OWNER) and t != wanted]:
        hub.leave(connection, topic)
    hub.join(connection, wanted)


def speaks_as(actor: Visitor | Agent) -> tuple[str, str | None]:
    """Return which side the actor is on, and the name the other side sees."""
    return ("agent", actor.alias) if isinstance(actor, Agent) else ("customer", None)
