"""The only way an action comes to a conversation: locked, and the actor's to touch.

A foreign conversation and a missing one look the same.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection

from kefu.conversations import store
from kefu.conversations.states import Change, State, extend
from kefu.core.errors import ConversationUnknown
from kefu.core.ids import uuid7
from kefu.core.records import Actor, Entry, Owner, Visitor
from kefu.customers import store as customers
from kefu.reads import thread


def conversation(tx: Connection, actor: Actor, conversation_id: UUID) -> State:
    """Return the conversation, locked. Raises ConversationUnknown.

    An agent with `conversation:read` reaches every conversation; a visitor only those of
    the customer their token stands for now.
    """
    state = store.lock(tx, [conversation_id]).get(conversation_id)
    if state is None or not owns(tx, actor, state.customer_id):
        raise ConversationUnknown
    return state


def party(tx: Connection, actor: Actor, conversation_id: UUID) -> Owner:
    """Return whose conversation it is, if the actor takes part. Raises ConversationUnknown."""
    owner = thread.owner_of(tx, conversation_id)
    if owner is None or not owns(tx, actor, owner.customer_id):
        raise ConversationUnknown
    return owner


def owns(tx: Connection, actor: Actor, customer_id: UUID) -> bool:
    """Return whether the actor may touch what belongs to the customer."""
    if not isinstance(actor, Visitor):
        return True
    return customers.known(tx, [actor.id]).get(actor.id) == (customer_id, False)


def public_file(tx: Connection, actor: Visitor, conversation_id: UUID, file_id: UUID) -> bool:
    """Return whether a file of the visitor's own conversation was sent in a public message.

    A file under an internal note is not the customer's to read.
    """
    owner = thread.owner_of(tx, conversation_id)
    if owner is None or not owns(tx, actor, owner.customer_id):
        return False
    return thread.shows_file(tx, conversation_id, file_id)


def change(
    tx: Connection,
    actor: Actor,
    conversation_id: UUID,
    entries: Callable[[State], Sequence[Entry]],
    *,
    at: datetime,
) -> Change | None:
    """Append what `entries` says of the conversation as it is; None if that is nothing."""
    state = conversation(tx, actor, conversation_id)
    new = entries(state)
    if not new:
        return None
    done = extend(state, new, at=at, new_id=uuid7)
    store.append(tx, [done])
    return done
