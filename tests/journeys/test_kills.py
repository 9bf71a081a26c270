"""The server dies while both write: what it acknowledged is on both screens, once, in order."""

import asyncio
import random

import pytest
from playwright.async_api import expect

from tests.desk_server import DeskServer
from tests.journeys.conftest import Stage
from tests.journeys.people import LONG_MS, Agent, Customer, same_on_both
from tests.realtime.test_recovery import Talker


async def killed(stage: Stage, desk: DeskServer, times: int) -> None:
    """Have two people write while the server is killed so many times, under the load of others."""
    lee, lin = await stage.customer(), await stage.agent(desk.url)
    await lin.opens_desk("unassigned")
    await lee.opens_chat(desk)
    await lee.sends("theirs 0")
    await lin.opens("theirs 0")
    over = asyncio.Event()
    said, answered = ["theirs 0"], list[str]()

    async def writes(person: Customer | Agent, texts: list[str], word: str) -> None:
        while not over.is_set():
            texts.append(f"{word} {len(texts)}")
            await person.sends(texts[-1])
            await asyncio.sleep(random.uniform(0.2, 0.9))

    async def kills() -> None:
        for at in range(times):
            await asyncio.sleep(random.uniform(0.3, 0.9))
            await asyncio.to_thread(desk.kill)
            if at == 0:
                await both_know(lee, lin)
            await asyncio.to_thread(desk.start)
            await lee.retries()
        over.set()

    talkers = [Talker(f"t{n}", [desk]) for n in range(3)]
    others = [talker.run(times * 20, asyncio.Event()) for talker in talkers]
    writing = [writes(lee, said, "theirs"), writes(lin, answered, "ours")]
    await asyncio.gather(kills(), *writing, *others)
    await lee.all_delivered(len(said))
    await same_on_both(lee, lin, said, answered)
    for person in (lee, lin):
        await expect(person.banner).to_be_hidden(timeout=LONG_MS)
    assert all(talker.unsent == {} and talker.wrong == [] for talker in talkers)
    await lee.photo("after")
    await lin.photo("after")


async def both_know(lee: Customer, lin: Agent) -> None:
    """Assert that both screens say that the server is away."""
    for person in (lee, lin):
        await expect(person.banner).to_contain_text("Connection lost")
        await person.looks("away")


async def test_three_kills_lose_and_repeat_nothing_on_either_screen(
    stage: Stage, own_desk: DeskServer
) -> None:
    await killed(stage, own_desk, 3)


@pytest.mark.soak
async def test_twenty_kills_lose_and_repeat_nothing_on_either_screen(
    stage: Stage, own_desk: DeskServer
) -> None:
    await killed(stage, own_desk, 20)
