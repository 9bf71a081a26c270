"""Fills an empty database with the demo: every line goes through the door, at its own time."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from msgspec import Struct
from msgspec.structs import replace
from sqlalchemy import Connection

from kefu import guard
from kefu.actions import clock_loop, setup
from kefu.actions.desk import Desk
from kefu.actions.inboxes import sealed
from kefu.agents import store as agents
from kefu.cli.demo.content import Attachment, Conversation, Line, content
from kefu.cli.demo.imitation import Imitation
from kefu.cli.demo.pictures import drawn
from kefu.core.ids import uuid7
from kefu.core.records import Agent, Inbound, Outbound, Visibility, Visitor
from kefu.core.settings import Settings
from kefu.customers import store as customers
from kefu.files.blobs import FolderBlobs
from kefu.files.ocr import engine_of
from kefu.realtime.bus import OneProcess
from kefu.realtime.hub import Hub
from kefu.routing import store as routing
from kefu.storage.db import Database
from kefu.storage.migrate import migrate

_VISIBILITY: Final[dict[str, Visibility]] = {
    "say": "public",
    "note": "internal",
    "aside": "internal",
}
NAMES: Final = {"zh-Hans": "海登交易所", "en": "Halden Exchange"}


class Moment:
    """A clock that is set by hand."""

    def __init__(self, at: datetime) -> None:
        self.at = at

    def __call__(self) -> datetime:
        return self.at


class Case(Struct):
    """A conversation that has begun. head: its last line so far; side: its side thread."""

    told: Conversation
    visitor: Visitor
    id: UUID
    head: int
    side: UUID | None = None


async def furnish(
    settings: Settings, imitation: Imitation, exchange_url: str, *, password: str, start: datetime
) -> None:
    """Fill the database of settings with inbox, staff and conversations that end at start.

    exchange_url: the origin of the imitation exchange, where the widget stands.
    password: of every agent of the demo.
    Cost: about a second.
    """
    database, moment = Database(settings.database_url), Moment(start - timedelta(days=90))
    migrate(database.engine)
    keys = sealed(settings.secret_key, [imitation.identity_key()])
    exchange = sealed(settings.secret_key, imitation.exchange(exchange_url))

    def prepare(tx: Connection) -> None:
        setup.service_levels(tx, at=moment())
        customers.add_inbox(
            tx,
            key=imitation.inbox_key,
            name=NAMES,
            origins=[exchange_url],
            identity_keys=keys,
            exchange=exchange,
            at=moment(),
        )
        _hire(tx, password, at=moment())

    await database.write(prepare)
    blobs = FolderBlobs(settings.files_path)
    ocr = engine_of(settings)
    desk = Desk(settings, database, Hub(), OneProcess(), blobs, clock=moment, ocr=ocr)
    stage = Stage(desk, moment, replace(imitation, clock=moment), exchange_url)
    await stage.play(content().conversations, password, start)
    await desk.drained()
    await database.write(_to_work, at=start)
    database.close()


def _hire(tx: Connection, password: str, *, at: datetime) -> None:
    for person in content().staff:
        setup.agent(
            tx,
            email=person.email,
            password=password,
            alias=person.alias,
            badge=person.badge,
            languages=person.languages,
            role=person.role,
            at=at,
            capacity=0,
        )


def _to_work(tx: Connection, *, at: datetime) -> None:
    """Let the staff be given customers: while the past was played they took them by hand."""
    for person in content().staff:
        found = agents.credentials(tx, person.email)
        if found is not None:
            teams, capacity = person.teams, person.capacity
            routing.set_skills(tx, found[0].id, teams=teams, topics=(), capacity=capacity)
            routing.set_work_state(tx, found[0].id, "available", at=at)


def at_the_desk(tx: Connection, *, at: datetime) -> None:
    """Note that the demo's staff are at the desk, whether somebody plays them or not."""
    for person in content().staff:
        found = agents.credentials(tx, person.email)
        if found is not None:
            agents.touch(tx, found[0].id, None, at=at)


