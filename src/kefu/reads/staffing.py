"""What a plan is made from: who came when, how long agents had them, who is planned."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from uuid import UUID

from msgspec import Struct
from sqlalchemy import BigInteger, Connection, Row, func, select, type_coerce

from kefu.core.clock import from_micros
from kefu.core.records import FRONT
from kefu.routing.staffing import SLOT
from kefu.storage.tables import conversation, escalation, event

MOST_EVENTS: Final = 20_000
LONGEST: Final = timedelta(hours=4)
"""A conversation that somebody had for longer was left lying: it counts as this."""

_SLOT_MICROS: Final = SLOT // timedelta(microseconds=1)


class Spell(Struct, frozen=True):
    """An agent had a conversation from `begun` to `ended`."""

    agent_id: str
    begun: datetime
    ended: datetime


def arrivals(tx: Connection, team: str, *, since: datetime) -> dict[datetime, int]:
    """Return how many came to a team, by the beginning of the half hour, without empty ones.

    To the front line come those who open a conversation; to another team, what is escalated.
    """
    at = conversation.c.opened_at if team == FRONT else escalation.c.requested_at
    number = type_coerce(at, BigInteger) // _SLOT_MICROS
    query = select(number.label("number"), func.count().label("came")).where(at >= since)
    if team == FRONT:
        query = query.where(conversation.c.updated_at >= since)  # has an index, and is later
    else:
        query = query.where(escalation.c.to_team == team)
    rows = tx.execute(query.group_by(number))
    return {from_micros(int(row.number) * _SLOT_MICROS): row.came for row in rows}


def first_at(tx: Connection) -> datetime | None:
    """Return when the first conversation was opened."""
    first = select(conversation.c.opened_at).order_by(conversation.c.id).limit(1)
    found: datetime | None = tx.execute(first).scalar()
    return found


def spells(tx: Connection, team: str, *, since: datetime) -> list[Spell]:
    """Return how long agents lately had the team's conversations, MOST_EVENTS of the log read."""
    rows = tx.execute(
        select(event.c.conversation_id, event.c.kind, event.c.at, event.c.data)
        .join(conversation, conversation.c.id == event.c.conversation_id)
        .where(
            conversation.c.team == team,
            conversation.c.updated_at >= since,
            event.c.kind.in_(["assignment", "state"]),
        )
        .order_by(conversation.c.updated_at.desc(), event.c.conversation_id, event.c.seq)
        .limit(MOST_EVENTS)
    )
    return [spell for spell in _spells(rows) if spell.begun >= since]


def _spells(rows: Iterable[Row[*tuple[Any, ...]]]) -> Iterator[Spell]:
    """Yield the spells that are over; rows: of one conversation after another, in its order."""
    of: UUID | None = None
    held: tuple[str, datetime] | None = None
    for row in rows:
        if row.conversation_id != of:
            of, held = row.conversation_id, None
        if row.kind == "state" and row.data.get("to") not in ("closed", "team"):
            continue
        if held is not None:
            yield Spell(held[0], held[1], min(row.at, held[1] + LONGEST))
        who = row.data.get("agent") if row.kind == "assignment" else None
        held = (who["id"], row.at) if who else None


def mean_length(found: Sequence[Spell]) -> timedelta | None:
    """Return how long an agent had a conversation on average; None if nobody had any."""
    if not found:
        return None
    return sum((spell.ended - spell.begun for spell in found), timedelta()) / len(found)


def side_by_side(found: Sequence[Spell]) -> float:
    """Return how many an agent who had any had at once, on average over that time."""
    had, busy = timedelta(), timedelta()
    until: dict[str, datetime] = {}
    for spell in sorted(found, key=lambda spell: spell.begun):
        had += spell.ended - spell.begun
        last = until.get(spell.agent_id, datetime.min.replace(tzinfo=UTC))
        busy += max(spell.ended - max(spell.begun, last), timedelta())
        until[spell.agent_id] = max(spell.ended, last)
    return had / busy if busy else 1.0
