"""The outbox: in order within a lane, lanes side by side, nothing lost, nothing run by two."""

import threading
from collections import defaultdict
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest

from kefu.storage import outbox
from kefu.storage.db import Database
from kefu.storage.outbox import ATTEMPTS, LEASE, Effect
from tests.house import START


def add(database: Database, *lanes: str) -> None:
    """Add an effect for each lane named, its place among them as its name."""
    rows = [(str(n), lane, {"n": n}) for n, lane in enumerate(lanes)]
    database.write_now(outbox.add, rows, at=START)


def claim(database: Database, at: datetime = START, limit: int = outbox.BATCH) -> list[Effect]:
    return database.write_now(outbox.claim, at=at, limit=limit)


def names(effects: Sequence[Effect]) -> str:
    return "".join(effect.name for effect in effects)


def test_effects_are_claimed_in_the_order_they_were_added(database: Database) -> None:
    add(database, "a", "b", "a", "b")
    claimed = claim(database)
    assert names(claimed) == "0123"
    assert [effect.payload for effect in claimed] == [{"n": n} for n in range(4)]


def test_a_lane_waits_for_its_head_while_others_go_on(database: Database) -> None:
    add(database, "a", "a", "b", "b")
    head = claim(database, limit=1)
    assert names(head) == "0"
    assert names(claim(database)) == "23"
    assert claim(database) == []
    database.write_now(outbox.finish, [head[0].id])
    assert names(claim(database)) == "1"


def test_what_a_dead_worker_had_claimed_runs_again_after_its_lease(database: Database) -> None:
    add(database, "a", "a")
    assert names(claim(database)) == "01"
    assert claim(database, START + LEASE - timedelta(seconds=1)) == []
    assert names(claim(database, START + LEASE)) == "01"


def test_an_effect_that_fails_waits_twice_as_long_each_time_and_is_given_up_at_last(
    database: Database,
) -> None:
    add(database, "a", "a")
    at = START
    for attempt in range(1, ATTEMPTS + 1):
        failing = claim(database, at, limit=1)[0]
        assert (failing.name, failing.attempts) == ("0", attempt - 1)
        database.write_now(outbox.put_off, failing, "exchange.unavailable", at=at)
        if attempt < ATTEMPTS:
            due = at + timedelta(seconds=min(2**attempt, 3600))
            assert claim(database, due - timedelta(seconds=1)) == []
            at = due
    assert names(claim(database, at)) == "1"
    assert database.write_now(outbox.backlog) == (1, START, 1)


def test_an_effect_put_off_holds_up_its_own_lane_only(database: Database) -> None:
    add(database, "a", "a", "b")
    head, second, other = claim(database)
    database.write_now(outbox.put_off, head, "exchange.unavailable", at=START)
    database.write_now(outbox.put_off, second, "exchange.unavailable", at=START)
    database.write_now(outbox.finish, [other.id])
    add(database, "b")
    assert [effect.lane for effect in claim(database)] == ["b"]
    again = claim(database, START + timedelta(seconds=2))
    assert [(effect.name, effect.attempts) for effect in again] == [("0", 1), ("1", 1)]


def test_the_backlog_says_how_many_wait_since_when_and_how_many_failed(database: Database) -> None:
    assert database.write_now(outbox.backlog) == (0, None, 0)
    add(database, "a", "b")
    assert database.write_now(outbox.backlog) == (2, START, 0)


def test_two_claimers_never_hold_one_lane_at_once_nor_overtake_in_it(
    postgres_database: Database,
) -> None:
    lanes, rows = 12, 300
    add(postgres_database, *(f"lane-{n % lanes}" for n in range(rows)))
    guard, held, order = threading.Lock(), set[str](), defaultdict[str, list[int]](list)

    def work(_: int) -> None:
        while claimed := _until_some(postgres_database):
            mine = {effect.lane for effect in claimed}
            with guard:
                assert not held & mine
                held.update(mine)
                for effect in claimed:
                    order[effect.lane].append(effect.id)
            with guard:
                held.difference_update(mine)
            postgres_database.write_now(outbox.finish, [effect.id for effect in claimed])

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(work, range(2)))
    assert sum(map(len, order.values())) == rows
    assert all(ids == sorted(set(ids)) for ids in order.values())


def _until_some(database: Database) -> list[Effect]:
    """Return what can be claimed; nothing only when nothing is left."""
    while database.write_now(outbox.backlog)[0]:
        if claimed := claim(database, limit=7):
            return claimed
    return []


@pytest.mark.parametrize("size", [0, 1, 300])
def test_finished_effects_are_gone(database: Database, size: int) -> None:
    add(database, *("a" for _ in range(size)))
    while claimed := claim(database):
        database.write_now(outbox.finish, [effect.id for effect in claimed])
    assert database.write_now(outbox.backlog) == (0, None, 0)


def test_each_claim_counts_and_what_is_given_back_unrun_does_not(database: Database) -> None:
    add(database, "a")
    claimed = [claim(database, START + deaths * LEASE)[0] for deaths in range(3)]
    assert [effect.attempts for effect in claimed] == [0, 1, 2]
    database.write_now(outbox.release, [claimed[0].id])
    assert claim(database)[0].attempts == 2


def test_a_long_lease_holds_longer(database: Database) -> None:
    add(database, "a")
    database.write_now(outbox.claim, at=START, lease=5 * LEASE)
    assert claim(database, START + 4 * LEASE) == []
    assert names(claim(database, START + 5 * LEASE)) == "0"
