"""Statements on promises: every time that a customer was told, and what became of it."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any, Final, Literal
from uuid import UUID

from msgspec import Struct
from sqlalchemy import Connection, Row, func, insert, select, update

from kefu.core.ids import uuid7
from kefu.routing.estimate import REMEMBERED, Departure
from kefu.storage.tables import conversation, promise

Kind = Literal["wait", "renewed", "later"]
LAST_SERVED: Final = 200
LOOKED_BACK: Final = timedelta(hours=6)
HANDLING: Final = timedelta(minutes=8)
"""How long an agent has a customer, as long as nothing is known."""

BATCH: Final = 200


class Promise(Struct, frozen=True):
    """A due time that a customer was shown.

    kind: from the queue's pace; the same again, before an earlier one broke; or, with nobody
        at the desk, from its hours.
    since_at: since when the customer waits.
    ahead, rate: what the time was reckoned from: how many were before, and served a second.
    low_at: the early end of the range, if there was one.
    """

    conversation_id: UUID
    number: int
    team: str
    language: str
    kind: Kind
    since_at: datetime
    made_at: datetime
    due_at: datetime
    renew_at: datetime
    ahead: int | None = None
    rate: float | None = None
    low_at: datetime | None = None
    served_at: datetime | None = None


class Pace(Struct, frozen=True):
    """How queues went lately.

    served: by team and language, those who had to wait and were given to an agent.
    deviations: of waits from what was said of them.
    handling: how long agents had a customer.
    """

    served: dict[tuple[str, str], list[Departure]]
    deviations: tuple[float, ...]
    handling: timedelta


def pace(tx: Connection, teams: Collection[str], *, at: datetime) -> Pace:
    """Return how the queues of teams went lately."""
    p = promise.c
    rows = tx.execute(
        select(p.team, p.language, p.since_at, p.served_at)
        .where(p.team.in_(list(teams)), p.served_at > at - LOOKED_BACK)
        .order_by(p.served_at.desc())
        .limit(LAST_SERVED * max(len(teams), 1))
    )
    served: dict[tuple[str, str], list[Departure]] = {}
    for row in rows:
        served.setdefault((row.team, row.language), []).append(Departure(row[2], row[3]))
    deviations = tx.execute(
        select(p.deviation)
        .where(p.deviation.is_not(None))
        .order_by(p.made_at.desc())
        .limit(REMEMBERED)
    )
    return Pace(served, tuple(deviations.scalars()), handling(tx, at=at))


def handling(tx: Connection, *, at: datetime) -> timedelta:
    """Return how long agents had the customers they were given lately."""
    lately = (
        select(promise.c.conversation_id, promise.c.served_at)
        .where(promise.c.made_at > at - LOOKED_BACK, promise.c.served_at.is_not(None))
        .order_by(promise.c.made_at.desc())
        .limit(LAST_SERVED)
        .subquery()
    )
    rows = tx.execute(
        select(lately.c.served_at, conversation.c.closed_at)
        .join(lately, lately.c.conversation_id == conversation.c.id)
        .where(conversation.c.closed_at > lately.c.served_at)
    )
    spans = [closed_at - served_at for served_at, closed_at in rows]
    known = sum(spans, 10 * HANDLING) / (len(spans) + 10)
    return max(known, timedelta(seconds=30))


def is_rated(tx: Connection, *, since: datetime) -> bool:
    """Return whether a wait was held against what was said of it since then."""
    query = select(promise.c.id).where(
        promise.c.made_at > since - LOOKED_BACK,
        promise.c.served_at > since,
        promise.c.deviation.is_not(None),
    )
    return tx.execute(query.limit(1)).first() is not None


def open_of(tx: Connection, ids: Iterable[UUID]) -> dict[UUID, Promise]:
    """Return the promise that holds now, by conversation."""
    rows = tx.execute(select(promise).where(promise.c.conversation_id.in_(list(ids)), *_HOLDS))
    return {row.conversation_id: _promise(row) for row in rows}


def due_of_all(tx: Connection) -> dict[UUID, datetime]:
    """Return until when each customer who waits was promised an answer, by conversation."""
    rows = tx.execute(
        select(promise.c.conversation_id, promise.c.due_at).where(promise.c.renew_at.is_not(None))
    )
    return {row[0]: row[1] for row in rows}


def numbers(tx: Connection, ids: Iterable[UUID]) -> dict[UUID, int]:
    """Return how many promises conversations have had."""
    rows = tx.execute(
        select(promise.c.conversation_id, func.max(promise.c.number))
        .where(promise.c.conversation_id.in_(list(ids)))
        .group_by(promise.c.conversation_id)
    )
    return {row[0]: row[1] for row in rows}


def due(tx: Connection, *, at: datetime) -> list[Promise]:
    """Return promises that are to be renewed by now, locked, the earliest first."""
    rows = tx.execute(
        select(promise)
        .where(promise.c.renew_at <= at)
        .order_by(promise.c.renew_at)
        .limit(BATCH)
        .with_for_update(skip_locked=True)
    )
    return [_promise(row) for row in rows]


def next_at(tx: Connection) -> datetime | None:
    """Return when a promise is to be renewed next, or None."""
    found: datetime | None = tx.execute(select(func.min(promise.c.renew_at))).scalar()
    return found


def add(tx: Connection, promises: Sequence[Promise]) -> None:
    """Store promises that customers are about to see."""
    if promises:
        names = [name for name in Promise.__struct_fields__ if name != "served_at"]
        rows = [{"id": uuid7(), **{n: getattr(p, n) for n in names}} for p in promises]
        tx.execute(insert(promise), rows)


def serve(tx: Connection, held: Promise, *, deviation: float | None, at: datetime) -> None:
    """Note that the conversation left the queue; the answer is still owed."""
    tx.execute(_of(held).values(served_at=at, deviation=deviation))


def end(
    tx: Connection, held: Promise, how: Literal["kept", "broken", "renewed"], *, at: datetime
) -> None:
    """Note what became of a promise."""
    tx.execute(_of(held).values({f"{how}_at": at, "renew_at": None}))


_HOLDS: Final = (
    promise.c.kept_at.is_(None),
    promise.c.broken_at.is_(None),
    promise.c.renewed_at.is_(None),
)


def _of(held: Promise) -> Any:
    return update(promise).where(
        promise.c.conversation_id == held.conversation_id, promise.c.number == held.number
    )


def _promise(row: Row[*tuple[Any, ...]]) -> Promise:
    return Promise(*[getattr(row, name) for name in Promise.__struct_fields__])
