"""Whoever waits gets the agent who is free: at once, in order, within what each takes."""

import asyncio
from pathlib import Path
from uuid import UUID

from sqlalchemy import Connection, select, update

from kefu import guard
from kefu.actions import setup
from kefu.core.records import FRONT, SENIOR, TEAMS, Inbound
from kefu.routing import store
from kefu.storage.tables import agent, conversation
from tests.house import House


async def holder(house: House, conversation_id: UUID) -> str | None:
    state = await house.state(conversation_id)
    return state.assignee.name if state.assignee else None


async def takes(house: House, name: str, *, capacity: int, **skills: tuple[str, ...]) -> None:
    """Let an agent of the house, signed in, be given this much."""
    who = await house.agent(name)
    fields = {"teams": (FRONT,), "topics": (), **skills}
    await house.database.write(
        store.set_skills,
        who.id,
        teams=fields["teams"],
        topics=fields["topics"],
        capacity=capacity,
    )


async def nobody_is_given_work(house: House) -> None:
    def none(tx: Connection) -> None:
        tx.execute(update(agent).values(capacity=0))

    await house.database.write(none)


async def test_a_customer_is_given_to_an_agent_who_is_free_and_the_log_says_so(
    house: House,
) -> None:
    await nobody_is_given_work(house)
    await takes(house, "lin", capacity=1)
    asked = await house.says(await house.visitor(), "Hello?")
    assert (await house.state(asked.conversation_id)).place_at == house.at
    await house.follows(asked.conversation_id)
    assert await holder(house, asked.conversation_id) == "林 Lin"
    last = (await house.log(asked.conversation_id))[-1]
    assert (last.kind, last.author.kind) == ("assignment", "system")
    assert (await house.state(asked.conversation_id)).place_at is None


async def test_nobody_is_given_more_than_they_take_and_the_next_comes_when_one_ends(
    house: House,
) -> None:
    await nobody_is_given_work(house)
    await takes(house, "lin", capacity=2)
    asked = []
    for n in range(3):
        asked.append(await house.says(await house.visitor(), f"message {n}"))
        house.later(1)
    ids = [one.conversation_id for one in asked]
    await house.follows(*ids)
    assert [await holder(house, id_) for id_ in ids] == ["林 Lin", "林 Lin", None]
    lin = await house.agent("lin")
    await house.closes(lin, ids[0])
    await house.follows(ids[0])
    assert await holder(house, ids[2]) == "林 Lin"


async def test_whoever_has_fewer_is_given_the_next(house: House) -> None:
    await nobody_is_given_work(house)
    await takes(house, "lin", capacity=3)
    await takes(house, "maya", capacity=3)
    ids = []
    for n in range(4):
        asked = await house.says(await house.visitor(), f"message {n}")
        ids.append(asked.conversation_id)
        await house.follows(asked.conversation_id)
        house.later(1)
    holders = [await holder(house, id_) for id_ in ids]
    assert sorted(map(str, holders)) == ["Maya", "Maya", "林 Lin", "林 Lin"]


async def test_priority_goes_first_but_not_for_ever(house: House) -> None:
    await nobody_is_given_work(house)
    first = await house.says(await house.visitor(), "I came first")
    house.later(60)
    second = await house.says(await house.visitor(), "but this matters more")
    lin = await house.agent("lin")
    await house.desk.set_priority(lin, second.conversation_id, 1)
    await takes(house, "lin", capacity=1)
    await house.follows(second.conversation_id)
    assert await holder(house, second.conversation_id) == "林 Lin"
    assert await holder(house, first.conversation_id) is None
    house.later(601)
    third = await house.says(await house.visitor(), "later still")
    await house.desk.set_priority(lin, third.conversation_id, 1)
    await takes(house, "lin", capacity=2)
    await house.follows(third.conversation_id)
    assert await holder(house, first.conversation_id) == "林 Lin", "it waited past the difference"


async def test_an_agent_on_a_break_gets_nothing_until_they_are_back(house: House) -> None:
    await nobody_is_given_work(house)
    await takes(house, "lin", capacity=1)
    lin = await house.agent("lin")
    await house.desk.work(lin, "break")
    asked = await house.says(await house.visitor(), "Hello?")
    await house.follows(asked.conversation_id)
    assert await holder(house, asked.conversation_id) is None
    await house.desk.work(lin, "available")
    assert await holder(house, asked.conversation_id) == "林 Lin"


async def test_who_waits_for_an_agent_that_left_the_desk_goes_back_to_their_old_place(
    house: House,
) -> None:
    await nobody_is_given_work(house)
    await takes(house, "lin", capacity=1)
    asked = await house.says(await house.visitor(), "Hello?")
    came_at = house.at
    await house.follows(asked.conversation_id)
    house.later(600)
    await house.desk.route()
    state = await house.state(asked.conversation_id)
    assert state.assignee is None and state.place_at == came_at
    await takes(house, "maya", capacity=1)
    await house.desk.route()
    assert await holder(house, asked.conversation_id) == "Maya"


