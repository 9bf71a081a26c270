"""Time of a choice: ten thousand customers wait, five hundred agents are there."""

import random
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Final
from uuid import UUID

from msgspec.structs import replace

from benchmarks.figures import Plan, Result, row
from benchmarks.machine import SERVER_CORE, on_core
from kefu.routing.choose import Server, Waiting, choose

WAITING: Final = 10_000
AGENTS: Final = 500
PLACES: Final = 5
_TEAMS: Final = ("front", "technical", "senior")
_LANGUAGES: Final = ("zh-Hans", "en", "es", "ru", "vi", "ko")
_AREAS: Final = tuple(f"area{n}" for n in range(10))
_TOPICS: Final = (None, *(f"{area}.{n}" for area in _AREAS for n in range(6)))
_START: Final = datetime(2026, 3, 2, 9, tzinfo=UTC)


def queue(chance: random.Random) -> list[Waiting]:
    """Return customers of every team, language and topic; one in fifty has a barred agent."""
    return [
        Waiting(
            UUID(int=n),
            chance.choice(_TEAMS),
            chance.choice(_LANGUAGES),
            chance.choice(_TOPICS),
            _START + timedelta(seconds=n),
            (str(UUID(int=chance.randrange(AGENTS))),) if chance.random() < 0.02 else (),
        )
        for n in range(WAITING)
    ]


def desk(chance: random.Random, load: Callable[[int], int]) -> list[Server]:
    """Return agents of one or two teams, some languages, and in half of the cases some areas."""
    return [
        Server(
            UUID(int=n),
            tuple(chance.sample(_TEAMS, chance.choice((1, 1, 2)))),
            tuple(chance.sample(_LANGUAGES, chance.choice((1, 2, 3)))),
            tuple(chance.sample(_AREAS, chance.choice((0, 0, 2, 4)))),
            PLACES,
            load(n),
            _START - timedelta(seconds=chance.randrange(1_000)),
        )
        for n in range(AGENTS)
    ]


def milliseconds(waiting: list[Waiting], servers: list[Server], rounds: int) -> list[float]:
    """Return the times of a choice, of its own work: it waits for nothing."""
    times = []
    for _ in range(rounds):
        start = time.process_time_ns()
        choose(waiting, servers)
        times.append((time.process_time_ns() - start) / 1e6)
    return times


def run(plan: Plan) -> Result:
    """Measure on one core, however busy the agents are."""
    chance = random.Random(1)
    waiting = queue(chance)
    idle = desk(chance, lambda _: 0)
    cases = {
        "all are full": desk(chance, lambda _: PLACES),
        "one in fifty has room": desk(chance, lambda n: PLACES - (n % 50 == 0)),
        "all are free": idle,
        "free, for other topics": [replace(each, topics=("other",)) for each in idle],
        "free, of another team": [replace(each, teams=("other",)) for each in idle],
    }
    with on_core(SERVER_CORE):
        rows = [
            row(
                f"10,000 x 500: {name}",
                milliseconds(waiting, servers, plan.rounds * 5),
                "ms",
                at_most=5,
            )
            for name, servers in cases.items()
        ]
    return Result(rows, {"places": PLACES})
