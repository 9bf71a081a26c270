"""A desk in simulated time: customers come, agents take them as `choose` says, all is checked."""

import random
from collections import deque
from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from math import log, pi, sin, sqrt
from typing import Any, Final
from uuid import UUID

import simpy

from kefu.routing.choose import Server, Waiting, choose
from kefu.routing.estimate import (
    REMEMBERED,
    SPACED,
    Calibration,
    Departure,
    Range,
    deviation_of,
    estimate,
    rate_of,
)
from kefu.routing.peaks import Peak, Sample, step
from tests.routing.slowly import may_have

Process = Generator[simpy.Event, Any, None]

HOUR: Final = 3_600.0
SHIFT: Final = 8 * HOUR
BURST_AT: Final = 2 * HOUR
BURST_LASTS: Final = 600.0
TARGET: Final = timedelta(minutes=2)
START: Final = datetime(2026, 3, 2, 9, tzinfo=UTC)
_TOPICS: Final = ("withdrawals.crypto", "withdrawals.card", "deposits", "kyc", None)
_SAMPLED: Final = 15.0


@dataclass
class Agent:
    """One at work; away in a break."""

    id: UUID
    teams: tuple[str, ...]
    languages: tuple[str, ...]
    topics: tuple[str, ...]
    capacity: int
    load: int = 0
    present: bool = True
    free_since: datetime = START

    def server(self) -> Server:
        """Return the agent as routing sees them."""
        skills = (self.teams, self.languages, self.topics)
        return Server(self.id, *skills, self.capacity, self.load, self.free_since)


@dataclass
class Case:
    """A customer who had to wait: what was said at the beginning, and how it came."""

    ahead: int
    rate: float
    said: Range
    came: datetime
    position: int
    waited: timedelta | None = None

    @property
    def held(self) -> bool:
        """Whether the wait was in the range."""
        assert self.waited is not None
        return self.said.low <= self.waited <= self.said.high


@dataclass(frozen=True)
class Load:
    """How customers come: so many times what the agents can take, at a second of the simulation."""

    of_capacity: Callable[[float], float]
    highest: float


STEADY: Final = Load(lambda _: 0.88, 0.88)
WAVE: Final = Load(lambda t: 0.72 - 0.42 * sin(2 * pi * (t % SHIFT) / SHIFT + pi / 2), 1.14)


def in_burst(second: float) -> bool:
    """Return whether a second of the simulation is in a burst."""
    return BURST_AT <= second % SHIFT < BURST_AT + BURST_LASTS


BURST: Final = Load(lambda t: 6.5 if in_burst(t) else 0.65, 6.5)
TRACES: Final = {"steady": STEADY, "wave": WAVE, "burst": BURST}


