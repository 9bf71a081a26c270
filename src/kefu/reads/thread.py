"""What `receive` and `reply` must know before they decide: one query where all is well."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Final
from uuid import UUID

from msgspec import Struct, field
from sqlalchemy import Connection, and_, bindparam, func, literal, or_, select

from kefu.conversations import escalations, store
from kefu.conversations.escalations import Escalation
from kefu.conversations.states import State
from kefu.core.records import FRONT, Event, Inbound, Outbound, Owner
from kefu.customers import store as customers
from kefu.files import rows as files
from kefu.files.rows import FileRow
from kefu.guard import Memory
from kefu.reads.escalations import teams_of
from kefu.storage.tables import conversation, event, side_thread, visitor


class Snapshot(Struct):
    """The state a batch of customer messages meets.

    customer: by visitor, of those that wrote before; open: by (inbox, customer);
    closed: likewise the newest, of those that have none open;
    memories: what the guard remembers of those conversations;
    known: events that earlier tries of the same keys became, with their conversations.
    """

    customer: dict[UUID, UUID] = field(default_factory=dict)
    ended: set[UUID] = field(default_factory=set)
    open: dict[tuple[UUID, UUID], State] = field(default_factory=dict)
    closed: dict[tuple[UUID, UUID], State] = field(default_factory=dict)
    memories: dict[UUID, Memory] = field(default_factory=dict)
    known: dict[tuple[UUID, str], Event] = field(default_factory=dict)
    conversations: dict[UUID, State] = field(default_factory=dict)
    files: dict[UUID, FileRow] = field(default_factory=dict)


PLACES: Final = 400
_OLDER: Final = conversation.alias("older")

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
    opens one, another if they wrote before, two when somebody sends files, whose keys may be
    repeats; `careful` looks for those of all.
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
    _newest_closed(tx, seen, {seen.customer[id_] for id_ in ids & seen.customer.keys()})


def _newest_closed(tx: Connection, seen: Snapshot, customers_: set[UUID]) -> None:
    """Read the newest closed conversation of each of the customers, locked in id order."""
    if not customers_:
        return
    newest = (
        select(func.max(conversation.c.closed_at))
        .where(conversation.c.customer_id == _OLDER.c.customer_id)
        .where(conversation.c.inbox_id == _OLDER.c.inbox_id)
        .scalar_subquery()
    )
    rows = tx.execute(
        select(*[_OLDER.c[column.name] for column in store.state_columns], _OLDER.c.guard_memory)
        .where(_OLDER.c.customer_id.in_(list(customers_)), _OLDER.c.closed_at == newest)
        .order_by(_OLDER.c.id)
        .with_for_update()
    )
    for row in rows:
        state = store.state_of(row)
        seen.closed[state.inbox_id, state.customer_id] = state
        seen.memories[state.id] = store.memory_of(row)


def _repeats(tx: Connection, seen: Snapshot, keys: list[str]) -> None:
    seen.known = store.events_by_key(tx, keys)
    if seen.known:
        seen.conversations = store.lock(tx, {e.conversation_id for e in seen.known.values()})


class AgentSnapshot(Struct):
    """The state a batch of agents' messages meets; `newer` only where it may hold a reply.

    known: events that earlier tries of the same keys became. They are always looked for: a
    resend has its receipt though the conversation was closed or went on since.
    escalations: those that are open, by conversation; teams: then also each agent's.
    sides: the conversations of open side threads that notes belong to.
    """

    states: dict[UUID, State] = field(default_factory=dict)
    memories: dict[UUID, Memory] = field(default_factory=dict)
    newer: dict[UUID, list[Event]] = field(default_factory=dict)
    known: dict[tuple[UUID, str], Event] = field(default_factory=dict)
    files: dict[UUID, FileRow] = field(default_factory=dict)
    escalations: dict[UUID, Escalation] = field(default_factory=dict)
    teams: dict[UUID, frozenset[str]] = field(default_factory=dict)
    sides: dict[UUID, UUID] = field(default_factory=dict)


def agent_snapshot(tx: Connection, batch: Sequence[Outbound]) -> AgentSnapshot:
    """Return the state the batch meets, its conversations locked in id order."""
    seen = AgentSnapshot()
    for row in store.locked(tx, {item.conversation_id for item in batch}):
        seen.states[row.id] = store.state_of(row)
        seen.memories[row.id] = store.memory_of(row)
    _newer(tx, seen, batch)
    _escalated(tx, seen, batch)
    seen.known = store.events_by_key(tx, [item.key for item in batch])
    if sides := {item.side for item in batch if item.side is not None}:
        seen.sides = _open_sides(tx, sides)
    if wanted := [file_id for item in batch for file_id in item.files]:
        seen.files = files.lock(tx, wanted)
    return seen


def _escalated(tx: Connection, seen: AgentSnapshot, batch: Sequence[Outbound]) -> None:
    """Read the open escalations; only a conversation that left the front line can have one."""
    further = [state.id for state in seen.states.values() if state.team != FRONT]
    if not further:
        return
    seen.escalations = escalations.open_of(tx, further)
    if seen.escalations:
        seen.teams = teams_of(tx, {item.agent.id for item in batch})


def _open_sides(tx: Connection, ids: Iterable[UUID]) -> dict[UUID, UUID]:
    found = tx.execute(
        select(side_thread.c.id, side_thread.c.conversation_id).where(
            side_thread.c.id.in_(list(ids)), side_thread.c.closed_at.is_(None)
        )
    )
    return {row.id: row.conversation_id for row in found}


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
    """Return events of several conversations after a line of each, in order of each.

    One statement for every PLACES of them: SQLite takes no deeper condition.
    """
    found: list[Event] = []
    places = list(marks.items())
    for start in range(0, len(places), PLACES):
        few = places[start : start + PLACES]
        after = [and_(event.c.conversation_id == c, event.c.seq > n) for c, n in few]
        rows = tx.execute(select(*store.event_columns).where(or_(*after)).order_by(event.c.seq))
        found += [store.event_of(row) for row in rows]
    return found


def by_conversation(tx: Connection, marks: Mapping[UUID, int]) -> dict[UUID, list[Event]]:
    """Return likewise, by conversation; those without a new event are missing."""
    found: dict[UUID, list[Event]] = {}
    for event_ in events_after_each(tx, marks):
        found.setdefault(event_.conversation_id, []).append(event_)
    return found


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


def has_side_talk(tx: Connection, conversation_id: UUID) -> bool:
    """Return whether colleagues are still asked about the conversation."""
    found = tx.execute(
        select(literal(1)).where(
            side_thread.c.conversation_id == conversation_id, side_thread.c.closed_at.is_(None)
        )
    )
    return found.first() is not None


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
