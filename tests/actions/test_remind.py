"""A customer who left hears of an answer through the exchange's app: once, and never its text."""

import asyncio
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest
import uvicorn
from sqlalchemy import Connection as Transaction
from sqlalchemy import update

from kefu.actions import remind
from kefu.actions.inboxes import Inboxes, sealed
from kefu.app.effects import effects
from kefu.app.timers import timers
from kefu.cli.demo.content import content
from kefu.cli.demo.imitation import Imitation
from kefu.core.records import Receipt, Visitor
from kefu.fetch import Fetcher
from kefu.files.blobs import FolderBlobs
from kefu.storage import outbox
from kefu.storage.tables import inbox
from kefu.work.alarms import Alarms
from kefu.work.effects import Effects
from tests.house import House

UID, OTHER_UID = (person.uid for person in content().people[:2])
PATIENCE = remind.PATIENCE.total_seconds()


class Exchange:
    """The exchange's back end on a port of its own; `down` makes it answer 503."""

    def __init__(self, imitation: Imitation) -> None:
        self.imitation = imitation
        self.down = False
        self.heard: list[bytes] = []
        self.listening = socket.create_server(("127.0.0.1", 0))
        self.host = f"127.0.0.1:{self.listening.getsockname()[1]}"

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        config = uvicorn.Config(self._serve, lifespan="off", log_config=None, interface="asgi3")
        server = uvicorn.Server(config)
        task = asyncio.create_task(server.serve([self.listening]))
        yield
        server.should_exit = True
        await task

    async def _serve(
        self,
        scope: dict[str, Any],
        receive: Callable[[], Awaitable[dict[str, Any]]],
        send: Callable[[dict[str, Any]], Awaitable[None]],
    ) -> None:
        body = (await receive())["body"]
        self.heard.append(body)
        headers = {name.decode(): value.decode() for name, value in scope["headers"]}
        reply = self.imitation.answer(scope["method"], scope["path"], headers, body)
        named = [(n.lower().encode(), v.encode()) for n, v in reply.headers.items()]
        status = 503 if self.down else reply.status
        await send({"type": "http.response.start", "status": status, "headers": named})
        await send({"type": "http.response.body", "body": b"" if self.down else reply.body})


class Worker:
    """The loops of a process, turned by hand."""

    def __init__(self, house: House, exchange: Exchange) -> None:
        self.house = house
        self.exchange = exchange
        self.fetcher = Fetcher(allow={exchange.host})
        blobs = FolderBlobs(house.settings.files_path)
        clock = lambda: house.at  # noqa: E731 - one line reads better than three
        self.handlers = effects(
            house.database,
            house.desk.inboxes,
            self.fetcher,
            blobs,
            check_picture=house.desk.check_picture,
            follow=house.desk.follow_log,
            clock=clock,
        )
        self._effects = Effects(house.database, self.handlers, clock=clock)
        self._alarms = Alarms(house.database, timers(), clock=clock, tell=house.desk.tell)

    async def work(self, later: float = 0) -> None:
        """Let time pass, then do all that is due."""
        await self._settle()
        self.house.later(later)
        await self._settle()

    async def _settle(self) -> None:
        while not (await self._alarms.turn() and await self._effects.turn() >= 1):
            pass

    async def says(self, uid: str, text: str = "Where is my deposit?") -> tuple[Visitor, Receipt]:
        """Return a customer the exchange knows, who has said something."""
        token = self.exchange.imitation.support_token(uid)
        visitor = (await self.house.arrives(identity=token)).visitor
        return visitor, await self.house.says(visitor, text)

    def told(self) -> list[tuple[str, str, str, str]]:
        """Return the pushes the exchange was asked for."""
        return [(n.uid, n.kind, n.reference, n.language) for n in self.exchange.imitation.notices]


