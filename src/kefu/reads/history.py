"""All that was ever said, for commands that look through history."""

from collections.abc import Iterator
from typing import Final
from uuid import UUID

from sqlalchemy import Connection, select

from kefu.core.records import Event
from kefu.reads import thread
from kefu.storage.tables import conversation

PAGE: Final = 500


def conversations(tx: Connection, after: UUID | None) -> list[UUID]:
    """Return the ids of conversations behind one of them, in order, 500 at most."""
    query = select(conversation.c.id).order_by(conversation.c.id).limit(PAGE)
    if after is not None:
        query = query.where(conversation.c.id > after)
    return list(tx.execute(query).scalars())


def lines(tx: Connection, conversation_id: UUID) -> list[Event]:
    """Return the whole log of a conversation."""
    return [event for page in _pages(tx, conversation_id) for event in page]


def _pages(tx: Connection, conversation_id: UUID) -> Iterator[list[Event]]:
    after = 0
    while page := thread.events_after(tx, conversation_id, after, limit=PAGE):
        yield page
        after = page[-1].seq
