"""The demo's people and conversations, read from content.json."""

from functools import cache
from pathlib import Path
from typing import Annotated, Literal

import msgspec
from msgspec import Meta, Struct

from kefu.customers.exchange import Fact

_MinutesAgo = Annotated[float, Meta(ge=0)]


class Pending(Struct, frozen=True):
    """A transfer that has not arrived; `state` names a text of the page."""

    kind: Literal["deposit", "withdrawal"]
    state: Literal["crediting", "review", "memo"]
    amount: str
    asset: str
    network: str
    txid: str
    minutes: int
    confirmations: str


class Wallet(Struct, frozen=True):
    """What the exchange's page shows of a customer's money; amounts as they are printed.

    balances: asset, amount, worth in USDT.
    """

    total: str
    balances: tuple[tuple[str, str, str], ...]
    pending: Pending

    @property
    def usdt(self) -> str:
        """What can be spent on the BTC/USDT market."""
        return next((amount for asset, amount, _ in self.balances if asset == "USDT"), "0.00")


class Person(Struct, frozen=True):
    """A pretend customer of the imitation exchange, who can sign in on its page."""

    uid: str
    name: str
    language: str
    tier: str
    wallet: Wallet
    facts: tuple[Fact, ...]


class Attachment(Struct, frozen=True):
    """A file of a line: a drawn screenshot with these rows, or a text with these lines."""

    name: str
    kind: Literal["screenshot", "text"]
    title: str
    rows: tuple[tuple[str, ...], ...] = ()


class Line(Struct, frozen=True, kw_only=True):
    """One thing somebody did. `by`: `customer`, `system`, or an agent's first name.

    ago: minutes before the demo starts. to: the team that is asked aside or escalated to.
    """

    by: str
    ago: _MinutesAgo
    act: Literal["say", "note", "take", "close", "reopen", "escalate", "ask", "aside"] = "say"
    text: str = ""
    to: Literal["", "senior", "technical"] = ""
    files: tuple[Attachment, ...] = ()


class Conversation(Struct, frozen=True, kw_only=True):
    """One case. `customer` is a uid of the exchange; without one it is a visitor.

    topic: an id of `intake.topics`; None: nobody said what it is about.
    seen: whether the desk has read it to the end.
    """

    language: str
    lines: tuple[Line, ...]
    topic: str | None = None
    customer: str | None = None
    name: str | None = None
    tier: str | None = None
    seen: bool = True


class Staff(Struct, frozen=True):
    """An agent of the demo desk."""

    first: str
    email: str
    alias: str
    badge: str
    role: Literal["agent", "supervisor", "admin"]
    languages: tuple[str, ...]
    teams: tuple[str, ...]
    capacity: int


class Content(Struct, frozen=True):
    """All of content.json."""

    staff: tuple[Staff, ...]
    people: tuple[Person, ...]
    conversations: tuple[Conversation, ...]


@cache
def content() -> Content:
    """Return the demo's content. Raises msgspec.ValidationError if the file is wrong."""
    return msgspec.json.decode((Path(__file__).parent / "content.json").read_bytes(), type=Content)
