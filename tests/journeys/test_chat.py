"""A customer on an exchange's page and an agent at the desk, live."""

import re
import time

from playwright.async_api import expect

from tests.desk_server import DeskServer
from tests.journeys.conftest import Stage
from tests.journeys.hosts import HostSite


async def test_a_customer_and_an_agent_talk_live(
    stage: Stage, desk: DeskServer, site: HostSite, inbox: str
) -> None:
    lee = await stage.customer()
    lin = await stage.agent(desk.url)
    await lin.opens_desk("unassigned")
    await lee.page.goto(site.page(desk.url, inbox))
    began = time.monotonic()
    await lee.presses_launcher()
    assert time.monotonic() - began < 3, "a customer types at once"
    await lee.page.keyboard.type("Where is my deposit of 5 USDT?")
    await lee.page.keyboard.press("Enter")
    await lee.delivered("Where is my deposit of 5 USDT?")
    await expect(lee.chat.locator(".message .foot").last).to_contain_text("Delivered")
    await lee.photo("delivered")

    await lin.opens("Where is my deposit of 5 USDT?")
    await expect(lee.message("Where is my deposit of 5 USDT?")).to_have_class(re.compile("is-seen"))
    assert await lee.reference() == await lin.reference()

    await lin.page.keyboard.press("t")
    await expect(lin.chips).to_have_text("With you")
    joined = lee.chat.locator("#rows .line").filter(has_text="林 Lin joined")
    await expect(joined).to_contain_text("A-20417")
    await expect(joined.locator("a.verified")).to_have_attribute(
        "href", re.compile(r"/en/verify\?q=A-20417")
    )

    await lin.field.press_sequentially("Which network")
    await expect(lee.chat.locator("#typing")).to_contain_text("林 Lin is typing")
    await lee.photo("typing")
    await lin.sends("Which network did you use?")
    await lee.sees("Which network did you use?")
    await expect(lin.page.locator(".line.is-agent .mark.is-seen")).to_have_count(1)

    await lee.field.press_sequentially("TRC")
    await expect(lin.page.locator("[data-typing]")).to_be_visible()
    await lin.photo("typing")
    await lee.sends("TRC20, ten minutes ago")
    await lin.sees("TRC20, ten minutes ago")
    await lee.looks("at-the-end", lee.chat)
    await lin.looks("at-the-end")
