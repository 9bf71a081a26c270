"""Statements on alerts: what the desk noticed and a supervisor should look at."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from msgspec import Struct
from sqlalchemy import Connection, func, insert, select, update

from kefu.core.ids import uuid7
from kefu.storage.tables import alert


class NewAlert(Struct, frozen=True):
    """Something to look at, by the line of the log that says so.

    agent_id: who tried it; None when a customer's words gave rise to it. reasons: codes of
    `guard.judge`. tries: how often the agent tried such a thing within a day, this time too.
    """

    conversation_id: UUID
    seq: int
    reasons: tuple[str, ...]
    agent_id: UUID | None = None
    tries: int = 0


def add(tx: Connection, alerts: Sequence[NewAlert], *, at: datetime) -> None:
    """Store alerts."""
    if alerts:
        tx.execute(insert(alert), [_row(one, at) for one in alerts])


def _row(one: NewAlert, at: datetime) -> dict[str, object]:
    return {
        "id": uuid7(),
        "conversation_id": one.conversation_id,
        "seq": one.seq,
        "reasons": list(one.reasons),
        "agent_id": one.agent_id,
        "tries": one.tries,
        "created_at": at,
    }


def tries(tx: Connection, agent_id: UUID, *, since: datetime) -> int:
    """Return how many alerts there are on an agent since an instant."""
    counted = select(func.count()).where(alert.c.agent_id == agent_id, alert.c.created_at >= since)
    return tx.execute(counted).scalar_one()


def settle(tx: Connection, ids: Iterable[UUID], by: UUID, *, at: datetime) -> int:
    """Note that an agent has looked at alerts; return how many were still open."""
    done = tx.execute(
        update(alert)
        .where(alert.c.id.in_(list(ids)), alert.c.settled_at.is_(None))
        .values(settled_at=at, settled_by=by)
    )
    return done.rowcount
