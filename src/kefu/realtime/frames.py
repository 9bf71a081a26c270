"""Frames to clients. A line of a log is encoded once, however many sockets it goes to."""

from functools import cached_property
from typing import Any

from msgspec import to_builtins

from kefu.core.records import Author, Event, Owner, PublicEvent
from kefu.realtime.protocol import encode


class Line:
    """An event on its way to sockets, with the form for customers and the one for agents."""

    def __init__(self, event: Event, public: PublicEvent | None, owner: Owner) -> None:
        self.event = event
        self.public = public
        self.owner = owner

    @cached_property
    def for_customers(self) -> str | None:
        """The frame a customer gets, or None for what is internal."""
        return encode(public_frame(self.public)) if self.public else None

    @cached_property
    def for_agents(self) -> str:
        """The frame an agent gets."""
        return encode(agent_frame(self.event))


def public_frame(event: PublicEvent) -> dict[str, Any]:
    """Return an event frame for the customer."""
    return _frame(event, event.author)


def agent_frame(event: Event) -> dict[str, Any]:
    """Return an event frame for an agent: internal lines are marked so."""
    return _frame(event, event.author) | {"visibility": event.visibility}


def _frame(event: Event | PublicEvent, author: Author) -> dict[str, Any]:
    frame: dict[str, Any] = {
        "type": "event",
        "conversation": event.conversation_id,
        "seq": event.seq,
        "id": event.id,
        "kind": event.kind,
        "at": event.at,
        "from": _author(author),
    }
    if event.text is not None:
        frame["text"] = event.text.value
    if event.key is not None:
        frame["key"] = event.key
    if event.data:
        frame["data"] = event.data
    return frame


def _author(author: Author) -> dict[str, Any]:
    return {k: v for k, v in to_builtins(author).items() if v is not None and k != "id"}
