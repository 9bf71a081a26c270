"""Warnings, breaches and promises happen exactly once: two processes, killed in the middle."""

import asyncio
from collections import Counter
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, select

from kefu.core.clock import now
from kefu.sla import store
from kefu.sla.defaults import CALENDAR_KEY
from kefu.sla.policies import Conditions, Policy, Target, Targets
from kefu.storage.db import Database
from kefu.storage.tables import event, promise
from tests.desk_server import DeskServer
from tests.realtime.test_recovery import Talker
from tests.servers import Nats, Postgres

FIRST = timedelta(seconds=4)
"""How soon the desk of this test owes an answer: warned of after half of it."""

TO_THE_SECOND = timedelta(seconds=1)


def _hurry(database: Database) -> None:
    first = Target(FIRST, warn_share=0.5)
    for key, conditions in (
        ("standard", Conditions()),
        ("chat", Conditions(channel=frozenset({"chat"}))),
    ):
        policy = Policy(key, conditions, Targets(first=first), CALENDAR_KEY)
        database.write_now(store.save_policy, policy, at=now())


def _events(tx: Connection) -> list[Any]:
    query = select(event).where(event.c.kind.in_(["target", "promise"])).order_by(event.c.at)
    return list(tx.execute(query))


def _promises(tx: Connection) -> list[Any]:
    return list(tx.execute(select(promise).order_by(promise.c.conversation_id, promise.c.number)))


async def _killed(url: str, folder: Path, bus: str, kills: int) -> None:
    """Let customers wait for nobody while both processes are killed in turn; look at the log."""
    database = Database(url)
    servers = [DeskServer(url, folder, bus_url=bus)]
    servers.append(DeskServer(url, folder, bus_url=bus, public_url=servers[0].url))
    talkers = [Talker(f"t{n}", servers) for n in range(8)]
    with servers[0], servers[1]:
        _hurry(database)
        done = [asyncio.Event() for _ in talkers]
        talking = [
            asyncio.create_task(talker.run(1, d)) for talker, d in zip(talkers, done, strict=True)
        ]
        for n in range(kills):
            await asyncio.sleep(0.7)
            await asyncio.to_thread(_restart, servers[n % 2])
        await asyncio.gather(*talking)
        await asyncio.sleep(FIRST.total_seconds() + 2)
    found = database.write_now(_events)
    promised = database.write_now(_promises)
    database.close()
    _told_once([e for e in found if e.kind == "target"], len(talkers))
    _renewed_once([e for e in found if e.kind == "promise"], promised, len(talkers))


def _restart(server: DeskServer) -> None:
    server.kill()
    server.start()


def _told_once(told: list[Any], conversations: int) -> None:
    steps = Counter((e.conversation_id, e.data["clock"], e.data["step"]) for e in told)
    assert set(steps.values()) == {1}
    firsts = [place for place in steps if place[1] == "first"]
    assert Counter(step for _, _, step in firsts) == {
        "warned": conversations,
        "breached": conversations,
    }


def _renewed_once(told: list[Any], stored: list[Any], conversations: int) -> None:
    """Every promise that was stored was told, once, and all but the newest were renewed."""
    by_conversation: dict[Any, list[Any]] = {}
    for row in stored:
        by_conversation.setdefault(row.conversation_id, []).append(row)
    assert len(by_conversation) == conversations
    for conversation_id, rows in by_conversation.items():
        assert [row.number for row in rows] == list(range(1, len(rows) + 1))
        assert all(row.renewed_at is not None for row in rows[:-1])
        shown = [e.data["due_at"] for e in told if e.conversation_id == conversation_id]
        assert shown == [row.due_at.isoformat() for row in rows]
        assert len(rows) >= 2, "it was renewed before it passed"


async def test_each_is_told_once_through_three_kills_of_two_processes(
    postgres: Postgres, postgres_template: str, nats: Nats, tmp_path: Path
) -> None:
    await _killed(postgres.create(postgres_template), tmp_path, nats.url, 3)


@pytest.mark.soak
async def test_each_is_told_once_through_twenty_kills(
    postgres: Postgres, postgres_template: str, nats: Nats, tmp_path: Path
) -> None:
    await _killed(postgres.create(postgres_template), tmp_path, nats.url, 20)


async def test_they_come_to_the_second(
    postgres: Postgres, postgres_template: str, nats: Nats, tmp_path: Path
) -> None:
    url = postgres.create(postgres_template)
    database = Database(url)
    with DeskServer(url, tmp_path, bus_url=nats.url) as server:
        _hurry(database)
        await Talker("t", [server]).run(1, asyncio.Event())
        await asyncio.sleep(FIRST.total_seconds() + 1.5)
    told = [e for e in database.write_now(_events) if e.kind == "target"]
    database.close()
    assert [e.data["step"] for e in told] == ["warned", "breached"]
    breached = told[1]
    late = breached.at - datetime.fromisoformat(breached.data["due_at"])
    assert timedelta() <= late < TO_THE_SECOND
