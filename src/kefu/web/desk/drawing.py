"""What the panes are drawn from: contexts of the list, of a thread, of the customer."""

from typing import Any, Final
from urllib.parse import urlsplit
from uuid import UUID

from babel import Locale, UnknownLocaleError
from litestar import Response
from msgspec import Struct

from kefu.actions.desk import Desk
from kefu.core.records import Agent
from kefu.core.views import InboxRow, Thread, View
from kefu.web.desk import lines, rows
from kefu.web.desk.shell import Asked, drawn, view_of
from kefu.web.desk.times import Reader, reader_of
from kefu.web.kit import lang_of

_MOST_PAGES: Final = 20


class Panel(Struct, frozen=True):
    """The customer's facts in the agent's words."""

    name: str
    language: str
    first_seen: str
    site: str
    opened: str


async def appended(
    request: Asked, desk: Desk, agent: Agent, conversation_id: UUID, after: int
) -> Response[Any]:
    """Return what a live thread takes in: its head, and all lines past `after`.

    One event more than asked is read, because a line is drawn by what stands above it.
    """
    start = max(after - 1, 0)
    thread = await desk.thread(agent, conversation_id, after=start)
    events, earlier = list(thread.events), thread.earlier
    while earlier:
        page = await desk.thread(agent, conversation_id, after=start, before=events[0].seq)
        events[:0], earlier = page.events, page.earlier
    following = lines.following(events, after, reader_of(request, lang_of(request)))
    return thread_part(request, "appended.html", agent, thread, following)


def thread_part(
    request: Asked, template: str, agent: Agent, thread: Thread, drawn_lines: list[lines.Line]
) -> Response[Any]:
    """Return a part of the thread pane."""
    return drawn(
        request,
        template,
        agent=agent,
        view=view_of(request.query_params.get("view")),
        thread=thread,
        panel=panel(thread, reader_of(request, lang_of(request))),
        conversation=thread.conversation,
        lines=drawn_lines,
    )


async def whole(
    request: Asked, desk: Desk, agent: Agent, view: View, thread: Thread | None
) -> Response[Any]:
    """Return the desk with a view of the list, and a conversation if one is open."""
    reader = reader_of(request, lang_of(request))
    return drawn(
        request,
        "desk.html",
        agent=agent,
        socket_token=desk.socket_token(agent),
        open=thread.conversation.id if thread else None,
        **await listed(desk, agent, view, 1, reader),
        **opened(thread, reader),
    )


async def listed(
    desk: Desk, agent: Agent, view: View, pages: int, reader: Reader
) -> dict[str, Any]:
    """Return the context of the list: `pages` pages of it, as far as the agent has scrolled."""
    page = await desk.inbox(agent, view)
    found: list[InboxRow] = list(page.rows)
    pages = min(max(pages, 1), _MOST_PAGES)
    more = page.more
    for _ in range(1, pages):
        if more is None:
            break
        further = await desk.inbox(agent, view, after=more)
        found += further.rows
        more = further.more
    return {
        "view": view,
        "counts": page.counts,
        "entries": rows.entries(found, reader),
        "pages": pages,
        "more": more is not None and pages < _MOST_PAGES,
    }


def opened(thread: Thread | None, reader: Reader) -> dict[str, Any]:
    """Return the context of the thread and the customer's panel."""
    if thread is None:
        return {"thread": None}
    return {
        "thread": thread,
        "lines": lines.lines(thread.events, reader),
        "panel": panel(thread, reader),
    }


def panel(thread: Thread, reader: Reader) -> Panel:
    """Return the facts of the thread's customer for the panel beside it."""
    person = thread.customer
    return Panel(
        name=rows.name(person.name, person.tail, reader.lang),
        language=_language_name(person.language, reader.lang),
        first_seen=reader.day(person.first_seen_at),
        site=urlsplit(person.site or "").netloc,
        opened=reader.full(thread.conversation.opened_at),
    )


def _language_name(tag: str, lang: str) -> str:
    try:
        named = Locale.parse(tag, sep="-").get_display_name(Locale.parse(lang, sep="-"))
    except (UnknownLocaleError, ValueError):
        return tag
    return named or tag
