"""Customers and agents at their sockets, cheap enough to load a server from one core.

Frames are told apart by their first bytes; only what is measured is parsed.
"""

import asyncio
import itertools
import random
import time
from collections.abc import Awaitable, Callable
from typing import Final

import msgspec
from msgspec import Struct, field
from picows import WSFrame, WSListener, WSMsgType, WSTransport, ws_connect

from benchmarks.guard import ORDINARY
from benchmarks.serving import Served

PATIENCE: Final = 30.0
_TEXTS: Final = [msgspec.json.encode(text) for text in ORDINARY.values()]
_TOGETHER: Final = 50


class Frame(Struct):
    """The fields of a server's frame that a measure needs."""

    conversation: str = ""
    key: str = ""
    seq: int = 0


_FRAME: Final = msgspec.json.Decoder(Frame)


class Sent(Struct):
    """A message under way: when it left, and how many screens it has yet to reach."""

    at: float
    eyes: int
    acknowledged: bool = False


class Sample(Struct):
    """What a stretch of load saw, in milliseconds from each message's sending.

    seen: until the last of the agents who watch had it.
    """

    seconds: float = 0.0
    acks: list[float] = field(default_factory=list)
    seen: list[float] = field(default_factory=list)

    @property
    def rate(self) -> float:
        """Acknowledged messages a second."""
        return len(self.acks) / self.seconds


class Person(WSListener):
    """A socket that says hello; `heard` is told of every later frame."""

    transport: WSTransport

    def __init__(self, hello: str, heard: Callable[["Person", bytes], None]) -> None:
        self._hello = hello.encode()
        self._heard = heard
        self.welcomed: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.watchers = 0
        self.cursors: dict[str, int] = {}

    def on_ws_connected(self, transport: WSTransport) -> None:
        """Say hello."""
        self.transport = transport
        self.send(self._hello)

    def on_ws_frame(self, transport: WSTransport, frame: WSFrame) -> None:
        """Answer pings, refuse errors, hand on the rest."""
        if frame.msg_type == WSMsgType.PING:
            transport.send_pong(frame.get_payload_as_bytes())
        elif frame.msg_type == WSMsgType.TEXT:
            data = frame.get_payload_as_bytes()
            if not self.welcomed.done() and data.startswith(b'{"type":"welcome"'):
                self.welcomed.set_result(None)
            elif data.startswith((b'{"type":"error"', b'{"type":"bye"')):
                raise RuntimeError(data.decode())
            else:
                self._heard(self, data)

    def send(self, frame: bytes) -> None:
        """Send a text frame."""
        self.transport.send(WSMsgType.TEXT, frame)


async def people(
    served: Served, count: int, hello: str, heard: Callable[[Person, bytes], None]
) -> list[Person]:
    """Return so many sockets, each after its welcome."""

    async def arrive() -> Person:
        _, person = await ws_connect(lambda: Person(hello, heard), served.url)
        assert isinstance(person, Person)
        await person.welcomed
        return person

    found: list[Person] = []
    while len(found) < count:
        group = min(_TOGETHER, count - len(found))
        found += await asyncio.wait_for(asyncio.gather(*(arrive() for _ in range(group))), PATIENCE)
    return found