async def test_an_agent_who_signs_in_is_given_who_waits(house: House) -> None:
    await nobody_is_given_work(house)
    await takes(house, "lin", capacity=2)
    house.later(3600)
    asked = await house.says(await house.visitor(), "Hello?")
    await house.follows(asked.conversation_id)
    assert await holder(house, asked.conversation_id) is None
    await house.agent("lin")
    assert await holder(house, asked.conversation_id) == "林 Lin"


async def test_a_team_gets_what_is_its_own_and_readers_get_nothing(house: House) -> None:
    await nobody_is_given_work(house)
    await takes(house, "lin", capacity=1, teams=(SENIOR,))
    await takes(house, "reader", capacity=9)
    asked = await house.says(await house.visitor(), "Hello?")
    await house.follows(asked.conversation_id)
    assert await holder(house, asked.conversation_id) is None


async def test_two_processes_give_each_customer_to_one_and_nobody_too_many(
    house: House, tmp_path: Path
) -> None:
    await nobody_is_given_work(house)
    await takes(house, "lin", capacity=5)
    await takes(house, "maya", capacity=5)
    other = House(house.settings.database_url, tmp_path)
    ids = [(await house.says(await house.visitor(), f"{n}")).conversation_id for n in range(14)]
    async with asyncio.TaskGroup() as group:
        for at_work in (house, other) * 3:
            group.create_task(at_work.desk.route())
    held = [await holder(house, id_) for id_ in ids]
    assert held.count("林 Lin") == held.count("Maya") == 5 and held.count(None) == 4
    assert held[10:] == [None] * 4, "those who came last still wait"
    for id_ in ids[:10]:
        log = await house.log(id_)
        assert len([event for event in log if event.kind == "assignment"]) == 1
    other.database.close()


async def test_what_a_team_without_people_would_answer_comes_to_the_front_line(
    house: House,
) -> None:
    await nobody_is_given_work(house)
    await takes(house, "lin", capacity=1)
    visitor = await house.visitor()
    asked = await house.desk.receive(
        Inbound(visitor, house.key(), guard.clean("code 50111"), topic="api.error")
    )
    state = await house.state(asked.conversation_id)
    assert (state.topic, state.team) == ("api.error", FRONT)
    await takes(house, "maya", capacity=1, teams=("technical",))
    more = await house.desk.receive(
        Inbound(await house.visitor(), house.key(), guard.clean("code 50112"), topic="api.error")
    )
    assert (await house.state(more.conversation_id)).team == "technical"


async def test_every_row_has_a_place_exactly_while_it_waits(house: House) -> None:
    await nobody_is_given_work(house)
    visitor, lin = await house.visitor(), await house.agent("lin")
    asked = await house.says(visitor, "Hello?")
    of = asked.conversation_id

    async def waits() -> bool:
        def read(tx: Connection) -> bool:
            query = select(conversation.c.place_at).where(conversation.c.id == of)
            return tx.execute(query).scalar_one() is not None

        return await house.database.read(read)

    assert await waits()
    await house.desk.take(lin, of)
    assert not await waits()
    await house.desk.assign(lin, of, None)
    assert await waits()
    await house.answers(lin, of, "Here I am.")
    assert not await waits()
    await house.desk.assign(lin, of, None)
    assert not await waits(), "nobody waits for an answer"
    await house.says(visitor, "One more thing")
    assert await waits()
    await house.desk.solve(visitor, of)
    assert not await waits()


async def test_whose_language_only_a_busy_agent_speaks_waits_for_them(house: House) -> None:
    await nobody_is_given_work(house)
    await takes(house, "lin", capacity=1)
    first = await house.says(await house.visitor(), "first")
    await house.follows(first.conversation_id)
    await takes(house, "maya", capacity=1)

    def speaks_german(tx: Connection) -> None:
        tx.execute(update(agent).where(agent.c.alias == "Maya").values(languages=["de"]))

    await house.database.write(speaks_german)
    second = await house.says(await house.visitor(), "second")
    await house.follows(second.conversation_id)
    assert await holder(house, second.conversation_id) is None
    await house.closes(await house.agent("lin"), first.conversation_id)
    await house.follows(first.conversation_id)
    assert await holder(house, second.conversation_id) == "林 Lin"


async def test_the_first_administrator_serves_every_team(house: House) -> None:
    def made(tx: Connection) -> list[str]:
        setup.administrator(tx, "first@halden.example", "first password", at=house.at)
        query = select(agent.c.teams).where(agent.c.email == "first@halden.example")
        teams: list[str] = tx.execute(query).scalar_one()
        return teams

    assert set(await house.database.write(made)) == set(TEAMS)
