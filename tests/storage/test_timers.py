"""Timers: one for each name and subject, firing exactly once whoever looks."""

import threading
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

from sqlalchemy import Connection

from kefu.storage import timers
from kefu.storage.db import Database
from kefu.storage.timers import Timer
from kefu.work.alarms import PUT_OFF, Alarms, Fire
from tests.house import START

SOON = START + timedelta(seconds=20)


def arm(database: Database, subject: str, due_at: datetime = SOON, seq: int = 1) -> None:
    database.write_now(timers.arm, "unread", subject, due_at=due_at, payload={"seq": seq})


def take(database: Database, at: datetime) -> list[Timer]:
    return database.write_now(timers.take_due, at=at)


def test_a_timer_is_taken_when_it_is_due_and_only_once(database: Database) -> None:
    arm(database, "one")
    assert take(database, SOON - timedelta(microseconds=1)) == []
    assert take(database, SOON) == [Timer("unread", "one", SOON, {"seq": 1})]
    assert take(database, SOON) == []


def alarms(
    database: Database, fire: Fire, *, at: datetime = SOON, told: list[str] | None = None
) -> Alarms:
    """Return alarms that know one kind of timer; `told` takes what others would hear of."""

    async def tell(changed: Sequence[str]) -> None:
        if told is not None:
            told.extend(changed)

    return Alarms(database, {"unread": fire}, clock=lambda: at, tell=tell)


def test_arming_again_replaces_the_timer(database: Database) -> None:
    arm(database, "one", seq=1)
    arm(database, "one", SOON + timedelta(seconds=5), seq=2)
    assert take(database, SOON) == []
    assert [timer.payload for timer in take(database, SOON + timedelta(hours=1))] == [{"seq": 2}]


def test_a_timer_that_is_cancelled_never_fires(database: Database) -> None:
    arm(database, "one")
    arm(database, "other")
    database.write_now(timers.cancel, "unread", "one")
    assert database.write_now(timers.next_due) == SOON
    assert [timer.subject for timer in take(database, SOON)] == ["other"]
    assert database.write_now(timers.next_due) is None


async def test_a_timer_that_fails_waits_a_while_and_holds_up_no_other(database: Database) -> None:
    arm(database, "one")
    arm(database, "two")
    fired: list[str] = []

    def fire(tx: Connection, timer: Timer, at: datetime) -> list[str]:
        fired.append(timer.subject)
        if len(fired) == 1:
            raise RuntimeError("the first time")
        return [timer.subject]

    told: list[str] = []
    await alarms(database, fire, told=told).turn()
    assert sorted(fired) == ["one", "two"]
    assert told == fired[1:], "others hear of what was done, not of what failed"
    assert await alarms(database, fire).turn() > 0
    await alarms(database, fire, at=SOON + PUT_OFF).turn()
    assert fired[2:] == fired[:1]


async def test_a_timer_of_a_newer_version_stops_no_other(database: Database) -> None:
    database.write_now(timers.arm, "future", "x", due_at=SOON, payload={})
    arm(database, "one")
    fired: list[str] = []

    def fire(tx: Connection, timer: Timer, at: datetime) -> list[str]:
        fired.append(timer.subject)
        return []

    await alarms(database, fire).turn()
    assert fired == ["one"]


def test_two_takers_fire_each_timer_exactly_once(postgres_database: Database) -> None:
    def many(tx: Connection) -> None:
        for n in range(250):
            timers.arm(tx, "unread", str(n), due_at=SOON, payload={})

    postgres_database.write_now(many)
    start, fired = threading.Barrier(2), Counter[str]()

    def work(_: int) -> list[str]:
        start.wait()
        mine: list[str] = []
        while postgres_database.write_now(timers.next_due) is not None:
            mine += [timer.subject for timer in take(postgres_database, SOON)]
        return mine

    with ThreadPoolExecutor(2) as pool:
        for mine in pool.map(work, range(2)):
            fired.update(mine)
    assert fired == Counter(str(n) for n in range(250))


def test_processes_that_arm_one_timer_at_once_leave_one(postgres_database: Database) -> None:
    start = threading.Barrier(4)

    def work(seq: int) -> None:
        start.wait()
        for _ in range(10):
            arm(postgres_database, "all", seq=seq)

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(work, range(4)))
    assert len(take(postgres_database, SOON)) == 1
