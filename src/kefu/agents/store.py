"""Statements on agents, roles and sessions."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, Row, and_, func, insert, select, update

from kefu.agents.permissions import ROLES
from kefu.core.ids import token_hash, uuid7
from kefu.core.records import FRONT, Agent
from kefu.storage.tables import agent, agent_session, role

SESSION_LIFE = timedelta(hours=12)
SESSION_IDLE = timedelta(hours=2)
PRESENCE = timedelta(minutes=1)

_WHO = (agent.c.id, agent.c.alias, agent.c.badge, agent.c.email, agent.c.languages)


def ensure_roles(tx: Connection) -> dict[str, UUID]:
    """Store the roles that are missing; return role ids by name."""
    ids = {row.name: row.id for row in tx.execute(select(role.c.name, role.c.id))}
    for name, permissions in ROLES.items():
        if name not in ids:
            ids[name] = uuid7()
            tx.execute(
                insert(role).values(id=ids[name], name=name, permissions=sorted(permissions))
            )
    return ids


def add(
    tx: Connection,
    *,
    email: str,
    password_hash: str,
    alias: str,
    badge: str,
    languages: Iterable[str],
    role_id: UUID,
    at: datetime,
    teams: Iterable[str] = (FRONT,),
    topics: Iterable[str] = (),
    capacity: int = 4,
) -> UUID:
    """Store an agent, or one who left and returns, with a new badge; return the id.

    Addresses are kept in lower case. topics: what they are given, all if there are none;
    capacity: how many chats at once, 0 for one who takes them by hand.
    """
    values: dict[str, Any] = {
        "password_hash": password_hash,
        "alias": alias,
        "badge": badge,
        "languages": list(languages),
        "teams": list(teams),
        "topics": list(topics),
        "capacity": capacity,
        "role_id": role_id,
        "left_at": None,
    }
    left: UUID | None = tx.execute(
        update(agent)
        .where(agent.c.email == email.lower(), agent.c.left_at.is_not(None))
        .values(values)
        .returning(agent.c.id)
    ).scalar()
    if left is not None:
        return left
    agent_id = uuid7()
    tx.execute(insert(agent).values(id=agent_id, email=email.lower(), created_at=at, **values))
    return agent_id


def count(tx: Connection) -> int:
    """Return how many agents there ever were."""
    return tx.execute(select(func.count()).select_from(agent)).scalar_one()


def credentials(tx: Connection, email: str) -> tuple[Agent, str] | None:
    """Return the agent of an address and the stored password hash, unless the agent left."""
    row = tx.execute(
        select(*_WHO, role.c.permissions, agent.c.password_hash)
        .join(role, role.c.id == agent.c.role_id)
        .where(agent.c.email == email.lower(), agent.c.left_at.is_(None))
    ).one_or_none()
    return (_agent(row), row.password_hash) if row else None


def start_session(tx: Connection, agent_id: UUID, token: str, client: str, *, at: datetime) -> UUID:
    """Store a session for a fresh secret token; return its id."""
    session_id = uuid7()
    tx.execute(
        insert(agent_session).values(
            id=session_id,
            token_hash=token_hash(token),
            agent_id=agent_id,
            client=client[:200],
            created_at=at,
            seen_at=at,
            expires_at=at + SESSION_LIFE,
        )
    )
    return session_id


def by_session(
    tx: Connection,
    /,
    *,
    at: datetime,
    token: str | None = None,
    client: str | None = None,
    session_id: UUID | None = None,
) -> Agent | None:
    """Return the agent of a live session, found by its secret token and client, or its id."""
    which = (
        and_(
            agent_session.c.token_hash == token_hash(token),
            agent_session.c.client == (client or "")[:200],
        )
        if token is not None
        else agent_session.c.id == session_id
    )
    row = tx.execute(
        select(*_WHO, role.c.permissions, agent_session.c.id.label("session_id"))
        .join(agent_session, agent_session.c.agent_id == agent.c.id)
        .join(role, role.c.id == agent.c.role_id)
        .where(which, agent.c.left_at.is_(None), *_live(at))
    ).one_or_none()
    return _agent(row, row.session_id) if row else None


def here(tx: Connection, sessions: Iterable[UUID], *, at: datetime) -> set[UUID]:
    """Note that these sessions have the desk open; return those that still hold.

    Each agent's row is written once a minute at most.
    """
    rows = tx.execute(
        select(agent_session.c.id, agent_session.c.agent_id, agent_session.c.seen_at)
        .join(agent, agent.c.id == agent_session.c.agent_id)
        .where(agent_session.c.id.in_(list(sessions)), agent.c.left_at.is_(None), *_live(at))
    ).all()
    late = [row for row in rows if row.seen_at < at - PRESENCE]
    if late:
        tx.execute(
            update(agent).where(agent.c.id.in_({row.agent_id for row in late})).values(seen_at=at)
        )
        tx.execute(
            update(agent_session)
            .where(agent_session.c.id.in_([row.id for row in late]))
            .values(seen_at=at)
        )
    return {row.id for row in rows}


def _live(at: datetime) -> tuple[ColumnElement[bool], ...]:
    return (
        agent_session.c.ended_at.is_(None),
        agent_session.c.expires_at > at,
        agent_session.c.seen_at > at - SESSION_IDLE,
    )


def _agent(row: Row[*tuple[Any, ...]], session_id: UUID | None = None) -> Agent:
    return Agent(
        id=row.id,
        alias=row.alias,
        badge=row.badge,
        email=row.email,
        languages=tuple(row.languages),
        permissions=frozenset(row.permissions),
        session_id=session_id,
    )


def touch(tx: Connection, agent_id: UUID, session_id: UUID | None, *, at: datetime) -> None:
    """Note that the agent is here: one write a minute at most, which the caller sees to."""
    tx.execute(update(agent).where(agent.c.id == agent_id).values(seen_at=at))
    tx.execute(update(agent_session).where(agent_session.c.id == session_id).values(seen_at=at))


def end_session(tx: Connection, session_id: UUID, *, at: datetime) -> None:
    """Refuse the session from now on."""
    tx.execute(update(agent_session).where(agent_session.c.id == session_id).values(ended_at=at))


def has_session(tx: Connection, agent_id: UUID, *, at: datetime) -> bool:
    """Return whether the agent is signed in anywhere."""
    live = select(agent_session.c.id).where(agent_session.c.agent_id == agent_id, *_live(at))
    return tx.execute(live.limit(1)).first() is not None


def find(tx: Connection, agent_id: UUID) -> Agent | None:
    """Return an agent who has not left, or None."""
    row = tx.execute(
        select(*_WHO, role.c.permissions)
        .join(role, role.c.id == agent.c.role_id)
        .where(agent.c.id == agent_id, agent.c.left_at.is_(None))
    ).one_or_none()
    return _agent(row) if row else None


def find_all(tx: Connection, ids: Iterable[UUID]) -> dict[UUID, Agent]:
    """Return agents who have not left, by id."""
    rows = tx.execute(
        select(*_WHO, role.c.permissions)
        .join(role, role.c.id == agent.c.role_id)
        .where(agent.c.id.in_(list(ids)), agent.c.left_at.is_(None))
    )
    return {row.id: _agent(row) for row in rows}


def leave(tx: Connection, agent_id: UUID, *, at: datetime) -> None:
    """Take leave of an agent: their sessions end with it."""
    tx.execute(update(agent).where(agent.c.id == agent_id).values(left_at=at))
    tx.execute(
        update(agent_session)
        .where(agent_session.c.agent_id == agent_id, agent_session.c.ended_at.is_(None))
        .values(ended_at=at)
    )
