"""What a conversation is after an event: the row is the fold of the log.

Pure: no clock, no database. An action decides entries; `extend` gives them their place.
"""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from msgspec import Struct
from msgspec.structs import replace

from kefu.core.places import place
from kefu.core.records import FRONT, Author, Entry, Event, Owner, Status
from kefu.core.text import SafeText
from kefu.guard import Memory, masked

GOES_ON: Final = timedelta(days=7)
"""How long after its end a conversation goes on with what the customer says or asks."""


class State(Struct, frozen=True):
    """The conversation's row, as far as it follows from the log and the reading marks.

    unread: customer messages since an agent last answered or looked.
    waiting_since: when the oldest customer message without an answer came.
    priority: -1 low, 0 normal, 1 high, 2 urgent.
    place_at: its place in the queue of its team, while it waits there for an agent.
    barred: agents to whom routing does not give it, as text.
    idle_closes_at: when it will be closed, if the customer says nothing.
    follows: the reference of the older case that it goes on from.
    """

    id: UUID
    inbox_id: UUID
    customer_id: UUID
    reference: str
    status: Status
    language: str
    assignee: Author | None
    seq: int
    public_seq: int
    unread: int
    preview: SafeText | None
    preview_by: str | None
    waiting_since: datetime | None
    opened_at: datetime
    updated_at: datetime
    closed_at: datetime | None
    topic: str | None = None
    team: str = FRONT
    priority: int = 0
    place_at: datetime | None = None
    barred: tuple[str, ...] = ()
    idle_closes_at: datetime | None = None
    follows: str | None = None

    @property
    def owner(self) -> Owner:
        """Whose conversation it is."""
        return Owner(self.customer_id, self.inbox_id)


class Change(Struct, frozen=True):
    """What one action does to one conversation: `after` is `before` with the events applied.

    memory: what the guard remembers of the conversation from now on, if that changes.
    """

    before: State | None
    events: tuple[Event, ...]
    after: State
    memory: Memory | None = None

    def then(self, change: "Change") -> "Change":
        """Return this change and the next of the same conversation as one."""
        return Change(self.before, self.events + change.events, change.after, change.memory)


def opening(
    *,
    inbox_id: UUID,
    customer_id: UUID,
    reference: str,
    language: str,
    author: Author,
    topic: str | None = None,
    team: str = FRONT,
    priority: int = 0,
    follows: str | None = None,
) -> Entry:
    """Return the first entry of a new conversation; its state follows from it alone."""
    data: dict[str, Any] = {
        "to": "open",
        "reference": reference,
        "inbox": str(inbox_id),
        "customer": str(customer_id),
        "language": language,
    }
    if topic:
        data |= {"topic": topic, "team": team, "priority": priority}
    if follows:
        data["follows"] = follows
    return Entry("state", author, data=data)


def extend(
    before: State | None,
    entries: Sequence[Entry],
    *,
    at: datetime,
    new_id: Callable[[], UUID],
) -> Change:
    """Return the change that appends entries, in order, numbered on from `before`.

    new_id: gives each event its UUIDv7, and a new conversation too.

    Raises ValueError if a new conversation does not begin with its opening.
    """
    conversation_id = before.id if before else new_id()
    state, events = before, []
    for entry in entries:
        event = Event(
            id=new_id(),
            conversation_id=conversation_id,
            seq=(state.seq if state else 0) + 1,
            kind=entry.kind,
            visibility=entry.visibility,
            author=entry.author,
            at=at,
            text=entry.text,
            key=entry.key,
            data=entry.data,
        )
        state = apply(state, event)
        events.append(event)
    if state is None:
        raise ValueError("a change needs an entry")
    return Change(before, tuple(events), state)


def folded(before: State | None, events: Sequence[Event]) -> State:
    """Return the state after events. Raises ValueError if there is neither state nor event."""
    state = before
    for event in events:
        state = apply(state, event)
    if state is None:
        raise ValueError("a change needs an event")
    return state


