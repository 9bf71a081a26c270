"""A desk for tests: the real door on a real database, with people at it."""

import itertools
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

from sqlalchemy import Connection, select

from kefu import guard
from kefu.actions import clock_loop, setup
from kefu.actions.desk import Desk
from kefu.actions.visit import Arrival
from kefu.conversations import store
from kefu.conversations.states import State
from kefu.core.records import Agent, Event, Inbound, Outbound, Receipt, Visibility, Visitor
from kefu.core.settings import Settings
from kefu.files.blobs import FolderBlobs
from kefu.files.ocr import Ocr
from kefu.reads import thread
from kefu.realtime.bus import Bus, OneProcess
from kefu.realtime.connection import Connection as Socket
from kefu.realtime.hub import Hub
from kefu.sla import store as sla
from kefu.sla.targets import Clocks
from kefu.storage import tables
from kefu.storage.db import Database

START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
PEOPLE = {
    "lin": ("林 Lin", "A-20417", "agent"),
    "maya": ("Maya", "A-20418", "agent"),
    "chen": ("陈 Chen", "A-20401", "supervisor"),
    "reader": ("Reader", "A-20499", "reader"),
}
SITE = "https://www.halden.example"


class House:
    """The door, its database, and a clock that tests move."""

    def __init__(
        self, url: str, folder: Path, bus: Bus | None = None, ocr: Ocr | None = None
    ) -> None:
        self.at = START
        self.database = Database(url)
        self.hub = Hub()
        self.folder = folder
        self.settings = Settings(url, "", folder / "files", b"k" * 40, "http://desk.example")
        self.desk = Desk(
            self.settings,
            self.database,
            self.hub,
            bus or OneProcess(),
            FolderBlobs(self.settings.files_path),
            clock=lambda: self.at,
            ocr=ocr,
        )
        self._keys = itertools.count()
        self.inbox_key = self.database.write_now(self._furnish)

    def _furnish(self, tx: Connection) -> str:
        setup.service_levels(tx, at=self.at)
        key = setup.chat_inbox(tx, name={"en": "Halden"}, origins=[SITE], at=self.at)
        if tx.execute(select(tables.agent.c.id)).first() is None:
            for name, (alias, badge, role) in PEOPLE.items():
                setup.agent(
                    tx,
                    email=f"{name}@halden.example",
                    password=f"{name} password",
                    alias=alias,
                    badge=badge,
                    languages=["en"],
                    role=role,
                    at=self.at,
                    capacity=0,
                )
        return key

    def later(self, seconds: float) -> None:
        """Move the clock."""
        self.at += timedelta(seconds=seconds)

    def key(self) -> str:
        """A fresh client key."""
        return f"key-{next(self._keys)}"

    async def arrives(self, token: str | None = None, identity: str | None = None) -> Arrival:
        """A browser opens the chat."""
        return await self.desk.hello(
            inbox_key=self.inbox_key, site=SITE, token=token, identity=identity, language="en"
        )

    async def visitor(self) -> Visitor:
        """A fresh visitor."""
        return (await self.arrives()).visitor

    async def agent(self, name: str = "lin") -> Agent:
        """An agent, signed in."""
        signed = await self.desk.sign_in(f"{name}@halden.example", f"{name} password", "test")
        return signed.agent

    async def says(
        self,
        visitor: Visitor,
        text: str,
        *,
        key: str | None = None,
        files: Sequence[UUID] = (),
    ) -> Receipt:
        """A customer's message, as the chat channel hands it in."""
        safe = guard.clean(text) if text else None
        return await self.desk.receive(Inbound(visitor, key or self.key(), safe, tuple(files)))

    async def answers(
        self,
        agent: Agent,
        conversation_id: UUID,
        text: str,
        *,
        key: str | None = None,
        visibility: Visibility = "public",
        read_up_to: int | None = None,
    ) -> Receipt:
        """An agent's reply or note."""
        return await self.desk.reply(
            Outbound(
                agent,
                conversation_id,
                key or self.key(),
                guard.clean(text),
                visibility=visibility,
                read_up_to=read_up_to,
            )
        )

    async def closes(self, agent: Agent, conversation_id: UUID) -> None:
        """An agent who has read everything closes the conversation."""
        await self.desk.seen(agent, conversation_id, 1_000_000)
        await self.desk.close(agent, conversation_id)

    async def state(self, conversation_id: UUID) -> State:
        """The conversation's row, freshly read."""
        return (await self.database.read(store.lock, [conversation_id]))[conversation_id]

    async def log(self, conversation_id: UUID, after: int = 0) -> list[Event]:
        """The conversation's events, freshly read."""
        return await self.database.read(thread.events_after, conversation_id, after)

    async def texts(self, conversation_id: UUID) -> list[str]:
        """What was said, in order."""
        return [str(event.text) for event in await self.log(conversation_id) if event.text]

    def socket(self) -> Socket:
        """A customer's socket nobody reads from: its frames stay where a test can see them."""
        return Socket("customer")

    def everything_stored(self) -> bytes:
        """Every byte of the database's files and of the folder of files (SQLite)."""
        found = [path for path in self.folder.rglob("*") if path.is_file()]
        return b"".join(path.read_bytes() for path in found)

    async def follows(self, *conversation_ids: UUID) -> None:
        """Have done what follows from these conversations' logs, as the effects' loop does."""
        await self.desk.follow_log(conversation_ids)

    async def fires(self) -> None:
        """Have said what is due by now, as the loop of the clocks does."""
        await self.desk.tell(await self.database.write(clock_loop.fire, at=self.at))

    async def clocks(self, conversation_id: UUID) -> Clocks:
        """The clocks of a conversation, freshly read."""
        return (await self.database.read(sla.clocks, [conversation_id])).get(conversation_id, {})
