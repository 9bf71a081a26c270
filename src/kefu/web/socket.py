"""The socket at /ws: bytes to frames, frames to the door, errors to one frame each.

No credentials in the handshake: the first frame says who speaks. A bad frame harms nobody
else and never leaves a traceback.
"""

import asyncio
import logging
import time
from typing import Any, Final, Literal

from litestar import asgi
from litestar.enums import ScopeType
from litestar.types import Receive, Scope, Send

from kefu.actions.desk import Desk
from kefu.actions.visit import Arrival
from kefu.channels import chat
from kefu.core import metrics
from kefu.core.errors import KefuError, RateLimited, for_log
from kefu.core.i18n import DEFAULT, language
from kefu.core.records import Agent, Visitor
from kefu.realtime import protocol
from kefu.realtime.connection import Connection
from kefu.realtime.protocol import (
    Bye,
    Continue,
    Escalate,
    FrameOutOfOrder,
    Hello,
    Incoming,
    Pace,
    Ping,
    Resume,
    Say,
    SeenFrame,
    Solve,
    Typing,
    Unwatch,
    encode,
)
from kefu.web.kit import error_body

log = logging.getLogger("kefu.socket")
_BAD_FRAMES: Final = 100


class Socket:
    """One client's socket, from handshake to end."""

    def __init__(self, desk: Desk, receive: Receive, send: Send) -> None:
        self._desk = desk
        self._receive = receive
        self._send = send
        self._connection = Connection("customer")
        self._pace = Pace(time.monotonic())
        self._who: Visitor | Agent | None = None
        self._lang = DEFAULT
        self._bad = 0

    async def run(self) -> None:
        """Serve the socket until either side ends it."""
        await self._send({"type": "websocket.accept", "subprotocol": None, "headers": []})
        writer = asyncio.create_task(self._connection.write(self._write, self._close))
        try:
            async with asyncio.timeout(protocol.HELLO_SECONDS):
                open_ = await self._next()
                while open_ and self._who is None:
                    open_ = await self._next()
            while open_ and await self._next():
                pass
        except TimeoutError:
            self._connection.close(1008)
        finally:
            self._desk.hub.leave_all(self._connection)
            if self._who is not None:
                metrics.sockets.labels(self._connection.side).dec()
            self._connection.close(1000)
            try:
                await asyncio.wait_for(writer, 5)
            except (TimeoutError, OSError, RuntimeError):
                writer.cancel()

    async def _write(self, frame: str) -> None:
        await self._send({"type": "websocket.send", "text": frame, "bytes": None})

    async def _close(self, code: int) -> None:
        await self._send({"type": "websocket.close", "code": code, "reason": ""})

    async def _next(self) -> bool:
        """Handle one message; False when the socket is over. Catches everything a frame can do."""
        message = await self._receive()
        if message["type"] != "websocket.receive":
            return False
        text = message.get("text")
        if text is None:
            self._connection.close(1003)
            return False
        key = None
        try:
            frame = protocol.decode(text)
            key = frame.key if isinstance(frame, Say) else None
            return await self._handle(frame)
        except KefuError as error:
            return self._refuse(error, key)
        except Exception as error:
            log.exception("a frame failed: %s", type(error).__name__, exc_info=for_log(error))
            return self._refuse(KefuError(), key)

    def _refuse(self, error: KefuError, key: str | None) -> bool:
        metrics.refusals.labels(error.code).inc()
        body = {"type": "error", **error_body(self._lang, error)}
        self._connection.send(encode(body | ({"key": key} if key else {})))
        if isinstance(error, protocol.FrameTooLarge):
            self._connection.close(1009)
            return False
        if self._who is None and not isinstance(error, FrameOutOfOrder | protocol.FrameMalformed):
            self._turn_away(error)
            return False
        self._bad += 5 if isinstance(error, protocol.FrameMalformed | protocol.FrameUnknown) else 1
        if self._bad > _BAD_FRAMES:
            self._connection.close(1008, encode({"type": "bye", "code": "refused"}))
            return False
        return True

    def _turn_away(self, error: KefuError) -> None:
        """End a socket that could not be welcomed: for good, or until later."""
        if error.status < 500 and error.retry_after is None:
            self._connection.close(1008, encode({"type": "bye", "code": "refused"}))
            return
        later = {"type": "bye", "code": "later", "retry_after": error.retry_after or 2}
        self._connection.close(1013, encode(later))

    async def _handle(self, frame: Incoming) -> bool:
        if wait := self._pace.wait(frame, time.monotonic()):
            raise RateLimited(retry_after=round(wait + 0.1, 1))
        match frame:
            case Hello():
                await self._hello(frame)
            case Ping():
                self._connection.send('{"type":"pong"}')
            case Bye():
                self._connection.close(1000)
                return False
            case _ if self._who is None:
                raise FrameOutOfOrder
            case _ if isinstance(self._who, Agent):
                await self._agent(self._who, frame)
            case _:
                await self._customer(self._who, frame)
        return True

    async def _hello(self, frame: Hello) -> None:
        self._lang = language(frame.lang) or DEFAULT
        if frame.desk is not None:
            await self._agent_hello(frame.desk)
            return
        if isinstance(self._who, Agent):
            raise FrameOutOfOrder
        self._desk.hub.leave_all(self._connection)
        self._connection.cursors.clear()
        self._connection.awaiting.clear()
        arrival = await chat.on_hello(self._desk, frame, self._connection)
        self._enter("customer")
        self._who = arrival.visitor
        self._desk.follow(self._connection, arrival)
        self._connection.send(encode(self._welcome(arrival)))

    def _welcome(self, arrival: Arrival) -> dict[str, Any]:
        beat = self._desk.settings.beat_seconds
        return chat.welcome(arrival, self._desk.waits.last, beat=beat)

    async def _agent_hello(self, token: str) -> None:
        if self._who is not None:
            raise FrameOutOfOrder
        agent = await self._desk.agent_of_socket(token)
        self._connection.side = "agent"
        self._enter("agent")
        self._who = agent
        self._desk.arrive(agent, self._connection)
        you = {"kind": "agent", "id": agent.id, "name": agent.alias, "badge": agent.badge}
        frame = {"type": "welcome", "v": protocol.VERSION, "you": you}
        self._connection.send(encode(frame | {"beat": self._desk.settings.beat_seconds}))
        await self._desk.present(agent)

    def _enter(self, side: Literal["customer", "agent"]) -> None:
        if self._who is None:
            metrics.sockets.labels(side).inc()

    async def _customer(self, visitor: Visitor, frame: Incoming) -> None:
        match frame:
            case Say():
                receipt = await chat.on_say(self._desk, visitor, frame, self._lang)
                self._connection.send(encode(chat.ack(receipt)))
            case Resume():
                found = await self._desk.resume_own(
                    visitor, self._connection, frame.conversation, frame.after
                )
                self._caught_up(frame, found.public_head)
            case SeenFrame():
                await self._desk.seen(visitor, frame.conversation, frame.seq)
            case Typing():
                await self._desk.typing(visitor, frame.conversation, on=frame.on)
            case Escalate():
                await self._desk.escalate_own(visitor, frame.conversation, frame.to)
            case Solve():
                await self._desk.solve(visitor, frame.conversation)
            case Continue():
                await self._desk.continue_by(visitor, frame.conversation, frame.by)
            case _:
                raise protocol.FrameUnknown

    async def _agent(self, agent: Agent, frame: Incoming) -> None:
        match frame:
            case Resume():
                head = await self._desk.watch(
                    agent, self._connection, frame.conversation, frame.after
                )
                self._caught_up(frame, head)
            case Unwatch():
                self._desk.unwatch(self._connection, frame.conversation)
            case SeenFrame():
                await self._desk.seen(agent, frame.conversation, frame.seq)
            case Typing():
                await self._desk.typing(agent, frame.conversation, on=frame.on)
            case _:
                raise protocol.FrameUnknown

    def _caught_up(self, frame: Resume, head: int) -> None:
        body: dict[str, Any] = {"type": "caught_up", "conversation": frame.conversation}
        self._connection.send(encode(body | {"head": head}))


@asgi("/ws", copy_scope=False)
async def socket(scope: Scope, receive: Receive, send: Send) -> None:
    """Open the socket for an allowed origin; refuse others at the handshake."""
    if scope["type"] != ScopeType.WEBSOCKET:
        await send({"type": "http.response.start", "status": 426, "headers": []})
        await send({"type": "http.response.body", "body": b"", "more_body": False})
        return
    state = scope["litestar_app"].state
    await receive()
    if not _allowed(scope, state.desk.settings.origin):
        await send({"type": "websocket.close", "code": 1008, "reason": ""})
        return
    await Socket(state.desk, receive, send).run()


def _allowed(scope: Scope, own: str) -> bool:
    """Return whether the handshake comes from a page of this desk, or from no page at all."""
    headers = dict(scope["headers"])
    origin = headers.get(b"origin", b"").decode("latin-1").lower()
    host = headers.get(b"host", b"").decode("latin-1").lower()
    return not origin or origin in (own, f"http://{host}", f"https://{host}")
