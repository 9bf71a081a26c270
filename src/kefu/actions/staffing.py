"""The plan of the next two weeks: how many each half hour needs, and how many are planned."""

from collections.abc import Sequence
from datetime import datetime, timedelta, tzinfo
from itertools import product
from typing import Final

from msgspec import Struct
from sqlalchemy import Connection

from kefu.agents import shifts
from kefu.agents.shifts import Shift
from kefu.core.floor_views import PersonView, TeamName
from kefu.reads import floor, staffing
from kefu.routing import forecast
from kefu.routing.staffing import SLOT, Target, Work, plan, rehearse
from kefu.sla import policies, store
from kefu.sla.hours import Hours, is_open
from kefu.sla.policies import Facts

DAYS: Final = 14
PER_DAY: Final = timedelta(days=1) // SLOT
LATELY: Final = timedelta(weeks=4)
REHEARSALS: Final = 5

_ASSUMED: Final = Work(timedelta(minutes=12), 3)
"""What a customer takes while no log tells."""

_SUREST: Final = 0.99


class Half(Struct, frozen=True):
    """A half hour of the plan. share: of its customers answered in time by those planned, as
    rehearsed; None where nobody is expected."""

    at: datetime
    expected: float
    needed: int
    planned: int
    is_open: bool
    share: float | None


class Plan(Struct, frozen=True):
    """The plan of one team. spells: how many the log's figures were taken from; 0: assumed.

    is_known: whether the log is a week long, so that it can tell who is to be expected.
    """

    team: str
    teams: tuple[TeamName, ...]
    halves: tuple[Half, ...]
    shifts: tuple[Shift, ...]
    people: tuple[PersonView, ...]
    work: Work
    target: Target
    spells: int
    is_known: bool


def read(tx: Connection, team: str, starts: datetime, zone: tzinfo, *, at: datetime) -> Plan:
    """Return the plan of a team for the DAYS from a midnight of the zone on."""
    teams, people = floor.staff(tx, at=at)
    own = tuple(person for person in people if team in person.teams)
    ahead = forecast.slots(starts, DAYS * PER_DAY)
    since = at - timedelta(weeks=forecast.WEEKS, days=2)
    target, hours = _target(tx)
    opened = [hours is None or is_open(each, hours) for each in ahead]
    found = staffing.spells(tx, team, since=at - LATELY)
    work = _work(found, own)
    first = staffing.first_at(tx)
    coming = forecast.carried(
        forecast.expected(
            ahead,
            staffing.arrivals(tx, team, since=since),
            first=first,
            now=at,
            zone=zone,
        ),
        opened,
    )
    planned = shifts.between(tx, starts, ahead[-1] + SLOT)
    members = {person.id for person in own}
    there = _there(ahead, [each for each in planned if each.agent_id in members])
    shares = _rehearsed(coming, there, work, target)
    needed = plan(coming, work, target)
    rows = zip(ahead, coming, needed, there, opened, shares, strict=True)
    halves = tuple(Half(*row) for row in rows)
    return Plan(
        team=team,
        teams=teams,
        halves=halves,
        shifts=tuple(planned),
        people=people,
        work=work,
        target=target,
        spells=len(found),
        is_known=first is not None and first + timedelta(weeks=1) <= at,
    )


def _target(tx: Connection) -> tuple[Target, Hours | None]:
    """Return what a chat is owed first, and when; the defaults where no policy says."""
    book = store.book(tx)
    policy = policies.choose(book.policies, Facts("chat", "normal"))
    if policy is None or not isinstance(policy.targets.first, policies.Target):
        return Target(), book.hours[policy.calendar] if policy else None
    first = policy.targets.first
    return Target(min(first.goal, _SUREST), first.within), book.hours[policy.calendar]


def _work(found: Sequence[staffing.Spell], own: Sequence[PersonView]) -> Work:
    length = staffing.mean_length(found)
    if not length:
        return _ASSUMED
    most = max((person.capacity for person in own), default=_ASSUMED.concurrency)
    return Work(length, max(1, min(round(staffing.side_by_side(found)), most)))


def _there(ahead: Sequence[datetime], planned: Sequence[Shift]) -> list[int]:
    """Return how many agents have the middle of each half hour in a shift."""
    return [
        len({each.agent_id for each in planned if each.starts_at <= at + SLOT / 2 < each.ends_at})
        for at in ahead
    ]


def _rehearsed(
    coming: Sequence[float], there: Sequence[int], work: Work, target: Target
) -> list[float | None]:
    """Return the share of each half hour's customers answered in time, over some rehearsals.

    Each day is rehearsed by itself, so that one with nobody planned does not spoil the next.
    """
    arrived, within = [0] * len(coming), [0] * len(coming)
    for day, seed in product(range(0, len(coming), PER_DAY), range(REHEARSALS)):
        part = slice(day, day + PER_DAY)
        for n, one in enumerate(rehearse(coming[part], there[part], work, target, seed=seed), day):
            arrived[n] += one.arrived
            within[n] += one.within
    return [within[n] / arrived[n] if arrived[n] else None for n in range(len(coming))]
