"""Statements on conversations and their log: four for a batch, however many messages it holds."""

from collections.abc import Iterable, Mapping, Sequence
from operator import attrgetter
from typing import Any, Final
from uuid import UUID

from msgspec import convert
from msgspec.structs import astuple
from sqlalchemy import Connection, Row, bindparam, func, select, update

from kefu.conversations import escalations
from kefu.conversations.states import Change, State
from kefu.core.records import Author, Event
from kefu.core.text import SafeText
from kefu.guard import Memory, masked
from kefu.storage import outbox
from kefu.storage.bulk import insert_rows, update_rows
from kefu.storage.tables import conversation, event

APPENDED: Final = "appended"
WIPE: Final = "wipe"

_ASSIGNEE: Final = State.__struct_fields__.index("assignee")
_BARRED: Final = State.__struct_fields__.index("barred")
_ROUTED: Final = attrgetter(
    "waiting_since", "place_at", "status", "assignee", "topic", "team", "priority"
)
_AUTHOR: Final = Event.__struct_fields__.index("author")
_NAMED: Final = ("id", "name", "badge")


def _columns(fields: tuple[str, ...], at: int, parts: Sequence[str]) -> tuple[str, ...]:
    """Return fields as columns: the person at `at` has one for each of their parts."""
    return (*fields[:at], *(f"{fields[at]}_{part}" for part in parts), *fields[at + 1 :])


_MEMORY: Final = "guard_memory"
_STATE_NAMES: Final = _columns(State.__struct_fields__, _ASSIGNEE, _NAMED)
_EVENT_NAMES: Final = _columns(Event.__struct_fields__, _AUTHOR, Author.__struct_fields__)
_STATE_END: Final = len(_STATE_NAMES)
_EVENT_END: Final = len(_EVENT_NAMES)

state_columns = conversation.c[_STATE_NAMES]
memory_column = conversation.c[_MEMORY]
event_columns = event.c[_EVENT_NAMES]


def append(
    tx: Connection, changes: Sequence[Change], texts: Mapping[tuple[UUID, int], SafeText] = {}
) -> None:
    """Write changes: new rows, events, what changed of old rows, and one outbox row for all.

    A `redaction` that is about no file replaces the text of the line it names, by that of
    `texts` (conversation, sequence number) or by one mask; then a second outbox row has the old
    text wiped off the disk.
    """
    if not changes:
        return
    opened = [(*_row(c.after), c.memory) for c in changes if c.before is None]
    insert_rows(tx, conversation, (*_STATE_NAMES, _MEMORY), opened)
    insert_rows(
        tx,
        event,
        (*_EVENT_NAMES, "inbox_id"),
        [(*_event_row(e), c.after.inbox_id) for c in changes for e in c.events],
    )
    for names, rows in _moved(changes).items():
        update_rows(tx, conversation, ("id", *names), rows)
    events = [e for change in changes for e in change.events]
    escalations.follow(tx, events)
    moved = [str(change.after.id) for change in changes if _is_moved(change)]
    appended = {"events": [_appended(e) for e in events], "moved": moved}
    effects = [(APPENDED, "log", appended)]
    if redactions := [e for e in events if e.kind == "redaction" and "file" not in e.data]:
        _overwrite(tx, redactions, texts)
        effects.append((WIPE, WIPE, {}))
    outbox.add(tx, effects, at=events[0].at)


def _moved(changes: Sequence[Change]) -> dict[tuple[str, ...], list[tuple[Any, ...]]]:
    """Return the changed values of old rows, by which columns changed."""
    moved: dict[tuple[str, ...], list[tuple[Any, ...]]] = {}
    for change in changes:
        if change.before is None:
            continue
        before, after = _row(change.before), _row(change.after)
        differ = [i for i, value in enumerate(after) if value != before[i]]
        names = [_STATE_NAMES[i] for i in differ]
        values = [after[i] for i in differ]
        if change.memory is not None:
            names.append(_MEMORY)
            values.append(change.memory)
        moved.setdefault(tuple(names), []).append((change.after.id, *values))
    return moved


