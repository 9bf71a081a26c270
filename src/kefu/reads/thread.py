"""What `receive` and `reply` must know before they decide: one query where all is well."""

from collections.abc import Mapping, Sequence
from typing import Final
from uuid import UUID

from msgspec import Struct, field
from sqlalchemy import Connection, and_, bindparam, func, literal, or_, select

from kefu.conversations import store
from kefu.conversations.states import State
from kefu.core.records import Event, Inbound, Outbound, Owner
from kefu.customers import store as customers
from kefu.files import rows as files
from kefu.files.rows import FileRow
from kefu.guard import Memory
from kefu.storage.tables import conversation, event, visitor


class Snapshot(Struct):
    """The state a batch of customer messages meets.

    customer: by visitor, of those that wrote before; open: by (inbox, customer);
    memories: what the guard remembers of those conversations;
    known: events that earlier tries of the same keys became, with their conversations.
    """

    customer: dict[UUID, UUID] = field(default_factory=dict)
    ended: set[UUID] = field(default_factory=set)
    open: dict[tuple[UUID, UUID], State] = field(default_factory=dict)
    memories: dict[UUID, Memory] = field(default_factory=dict)
    known: dict[tuple[UUID, str], Event] = field(default_factory=dict)
    conversations: dict[UUID, State] = field(default_factory=dict)
    files: dict[UUID, FileRow] = field(default_factory=dict)


_OPEN_OF_VISITORS: Final = (
    select(
        *store.state_columns,
        store.memory_column,
        visitor.c.id.label("visitor_id"),
        visitor.c.ended_at.label("visit_ended_at"),
    )
    .join(
        visitor,
        and_(
            visitor.c.customer_id == conversation.c.customer_id,
            visitor.c.inbox_id == conversation.c.inbox_id,
        ),
    )
    .where(visitor.c.id.in_(bindparam("ids", expanding=True)), conversation.c.status == "open")
    .order_by(conversation.c.id)
    .with_for_update(of=conversation)
)


def snapshot(tx: Connection, batch: Sequence[Inbound], *, careful: bool) -> Snapshot:
    """Return the state the batch meets, its conversations locked in id order.

    Cost: one statement for further messages of open conversations; one more when somebody
    opens one, two when somebody sends files, whose keys may be repeats; `careful` looks for
    those of all.
    """
    ids = {item.visitor.id for item in batch}
    rows = tx.execute(_OPEN_OF_VISITORS, {"ids": list(ids)}).all()
    seen = Snapshot()
    for row in rows:
        state = store.state_of(row)
        seen.customer[row.visitor_id] = state.customer_id
        seen.open[state.inbox_id, state.customer_id] = state
        seen.memories[state.id] = store.memory_of(row)
        if row.visit_ended_at is not None:
            seen.ended.add(row.visitor_id)
    _without_conversation(tx, seen, ids - seen.customer.keys())
    if keys := [item.key for item in batch if careful or item.files]:
        _repeats(tx, seen, keys)
    if wanted := [file_id for item in batch for file_id in item.files]:
        seen.files = files.lock(tx, wanted)
    return seen


def _without_conversation(tx: Connection, seen: Snapshot, ids: set[UUID]) -> None:
    if not ids:
        return
    for visitor_id, (customer_id, ended) in customers.known(tx, ids).items():
        seen.customer[visitor_id] = customer_id
        if ended:
            seen.ended.add(visitor_id)


def _repeats(tx: Connection, seen: Snapshot, keys: list[str]) -> None:
    seen.known = store.events_by_key(tx, keys)
    if seen.known:
        seen.conversations = store.lock(tx, {e.conversation_id for e in seen.known.values()})


class AgentSnapshot(Struct):
    """The state a batch of agents' messages meets; `newer` only where it may hold a reply.

    known: events that earlier tries of the same keys became. They are always looked for: a
    resend has its receipt though the conversation was closed or went on since.
    """

    states: dict[UUID, State] = field(default_factory=dict)
    memories: dict[UUID, Memory] = field(default_factory=dict)
    newer: dict[UUID, list[Event]] = field(default_factory=dict)
    known: dict[tuple[UUID, str], Event] = field(default_factory=dict)
    files: dict[UUID, FileRow] = field(default_factory=dict)


