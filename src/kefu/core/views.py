"""What screens show: frozen values that reads make and pages draw."""

from datetime import datetime, timedelta
from typing import Final, Literal
from uuid import UUID

from msgspec import Struct

from kefu.core.records import Author, Event, Status
from kefu.core.text import SafeText

View = Literal["mine", "unassigned", "open", "closed"]
PRESENT: Final = timedelta(minutes=3)
"""An agent seen within this time is at the desk."""

VIEWS: Final[tuple[View, ...]] = ("mine", "unassigned", "open", "closed")


class InboxRow(Struct, frozen=True):
    """A conversation as the list shows it.

    customer_name None: a visitor nobody named; `customer_tail` tells them apart.
    unread: customer messages no agent has read or answered.
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


class InboxPage(Struct, frozen=True):
    """One page of a view, newest first, and the counts of all views.

    more: the cursor for the next page, or None at the end.
    """

    rows: tuple[InboxRow, ...]
    counts: dict[str, int]
    more: str | None


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


class Channel(Struct, frozen=True):
    """A kind of door: open while an agent is at the desk; languages: what those present speak."""

    kind: str
    open: bool
    languages: tuple[str, ...]


class Report(Struct, frozen=True):
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