class Crowd:
    """Customers who speak, and the agents who watch them."""

    def __init__(self, served: Served) -> None:
        self._served = served
        self._customers: list[Person] = []
        self._numbers = itertools.count()
        self._sent: dict[str, Sent] = {}
        self._opened: dict[str, asyncio.Future[Frame]] = {}
        self._sample = Sample()
        self._again = False
        self._resuming = 0
        self._watched = asyncio.Event()

    async def arrive(self, customers: int, agents: int, *, all_watch: bool = False) -> None:
        """Open the sockets. Each conversation is watched by one agent, or by all."""
        desk = f'{{"type":"hello","v":1,"desk":"{self._served.token}"}}'
        watching = await people(self._served, agents, desk, self._on_agent)
        self._customers = await people(self._served, customers, visitor(self._served), self._on_ack)
        for number, person in enumerate(self._customers):
            opened = await self._opens(person)
            eyes = watching if all_watch else [watching[number % agents]]
            for agent in eyes:
                agent.cursors[opened.conversation] = opened.seq
                place = opened.conversation.encode(), opened.seq
                agent.send(b'{"type":"resume","conversation":"%s","after":%d}' % place)
                self._resuming += 1
                self._watched.clear()
            person.watchers = len(eyes)
        await asyncio.wait_for(self._watched.wait(), PATIENCE)

    async def _opens(self, person: Person) -> Frame:
        opened = asyncio.get_running_loop().create_future()
        self._opened[self._say(person)] = opened
        return await asyncio.wait_for(opened, PATIENCE)

    def _say(self, person: Person) -> str:
        number = next(self._numbers)
        key = f"key-{number}"
        self._sent[key] = Sent(time.perf_counter(), person.watchers)
        text = _TEXTS[number % len(_TEXTS)]
        person.send(b'{"type":"say","key":"%s","text":%s}' % (key.encode(), text))
        return key

    async def saturate(self, seconds: float) -> Sample:
        """Have every customer speak as soon as the last message was acknowledged."""
        self._again = True
        for person in self._customers:
            self._say(person)
        await asyncio.sleep(0.3)
        sample = await self._during(asyncio.sleep(seconds))
        self._again = False
        await self._silence()
        return sample

    async def trickle(self, rate: float, seconds: float) -> Sample:
        """Have customers speak at random, `rate` a second in all, answered or not."""
        return await self._during(self._poisson(rate, seconds))

    async def one_by_one(self, count: int) -> Sample:
        """Have one message sent once the last one is on every screen."""
        self._sample = sample = Sample()
        for number in range(count):
            self._say(self._customers[number % len(self._customers)])
            await self._silence(0.0005)
        return sample

    async def _poisson(self, rate: float, seconds: float) -> None:
        at = time.perf_counter()
        end = at + seconds
        while at < end:
            at += random.expovariate(rate)
            if (early := at - time.perf_counter()) > 0:
                await asyncio.sleep(early)
            self._say(random.choice(self._customers))
        await self._silence()

    async def _during(self, load: Awaitable[None]) -> Sample:
        self._sample = sample = Sample()
        start = time.perf_counter()
        await load
        sample.seconds = time.perf_counter() - start
        self._sample = Sample()
        return sample

    async def _silence(self, every: float = 0.02) -> None:
        """Wait until all that was sent is acknowledged and on its screens."""
        ends = time.perf_counter() + PATIENCE
        while self._sent:
            if time.perf_counter() > ends:
                raise RuntimeError(f"{len(self._sent)} messages were lost")
            await asyncio.sleep(every)

    def _on_ack(self, person: Person, data: bytes) -> None:
        if not data.startswith(b'{"type":"ack"'):
            return
        frame = _FRAME.decode(data)
        sent = self._sent[frame.key]
        sent.acknowledged = True
        if opened := self._opened.pop(frame.key, None):
            opened.set_result(frame)
        else:
            self._sample.acks.append((time.perf_counter() - sent.at) * 1e3)
        self._over(frame.key, sent)
        if self._again:
            self._say(person)

    def _on_agent(self, agent: Person, data: bytes) -> None:
        if not data.startswith(b'{"type":"event"'):
            if data.startswith(b'{"type":"caught_up"'):
                self._resuming -= 1
                if not self._resuming:
                    self._watched.set()
            return
        frame = _FRAME.decode(data)
        if frame.seq != agent.cursors[frame.conversation] + 1:
            raise RuntimeError(f"line {frame.seq} came after {agent.cursors[frame.conversation]}")
        agent.cursors[frame.conversation] = frame.seq
        sent = self._sent[frame.key]
        sent.eyes -= 1
        if not sent.eyes:
            self._sample.seen.append((time.perf_counter() - sent.at) * 1e3)
            self._over(frame.key, sent)

    def _over(self, key: str, sent: Sent) -> None:
        if sent.acknowledged and not sent.eyes:
            del self._sent[key]


def visitor(served: Served) -> str:
    """Return the hello of a new visitor."""
    return f'{{"type":"hello","v":1,"inbox":"{served.inbox}"}}'


def at_percent(times: list[float], percent: float) -> float:
    """Return the value that so many percent of the times do not exceed."""
    ordered = sorted(times)
    return ordered[min(len(ordered) - 1, int(len(ordered) * percent / 100))]
