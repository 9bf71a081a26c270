"""The hub: which socket of this process follows what, and the way of a line to it."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Final
from uuid import UUID

from kefu.core import metrics
from kefu.core.records import Owner
from kefu.realtime.connection import Connection
from kefu.realtime.frames import Line

EVERY_AGENT: Final = "agents"
OWNER: Final = "owner:"
VISITOR: Final = "visitor:"


def thread_topic(conversation_id: UUID) -> str:
    """The topic of agents who have a conversation on screen."""
    return f"thread:{conversation_id}"


def owner_topic(owner: Owner) -> str:
    """The topic of all of a customer's sockets at one inbox."""
    return f"{OWNER}{owner.customer_id}:{owner.inbox_id}"


def visitor_topic(visitor_id: UUID) -> str:
    """The topic of one browser's sockets, before and after it is a customer's."""
    return f"{VISITOR}{visitor_id}"


def session_topic(session_id: UUID | None) -> str:
    """The topic of one agent session's sockets."""
    return f"session:{session_id}"


class Hub:
    """Sockets of this process by topic. All methods are quick and never wait."""

    def __init__(self) -> None:
        self._topics: defaultdict[str, set[Connection]] = defaultdict(set)

    def join(self, connection: Connection, topic: str) -> None:
        """Let the connection follow topic. The caller checked that it may."""
        if topic not in connection.topics:
            connection.topics.add(topic)
            self._topics[topic].add(connection)

    def leave(self, connection: Connection, topic: str) -> None:
        """Let the connection no longer follow topic."""
        connection.topics.discard(topic)
        members = self._topics.get(topic)
        if members:
            members.discard(connection)
            if not members:
                del self._topics[topic]

    def leave_all(self, connection: Connection) -> None:
        """Forget the connection."""
        for topic in list(connection.topics):
            self.leave(connection, topic)

    def members(self, topic: str) -> tuple[Connection, ...]:
        """Return who follows topic now."""
        return tuple(self._topics.get(topic, ()))

    def everyone(self) -> set[Connection]:
        """Return every connection that follows anything."""
        return set().union(*self._topics.values())

    def deliver(self, lines: Iterable[Line]) -> list[tuple[Connection, UUID]]:
        """Send lines to those who follow them; return who misses lines before one of them."""
        behind = []
        for line in lines:
            conversation = line.event.conversation_id
            for connection in self.followers(conversation, line.owner):
                if not connection.take(line):
                    behind.append((connection, conversation))  # noqa: PERF401 - take() acts
        return behind

    def followers(self, conversation_id: UUID, owner: Owner | None) -> list[Connection]:
        """Return the sockets that show a conversation: its agents' and its customer's."""
        found = list(self._topics.get(thread_topic(conversation_id), ()))
        if owner is not None:
            found += self._topics.get(owner_topic(owner), ())
        return found

    def send(self, topic: str, frame: str) -> None:
        """Send a frame to all who follow topic."""
        for connection in self.members(topic):
            connection.send(frame)

    def watched(self) -> dict[UUID, list[Connection]]:
        """Return who holds a cursor in which conversation: for heartbeats."""
        watched: defaultdict[UUID, list[Connection]] = defaultdict(list)
        for connection in self.everyone():
            for conversation_id in connection.cursors:
                watched[conversation_id].append(connection)
        metrics.sockets.labels("all").set(len(self.everyone()))
        return watched
