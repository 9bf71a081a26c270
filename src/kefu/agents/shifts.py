"""Statements on shifts: who is planned when, and what one shift leaves to the next."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from msgspec import Struct
from sqlalchemy import Connection, delete, insert, select

from kefu.core.floor_views import ShiftNote
from kefu.core.ids import uuid7
from kefu.core.text import SafeText
from kefu.storage.tables import agent, shift, shift_note

NOTES: Final = 10


class Shift(Struct, frozen=True):
    """When an agent is planned to be at the desk."""

    id: UUID
    agent_id: UUID
    starts_at: datetime
    ends_at: datetime


def between(tx: Connection, starts: datetime, ends: datetime) -> list[Shift]:
    """Return the shifts that have some time in a span, the earliest first."""
    rows = tx.execute(
        select(*shift.c["id", "agent_id", "starts_at", "ends_at"])
        .join(agent, agent.c.id == shift.c.agent_id)
        .where(shift.c.ends_at > starts, shift.c.starts_at < ends, agent.c.left_at.is_(None))
        .order_by(shift.c.starts_at, shift.c.id)
    )
    return [Shift(*row) for row in rows]


def of_agent(tx: Connection, agent_id: UUID, starts: datetime, ends: datetime) -> list[Shift]:
    """Return the agent's shifts that have some time in a span, their row locked meanwhile."""
    tx.execute(select(agent.c.id).where(agent.c.id == agent_id).with_for_update()).all()
    rows = tx.execute(
        select(*shift.c["id", "agent_id", "starts_at", "ends_at"]).where(
            shift.c.agent_id == agent_id, shift.c.ends_at > starts, shift.c.starts_at < ends
        )
    )
    return [Shift(*row) for row in rows]


def add(tx: Connection, agent_id: UUID, spans: Sequence[tuple[datetime, datetime]]) -> None:
    """Store shifts, each from an instant to another."""
    rows = [
        {"id": uuid7(), "agent_id": agent_id, "starts_at": starts, "ends_at": ends}
        for starts, ends in spans
    ]
    tx.execute(insert(shift), rows)


def remove(tx: Connection, shift_id: UUID) -> bool:
    """Forget a shift; False if there is none."""
    return tx.execute(delete(shift).where(shift.c.id == shift_id)).rowcount > 0


def add_note(tx: Connection, agent_id: UUID, text: SafeText, *, at: datetime) -> None:
    """Store what the agent leaves to the next shift."""
    tx.execute(insert(shift_note).values(id=uuid7(), agent_id=agent_id, text=text, at=at))


def notes(tx: Connection) -> tuple[ShiftNote, ...]:
    """Return the last notes, newest first."""
    rows = tx.execute(
        select(shift_note.c.id, agent.c.alias, agent.c.badge, shift_note.c.at, shift_note.c.text)
        .join(agent, agent.c.id == shift_note.c.agent_id)
        .order_by(shift_note.c.at.desc(), shift_note.c.id.desc())
        .limit(NOTES)
    )
    return tuple(ShiftNote(*row) for row in rows)
