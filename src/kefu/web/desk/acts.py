"""What an agent does to a conversation: reply, note, take, assign, close, reopen, have seen."""

from collections.abc import Sequence
from contextlib import suppress
from typing import Annotated, Any, Final, Literal
from uuid import UUID

from litestar import Response, post
from litestar.enums import RequestEncodingType
from litestar.params import Body
from msgspec import Meta, Struct

from kefu.actions.desk import Desk
from kefu.actions.double_check import ReplyDiffers
from kefu.actions.escalated import ConversationEscalated
from kefu.actions.reply import StaleReply
from kefu.channels.chat import FILES_A_MESSAGE, clean
from kefu.core.errors import AgentUnknown
from kefu.core.records import Agent, Event, Outbound
from kefu.core.text import SafeText
from kefu.intake.figures import Figure
from kefu.realtime.protocol import KEY, MOST_SEQ
from kefu.web.desk import lines
from kefu.web.desk.drawing import appended, panel
from kefu.web.desk.shell import Asked, done, drawn
from kefu.web.desk.times import reader_of
from kefu.web.kit import lang_of

_ALIKE: Final = {"time": ("time", "date"), "date": ("time", "date")}
_MOST_BESIDE: Final = 4


class Reply(Struct):
    """What the composer sends.

    key: the client's own id of this message, the same on every retry. read_up_to: the last
    sequence number the agent has read. shown: the last one drawn; the answer goes on from it.
    confirmed: the figures that differ from the case were shown, and are meant.
    """

    key: Annotated[str, Meta(pattern=KEY)]
    text: str
    mode: Literal["public", "internal"] = "public"
    read_up_to: Annotated[int, Meta(ge=0, le=MOST_SEQ)] = 0
    shown: Annotated[int, Meta(ge=0, le=MOST_SEQ)] = 0
    files: Annotated[tuple[UUID, ...], Meta(max_length=FILES_A_MESSAGE)] = ()
    send_and_close: bool = False
    confirmed: bool = False


class Seen(Struct):
    """The last sequence number that was on the agent's screen."""

    seq: Annotated[int, Meta(ge=0, le=MOST_SEQ)]


class WorkForm(Struct):
    """The choice of a work state."""

    state: str = ""


class Assignment(Struct):
    """The form of the assign menu; empty: nobody."""

    agent_id: str = ""


@post("/c/{conversation_id:uuid}/reply", status_code=200)
async def reply(
    request: Asked, desk: Desk, agent: Agent, conversation_id: UUID, data: Reply
) -> Response[Any]:
    """Send a reply or keep a note, and return the lines it adds.

    Answers 409 with the newer messages when the agent had not read them, and with the figures
    that differ from what the customer wrote.
    """
    text = await clean(data.text, lang_of(request), optional=bool(data.files))
    try:
        await desk.reply(_outbound(agent, conversation_id, data, text))
    except StaleReply:
        return await _held(request, desk, agent, conversation_id, data.read_up_to)
    except ReplyDiffers as differs:
        return await _differs(request, desk, agent, conversation_id, differs.figures)
    if data.send_and_close:
        # Something came in between, or it is escalated: it stays open, and shows why.
        with suppress(StaleReply, ConversationEscalated):
            await desk.close(agent, conversation_id)
    return await appended(request, desk, agent, conversation_id, data.shown)


@post("/work", status_code=204)
async def work(
    desk: Desk,
    agent: Agent,
    data: Annotated[WorkForm, Body(media_type=RequestEncodingType.URL_ENCODED)],
) -> Response[None]:
    """Say whether the agent takes work now."""
    await desk.work(agent, data.state)
    return done()


@post("/c/{conversation_id:uuid}/take", status_code=204)
async def take(
    desk: Desk, agent: Agent, conversation_id: UUID, free: bool = False
) -> Response[None]:
    """Make the conversation the agent's own. free: nobody had it when they asked."""
    await desk.take(agent, conversation_id, free=free)
    return done()


@post("/c/{conversation_id:uuid}/assign", status_code=204)
async def assign(
    desk: Desk,
    agent: Agent,
    conversation_id: UUID,
    data: Annotated[Assignment, Body(media_type=RequestEncodingType.URL_ENCODED)],
) -> Response[None]:
    """Give the conversation to a colleague, or to nobody."""
    await desk.assign(agent, conversation_id, _receiver(data.agent_id))
    return done()


@post("/c/{conversation_id:uuid}/close", status_code=204)
async def close(desk: Desk, agent: Agent, conversation_id: UUID) -> Response[None]:
    """End the conversation."""
    await desk.close(agent, conversation_id)
    return done()


@post("/c/{conversation_id:uuid}/reopen", status_code=204)
async def reopen(desk: Desk, agent: Agent, conversation_id: UUID) -> Response[None]:
    """Open a closed conversation again."""
    await desk.reopen(agent, conversation_id)
    return done()


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
        confirmed=data.confirmed,
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


async def _differs(
    request: Asked, desk: Desk, agent: Agent, conversation_id: UUID, found: Sequence[Figure]
) -> Response[Any]:
    """Return each figure beside what the customer wrote of its kind, and the two ways on."""
    case = await desk.figures(agent, conversation_id)
    pairs = [(one, _beside(one, case)) for one in found]
    return drawn(request, "differs.html", status=ReplyDiffers.status, pairs=pairs)


def _beside(figure: Figure, case: Sequence[Figure]) -> list[str]:
    """Return what the customer wrote that the figure may stand for, the latest first."""
    kinds = _ALIKE.get(figure.kind, (figure.kind,))
    return list(dict.fromkeys(one.text for one in case if one.kind in kinds))[:_MOST_BESIDE]


def _is_others(event: Event, agent: Agent) -> bool:
    return event.kind in ("message", "note") and event.author.id != agent.id


handlers = (reply, work, take, assign, close, reopen, seen)
