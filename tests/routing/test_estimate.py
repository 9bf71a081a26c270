"""The range of a wait: theory, calibration, the rate, and how it is said."""

import random
from datetime import UTC, datetime, timedelta

import pytest

from kefu.routing.estimate import (
    FARTHEST,
    Calibration,
    Departure,
    Range,
    chance_by,
    deviation_of,
    estimate,
    rate_of,
    rounded,
)

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
THEORY = Calibration.of([])
HANDLING = timedelta(minutes=8)


def minutes(low: float, high: float) -> Range:
    """Return a range."""
    return Range(timedelta(minutes=low), timedelta(minutes=high))


@pytest.mark.parametrize("ahead", [0, 3, 20, 400])
def test_ranges_cover_four_in_five_where_the_theory_holds(ahead: int) -> None:
    chance = random.Random(ahead)
    held = 0
    for _ in range(2_000):
        real = chance.gammavariate(10, 1 / 10)  # the rate itself is known that well only
        waited = timedelta(seconds=chance.gammavariate(ahead + 1, 60 / real))
        low, high = estimate(ahead, 1 / 60, THEORY)
        held += low <= waited <= high
    assert 0.76 <= held / 2_000 <= 0.86


@pytest.mark.parametrize("slower", [0.5, 1.0, 3.0])
def test_past_deviations_bring_the_range_to_where_waits_are(slower: float) -> None:
    chance = random.Random(3)
    deviations: list[float] = []
    held = []
    for _ in range(1_200):
        ahead = chance.randrange(60)
        low, high = estimate(ahead, 0.05, Calibration.of(deviations[-300:]))
        waited = timedelta(seconds=slower * chance.gammavariate(ahead + 1, 20))
        held.append(low <= waited <= high)
        deviations.append(deviation_of(ahead, 0.05, waited))
    assert 0.75 <= sum(held[300:]) / 900 <= 0.85


@pytest.mark.parametrize("ahead", [0, 1, 9, 300])
@pytest.mark.parametrize("chance", [0.05, 0.1, 0.5, 0.9, 0.95])
def test_the_chance_is_the_inverse_of_the_range(ahead: int, chance: float) -> None:
    draws = random.Random(ahead)
    spread = Calibration.of(draws.gauss(0.4, 0.7) for _ in range(200))
    centre, width = deviation_of(ahead, 0.1, timedelta(0)), spread.at(chance)
    assert width > centre
    low, high = estimate(ahead, 0.1, spread)
    assert chance_by(ahead, 0.1, spread, low) == pytest.approx(0.1, abs=0.001)
    assert chance_by(ahead, 0.1, spread, high) == pytest.approx(0.9, abs=0.001)
    assert spread.chance(spread.at(chance)) == pytest.approx(chance, abs=0.001)


def test_the_more_are_before_the_later_and_nothing_is_below_nought_or_without_end() -> None:
    wild = Calibration.of([-50.0] * 100 + [50.0] * 100)
    ranges = [estimate(ahead, 0.02, THEORY) for ahead in range(500)]
    assert ranges == sorted(ranges)
    assert all(low < high for low, high in ranges)
    assert estimate(5, 0.02, wild).low == timedelta(0)
    assert estimate(10_000, 1e-9, wild).high == FARTHEST


def rate(departures: list[Departure], *, oldest: float | None = None, places: int = 12) -> float:
    """Return the rate a minute; oldest is minutes ago."""
    since = None if oldest is None else NOON - timedelta(minutes=oldest)
    found = rate_of(departures, NOON, oldest=since, places=places, handling=HANDLING)
    assert found is not None
    return found * 60


def every(seconds: float, count: int, *, ended: float = 0) -> list[Departure]:
    """Return departures one after another, the last some minutes ago."""
    last = NOON - timedelta(minutes=ended)
    return [
        Departure(
            last - timedelta(seconds=seconds * (n + 3)), last - timedelta(seconds=seconds * n)
        )
        for n in range(count)
    ]


def test_without_departures_the_rate_is_that_of_places_and_handling() -> None:
    assert rate([]) == pytest.approx(1.5)
    assert rate([], places=24) == pytest.approx(3)


def test_the_rate_follows_what_leaves() -> None:
    assert rate(every(20, 200), oldest=1) == pytest.approx(3, rel=0.1)
    assert rate(every(120, 60), oldest=1) == pytest.approx(0.5, rel=0.35)


def test_an_empty_queue_is_no_slow_queue() -> None:
    assert rate(every(20, 100, ended=60)) == pytest.approx(3, rel=0.35)


def test_the_longer_nothing_moves_the_lower_the_rate() -> None:
    left = every(20, 100, ended=20)
    rates = [rate(left), *(rate(left, oldest=waits) for waits in (1, 5, 10, 20))]
    assert rates == sorted(rates, reverse=True)
    assert rates[-1] < 0.75 * rates[0]


def test_the_rate_does_not_fall_because_earlier_departures_are_not_known() -> None:
    long_waits = [Departure(at - timedelta(minutes=40), at) for _, at in every(20, 60)]
    assert rate(long_waits, oldest=40) == pytest.approx(3, rel=0.15)


def test_nobody_there_has_no_rate() -> None:
    assert rate_of(every(20, 9), NOON, oldest=NOON, places=0, handling=HANDLING) is None


def test_a_departure_after_now_counts_as_now() -> None:
    later = Departure(NOON, NOON + timedelta(seconds=5))
    assert rate([later]) == pytest.approx(1.5, rel=0.2)


@pytest.mark.parametrize(
    ("wait", "said"),
    [
        (minutes(0, 0.2), minutes(0, 1)),
        (minutes(0.9, 1.1), minutes(0, 2)),
        (minutes(2, 5), minutes(2, 5)),
        (minutes(2.4, 4.6), minutes(2, 5)),
        (minutes(13, 33), minutes(12, 40)),
        (minutes(95, 170), minutes(90, 180)),
        (minutes(181, 200), minutes(180, 240)),
        (minutes(400, 1_500), minutes(360, 1_500)),
    ],
)
def test_a_range_is_said_in_steps_people_use_and_never_narrower(wait: Range, said: Range) -> None:
    assert rounded(wait) == said
    assert said.low <= wait.low < wait.high <= said.high
