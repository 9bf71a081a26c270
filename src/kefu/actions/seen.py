"""Somebody has read a conversation up to a line."""

from uuid import UUID

from msgspec import Struct
from sqlalchemy import Connection

from kefu.actions import access
from kefu.conversations import store
from kefu.core.records import Actor, Owner, Visitor


class Seen(Struct, frozen=True):
    """A reading mark that moved."""

    conversation_id: UUID
    owner: Owner
    by: str
    seq: int


def seen(tx: Connection, actor: Actor, conversation_id: UUID, seq: int) -> Seen | None:
    """Move the reader's mark; None if it stood there or further. It never moves back."""
    state = access.conversation(tx, actor, conversation_id)
    by = "customer" if isinstance(actor, Visitor) else "agent"
    if not store.mark_seen(tx, conversation_id, by=by, seq=min(seq, state.seq)):
        return None
    return Seen(conversation_id, state.owner, by, min(seq, state.seq))
