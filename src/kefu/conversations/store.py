"""Statements on conversations and their log: four for a batch, however many messages it holds."""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Row, func, select, update

from kefu.conversations.states import Change, State
from kefu.core.records import Author, Event
from kefu.storage import outbox
from kefu.storage.bulk import insert_rows, update_rows
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
    """Write changes: new rows, events, what changed of old rows, and one outbox row for all."""
    if not changes:
        return
    opened = [_row(change.after) for change in changes if change.before is None]
    insert_rows(tx, conversation, _STATE_NAMES, opened)
    insert_rows(
        tx, event, _EVENT_NAMES, [_event_row(e, c.after) for c in changes for e in c.events]
    )
    for names, rows in _moved(changes).items():
        update_rows(tx, conversation, ("id", *names), rows)
    appended = [_appended(e) for change in changes for e in change.events]
    at = changes[0].events[0].at
    outbox.add(tx, [(APPENDED, "log", {"events": appended})], at=at)


def _moved(changes: Sequence[Change]) -> dict[tuple[str, ...], list[tuple[Any, ...]]]:
    """Return the changed values of old rows, by which columns changed."""
    moved: dict[tuple[str, ...], list[tuple[Any, ...]]] = {}
    for change in changes:
        if change.before is None:
            continue
        before, after = _row(change.before), _row(change.after)
        differ = [i for i, value in enumerate(after) if value != before[i]]
        names = tuple([_STATE_NAMES[i] for i in differ])
        moved.setdefault(names, []).append((change.after.id, *[after[i] for i in differ]))
    return moved


def _appended(e: Event) -> dict[str, Any]:
    """Return what readers of the log are told of an event."""
    return {
        "conversation": str(e.conversation_id),
        "seq": e.seq,
        "kind": e.kind,
        "by": e.author.kind,
        "visibility": e.visibility,
    }


def _row(state: State) -> tuple[Any, ...]:
    """Return the state in the order of `_STATE_NAMES`."""
    who = state.assignee
    return (
        state.id,
        state.inbox_id,
        state.customer_id,
        state.reference,
        state.status,
        state.language,
        who.id if who else None,
        who.name if who else None,
        who.badge if who else None,
        state.seq,
        state.public_seq,
        state.unread,
        state.preview,
        state.preview_by,
        state.waiting_since,
        state.opened_at,
        state.updated_at,
        state.closed_at,
    )


def _event_row(e: Event, state: State) -> tuple[Any, ...]:
    """Return the event in the order of `_EVENT_NAMES`."""
    return (
        e.id,
        e.conversation_id,
        e.seq,
        e.kind,
        e.visibility,
        e.author.kind,
        e.author.id,
        e.author.name,
        e.author.badge,
        e.at,
        e.text,
        e.key,
        e.data,
        state.inbox_id,
    )


_STATE_NAMES = tuple(column.name for column in _STATE)
_EVENT_NAMES = (*(column.name for column in _EVENT), "inbox_id")


def state_of(row: Row[*tuple[Any, ...]]) -> State:
    """Return the state a row of `state_columns` holds."""
    return State(
        id=row.id,
        inbox_id=row.inbox_id,
        customer_id=row.customer_id,
        reference=row.reference,
        status=row.status,
        language=row.language,
        assignee=assignee_of(row),
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


def assignee_of(row: Row[*tuple[Any, ...]]) -> Author | None:
    """Return the agent a conversation's row names, or None."""
    if row.assignee_id is None:
        return None
    return Author("agent", row.assignee_id, row.assignee_name, row.assignee_badge)


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
