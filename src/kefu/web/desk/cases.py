"""What an agent says of a case: its topic and weight, who goes on with it, what is asked aside."""

from typing import Annotated, Any, Final
from uuid import UUID

from litestar import Response, get, post
from litestar.enums import RequestEncodingType
from litestar.params import Body
from msgspec import Meta, Struct

from kefu.actions.desk import Desk
from kefu.channels.chat import clean
from kefu.conversations.escalations import Reason, To
from kefu.core.errors import AgentUnknown
from kefu.core.i18n import say
from kefu.core.records import TEAMS, Agent, Outbound
from kefu.core.text import SafeText
from kefu.guard import TextEmpty
from kefu.intake import topics
from kefu.realtime.protocol import KEY
from kefu.web.desk.people import people
from kefu.web.desk.rows import topic_name
from kefu.web.desk.shell import Asked, done, drawn
from kefu.web.desk.times import reader_of
from kefu.web.kit import lang_of

REASONS: Final[tuple[Reason, ...]] = ("asked", "technical", "funds", "complaint", "unresolved")
_FORM: Final = Body(media_type=RequestEncodingType.URL_ENCODED)


class TopicForm(Struct):
    """The form of the topic menu."""

    topic: str = ""


class PriorityForm(Struct):
    """The form of the priority menu."""

    priority: int


class HandOver(Struct):
    """The form of a hand-over. to: a team's key, or an agent's id."""

    to: str = ""
    summary: str = ""


class Escalation(Struct):
    """The form of an escalation."""

    to: To
    reason: Reason
    summary: str = ""


class Decline(Struct):
    """The form that refuses an escalation: why, for the customer to read."""

    reason: str = ""


class SideOpening(Struct):
    """The form that asks a team aside."""

    team: str = ""
    title: str = ""


class SideWord(Struct):
    """A line of a side thread. key: its own id, the same on every try."""

    key: Annotated[str, Meta(pattern=KEY)]
    text: str = ""


class Choice(Struct, frozen=True):
    """A topic of the menu. path: its name after its parents'; level: 0 to 2."""

    id: str
    name: str
    path: str
    level: int


@get("/c/{conversation_id:uuid}/topics")
async def topic_menu(
    request: Asked, desk: Desk, agent: Agent, conversation_id: UUID
) -> Response[Any]:
    """Return the menu of topics, three levels deep."""
    row = await desk.row(agent, conversation_id)
    choices = [_choice(id, lang_of(request)) for id in topics.topics()]
    return drawn(
        request,
        "topics.html",
        agent=agent,
        conversation_id=conversation_id,
        choices=choices,
        chosen=row.topic,
    )


def _choice(id: str, lang: str) -> Choice:
    names = [topic_name(part, lang) for part in topics.path(id)]
    return Choice(id, names[-1], say(lang, "desk.topic.path").join(names), len(names) - 1)


@post("/c/{conversation_id:uuid}/topic", status_code=204)
async def set_topic(
    desk: Desk, agent: Agent, conversation_id: UUID, data: Annotated[TopicForm, _FORM]
) -> Response[None]:
    """Say what the conversation is about."""
    await desk.set_topic(agent, conversation_id, data.topic)
    return done()


@post("/c/{conversation_id:uuid}/priority", status_code=204)
async def set_priority(
    desk: Desk, agent: Agent, conversation_id: UUID, data: Annotated[PriorityForm, _FORM]
) -> Response[None]:
    """Say how much the conversation matters."""
    await desk.set_priority(agent, conversation_id, data.priority)
    return done()


@get("/c/{conversation_id:uuid}/hand-over")
async def hand_over_sheet(
    request: Asked, desk: Desk, agent: Agent, conversation_id: UUID
) -> Response[Any]:
    """Return the sheet that hands a conversation over."""
    reader = reader_of(request, lang_of(request))
    others = [who for who in await desk.colleagues(agent) if who.id != agent.id]
    return drawn(
        request,
        "hand_over.html",
        agent=agent,
        conversation_id=conversation_id,
        teams=TEAMS,
        people=people(others, reader),
    )


