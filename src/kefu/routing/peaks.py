"""When it is a peak: raised soon after a burst begins, withdrawn only when it is over for good."""

from datetime import datetime, timedelta
from math import sqrt
from typing import Final

from msgspec import Struct

RAISED_AFTER: Final = timedelta(seconds=60)
LOWERED_AFTER: Final = timedelta(minutes=5)
_HIGH: Final = 2.0
"""So many times the target is a peak."""

_FLOOD: Final = 1.5
"""So many times what can be served is a burst,"""

_SURE: Final = 3.0
"""and so many standard deviations above it: three customers in one minute are none."""


class Sample(Struct, frozen=True):
    """How one team stands.

    wait: what somebody who came now would wait, in the middle; None if nobody is there to serve.
    target: within which the team means to answer.
    arrivals, served: of the last minute: who came, and how many the agents who are there can take.
    """

    wait: timedelta | None
    target: timedelta
    arrivals: int
    served: float


class Peak(Struct, frozen=True):
    """Whether it is a peak.

    raised_at: since when it is one, or None.
    turning_since: since when the samples have said the opposite, or None.
    """

    raised_at: datetime | None = None
    turning_since: datetime | None = None


def step(state: Peak, sample: Sample, now: datetime) -> Peak:
    """Return the state after a sample. Needs one every 15 seconds or so to be in time."""
    turning = _calm(sample) if state.raised_at else _pressed(sample)
    if not turning:
        return Peak(state.raised_at)
    since = state.turning_since or now
    if now - since < (LOWERED_AFTER if state.raised_at else RAISED_AFTER):
        return Peak(state.raised_at, since)
    return Peak(None if state.raised_at else now)


def _pressed(sample: Sample) -> bool:
    return sample.wait is None or sample.wait > _HIGH * sample.target or _burst(sample)


def _calm(sample: Sample) -> bool:
    return sample.wait is not None and sample.wait < sample.target and not _burst(sample)


def _burst(sample: Sample) -> bool:
    by_chance = sample.served + _SURE * sqrt(max(sample.served, 1))
    return sample.arrivals > max(_FLOOD * sample.served, by_chance)
