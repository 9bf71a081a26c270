"""What the supervisor's pages show: the floor as it stands, who is planned when, who can what."""

from collections.abc import Mapping
from datetime import datetime
from typing import Literal
from uuid import UUID

from msgspec import Struct

from kefu.core.text import SafeText

RiskKind = Literal["late", "soon", "promise", "escalation", "unservable"]
"""A target that passed or is about to; a promise about to pass; an escalation that nobody
accepted; a customer whom nobody who is there may have."""


class TeamName(Struct, frozen=True):
    """A team and what it is called, by language."""

    key: str
    name: Mapping[str, str]


class TeamView(Struct, frozen=True):
    """A team's queue. low, high: seconds that whoever joined it now would wait, 80 % of the time.

    kept, broken: promises of today that ended so. present: agents who take work; room: how many
    customers more they take.
    """

    key: str
    name: Mapping[str, str]
    waiting: int
    longest_since: datetime | None
    low: float | None
    high: float | None
    peak_since: datetime | None
    kept: int
    broken: int
    present: int
    room: int


class PersonView(Struct, frozen=True):
    """An agent on the floor. load: how many conversations they have.

    shift_ends_at: of the shift they have now; None: they have none.
    """

    id: UUID
    alias: str
    badge: str
    languages: tuple[str, ...]
    teams: tuple[str, ...]
    topics: tuple[str, ...]
    capacity: int
    load: int
    work_state: str
    since_at: datetime | None
    is_here: bool
    shift_ends_at: datetime | None


class Where(Struct, frozen=True):
    """A conversation, as far as a line that leads to it says. owner: the agent who has it."""

    id: UUID
    reference: str
    customer_name: SafeText | None
    customer_tail: str
    language: str
    team: str
    topic: str | None
    owner: str | None


class WaitingView(Struct, frozen=True):
    """A customer in the queue. ahead: how many are before them in it."""

    where: Where
    ahead: int
    priority: int
    since: datetime


class Risk(Struct, frozen=True):
    """Something to step in for. at: when it is due; what: which clock, team or hindrance."""

    kind: RiskKind
    where: Where
    at: datetime
    what: str


class ShiftNote(Struct, frozen=True):
    """What one shift leaves to the next."""

    id: UUID
    alias: str
    badge: str
    at: datetime
    text: SafeText


class Floor(Struct, frozen=True):
    """The floor at an instant. risks: the most urgent first; `more` were left out."""

    at: datetime
    teams: tuple[TeamView, ...]
    people: tuple[PersonView, ...]
    waiting: tuple[WaitingView, ...]
    risks: tuple[Risk, ...]
    more: int
    notes: tuple[ShiftNote, ...]
