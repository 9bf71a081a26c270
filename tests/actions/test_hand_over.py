"""Handing over: with a summary for the next one, and the customer sees who has it."""

from collections.abc import Awaitable, Callable
from uuid import UUID, uuid4

import pytest

from kefu import guard
from kefu.actions.escalated import ConversationEscalated
from kefu.actions.hand_over import TeamUnknown
from kefu.core.errors import AgentUnknown, ConversationClosed, Forbidden, KefuError
from kefu.core.records import Agent, Visitor
from tests.house import House

SUMMARY = "Deposit of Tuesday, hash checked, waits for the chain."


async def case(house: House) -> tuple[Visitor, UUID, Agent, Agent]:
    lin, maya = await house.agent("lin"), await house.agent("maya")
    visitor = await house.visitor()
    cid = (await house.says(visitor, "hello")).conversation_id
    await house.desk.take(lin, cid)
    return visitor, cid, lin, maya


async def test_a_colleague_has_it_with_a_note_that_the_customer_never_reads(
    house: House,
) -> None:
    visitor, cid, lin, maya = await case(house)
    await house.says(visitor, "anybody there?")
    before = await house.state(cid)
    await house.desk.hand_over(lin, cid, maya.id, guard.clean(SUMMARY))
    note, given = (await house.log(cid))[-2:]
    assert (note.kind, note.visibility, str(note.text)) == ("note", "internal", SUMMARY)
    after = await house.state(cid)
    assert after.assignee and after.assignee.badge == maya.badge
    assert (after.waiting_since, after.unread) == (before.waiting_since, before.unread)
    page = await house.desk.public_events(visitor, cid, 0)
    assert page.events[-1].data["agent"] == {"name": "Maya", "badge": "A-20418"}
    assert page.events[-1].seq == given.seq and page.events[-2].seq != note.seq


async def test_a_team_gets_it_at_the_place_of_its_waiting_time(house: House) -> None:
    visitor, cid, lin, _ = await case(house)
    since = (await house.state(cid)).waiting_since
    house.later(60)
    await house.desk.hand_over_to_team(lin, cid, "technical", guard.clean(SUMMARY))
    state = await house.state(cid)
    assert (state.team, state.assignee, state.place_at) == ("technical", None, since)
    page = await house.desk.public_events(visitor, cid, 0)
    assert page.events[-1].data["agent"] is None


async def test_an_escalated_case_is_not_handed_back_to_the_front(house: House) -> None:
    visitor, cid, lin, _ = await case(house)
    await house.desk.escalate_own(visitor, cid, "senior")
    with pytest.raises(ConversationEscalated):
        await house.desk.hand_over_to_team(lin, cid, "front", guard.clean(SUMMARY))
    with pytest.raises(ConversationEscalated):
        await house.desk.hand_over(lin, cid, lin.id, guard.clean(SUMMARY))
    await house.desk.hand_over_to_team(lin, cid, "technical", guard.clean(SUMMARY))
    assert (await house.state(cid)).team == "technical"


async def test_what_cannot_be_handed_over_changes_nothing(house: House) -> None:
    _, cid, lin, maya = await case(house)
    reader, summary = await house.agent("reader"), guard.clean(SUMMARY)
    before = await house.state(cid)
    refused: list[tuple[type[KefuError], Callable[[], Awaitable[None]]]] = [
        (AgentUnknown, lambda: house.desk.hand_over(lin, cid, uuid4(), summary)),
        (TeamUnknown, lambda: house.desk.hand_over_to_team(lin, cid, "kitchen", summary)),
        (Forbidden, lambda: house.desk.hand_over(reader, cid, maya.id, summary)),
        (Forbidden, lambda: house.desk.hand_over_to_team(reader, cid, "senior", summary)),
    ]
    for error, act in refused:
        with pytest.raises(error):
            await act()
    assert await house.state(cid) == before
    await house.closes(lin, cid)
    for closed in (
        house.desk.hand_over(lin, cid, maya.id, summary),
        house.desk.hand_over_to_team(lin, cid, "senior", summary),
    ):
        with pytest.raises(ConversationClosed):
            await closed
