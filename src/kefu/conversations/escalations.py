"""Escalations: rows that follow the log, one for each time a customer's case went further up.

`store.append` calls `follow` with what it writes, so whatever appends an `escalation` event has
its row too.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, Final, Literal
from uuid import UUID

from msgspec import Struct
from sqlalchemy import Connection, Row, bindparam, func, insert, select, update

from kefu.core.records import SENIOR, TECHNICAL, Event
from kefu.storage.tables import escalation

Step = Literal["requested", "accepted", "answered", "declined", "withdrawn"]
To = Literal["senior", "technical"]
Reason = Literal["asked", "complaint", "technical", "funds", "unresolved"]
"""`asked`: the customer wants somebody else; the others say what it is about."""
By = Literal["customer", "agent", "phrase"]

OPEN: Final[tuple[Step, ...]] = ("requested", "accepted")
TARGETS: Final[tuple[To, ...]] = (SENIOR, TECHNICAL)


class Escalation(Struct, frozen=True):
    """An escalation. owner_id: who accepted it last; `requested` again when they let it go."""

    id: UUID
    conversation_id: UUID
    to: To
    reason: Reason
    by: By
    step: Step
    owner_id: UUID | None
    requested_at: datetime
    due_at: datetime | None
    settled_at: datetime | None


def open_of(tx: Connection, ids: Iterable[UUID]) -> dict[UUID, Escalation]:
    """Return the open escalation of each of the conversations that has one."""
    rows = tx.execute(
        select(escalation).where(
            escalation.c.conversation_id.in_(list(ids)), escalation.c.status.in_(OPEN)
        )
    )
    return {row.conversation_id: _escalation(row) for row in rows}


def of_conversation(tx: Connection, conversation_id: UUID) -> list[Escalation]:
    """Return the conversation's escalations, oldest first."""
    rows = tx.execute(
        select(escalation)
        .where(escalation.c.conversation_id == conversation_id)
        .order_by(escalation.c.requested_at, escalation.c.id)
    )
    return [_escalation(row) for row in rows]


def _escalation(row: Row[*tuple[Any, ...]]) -> Escalation:
    return Escalation(
        id=row.id,
        conversation_id=row.conversation_id,
        to=row.to_team,
        reason=row.reason,
        by=row.asked_by,
        step=row.status,
        owner_id=row.owner_id,
        requested_at=row.requested_at,
        due_at=row.due_at,
        settled_at=row.settled_at,
    )


def follow(tx: Connection, events: Sequence[Event]) -> None:
    """Store what `escalation` events say; at most two statements, none without such events."""
    steps = [event for event in events if event.kind == "escalation"]
    if new := [_row(event) for event in steps if _is_first(event)]:
        tx.execute(insert(escalation), new)
    moved: dict[str, dict[str, Any]] = {}
    for event in steps:
        if not _is_first(event):
            before = moved.get(event.data["id"], {})
            moved[event.data["id"]] = before | _moved(event)
    if moved:
        tx.execute(
            update(escalation)
            .where(escalation.c.id == bindparam("of"))
            .values(
                status=bindparam("step"),
                owner_id=func.coalesce(
                    bindparam("owner", type_=escalation.c.owner_id.type), escalation.c.owner_id
                ),
                settled_at=bindparam("settled"),
            ),
            [{"owner": None} | row for row in moved.values()],
        )


def _is_first(event: Event) -> bool:
    return event.data["step"] == "requested" and not event.data.get("again")


def _row(event: Event) -> dict[str, Any]:
    due_at = event.data["due_at"]
    return {
        "id": UUID(event.data["id"]),
        "conversation_id": event.conversation_id,
        "seq": event.seq,
        "to_team": event.data["to"],
        "reason": event.data["reason"],
        "asked_by": event.data["by"],
        "status": "requested",
        "requested_at": event.at,
        "due_at": datetime.fromisoformat(due_at) if due_at else None,
    }


def _moved(event: Event) -> dict[str, Any]:
    step = event.data["step"]
    row: dict[str, Any] = {
        "of": UUID(event.data["id"]),
        "step": step,
        "settled": None if step in OPEN else event.at,
    }
    if owner := event.data.get("owner"):
        row["owner"] = UUID(owner["id"])
    return row
