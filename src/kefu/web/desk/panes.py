"""What the desk shows: the list, a thread, its new and earlier lines, the customer, health."""

from typing import Any
from uuid import UUID

from litestar import Response, get

from kefu.actions.desk import Desk
from kefu.core.records import Agent
from kefu.web.desk import lines, rows
from kefu.web.desk.drawing import appended, listed, opened, thread_part, whole
from kefu.web.desk.people import people
from kefu.web.desk.shell import Asked, drawn, is_part, view_of
from kefu.web.desk.times import Reader, reader_of
from kefu.web.kit import lang_of


@get("/")
async def desk_page(
    request: Asked, desk: Desk, agent: Agent, view: str | None = None
) -> Response[Any]:
    """Return the desk with one view of the list and no conversation open."""
    return await whole(request, desk, agent, view_of(view), thread=None)


@get("/c/{conversation_id:uuid}")
async def conversation(
    request: Asked, desk: Desk, agent: Agent, conversation_id: UUID, view: str | None = None
) -> Response[Any]:
    """Return a conversation: its panes for htmx, the whole desk otherwise."""
    thread = await desk.thread(agent, conversation_id)
    if not is_part(request):
        return await whole(request, desk, agent, view_of(view), thread)
    context = await opened(desk, agent, thread, _reader(request))
    return drawn(request, "opened.html", agent=agent, view=view_of(view), **context)


@get("/part/list")
async def list_part(
    request: Asked,
    desk: Desk,
    agent: Agent,
    view: str | None = None,
    pages: int = 1,
    open: UUID | None = None,
) -> Response[Any]:
    """Return the list and the counts of the rail. open: the conversation on screen."""
    context = await listed(desk, agent, view_of(view), pages, _reader(request))
    return drawn(request, "list_part.html", agent=agent, open=open, **context)


@get("/part/row/{conversation_id:uuid}")
async def row_part(
    request: Asked, desk: Desk, agent: Agent, conversation_id: UUID, view: str | None = None
) -> Response[Any]:
    """Return one row of the list as it is now."""
    entry = rows.entry(await desk.row(agent, conversation_id), _reader(request))
    return drawn(request, "row.html", agent=agent, view=view_of(view), entry=entry, open=None)


@get("/c/{conversation_id:uuid}/lines")
async def some_lines(
    request: Asked,
    desk: Desk,
    agent: Agent,
    conversation_id: UUID,
    after: int = 0,
    before: int | None = None,
) -> Response[Any]:
    """Return the lines past sequence number `after`, or the page that ends below `before`."""
    if before is None:
        return await appended(request, desk, agent, conversation_id, after)
    thread = await desk.thread(agent, conversation_id, before=before)
    drawn_lines = lines.lines(thread.events, _reader(request))
    return thread_part(request, "earlier.html", agent, thread, drawn_lines)


@get("/c/{conversation_id:uuid}/customer")
async def customer(
    request: Asked, desk: Desk, agent: Agent, conversation_id: UUID
) -> Response[Any]:
    """Return the panel of the customer."""
    thread = await desk.thread(agent, conversation_id)
    context = await opened(desk, agent, thread, _reader(request))
    return drawn(request, "customer.html", agent=agent, **context)


@get("/c/{conversation_id:uuid}/assign")
async def assign_menu(
    request: Asked, desk: Desk, agent: Agent, conversation_id: UUID
) -> Response[Any]:
    """Return the menu of colleagues who can take a conversation over, those present first."""
    return drawn(
        request,
        "assign.html",
        agent=agent,
        conversation_id=conversation_id,
        people=people(await desk.colleagues(agent), _reader(request)),
    )


@get("/status")
async def status(request: Asked, desk: Desk, agent: Agent) -> Response[Any]:
    """Return the state of health, a line for each part of the desk."""
    reader = _reader(request)
    health = await desk.health(agent)
    return drawn(request, "status.html", agent=agent, health=health, at=reader.full(reader.now))


def _reader(request: Asked) -> Reader:
    return reader_of(request, lang_of(request))


handlers = (
    desk_page,
    conversation,
    list_part,
    row_part,
    some_lines,
    customer,
    assign_menu,
    status,
)
