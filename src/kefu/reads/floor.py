"""The floor as it stands: every team's queue, every agent, and the note of the shift before.

A fixed number of statements, and three a team for its pace, however many wait or work.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Connection, Row, func, select

from kefu.agents import permissions as may
from kefu.agents import shifts
from kefu.core.floor_views import Floor, PersonView, TeamName, TeamView, WaitingView
from kefu.core.records import FRONT, TEAMS
from kefu.core.views import PRESENT
from kefu.reads import queue, risks
from kefu.reads.risks import where_of, where_query
from kefu.routing import promised, store
from kefu.routing.choose import Server, unservable
from kefu.routing.estimate import Calibration, Range, estimate, rate_of
from kefu.storage.tables import agent, conversation, peak, promise, role, shift, team

SHOWN: Final = 12
"""How many of each queue are listed by name."""

_AT_ONCE: Final = Range(timedelta(), timedelta())

LOOKED_AT: Final = 1_000
"""How far down the queues it is looked for customers whom nobody can serve."""


def floor(tx: Connection, *, since: datetime, at: datetime) -> Floor:
    """Return the floor. since: when today began for whoever looks."""
    servers = store.servers(tx, may_reply=may.REPLY, at=at)
    waiting = store.waiting(tx, TEAMS, limit=LOOKED_AT)
    stuck = unservable(waiting, servers)
    found, more = risks.listed(tx, stuck, at=at)
    return Floor(
        at=at,
        teams=_teams(tx, servers, since=since, at=at),
        people=_people(tx, at=at),
        waiting=_waiting(tx),
        risks=found,
        more=more,
        notes=shifts.notes(tx),
    )


def staff(tx: Connection, *, at: datetime) -> tuple[tuple[TeamName, ...], tuple[PersonView, ...]]:
    """Return the teams in their order, and everybody who may be given work."""
    return _names(tx), _people(tx, at=at)


def _names(tx: Connection) -> tuple[TeamName, ...]:
    rows = tx.execute(select(team.c.key, team.c.name).where(team.c.key.in_(TEAMS)))
    return tuple(sorted((TeamName(*row) for row in rows), key=lambda one: TEAMS.index(one.key)))


def _teams(
    tx: Connection, servers: Sequence[Server], *, since: datetime, at: datetime
) -> tuple[TeamView, ...]:
    c = conversation.c
    queues = {
        row.team: row
        for row in tx.execute(
            select(c.team, func.count().label("number"), func.min(c.waiting_since).label("since"))
            .where(c.place_at.is_not(None))
            .group_by(c.team)
        )
    }
    raised = tx.execute(select(peak.c.team, peak.c.since_at).where(peak.c.is_on))
    peaks = {row.team: row.since_at for row in raised}
    ends = _promises(tx, since=since)
    waits = _Waits(tx, servers, at)
    return tuple(
        _team(one, queues.get(one.key), peaks.get(one.key), ends, servers, waits)
        for one in _names(tx)
    )


def _promises(tx: Connection, *, since: datetime) -> dict[str, tuple[int, int]]:
    """Return how many promises made since were kept and broken, by team."""
    rows = tx.execute(
        select(
            promise.c.team,
            func.count(promise.c.kept_at).label("kept"),
            func.count(promise.c.broken_at).label("broken"),
        )
        .where(promise.c.made_at >= since)
        .group_by(promise.c.team)
    )
    return {row.team: (row.kept, row.broken) for row in rows}


def _team(
    named: TeamName,
    waiting: Row[*tuple[Any, ...]] | None,
    peak_since: datetime | None,
    ends: Mapping[str, tuple[int, int]],
    servers: Sequence[Server],
    waits: "_Waits",
) -> TeamView:
    own = [server for server in servers if named.key in server.teams]
    room = sum(max(server.capacity - server.load, 0) for server in own)
    expected = waits.of(named.key)
    kept, broken = ends.get(named.key, (0, 0))
    return TeamView(
        key=named.key,
        name=named.name,
        waiting=waiting.number if waiting else 0,
        longest_since=waiting.since if waiting else None,
        low=expected.low.total_seconds() if expected else None,
        high=expected.high.total_seconds() if expected else None,
        peak_since=peak_since,
        kept=kept,
        broken=broken,
        present=len(own),
        room=room,
    )


class _Waits:
    """What a newcomer would wait, by team."""

    def __init__(self, tx: Connection, servers: Sequence[Server], at: datetime) -> None:
        self._tx = tx
        self._servers = servers
        self._at = at
        self._lines = queue.lines(tx, TEAMS, may_reply=may.REPLY, at=at, ids=())

    def of(self, team: str) -> Range | None:
        """Return the range in the team's slowest line; of an empty one, by its places alone."""
        own = [line for (key, _), line in self._lines.items() if key == team]
        if not own:
            return self._empty(team)
        ranges = [line.range(line.length) for line in own]
        known = [each for each in ranges if each is not None]
        return max(known, key=lambda each: each.high) if len(known) == len(ranges) else None

    def _empty(self, team: str) -> Range | None:
        own = [server for server in self._servers if team in server.teams]
        if any(server.load < server.capacity for server in own):
            return _AT_ONCE
        places = sum(server.capacity for server in own)
        if not places:
            return None
        pace = promised.pace(self._tx, [team], at=self._at)
        rate = rate_of((), self._at, oldest=None, places=places, handling=pace.handling)
        return estimate(0, rate, Calibration.of(pace.deviations)) if rate else None


