"""One event to 500 agents' sockets: the time until the last has it, beside a bare relay."""

import asyncio
import statistics
import time
from collections import defaultdict
from typing import Final

import uvloop

from benchmarks import serving
from benchmarks.figures import Plan, Result, row
from benchmarks.machine import LOAD_CORE, on_core
from benchmarks.people import PATIENCE, Crowd, Person, people
from benchmarks.serving import Served

SOCKETS: Final = 500
EVENTS: Final = 60
_FRAME: Final = b'{"type":"event","padding":"' + b"x" * 300 + b'"}'
Seen = defaultdict[str, list[float]]


def run(plan: Plan) -> Result:
    """Measure the relay, the desk without a database and the desk with one, round by round."""
    seen: Seen = defaultdict(list)
    for _ in range(plan.rounds):
        with serving.module("relay") as served, on_core(LOAD_CORE):
            seen["relay"].append(uvloop.run(_relay(served)))
        for name, memory in (("memory", True), ("SQLite", False)):
            with serving.desk(memory=memory) as served, on_core(LOAD_CORE):
                seen[name].append(uvloop.run(_desk(served)))
    what, limits = f"last of {SOCKETS} sockets, p50: ", seen["relay"]
    return Result(
        [
            row(
                what + "not stored",
                seen["memory"],
                "ms",
                limit="picows",
                limits=limits,
                at_most=2.5,
            ),
            row(what + "stored", seen["SQLite"], "ms", limit="picows", limits=limits, at_most=3.5),
        ],
        {"rounds": seen},
    )


async def _desk(served: Served) -> float:
    crowd = Crowd(served)
    await crowd.arrive(1, SOCKETS, all_watch=True)
    return statistics.median((await crowd.one_by_one(EVENTS)).seen)


async def _relay(served: Served) -> float:
    heard = 0
    every = asyncio.Event()

    def hear(person: Person, data: bytes) -> None:
        nonlocal heard
        heard += 1
        if heard == SOCKETS:
            every.set()

    await people(served, SOCKETS, "watcher", hear)
    (speaker,) = await people(served, 1, "speaker", hear)
    times = []
    for _ in range(EVENTS):
        heard, start = 0, time.perf_counter()
        every.clear()
        speaker.send(_FRAME)
        await asyncio.wait_for(every.wait(), PATIENCE)
        times.append((time.perf_counter() - start) * 1e3)
        await asyncio.sleep(0.005)
    return statistics.median(times)
