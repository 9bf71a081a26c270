"""The network goes away and comes back while both write: nothing is lost, doubled or reordered."""

import asyncio

import pytest
from playwright.async_api import expect

from tests.desk_server import DeskServer
from tests.journeys.conftest import Stage
from tests.journeys.network import Network
from tests.journeys.people import LONG_MS, Agent, Customer, same_on_both


async def in_talk(
    stage: Stage, desk: DeskServer, first: str, theirs: Network, ours: Network
) -> tuple[Customer, Agent]:
    """Return a customer and an agent who see each other's messages, each on a network."""
    lee = await stage.customer(network=theirs)
    lin = await stage.agent(desk.url, network=ours)
    await lin.opens_desk("unassigned")
    await lee.opens_chat(desk)
    await lee.sends(first)
    await lin.opens(first)
    return lee, lin


async def burst(person: Customer | Agent, texts: list[str]) -> None:
    """Send one message after another."""
    for text in texts:
        await person.sends(text)


async def test_the_customers_network_is_cut_in_the_middle_of_a_burst(
    stage: Stage, desk: DeskServer
) -> None:
    theirs, ours = await stage.network(), await stage.network()
    lee, lin = await in_talk(stage, desk, "cut 0", theirs, ours)
    said = [f"cut {n}" for n in range(1, 13)]
    answered = [f"ours {n}" for n in range(4)]

    await burst(lee, said[:4])
    theirs.cut()
    await burst(lee, said[4:8])
    await burst(lin, answered[:2])
    await expect(lee.message("cut 7")).to_contain_text("Kept on your device, sent later")
    await expect(lee.banner).to_contain_text("Connection lost")
    await expect(lee.banner).to_contain_text("Waiting: ")
    await lee.looks("cut")
    theirs.mend()
    await asyncio.gather(burst(lee, said[8:]), burst(lin, answered[2:]))

    await lee.all_delivered(13)
    await expect(lee.banner).to_be_hidden(timeout=LONG_MS)
    await same_on_both(lee, lin, ["cut 0", *said], answered)


async def test_the_agents_network_is_cut_in_the_middle_of_a_burst(
    stage: Stage, desk: DeskServer
) -> None:
    theirs, ours = await stage.network(), await stage.network()
    lee, lin = await in_talk(stage, desk, "gap 0", theirs, ours)
    said = [f"gap {n}" for n in range(1, 5)]
    answered = [f"ours {n}" for n in range(5)]

    await burst(lin, answered[:2])
    ours.cut()
    writing = asyncio.create_task(burst(lin, answered[2:]))
    await burst(lee, said)
    await expect(lin.page.locator("[data-state]")).to_contain_text("Not stored yet")
    await expect(lin.banner).to_contain_text("Connection lost")
    await lin.looks("cut")
    ours.mend()

    await writing
    await expect(lin.banner).to_be_hidden(timeout=LONG_MS)
    await same_on_both(lee, lin, ["gap 0", *said], answered)


async def test_connections_that_fell_silent_are_noticed_and_replaced(
    stage: Stage, desk: DeskServer
) -> None:
    theirs, ours = await stage.network(), await stage.network()
    lee, lin = await in_talk(stage, desk, "silent 0", theirs, ours)
    theirs.silence()
    ours.silence()
    await burst(lee, ["silent 1", "silent 2"])
    await asyncio.gather(lin.sends("ours 0"), lee.all_delivered(3))
    await same_on_both(lee, lin, ["silent 0", "silent 1", "silent 2"], ["ours 0"])


async def test_a_browser_that_knows_it_is_offline_says_so(stage: Stage, desk: DeskServer) -> None:
    theirs, ours = await stage.network(), await stage.network()
    lee, lin = await in_talk(stage, desk, "offline 0", theirs, ours)
    for person in (lee, lin):
        await person.page.context.set_offline(True)
    await lee.sends("offline 1")
    await expect(lee.banner).to_contain_text("You are offline")
    await expect(lee.message("offline 1")).to_contain_text("Kept on your device")
    writing = asyncio.create_task(lin.sends("ours 0"))
    await expect(lin.page.locator("[data-state]")).to_contain_text("Offline")
    await lee.photo("offline")
    await lin.photo("offline")
    for person in (lee, lin):
        await person.page.context.set_offline(False)
    await writing
    await lee.all_delivered(2)
    await same_on_both(lee, lin, ["offline 0", "offline 1"], ["ours 0"])


@pytest.mark.soak
async def test_both_networks_are_cut_again_and_again(stage: Stage, desk: DeskServer) -> None:
    theirs, ours = await stage.network(), await stage.network()
    lee, lin = await in_talk(stage, desk, "again 0", theirs, ours)
    said = [f"again {n}" for n in range(1, 120)]
    answered = [f"ours {n}" for n in range(40)]

    async def trouble() -> None:
        for at in range(20):
            network = (theirs, ours)[at % 2]
            await asyncio.sleep(0.8)
            network.cut() if at % 3 else network.silence()
            await asyncio.sleep(0.5)
            network.mend()

    await asyncio.gather(burst(lee, said), burst(lin, answered), trouble())
    await lee.all_delivered(120)
    await same_on_both(lee, lin, ["again 0", *said], answered)