def agent_snapshot(tx: Connection, batch: Sequence[Outbound]) -> AgentSnapshot:
    """Return the state the batch meets, its conversations locked in id order."""
    seen = AgentSnapshot()
    for row in store.locked(tx, {item.conversation_id for item in batch}):
        seen.states[row.id] = store.state_of(row)
        seen.memories[row.id] = store.memory_of(row)
    _newer(tx, seen, batch)
    seen.known = store.events_by_key(tx, [item.key for item in batch])
    if wanted := [file_id for item in batch for file_id in item.files]:
        seen.files = files.lock(tx, wanted)
    return seen


def _newer(tx: Connection, seen: AgentSnapshot, batch: Sequence[Outbound]) -> None:
    """Read what came after the oldest reading mark of each conversation that moved on."""
    marks: dict[UUID, int] = {}
    for item in batch:
        state = seen.states.get(item.conversation_id)
        if state is not None and item.read_up_to is not None and state.seq > item.read_up_to:
            marks[state.id] = min(item.read_up_to, marks.get(state.id, item.read_up_to))
    for event_ in events_after_each(tx, marks):
        seen.newer.setdefault(event_.conversation_id, []).append(event_)


def events_after_each(tx: Connection, marks: Mapping[UUID, int]) -> list[Event]:
    """Return events of several conversations after a line of each, in order; one statement."""
    if not marks:
        return []
    after = [and_(event.c.conversation_id == c, event.c.seq > n) for c, n in marks.items()]
    rows = tx.execute(select(*store.event_columns).where(or_(*after)).order_by(event.c.seq))
    return [store.event_of(row) for row in rows]


def events_after(
    tx: Connection, conversation_id: UUID, after: int, *, limit: int = 500
) -> list[Event]:
    """Return the conversation's events numbered after `after`, in order."""
    rows = tx.execute(
        select(*store.event_columns)
        .where(event.c.conversation_id == conversation_id, event.c.seq > after)
        .order_by(event.c.seq)
        .limit(limit)
    )
    return [store.event_of(row) for row in rows]


def heads(tx: Connection, ids: Sequence[UUID]) -> dict[UUID, tuple[int, int, int, int]]:
    """Return (seq, public_seq, customer_seen, agent_seen) by conversation."""
    rows = tx.execute(
        select(*conversation.c["id", "seq", "public_seq", "customer_seen", "agent_seen"]).where(
            conversation.c.id.in_(ids)
        )
    )
    return {row[0]: (row[1], row[2], row[3], row[4]) for row in rows}


def open_of(tx: Connection, owner: Owner) -> list[UUID]:
    """Return the customer's open conversations at the inbox."""
    found = tx.execute(
        select(conversation.c.id).where(
            conversation.c.customer_id == owner.customer_id,
            conversation.c.inbox_id == owner.inbox_id,
            conversation.c.status == "open",
        )
    )
    return list(found.scalars())


def owner_of(tx: Connection, conversation_id: UUID) -> Owner | None:
    """Return whose conversation it is, or None."""
    row = tx.execute(
        select(conversation.c.customer_id, conversation.c.inbox_id).where(
            conversation.c.id == conversation_id
        )
    ).one_or_none()
    return Owner(*row) if row else None


def last_said(tx: Connection, conversation_id: UUID) -> int | None:
    """Return the line of the last message, which the list shows, or None."""
    last: int | None = tx.execute(
        select(func.max(event.c.seq)).where(
            event.c.conversation_id == conversation_id, event.c.kind == "message"
        )
    ).scalar_one()
    return last


def shows_file(tx: Connection, conversation_id: UUID, file_id: UUID) -> bool:
    """Return whether a public message of the conversation carries the file."""
    rows = tx.execute(
        select(event.c.data).where(
            event.c.conversation_id == conversation_id,
            event.c.kind == "message",
            event.c.visibility == "public",
        )
    )
    wanted = str(file_id)
    return any(f["id"] == wanted for row in rows for f in row.data.get("files", ()))


def ping(tx: Connection) -> None:
    """Ask the database something trivial."""
    tx.execute(select(literal(1)))
