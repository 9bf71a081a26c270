"""Whole shifts in simulated time. The desk checks order, room and positions after each event."""

from datetime import timedelta
from itertools import pairwise

import pytest

from tests.routing.simulation import BURST_AT, SHIFT, START, TRACES, Case, Desk


def _goes_well(desk: Desk) -> None:
    assert desk.came == desk.served > 1_000
    assert not desk.queue
    assert all(case.waited is not None for case in desk.cases.values())


@pytest.mark.parametrize("trace", TRACES)
def test_nothing_is_lost_and_four_in_five_ranges_hold(trace: str) -> None:
    desk = Desk(TRACES[trace], seed=1, shifts=3).run()
    _goes_well(desk)
    share, count = desk.covered()
    assert count > 1_000
    assert 0.75 <= share <= 0.85


def _peaks_follow_bursts(desk: Desk, shifts: int) -> None:
    """Each burst raises once, within two minutes; nothing turns back within five."""
    for shift in range(shifts):
        begin = START + timedelta(seconds=shift * SHIFT + BURST_AT)
        over = begin + timedelta(minutes=30)
        before = [raised for at, raised in desk.peaks if at < begin]
        during = [(at, raised) for at, raised in desk.peaks if begin <= at < over]
        if not (before and before[-1]):
            assert [raised for _, raised in during] in ([True], [True, False])
            assert during[0][0] - begin <= timedelta(minutes=2)
        else:
            assert len(during) <= 1
    for (at, raised), (after, _) in pairwise(desk.peaks):
        assert after - at >= (timedelta(minutes=5) if raised else timedelta(minutes=1))


def test_a_burst_is_a_peak_within_two_minutes_and_only_once() -> None:
    desk = Desk(TRACES["burst"], seed=5, shifts=2, agents=12).run()
    _goes_well(desk)
    _peaks_follow_bursts(desk, 2)


@pytest.mark.soak
@pytest.mark.parametrize("agents", [6, 10, 24])
@pytest.mark.parametrize("trace", TRACES)
def test_ranges_hold_on_small_and_large_desks(trace: str, agents: int) -> None:
    cases: list[Case] = []
    for seed in range(4):
        desk = Desk(TRACES[trace], seed=seed, shifts=6, agents=agents).run()
        _goes_well(desk)
        cases += desk.cases.values()
        if trace == "burst":
            _peaks_follow_bursts(desk, 6)
    share = sum(case.held for case in cases) / len(cases)
    assert 0.75 <= share <= 0.85
