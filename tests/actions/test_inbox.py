"""The desk's list: each view in its order, what is owed first, and a fixed number of statements."""

import asyncio
from datetime import timedelta
from uuid import UUID

from kefu.core.records import SENIOR, TECHNICAL
from kefu.core.views import InboxRow, View
from kefu.reads.inbox import PAGE
from kefu.routing import store as routing
from tests.actions.test_messages import Statements
from tests.house import House


async def asked(house: House, text: str = "hello") -> UUID:
    """A conversation that has just begun, its clocks running."""
    cid = (await house.says(await house.visitor(), text)).conversation_id
    await house.follows(cid)
    return cid


async def listed(house: House, view: View, name: str = "lin") -> list[InboxRow]:
    """Every row of a view, page after page."""
    agent = await house.agent(name)
    page = await house.desk.inbox(agent, view)
    rows = list(page.rows)
    while page.more is not None:
        page = await house.desk.inbox(agent, view, after=page.more)
        rows += page.rows
    return rows


async def test_the_queue_is_shown_in_its_order_with_each_place(house: House) -> None:
    lin = await house.agent()
    first = await asked(house)
    house.later(60)
    second = await asked(house)
    house.later(60)
    urgent = await asked(house)
    await house.desk.set_priority(lin, urgent, 2)
    taken = await asked(house)
    await house.desk.take(lin, taken)
    rows = await listed(house, "queue")
    assert [(row.id, row.position) for row in rows] == [(urgent, 1), (first, 2), (second, 3)]
    assert [row.position for row in await listed(house, "open")] == [None] * 4


async def test_each_team_sees_its_own_queue_and_what_was_escalated_to_it(house: House) -> None:
    lin, maya = await house.agent(), await house.agent("maya")
    teams = (SENIOR, TECHNICAL)
    await house.database.write(routing.set_skills, maya.id, teams=teams, topics=(), capacity=0)
    visitor = await house.visitor()
    cid = (await house.says(visitor, "hello")).conversation_id
    await house.desk.escalate_own(visitor, cid, SENIOR)
    assert await listed(house, "queue") == []
    assert await listed(house, "escalated") == []
    for view in ("queue", "escalated"):
        (row,) = await listed(house, view, "maya")
        assert (row.id, row.is_escalated) == (cid, True)
    page = await house.desk.inbox(maya, "escalated")
    assert (page.counts["queue"], page.counts["escalated"]) == (1, 1)
    assert (page.work.teams, page.work.capacity) == (teams, 0)
    await house.desk.take(maya, cid)
    assert await listed(house, "queue", "maya") == []
    await house.answers(maya, cid, "Here I am")
    assert await listed(house, "escalated", "maya") == []
    assert (await house.desk.inbox(lin, "mine")).counts["escalated"] == 0


async def test_what_is_owed_first_comes_first_among_my_own(house: House) -> None:
    lin = await house.agent()
    answered, early = await asked(house), await asked(house)
    house.later(30)
    late = await asked(house)
    for cid in (answered, late, early):
        await house.desk.take(lin, cid)
    await house.answers(lin, answered, "Done")
    await house.follows(answered)
    rows = await listed(house, "mine")
    assert [row.id for row in rows] == [early, late, answered]
    clocks = [row.clock for row in rows]
    assert clocks[2] is None, "what stands still is not owed now"
    assert [clock.kind for clock in clocks if clock] == ["first", "first"]
    assert [clock.due_at for clock in clocks if clock] == [
        house.at + timedelta(seconds=90),
        house.at + timedelta(seconds=120),
    ]


async def test_pages_of_every_order_hold_each_conversation_once(house: House) -> None:
    lin = await house.agent()
    visitors = [await house.visitor() for _ in range(PAGE + 5)]
    said = await asyncio.gather(*(house.says(visitor, "hello") for visitor in visitors))
    ids = [receipt.conversation_id for receipt in said]
    await house.follows(*ids[::2])
    queue = await listed(house, "queue")
    assert [row.position for row in queue] == list(range(1, PAGE + 6))
    assert [row.id for row in queue] == sorted(ids)
    for cid in ids:
        await house.desk.take(lin, cid)
    for view in ("mine", "open"):
        assert sorted(row.id for row in await listed(house, view)) == sorted(ids)
    wrong = await house.desk.inbox(lin, "mine", after="2026-03-02T09:00:00+00:00~nobody")
    assert len(wrong.rows) == PAGE, "a cursor of no view begins at the beginning"


async def test_a_page_costs_three_statements_however_long_it_is(house: House) -> None:
    lin = await house.agent()
    for view in ("mine", "queue", "escalated", "open", "closed"):
        counts = []
        for _ in range(2):
            await asked(house)
            with Statements(house) as counted:
                await house.desk.inbox(lin, view)
            counts.append(counted.count)
        assert counts[0] == counts[1] <= 3
