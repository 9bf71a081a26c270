"""Who had a conversation, who may have it, and what a case's escalations show."""

from collections.abc import Collection, Iterable
from uuid import UUID

from sqlalchemy import Connection, and_, or_, select

from kefu.conversations import escalations
from kefu.core.records import FRONT
from kefu.core.views import EscalationView
from kefu.storage.tables import agent, event, role


def had(tx: Connection, ids: Iterable[UUID]) -> dict[UUID, set[str]]:
    """Return the ids, as text, of agents who had or answered each of the conversations."""
    rows = tx.execute(
        select(event.c.conversation_id, event.c.kind, event.c.author_id, event.c.data).where(
            event.c.conversation_id.in_(list(ids)),
            or_(
                event.c.kind == "assignment",
                and_(
                    event.c.kind == "message",
                    event.c.author_kind == "agent",
                    event.c.visibility == "public",
                ),
            ),
        )
    )
    found: dict[UUID, set[str]] = {}
    for row in rows:
        who = row.data.get("agent") if row.kind == "assignment" else {"id": str(row.author_id)}
        if who:
            found.setdefault(row.conversation_id, set()).add(who["id"])
    return found


def teams_of(tx: Connection, ids: Iterable[UUID]) -> dict[UUID, frozenset[str]]:
    """Return the teams of agents; one who was given none is of the front line."""
    rows = tx.execute(select(agent.c.id, agent.c.teams).where(agent.c.id.in_(list(ids))))
    return {row.id: frozenset(row.teams or (FRONT,)) for row in rows}


def is_anyone(tx: Connection, team: str, barred: Collection[str], *, permission: str) -> bool:
    """Return whether the team has somebody, at the desk or not, who may have the conversation."""
    rows = tx.execute(
        select(agent.c.id, agent.c.teams, role.c.permissions)
        .join(role, role.c.id == agent.c.role_id)
        .where(agent.c.left_at.is_(None))
    )
    return any(
        team in (row.teams or (FRONT,))
        and permission in row.permissions
        and str(row.id) not in barred
        for row in rows
    )


def shown(tx: Connection, conversation_id: UUID) -> tuple[EscalationView, ...]:
    """Return the conversation's escalations as the desk shows them, oldest first."""
    found = escalations.of_conversation(tx, conversation_id)
    owners = {one.owner_id for one in found if one.owner_id is not None}
    people = tx.execute(select(*agent.c["id", "alias", "badge"]).where(agent.c.id.in_(owners)))
    named = {row.id: (row.alias, row.badge) for row in people} if owners else {}
    return tuple(_view(one, named) for one in found)


def _view(one: escalations.Escalation, named: dict[UUID, tuple[str, str]]) -> EscalationView:
    alias, badge = named.get(one.owner_id, (None, None)) if one.owner_id else (None, None)
    return EscalationView(
        id=one.id,
        to=one.to,
        reason=one.reason,
        by=one.by,
        step=one.step,
        owner_id=one.owner_id,
        owner=alias,
        badge=badge,
        requested_at=one.requested_at,
        due_at=one.due_at,
        settled_at=one.settled_at,
    )