@post("/c/{conversation_id:uuid}/hand-over", status_code=204)
async def hand_over(
    request: Asked,
    desk: Desk,
    agent: Agent,
    conversation_id: UUID,
    data: Annotated[HandOver, _FORM],
) -> Response[None]:
    """Give the conversation to a colleague or to a team's queue, with a summary."""
    summary = await _written(data.summary, request)
    if data.to in TEAMS:
        await desk.hand_over_to_team(agent, conversation_id, data.to, summary)
    else:
        await desk.hand_over(agent, conversation_id, _colleague(data.to), summary)
    return done()


@get("/c/{conversation_id:uuid}/escalate")
async def escalate_sheet(
    request: Asked, desk: Desk, agent: Agent, conversation_id: UUID
) -> Response[Any]:
    """Return the sheet that escalates a conversation."""
    await desk.row(agent, conversation_id)
    return drawn(
        request, "escalate.html", agent=agent, conversation_id=conversation_id, reasons=REASONS
    )


@post("/c/{conversation_id:uuid}/escalate", status_code=204)
async def escalate(
    request: Asked,
    desk: Desk,
    agent: Agent,
    conversation_id: UUID,
    data: Annotated[Escalation, _FORM],
) -> Response[None]:
    """Escalate for the customer, with a summary for whoever goes on."""
    summary = await _written(data.summary, request)
    await desk.escalate(agent, conversation_id, data.to, data.reason, summary)
    return done()


@get("/c/{conversation_id:uuid}/decline")
async def decline_sheet(
    request: Asked, desk: Desk, agent: Agent, conversation_id: UUID
) -> Response[Any]:
    """Return the sheet that refuses an escalation."""
    await desk.row(agent, conversation_id)
    return drawn(request, "decline.html", agent=agent, conversation_id=conversation_id)


@post("/c/{conversation_id:uuid}/decline", status_code=204)
async def decline(
    request: Asked,
    desk: Desk,
    agent: Agent,
    conversation_id: UUID,
    data: Annotated[Decline, _FORM],
) -> Response[None]:
    """Refuse the escalation with a reason that the customer reads."""
    await desk.decline(agent, conversation_id, await _written(data.reason, request))
    return done()


@get("/c/{conversation_id:uuid}/sides")
async def side_sheet(
    request: Asked, desk: Desk, agent: Agent, conversation_id: UUID
) -> Response[Any]:
    """Return the sheet that asks a team aside."""
    await desk.row(agent, conversation_id)
    return drawn(
        request, "side_new.html", agent=agent, conversation_id=conversation_id, teams=TEAMS
    )


@post("/c/{conversation_id:uuid}/sides", status_code=204)
async def open_side(
    request: Asked,
    desk: Desk,
    agent: Agent,
    conversation_id: UUID,
    data: Annotated[SideOpening, _FORM],
) -> Response[None]:
    """Ask a team aside; customers never see it."""
    title = await _written(data.title, request)
    await desk.open_side(agent, conversation_id, data.team, title)
    return done()


@post("/c/{conversation_id:uuid}/sides/{side_id:uuid}/say", status_code=204)
async def say_aside(
    request: Asked,
    desk: Desk,
    agent: Agent,
    conversation_id: UUID,
    side_id: UUID,
    data: Annotated[SideWord, _FORM],
) -> Response[None]:
    """Add a line to a side thread."""
    text = await _written(data.text, request)
    await desk.reply(
        Outbound(agent, conversation_id, data.key, text, visibility="internal", side=side_id)
    )
    return done()


@post("/c/{conversation_id:uuid}/sides/{side_id:uuid}/close", status_code=204)
async def close_side(
    desk: Desk, agent: Agent, conversation_id: UUID, side_id: UUID
) -> Response[None]:
    """End a side thread."""
    await desk.close_side(agent, conversation_id, side_id)
    return done()


async def _written(text: str, request: Asked) -> SafeText:
    """Return what a field holds, guarded. Raises TextEmpty."""
    safe = await clean(text, lang_of(request))
    if safe is None:
        raise TextEmpty
    return safe


def _colleague(id: str) -> UUID:
    try:
        return UUID(id)
    except ValueError:
        raise AgentUnknown from None


handlers = (
    topic_menu,
    set_topic,
    set_priority,
    hand_over_sheet,
    hand_over,
    escalate_sheet,
    escalate,
    decline_sheet,
    decline,
    side_sheet,
    open_side,
    say_aside,
    close_side,
)
