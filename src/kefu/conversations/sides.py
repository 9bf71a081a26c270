"""Side threads: colleagues of a team are asked about a conversation. Their lines are notes."""

from datetime import datetime
from uuid import UUID

from msgspec import Struct
from msgspec.structs import asdict
from sqlalchemy import Connection, insert, select, update

from kefu.core.text import SafeText
from kefu.storage.tables import side_thread


class Side(Struct, frozen=True):
    """A side thread; opened_by: an agent."""

    id: UUID
    conversation_id: UUID
    team: str
    title: SafeText
    opened_by: UUID
    opened_at: datetime
    closed_at: datetime | None


def add(tx: Connection, side: Side) -> None:
    """Store a side thread."""
    tx.execute(insert(side_thread).values(**asdict(side)))


def find(tx: Connection, side_id: UUID) -> Side | None:
    """Return a side thread, or None."""
    row = tx.execute(select(side_thread).where(side_thread.c.id == side_id)).one_or_none()
    return Side(*row) if row else None


def close(tx: Connection, side_id: UUID, *, at: datetime) -> None:
    """Note that nothing more is asked."""
    tx.execute(update(side_thread).where(side_thread.c.id == side_id).values(closed_at=at))
