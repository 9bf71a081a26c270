"""The chat over HTTP, for those whose proxies break sockets: the same calls, the same log.

A body is the frame of the same name; its `type` may be left out.
"""

import asyncio
import time
from collections import OrderedDict
from contextlib import suppress
from typing import Annotated, Any, Final, Literal
from uuid import UUID

from litestar import Request, Response, Router, get, post
from litestar.di import Provide
from litestar.params import Parameter
from msgspec import Meta, Struct, json, to_builtins

from kefu.actions.desk import Desk
from kefu.channels import chat
from kefu.core.errors import HelloRefused, RateLimited
from kefu.core.i18n import DEFAULT, language
from kefu.core.records import Visitor
from kefu.files.inspect import MAX_BYTES
from kefu.realtime import frames
from kefu.realtime.connection import Connection
from kefu.realtime.protocol import (
    MOST_SEQ,
    Continue,
    Escalate,
    Hello,
    Pace,
    Ping,
    Say,
    SeenFrame,
    Solve,
    Typing,
)
from kefu.web import transcripts
from kefu.web.transfer import FileName, FileNameBefore, body_of, file_response, name_of

AnyRequest = Request[Any, Any, Any]
LONGEST_WAIT: Final = 25.0
_PACES: Final = 10_000


class Paces:
    """How fast each visitor may ask over HTTP; the least recent are forgotten."""

    def __init__(self) -> None:
        self._of: OrderedDict[UUID, Pace] = OrderedDict()

    def check(self, visitor: Visitor, frame: Say | Ping) -> None:
        """Raise RateLimited if the visitor asks too often."""
        now = time.monotonic()
        pace = self._of.pop(visitor.id, None) or Pace(now)
        self._of[visitor.id] = pace
        if len(self._of) > _PACES:
            self._of.popitem(last=False)
        if wait := pace.wait(frame, now):
            raise RateLimited(retry_after=round(wait + 0.1, 1))


async def visitor(request: AnyRequest, desk: Desk) -> Visitor:
    """Return the visitor of the bearer token. Raises HelloRefused."""
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token:
        raise HelloRefused
    lang = language(request.headers.get("accept-language", "").split(",")[0]) or DEFAULT
    return await desk.visitor(token, lang)


@post("/hello", status_code=200)
async def hello(desk: Desk, data: Hello) -> dict[str, Any]:
    """Say who you are; answers as the `welcome` frame."""
    arrival = await chat.on_hello(desk, data)
    return chat.welcome(arrival, desk.waits.last, beat=desk.settings.beat_seconds)


@post("/say", status_code=200)
async def say(desk: Desk, visitor: Visitor, paces: Paces, data: Say) -> dict[str, Any]:
    """Send a message; answers as the `ack` frame, once it is on disk."""
    paces.check(visitor, data)
    return chat.ack(await chat.on_say(desk, visitor, data))


@get("/events")
async def events(
    desk: Desk,
    visitor: Visitor,
    paces: Paces,
    conversation: UUID,
    after: Annotated[int, Parameter(ge=0, le=MOST_SEQ)] = 0,
    wait: Annotated[float, Parameter(ge=0, le=LONGEST_WAIT)] = 0,
) -> dict[str, Any]:
    """Return what came after a line, waiting up to `wait` seconds for anything to move.

    A page without events tells that something was read or typed, or that time is up.
    """
    paces.check(visitor, Ping())
    stirred: list[str] = []
    with desk.waiting(visitor) as connection:
        page = await desk.public_events(visitor, conversation, after)
        connection.cursors[conversation] = page.last
        if not page.events and wait:
            stirred = await _stirred(connection, wait)
            page = await desk.public_events(visitor, conversation, after)
    view = page.conversation
    return {
        "events": [frames.public_frame(event) for event in page.events],
        "head": page.last,
        "status": view.status,
        "seen": {"agent": view.agent_seen, "customer": view.customer_seen},
        "wait": desk.waits.last.frame_of(conversation),
        "typing": any(_is_typing(frame) for frame in stirred),
    }


async def _stirred(connection: Connection, seconds: float) -> list[str]:
    """Return what was sent to the connection, or nothing when the time is up."""
    with suppress(TimeoutError):
        return await asyncio.wait_for(connection.stirred(), seconds)
    return []


def _is_typing(frame: str) -> bool:
    sign = json.decode(frame, type=_Sign)
    return sign.type == "typing" and sign.on