def _overwrite(
    tx: Connection, redactions: Sequence[Event], texts: Mapping[tuple[UUID, int], SafeText]
) -> None:
    """Replace the texts of the lines that redactions name."""
    places = [(e.conversation_id, e.data["seq"], masked(e.data["kind"])) for e in redactions]
    tx.execute(
        update(event)
        .where(event.c.conversation_id == bindparam("of"), event.c.seq == bindparam("line"))
        .values(text=bindparam("safe")),
        [{"of": of, "line": seq, "safe": texts.get((of, seq), mask)} for of, seq, mask in places],
    )


def _is_moved(change: Change) -> bool:
    """Return whether what is owed, or who should have it, is to be looked at again."""
    if change.before is None or any(event.kind == "escalation" for event in change.events):
        return True
    before, after = _ROUTED(change.before), _ROUTED(change.after)
    return before != after


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
    """Return the state in the order of its columns."""
    values, who = astuple(state), state.assignee
    person = (who.id, who.name, who.badge) if who else (None, None, None)
    barred = state.barred or None
    return (
        *values[:_ASSIGNEE],
        *person,
        *values[_ASSIGNEE + 1 : _BARRED],
        barred,
        *values[_BARRED + 1 :],
    )


def _event_row(e: Event) -> tuple[Any, ...]:
    """Return the event in the order of its columns."""
    values = astuple(e)
    return (*values[:_AUTHOR], *astuple(e.author), *values[_AUTHOR + 1 :])


def state_of(row: Row[*tuple[Any, ...]]) -> State:
    """Return the state of a row that begins with `state_columns`."""
    after = _ASSIGNEE + len(_NAMED)
    values: list[Any] = [*row[:_ASSIGNEE], assignee_of(row), *row[after:_STATE_END]]
    values[_BARRED] = tuple(values[_BARRED] or ())
    return State(*values)


def assignee_of(row: Row[*tuple[Any, ...]]) -> Author | None:
    """Return the agent a conversation's row names, or None."""
    if row.assignee_id is None:
        return None
    return Author("agent", row.assignee_id, row.assignee_name, row.assignee_badge)


def memory_of(row: Row[*tuple[Any, ...]]) -> Memory:
    """Return what the guard remembers, of a row with `memory_column`."""
    return Memory() if row.guard_memory is None else convert(row.guard_memory, Memory)


def event_of(row: Row[*tuple[Any, ...]]) -> Event:
    """Return the event of a row that begins with `event_columns`."""
    after = _AUTHOR + len(Author.__struct_fields__)
    values: list[Any] = [*row[:_AUTHOR], Author(*row[_AUTHOR:after]), *row[after:_EVENT_END]]
    return Event(*values)


def lock(tx: Connection, ids: Iterable[UUID]) -> dict[UUID, State]:
    """Return states by id, their rows locked in id order until the transaction ends."""
    return {row.id: state_of(row) for row in locked(tx, ids)}


def locked(tx: Connection, ids: Iterable[UUID]) -> Sequence[Row[*tuple[Any, ...]]]:
    """Return rows for `state_of` and `memory_of`, locked in id order until the transaction ends."""
    return tx.execute(
        select(*state_columns, memory_column)
        .where(conversation.c.id.in_(list(ids)))
        .order_by(conversation.c.id)
        .with_for_update()
    ).all()


def of_customer(
    tx: Connection, customer_id: UUID, *, inbox_id: UUID | None = None, open_only: bool = False
) -> list[State]:
    """Return the customer's conversations, locked in id order."""
    query = select(*state_columns).where(conversation.c.customer_id == customer_id)
    if open_only:
        query = query.where(conversation.c.status == "open")
    if inbox_id is not None:
        query = query.where(conversation.c.inbox_id == inbox_id)
    rows = tx.execute(query.order_by(conversation.c.id).with_for_update())
    return [state_of(row) for row in rows]


def events_by_key(tx: Connection, keys: Iterable[str]) -> dict[tuple[UUID, str], Event]:
    """Return stored events by (inbox, client key): what an earlier try of a message became."""
    rows = tx.execute(select(*event_columns, event.c.inbox_id).where(event.c.key.in_(list(keys))))
    return {(row.inbox_id, row.key): event_of(row) for row in rows}


def rewrite(tx: Connection, line: Event, data: dict[str, Any]) -> None:
    """Change what a line's data say: a file it carries was checked."""
    tx.execute(update(event).where(event.c.id == line.id).values(data=data))


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