class Desk:
    """The simulation of some shifts of one team; after `run` all that happened is in its fields."""

    def __init__(self, load: Load, *, seed: int, shifts: int, agents: int = 10) -> None:
        self.random = random.Random(seed)
        self.env = simpy.Environment()
        self.agents = {agent.id: agent for agent in _team(self.random, agents)}
        self.cases: dict[UUID, Case] = {}
        self.queue: list[Waiting] = []
        self.came = self.served = 0
        self.peaks: list[tuple[datetime, bool]] = []
        self._until = shifts * SHIFT
        self._load = load
        self._departures: dict[str, deque[Departure]] = {}
        self._noted_at = START - SPACED
        self._deviations: deque[float] = deque(maxlen=REMEMBERED)
        self._handled: deque[float] = deque([480.0] * 5, maxlen=50)
        self._capacity = sum(agent.capacity for agent in self.agents.values()) / 480.0
        self._arrivals: deque[float] = deque()

    def run(self) -> "Desk":
        """Simulate the shifts, and what it takes until the last customer is served."""
        self.env.process(self._customers())
        self.env.process(self._sampled())
        for agent in self.agents.values():
            self.env.process(self._breaks(agent))
        self.env.run()
        return self

    @property
    def now(self) -> datetime:
        """The instant of the simulation."""
        return START + timedelta(seconds=self.env.now)

    def covered(self, within: Callable[[float], bool] = lambda _: True) -> tuple[float, int]:
        """Return the share of ranges that held, and of how many; of those who came at a time."""
        cases = [c for c in self.cases.values() if within((c.came - START).total_seconds())]
        return sum(case.held for case in cases) / max(len(cases), 1), len(cases)

    def _customers(self) -> Process:
        fastest = self._capacity * self._load.highest
        while True:
            yield self.env.timeout(self.random.expovariate(fastest))
            if self.env.now >= self._until:
                return
            if self.random.random() * self._load.highest < self._load.of_capacity(self.env.now):
                self._comes()

    def _comes(self) -> None:
        self.came += 1
        self._arrivals.append(self.env.now)
        language = "zh-Hans" if self.random.random() < 0.7 else "en"
        topic = self.random.choice(_TOPICS)
        customer = Waiting(UUID(int=self.came), "front", language, topic, self.now)
        self.queue.append(customer)
        self._route()
        if self.queue and self.queue[-1] is customer:
            self._say(customer)

    def _say(self, customer: Waiting) -> None:
        """Promise a range, of what is known now only."""
        same = [each.place_at for each in self.queue if each.language == customer.language]
        rate = rate_of(
            self._line(customer.language),
            self.now,
            oldest=same[0],
            places=max(self._places(customer.language), 1),
            handling=timedelta(seconds=sum(self._handled) / len(self._handled)),
        )
        assert rate is not None
        said = estimate(len(same) - 1, rate, Calibration.of(self._deviations))
        self.cases[customer.id] = Case(len(same) - 1, rate, said, self.now, len(self.queue))

    def _places(self, language: str) -> int:
        """Return how many customers of a language the present can have at once."""
        return sum(
            a.capacity for a in self.agents.values() if a.present and language in a.languages
        )

    def _line(self, language: str) -> deque[Departure]:
        """Return the last departures of those who wait for the same agents."""
        return self._departures.setdefault(language, deque(maxlen=200))

    def _route(self) -> None:
        servers = [agent.server() for agent in self.agents.values() if agent.present]
        pairs = choose(self.queue, servers)
        if pairs:
            self._check_order(pairs, servers)
        given = dict(pairs)
        taken = [customer for customer in self.queue if customer.id in given]
        self.queue = [customer for customer in self.queue if customer.id not in given]
        for customer in taken:
            self._take(customer, self.agents[given[customer.id]])
        self._check_room()
        self._check_positions()

    def _take(self, customer: Waiting, agent: Agent) -> None:
        agent.load += 1
        assert agent.load <= agent.capacity
        agent.free_since = self.now
        if case := self.cases.get(customer.id):
            assert case.waited is None
            case.waited = self.now - case.came
            self._line(customer.language).append(Departure(case.came, self.now))
            if self.now - self._noted_at >= SPACED:
                self._noted_at = self.now
                self._deviations.append(deviation_of(case.ahead, case.rate, case.waited))
        self.env.process(self._handles(agent))

    def _handles(self, agent: Agent) -> Process:
        spread = sqrt(log(1 + 0.8**2))
        seconds = self.random.lognormvariate(log(480.0) - spread**2 / 2, spread)
        yield self.env.timeout(seconds)
        agent.load -= 1
        self.served += 1
        self._handled.append(seconds)
        self._route()

    def _breaks(self, agent: Agent) -> Process:
        for begin in range(0, int(self._until), int(SHIFT)):
            yield self.env.timeout(begin + self.random.uniform(0.3, 0.7) * SHIFT - self.env.now)
            agent.present = False
            yield self.env.timeout(1_800)
            agent.present = True
            self._route()

    def _sampled(self) -> Process:
        """Look for a peak as the desk's loop would."""
        state = Peak()
        while self.env.now < self._until:
            while self._arrivals and self._arrivals[0] < self.env.now - 60:
                self._arrivals.popleft()
            places = sum(agent.capacity for agent in self.agents.values() if agent.present)
            rate = places / (sum(self._handled) / len(self._handled))
            full = all(agent.load >= agent.capacity for agent in self.agents.values())
            wait = timedelta(seconds=(len(self.queue) + 1) / rate if self.queue or full else 0)
            before = state
            state = step(state, Sample(wait, TARGET, len(self._arrivals), rate * 60), self.now)
            if bool(before.raised_at) != bool(state.raised_at):
                self.peaks.append((self.now, bool(state.raised_at)))
            yield self.env.timeout(_SAMPLED)

    def _check_order(self, pairs: Sequence[tuple[UUID, UUID]], servers: Sequence[Server]) -> None:
        """No agent was given to one before whom another waits on whom they could have had."""
        given, by_id = dict(pairs), {server.id: server for server in servers}
        passed: list[Waiting] = []
        for customer in self.queue:
            if customer.id not in given:
                passed.append(customer)
                continue
            server = by_id[given.pop(customer.id)]
            assert not any(may_have(server, other, servers) for other in passed)
            if not given:
                return

    def _check_room(self) -> None:
        """Nobody who may have a waiting customer has room."""
        servers = [agent.server() for agent in self.agents.values() if agent.present]
        if free := [server for server in servers if server.load < server.capacity]:
            for customer in self.queue:
                assert not any(may_have(server, customer, servers) for server in free)

    def _check_positions(self) -> None:
        """Nobody's position got worse."""
        for position, customer in enumerate(self.queue, 1):
            if case := self.cases.get(customer.id):
                assert position <= case.position
                case.position = position


def _team(chance: random.Random, agents: int) -> list[Agent]:
    """Return agents of whom most speak one language, and some take some topics only."""
    team = []
    for number in range(agents):
        both = number == 0 or chance.random() < 0.5
        languages = ("zh-Hans", "en") if both else ("zh-Hans",) if number % 3 else ("en",)
        topics = ("withdrawals", "kyc") if number % 5 == 4 else ()
        team.append(Agent(UUID(int=number + 1), ("front",), languages, topics, 2 + number % 3))
    return team
