"""Every time a customer is shown is kept, or renewed before it passes."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from msgspec import json
from sqlalchemy import Connection, select, update

from kefu.actions import peaks
from kefu.actions.continue_by import NotReachable
from kefu.core.records import Agent, Event
from kefu.reads import queue
from kefu.routing import store
from kefu.storage.tables import agent, promise
from tests.house import House


async def capacity(house: House, name: str, most: int) -> Agent:
    """Let one agent alone be given work, this much; sign them in."""

    def none(tx: Connection) -> None:
        tx.execute(update(agent).values(capacity=0))

    await house.database.write(none)
    who = await house.agent(name)
    await house.database.write(store.set_skills, who.id, teams=("front",), topics=(), capacity=most)
    return who


async def promises(house: House, conversation_id: UUID) -> list[Event]:
    return [e for e in await house.log(conversation_id) if e.kind == "promise"]


async def rows(house: House) -> list[Any]:
    def read(tx: Connection) -> list[Any]:
        return list(tx.execute(select(promise).order_by(promise.c.made_at, promise.c.number)))

    return await house.database.read(read)


async def busy(house: House) -> Agent:
    """An agent who has as much as they take; a customer who comes now waits."""
    lin = await capacity(house, "lin", 1)
    first = await house.says(await house.visitor(), "first")
    await house.follows(first.conversation_id)
    return lin


def due(event: Event) -> datetime:
    return datetime.fromisoformat(event.data["due_at"])


async def test_who_is_given_to_an_agent_at_once_is_promised_nothing(house: House) -> None:
    await capacity(house, "lin", 1)
    asked = await house.says(await house.visitor(), "Hello?")
    await house.follows(asked.conversation_id)
    assert await promises(house, asked.conversation_id) == []


async def test_who_has_to_wait_is_told_place_and_time_and_it_is_recorded(house: House) -> None:
    await busy(house)
    asked = await house.says(await house.visitor(), "second")
    await house.follows(asked.conversation_id)
    [told] = await promises(house, asked.conversation_id)
    assert told.visibility == "public" and told.author.kind == "system"
    assert told.data["kind"] == "wait" and told.data["position"] == 1
    assert datetime.fromisoformat(told.data["low_at"]) < due(told)
    [row] = await rows(house)
    assert (row.conversation_id, row.due_at) == (asked.conversation_id, due(told))
    assert house.at < row.renew_at < row.due_at
    await house.follows(asked.conversation_id)
    assert len(await promises(house, asked.conversation_id)) == 1, "told once"


async def test_an_answer_in_time_keeps_the_promise(house: House) -> None:
    lin = await busy(house)
    asked = await house.says(await house.visitor(), "second")
    await house.follows(asked.conversation_id)
    house.later(60)
    await house.answers(lin, asked.conversation_id, "Here I am.")
    await house.follows(asked.conversation_id)
    [row] = await rows(house)
    assert row.kept_at == row.served_at == house.at
    assert row.renew_at is None and row.broken_at is None and row.deviation is not None


async def test_before_it_passes_the_customer_hears_a_new_time(house: House) -> None:
    await busy(house)
    asked = await house.says(await house.visitor(), "second")
    await house.follows(asked.conversation_id)
    first = (await rows(house))[0]
    house.at = first.renew_at - timedelta(seconds=1)
    await house.fires()
    assert len(await promises(house, asked.conversation_id)) == 1
    house.later(1)
    await house.fires()
    await house.fires()
    told = await promises(house, asked.conversation_id)
    assert [event.data["kind"] for event in told] == ["wait", "renewed"]
    assert house.at < due(told[0]) < due(told[1])
    old, new = await rows(house)
    assert old.renewed_at == house.at and old.broken_at is None and new.number == 2
    state = await house.state(asked.conversation_id)
    assert state.status == "open" and state.place_at is not None
    assert state.waiting_since == asked.event.at, "the time they have waited still counts"


async def test_with_nobody_at_the_desk_no_pace_is_made_up(house: House) -> None:
    house.later(3600)
    asked = await house.says(await house.visitor(), "anybody?")
    await house.follows(asked.conversation_id)
    [told] = await promises(house, asked.conversation_id)
    assert told.data["kind"] == "later" and told.data["low_at"] is None
    assert due(told) == house.at + timedelta(hours=4), "what is owed by the fallback policy"


async def test_the_wait_is_sent_to_its_customers_sockets_and_taken_back(house: House) -> None:
    lin = await busy(house)
    asked = await house.says(await house.visitor(), "second")
    await house.follows(asked.conversation_id)
    socket = house.socket()
    state = await house.state(asked.conversation_id)
    house.hub.join(socket, f"owner:{state.customer_id}:{state.inbox_id}")
    await house.desk.waits.turn()
    await house.desk.waits.turn()
    frames = [json.decode(frame) for frame in await socket.stirred()]
    [wait] = [frame for frame in frames if frame["type"] == "wait"]
    assert wait["position"] == 1 and wait["low"] < wait["high"]
    assert wait["offers"] == [], "the exchange does not know them"
    await house.desk.take(lin, asked.conversation_id)
    await house.desk.waits.turn()
    frames = [json.decode(frame) for frame in await socket.stirred()]
    assert [f["position"] for f in frames if f["type"] == "wait"] == [None]


async def test_a_visitor_whom_the_exchange_does_not_know_cannot_be_told_in_its_app(
    house: House,
) -> None:
    visitor = await house.visitor()
    asked = await house.says(visitor, "Hello?")
    with pytest.raises(NotReachable):
        await house.desk.continue_by(visitor, asked.conversation_id, "app")


async def test_a_burst_is_a_peak_within_two_minutes_and_ends_by_itself(house: House) -> None:
    lin = await capacity(house, "lin", 1)
    ids = []
    for n in range(12):
        asked = await house.says(await house.visitor(), f"{n}")
        ids.append(asked.conversation_id)
    await house.follows(*ids)
    began = house.at
    while house.at - began < timedelta(minutes=2):
        await house.desk.present(lin)
        await house.database.write(peaks.look, at=house.at)
        house.later(15)
    assert await house.database.read(queue.peaks) == {"front"}
    for id_ in ids:
        await house.closes(lin, id_)
    for _ in range(24):
        await house.desk.present(lin)
        await house.database.write(peaks.look, at=house.at)
        house.later(15)
    assert await house.database.read(queue.peaks) == set()


async def test_an_answer_that_nobody_looked_at_yet_keeps_the_promise(house: House) -> None:
    lin = await busy(house)
    asked = await house.says(await house.visitor(), "second")
    await house.follows(asked.conversation_id)
    house.at = (await rows(house))[0].renew_at
    await house.answers(lin, asked.conversation_id, "Here I am.")
    await house.fires()
    [row] = await rows(house)
    assert row.kept_at == house.at and row.renewed_at is None
    assert len(await promises(house, asked.conversation_id)) == 1


async def test_a_promise_that_passed_in_an_outage_counts_as_broken(house: House) -> None:
    await busy(house)
    asked = await house.says(await house.visitor(), "second")
    await house.follows(asked.conversation_id)
    house.at = (await rows(house))[0].due_at + timedelta(minutes=1)
    await house.fires()
    old, new = await rows(house)
    assert old.broken_at == house.at and old.renewed_at is None
    assert (new.kind, new.number) == ("renewed", 2) and new.due_at > house.at


async def test_an_answer_in_time_keeps_the_promise_however_late_it_is_looked_at(
    house: House,
) -> None:
    lin = await busy(house)
    asked = await house.says(await house.visitor(), "second")
    await house.follows(asked.conversation_id)
    house.later(60)
    answered = await house.answers(lin, asked.conversation_id, "Here I am.")
    house.later(3600)
    await house.follows(asked.conversation_id)
    [row] = [row for row in await rows(house) if row.conversation_id == asked.conversation_id]
    assert row.kept_at == row.served_at == answered.event.at and row.broken_at is None