def apply(state: State | None, event: Event) -> State:
    """Return the state after event."""
    if state is None:
        return _opened(event)
    state = replace(
        state,
        seq=event.seq,
        public_seq=event.seq if event.visibility == "public" else state.public_seq,
        updated_at=event.at,
    )
    step = _STEPS.get(event.kind)
    return _placed(step(state, event)) if step else state


def _placed(state: State) -> State:
    """Return the state with its place in the queue: open, waiting, and nobody's."""
    waits = state.status == "open" and state.assignee is None
    since = state.waiting_since if waits else None
    place_at = place(since, state.priority) if since else None
    return state if place_at == state.place_at else replace(state, place_at=place_at)


def _opened(event: Event) -> State:
    if event.kind != "state" or event.seq != 1:
        raise ValueError("a conversation begins with its opening")
    return State(
        id=event.conversation_id,
        inbox_id=UUID(event.data["inbox"]),
        customer_id=UUID(event.data["customer"]),
        reference=event.data["reference"],
        status="open",
        language=event.data["language"],
        assignee=None,
        seq=1,
        public_seq=1,
        unread=0,
        preview=None,
        preview_by=None,
        waiting_since=None,
        opened_at=event.at,
        updated_at=event.at,
        closed_at=None,
        topic=event.data.get("topic"),
        team=event.data.get("team", FRONT),
        priority=event.data.get("priority", 0),
        follows=event.data.get("follows"),
    )


def _said(state: State, event: Event) -> State:
    by_customer = event.author.kind == "customer"
    answered = event.author.kind == "agent"
    return replace(
        state,
        preview=event.text,
        preview_by=event.author.kind,
        unread=state.unread + 1 if by_customer else 0 if answered else state.unread,
        waiting_since=(
            (state.waiting_since or event.at)
            if by_customer
            else None
            if answered
            else state.waiting_since
        ),
        idle_closes_at=None,
    )


def _redacted(state: State, event: Event) -> State:
    """The line that the list shows may be the one that was masked."""
    if not event.data.get("preview"):
        return state
    return replace(state, preview=masked(event.data["kind"]))


def _moved(state: State, event: Event) -> State:
    match event.data["to"]:
        case "closed":
            return replace(
                state,
                status="closed",
                closed_at=event.at,
                waiting_since=None,
                idle_closes_at=None,
            )
        case "reopened":
            return replace(state, status="open", closed_at=None)
        case "idle":
            return replace(state, idle_closes_at=_instant(event.data["closes_at"]))
        case "topic":
            return replace(state, topic=event.data["topic"])
        case "team":
            return _to_team(state, event)
        case "priority":
            return replace(state, priority=event.data["priority"])
        case "moved":
            return replace(state, customer_id=UUID(event.data["customer"]))
        case "language":
            return replace(state, language=event.data["language"])
        case other:
            raise ValueError(f"no such state: {other}")


def _to_team(state: State, event: Event) -> State:
    """It goes to the queue of another team, and waits from now on if it did not yet."""
    return replace(
        state,
        team=event.data["team"],
        priority=max(state.priority, event.data.get("priority", state.priority)),
        assignee=None,
        barred=tuple(event.data.get("barred", state.barred)),
        waiting_since=state.waiting_since or event.at,
    )


def _instant(text: str) -> datetime:
    return datetime.fromisoformat(text)


def _assigned(state: State, event: Event) -> State:
    return replace(state, assignee=person(event.data["agent"]))


def person(data: dict[str, str] | None) -> Author | None:
    """Return the agent an assignment names, or None."""
    return Author("agent", UUID(data["id"]), data["name"], data["badge"]) if data else None


_STEPS: Final[dict[str, Callable[[State, Event], State]]] = {
    "message": _said,
    "state": _moved,
    "assignment": _assigned,
    "redaction": _redacted,
}
