"""The queues as they stand: who is before whom, and how fast it goes."""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from uuid import UUID

from msgspec import Struct
from sqlalchemy import Connection, exists, func, select

from kefu.core.records import Owner
from kefu.customers.store import EXCHANGE
from kefu.routing import promised, store
from kefu.routing.choose import Server
from kefu.routing.estimate import Calibration, Range, estimate, rate_of
from kefu.routing.peaks import Peak
from kefu.routing.promised import Pace
from kefu.storage.tables import conversation, identity, peak

Key = tuple[str, str]
"""A line is what shares its agents: a team and a language."""


class Place(Struct, frozen=True):
    """Somebody who waits. ahead: how many are before them; is_known: to the exchange."""

    conversation_id: UUID
    owner: Owner
    ahead: int
    since: datetime
    is_known: bool


class Line(Struct, frozen=True):
    """Those who wait for a team in a language, in order.

    length: how many they are; places: those of them that were asked for.
    rate: how many a second are served; None: nobody is at the desk for them.
    """

    length: int
    places: Mapping[UUID, Place]
    rate: float | None
    calibration: Calibration

    def range(self, ahead: int) -> Range | None:
        """Return how long one with so many before them waits, from now on; None: unknown."""
        return estimate(ahead, self.rate, self.calibration) if self.rate else None


def lines(
    tx: Connection,
    teams: Collection[str],
    *,
    may_reply: str,
    at: datetime,
    ids: Collection[UUID] | None = None,
) -> dict[Key, Line]:
    """Return the lines of teams in which somebody waits; six statements.

    ids: whose places are asked for; None: everybody's.
    """
    present = store.servers(tx, may_reply=may_reply, at=at)
    pace = promised.pace(tx, teams, at=at)
    calibration = Calibration.of(pace.deviations)
    places = _places(tx, teams, ids)
    return {
        key: Line(length, places.get(key, {}), _rate(key, oldest, present, pace, at), calibration)
        for key, (length, oldest) in _heads(tx, teams).items()
    }


def _heads(tx: Connection, teams: Collection[str]) -> dict[Key, tuple[int, datetime]]:
    """Return how many wait in each line, and since when the first of them does."""
    c = conversation.c
    rows = tx.execute(
        select(c.team, c.language, func.count(), func.min(c.waiting_since))
        .where(c.place_at.is_not(None), c.team.in_(list(teams)))
        .group_by(c.team, c.language)
    )
    return {(row[0], row[1]): (row[2], row[3]) for row in rows}


def _places(
    tx: Connection, teams: Collection[str], ids: Collection[UUID] | None
) -> dict[Key, dict[UUID, Place]]:
    c = conversation.c
    number = func.row_number().over(partition_by=(c.team, c.language), order_by=(c.place_at, c.id))
    waiting = (
        select(*c["id", "team", "language"], number.label("number"))
        .where(c.place_at.is_not(None), c.team.in_(list(teams)))
        .subquery()
    )
    known = exists().where(identity.c.customer_id == c.customer_id, identity.c.channel == EXCHANGE)
    query = (
        select(waiting, *c["customer_id", "inbox_id", "waiting_since"], known.label("is_known"))
        .join(conversation, c.id == waiting.c.id)
        .order_by(waiting.c.number)
    )
    if ids is not None:
        query = query.where(waiting.c.id.in_(list(ids)))
    found: dict[Key, dict[UUID, Place]] = {}
    for row in tx.execute(query):
        owner = Owner(row.customer_id, row.inbox_id)
        place = Place(row.id, owner, row.number - 1, row.waiting_since, bool(row.is_known))
        found.setdefault((row.team, row.language), {})[row.id] = place
    return found


def _rate(
    key: Key, oldest: datetime, present: Iterable[Server], pace: Pace, at: datetime
) -> float | None:
    return rate_of(
        pace.served.get(key, ()),
        at,
        oldest=oldest,
        places=capacity(key, present),
        handling=pace.handling,
    )


def capacity(key: Key, present: Iterable[Server]) -> int:
    """Return how many customers the agents who are there for a line can have at once.

    Those who speak the language, or all of the team if none of it does.
    """
    team, language = key
    of_team = [server for server in present if team in server.teams]
    speaking = [server for server in of_team if language in server.languages]
    return sum(server.capacity for server in speaking or of_team)


def peaks(tx: Connection) -> set[str]:
    """Return the teams in whose queues it is busier than usual."""
    return {team for team, state in peak_states(tx).items() if state.raised_at}


def peak_states(tx: Connection) -> dict[str, Peak]:
    """Return by team whether it is a peak, and since when it looks otherwise."""
    rows = tx.execute(select(peak))
    return {row.team: Peak(row.since_at if row.is_on else None, row.turning_at) for row in rows}


def arrivals(tx: Connection, *, since: datetime) -> dict[str, int]:
    """Return how many conversations were opened since, by team."""
    c = conversation.c
    rows = tx.execute(
        select(c.team, func.count())
        .where(c.updated_at >= since, c.opened_at >= since)
        .group_by(c.team)
    )
    return {row[0]: row[1] for row in rows}


def teams_waiting(tx: Connection) -> set[str]:
    """Return the teams in whose queues somebody waits."""
    c = conversation.c
    return set(tx.execute(select(c.team).where(c.place_at.is_not(None)).distinct()).scalars())
