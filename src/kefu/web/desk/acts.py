"""What an agent does to a conversation: reply, note, take, assign, close, reopen, have seen."""

from contextlib import suppress
from typing import Annotated, Any, Literal
from uuid import UUID

from litestar import Response, post
from litestar.enums import RequestEncodingType
from litestar.params import Body
from msgspec import Meta, Struct

from kefu.actions.desk import Desk
from kefu.actions.reply import StaleReply
from kefu.channels.chat import FILES_A_MESSAGE, clean
from kefu.core.errors import AgentUnknown
from kefu.core.records import Agent, Event, Outbound
from kefu.core.text import SafeText
from kefu.realtime.protocol import KEY, MOST_SEQ
from kefu.web.desk import lines
from kefu.web.desk.drawing import appended, panel
from kefu.web.desk.shell import Asked, drawn
from kefu.web.desk.times import reader_of
from kefu.web.kit import lang_of


class Reply(Struct):
    """What the composer sends.

    key: the client's own id of this message, the same on every retry. read_up_to: the last
    sequence number the agent has read. shown: the last one drawn; the answer goes on from it.
    """

    key: Annotated[str, Meta(pattern=KEY)]
    text: str
    mode: Literal["public", "internal"] = "public"
    read_up_to: Annotated[int, Meta(ge=0, le=MOST_SEQ)] = 0
    shown: Annotated[int, Meta(ge=0, le=MOST_SEQ)] = 0
    files: Annotated[tuple[UUID, ...], Meta(max_length=FILES_A_MESSAGE)] = ()
    send_and_close: bool = False


class Seen(Struct):
    """The last sequence number that was on the agent's screen."""

    seq: Annotated[int, Meta(ge=0, le=MOST_SEQ)]


class Assignment(Struct):
    """The form of the assign menu; empty: nobody."""

    agent_id: str = ""


@post("/c/{conversation_id:uuid}/reply", status_code=200)
async def reply(
    request: Asked, desk: Desk, agent: Agent, conversation_id: UUID, data: Reply
) -> Response[Any]:
    """Send a reply or keep a note, and return the lines it adds.

    Answers 409 with the newer messages when the agent had not read them.
    """
    text = await clean(data.text, lang_of(request), optional=bool(data.files))
    try:
        await desk.reply(_outbound(agent, conversation_id, data, text))
    except StaleReply:
        return await _held(request, desk, agent, conversation_id, data.read_up_to)
    if data.send_and_close:
        with suppress(StaleReply):  # something came in between: it stays open, and shows it
            await desk.close(agent, conversation_id)
    return await appended(request, desk, agent, conversation_id, data.shown)


@post("/c/{conversation_id:uuid}/take", status_code=204)
async def take(desk: Desk, agent: Agent, conversation_id: UUID) -> Response[None]:
    """Make the conversation the agent's own."""
    await desk.take(agent, conversation_id)
    return _done()


@post("/c/{conversation_id:uuid}/assign", status_code=204)
async def assign(
    desk: Desk,
    agent: Agent,
    conversation_id: UUID,
    data: Annotated[Assignment, Body(media_type=RequestEncodingType.URL_ENCODED)],
) -> Response[None]:
    """Give the conversation to a colleague, or to nobody."""
    await desk.assign(agent, conversation_id, _receiver(data.agent_id))
    return _done()


@post("/c/{conversation_id:uuid}/close", status_code=204)
async def close(desk: Desk, agent: Agent, conversation_id: UUID) -> Response[None]:
    """End the conversation."""
    await desk.close(agent, conversation_id)
    return _done()


@post("/c/{conversation_id:uuid}/reopen", status_code=204)
async def reopen(desk: Desk, agent: Agent, conversation_id: UUID) -> Response[None]:
    """Open a closed conversation again."""
    await desk.reopen(agent, conversation_id)
    return _done()


@post("/c/{conversation_id:uuid}/seen", status_code=204)
async def seen(desk: Desk, agent: Agent, conversation_id: UUID, data: Seen) -> None:
    """Record how far the agent has read."""
    await desk.seen(agent, conversation_id, data.seq)


def _receiver(agent_id: str) -> UUID | None:
    """Return whom the menu names, None for nobody. Raises AgentUnknown for what is no id."""
    try:
        return UUID(agent_id) if agent_id else None
    except ValueError:
        raise AgentUnknown from None


def _outbound(agent: Agent, conversation_id: UUID, data: Reply, text: SafeText | None) -> Outbound:
    return Outbound(
        agent=agent,
        conversation_id=conversation_id,
        key=data.key,
        text=text,
        files=data.files,
        visibility=data.mode,
        read_up_to=data.read_up_to if data.mode == "public" else None,
    )


async def _held(
    request: Asked, desk: Desk, agent: Agent, conversation_id: UUID, read_up_to: int
) -> Response[Any]:
    """Return what others wrote past what the agent has read, and the two ways on."""
    thread = await desk.thread(agent, conversation_id, after=read_up_to)
    newer = [e for e in thread.events if _is_others(e, agent)]
    reader = reader_of(request, lang_of(request))
    return drawn(
        request,
        "held.html",
        status=StaleReply.status,
        newest=thread.conversation.head,
        panel=panel(thread, reader),
        lines=lines.lines(newer, reader),
    )


def _is_others(event: Event, agent: Agent) -> bool:
    return event.kind in ("message", "note") and event.author.id != agent.id


def _done() -> Response[None]:
    """Say that it is done; the page then fetches the lines, the head and the list anew."""
    return Response(None, status_code=204, headers={"HX-Trigger": "kefu:changed"})


handlers = (reply, take, assign, close, reopen, seen)
