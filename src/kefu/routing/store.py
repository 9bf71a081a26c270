"""Statements of routing: who waits, who is free, and the one lock under which they are matched."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Connection, Row, and_, func, insert, or_, select, update

from kefu.core.records import FRONT, SENIOR, TECHNICAL
from kefu.core.views import PRESENT
from kefu.routing.choose import Server, Waiting
from kefu.routing.peaks import Peak
from kefu.storage.tables import agent, conversation, peak, role, team

AVAILABLE: Final = "available"
TEAMS: Final[dict[str, dict[str, str]]] = {
    FRONT: {"zh-Hans": "一线客服", "en": "Front line"},
    TECHNICAL: {"zh-Hans": "技术支持", "en": "Technical support"},
    SENIOR: {"zh-Hans": "高级客服", "en": "Senior agents"},
}


def ensure_teams(tx: Connection, *, at: datetime) -> None:
    """Store the teams that are missing."""
    known = set(tx.execute(select(team.c.key)).scalars())
    missing = [{"key": k, "name": n, "created_at": at} for k, n in TEAMS.items() if k not in known]
    if missing:
        tx.execute(insert(team), missing)


def lock(tx: Connection) -> None:
    """Let one transaction at a time match customers with agents, in whatever process."""
    tx.execute(select(team.c.key).order_by(team.c.key).with_for_update()).all()


def manned(tx: Connection) -> frozenset[str]:
    """Return the teams to which somebody belongs who may be given work."""
    rows = tx.execute(
        select(agent.c.teams).where(agent.c.left_at.is_(None), agent.c.capacity > 0)
    ).scalars()
    return frozenset(team for teams in rows for team in teams or (FRONT,))


def servers(
    tx: Connection, *, may_reply: str, at: datetime, only: Collection[UUID] | None = None
) -> list[Server]:
    """Return the agents who are at the desk and available, with what they have.

    may_reply: the permission without which nobody is given work.
    """
    load = (
        select(conversation.c.assignee_id, func.count().label("load"))
        .where(conversation.c.status == "open", conversation.c.assignee_id.is_not(None))
        .group_by(conversation.c.assignee_id)
        .subquery()
    )
    query = (
        select(
            *agent.c["id", "teams", "languages", "topics", "capacity", "routed_at", "created_at"],
            role.c.permissions,
            func.coalesce(load.c.load, 0).label("load"),
        )
        .join(role, role.c.id == agent.c.role_id)
        .outerjoin(load, load.c.assignee_id == agent.c.id)
        .where(_is_here(at), agent.c.work_state == AVAILABLE)
    )
    if only is not None:
        query = query.where(agent.c.id.in_(list(only)))
    return [_server(row) for row in tx.execute(query) if may_reply in row.permissions]


def _is_here(at: datetime) -> Any:
    return and_(agent.c.left_at.is_(None), agent.c.seen_at > at - PRESENT)


def _server(row: Row[*tuple[Any, ...]]) -> Server:
    return Server(
        id=row.id,
        teams=tuple(row.teams or (FRONT,)),
        languages=tuple(row.languages),
        topics=tuple(row.topics or ()),
        capacity=row.capacity,
        load=row.load,
        free_since=row.routed_at or row.created_at,
    )


def waiting(tx: Connection, teams: Iterable[str], *, limit: int | None = None) -> list[Waiting]:
    """Return who waits in the queues of the teams, in order."""
    c = conversation.c
    rows = tx.execute(
        select(*c["id", "team", "language", "topic", "place_at", "barred"])
        .where(c.place_at.is_not(None), c.team.in_(list(teams)))
        .order_by(c.place_at, c.id)
        .limit(limit)
    )
    return [
        Waiting(
            id=row.id,
            team=row.team,
            language=row.language,
            topic=row.topic,
            place_at=row.place_at,
            barred=tuple(row.barred or ()),
        )
        for row in rows
    ]


def left_alone(tx: Connection, *, at: datetime) -> list[UUID]:
    """Return open conversations whose customer waits for an agent who is not at the desk."""
    rows = tx.execute(
        select(conversation.c.id)
        .join(agent, agent.c.id == conversation.c.assignee_id)
        .where(
            conversation.c.status == "open",
            conversation.c.waiting_since <= at - PRESENT,
            or_(
                agent.c.left_at.is_not(None),
                agent.c.seen_at.is_(None),
                agent.c.seen_at <= at - PRESENT,
                and_(agent.c.work_state == "away", agent.c.work_state_at <= at - PRESENT),
            ),
        )
    )
    return list(rows.scalars())


def note_routed(tx: Connection, ids: Sequence[UUID], *, at: datetime) -> None:
    """Note that these agents were just given a conversation: others come first now."""
    tx.execute(update(agent).where(agent.c.id.in_(ids)).values(routed_at=at))


def set_work_state(tx: Connection, agent_id: UUID, state: str, *, at: datetime) -> None:
    """Note whether the agent takes work."""
    tx.execute(
        update(agent).where(agent.c.id == agent_id).values(work_state=state, work_state_at=at)
    )


def set_skills(
    tx: Connection,
    agent_id: UUID,
    *,
    teams: Sequence[str],
    topics: Sequence[str],
    capacity: int,
    languages: Sequence[str] | None = None,
) -> None:
    """Set whose queues the agent serves, what about, and how many chats at once.

    languages: what they speak from now on; None: as before.
    """
    skills: dict[str, Any] = {"teams": list(teams), "topics": list(topics), "capacity": capacity}
    if languages is not None:
        skills["languages"] = list(languages)
    tx.execute(update(agent).where(agent.c.id == agent_id).values(skills))


def rename(tx: Connection, key: str, name: dict[str, str]) -> bool:
    """Set what a team is called, by language; False if there is no such team."""
    return tx.execute(update(team).where(team.c.key == key).values(name=name)).rowcount > 0


def note_peak(tx: Connection, team: str, state: Peak, *, at: datetime) -> None:
    """Store whether it is a peak for the team."""
    is_on = state.raised_at is not None
    values = {"is_on": is_on, "since_at": state.raised_at or at, "turning_at": state.turning_since}
    if not tx.execute(update(peak).where(peak.c.team == team).values(values)).rowcount:
        tx.execute(insert(peak).values(team=team, **values))
