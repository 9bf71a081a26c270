"""Several agents, stale answers, and a list that keeps itself current."""

from playwright.async_api import expect

from tests.desk_server import DeskServer, customer
from tests.journeys.conftest import Stage


async def test_an_answer_to_what_was_not_read_is_held_until_the_agent_decides(
    stage: Stage, desk: DeskServer
) -> None:
    lin = await stage.agent(desk.url)
    async with customer(desk) as lee:
        for n in range(14):
            await lee.say(f"Held {n}: " + "a long account of what happened " * 4)
        await lin.opens_desk("unassigned")
        await lin.row("Held 13").click()
        await expect(lin.page.locator(".line.is-customer")).to_have_count(14)
        thread = lin.page.locator("kefu-thread")
        await thread.hover()
        await lin.page.mouse.wheel(0, -3000)
        await expect(thread).to_have_js_property("scrollTop", 0)
        await lee.say("Wait, it has just arrived")
        await expect(lin.page.locator("[data-newer]")).to_contain_text("New messages: 1")
        await expect(thread).to_have_js_property("scrollTop", 0)
        await lin.field.fill("Please send the hash")
        await lin.field.press("Control+Enter")
        held = lin.page.locator("[data-held]")
        await expect(held).to_contain_text("Wait, it has just arrived")
        await expect(lin.field).to_have_value("Please send the hash")
        await lin.looks("held")
        assert await lin.page.evaluate("document.documentElement.scrollHeight <= innerHeight")
        await expect(lin.page.locator(".line.is-agent")).to_have_count(0)
        await held.get_by_role("button", name="Send anyway").click()
        await lin.sees("Please send the hash")
        await expect(held).to_have_count(0)
        event = await lee.next("event")
        while event.get("text") != "Please send the hash":
            event = await lee.next("event")


async def test_two_agents_see_what_the_other_does(stage: Stage, desk: DeskServer) -> None:
    lee = await stage.customer()
    lin, maya = await stage.agent(desk.url), await stage.agent(desk.url, "maya")
    await lee.opens_chat(desk)
    await lee.sends("Who takes me?")
    for agent in (lin, maya):
        await agent.opens_desk("unassigned")
        await agent.opens("Who takes me?")
    await expect(lin.chips).to_have_text("Not taken")
    await lin.page.locator('[data-act="take"]').click()
    await expect(maya.chips).to_have_text("With 林 Lin")
    await expect(maya.page.locator("#lines")).to_contain_text("林 Lin took the conversation")
    await expect(maya.row("Who takes me?")).to_have_count(0)

    await lin.sends("I do")
    await maya.sees("I do")
    await maya.field.fill("For Lin only: this is a regular")
    await maya.page.click('[data-mode="internal"]')
    await maya.field.fill("For Lin only: this is a regular")
    await maya.field.press("Control+Enter")
    await lin.sees("For Lin only: this is a regular")
    await maya.page.click('[data-mode="public"]')
    await maya.sends("So do I")
    await lin.sees("So do I")
    await lee.sees("So do I")
    await expect(lee.chat.get_by_text("For Lin only")).to_have_count(0)
    assert await lin.said() == await maya.said() == await lee.said()

    await maya.page.locator('[data-act="assign"]').click()
    await maya.page.locator("#assign-menu .menu-item", has_text="Maya").click()
    await expect(lin.chips).to_have_text("With Maya")
    await expect(lee.chat.locator("#rows")).to_contain_text("Maya took over from 林 Lin")
    await lin.looks("handed-over")
    await maya.photo("handed-over")
    await lee.photo("handed-over")


async def test_a_phrase_sent_in_pieces_vanishes_from_the_open_thread_and_the_list(
    stage: Stage, desk: DeskServer
) -> None:
    words = ["ketchup", "lobster", "walnut", "wrestle", "quantum"]
    words += ["tobacco", "mosquito", "rhythm", "oxygen", "zebra"]
    lin = await stage.agent(desk.url)
    async with customer(desk) as lee:
        for word in words[:7]:
            await lee.say(word)
        await lin.opens_desk("unassigned")
        await lin.row(words[6]).click()
        lines = lin.page.locator("#lines")
        await expect(lines).to_contain_text("lobster")
        for word in words[7:]:
            await lee.say(word)
        await expect(lines.locator(".line.is-customer .mask")).to_have_count(len(words))
        told = lines.get_by_text("A recovery phrase sent in pieces was removed")
        await expect(told).to_have_count(1)
        for word in words:
            await expect(lin.page.get_by_text(word)).to_have_count(0)
        order = await lines.locator("[data-seq]").evaluate_all(
            "lines => lines.map(line => Number(line.dataset.seq))"
        )
        assert order == sorted(order)
        await lin.looks("phrase-removed")
