"""What both sides of the one door share: permission, transaction, and the telling after it."""

from collections.abc import Callable, Sequence
from typing import Any, Concatenate, ParamSpec, TypeVar
from uuid import UUID

from sqlalchemy import Connection as Transaction

from kefu import guard
from kefu.actions import access, refuse, seen, upload
from kefu.actions.filing import Filing
from kefu.actions.inboxes import Inboxes
from kefu.actions.live import Live, speaks_as
from kefu.actions.route import route
from kefu.actions.sign_in import Tries
from kefu.actions.upload import FileContent
from kefu.actions.upload_turns import UploadTurns
from kefu.agents import permissions as may
from kefu.conversations.states import Change
from kefu.core.clock import Clock
from kefu.core.errors import Forbidden
from kefu.core.ids import uuid7
from kefu.core.records import Actor, Agent, FileInfo, Visitor
from kefu.core.settings import Settings
from kefu.core.views import Channel
from kefu.files.blobs import Blobs
from kefu.files.ocr import Ocr
from kefu.files.rows import FileRow
from kefu.reads import channels, thread
from kefu.realtime.connection import Connection
from kefu.realtime.hub import Hub
from kefu.storage.db import Database

P = ParamSpec("P")
T = TypeVar("T")


class Door:
    """The parts of the desk that an actor of either side may use, each for their own."""

    def __init__(
        self,
        settings: Settings,
        database: Database,
        live: Live,
        hub: Hub,
        blobs: Blobs,
        clock: Clock,
        wake: Callable[[], None],
        ocr: Ocr | None,
    ) -> None:
        self.settings = settings
        self.database = database
        self.live = live
        self.hub = hub
        self.inboxes = Inboxes(database, settings.secret_key)
        self._filing = Filing(database, blobs, settings, ocr, clock)
        self._uploads = UploadTurns()
        self._tries = Tries()
        self._seen: dict[UUID | None, float] = {}
        self._clock = clock
        self._wake = wake

    async def alive(self) -> None:
        """Return if the database answers. Raises StoreUnavailable."""
        await self.database.read(thread.ping)

    async def channels(self) -> tuple[Channel, ...]:
        """Return the channels customers may use, and whether somebody is there now."""
        return await self.database.read(channels.channels, at=self._clock())

    async def seen(self, actor: Actor, conversation_id: UUID, seq: int) -> None:
        """Note that the actor's side has read the conversation up to a line."""
        require(actor, may.OWN_WRITE if isinstance(actor, Visitor) else may.REPLY)
        mark = await self.database.write(seen.seen, actor, conversation_id, seq)
        if mark is not None:
            await self.live.seen(mark)

    async def typing(self, actor: Actor, conversation_id: UUID, *, on: bool) -> None:
        """Let the other side know that the actor is typing."""
        require(actor, may.OWN_WRITE if isinstance(actor, Visitor) else may.REPLY)
        owner = await self.database.read(access.party, actor, conversation_id)
        by, name = speaks_as(actor)
        await self.live.typing(conversation_id, owner, by=by, name=name, on=on)

    async def upload(self, actor: Actor, name: str, content_type: str, content: bytes) -> FileInfo:
        """Store a file that a message will carry; one after another of each actor.

        Raises what `files.inspect` refuses, and Busy.
        """
        require(actor, may.OWN_WRITE if isinstance(actor, Visitor) else may.REPLY)
        async with self._uploads.of(actor.id):
            return await self._taken_in(actor, name, content_type, content)

    async def _taken_in(
        self, actor: Actor, name: str, content_type: str, content: bytes
    ) -> FileInfo:
        looked = await self._filing.inspected(name, content_type, content)
        safe_name = guard.clean(looked.name)
        if isinstance(actor, Agent):
            refuse.check(safe_name)
        said = await self._filing.screened(looked, content)
        kept = await self._filing.lay_down(said, looked.preview)
        info = FileInfo(
            id=uuid7(),
            name=safe_name.value,
            content_type=looked.content_type,
            size=len(said.content or content),
            width=looked.width,
            height=looked.height,
            state=said.state,
            found=tuple(sorted(said.found)),
        )
        row = FileRow(info, None, None, None, kept, said.found, self._clock())
        newcomer = await self.database.contended_write(upload.keep, actor, row, safe_name)
        if newcomer and newcomer.owner:
            await self.live.joined(newcomer.id, newcomer.owner)
        self._wake()
        return info

    async def file(self, actor: Actor, file_id: UUID, *, preview: bool = False) -> FileContent:
        """Return a file the actor may read, or its re-encoded preview.

        Raises FileUnknown; FileHeld to an agent who has not opened what nobody checked.
        """
        require(actor, may.OWN_READ if isinstance(actor, Visitor) else may.READ)
        row = await self.database.read(upload.open_to, actor, file_id)
        content = await self._filing.content(row, preview=preview)
        return FileContent(row.info, content, "image/webp" if preview else row.info.content_type)

    async def check_picture(self, file_id: UUID, tries: int = 0) -> None:
        """Check a picture that waits for it, and let everybody know if it had to go.

        tries: how often that was begun before.
        """
        change = await self._filing.check(file_id, tries)
        if change is not None:
            await self.live.changed([change])

    async def resume(self, connection: Connection, conversation_id: UUID, after: int) -> None:
        """Send a socket what came after a line; it follows that conversation already."""
        connection.awaiting.discard(conversation_id)
        connection.cursors[conversation_id] = after
        await self.live.catch_up(connection, conversation_id)

    async def _see(
        self,
        agent: Agent,
        permission: str,
        fn: Callable[Concatenate[Transaction, P], T],
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> T:
        require(agent, permission)
        return await self.database.read(fn, *args, **kwargs)

    async def _act(
        self, agent: Agent, permission: str, fn: Callable[..., Change | None], *args: Any
    ) -> None:
        """Run an agent's action in one transaction, then let everybody know what it changed."""
        require(agent, permission)
        change = await self.database.contended_write(fn, agent, *args, at=self._clock())
        await self.tell([change] if change else [])

    async def route(self) -> None:
        """Match those who wait with those who are free: somebody came, or has room again."""
        await self.tell(await self.database.write(route, at=self._clock()))

    async def tell(self, changes: Sequence[Change]) -> None:
        """Let everybody know of committed changes, and have what follows from them done."""
        if changes:
            await self.live.changed(changes)
            self._wake()


def require(actor: Actor, permission: str) -> None:
    """Raise Forbidden unless the actor holds the permission."""
    if not may.may(actor.permissions, permission):
        raise Forbidden
