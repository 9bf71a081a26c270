"""Who takes whom: every waiting customer in turn gets the least busy agent that may have it.

Sets of agents are integers, a bit an agent, so that "who speaks it, takes the topic and has room"
is a few operations however many agents there are.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from operator import attrgetter
from typing import Final, Literal
from uuid import UUID

from msgspec import Struct

Reason = Literal["nobody", "topic", "language", "barred"]
"""What keeps a customer waiting: nobody of the team is there; none of them takes the topic; some
do, but none who speaks the language; all who could are barred."""


class Waiting(Struct, frozen=True):
    """A customer in the queue.

    topic: dotted, the general first (`withdrawals.crypto`); None, not known, suits everybody.
    barred: ids of agents who do not get it, as text.
    """

    id: UUID
    team: str
    language: str
    topic: str | None
    place_at: datetime
    barred: tuple[str, ...] = ()


class Server(Struct, frozen=True):
    """An agent who is there and takes customers.

    topics: takes all that is within one of these; empty takes every topic.
    capacity, load: how many customers at once, and how many now, of one kind of channel.
    free_since: since when they have not been given anybody.
    """

    id: UUID
    teams: tuple[str, ...]
    languages: tuple[str, ...]
    topics: tuple[str, ...]
    capacity: int
    load: int
    free_since: datetime


_NEED: Final = attrgetter("team", "language", "topic", "barred")
_Need = tuple[str, str, str | None, tuple[str, ...]]


def choose(waiting: Sequence[Waiting], servers: Iterable[Server]) -> list[tuple[UUID, UUID]]:
    """Return who gets whom, as pairs of customer and agent, in the order of the queue.

    waiting: in the order of the queue, (place_at, id); nobody is passed over by a later one for
        an agent that both could have.
    servers: everybody who is there, the busy too: a customer whose language only a busy one of
        the team speaks waits for them; one whose language none speaks is given to any of them.

    Of the agents who may have a customer, the one with the smallest load for their capacity gets
    it, then the one free for longest, then the smaller id.
    Cost: O(waiting + pairs + different needs), each some operations on a bit an agent.
    """
    room = _Room(servers)
    chosen: list[tuple[UUID, UUID]] = []
    if not room.left:
        return chosen
    suited: dict[_Need, int] = {}
    levels: dict[_Need, int] = {}
    for customer, need in zip(waiting, map(_NEED, waiting), strict=True):
        mask = suited.get(need)
        if mask is None:
            mask = suited[need] = room.suiting(need)
        if not mask:
            continue
        if not mask & room.left:
            suited[need] = 0
            continue
        agent, levels[need] = room.take(mask, levels.get(need, 0))
        chosen.append((customer.id, agent))
        if not room.left:
            break
    return chosen


class _Room:
    """The room that agents have left, by how busy they are.

    An agent is one bit in every set, the higher the earlier their turn among equals. `_at[level]`
    are those whose share of load is the level's; a customer more, and an agent moves up.
    """

    def __init__(self, servers: Iterable[Server]) -> None:
        self._agents = [server for server in servers if server.capacity > 0]
        self._agents.sort(key=lambda server: (server.free_since, server.id), reverse=True)
        self._loads = [server.load for server in self._agents]
        self._level = _levels(self._agents)
        self._at = [0] * len(self._level)
        self.left = 0
        self._own: dict[str, int] = {}
        self._teams: defaultdict[str, int] = defaultdict(int)
        self._speakers: defaultdict[tuple[str, str], int] = defaultdict(int)
        self._topics: defaultdict[str | None, int] = defaultdict(int)
        self._able: dict[str | None, int] = {}
        for number, server in enumerate(self._agents):
            self._know(server, 1 << number)

    def _know(self, server: Server, bit: int) -> None:
        if server.load < server.capacity:
            self.left |= bit
            self._at[self._level[server.load / server.capacity]] |= bit
        self._own[str(server.id)] = bit
        for team in server.teams:
            self._teams[team] |= bit
            for language in server.languages:
                self._speakers[team, language] |= bit
        for topic in server.topics or (None,):
            self._topics[topic] |= bit

    def suiting(self, need: _Need) -> int:
        """Return the agents who may have a customer, whether they have room or not."""
        team, language, topic, barred = need
        mask = self._speakers.get((team, language)) or self._teams.get(team, 0)
        if topic is not None:
            mask &= self._taking(topic)
        for agent in barred:
            mask &= ~self._own.get(agent, 0)
        return mask

    def _taking(self, topic: str) -> int:
        able = self._able.get(topic)
        if able is None:
            able = self._topics.get(None, 0)
            for each in _wider(topic):
                able |= self._topics.get(each, 0)
            self._able[topic] = able
        return able

    def take(self, mask: int, level: int) -> tuple[UUID, int]:
        """Take room of the first agent of a set, some of whom have room left.

        level: none of the set with room is below it. Returns the agent and their level, below
        which none is from now on.
        """
        while not (found := mask & self._at[level]):
            level += 1
        number = found.bit_length() - 1
        agent, bit = self._agents[number], 1 << number
        self._at[level] ^= bit
        load = self._loads[number] = self._loads[number] + 1
        if load < agent.capacity:
            self._at[self._level[load / agent.capacity]] |= bit
        else:
            self.left ^= bit
        return agent.id, level


def _levels(agents: Iterable[Server]) -> dict[float, int]:
    """Return the number of every share of load that an agent with room has or may come to."""
    pairs = {(server.load, server.capacity) for server in agents}
    shares = {load / full for now, full in pairs for load in range(now, full)}
    return {share: number for number, share in enumerate(sorted(shares))}


def unservable(waiting: Iterable[Waiting], servers: Iterable[Server]) -> list[tuple[UUID, Reason]]:
    """Return the customers whom nobody who is there may have, however long they wait, and why."""
    present = [server for server in servers if server.capacity > 0]
    reasons: dict[_Need, Reason | None] = {}
    found: list[tuple[UUID, Reason]] = []
    for customer in waiting:
        need = _NEED(customer)
        if need not in reasons:
            reasons[need] = _reason(customer, present)
        if reason := reasons[need]:
            found.append((customer.id, reason))
    return found


def _reason(customer: Waiting, present: Iterable[Server]) -> Reason | None:
    team = [server for server in present if customer.team in server.teams]
    if not team:
        return "nobody"
    able = [server for server in team if _within(customer.topic, server.topics)]
    if not able:
        return "topic"
    spoken = any(customer.language in server.languages for server in team)
    suited = [server for server in able if not spoken or customer.language in server.languages]
    if not suited:
        return "language"
    return "barred" if all(str(server.id) in customer.barred for server in suited) else None


def _within(topic: str | None, topics: Sequence[str]) -> bool:
    return not topics or topic is None or any(each in topics for each in _wider(topic))


def _wider(topic: str) -> list[str]:
    """Return the topic and all that it is within."""
    parts = topic.split(".")
    return [".".join(parts[: n + 1]) for n in range(len(parts))]