def _people(tx: Connection, *, at: datetime) -> tuple[PersonView, ...]:
    """Return who may be given work, those at the desk first."""
    load = (
        select(conversation.c.assignee_id, func.count().label("load"))
        .where(conversation.c.status == "open", conversation.c.assignee_id.is_not(None))
        .group_by(conversation.c.assignee_id)
        .subquery()
    )
    now = (
        select(shift.c.agent_id, func.max(shift.c.ends_at).label("ends_at"))
        .where(shift.c.starts_at <= at, shift.c.ends_at > at)
        .group_by(shift.c.agent_id)
        .subquery()
    )
    rows = tx.execute(
        select(
            agent,
            role.c.permissions,
            func.coalesce(load.c.load, 0).label("load"),
            now.c.ends_at.label("shift_ends_at"),
        )
        .join(role, role.c.id == agent.c.role_id)
        .outerjoin(load, load.c.assignee_id == agent.c.id)
        .outerjoin(now, now.c.agent_id == agent.c.id)
        .where(agent.c.left_at.is_(None))
        .order_by(agent.c.alias, agent.c.badge)
    )
    people = [_person(row, at) for row in rows if may.may(frozenset(row.permissions), may.REPLY)]
    return tuple(sorted(people, key=lambda person: not person.is_here))


def _person(row: Row[*tuple[Any, ...]], at: datetime) -> PersonView:
    is_here = row.seen_at is not None and at - row.seen_at < PRESENT
    return PersonView(
        id=row.id,
        alias=row.alias,
        badge=row.badge,
        languages=tuple(row.languages),
        teams=tuple(row.teams or (FRONT,)),
        topics=tuple(row.topics or ()),
        capacity=row.capacity,
        load=row.load,
        work_state=row.work_state,
        since_at=row.work_state_at if is_here else row.seen_at,
        is_here=is_here,
        shift_ends_at=row.shift_ends_at,
    )


def _waiting(tx: Connection) -> tuple[WaitingView, ...]:
    """Return the first of each queue."""
    c = conversation.c
    order = func.row_number().over(partition_by=c.team, order_by=(c.place_at, c.id))
    placed = (
        select(c.id, (order - 1).label("ahead")).where(c.place_at.is_not(None)).subquery("placed")
    )
    rows = tx.execute(
        where_query(c.priority, c.waiting_since, placed.c.ahead)
        .join(placed, placed.c.id == c.id)
        .where(placed.c.ahead < SHOWN)
        .order_by(placed.c.ahead)
    )
    first = [WaitingView(where_of(row), row.ahead, row.priority, row.waiting_since) for row in rows]
    return tuple(sorted(first, key=lambda one: TEAMS.index(one.where.team)))
