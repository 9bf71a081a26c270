"""How many must be there: Erlang C for every half hour, and a rehearsal that checks the answer."""

import heapq
from collections.abc import Iterator, Sequence
from datetime import timedelta
from math import exp, log
from typing import Final

from msgspec import Struct

SLOT: Final = timedelta(minutes=30)
_SLOT_SECONDS: Final = SLOT.total_seconds()
_MOST: Final = 10_000
"""Agents that no plan exceeds."""


class Target(Struct, frozen=True):
    """A share of customers, below 1, who are answered within a time."""

    share: float = 0.9
    within: timedelta = timedelta(minutes=2)


class Work(Struct, frozen=True):
    """What a customer takes.

    handling: how long an agent has one, with as many beside them as they can have. Positive.
    concurrency: how many customers an agent has at once; 1 or more.
    """

    handling: timedelta
    concurrency: int = 1


class Outcome(Struct, frozen=True):
    """What became of those who came in one half hour.

    mean_wait: whoever is not served when the plan ends has waited until then.
    """

    arrived: int
    within: int
    mean_wait: timedelta


def plan(arrivals: Sequence[float], work: Work, target: Target) -> list[int]:
    """Return the agents each half hour needs, for the customers expected in it.

    The load of a half hour is what is in hand in it: a chat of the half hour before goes on.
    """
    hold = work.handling.total_seconds()
    needed = []
    held = arrivals[0] / _SLOT_SECONDS * hold if arrivals else 0.0
    for count in arrivals:
        offered = count / _SLOT_SECONDS * hold
        after = offered + (held - offered) * exp(-_SLOT_SECONDS / hold)
        needed.append(agents_for(max(held, after), work, target))
        held = after
    return needed


def agents_for(load: float, work: Work, target: Target) -> int:
    """Return the fewest agents that keep the target with `load` customers in hand on average.

    Cost: O(customers in hand at once).
    """
    if load < 1e-3:
        return 0
    blocking, places = 1.0, 0
    for agents in range(1, _MOST):
        for _ in range(work.concurrency):
            places += 1
            blocking = load * blocking / (places + load * blocking)
        if places > load and _within(load, places, blocking, work, target) >= target.share:
            return agents
    return _MOST


def level(load: float, agents: int, work: Work, within: timedelta) -> float:
    """Return the share answered within a time, in the long run, by so many agents."""
    places = agents * work.concurrency
    if places <= load:
        return 0.0
    blocking = 1.0
    for place in range(1, places + 1):
        blocking = load * blocking / (place + load * blocking)
    return _within(load, places, blocking, work, Target(within=within))


def _within(load: float, places: int, blocking: float, work: Work, target: Target) -> float:
    """Return the share answered in time.

    blocking: of Erlang B, by its recursion, which stays within 0 and 1; Erlang C follows from it.
    """
    waits = blocking / (1 - load / places * (1 - blocking))
    return 1 - waits * exp(-(places - load) * (target.within / work.handling))


def rehearse(
    arrivals: Sequence[float],
    agents: Sequence[int],
    work: Work,
    target: Target,
    *,
    seed: int,
) -> list[Outcome]:
    """Return what becomes of the customers of each half hour, if so many agents are there.

    Customers come at random, take a random time, wait as long as they must; an agent who leaves
    finishes what is in hand. Whoever is not served when the plan ends is not within the target.
    The same seed gives the same.
    """
    draws = _draws(seed)
    served: list[list[tuple[float, float]]] = [[] for _ in arrivals]
    busy: list[float] = []
    free_from, end = 0.0, len(arrivals) * _SLOT_SECONDS
    for came in _comings(arrivals, draws):
        free_from = start = _start(max(came, free_from), busy, agents, work.concurrency, end)
        served[min(int(came // _SLOT_SECONDS), len(served) - 1)].append((came, start))
        heapq.heappush(busy, start - log(next(draws)) * work.handling.total_seconds())
    return [_outcome(each, target, end) for each in served]


def _start(at: float, busy: list[float], agents: Sequence[int], each: int, end: float) -> float:
    """Return when a place is free, at `at` or later; takes out of `busy` what is over by then."""
    while True:
        while busy and busy[0] <= at:
            heapq.heappop(busy)
        if at >= end:
            return float("inf")
        slot = int(at // _SLOT_SECONDS)
        if len(busy) < agents[slot] * each:
            return at
        next_slot = (slot + 1) * _SLOT_SECONDS
        at = min(busy[0], next_slot) if busy else next_slot


def _comings(arrivals: Sequence[float], draws: Iterator[float]) -> Iterator[float]:
    for slot, count in enumerate(arrivals):
        at = 0.0
        while count > 0 and (at := at - log(next(draws)) * _SLOT_SECONDS / count) < _SLOT_SECONDS:
            yield slot * _SLOT_SECONDS + at


def _outcome(served: Sequence[tuple[float, float]], target: Target, end: float) -> Outcome:
    limit = target.within.total_seconds()
    waited = sum(min(start, end) - came for came, start in served)
    return Outcome(
        arrived=len(served),
        within=sum(start - came <= limit for came, start in served),
        mean_wait=timedelta(seconds=waited / max(len(served), 1)),
    )


def _draws(seed: int) -> Iterator[float]:
    """Yield random numbers above 0, up to 1.

    Source: SplitMix64 (Steele, Lea, Flood, 2014).
    """
    while True:
        seed = (seed + 0x9E3779B97F4A7C15) & 0xFFFF_FFFF_FFFF_FFFF
        mixed = (seed ^ (seed >> 30)) * 0xBF58476D1CE4E5B9 & 0xFFFF_FFFF_FFFF_FFFF
        mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EB & 0xFFFF_FFFF_FFFF_FFFF
        yield ((mixed ^ (mixed >> 31)) + 1) / 2**64
