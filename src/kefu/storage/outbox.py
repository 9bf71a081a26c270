"""The outbox: effects as rows of the transaction that caused them, run at least once, in order.

Order holds within a lane; lanes run side by side. A row is leased while it runs, so a
worker that dies only delays it.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from msgspec import Struct
from sqlalchemy import (
    Connection,
    and_,
    delete,
    exists,
    func,
    insert,
    or_,
    select,
    text,
    update,
)

from kefu.storage.tables import outbox

LEASE: Final = timedelta(seconds=60)
BATCH: Final = 200
ATTEMPTS: Final = 12
_CLAIM_LOCK: Final = 0x6B656675


class Effect(Struct, frozen=True):
    """One effect to run: `name` says which handler, `payload` what it needs.

    attempts: how often it was claimed before.
    """

    id: int
    name: str
    lane: str
    payload: dict[str, Any]
    attempts: int


def add(tx: Connection, rows: Sequence[tuple[str, str, dict[str, Any]]], *, at: datetime) -> None:
    """Add effects (name, lane, payload) that run once this transaction is committed."""
    if rows:
        tx.execute(
            insert(outbox),
            [
                {
                    "name": name,
                    "lane": lane,
                    "payload": payload,
                    "created_at": at,
                    "due_at": at,
                }
                for name, lane, payload in rows
            ],
        )


def claim(
    tx: Connection,
    *,
    at: datetime,
    limit: int = BATCH,
    only: Sequence[str] = (),
    without: Sequence[str] = (),
    lease: timedelta = LEASE,
) -> list[Effect]:
    """Lease and return effects that may run now, oldest first, none ahead of its own lane.

    only, without: names to choose from, or to leave out. Each claim counts as an attempt: an
    effect that ends the process it runs in is told by that.
    """
    if tx.dialect.name == "postgresql":
        tx.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _CLAIM_LOCK})
    earlier = outbox.alias("earlier")
    held = or_(earlier.c.due_at > at, earlier.c.leased_until > at)
    blocked = exists().where(
        and_(earlier.c.lane == outbox.c.lane, earlier.c.id < outbox.c.id),
        earlier.c.failed_code.is_(None),
        held,
    )
    names = [outbox.c.name.in_(only)] if only else []
    rows = tx.execute(
        select(*outbox.c["id", "name", "lane", "payload", "attempts"])
        .where(*names, outbox.c.name.not_in(without))
        .where(outbox.c.due_at <= at, outbox.c.failed_code.is_(None), ~blocked)
        .where(or_(outbox.c.leased_until.is_(None), outbox.c.leased_until <= at))
        .order_by(outbox.c.id)
        .limit(limit)
    ).all()
    if rows:
        ids = [row.id for row in rows]
        leased = {"leased_until": at + lease, "attempts": outbox.c.attempts + 1}
        tx.execute(update(outbox).where(outbox.c.id.in_(ids)).values(leased))
    return [Effect(*row) for row in rows]


def finish(tx: Connection, ids: Sequence[int]) -> None:
    """Forget effects that ran."""
    tx.execute(delete(outbox).where(outbox.c.id.in_(ids)))


def release(tx: Connection, ids: Sequence[int]) -> None:
    """Give leased effects back, unrun."""
    if ids:
        given_back = {"leased_until": None, "attempts": outbox.c.attempts - 1}
        tx.execute(update(outbox).where(outbox.c.id.in_(ids)).values(given_back))


def put_off(tx: Connection, effect: Effect, code: str, *, at: datetime) -> None:
    """Run the effect later, each time twice as late; after ATTEMPTS tries keep it as failed."""
    attempts = effect.attempts + 1
    tx.execute(
        update(outbox)
        .where(outbox.c.id == effect.id)
        .values(
            attempts=attempts,
            leased_until=None,
            due_at=at + timedelta(seconds=min(2**attempts, 3600)),
            failed_code=code if attempts >= ATTEMPTS else None,
        )
    )


def backlog(tx: Connection) -> tuple[int, datetime | None, int]:
    """Return how many effects wait, since when the oldest does, and how many failed for good."""
    waiting = outbox.c.failed_code.is_(None)
    row = tx.execute(
        select(
            func.count().filter(waiting),
            func.min(outbox.c.created_at).filter(waiting),
            func.count().filter(~waiting),
        )
    ).one()
    return row[0], row[1], row[2]
