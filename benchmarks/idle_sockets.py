"""Open widgets that say nothing: what each costs, and what 500 live chats feel of 5,000 of them."""

import asyncio
import time
from collections import defaultdict
from collections.abc import Awaitable
from typing import Final

import uvloop

from benchmarks import serving
from benchmarks.figures import Plan, Result, row
from benchmarks.machine import LOAD_CORE, cpu_seconds, on_core, private_kb
from benchmarks.people import Crowd, Person, at_percent, people, visitor
from benchmarks.serving import Served

LIVE_CHATS: Final = 500
AGENTS: Final = 50
MESSAGES_A_SECOND: Final = 250
Seen = defaultdict[str, list[float]]


def run(plan: Plan) -> Result:
    """Measure 3,000 idle widgets, or 5,000 and live chats beside them in the long form."""
    seen: Seen = defaultdict(list)
    count = 3_000 if plan.short else 5_000
    for _ in range(plan.rounds):
        with serving.desk() as served, on_core(LOAD_CORE):
            uvloop.run(_round(seen, served, count, plan))
    what = f"{count:,} idle widgets: "
    rows = [
        row(what + "memory a socket", seen["kB"], "kB", at_most=30),
        row(what + "server's CPU", seen["cpu"], "%"),
        row(what + "arrivals, hello included", seen["rate"], "/s"),
    ]
    if not plan.short:
        live = f"and {LIVE_CHATS} live chats, {MESSAGES_A_SECOND} msg/s: "
        rows += [
            row(live + "ack p50", seen["ack 50"], "ms"),
            row(live + "ack p99", seen["ack 99"], "ms", at_most=100),
            row(live + "server's CPU", seen["live cpu"], "%"),
        ]
    return Result(rows, {"rounds": seen})


async def _round(seen: Seen, served: Served, count: int, plan: Plan) -> None:
    crowd = Crowd(served)
    if not plan.short:
        await crowd.arrive(LIVE_CHATS, AGENTS)
    await people(served, 50, visitor(served), _ignore)
    await asyncio.sleep(1)
    before, start = private_kb(served.pid), time.perf_counter()
    idle = await people(served, count, visitor(served), _ignore)
    seen["rate"].append(count / (time.perf_counter() - start))
    await asyncio.sleep(2)
    seen["kB"].append((private_kb(served.pid) - before) / len(idle))
    seen["cpu"].append(await _cpu(served, asyncio.sleep(plan.seconds * 2)))
    if not plan.short:
        load = asyncio.create_task(crowd.trickle(MESSAGES_A_SECOND, 3 * plan.seconds))
        seen["live cpu"].append(await _cpu(served, load))
        for percent in (50, 99):
            seen[f"ack {percent}"].append(at_percent((await load).acks, percent))


async def _cpu(served: Served, load: Awaitable[object]) -> float:
    start, before = time.perf_counter(), cpu_seconds(served.pid)
    await load
    return (cpu_seconds(served.pid) - before) / (time.perf_counter() - start) * 100


def _ignore(person: Person, data: bytes) -> None:
    """Let a frame pass."""