class Stage:
    """Plays conversations through the door, line by line in the order of their times."""

    def __init__(self, desk: Desk, moment: Moment, imitation: Imitation, site: str) -> None:
        self._desk = desk
        self._moment = moment
        self._imitation = imitation
        self._site = site
        self._staff: dict[str, Agent] = {}
        self._cases: dict[int, Case] = {}

    async def play(self, told: Sequence[Conversation], password: str, start: datetime) -> None:
        """Play them all, the staff signed in; at the end every customer has read everything."""
        lines = [(line, number) for number, c in enumerate(told) for line in c.lines]
        lines.sort(key=lambda pair: -pair[0].ago)
        self._moment.at = start - timedelta(minutes=lines[0][0].ago + 1)
        for person in content().staff:
            signed_in = await self._desk.sign_in(person.email, password, "kefu demo")
            self._staff[person.first] = signed_in.agent
        for line, number in lines:
            await self._until(start - timedelta(minutes=line.ago))
            if line.act == "escalate" and line.by == "customer":
                case = self._cases[number]
                await self._desk.escalate_own(case.visitor, case.id, line.to or "senior")
            elif line.by == "customer":
                await self._asked(told[number], number, line)
            else:
                await self._acted(self._cases[number], line, self._staff[line.by])
            await self._desk.follow_log([self._cases[number].id])
        await self._until(start)
        for case in self._cases.values():
            await self._desk.seen(case.visitor, case.id, case.head)
        for agent in self._staff.values():
            await self._desk.sign_out(agent)

    async def _until(self, at: datetime) -> None:
        """Let time pass: what is owed by then is warned of and told, each at its instant."""
        database = self._desk.database
        while (due := await database.read(clock_loop.next_at)) is not None and due <= at:
            self._moment.at = due
            await database.write(clock_loop.fire, at=due)
        self._moment.at = at
        await database.write(at_the_desk, at=at)

    async def _asked(self, told: Conversation, number: int, line: Line) -> None:
        case = self._cases.get(number)
        visitor = case.visitor if case else await self._arrived(told)
        files = await self._uploaded(visitor, line.files)
        text = guard.clean(line.text) if line.text else None
        receipt = await self._desk.receive(
            Inbound(visitor, str(uuid7()), text, files, told.language, topic=told.topic)
        )
        seq = receipt.event.seq
        side = case.side if case else None
        self._cases[number] = Case(told, visitor, receipt.conversation_id, seq, side)
        if told.seen:
            await self._desk.seen(self._staff["lin"], receipt.conversation_id, seq)

    async def _arrived(self, told: Conversation) -> Visitor:
        """Return the visitor of a conversation: nameless, or signed in at the exchange."""
        about = {"locale": told.language, "tier": told.tier, "name": told.name}
        known = {claim: value for claim, value in about.items() if value}
        arrival = await self._desk.hello(
            inbox_key=self._imitation.inbox_key,
            site=self._site,
            token=None,
            identity=self._imitation.token(told.customer, **known) if told.customer else None,
            language=told.language,
        )
        if arrival.problem:
            raise RuntimeError(f"the demo's own identity token: {arrival.problem}")
        return arrival.visitor

    async def _acted(self, case: Case, line: Line, agent: Agent) -> None:
        await self._desk.seen(agent, case.id, case.head)
        match line.act:
            case "take":
                await self._desk.take(agent, case.id)
            case "close":
                await self._desk.close(agent, case.id)
            case "reopen":
                await self._desk.reopen(agent, case.id)
            case "ask":
                text = guard.clean(line.text)
                case.side = await self._desk.open_side(agent, case.id, line.to, text)
            case "say" | "note" | "aside":
                await self._said(case, line, agent)

    async def _said(self, case: Case, line: Line, agent: Agent) -> None:
        files = await self._uploaded(agent, line.files)
        text, visibility = guard.clean(line.text), _VISIBILITY[line.act]
        side = case.side if line.act == "aside" else None
        receipt = await self._desk.reply(
            Outbound(
                agent,
                case.id,
                str(uuid7()),
                text,
                files,
                visibility,
                side=side,
                confirmed=True,
            )
        )
        case.head = receipt.event.seq

    async def _uploaded(
        self, actor: Visitor | Agent, attachments: Sequence[Attachment]
    ) -> tuple[UUID, ...]:
        infos = [
            await self._desk.upload(actor, attachment.name, *drawn(attachment))
            for attachment in attachments
        ]
        return tuple(info.id for info in infos)
