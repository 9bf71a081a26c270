"""Erlang C beside known values and beside its rehearsal."""

from datetime import timedelta

import pytest

from kefu.routing.staffing import Target, Work, agents_for, level, plan, rehearse

MINUTES_3 = Work(timedelta(minutes=3))
CHAT = Work(timedelta(minutes=9), concurrency=3)
TARGET = Target()


@pytest.mark.parametrize(
    ("load", "agents", "seconds", "share"),
    [
        # Textbook: 200 calls an hour of 3 minutes are 10 erlang; 14 agents answer 88.8 % in 20 s.
        (10.0, 14, 20, 0.888),
        (10.0, 13, 20, 0.795),
        (0.5, 1, 0, 0.5),  # one server: whoever comes waits with the chance that it is busy
        (10.0, 10, 60, 0.0),  # as many as the load: the queue grows for ever
        (900.0, 905, 0, 0.210),
    ],
)
def test_the_share_in_time_is_that_of_the_tables(
    load: float, agents: int, seconds: int, share: float
) -> None:
    found = level(load, agents, MINUTES_3, timedelta(seconds=seconds))
    assert found == pytest.approx(share, abs=0.02)


@pytest.mark.parametrize("load", [0.2, 1, 7.5, 42, 600, 3_000])
@pytest.mark.parametrize("work", [MINUTES_3, CHAT])
def test_one_agent_fewer_would_miss_the_target(load: float, work: Work) -> None:
    agents = agents_for(load, work, TARGET)
    assert level(load, agents, work, TARGET.within) >= TARGET.share
    assert level(load, agents - 1, work, TARGET.within) < TARGET.share


def test_no_customers_need_no_agents() -> None:
    assert plan([0, 0, 0], CHAT, TARGET) == [0, 0, 0]
    assert plan([], CHAT, TARGET) == []


def test_a_half_hour_after_a_full_one_still_has_its_chats_in_hand() -> None:
    long = Work(timedelta(minutes=30), concurrency=3)
    needed = plan([10, 60, 10, 10], long, TARGET)
    assert needed[2] > needed[3] >= needed[0]


def test_the_plan_keeps_its_target_in_a_rehearsal() -> None:
    day = [4, 8, 20, 45, 80, 110, 120, 90, 60, 70, 100, 80, 40, 20, 10, 5]
    agents = plan(day, CHAT, TARGET)
    weeks = [rehearse(day, agents, CHAT, TARGET, seed=seed) for seed in range(40)]
    for half_hour in zip(*weeks, strict=True):
        came = sum(each.arrived for each in half_hour)
        assert sum(each.within for each in half_hour) / came >= TARGET.share - 0.03


def test_a_rehearsal_agrees_with_the_formula_where_nothing_changes() -> None:
    agents, load = 9, 24.0
    came = load * 1_800 / CHAT.handling.total_seconds()
    found = rehearse([came] * 800, [agents] * 800, CHAT, TARGET, seed=7)[10:]
    share = sum(each.within for each in found) / sum(each.arrived for each in found)
    assert share == pytest.approx(level(load, agents, CHAT, TARGET.within), abs=0.02)


def test_too_few_agents_are_seen_in_a_rehearsal() -> None:
    found = rehearse([60] * 6, [4] * 6, CHAT, TARGET, seed=1)
    assert sum(each.within for each in found) / sum(each.arrived for each in found) < 0.6
    assert found[3].mean_wait > found[0].mean_wait


def test_the_same_seed_gives_the_same_and_another_another() -> None:
    once, again, other = (rehearse([30] * 4, [4] * 4, CHAT, TARGET, seed=s) for s in (1, 1, 2))
    assert once == again != other


def test_customers_who_come_when_nobody_is_there_are_served_by_the_next_or_not_in_time() -> None:
    found = rehearse([5, 5], [0, 3], CHAT, TARGET, seed=3)
    assert found[0].within < found[0].arrived
    assert [each.within for each in rehearse([5, 5], [0, 0], CHAT, TARGET, seed=3)] == [0, 0]
