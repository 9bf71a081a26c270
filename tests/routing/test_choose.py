"""`choose` beside the slow model, and each rule by itself."""

import time
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from kefu.routing.choose import Server, Waiting, choose, unservable
from tests.routing.slowly import chosen, may_have

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
TEAMS = ("front", "senior")
LANGUAGES = ("zh-Hans", "en", "ru")
TOPICS = ("withdrawals", "withdrawals.crypto", "withdrawals.crypto.pending", "with", "kyc")


def customer(number: int = 1, **changed: object) -> Waiting:
    """Return a customer in the queue; the number is id and place."""
    at = NOON + timedelta(seconds=number)
    return replace(Waiting(UUID(int=number), "front", "en", "withdrawals.crypto", at), **changed)


def server(number: int = 1, **changed: object) -> Server:
    """Return an agent with room for two."""
    return replace(Server(UUID(int=number), ("front",), ("en",), (), 2, 0, NOON), **changed)


def some(values: tuple[str, ...], least: int = 0) -> st.SearchStrategy[tuple[str, ...]]:
    """Return some of the values, each at most once."""
    return st.lists(st.sampled_from(values), min_size=least, unique=True).map(tuple)


AGENT_IDS = tuple(str(UUID(int=number)) for number in range(1, 7))
CUSTOMERS = st.lists(
    st.builds(
        Waiting,
        id=st.uuids(),
        team=st.sampled_from(TEAMS),
        language=st.sampled_from(LANGUAGES),
        topic=st.sampled_from((None, *TOPICS)),
        place_at=st.integers(0, 5).map(lambda n: NOON + timedelta(seconds=n)),
        barred=some(AGENT_IDS),
    ),
    max_size=14,
    unique_by=lambda each: each.id,
).map(lambda found: sorted(found, key=lambda each: (each.place_at, each.id)))
SERVERS = st.lists(
    st.builds(
        Server,
        id=st.integers(1, 6).map(lambda number: UUID(int=number)),
        teams=some(TEAMS, 1),
        languages=some(LANGUAGES),
        topics=some(TOPICS),
        capacity=st.integers(1, 4),
        load=st.integers(0, 5),
        free_since=st.integers(0, 2).map(lambda n: NOON - timedelta(minutes=n)),
    ),
    max_size=6,
    unique_by=lambda each: each.id,
)


@settings(max_examples=100, deadline=None)
@given(CUSTOMERS, SERVERS)
def test_it_chooses_as_looking_at_everybody_in_turn_does(
    waiting: list[Waiting], servers: list[Server]
) -> None:
    assert choose(waiting, servers) == chosen(waiting, servers)


@settings(max_examples=100, deadline=None)
@given(CUSTOMERS, SERVERS)
def test_nobody_is_passed_over_and_no_suited_agent_has_room_beside_a_customer(
    waiting: list[Waiting], servers: list[Server]
) -> None:
    pairs = dict(choose(waiting, servers))
    loads = {each.id: each.load for each in servers}
    for agent in pairs.values():
        loads[agent] += 1
    for each in servers:
        assert loads[each.id] <= max(each.capacity, each.load)
        for place, earlier in enumerate(waiting):
            if earlier.id in pairs or not may_have(each, earlier, servers):
                continue
            assert loads[each.id] >= each.capacity
            assert all(pairs.get(later.id) != each.id for later in waiting[place:])


@settings(max_examples=60, deadline=None)
@given(CUSTOMERS, SERVERS)
def test_unservable_are_those_whom_everybody_with_all_their_room_could_not_take(
    waiting: list[Waiting], servers: list[Server]
) -> None:
    stuck = {each for each, _ in unservable(waiting, servers)}
    for each in waiting:
        nobody = not any(may_have(other, each, servers) for other in servers)
        assert (each.id in stuck) == nobody


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ({"load": 1, "capacity": 4}, {"load": 1, "capacity": 2}),
        ({"free_since": NOON - timedelta(minutes=1)}, {}),
        ({}, {}),
    ],
)
def test_the_least_busy_then_the_longest_free_then_the_smaller_id(
    first: dict[str, object], second: dict[str, object]
) -> None:
    one, other = server(1, **first), server(2, **second)
    assert choose([customer()], [other, one]) == [(UUID(int=1), one.id)]


def test_a_language_that_only_a_busy_agent_speaks_waits_for_them() -> None:
    busy = server(1, languages=("ru",), load=2)
    assert choose([customer(language="ru")], [busy, server(2)]) == []


def test_a_language_that_nobody_of_the_team_speaks_is_answered_by_any_of_them() -> None:
    elsewhere = server(1, teams=("senior",), languages=("ru",))
    found = choose([customer(language="ru")], [elsewhere, server(2)])
    assert found == [(UUID(int=1), UUID(int=2))]


@pytest.mark.parametrize(
    ("topic", "topics", "takes"),
    [
        ("withdrawals.crypto", ("withdrawals",), True),
        ("withdrawals", ("withdrawals.crypto",), False),
        ("withdrawals2", ("withdrawals",), False),
        (None, ("withdrawals",), True),
        ("kyc", (), True),
    ],
)
def test_an_agent_takes_what_is_within_their_topics(
    topic: str | None, topics: tuple[str, ...], takes: bool
) -> None:
    assert bool(choose([customer(topic=topic)], [server(topics=topics)])) == takes


@pytest.mark.parametrize(
    ("servers", "reason"),
    [
        ([], "nobody"),
        ([server(teams=("senior",))], "nobody"),
        ([server(capacity=0)], "nobody"),
        ([server(topics=("kyc",))], "topic"),
        ([server(1, topics=("kyc",)), server(2, languages=("ru",))], "language"),
        ([server(7)], "barred"),
        ([server(7), server(8, load=2)], None),
    ],
)
def test_a_customer_nobody_may_have_says_why(servers: list[Server], reason: str | None) -> None:
    one = customer(barred=(str(UUID(int=7)),))
    assert choose([one], servers) == []
    assert unservable([one], servers) == ([(one.id, reason)] if reason else [])


def test_ten_thousand_waiting_and_no_suited_agent_take_milliseconds() -> None:
    waiting = [customer(n, topic=f"{n % 12}.{n % 60}") for n in range(1, 10_001)]
    servers = [server(n, topics=("none",)) for n in range(1, 501)]
    times = []
    for _ in range(5):
        start = time.process_time()
        assert choose(waiting, servers) == []
        times.append(time.process_time() - start)
    assert min(times) < 0.05
