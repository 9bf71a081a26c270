"""What the panes are drawn from: contexts of the list, of a thread, of the customer."""

from datetime import datetime
from typing import Any, Final
from urllib.parse import urlsplit
from uuid import UUID, uuid4

from babel import Locale, UnknownLocaleError
from litestar import Response
from msgspec import Struct

from kefu.actions.desk import Desk
from kefu.core.i18n import say
from kefu.core.records import FRONT, Agent
from kefu.core.views import (
    VIEWS,
    CaseView,
    ClockView,
    InboxRow,
    SideView,
    Thread,
    View,
    Work,
)
from kefu.intake import topics
from kefu.web.desk import lines, rows
from kefu.web.desk.due import Due, badge
from kefu.web.desk.lines import Line
from kefu.web.desk.people import load
from kefu.web.desk.rows import topic_name
from kefu.web.desk.said import team
from kefu.web.desk.shell import Asked, drawn, view_of
from kefu.web.desk.times import Reader, reader_of
from kefu.web.kit import lang_of

_MOST_PAGES: Final = 20
ESCALATION: Final = "escalation"


class Panel(Struct, frozen=True):
    """The customer's facts in the agent's words."""

    name: str
    language: str
    first_seen: str
    site: str
    opened: str


class SideThread(Struct, frozen=True):
    """A side thread in the agent's words. key: the id of the next line written here."""

    of: SideView
    team: str
    opened: str
    lines: tuple[Line, ...]
    key: str


class Case(Struct, frozen=True):
    """What a conversation is beside its lines, in the agent's words.

    topic, topic_path: empty if nobody said what it is about. escalation_due: empty once it is
    settled. closes: when it ends by itself.
    """

    of: CaseView
    now: datetime
    topic: str
    topic_path: str
    team: str
    clocks: tuple[Due, ...]
    closes: str
    escalation_team: str
    escalation_due: Due | None
    sides: tuple[SideThread, ...]


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
    reader = reader_of(request, lang_of(request))
    found = case(await desk.case(agent, conversation_id), thread, reader)
    following = lines.following(events, after, reader)
    return thread_part(request, "appended.html", agent, thread, following, found)


def thread_part(
    request: Asked,
    template: str,
    agent: Agent,
    thread: Thread,
    drawn_lines: list[lines.Line],
    found: Case | None = None,
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
        case=found,
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
        **await opened(desk, agent, thread, reader),
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
        "views": views_of(page.work),
        "work": page.work,
        "load": load(page.work.load, page.work.capacity),
        "now": reader.now,
        "counts": page.counts,
        "entries": rows.entries(found, reader),
        "pages": pages,
        "more": more is not None and pages < _MOST_PAGES,
    }


def views_of(work: Work) -> list[View]:
    """Return the views an agent has: escalated cases are for the teams they go to."""
    return [view for view in VIEWS if view != "escalated" or set(work.teams) - {FRONT}]


async def opened(desk: Desk, agent: Agent, thread: Thread | None, reader: Reader) -> dict[str, Any]:
    """Return the context of the thread and the customer's panel."""
    if thread is None:
        return {"thread": None}
    return {
        "thread": thread,
        "lines": lines.lines(thread.events, reader),
        "panel": panel(thread, reader),
        "case": case(await desk.case(agent, thread.conversation.id), thread, reader),
    }


def case(found: CaseView, thread: Thread, reader: Reader) -> Case:
    """Return what a conversation is beside its lines, in words."""
    conversation, lang = thread.conversation, reader.lang
    path = topics.path(conversation.topic) if conversation.topic else ()
    names = [topic_name(id, lang) for id in path]
    escalation, closes_at = found.escalation, conversation.idle_closes_at
    return Case(
        of=found,
        now=reader.now,
        topic=names[-1] if names else "",
        topic_path=say(lang, "desk.topic.path").join(names),
        team=team(conversation.team, lang),
        clocks=tuple(badge(clock, reader) for clock in found.clocks if clock.kind != ESCALATION),
        closes=reader.when(closes_at) if closes_at else "",
        escalation_team=team(escalation.to, lang) if escalation else "",
        escalation_due=_escalation_due(found, reader),
        sides=tuple(_side(side, reader) for side in found.sides),
    )


def _escalation_due(found: CaseView, reader: Reader) -> Due | None:
    """Return when the open escalation is owed an answer: by its clock, once that runs."""
    if found.escalation is None:
        return None
    asked = ClockView(ESCALATION, found.escalation.due_at, None)
    clock = next((one for one in found.clocks if one.kind == ESCALATION), asked)
    return badge(clock, reader) if clock.due_at else None


def _side(side: SideView, reader: Reader) -> SideThread:
    return SideThread(
        of=side,
        team=team(side.team, reader.lang),
        opened=reader.when(side.opened_at),
        lines=tuple(line for line in lines.lines(side.lines, reader) if line.event.text),
        key=str(uuid4()),
    )


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
