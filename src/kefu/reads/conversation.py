"""One conversation as the desk's panes and the customer's chat show it."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from msgspec import Struct
from sqlalchemy import Connection, Row, Select, func, select

from kefu.conversations.store import assignee_of, event_columns, event_of
from kefu.core.records import FRONT, Event
from kefu.core.views import Colleague, ConversationView, CustomerView, Thread, Work
from kefu.customers.store import EXCHANGE
from kefu.reads.inbox import tail
from kefu.storage.tables import agent, conversation, customer, event, identity, inbox, visitor

PAGE = 200
TALK = 300


def view(tx: Connection, conversation_id: UUID) -> ConversationView | None:
    """Return the conversation, or None."""
    row = tx.execute(select(conversation).where(conversation.c.id == conversation_id)).one_or_none()
    return _view(row) if row else None


def newest_of(tx: Connection, customer_id: UUID, inbox_id: UUID) -> ConversationView | None:
    """Return the customer's open conversation in the inbox, else the newest closed one."""
    row = tx.execute(
        _of(customer_id, inbox_id)
        .order_by(conversation.c.status.desc(), conversation.c.updated_at.desc())
        .limit(1)
    ).one_or_none()
    return _view(row) if row else None


def all_of(tx: Connection, customer_id: UUID, inbox_id: UUID) -> tuple[ConversationView, ...]:
    """Return the customer's conversations in the inbox, newest first, at most PAGE."""
    rows = tx.execute(
        _of(customer_id, inbox_id).order_by(conversation.c.updated_at.desc()).limit(PAGE)
    )
    return tuple(_view(row) for row in rows)


def _of(customer_id: UUID, inbox_id: UUID) -> Select[*tuple[Any, ...]]:
    return select(conversation).where(
        conversation.c.customer_id == customer_id, conversation.c.inbox_id == inbox_id
    )


def _view(row: Row[*tuple[Any, ...]]) -> ConversationView:
    return ConversationView(
        id=row.id,
        inbox_id=row.inbox_id,
        customer_id=row.customer_id,
        reference=row.reference,
        status=row.status,
        language=row.language,
        assignee=assignee_of(row),
        head=row.seq,
        public_head=row.public_seq,
        customer_seen=row.customer_seen,
        agent_seen=row.agent_seen,
        opened_at=row.opened_at,
        updated_at=row.updated_at,
        topic=row.topic,
        team=row.team,
        priority=row.priority,
        place_at=row.place_at,
        barred=tuple(row.barred or ()),
        idle_closes_at=row.idle_closes_at,
        follows=row.follows,
    )


def thread(
    tx: Connection, conversation_id: UUID, *, after: int = 0, before: int | None = None
) -> Thread | None:
    """Return the conversation with events after a line, or the newest page, or the page before."""
    found = view(tx, conversation_id)
    if found is None:
        return None
    events, earlier = _page(tx, conversation_id, after, before)
    return Thread(found, _customer(tx, found), events, earlier)


def topic_of(tx: Connection, conversation_id: UUID) -> str | None:
    """Return what the conversation is about, if that is known."""
    return tx.execute(
        select(conversation.c.topic).where(conversation.c.id == conversation_id)
    ).scalar_one_or_none()


def said(tx: Connection, conversation_id: UUID) -> tuple[list[str], list[str]]:
    """Return what the customer and what agents said last, of TALK messages; notes are neither."""
    rows = tx.execute(
        select(event.c.author_kind, event.c.text)
        .where(
            event.c.conversation_id == conversation_id,
            event.c.kind == "message",
            event.c.visibility == "public",
            event.c.text.is_not(None),
        )
        .order_by(event.c.seq.desc())
        .limit(TALK)
    ).all()
    by_customer = [row.text.value for row in rows if row.author_kind == "customer"]
    return by_customer, [row.text.value for row in rows if row.author_kind == "agent"]


def _page(
    tx: Connection, conversation_id: UUID, after: int, before: int | None
) -> tuple[tuple[Event, ...], bool]:
    query = select(*event_columns).where(
        event.c.conversation_id == conversation_id, event.c.seq > after
    )
    if before is not None:
        query = query.where(event.c.seq < before)
    rows = tx.execute(query.order_by(event.c.seq.desc()).limit(PAGE)).all()
    events: Sequence[Event] = [event_of(row) for row in reversed(rows)]
    return tuple(events), bool(events) and events[0].seq > after + 1


def _customer(tx: Connection, of: ConversationView) -> CustomerView:
    row = tx.execute(
        select(
            customer,
            select(identity.c.external_id)
            .where(identity.c.customer_id == customer.c.id, identity.c.channel == EXCHANGE)
            .scalar_subquery()
            .label("uid"),
            select(func.count())
            .select_from(conversation)
            .where(conversation.c.customer_id == customer.c.id)
            .scalar_subquery()
            .label("conversations"),
            select(func.max(visitor.c.site))
            .where(visitor.c.customer_id == customer.c.id)
            .scalar_subquery()
            .label("site"),
        ).where(customer.c.id == of.customer_id)
    ).one()
    return CustomerView(
        name=row.name,
        tail=tail(row.id),
        uid_tail=row.uid[-4:] if row.uid else None,
        tier=row.tier,
        language=row.language,
        identified=row.uid is not None,
        first_seen_at=row.created_at,
        conversations=row.conversations,
        site=row.site,
    )


def colleagues(tx: Connection) -> tuple[Colleague, ...]:
    """Return every agent who has not left, by alias, with how much they have."""
    load = (
        select(conversation.c.assignee_id, func.count().label("load"))
        .where(conversation.c.status == "open", conversation.c.assignee_id.is_not(None))
        .group_by(conversation.c.assignee_id)
        .subquery()
    )
    rows = tx.execute(
        select(agent, func.coalesce(load.c.load, 0).label("load"))
        .outerjoin(load, load.c.assignee_id == agent.c.id)
        .where(agent.c.left_at.is_(None))
        .order_by(agent.c.alias)
    )
    return tuple(
        Colleague(
            id=row.id,
            alias=row.alias,
            badge=row.badge,
            languages=tuple(row.languages),
            seen_at=row.seen_at,
            work=Work(tuple(row.teams or (FRONT,)), row.work_state, row.load, row.capacity),
        )
        for row in rows
    )


class InboxView(Struct, frozen=True):
    """A configured chat inbox. Keys and the exchange's secret are still sealed."""

    id: UUID
    key: str
    name: dict[str, str]
    origins: tuple[str, ...]
    identity_keys: bytes | None
    exchange: bytes | None


def inboxes(tx: Connection) -> tuple[InboxView, ...]:
    """Return every inbox, oldest first."""
    rows = tx.execute(select(inbox).order_by(inbox.c.created_at))
    return tuple(
        InboxView(row.id, row.key, row.name, tuple(row.origins), row.identity_keys, row.exchange)
        for row in rows
    )
