"""A customer who will not wait says how the answer is to reach them; their place stays.

Only channels that exist are offered. Today that is the exchange's own app: it tells those
whom the exchange has identified.
"""

from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import Connection

from kefu.actions import access
from kefu.conversations import continuations
from kefu.conversations.states import Change, State
from kefu.core.errors import KefuError
from kefu.core.records import Author, Entry, Visitor

APP: Final = "app"
EXCHANGE: Final = "exchange"


class NotReachable(KefuError):
    """The customer cannot be reached this way: the exchange has not said who they are."""

    code = "continue.not_reachable"
    status = 409


def offers(visitor: Visitor, *, has_app: bool) -> list[str]:
    """Return the ways in which an answer can reach the visitor when they leave."""
    return [APP] if has_app and visitor.uid is not None else []


def continue_by(
    tx: Connection,
    visitor: Visitor,
    conversation_id: UUID,
    choice: str,
    *,
    has_app: bool,
    at: datetime,
) -> Change | None:
    """Record the customer's choice for their own conversation; None if it is theirs already.

    Raises NotReachable for a way that is not offered.
    """
    if choice not in offers(visitor, has_app=has_app):
        raise NotReachable

    def entries(state: State) -> list[Entry]:
        since = state.waiting_since
        if since is None or continuations.choice_of(tx, state.id) == choice:
            return []
        continuations.keep(tx, state.id, choice=choice, proof=EXCHANGE, enqueued_at=since, at=at)
        author = Author("customer", state.customer_id)
        return [Entry("continuation", author, data={"choice": choice})]

    return access.change(tx, visitor, conversation_id, entries, at=at)
