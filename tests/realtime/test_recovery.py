"""What is acknowledged survives: the server killed under load, the database, the bus."""

import asyncio
import json
import random
from collections import defaultdict
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from uuid import uuid4

import nats as nats_client
import pytest
import websockets
from nats.aio.msg import Msg

from tests.conftest import copy_of
from tests.desk_server import DeskServer, agent, customer
from tests.servers import Nats, Postgres

GONE = (OSError, websockets.WebSocketException, EOFError, TimeoutError, KeyError)


class Talker:
    """A customer who keeps every message until it is acknowledged, as the widget does."""

    def __init__(self, name: str, servers: list[DeskServer]) -> None:
        self.name = name
        self.servers = servers
        self.token: str | None = None
        self.unsent: dict[str, str] = {}
        self.acked: dict[str, int] = {}
        self.wrong: list[str] = []
        self.conversation: str | None = None
        self.last = 0
        self.seen: list[tuple[int, str]] = []

    async def run(self, messages: int, done: asyncio.Event) -> None:
        """Say so many things, however often the line breaks."""
        said = 0
        while said < messages or self.unsent:
            with suppress(*GONE):
                server = random.choice(self.servers)
                url = server.url.replace("http", "ws", 1) + "/ws"
                async with websockets.connect(url, open_timeout=2) as socket:
                    await self._hello(socket)
                    while said < messages or self.unsent:
                        if said < messages and len(self.unsent) < 3:
                            self.unsent[f"{self.name}-{said}-{uuid4()}"] = f"{self.name}:{said}"
                            said += 1
                            await self._send(socket, list(self.unsent)[-1])
                        await self._read(socket, 0.5)
            await asyncio.sleep(random.uniform(0.05, 0.2))
        done.set()

    async def _hello(self, socket: websockets.ClientConnection) -> None:
        await socket.send(json.dumps({"type": "hello", "v": 1, "token": self.token}))
        welcome = json.loads(await asyncio.wait_for(socket.recv(), 2))
        self.token = welcome.get("token", self.token)
        if self.conversation:
            await socket.send(
                json.dumps(
                    {"type": "resume", "conversation": self.conversation, "after": self.last}
                )
            )
        for key in self.unsent:
            await self._send(socket, key)

    async def _send(self, socket: websockets.ClientConnection, key: str) -> None:
        await socket.send(json.dumps({"type": "say", "key": key, "text": self.unsent[key]}))

    async def _read(self, socket: websockets.ClientConnection, seconds: float) -> None:
        frame = json.loads(await asyncio.wait_for(socket.recv(), seconds))
        if frame["type"] == "ack":
            text = self.unsent.pop(frame["key"], None)
            if text is not None and text != frame["text"]:
                self.wrong.append(text)
            self.acked[frame["key"]] = frame["seq"]
            self.conversation = frame["conversation"]
        elif frame["type"] == "event" and frame["seq"] > self.last:
            self.last = frame["seq"]
            self.conversation = frame["conversation"]
            if "text" in frame:
                self.seen.append((frame["seq"], frame["text"]))
        elif frame["type"] == "error" and frame["code"] == "rate.limited":
            await asyncio.sleep(frame["retry_after"])
            await self._send(socket, frame["key"])


async def _talk_through(
    talkers: list[Talker], messages: int, trouble: Callable[[], None], times: int
) -> None:
    """Let all talk while `trouble` happens so many times."""
    done = [asyncio.Event() for _ in talkers]
    talking = [asyncio.create_task(t.run(messages, d)) for t, d in zip(talkers, done, strict=True)]
    for _ in range(times):
        await asyncio.sleep(random.uniform(0.3, 0.9))
        await asyncio.to_thread(trouble)
    async with asyncio.timeout(120):
        await asyncio.gather(*talking)


async def _whole_log(server: DeskServer, talker: Talker) -> list[tuple[int, str, str]]:
    """Return (seq, key, text) of the talker's conversation, read afresh."""
    async with websockets.connect(server.url.replace("http", "ws", 1) + "/ws") as socket:
        await socket.send(json.dumps({"type": "hello", "v": 1, "token": talker.token}))
        await socket.send(
            json.dumps({"type": "resume", "conversation": talker.conversation, "after": 0})
        )
        events: list[tuple[int, str, str]] = []
        while True:
            frame = json.loads(await asyncio.wait_for(socket.recv(), 5))
            if frame["type"] == "caught_up":
                return events
            if frame["type"] == "event" and "text" in frame:
                events.append((frame["seq"], frame["key"], frame["text"]))


