"""What a supervisor should step in for: targets and promises about to pass, escalations that
nobody accepted, customers whom nobody can serve."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Connection, Row, Select, select

from kefu.core.floor_views import Risk, RiskKind, Where
from kefu.reads.inbox import tail
from kefu.routing.choose import Reason
from kefu.storage.tables import conversation, customer, escalation, promise, target

SOON: Final = timedelta(minutes=5)
"""How long before a target passes it is named."""

PROMISE_SOON: Final = timedelta(seconds=60)
MOST: Final = 60
"""How many are listed of each kind."""

_C = conversation.c


def where_query(*more: Any) -> Select[*tuple[Any, ...]]:
    """Return the query of conversations as a line of the floor names them."""
    return select(
        *_C["id", "reference", "customer_id", "language", "team", "topic", "assignee_name"],
        customer.c.name,
        *more,
    ).join(customer, customer.c.id == _C.customer_id)


def where_of(row: Row[*tuple[Any, ...]]) -> Where:
    """Return the conversation of a row of `where_query`."""
    return Where(
        id=row.id,
        reference=row.reference,
        customer_name=row.name,
        customer_tail=tail(row.customer_id),
        language=row.language,
        team=row.team,
        topic=row.topic,
        owner=row.assignee_name,
    )


def listed(
    tx: Connection, stuck: Sequence[tuple[UUID, Reason]], *, at: datetime
) -> tuple[tuple[Risk, ...], int]:
    """Return the risks, the most urgent first, and how many more there are of some kind."""
    kinds = [
        _unserved(tx, stuck),
        _targets(tx, at),
        _promises(tx, at),
        _escalations(tx),
    ]
    found = [risk for risks in kinds for risk in risks[:MOST]]
    more = sum(max(len(risks) - MOST, 0) for risks in kinds[1:]) + max(len(stuck) - MOST, 0)
    return tuple(sorted(found, key=lambda risk: (risk.at, risk.where.reference))), more


def _targets(tx: Connection, at: datetime) -> list[Risk]:
    """Return clocks that ran out or are about to, of open conversations."""
    rows = tx.execute(
        where_query(target.c.kind, target.c.due_at)
        .join(target, target.c.conversation_id == _C.id)
        .where(
            _C.status == "open",
            target.c.met_at.is_(None),
            target.c.paused_at.is_(None),
            target.c.due_at <= at + SOON,
        )
        .order_by(target.c.due_at)
        .limit(MOST + 1)
    )
    return [
        _risk("late" if row.due_at <= at else "soon", row, row.due_at, row.kind) for row in rows
    ]


def _promises(tx: Connection, at: datetime) -> list[Risk]:
    """Return promises that hold and pass within a minute: renewed at best, broken at worst."""
    rows = tx.execute(
        where_query(promise.c.due_at)
        .join(promise, promise.c.conversation_id == _C.id)
        .where(promise.c.renew_at <= at + PROMISE_SOON)
        .order_by(promise.c.due_at)
        .limit(MOST + 1)
    )
    return [_risk("promise", row, row.due_at, row.team) for row in rows]


def _escalations(tx: Connection) -> list[Risk]:
    """Return escalations that nobody has accepted."""
    rows = tx.execute(
        where_query(escalation.c.to_team, escalation.c.requested_at, escalation.c.due_at)
        .join(escalation, escalation.c.conversation_id == _C.id)
        .where(escalation.c.status == "requested")
        .order_by(escalation.c.requested_at)
        .limit(MOST + 1)
    )
    return [_risk("escalation", row, row.due_at or row.requested_at, row.to_team) for row in rows]


def _unserved(tx: Connection, stuck: Sequence[tuple[UUID, Reason]]) -> list[Risk]:
    if not stuck:
        return []
    reasons = dict(stuck[:MOST])
    rows = tx.execute(where_query(_C.waiting_since).where(_C.id.in_(list(reasons))))
    return [_risk("unservable", row, row.waiting_since, reasons[row.id]) for row in rows]


def _risk(kind: RiskKind, row: Row[*tuple[Any, ...]], at: datetime, what: str) -> Risk:
    return Risk(kind, where_of(row), at, what)
