"""A peak is raised in time, held, and withdrawn once."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

import pytest

from kefu.routing.peaks import Peak, Sample, step

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
TARGET = timedelta(minutes=2)
EVERY = timedelta(seconds=15)


def sample(minutes: float | None = 0, *, arrivals: int = 0, served: float = 4) -> Sample:
    """Return a sample with this wait."""
    wait = None if minutes is None else timedelta(minutes=minutes)
    return Sample(wait, TARGET, arrivals, served)


def turns(samples: Iterable[Sample], state: Peak | None = None) -> list[tuple[float, bool]]:
    """Return the seconds at which it became a peak, or none."""
    state, found = state or Peak(), []
    for number, each in enumerate(samples):
        after = step(state, each, NOON + number * EVERY)
        if (after.raised_at is None) != (state.raised_at is None):
            found.append((number * EVERY.total_seconds(), after.raised_at is not None))
        state = after
    return found


HIGH, FAIR, LOW = sample(5), sample(3), sample(1)
ON = Peak(NOON - timedelta(minutes=10))


@pytest.mark.parametrize(
    ("samples", "state", "found"),
    [
        ([HIGH] * 20, None, [(60, True)]),
        ([HIGH] * 4 + [FAIR] + [HIGH] * 4, None, []),
        ([FAIR] * 100, None, []),
        ([sample(4)] * 100, None, []),
        ([sample(None)] * 20, None, [(60, True)]),
        ([sample(arrivals=40)] * 20, None, [(60, True)]),
        ([sample(arrivals=11)] * 20, None, [(60, True)]),
        ([sample(arrivals=10)] * 20, None, []),
        ([sample(arrivals=140, served=100)] * 20, None, []),
        ([sample(arrivals=151, served=100)] * 20, None, [(60, True)]),
        ([sample(arrivals=3, served=1)] * 20, None, []),
        ([LOW] * 30, ON, [(300, False)]),
        ([FAIR] * 100, ON, []),
        ([LOW] * 15 + [FAIR] + [LOW] * 15, ON, []),
        ([sample(arrivals=40)] * 100, ON, []),
        ([sample(None)] * 100, ON, []),
        ([HIGH] * 5 + [LOW] * 30 + [HIGH] * 6, None, [(60, True), (375, False), (585, True)]),
    ],
)
def test_it_turns_when_it_should(
    samples: list[Sample], state: Peak | None, found: list[tuple[float, bool]]
) -> None:
    assert turns(samples, state) == found


def test_a_wait_that_swings_around_the_limits_does_not_flap() -> None:
    assert turns([HIGH, HIGH, LOW] * 100) == []
    assert turns([LOW, LOW, HIGH] * 100, ON) == []