async def _check(server: DeskServer, talkers: list[Talker], messages: int) -> None:
    for talker in talkers:
        log = await _whole_log(server, talker)
        stored = {key: seq for seq, key, _ in log}
        assert talker.wrong == []
        assert len(stored) == len(log), "a key stands twice"
        assert all(stored.get(key) == seq for key, seq in talker.acked.items())
        assert sorted(text for _, _, text in log) == sorted(
            f"{talker.name}:{n}" for n in range(messages)
        )
        assert talker.seen == [(seq, text) for seq, _, text in log][: len(talker.seen)]
        by_text: defaultdict[str, int] = defaultdict(int)
        for _, text in talker.seen:
            by_text[text] += 1
        assert max(by_text.values()) == 1, "a message was shown twice"


def _restart(server: DeskServer) -> None:
    server.kill()
    server.start()


async def _killed(server: DeskServer, kills: int, messages: int) -> None:
    talkers = [Talker(f"t{n}", [server]) for n in range(6)]
    with server:
        await _talk_through(talkers, messages, lambda: _restart(server), kills)
        await _check(server, talkers, messages)


async def test_three_kills_under_load_lose_and_repeat_nothing(
    sqlite_template: Path, tmp_path: Path
) -> None:
    server = DeskServer(copy_of(sqlite_template, tmp_path), tmp_path)
    await _killed(server, 3, 30)


@pytest.mark.soak
@pytest.mark.parametrize("kind", ["sqlite", "postgres"])
async def test_twenty_kills_under_load_lose_and_repeat_nothing(
    kind: str, request: pytest.FixtureRequest, sqlite_template: Path, tmp_path: Path
) -> None:
    if kind == "sqlite":
        url = copy_of(sqlite_template, tmp_path)
    else:
        postgres: Postgres = request.getfixturevalue("postgres")
        url = postgres.create(request.getfixturevalue("postgres_template"))
    await _killed(DeskServer(url, tmp_path), 20, 250)


async def test_two_processes_on_one_database_and_bus_are_one_desk(
    postgres: Postgres, postgres_template: str, nats: Nats, tmp_path: Path
) -> None:
    url = postgres.create(postgres_template)
    one = DeskServer(url, tmp_path, bus_url=nats.url)
    two = DeskServer(url, tmp_path, bus_url=nats.url, public_url=one.url)
    with one, two:
        talkers = [Talker(f"t{n}", [one, two]) for n in range(6)]
        victims = iter([one, two])
        await _talk_through(talkers, 40, lambda: _restart(next(victims)), 2)
        await _check(one, talkers, 40)


async def test_the_bus_carries_no_text(
    postgres: Postgres, postgres_template: str, nats: Nats, tmp_path: Path
) -> None:
    url = postgres.create(postgres_template)
    heard: list[bytes] = []
    listener = await nats_client.connect(nats.url)

    async def on_message(message: Msg) -> None:
        heard.append(message.data)

    await listener.subscribe(">", cb=on_message)
    one = DeskServer(url, tmp_path, bus_url=nats.url)
    two = DeskServer(url, tmp_path, bus_url=nats.url, public_url=one.url)
    with one, two:
        async with customer(one) as lee, agent(two) as lin:
            ack = await lee.say("across the bus")
            await lin.send({"type": "resume", "conversation": ack["conversation"], "after": 0})
            await lin.next("caught_up")
            await lee.say("and live")
            event = await lin.next("event")
            while event["kind"] != "message":
                event = await lin.next("event")
            assert event["text"] == "and live"
    await listener.close()
    assert heard and not any(b"across the bus" in data or b"and live" in data for data in heard)


async def test_a_lost_hint_heals_without_a_later_message(
    postgres: Postgres, postgres_template: str, nats: Nats, tmp_path: Path
) -> None:
    url = postgres.create(postgres_template)
    one = DeskServer(url, tmp_path, bus_url=nats.url, beat=1)
    two = DeskServer(url, tmp_path, bus_url=nats.url, beat=1, public_url=one.url)
    with one, two:
        async with customer(one) as lee, agent(two) as lin:
            ack = await lee.say("first")
            await lin.send({"type": "resume", "conversation": ack["conversation"], "after": 0})
            await lin.next("caught_up")
            nats.stop()
            try:
                await lee.say("while the bus is down")
                event = await lin.next("event", seconds=8)
                while event["kind"] != "message":
                    event = await lin.next("event", seconds=8)
                assert event["text"] == "while the bus is down"
            finally:
                nats.start()
