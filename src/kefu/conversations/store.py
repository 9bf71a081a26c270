"""Statements on conversations and their log: four for a batch, however many messages it holds."""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Row, bindparam, func, insert, select, update

from kefu.conversations.states import Change, State
from kefu.core.records import Author, Event
from kefu.storage import outbox
from kefu.storage.tables import conversation, event

APPENDED = "appended"

_STATE = conversation.c[
    "id",
    "inbox_id",
    "customer_id",
    "reference",
    "status",
    "language",
    "assignee_id",
    "assignee_name",
    "assignee_badge",
    "seq",
    "public_seq",
    "unread",
    "preview",
    "preview_by",
    "waiting_since",
    "opened_at",
    "updated_at",
    "closed_at",
]
_MUTABLE = [c.name for c in _STATE if c.name not in ("id", "inbox_id", "reference", "opened_at")]
_UPDATE = (
    update(conversation)
    .where(conversation.c.id == bindparam("row_id"))
    .values({name: bindparam(name) for name in _MUTABLE})
)
_EVENT = event.c[
    "id",
    "conversation_id",
    "seq",
    "kind",
    "visibility",
    "author_kind",
    "author_id",
    "author_name",
    "author_badge",
    "at",
    "text",
    "key",
    "data",
]


def append(tx: Connection, changes: Sequence[Change]) -> None:
    """Write changes: new rows, events, changed rows, and one outbox row an event."""
    if not changes:
        return
    opened = [_row(change.after) for change in changes if change.before is None]
    moved = [_row(change.after) for change in changes if change.before is not None]
    if opened:
        tx.execute(insert(conversation), opened)
    tx.execute(insert(event), [_event_row(e, c.after) for c in changes for e in c.events])
    if moved:
        tx.execute(_UPDATE, [{"row_id": row.pop("id"), **row} for row in moved])
    at = changes[0].events[0].at
    outbox.add(tx, [_appended(e) for change in changes for e in change.events], at=at)


def _appended(e: Event) -> tuple[str, str, dict[str, Any]]:
    """Return the one outbox row that tells every reader of the log about an event."""
    payload = {
        "conversation": str(e.conversation_id),
        "seq": e.seq,
        "kind": e.kind,
        "by": e.author.kind,
        "visibility": e.visibility,
    }
    return APPENDED, f"log:{e.conversation_id}", payload


def _row(state: State) -> dict[str, Any]:
    who = state.assignee
    return {
        "id": state.id,
        "inbox_id": state.inbox_id,
        "customer_id": state.customer_id,
        "reference": state.reference,
        "status": state.status,
        "language": state.language,
        "assignee_id": who.id if who else None,
        "assignee_name": who.name if who else None,
        "assignee_badge": who.badge if who else None,
        "seq": state.seq,
        "public_seq": state.public_seq,
        "unread": state.unread,
        "preview": state.preview,
        "preview_by": state.preview_by,
        "waiting_since": state.waiting_since,
        "opened_at": state.opened_at,
        "updated_at": state.updated_at,
        "closed_at": state.closed_at,
    }


def _event_row(e: Event, state: State) -> dict[str, Any]:
    return {
        "id": e.id,
        "conversation_id": e.conversation_id,
        "inbox_id": state.inbox_id,
        "seq": e.seq,
        "kind": e.kind,
        "visibility": e.visibility,
        "author_kind": e.author.kind,
        "author_id": e.author.id,
        "author_name": e.author.name,
        "author_badge": e.author.badge,
        "at": e.at,
        "text": e.text,
        "key": e.key,
        "data": e.data,
    }


def state_of(row: Row[*tuple[Any, ...]]) -> State:
    """Return the state a row of `state_columns` holds."""
    return State(
        id=row.id,
        inbox_id=row.inbox_id,
        customer_id=row.customer_id,
        reference=row.reference,
        status=row.status,
        language=row.language,
        assignee=(
            Author("agent", row.assignee_id, row.assignee_name, row.assignee_badge)
            if row.assignee_id
            else None
        ),
        seq=row.seq,
        public_seq=row.public_seq,
        unread=row.unread,
        preview=row.preview,
        preview_by=row.preview_by,
        waiting_since=row.waiting_since,
        opened_at=row.opened_at,
        updated_at=row.updated_at,
        closed_at=row.closed_at,
    )


def event_of(row: Row[*tuple[Any, ...]]) -> Event:
    """Return the event a row of `event_columns` holds."""
    return Event(
        id=row.id,
        conversation_id=row.conversation_id,
        seq=row.seq,
        kind=row.kind,
        visibility=row.visibility,
        author=Author(row.author_kind, row.author_id, row.author_name, row.author_badge),
        at=row.at,
        text=row.text,
        key=row.key,
        data=row.data,
    )


state_columns = _STATE
event_columns = _EVENT


def lock(tx: Connection, ids: Iterable[UUID]) -> dict[UUID, State]:
    """Return states by id, their rows locked in id order until the transaction ends."""
    rows = tx.execute(
        select(*_STATE)
        .where(conversation.c.id.in_(list(ids)))
        .order_by(conversation.c.id)
        .with_for_update()
    )
    return {row.id: state_of(row) for row in rows}


def of_customer(
    tx: Connection, customer_id: UUID, *, inbox_id: UUID | None = None, open_only: bool = False
) -> list[State]:
    """Return the customer's conversations, locked in id order."""
    query = select(*_STATE).where(conversation.c.customer_id == customer_id)
    if open_only:
        query = query.where(conversation.c.status == "open")
    if inbox_id is not None:
        query = query.where(conversation.c.inbox_id == inbox_id)
    rows = tx.execute(query.order_by(conversation.c.id).with_for_update())
    return [state_of(row) for row in rows]


def events_by_key(tx: Connection, keys: Iterable[str]) -> dict[tuple[UUID, str], Event]:
    """Return stored events by (inbox, client key): what an earlier try of a message became."""
    rows = tx.execute(select(*_EVENT, event.c.inbox_id).where(event.c.key.in_(list(keys))))
    return {(row.inbox_id, row.key): event_of(row) for row in rows}


def mark_seen(tx: Connection, conversation_id: UUID, *, by: str, seq: int) -> bool:
    """Move the reading mark of the customer or the agents up to seq; say whether it moved."""
    column = conversation.c.customer_seen if by == "customer" else conversation.c.agent_seen
    values: dict[str, Any] = {column.name: seq}
    if by == "agent":
        values["unread"] = (
            select(func.count())
            .where(
                event.c.conversation_id == conversation_id,
                event.c.seq > seq,
                event.c.kind == "message",
                event.c.author_kind == "customer",
            )
            .scalar_subquery()
        )
    result = tx.execute(
        update(conversation)
        .where(conversation.c.id == conversation_id, column < seq, conversation.c.seq >= seq)
        .values(values)
    )
    return result.rowcount > 0
