"""What the customer wrote stays on their device until the desk has it: reloads, tabs, proxies."""

import re

from playwright.async_api import Page, Route, WebSocketRoute, expect

from tests.desk_server import DeskServer
from tests.journeys.conftest import Stage
from tests.journeys.people import LONG_MS, Customer


class Blocks:
    """What a network does not let through, though pages load."""

    def __init__(self) -> None:
        self.sockets = False
        self.requests = False

    async def stand_before(self, page: Page) -> None:
        """Filter what all pages of this page's browser ask for."""
        await page.context.route_web_socket("**/ws", self._socket)
        await page.context.route("**/api/**", self._request)

    async def _socket(self, socket: WebSocketRoute) -> None:
        if self.sockets:
            await socket.close(code=1011)
        else:
            socket.connect_to_server()

    async def _request(self, route: Route) -> None:
        await (route.abort() if self.requests else route.continue_())


async def test_what_was_written_offline_and_the_draft_survive_a_reload(
    stage: Stage, desk: DeskServer
) -> None:
    lee, lin = await stage.customer(), await stage.agent(desk.url)
    blocks = Blocks()
    await blocks.stand_before(lee.page)
    await lee.opens_chat(desk)
    await lee.sends("Kept 0")
    await lee.delivered("Kept 0")

    blocks.sockets = blocks.requests = True
    await lee.page.reload()
    await lee.sends("Kept 1")
    await lee.sends("Kept 2")
    await lee.field.fill("half a thought")
    await lee.page.reload()
    await expect(lee.field).to_have_value("half a thought")
    await expect(lee.chat.locator(".message.is-kept .bubble")).to_have_text(["Kept 1", "Kept 2"])
    await expect(lee.chat.locator(".message.is-kept").last).to_contain_text("Kept on your device")
    await lee.looks("reloaded")

    blocks.sockets = blocks.requests = False
    await lee.all_delivered(3)
    assert [text for _, text in await lee.said()] == ["Kept 0", "Kept 1", "Kept 2"]
    await expect(lee.field).to_have_value("half a thought")
    await lin.opens_desk()
    await lin.opens("Kept 2")
    assert [text for _, text in await lin.said()] == ["Kept 0", "Kept 1", "Kept 2"]


async def test_two_tabs_show_the_same_and_send_once(stage: Stage, desk: DeskServer) -> None:
    lee, lin = await stage.customer(), await stage.agent(desk.url)
    blocks = Blocks()
    await blocks.stand_before(lee.page)
    await lee.opens_chat(desk)
    await lee.sends("Tabs 0")
    await lee.delivered("Tabs 0")
    twin = Customer(await lee.page.context.new_page(), stage.folder, "second-tab")
    await twin.opens_chat(desk)
    await twin.sees("Tabs 0")
    await twin.sends("Tabs 1")
    await lee.sees("Tabs 1")

    blocks.sockets = blocks.requests = True
    await lee.page.reload()
    await twin.page.reload()
    await lee.sends("Tabs 2")
    await twin.sends("Tabs 3")
    await expect(lee.message("Tabs 3")).to_contain_text("Kept on your device")
    blocks.sockets = blocks.requests = False
    for tab in (lee, twin):
        await tab.all_delivered(4)
    assert await lee.said() == await twin.said()
    await lin.opens_desk()
    await lin.opens((await lee.said())[-1][1])
    assert await lin.said() == await lee.said()
    assert len(await lin.said()) == 4


async def test_where_sockets_are_blocked_plain_requests_carry_the_chat(
    stage: Stage, desk: DeskServer
) -> None:
    lee, lin = await stage.customer(), await stage.agent(desk.url)
    blocks = Blocks()
    blocks.sockets = True
    await blocks.stand_before(lee.page)
    await lin.opens_desk("unassigned")
    await lee.opens_chat(desk)
    await lee.sends("Without a socket 0")
    await lee.delivered("Without a socket 0")
    await lin.opens("Without a socket 0")
    await expect(lee.message("Without a socket 0")).to_have_class(re.compile("is-seen"))
    await lin.field.press_sequentially("Reached")
    await expect(lee.chat.locator("#typing")).to_be_visible()
    await lin.sends("Reached you")
    await lee.sees("Reached you")
    await lee.sends("Without a socket 1")
    await lin.sees("Without a socket 1")
    await expect(lee.banner).to_be_hidden(timeout=LONG_MS)
    await expect(lin.page.locator(".line.is-agent .mark.is-seen")).to_have_count(1)
    await lee.photo("polling")
