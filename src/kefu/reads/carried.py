"""Files as the log carries them: in which line, and who opened one that was not checked."""

from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import Connection, select

from kefu.conversations import store
from kefu.core.records import Event
from kefu.storage.tables import event

_SKEW: Final = timedelta(minutes=10)
"""How far the clocks of two servers may be apart."""


def carrier(
    tx: Connection, conversation_id: UUID, file_id: UUID, *, since: datetime
) -> Event | None:
    """Return the line that carries a file which was stored at `since`, or None."""
    rows = tx.execute(
        select(*store.event_columns).where(
            event.c.conversation_id == conversation_id,
            event.c.kind.in_(["message", "note"]),
            event.c.at >= since - _SKEW,
        )
    )
    wanted = str(file_id)
    for row in rows:
        if any(file["id"] == wanted for file in row.data.get("files", ())):
            return store.event_of(row)
    return None


def was_opened(tx: Connection, conversation_id: UUID, agent_id: UUID, file_id: UUID) -> bool:
    """Return whether the agent opened an unchecked file, which the log then says."""
    rows = tx.execute(
        select(event.c.data).where(
            event.c.conversation_id == conversation_id,
            event.c.kind == "opened",
            event.c.author_id == agent_id,
        )
    )
    return any(row.data["file"] == str(file_id) for row in rows)
