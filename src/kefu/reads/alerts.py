"""Alerts as supervisors read them: who, where, why, how often."""

from typing import Final

from sqlalchemy import Connection, func, select

from kefu.core.views import Alert
from kefu.storage.tables import agent, alert, conversation

MOST: Final = 200


def listed(tx: Connection) -> tuple[Alert, ...]:
    """Return alerts, those nobody has looked at first, each group newest first."""
    rows = tx.execute(
        select(
            *alert.c["id", "conversation_id", "seq", "reasons", "tries", "created_at"],
            alert.c.settled_at,
            conversation.c.reference,
            agent.c.alias,
            agent.c.badge,
        )
        .join(conversation, conversation.c.id == alert.c.conversation_id)
        .outerjoin(agent, agent.c.id == alert.c.agent_id)
        .order_by(alert.c.settled_at.is_not(None), alert.c.created_at.desc(), alert.c.id.desc())
        .limit(MOST)
    )
    return tuple(
        Alert(
            id=row.id,
            conversation_id=row.conversation_id,
            reference=row.reference,
            seq=row.seq,
            reasons=tuple(row.reasons),
            alias=row.alias,
            badge=row.badge,
            tries=row.tries,
            at=row.created_at,
            is_settled=row.settled_at is not None,
        )
        for row in rows
    )


def unsettled(tx: Connection) -> int:
    """Return how many alerts nobody has looked at."""
    return tx.execute(
        select(func.count()).select_from(alert).where(alert.c.settled_at.is_(None))
    ).scalar_one()
