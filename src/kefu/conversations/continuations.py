"""How customers who do not wait in the chat are to be reached: one choice a conversation."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, insert, select, update

from kefu.storage.tables import continuation


def choice_of(tx: Connection, conversation_id: UUID) -> str | None:
    """Return the customer's choice, or None."""
    choice: str | None = tx.execute(
        select(continuation.c.choice).where(continuation.c.conversation_id == conversation_id)
    ).scalar()
    return choice


def keep(
    tx: Connection,
    conversation_id: UUID,
    *,
    choice: str,
    proof: str,
    enqueued_at: datetime,
    at: datetime,
) -> None:
    """Store the choice in place of an earlier one. The conversation's row is locked.

    proof: who vouches for the contact; enqueued_at: since when the customer waits, which counts
    for their place wherever the answer goes.
    """
    values = {"choice": choice, "proof": proof, "chosen_at": at}
    changed = tx.execute(
        update(continuation).where(continuation.c.conversation_id == conversation_id).values(values)
    )
    if not changed.rowcount:
        where = {"conversation_id": conversation_id, "enqueued_at": enqueued_at}
        tx.execute(insert(continuation).values(values | where))
