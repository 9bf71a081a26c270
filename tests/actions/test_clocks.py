"""What is owed: clocks follow the log, stop for people alone, and are told of once, in time."""

import asyncio
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import Connection, update

from kefu.actions import clock_loop
from kefu.sla import defaults, targets
from kefu.sla.calendar import read
from kefu.sla.targets import Clock
from kefu.storage.tables import calendar, sla_policy
from tests.house import START, House

CHAT = next(policy for policy in defaults.POLICIES if policy.key == "chat")
HOURS = read(defaults.CALENDAR)


async def steps(house: House, conversation_id: UUID) -> list[tuple[str, str]]:
    """Return what was said of the conversation's clocks, in order."""
    log = await house.log(conversation_id)
    return [(e.data["clock"], e.data["step"]) for e in log if e.kind == "target"]


async def test_a_first_message_starts_two_clocks_and_a_person_stops_the_first(
    house: House,
) -> None:
    visitor, agent = await house.visitor(), await house.agent()
    asked = await house.says(visitor, "Where is my deposit?")
    await house.follows(asked.conversation_id)
    clocks = await house.clocks(asked.conversation_id)
    assert set(clocks) == {("first", 1), ("resolution", 1)}
    assert clocks["first", 1].due_at == house.at + timedelta(minutes=2)
    house.later(45)
    await house.answers(agent, asked.conversation_id, "I look at it now.")
    await house.follows(asked.conversation_id)
    clocks = await house.clocks(asked.conversation_id)
    assert clocks["first", 1].met_at == house.at
    assert clocks["resolution", 1].paused_at == house.at, "the customer has the word"


async def test_a_further_question_starts_the_next_clock_and_the_pause_does_not_count(
    house: House,
) -> None:
    visitor, agent = await house.visitor(), await house.agent()
    asked = await house.says(visitor, "Where is my deposit?")
    house.later(60)
    await house.answers(agent, asked.conversation_id, "Which network?")
    house.later(3600)
    await house.says(visitor, "TRC20")
    await house.follows(asked.conversation_id)
    clocks = await house.clocks(asked.conversation_id)
    assert clocks["next", 1].started_at == house.at
    owed = clocks["resolution", 1]
    assert owed.due_at == owed.started_at + timedelta(hours=25), "24 hours and the hour it stood"


async def test_notes_and_what_the_desk_says_stop_no_clock(house: House) -> None:
    visitor, agent = await house.visitor(), await house.agent()
    asked = await house.says(visitor, "Hello?")
    await house.answers(agent, asked.conversation_id, "Odd one.", visibility="internal")
    await house.desk.take(agent, asked.conversation_id)
    await house.follows(asked.conversation_id)
    assert (await house.clocks(asked.conversation_id))["first", 1].runs


async def test_a_warning_and_a_breach_are_told_once_each_with_the_time_that_was_owed(
    house: House,
) -> None:
    asked = await house.says(await house.visitor(), "Hello?")
    of = asked.conversation_id
    await house.follows(of)
    due = house.at + timedelta(minutes=2)
    for seconds in (89, 1, 5, 25, 1, 600):
        house.later(seconds)
        await house.fires()
        await house.fires()
        await house.follows(of)
    assert (await steps(house, of))[:2] == [("first", "warned"), ("first", "breached")]
    assert len([s for s in await steps(house, of) if s[0] == "first"]) == 2
    log = await house.log(of)
    breach = next(e for e in log if e.kind == "target" and e.data["step"] == "breached")
    assert breach.data["due_at"] == due.isoformat()
    assert breach.visibility == "internal"
    assert (await house.state(of)).priority == 1, "who was kept waiting goes further ahead"


async def test_what_is_overdue_after_an_outage_is_still_told_in_order(house: House) -> None:
    asked = await house.says(await house.visitor(), "Hello?")
    await house.follows(asked.conversation_id)
    house.later(3600)
    await house.fires()
    assert (await steps(house, asked.conversation_id)) == [
        ("first", "warned"),
        ("first", "breached"),
    ]


async def test_an_answered_clock_is_never_told_of(house: House) -> None:
    visitor, agent = await house.visitor(), await house.agent()
    asked = await house.says(visitor, "Hello?")
    await house.follows(asked.conversation_id)
    await house.answers(agent, asked.conversation_id, "Hello!")
    await house.follows(asked.conversation_id)
    house.later(600)
    await house.fires()
    assert await steps(house, asked.conversation_id) == []


