"""Timers: rows with a due time. One name and subject has one timer; firing is exactly once."""

from datetime import datetime
from typing import Any, Final

from msgspec import Struct
from sqlalchemy import Connection, and_, delete, func, or_, select
from sqlalchemy.dialects import postgresql, sqlite

from kefu.storage.tables import timer

BATCH: Final = 100


class Timer(Struct, frozen=True):
    """A timer that came due."""

    name: str
    subject: str
    due_at: datetime
    payload: dict[str, Any]


def arm(
    tx: Connection,
    name: str,
    subject: str,
    *,
    due_at: datetime,
    payload: dict[str, Any],
) -> None:
    """Set the timer of this name and subject, in place of an earlier one."""
    insert = postgresql.insert if tx.dialect.name == "postgresql" else sqlite.insert
    what = {"due_at": due_at, "payload": payload}
    tx.execute(
        insert(timer)
        .values(name=name, subject=subject, **what)
        .on_conflict_do_update(index_elements=[timer.c.name, timer.c.subject], set_=what)
    )


def ensure(
    tx: Connection, name: str, subject: str, *, due_at: datetime, payload: dict[str, Any]
) -> None:
    """Set the timer of this name and subject, unless there is one."""
    insert = postgresql.insert if tx.dialect.name == "postgresql" else sqlite.insert
    tx.execute(
        insert(timer)
        .values(name=name, subject=subject, due_at=due_at, payload=payload)
        .on_conflict_do_nothing(index_elements=[timer.c.name, timer.c.subject])
    )


def cancel(tx: Connection, name: str, subject: str) -> None:
    """Forget the timer, if there is one."""
    tx.execute(delete(timer).where(timer.c.name == name, timer.c.subject == subject))


def take_due(tx: Connection, *, at: datetime) -> list[Timer]:
    """Remove and return timers that are due: they fire in this same transaction."""
    rows = tx.execute(
        select(timer)
        .where(timer.c.due_at <= at)
        .order_by(timer.c.due_at)
        .limit(BATCH)
        .with_for_update(skip_locked=True)
    ).all()
    if rows:
        taken = [and_(timer.c.name == row.name, timer.c.subject == row.subject) for row in rows]
        tx.execute(delete(timer).where(or_(*taken)))
    return [Timer(row.name, row.subject, row.due_at, row.payload) for row in rows]


def next_due(tx: Connection) -> datetime | None:
    """Return when the earliest timer is due, or None."""
    due: datetime | None = tx.execute(select(func.min(timer.c.due_at))).scalar()
    return due
