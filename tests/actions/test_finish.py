"""Conversations end when they are solved or long silent, never while somebody waits."""

from datetime import timedelta
from uuid import UUID

import pytest

from kefu.actions import finish
from kefu.core.errors import ConversationUnknown
from kefu.routing import store as routing
from kefu.storage import timers
from kefu.storage.timers import Timer
from tests.house import House

DAY = timedelta(days=1).total_seconds()


async def answered(house: House) -> UUID:
    """A conversation in which an agent had the last word, watched as the effects' loop does."""
    visitor, agent = await house.visitor(), await house.agent()
    asked = await house.says(visitor, "Hello?")
    said = await house.answers(agent, asked.conversation_id, "Hello!")
    row = {"conversation": str(asked.conversation_id), "seq": said.event.seq}
    row |= {"kind": "message", "by": "agent", "visibility": "public"}
    await house.database.write(finish.watch, [row], at=house.at)
    return asked.conversation_id


async def passes(house: House, seconds: float) -> None:
    """Let time pass and the timers fire."""
    house.later(seconds)
    for timer in await house.database.write(timers.take_due, at=house.at):
        assert isinstance(timer, Timer)
        await house.desk.tell(await house.database.write(finish.fire, timer, at=house.at))


async def moves(house: House, conversation_id: UUID) -> list[str]:
    log = await house.log(conversation_id)
    return [event.data["to"] for event in log if event.kind == "state"]


async def test_a_silent_customer_is_asked_after_a_day_and_it_ends_a_day_later(
    house: House,
) -> None:
    of = await answered(house)
    await passes(house, DAY - 1)
    assert await moves(house, of) == ["open"]
    await passes(house, 1)
    assert await moves(house, of) == ["open", "idle"]
    assert (await house.state(of)).idle_closes_at == house.at + finish.NOTICE
    await passes(house, DAY)
    assert await moves(house, of) == ["open", "idle", "closed"]
    assert (await house.state(of)).status == "closed"


async def test_a_word_of_the_customer_takes_the_notice_back(house: House) -> None:
    visitor, agent = await house.visitor(), await house.agent()
    asked = await house.says(visitor, "Hello?")
    said = await house.answers(agent, asked.conversation_id, "Hello!")
    row = {"conversation": str(asked.conversation_id), "seq": said.event.seq}
    row |= {"kind": "message", "by": "agent", "visibility": "public"}
    await house.database.write(finish.watch, [row], at=house.at)
    await passes(house, DAY)
    await house.says(visitor, "I am still here")
    assert (await house.state(asked.conversation_id)).idle_closes_at is None
    await passes(house, 30 * DAY)
    assert await moves(house, asked.conversation_id) == ["open", "idle"], "they wait for us"


async def test_customers_end_what_is_theirs_and_nothing_else(house: House) -> None:
    mine, theirs = await house.visitor(), await house.visitor()
    asked = await house.says(mine, "Hello?")
    await house.says(theirs, "Hi")
    with pytest.raises(ConversationUnknown):
        await house.desk.solve(theirs, asked.conversation_id)
    await house.desk.solve(mine, asked.conversation_id)
    await house.desk.solve(mine, asked.conversation_id)
    log = await house.log(asked.conversation_id)
    assert [(e.author.kind, e.data["to"]) for e in log if e.kind == "state"] == [
        ("customer", "open"),
        ("customer", "closed"),
    ]


async def test_silence_ends_no_conversation_of_which_an_escalation_is_under_way(
    house: House,
) -> None:
    visitor, maya, chen = (
        await house.visitor(),
        await house.agent("maya"),
        await house.agent("chen"),
    )
    of = (await house.says(visitor, "Hello?")).conversation_id
    await house.database.write(
        routing.set_skills, maya.id, teams=("senior",), topics=(), capacity=4
    )
    await house.desk.escalate_own(visitor, of, "senior")
    await house.desk.take(maya, of)
    said = await house.answers(chen, of, "Maya is looking into it.")
    row = {"conversation": str(of), "seq": said.event.seq}
    row |= {"kind": "message", "by": "agent", "visibility": "public"}
    await house.database.write(finish.watch, [row], at=house.at)
    for _ in range(3):
        await passes(house, DAY)
    assert "idle" not in await moves(house, of)
    assert (await house.state(of)).status == "open"
    await house.answers(maya, of, "Here is the answer.")
    assert (await house.desk.escalations(maya, of))[0].step == "answered"