@pytest.fixture
async def worker(house: House) -> AsyncIterator[Worker]:
    people = {person.uid: person for person in content().people}
    exchange = Exchange(Imitation(house.inbox_key, people, clock=lambda: house.at))

    def configure(tx: Transaction) -> None:
        key = house.settings.secret_key
        reached = exchange.imitation.exchange(f"http://{exchange.host}")
        tx.execute(
            update(inbox).values(
                identity_keys=sealed(key, [exchange.imitation.identity_key()]),
                exchange=sealed(key, reached),
            )
        )

    await house.database.write(configure)
    house.desk.inboxes = Inboxes(house.database, house.settings.secret_key)
    made = Worker(house, exchange)
    async with exchange.running():
        yield made
        await made.fetcher.close()


async def test_an_answer_that_is_not_read_in_time_is_pushed_without_its_text(
    worker: Worker,
) -> None:
    _, receipt = await worker.says(UID)
    await worker.house.answers(await worker.house.agent(), receipt.conversation_id, "It arrived")
    await worker.work(later=PATIENCE - 1)
    assert worker.told() == []
    await worker.work(later=1)
    assert worker.told() == [(UID, "reply", receipt.reference, "en")]
    assert all(b"It arrived" not in body for body in worker.exchange.heard)
    await worker.work(later=3_600)
    assert len(worker.told()) == 1


async def test_an_answer_that_was_read_is_not_pushed(worker: Worker) -> None:
    visitor, receipt = await worker.says(UID)
    agent = await worker.house.agent()
    answer = await worker.house.answers(agent, receipt.conversation_id, "It arrived")
    await worker.work(later=PATIENCE / 2)
    await worker.house.desk.seen(visitor, receipt.conversation_id, answer.event.seq)
    await worker.work(later=PATIENCE)
    assert worker.exchange.heard == []


async def test_several_answers_are_one_push_after_the_last(worker: Worker) -> None:
    _, receipt = await worker.says(UID)
    agent = await worker.house.agent()
    for text in ("It arrived", "Anything else?"):
        await worker.house.answers(agent, receipt.conversation_id, text)
        await worker.work(later=PATIENCE / 2)
    assert worker.told() == []
    await worker.work(later=PATIENCE / 2)
    assert len(worker.told()) == 1


async def test_notes_and_nameless_visitors_cause_no_push(worker: Worker) -> None:
    house, agent = worker.house, await worker.house.agent()
    _, known = await worker.says(UID)
    nameless = await house.says(await house.visitor(), "hello")
    await house.answers(agent, known.conversation_id, "a note", visibility="internal")
    await house.answers(agent, nameless.conversation_id, "hello")
    await worker.work(later=PATIENCE + 1)
    assert worker.exchange.heard == []


async def test_a_push_that_runs_twice_reaches_the_customer_once(worker: Worker) -> None:
    _, receipt = await worker.says(UID)
    await worker.house.answers(await worker.house.agent(), receipt.conversation_id, "It arrived")
    await worker.work()
    worker.house.later(PATIENCE)
    await worker._alarms.turn()
    claimed = await worker.house.database.write(outbox.claim, at=worker.house.at)
    await worker.handlers[remind.PUSH](claimed)
    await worker.work(later=outbox.LEASE.total_seconds())
    assert len(worker.exchange.heard) == 2
    assert len(worker.told()) == 1


async def test_an_exchange_that_is_away_is_asked_again(worker: Worker) -> None:
    _, receipt = await worker.says(UID)
    await worker.house.answers(await worker.house.agent(), receipt.conversation_id, "It arrived")
    worker.exchange.down = True
    await worker.work(later=PATIENCE)
    await worker.work(later=2)
    assert (await worker.house.database.read(outbox.backlog))[0] == 1
    worker.exchange.down = False
    await worker.work(later=4)
    assert len(worker.told()) == 1
    assert (await worker.house.database.read(outbox.backlog))[0] == 0


async def test_a_customer_the_exchange_refuses_holds_up_nobody(worker: Worker) -> None:
    agent = await worker.house.agent()
    for uid in (OTHER_UID, UID):
        _, receipt = await worker.says(uid)
        await worker.house.answers(agent, receipt.conversation_id, "It arrived")
    del worker.exchange.imitation.people[OTHER_UID]
    await worker.work(later=PATIENCE)
    assert [told[0] for told in worker.told()] == [UID]
    assert await worker.house.database.read(outbox.backlog) == (0, None, 0)