class _Sign(Struct):
    type: str = ""
    on: bool = False


@post("/seen", status_code=204)
async def seen(desk: Desk, visitor: Visitor, paces: Paces, data: SeenFrame) -> None:
    """Note how far the customer has read."""
    paces.check(visitor, Ping())
    await desk.seen(visitor, data.conversation, data.seq)


@post("/typing", status_code=204)
async def typing(desk: Desk, visitor: Visitor, paces: Paces, data: Typing) -> None:
    """Let the agent know that the customer is typing."""
    paces.check(visitor, Ping())
    await desk.typing(visitor, data.conversation, on=data.on)


@post("/escalate", status_code=204)
async def escalate(desk: Desk, visitor: Visitor, paces: Paces, data: Escalate) -> None:
    """Ask for somebody more senior, or for the technical team."""
    paces.check(visitor, Ping())
    await desk.escalate_own(visitor, data.conversation, data.to)


@post("/solve", status_code=204)
async def solve(desk: Desk, visitor: Visitor, paces: Paces, data: Solve) -> None:
    """Say that no more help is needed."""
    paces.check(visitor, Ping())
    await desk.solve(visitor, data.conversation)


@post("/continue", status_code=204)
async def continue_(desk: Desk, visitor: Visitor, paces: Paces, data: Continue) -> None:
    """Say how the answer is to reach the customer, who will not wait here."""
    paces.check(visitor, Ping())
    await desk.continue_by(visitor, data.conversation, data.by)


class LanguageBody(Struct):
    """The language the customer chose."""

    lang: str


@post("/language", status_code=204)
async def choose_language(desk: Desk, visitor: Visitor, paces: Paces, data: LanguageBody) -> None:
    """Remember the customer's language."""
    paces.check(visitor, Ping())
    if chosen := language(data.lang):
        await desk.speak(visitor, chosen)


@post("/files", status_code=201, request_max_body_size=MAX_BYTES + 1)
async def upload(
    request: AnyRequest,
    desk: Desk,
    visitor: Visitor,
    paces: Paces,
    name_header: FileName = "",
    name_before: FileNameBefore = "",
) -> dict[str, Any]:
    """Store a file for a message to carry; the body is the file."""
    paces.check(visitor, Say("", ""))
    name = name_of(name_header, name_before)
    content = await body_of(request)
    kind = request.headers.get("content-type", "")
    return to_builtins(await desk.upload(visitor, name, kind, content))  # type: ignore[no-any-return]


@get("/files/{file_id:uuid}")
async def download(
    desk: Desk, visitor: Visitor, file_id: UUID, preview: bool = False
) -> Response[bytes]:
    """Return a file of the customer's own conversation."""
    return file_response(await desk.file(visitor, file_id, preview=preview), preview=preview)


@get("/transcript")
async def transcript(
    desk: Desk,
    visitor: Visitor,
    conversation: UUID,
    format: Literal["txt", "html", "json"] = "txt",
    lang: Annotated[str, Meta(max_length=35)] = DEFAULT,
) -> Response[Any]:
    """Return the whole conversation as a file."""
    view, found = await desk.transcript(visitor, conversation)
    name = desk.inboxes.brand(language(lang) or DEFAULT)
    return transcripts.response(view, found, format, lang=language(lang) or DEFAULT, name=name)


@get("/conversations")
async def conversations(desk: Desk, visitor: Visitor) -> list[dict[str, Any]]:
    """Return the customer's conversations, newest first."""
    return [
        {
            "id": view.id,
            "reference": view.reference,
            "status": view.status,
            "updated_at": view.updated_at,
            "head": view.public_head,
        }
        for view in await desk.conversations(visitor)
    ]


@post("/logout", status_code=204)
async def logout(desk: Desk, visitor: Visitor) -> None:
    """End the visit: the token is refused from now on."""
    await desk.log_out(visitor)


def router() -> Router:
    """Return the routes under /api/v1/chat."""
    paces = Paces()
    return Router(
        path="/api/v1/chat",
        route_handlers=[
            hello,
            say,
            events,
            seen,
            typing,
            escalate,
            solve,
            continue_,
            choose_language,
            upload,
            download,
            transcript,
            conversations,
            logout,
        ],
        dependencies={
            "visitor": Provide(visitor),
            "paces": Provide(lambda: paces, sync_to_thread=False),
        },
    )
