"""The worker of the outbox: what one handler or one lane does to the others."""

import asyncio
from collections.abc import Sequence
from datetime import datetime, timedelta

import pytest

from kefu.core.errors import KefuError
from kefu.storage import outbox
from kefu.storage.db import Database
from kefu.storage.outbox import ATTEMPTS, Effect
from kefu.work.effects import Effects, Handler
from tests.house import START


class ExchangeAway(KefuError):
    code = "exchange.unavailable"


class Worker:
    """Effects with a clock that tests move, and the handler runs in the order they ended."""

    def __init__(self, database: Database) -> None:
        self.at: datetime = START
        self.database = database
        self.ran: list[list[int]] = []
        self.handlers: dict[str, Handler] = {"push": self.note}
        self.effects = Effects(database, self.handlers, clock=lambda: self.at)

    async def note(self, run: Sequence[Effect]) -> None:
        self.ran.append([effect.payload["n"] for effect in run])

    def add(self, *rows: tuple[str, str]) -> None:
        """Add effects (name, lane), numbered in order."""
        numbered = [(name, lane, {"n": n}) for n, (name, lane) in enumerate(rows)]
        self.database.write_now(outbox.add, numbered, at=self.at)

    async def turn(self, later: float = 0) -> float:
        self.at += timedelta(seconds=later)
        rest = await self.effects.turn()
        await self.effects.finish()
        return rest

    def left(self) -> tuple[int, int]:
        """Return how many effects wait and how many failed for good."""
        waiting, _, failed = self.database.write_now(outbox.backlog)
        return waiting, failed


@pytest.fixture
def worker(database: Database) -> Worker:
    return Worker(database)


async def test_each_lane_runs_in_order_and_is_then_forgotten(worker: Worker) -> None:
    worker.add(("push", "a"), ("push", "b"), ("push", "a"), ("push", "b"))
    assert await worker.turn() < 1
    assert sorted(worker.ran) == [[0, 2], [1, 3]]
    assert worker.left() == (0, 0)
    assert await worker.turn() >= 1


async def test_a_slow_lane_holds_up_no_other(worker: Worker) -> None:
    quick_ran = asyncio.Event()

    async def push(run: Sequence[Effect]) -> None:
        if run[0].lane == "slow":
            await asyncio.wait_for(quick_ran.wait(), 5)
        else:
            quick_ran.set()

    worker.handlers["push"] = push
    worker.add(("push", "slow"), ("push", "quick"))
    await worker.turn()
    assert worker.left() == (0, 0)


async def test_a_lane_that_fails_is_put_off_and_others_run(worker: Worker) -> None:
    async def push(run: Sequence[Effect]) -> None:
        if run[0].lane == "bad":
            raise ExchangeAway
        await worker.note(run)

    worker.handlers["push"] = push
    worker.add(("push", "bad"), ("push", "good"), ("push", "bad"))
    await worker.turn()
    assert (worker.ran, worker.left()) == ([[1]], (2, 0))
    assert await worker.turn() > 0
    worker.handlers["push"] = worker.note
    await worker.turn(later=2)
    assert worker.ran == [[1], [0, 2]]


async def test_one_bad_log_lane_does_not_put_off_the_others_it_runs_with(worker: Worker) -> None:
    async def appended(run: Sequence[Effect]) -> None:
        if any(effect.lane == "log:bad" for effect in run):
            raise RuntimeError("a poisoned row")
        await worker.note(run)

    worker.handlers["appended"] = appended
    worker.add(("appended", "log:a"), ("appended", "log:bad"), ("appended", "log:b"))
    await worker.turn()
    assert sorted(n for run in worker.ran for n in run) == [0, 2]
    assert worker.left() == (1, 0)


async def test_a_bad_row_holds_only_what_stands_behind_it_in_its_lane(worker: Worker) -> None:
    async def push(run: Sequence[Effect]) -> None:
        if any(effect.payload["n"] == 1 for effect in run):
            raise ExchangeAway
        await worker.note(run)

    worker.handlers["push"] = push
    worker.add(("push", "a"), ("push", "a"), ("push", "a"))
    for _ in range(ATTEMPTS):
        await worker.turn(later=3_600)
    await worker.turn()
    assert worker.ran == [[0], [2]]
    assert worker.left() == (0, 1)


async def test_a_name_nobody_knows_is_put_off_until_a_newer_version_runs_it(worker: Worker) -> None:
    worker.add(("future", "a"), ("push", "b"))
    await worker.turn()
    assert (worker.ran, worker.left()) == ([[1]], (1, 0))
    worker.handlers["future"] = worker.note
    await worker.turn(later=2)
    assert worker.left() == (0, 0)


async def test_a_fault_inside_a_handler_is_logged_as_what_it_is(
    worker: Worker, caplog: pytest.LogCaptureFixture
) -> None:
    async def push(run: Sequence[Effect]) -> None:
        run[0].payload["no such field"]

    worker.handlers["push"] = push
    worker.add(("push", "a"))
    await worker.turn()
    assert "push failed: KeyError" in caplog.text


async def test_an_effect_that_never_works_is_kept_as_failed_and_its_lane_goes_on(
    worker: Worker,
) -> None:
    async def push(run: Sequence[Effect]) -> None:
        if run[0].payload["n"] == 0:
            raise ExchangeAway

    worker.handlers["push"] = push
    worker.add(("push", "a"))
    for _ in range(ATTEMPTS):
        await worker.turn(later=3_600)
    assert worker.left() == (0, 1)
    worker.add(("other", "b"), ("push", "a"))
    await worker.turn()
    assert worker.left() == (1, 1)
