"""Values that several features share: events, people, what comes in, what goes out."""

from datetime import datetime
from typing import Any, ClassVar, Final, Literal, NamedTuple, final
from uuid import UUID

from msgspec import Struct, field

from kefu.core.text import SafeText

Visibility = Literal["public", "internal"]
AuthorKind = Literal["customer", "agent", "bot", "rule", "system"]
EventKind = Literal[
    "message",
    "note",
    "state",
    "assignment",
    "redaction",
    "opened",
    "warning",
    "alert",
    "escalation",
    "promise",
    "target",
    "continuation",
]
Status = Literal["open", "closed"]
FRONT: Final = "front"
"""The team whose queue a conversation joins at first."""
TECHNICAL: Final = "technical"
SENIOR: Final = "senior"
"""The teams to which it may be escalated."""
TEAMS: Final = (FRONT, TECHNICAL, SENIOR)
FileState = Literal["clean", "checking", "unchecked", "removed"]


class Author(Struct, frozen=True):
    """Who caused an event, as it was then: an agent's alias and badge stay in the log."""

    kind: AuthorKind
    id: UUID | None = None
    name: str | None = None
    badge: str | None = None


SYSTEM: Final = Author("system")


class Event(Struct, frozen=True):
    """One line of a conversation's log.

    seq counts up from 1 without a gap within the conversation. `key` is the client's own
    id of a message: a resend with the same key gives the same event. `data` holds what the
    kind needs, never free text.
    """

    id: UUID
    conversation_id: UUID
    seq: int
    kind: EventKind
    visibility: Visibility
    author: Author
    at: datetime
    text: SafeText | None = None
    key: str | None = None
    data: dict[str, Any] = field(default_factory=dict)


_FILTER: Final = object()


@final
class PublicEvent:
    """An event a customer may see. Only the filter in `kefu.reads.public` makes one."""

    __slots__ = ("at", "author", "conversation_id", "data", "id", "key", "kind", "seq", "text")

    def __init__(self, event: Event, author: Author, data: dict[str, Any], maker: object) -> None:
        if maker is not _FILTER:
            raise TypeError("PublicEvent is made by kefu.reads.public only")
        self.id: UUID = event.id
        self.conversation_id: UUID = event.conversation_id
        self.seq: int = event.seq
        self.kind: EventKind = event.kind
        self.at: datetime = event.at
        self.author: Author = author
        self.text: SafeText | None = event.text
        self.key: str | None = event.key
        self.data: dict[str, Any] = data


class Owner(NamedTuple):
    """Whose a conversation is: a customer, at one inbox."""

    customer_id: UUID
    inbox_id: UUID


class Visitor(Struct, frozen=True):
    """One browser on one site: it proved itself with its secret token.

    `customer_id` is None until there is something to keep. `uid` is set once the exchange's
    signed token said who it is.
    """

    id: UUID
    inbox_id: UUID
    site: str
    language: str
    customer_id: UUID | None = None
    uid: str | None = None

    permissions: ClassVar[frozenset[str]] = frozenset({"own:read", "own:write"})

    @property
    def owner(self) -> Owner | None:
        """Whose conversations this visitor reads and writes, once there is something to keep."""
        return Owner(self.customer_id, self.inbox_id) if self.customer_id else None


class Agent(Struct, frozen=True):
    """A member of staff, signed in. `badge` is the public number (`A-20417`)."""

    id: UUID
    alias: str
    badge: str
    email: str
    languages: tuple[str, ...]
    permissions: frozenset[str]
    session_id: UUID | None = None


Actor = Visitor | Agent


class Inbound(Struct, frozen=True):
    """A customer's message, guarded, on its way into the log.

    key: the client's own id of the message, unique in the inbox.
    text: None only beside files.
    scams: the kinds of scam that its words speak of, as `guard.judge` names them.
    topic: what the customer says it is about; counts if it opens a conversation.
    intent: what the words ask for, as `intake.intents` names it.
    """

    visitor: Visitor
    key: str
    text: SafeText | None
    files: tuple[UUID, ...] = ()
    language: str | None = None
    scams: tuple[str, ...] = ()
    topic: str | None = None
    intent: str = "none"


class Outbound(Struct, frozen=True):
    """An agent's message or note on its way into the log.

    read_up_to: the last sequence number the agent had on screen; a message of somebody
        else after it holds the reply. None sends regardless.
    side: the side thread that a note belongs to.
    confirmed: the agent was shown which figures differ from the case, and sends them.
    differing: those figures, as (kind, start, end) in the text.
    """

    agent: Agent
    conversation_id: UUID
    key: str
    text: SafeText | None
    files: tuple[UUID, ...] = ()
    visibility: Visibility = "public"
    read_up_to: int | None = None
    side: UUID | None = None
    confirmed: bool = False
    differing: tuple[tuple[str, int, int], ...] = ()


class Entry(Struct, frozen=True):
    """An event to be: what an action wants in the log, before it has a place there."""

    kind: EventKind
    author: Author
    visibility: Visibility = "public"
    text: SafeText | None = None
    key: str | None = None
    data: dict[str, Any] = field(default_factory=dict)


class Receipt(Struct, frozen=True):
    """What an acknowledged message became. `repeated`: it was stored by an earlier try."""

    key: str
    conversation_id: UUID
    reference: str
    event: Event
    repeated: bool = False


class FileInfo(Struct, frozen=True):
    """A stored file as people see it. Sizes in bytes and pixels.

    found: the kinds of secret that were taken out of it, or for which it was removed.
    """

    id: UUID
    name: str
    content_type: str
    size: int
    width: int | None = None
    height: int | None = None
    state: FileState = "clean"
    found: tuple[str, ...] = ()
