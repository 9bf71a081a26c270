"""A customer's message to the agent's screen: 100 chats, each database beside its limit.

Ten agents watch ten chats each. Saturated: every customer speaks as soon as the last message
was acknowledged. Half load: half of that rate at random moments. PostgreSQL shares the
load's core, under pgbench too.
"""

from collections import defaultdict
from typing import Any, Final

import uvloop

from benchmarks import limits, serving
from benchmarks.figures import Plan, Result, Row, row
from benchmarks.machine import LOAD_CORE, cpu_seconds, on_core, waited_seconds
from benchmarks.people import Crowd, at_percent
from benchmarks.serving import Served
from tests.servers import Postgres, ServerMissing

CHATS: Final = limits.CHATS
AGENTS: Final = 10
_SETTINGS: Final = ("server_version", "fsync", "synchronous_commit", "full_page_writes")
Seen = defaultdict[str, list[float]]


def run(plan: Plan) -> Result:
    """Measure on SQLite and, where it is installed, on PostgreSQL."""
    seen: Seen = defaultdict(list)
    notes: dict[str, Any] = {"sqlite": {"journal_mode": "wal", "synchronous": "full"}}
    try:
        with serving.postgres() as server:
            notes["postgresql"] = serving.postgres_settings(server.url(), _SETTINGS)
            for _ in range(plan.rounds):
                _sqlite(seen, plan)
                _postgres(seen, plan, server)
    except ServerMissing as missing:
        notes["postgresql"] = str(missing)
        for _ in range(plan.rounds):
            _sqlite(seen, plan)
    notes["rounds"] = seen
    return Result(_rows(seen), notes)


def _sqlite(seen: Seen, plan: Plan) -> None:
    seen["raw SQLite"].append(limits.sqlite_commits(plan.seconds))
    with serving.desk() as served:
        _measure(seen, "SQLite", served, plan)
    with serving.desk(memory=True) as served:
        _measure(seen, "memory", served, plan)


def _postgres(seen: Seen, plan: Plan, server: Postgres) -> None:
    seen["pgbench"].append(limits.pgbench(server, plan.seconds))
    url = server.create()
    with serving.desk(url) as served:
        _measure(seen, "PostgreSQL", served, plan)
    server.drop(url)


def _measure(seen: Seen, name: str, served: Served, plan: Plan) -> None:
    with on_core(LOAD_CORE):
        uvloop.run(_load(seen, name, served, plan))


async def _load(seen: Seen, name: str, served: Served, plan: Plan) -> None:
    crowd = Crowd(served)
    await crowd.arrive(CHATS, AGENTS)
    before = cpu_seconds(served.pid)
    full = await crowd.saturate(plan.seconds)
    used = cpu_seconds(served.pid) - before
    seen[f"{name} rate"].append(full.rate)
    seen[f"{name} cpu"].append(used / (full.seconds + 0.3) / full.rate * 1e6)
    for percent in (50, 99):
        seen[f"{name} ack {percent}"].append(at_percent(full.acks, percent))
    before = waited_seconds(served.pid)
    half = await crowd.trickle(full.rate / 2, plan.seconds)
    waited = waited_seconds(served.pid) - before
    seen[f"{name} waited"].append(waited / half.seconds * 100)
    for percent in (50, 99):
        seen[f"{name} seen {percent}"].append(at_percent(half.seen, percent))


def _rows(seen: Seen) -> list[Row]:
    rows = []
    for name, limit, least in (("SQLite", "raw SQLite", 1.3), ("PostgreSQL", "pgbench", 0.8)):
        rate = seen[f"{name} rate"]
        if not rate:
            continue
        what = f"{name}, 100 chats: "
        alone, p50 = seen["memory rate"], seen[f"{name} ack 50"]
        rows += [
            row(what + "durable", rate, "msg/s", limit=limit, limits=seen[limit], at_least=least),
            row(what + "durable", rate, "msg/s", limit="no database", limits=alone, at_least=0.5),
            row(what + "ack p99", seen[f"{name} ack 99"], "ms", limit="p50", limits=p50, at_most=3),
            row(what + "half load, seen p50", seen[f"{name} seen 50"], "ms", at_most=10),
            row(what + "half load, seen p99", seen[f"{name} seen 99"], "ms", at_most=50),
            row(what + "half load, server without its core", seen[f"{name} waited"], "%"),
            row(what + "server's CPU a message", seen[f"{name} cpu"], "us"),
        ]
    rows.append(row("no database: server's CPU a message", seen["memory cpu"], "us"))
    return rows
