"""Side threads as agents see them. Nothing here is for customers."""

from collections.abc import Sequence
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Connection, Row, Select, select

from kefu.conversations import store
from kefu.core.records import Event
from kefu.core.views import SideView
from kefu.storage.tables import agent, conversation, event, side_thread

MOST: Final = 200


def of_conversation(tx: Connection, conversation_id: UUID) -> tuple[SideView, ...]:
    """Return the conversation's side threads with their lines, oldest first."""
    rows = tx.execute(
        _sides()
        .where(side_thread.c.conversation_id == conversation_id)
        .order_by(side_thread.c.opened_at, side_thread.c.id)
    ).all()
    return _with_lines(tx, rows)


def open_of(tx: Connection, team: str) -> tuple[SideView, ...]:
    """Return what the team is asked, longest open first, with the lines; MOST of them."""
    rows = tx.execute(
        _sides()
        .where(side_thread.c.team == team, side_thread.c.closed_at.is_(None))
        .order_by(side_thread.c.opened_at, side_thread.c.id)
        .limit(MOST)
    ).all()
    return _with_lines(tx, rows)


def _sides() -> Select[*tuple[Any, ...]]:
    return (
        select(side_thread, conversation.c.reference, agent.c.alias, agent.c.badge)
        .join(conversation, conversation.c.id == side_thread.c.conversation_id)
        .join(agent, agent.c.id == side_thread.c.opened_by)
    )


def _with_lines(tx: Connection, rows: Sequence[Row[*tuple[Any, ...]]]) -> tuple[SideView, ...]:
    """Return the threads with their lines; one statement for all."""
    conversations = {row.conversation_id for row in rows}
    if not conversations:
        return ()
    notes = tx.execute(
        select(*store.event_columns)
        .where(event.c.conversation_id.in_(conversations), event.c.kind == "note")
        .order_by(event.c.conversation_id, event.c.seq)
    )
    lines: dict[str, list[Event]] = {}
    for note in map(store.event_of, notes):
        lines.setdefault(note.data.get("side", ""), []).append(note)
    return tuple(_view(row, lines.get(str(row.id), [])) for row in rows)


def _view(row: Row[*tuple[Any, ...]], lines: Sequence[Event]) -> SideView:
    return SideView(
        id=row.id,
        conversation_id=row.conversation_id,
        reference=row.reference,
        team=row.team,
        title=row.title,
        alias=row.alias,
        badge=row.badge,
        opened_at=row.opened_at,
        closed_at=row.closed_at,
        lines=tuple(lines),
    )
