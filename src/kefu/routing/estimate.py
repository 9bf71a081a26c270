"""How long the wait is: a range that holds for four customers in five.

A line is what shares its agents: the waiting of one team and language. With `ahead` before them a
customer is served by departure `ahead + 1` of the line; at a steady rate that takes a time with a
gamma distribution, whose cube root is nearly normal (Wilson and Hilferty). A deviation is where a
real wait came out on that normal scale. How past deviations were spread, not the theory, sets the
width of the range, so that what the theory leaves out (breaks, long chats, waves) is in it.
"""

from bisect import bisect_left
from collections.abc import Iterable
from datetime import datetime, timedelta
from math import cbrt, exp, log, sqrt
from statistics import NormalDist
from typing import Final, NamedTuple

from msgspec import Struct

LOW: Final = 0.1
HIGH: Final = 0.9
"""The chances that the wait is over at the two ends of a range."""

REMEMBERED: Final = 1_000
"""How many past deviations calibrate."""

SPACED: Final = timedelta(minutes=1)
"""Deviations that calibrate are so far apart: neighbours waited together and tell the same, and
a large desk's last thousand would be one hour's mood."""

FARTHEST: Final = timedelta(days=7)
"""No range reaches further."""

HALF_LIFE: Final = timedelta(minutes=60)
"""After that a departure counts half for the rate."""

_MEMORY: Final = HALF_LIFE.total_seconds() / log(2)
_PRIOR: Final = 10.0
"""Departures that the rate by places and handling time counts for."""

_STEADY: Final = 10.0
"""Departures after which the rate itself will have changed: a long wait is not surer than that."""

_NORMAL: Final = tuple(NormalDist().inv_cdf((n + 0.5) / 10) for n in range(10))
_STEPS: Final = (0, 1, 2, 3, 4, 5, 6, 8, 10, 12, 15, 20, 25, 30, 40, 50, 60, 75, 90, 120, 150, 180)
_MINUTE: Final = timedelta(minutes=1)


class Range(NamedTuple):
    """A wait from `low` to `high`."""

    low: timedelta
    high: timedelta


class Departure(NamedTuple):
    """Somebody left the line for an agent, at `at`, having waited since `since`."""

    since: datetime
    at: datetime


class Calibration(Struct, frozen=True):
    """How deviations were spread: scores in rising order."""

    scores: tuple[float, ...]

    @classmethod
    def of(cls, deviations: Iterable[float]) -> "Calibration":
        """Return that of the last REMEMBERED deviations, SPACED; of few, mostly the theory's."""
        return cls(tuple(sorted((*_NORMAL, *deviations))))

    def at(self, chance: float) -> float:
        """Return the deviation that is not exceeded with this chance."""
        place = min(max(chance * len(self.scores) - 0.5, 0), len(self.scores) - 1)
        below = int(place)
        first, second = self.scores[below], self.scores[min(below + 1, len(self.scores) - 1)]
        return first + (second - first) * (place - below)

    def chance(self, deviation: float) -> float:
        """Return the chance that a deviation is not above this one; the inverse of `at`."""
        above = bisect_left(self.scores, deviation)
        if above == 0:
            return 0.0
        if above == len(self.scores):
            return 1.0
        first, second = self.scores[above - 1], self.scores[above]
        part = (deviation - first) / (second - first) if second > first else 1.0
        return (above - 0.5 + part) / len(self.scores)


def rate_of(
    departures: Iterable[Departure],
    now: datetime,
    *,
    oldest: datetime | None,
    places: int,
    handling: timedelta,
) -> float | None:
    """Return the departures a second of a line in which somebody waits; None if nobody serves it.

    departures: the last of those who had to wait, in any order; some hours back is enough.
    oldest: since when the first of those who still wait does; time without a departure counts,
        so the rate falls when nothing moves.
    places: how many customers the agents who are there for the line can have at once.
    handling: how long an agent has a customer, on average lately. Positive.
    """
    if places <= 0:
        return None
    times = [(_ago(now, since), _ago(now, at)) for since, at in departures]
    left = sorted(at for _, at in times)
    if oldest is not None:
        times.append((_ago(now, oldest), 0.0))
    # Who left before the first that is known is not: the watch begins when that one left.
    begin = left[0] if left else float("-inf")
    weight = sum(exp(at / _MEMORY) for at in left[1:])
    expected = places / handling.total_seconds()
    return (_PRIOR + weight) / (_PRIOR / expected + _busy(sorted(times), begin))


def _ago(now: datetime, at: datetime) -> float:
    """Return how far before now an instant is, in seconds, as a number below zero."""
    return min((at - now).total_seconds(), 0.0)


def _busy(times: Iterable[tuple[float, float]], begin: float) -> float:
    """Return the seconds from `begin` in which somebody waited, each counted by its age."""
    total, until = 0.0, begin
    for since, at in times:
        if at > until:
            total += _MEMORY * (exp(at / _MEMORY) - exp(max(since, until) / _MEMORY))
            until = at
    return total


def estimate(ahead: int, rate: float, calibration: Calibration) -> Range:
    """Return the range of the wait of somebody with `ahead` before them, from now on.

    rate: departures a second, above 0.
    """
    return Range(
        _wait(ahead, rate, calibration.at(LOW)),
        _wait(ahead, rate, calibration.at(HIGH)),
    )


def middle(ahead: int, rate: float, calibration: Calibration) -> timedelta:
    """Return the wait that half of those in this place do not exceed."""
    return _wait(ahead, rate, calibration.at(0.5))


def chance_by(ahead: int, rate: float, calibration: Calibration, within: timedelta) -> float:
    """Return the chance that the wait from now on is over within a time."""
    return calibration.chance(deviation_of(ahead, rate, within))


def deviation_of(ahead: int, rate: float, waited: timedelta) -> float:
    """Return where a wait lies on the normal scale of what was expected when it began."""
    centre, width = _cube_root(ahead)
    share = max(waited.total_seconds(), 0.0) * rate / (ahead + 1)
    return (cbrt(share) - centre) / width


def _wait(ahead: int, rate: float, deviation: float) -> timedelta:
    centre, width = _cube_root(ahead)
    seconds = max(centre + width * deviation, 0) ** 3 * (ahead + 1) / rate
    return timedelta(seconds=min(seconds, FARTHEST.total_seconds()))


def _cube_root(ahead: int) -> tuple[float, float]:
    """Return mean and deviation of the cube root of wait over expected wait.

    The shape is what is left of ahead + 1 departures with a rate known from _STEADY of them.
    Source: Wilson and Hilferty, 1931.
    """
    shape = (ahead + 1) * _STEADY / (ahead + 1 + _STEADY)
    return 1 - 1 / (9 * shape), 1 / (3 * sqrt(shape))


def rounded(wait: Range) -> Range:
    """Return a range in whole minutes that people would say, no narrower than it was."""
    return Range(_floor(wait.low), _ceiling(wait.high))


def _floor(wait: timedelta) -> timedelta:
    hours, rest = divmod(wait // _MINUTE, 60)
    if hours >= 3:
        return timedelta(hours=hours)
    return max(step for step in _STEPS if step <= hours * 60 + rest) * _MINUTE


def _ceiling(wait: timedelta) -> timedelta:
    minutes = max(-(-wait // _MINUTE), 1)
    if minutes > _STEPS[-1]:
        return timedelta(hours=-(-minutes // 60))
    return min(step for step in _STEPS if step >= minutes) * _MINUTE
