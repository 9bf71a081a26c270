"""Group commit: batches gather without a timer, and one bad write harms only itself."""

import asyncio
from collections.abc import Sequence

import pytest

from kefu.core.errors import Busy, ConversationClosed, KefuError, StoreUnavailable
from kefu.storage.lane import LARGEST_BATCH, Lane


class Ledger:
    """Keeps what is committed; `gate` holds a commit back, `poison` spoils any batch it is in."""

    def __init__(self, *, room: int = 2_000, poison: frozenset[int] = frozenset()) -> None:
        self.lane: Lane[int, str] = Lane("test", self._commit, room=room)
        self.busy = asyncio.Event()
        self.gate = asyncio.Event()
        self.gate.set()
        self.poison = poison
        self.down = False
        self.batches: list[list[int]] = []
        self.kept: list[int] = []

    async def _commit(self, items: Sequence[int], careful: bool) -> list[str | KefuError]:
        self.batches.append(list(items))
        self.busy.set()
        await self.gate.wait()
        if self.down:
            raise StoreUnavailable(retry_after=2)
        if self.poison.intersection(items):
            raise ValueError("poisoned")
        self.kept += [item for item in items if item >= 0]
        return [ConversationClosed() if item < 0 else f"kept {item}" for item in items]

    def put(self, *items: int) -> list[asyncio.Task[str]]:
        return [asyncio.create_task(self.lane.put(item)) for item in items]


async def settled(tasks: Sequence[asyncio.Task[str]]) -> list[str | BaseException]:
    async with asyncio.timeout(5):
        return await asyncio.gather(*tasks, return_exceptions=True)


async def test_what_comes_while_one_batch_is_in_flight_is_the_next_batch() -> None:
    ledger = Ledger()
    ledger.gate.clear()
    tasks = ledger.put(1)
    await ledger.busy.wait()
    tasks += ledger.put(2, 3, 4)
    await asyncio.sleep(0)
    assert (ledger.batches, ledger.lane.waiting) == ([[1]], 3)
    ledger.gate.set()
    assert await settled(tasks) == ["kept 1", "kept 2", "kept 3", "kept 4"]
    assert ledger.batches == [[1], [2, 3, 4]]


async def test_nothing_is_answered_before_its_commit() -> None:
    ledger = Ledger()
    ledger.gate.clear()
    (task,) = ledger.put(1)
    done, _ = await asyncio.wait([task], timeout=0.05)
    assert not done
    ledger.gate.set()
    assert await settled([task]) == ["kept 1"]


async def test_a_full_lane_is_busy_and_says_when_to_come_again() -> None:
    ledger = Ledger(room=3)
    ledger.gate.clear()
    tasks = ledger.put(1)
    await ledger.busy.wait()
    tasks += ledger.put(2, 3, 4, 5)
    await asyncio.sleep(0)
    ledger.gate.set()
    results = await settled(tasks)
    assert results[:4] == ["kept 1", "kept 2", "kept 3", "kept 4"]
    assert isinstance(results[4], Busy) and results[4].retry_after == 1
    assert 5 not in ledger.kept


async def test_a_poisoned_write_harms_only_itself() -> None:
    ledger = Ledger(poison=frozenset({37}))
    results = await settled(ledger.put(*range(100)))
    failed = [n for n, result in enumerate(results) if isinstance(result, BaseException)]
    assert failed == [37]
    assert isinstance(results[37], KefuError) and results[37].code == "internal"
    assert sorted(ledger.kept) == [n for n in range(100) if n != 37]
    assert len(ledger.batches) < 20


async def test_an_expected_refusal_goes_to_its_own_sender() -> None:
    ledger = Ledger()
    results = await settled(ledger.put(1, -2, 3))
    assert [results[0], results[2]] == ["kept 1", "kept 3"]
    assert isinstance(results[1], ConversationClosed)
    assert len(ledger.batches) == 1


async def test_an_unavailable_store_refuses_all_at_once_and_the_lane_lives_on() -> None:
    ledger = Ledger()
    ledger.down = True
    results = await settled(ledger.put(1, 2, 3))
    assert all(isinstance(result, StoreUnavailable) for result in results)
    assert (len(ledger.batches), ledger.kept) == (1, [])
    ledger.down = False
    assert await settled(ledger.put(4)) == ["kept 4"]


async def test_a_sender_who_left_takes_nobody_along() -> None:
    ledger = Ledger()
    ledger.gate.clear()
    tasks = ledger.put(1, 2, 3)
    await ledger.busy.wait()
    tasks[1].cancel()
    await asyncio.sleep(0)
    ledger.gate.set()
    results = await settled(tasks)
    assert [results[0], results[2]] == ["kept 1", "kept 3"]
    assert ledger.kept == [1, 2, 3]


async def test_drained_returns_once_everything_accepted_is_committed() -> None:
    ledger = Ledger()
    await ledger.lane.drained()
    ledger.gate.clear()
    tasks = ledger.put(*range(LARGEST_BATCH + 50))
    await asyncio.sleep(0)
    drained = asyncio.create_task(ledger.lane.drained())
    await asyncio.sleep(0)
    assert not drained.done()
    ledger.gate.set()
    await drained
    assert len(ledger.kept) == LARGEST_BATCH + 50
    assert [len(batch) for batch in ledger.batches] == [LARGEST_BATCH, 50]
    await settled(tasks)


@pytest.mark.parametrize("size", [1, LARGEST_BATCH, LARGEST_BATCH + 1, 1_000])
async def test_every_sender_gets_the_result_of_their_own_write(size: int) -> None:
    results = await settled(Ledger().put(*range(size)))
    assert results == [f"kept {n}" for n in range(size)]
