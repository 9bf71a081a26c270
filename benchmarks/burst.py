"""A burst of new customers: acknowledged in time, each with a place, a clock and a promise."""

import asyncio
import statistics
import tempfile
import time
from pathlib import Path
from typing import Final

from sqlalchemy import Connection, func, select

from benchmarks.figures import Plan, Result, row
from kefu import guard
from kefu.actions import setup
from kefu.app.process import Process
from kefu.core.clock import now
from kefu.core.ids import uuid7
from kefu.core.records import Inbound, Visitor
from kefu.core.settings import Settings
from kefu.storage.migrate import migrate
from kefu.storage.tables import promise, target

CUSTOMERS: Final = 5_000
SECONDS: Final = 10.0
SITE: Final = "https://www.halden.example"
ANSWERED: Final = 100.0
"""Milliseconds in which 99 of 100 first messages are to be acknowledged."""


def run(plan: Plan) -> Result:
    """Open conversations at an even pace on SQLite, in one process with all its loops.

    A message before them has the guard's words read, as a running desk has long.
    """
    customers = CUSTOMERS // 5 if plan.short else CUSTOMERS
    middle, slow, settled = [], [], []
    for _ in range(plan.rounds):
        with tempfile.TemporaryDirectory(prefix="kefu-bench-") as folder:
            acks, after = asyncio.run(_burst(Path(folder), customers))
        middle.append(statistics.median(acks))
        slow.append(statistics.quantiles(acks, n=100)[98])
        settled.append(after)
    return Result(
        [
            row("acknowledgement, p50", middle, "ms"),
            row("acknowledgement, p99", slow, "ms", at_most=ANSWERED),
            row("last clock and promise after the last message", settled, "s"),
        ],
        {"customers": customers, "a second": CUSTOMERS / SECONDS},
    )


async def _burst(folder: Path, customers: int) -> tuple[list[float], float]:
    url = f"sqlite:///{folder}/kefu.db"
    process = Process(Settings(url, "", folder / "files", b"k" * 40, "http://desk.example"))
    migrate(process.database.engine)
    await process.database.write(setup.chat_inbox, name={"en": "Load"}, origins=[SITE], at=now())
    async with process.running():
        inbox = (await process.desk.inboxes.all())[0]
        await _says(process, Visitor(uuid7(), inbox.id, SITE, "en"), customers)
        began = time.perf_counter()
        saying = []
        for n in range(customers):
            await asyncio.sleep(max(0, began + n * SECONDS / CUSTOMERS - time.perf_counter()))
            visitor = Visitor(uuid7(), inbox.id, SITE, "en")
            saying.append(asyncio.create_task(_says(process, visitor, n)))
        acks = list(await asyncio.gather(*saying))
        last = time.perf_counter()
        settled = 0
        while settled <= customers:
            await asyncio.sleep(0.05)
            settled = await process.database.read(_settled)
        return acks, time.perf_counter() - last


async def _says(process: Process, visitor: Visitor, n: int) -> float:
    start = time.perf_counter()
    text = guard.clean(f"Deposit {n} has not arrived")
    await process.desk.receive(Inbound(visitor, f"key-{n}", text))
    return (time.perf_counter() - start) * 1000


def _settled(tx: Connection) -> int:
    """Return how many conversations have both a first clock and a promise."""
    query = (
        select(func.count())
        .select_from(target)
        .join(promise, promise.c.conversation_id == target.c.conversation_id)
        .where(target.c.kind == "first", promise.c.number == 1)
    )
    return tx.execute(query).scalar_one()
