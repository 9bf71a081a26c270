"""What is owed in a conversation, and how many are before it in its queue."""

from uuid import UUID

from sqlalchemy import Connection, and_, func, or_, select

from kefu.core.views import ClockView, ConversationView
from kefu.storage.tables import conversation, target


def clocks(tx: Connection, conversation_id: UUID) -> tuple[ClockView, ...]:
    """Return what is owed, one clock of each kind, the soonest first; those that stand last."""
    c = target.c
    rows = tx.execute(
        select(c.kind, c.due_at, c.warn_at)
        .where(c.conversation_id == conversation_id, c.met_at.is_(None))
        .order_by(c.due_at.is_(None), c.due_at, c.kind)
    )
    found: dict[str, ClockView] = {}
    for row in rows:
        found.setdefault(row.kind, ClockView(*row))
    return tuple(found.values())


def ahead(tx: Connection, of: ConversationView) -> int | None:
    """Return how many are before it in the queue of its team; None if it does not wait there."""
    if of.place_at is None:
        return None
    c = conversation.c
    before = or_(c.place_at < of.place_at, and_(c.place_at == of.place_at, c.id < of.id))
    query = select(func.count()).where(c.team == of.team, c.place_at.is_not(None), before)
    return tx.execute(query).scalar_one()
