"""What screens show: frozen values that reads make and pages draw."""

from datetime import datetime, timedelta
from typing import Final, Literal
from uuid import UUID

from msgspec import Struct

from kefu.core.records import FRONT, Author, Event, Status
from kefu.core.text import SafeText

View = Literal["mine", "queue", "escalated", "open", "closed"]
PRESENT: Final = timedelta(minutes=3)
"""An agent seen within this time is at the desk."""

VIEWS: Final[tuple[View, ...]] = ("mine", "queue", "escalated", "open", "closed")


class ClockView(Struct, frozen=True):
    """Something owed that is not done yet. due_at, warn_at None: its time stands still."""

    kind: str
    due_at: datetime | None
    warn_at: datetime | None


class InboxRow(Struct, frozen=True):
    """A conversation as the list shows it.

    customer_name None: a visitor nobody named; `customer_tail` tells them apart.
    unread: customer messages no agent has read or answered. clock: what is owed first.
    position: its place in the queue from 1, in the view of the queue alone.
    """

    id: UUID
    reference: str
    customer_name: SafeText | None
    customer_tail: str
    language: str
    tier: str | None
    channel: str
    status: Status
    assignee: Author | None
    preview: SafeText | None
    preview_by: str | None
    updated_at: datetime
    waiting_since: datetime | None
    unread: int
    topic: str | None
    priority: int
    is_escalated: bool
    clock: ClockView | None
    position: int | None = None


class Work(Struct, frozen=True):
    """What an agent takes: state as they said, load and capacity in conversations at once."""

    teams: tuple[str, ...]
    state: str
    load: int
    capacity: int


class InboxPage(Struct, frozen=True):
    """One page of a view in its order, the counts of all views, and how the agent works.

    more: the cursor for the next page, or None at the end.
    """

    rows: tuple[InboxRow, ...]
    counts: dict[str, int]
    more: str | None
    work: Work


class ConversationView(Struct, frozen=True):
    """The conversation itself. head: its last sequence number; the marks say who read how far."""

    id: UUID
    inbox_id: UUID
    customer_id: UUID
    reference: str
    status: Status
    language: str
    assignee: Author | None
    head: int
    public_head: int
    customer_seen: int
    agent_seen: int
    opened_at: datetime
    updated_at: datetime
    topic: str | None = None
    team: str = FRONT
    priority: int = 0
    place_at: datetime | None = None
    barred: tuple[str, ...] = ()
    idle_closes_at: datetime | None = None
    follows: str | None = None


class CustomerView(Struct, frozen=True):
    """The customer beside a conversation. uid_tail: the last four of the exchange's uid."""

    name: SafeText | None
    tail: str
    uid_tail: str | None
    tier: str | None
    language: str
    identified: bool
    first_seen_at: datetime
    conversations: int
    site: str | None


class Thread(Struct, frozen=True):
    """A conversation, its customer, and events; `earlier` says that older ones exist."""

    conversation: ConversationView
    customer: CustomerView
    events: tuple[Event, ...]
    earlier: bool


class Colleague(Struct, frozen=True):
    """An agent one may give a conversation to. seen_at: last sign of presence."""

    id: UUID
    alias: str
    badge: str
    languages: tuple[str, ...]
    seen_at: datetime | None
    work: Work


class Channel(Struct, frozen=True):
    """A kind of door: open while an agent is at the desk; languages: what those present speak."""

    kind: str
    open: bool
    languages: tuple[str, ...]


class Alert(Struct, frozen=True):
    """Something a supervisor should look at: the line `seq` of a conversation tells of it.

    alias, badge: the agent who tried it, None when a customer's words gave rise to it.
    tries: how often that agent tried such a thing within a day.
    """

    id: UUID
    conversation_id: UUID
    reference: str
    seq: int
    reasons: tuple[str, ...]
    alias: str | None
    badge: str | None
    tries: int
    at: datetime
    is_settled: bool


class EscalationView(Struct, frozen=True):
    """An escalation beside a conversation. owner, badge: the agent who accepted it last.

    by: `customer`, `agent`, `phrase` (the customer's words); step: `requested`, `accepted`,
    `answered`, `declined`, `withdrawn`.
    """

    id: UUID
    to: str
    reason: str
    by: str
    step: str
    owner_id: UUID | None
    owner: str | None
    badge: str | None
    requested_at: datetime
    due_at: datetime | None
    settled_at: datetime | None


class SideView(Struct, frozen=True):
    """A side thread with its lines, which are notes. alias, badge: who opened it."""

    id: UUID
    conversation_id: UUID
    reference: str
    team: str
    title: SafeText
    alias: str
    badge: str
    opened_at: datetime
    closed_at: datetime | None
    lines: tuple[Event, ...]


class CaseView(Struct, frozen=True):
    """What a conversation is beside its lines.

    clocks: one of each kind that is owed; ahead: how many are before it in its queue, None if
    it does not wait; may_answer: whether the agent who asks may have it while it is escalated.
    """

    clocks: tuple[ClockView, ...]
    ahead: int | None
    escalations: tuple[EscalationView, ...]
    sides: tuple[SideView, ...]
    may_answer: bool

    @property
    def escalation(self) -> EscalationView | None:
        """The escalation that is neither answered nor declined, if there is one."""
        return next((one for one in self.escalations if one.settled_at is None), None)