async def test_the_close_meets_the_resolution_and_a_reopening_takes_it_back(house: House) -> None:
    visitor, agent = await house.visitor(), await house.agent()
    asked = await house.says(visitor, "Hello?")
    await house.answers(agent, asked.conversation_id, "Hello!")
    house.later(60)
    await house.closes(agent, asked.conversation_id)
    await house.follows(asked.conversation_id)
    assert (await house.clocks(asked.conversation_id))["resolution", 1].met_at == house.at
    house.later(86_400)
    await house.says(visitor, "Not solved!")
    await house.follows(asked.conversation_id)
    owed = (await house.clocks(asked.conversation_id))["resolution", 1]
    assert owed.met_at is None and owed.runs
    assert owed.due_at == owed.started_at + timedelta(hours=48, seconds=60)


async def test_following_again_or_from_the_beginning_gives_the_same_clocks(house: House) -> None:
    visitor, agent = await house.visitor(), await house.agent()
    asked = await house.says(visitor, "one")
    of = asked.conversation_id
    for turn in range(4):
        house.later(50)
        await house.answers(agent, of, f"answer {turn}")
        house.later(70)
        await house.says(visitor, f"question {turn}")
        await house.follows(of)
        await house.follows(of)
    await house.closes(agent, of)
    await house.follows(of)
    stored = await house.clocks(of)
    assert stored == targets.fold({}, await house.log(of), CHAT, HOURS)
    assert max(number for kind, number in stored if kind == "next") == 4


async def test_two_processes_tell_of_every_clock_exactly_once(house: House, tmp_path: Path) -> None:
    other = House(house.settings.database_url, tmp_path)
    asked = [await house.says(await house.visitor(), f"message {n}") for n in range(12)]
    await house.follows(*[one.conversation_id for one in asked])
    house.later(125)
    async with asyncio.TaskGroup() as group:
        for process in (house, other) * 3:
            group.create_task(process.database.write(clock_loop.fire, at=house.at))
    for one in asked:
        told = await steps(house, one.conversation_id)
        assert told == [("first", "warned"), ("first", "breached")]
    other.database.close()


def test_a_clock_that_stands_still_has_nothing_to_tell() -> None:
    clock = Clock("first", 1, timedelta(1), timedelta(1), START, paused_at=START)
    assert clock.next_at is None
    assert targets.told(clock, START + timedelta(9)) == (clock, [])


async def test_an_answer_that_nobody_looked_at_yet_is_not_told_of_as_late(house: House) -> None:
    agent = await house.agent()
    asked = await house.says(await house.visitor(), "Hello?")
    await house.follows(asked.conversation_id)
    house.later(60)
    await house.answers(agent, asked.conversation_id, "Here I am.")
    house.later(3600)
    await house.fires()
    assert await steps(house, asked.conversation_id) == []


async def test_an_answer_that_came_late_is_told_of_though_it_came_before_the_warning(
    house: House,
) -> None:
    agent = await house.agent()
    asked = await house.says(await house.visitor(), "Hello?")
    await house.follows(asked.conversation_id)
    house.later(300)
    await house.answers(agent, asked.conversation_id, "Here I am.")
    await house.fires()
    await house.follows(asked.conversation_id)
    await house.fires()
    told = await steps(house, asked.conversation_id)
    assert told == [("first", "warned"), ("first", "breached")]


@pytest.mark.parametrize("day", ["2026-01-02", "no date"])
async def test_rows_of_old_that_cannot_be_used_stop_no_desk(house: House, day: str) -> None:
    """A policy nobody can read; a calendar that was open on one day that is over, or never."""
    opened = {day: [["09:00", "10:00"]]}
    hours = {"timezone": "UTC", "business_hours": {}, "special_days": opened}

    def broken(tx: Connection) -> None:
        tx.execute(update(calendar).values(definition=hours))
        tx.execute(update(sla_policy).where(sla_policy.c.key == "social").values(targets={"x": 1}))

    await house.database.write(broken)
    visitor = await house.visitor()
    await house.says(visitor, "Hello?")
    asked = await house.says(visitor, "I want to speak to a manager")
    await house.follows(asked.conversation_id)
    await house.desk.waits.turn()
    found = await house.clocks(asked.conversation_id)
    assert found["first", 1].due_at == house.at + timedelta(minutes=2)
    kinds = [event.kind for event in await house.log(asked.conversation_id)]
    assert "escalation" in kinds and "promise" in kinds
